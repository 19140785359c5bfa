"""NumPy and SciPy as the user's code sees them: with those functions that would not ask Tensors what they want.

np.array([x, y]) of Tensors is a Tensor here; and while a function is called on Tensors, what np.zeros and its kin make
is one too, into which Tensors can be written. With arrays alone, and outside of such calls, all of it is NumPy's own.
"""

import sys
from functools import wraps
from types import ModuleType

import numpy as np

from ..engine import creation
from ..engine.recording import modes
from ..engine.tensor import Tensor
from . import knowing_scipy


class _Taught(ModuleType):
    """All of a module, but for what is set here."""

    def __init__(self, module):
        super().__init__(module.__name__, module.__doc__)
        self._own = module

    def __getattr__(self, name):
        return getattr(self._own, name)


def _of_tensors(function, definition):
    """A function of lists, which does what `definition` does where there is a Tensor in them."""

    @wraps(function)
    def knowing(entries, *args, **kwargs):
        return (definition if creation.holds_tensor(entries) else function)(entries, *args, **kwargs)

    return knowing


def _to_be_filled(function):
    """A function that makes an array of real numbers, which others may be written into."""

    @wraps(function)
    def knowing(*args, **kwargs):
        made = function(*args, **kwargs)
        in_call = modes.released is not None and type(made) is np.ndarray and made.dtype.kind == "f"
        return Tensor(made) if in_call else made

    return knowing


def _full(shape, fill_value, *args, **kwargs):
    return (creation.full if creation.holds_tensor(fill_value) else np.full)(shape, fill_value, *args, **kwargs)


_KNOWING = {np.array: _of_tensors(np.array, creation.array), np.full: _to_be_filled(wraps(np.full)(_full)),
            np.kaiser: creation.kaiser, np.r_: creation.r_, np.c_: creation.c_}  # fmt: skip
_KNOWING |= {f: _of_tensors(f, creation.asarray) for f in (np.asarray, np.asanyarray, np.ascontiguousarray)}
_KNOWING |= {f: _to_be_filled(f) for f in (np.zeros, np.ones, np.empty)}
_KNOWING |= {f: _to_be_filled(f) for f in (np.zeros_like, np.ones_like, np.empty_like, np.full_like)}
_MODULES = ("numpy", "scipy.special", "scipy.stats", "scipy")


def teach(names):
    """Put what knows Tensors in the place of NumPy's and SciPy's own among the names of a module."""
    known = {id(own): knowing for own, knowing in [*_KNOWING.items(), *knowing_scipy.replacements()]}
    for module in [sys.modules[name] for name in _MODULES if name in sys.modules]:
        taught = _Taught(module)
        _put(known, vars(module), vars(taught))  # scipy comes last, and has the others by then
        known[id(module)] = taught
    _put(known, names, names)


def _put(known, names, into):
    into |= {name: known[id(value)] for name, value in names.items() if id(value) in known}
