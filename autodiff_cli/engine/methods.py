"""The methods and properties of arrays, on tensors: most are the NumPy function of the same name.

Those that write (fill, sort, put, ...) update the tensor in place. Those that only give the value away (item, tolist,
tobytes, ...) always do, as it leaves the graph for good; but not while a program is recorded, which has to hold at
other values. What looks at memory as such a tensor has not: the AttributeError says what to use.
"""

import numpy as np

from ..errors import NotDifferentiable
from .mutation import update
from .recording import LEAVES, modes, tell
from .tensor import Tensor, dispatch
from .ufuncs import call_function

# --- the same as a function


def _as_function(function):
    def method(self, *args, **kwargs):
        return call_function(function, (self, *args), kwargs)

    return method


for name in (
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "choose", "clip", "conj", "conjugate", "copy",
    "cumprod", "cumsum", "diagonal", "dot", "max", "mean", "min", "nonzero", "prod", "put", "ravel", "repeat", "round",
    "searchsorted", "squeeze", "std", "sum", "swapaxes", "take", "trace", "var",
):  # fmt: skip
    setattr(Tensor, name, _as_function(getattr(np, name)))
Tensor.T = property(np.transpose)
Tensor.mT = property(np.matrix_transpose)


def _compress(self, condition, axis=None, out=None):
    return np.compress(condition, self, axis, out)


def _reshape(self, *shape, order="C", copy=None):
    """One shape, or its numbers one by one."""
    return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order, copy=copy)


def _transpose(self, *axes):
    return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)


def _flatten(self, order="C"):
    return np.copy(np.ravel(self, order=order))


def _astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
    if not np.can_cast(self.dtype, dtype, casting):
        raise TypeError(f"cannot cast from {self.dtype} to {np.dtype(dtype)} by the rule {casting!r}")
    if self.dtype.kind in "fc" and np.dtype(dtype).kind not in "fc":
        tell(self.line, "astype", "is made of whole numbers, whose derivative is zero")
    return self if not copy and self.dtype == dtype else dispatch(np.astype, (self, dtype), {})


def _view(self, dtype=None, type=None):
    if (dtype is None or dtype == self.dtype) and type is None:
        return np.reshape(self, self.shape)
    raise AttributeError("the numbers of a tensor cannot be read as those of another type: use astype")


Tensor.compress = _compress
Tensor.reshape = _reshape
Tensor.transpose = _transpose
Tensor.flatten = _flatten
Tensor.astype = _astype
Tensor.view = _view

# --- in place


def _fill(self, value):
    self[...] = value


def _ordered(function):
    def method(self, *args, **kwargs):
        update(self, function(self, *args, **kwargs))

    return method


Tensor.fill = _fill
Tensor.sort = _ordered(np.sort)
Tensor.partition = _ordered(np.partition)


def _set_real(self, real):
    update(self, real + 1j * np.imag(self) if np.iscomplexobj(self) else real)


def _set_imag(self, imag):
    if not np.iscomplexobj(self):
        raise TypeError("a tensor of real numbers has no imaginary part to set")
    update(self, np.real(self) + np.multiply(imag, 1j))


Tensor.real = property(np.real, _set_real)
Tensor.imag = property(np.imag, _set_imag)


class Flat:
    """x.flat: the entries of a tensor, row by row; what is assigned is repeated as often as it is needed."""

    def __init__(self, tensor):
        self.base = tensor

    def __len__(self):
        return self.base.size

    def __iter__(self):
        return iter(np.ravel(self.base))

    def __getitem__(self, key):
        return np.copy(np.ravel(self.base)[key])

    def __setitem__(self, key, values):
        np.put(self.base, np.arange(len(self))[key], values)

    def copy(self):
        return self.base.flatten()


Tensor.flat = property(Flat, lambda self, values: Flat(self).__setitem__(slice(None), values))

# --- what gives the value away


def _given_away(name):
    def method(self, *args, **kwargs):
        if modes.recording is not None and self.line is not None:
            modes.recording.release(self.line)
            help = "compute with the tensor itself"
            raise NotDifferentiable("leak", f"{name} gives a value, which is not part of the program", help=help)
        tell(self.line, name, LEAVES)
        return getattr(np.asarray(self.value), name)(*args, **kwargs)

    return method


for name in ("item", "tolist", "tobytes", "tofile", "dump", "dumps"):
    setattr(Tensor, name, _given_away(name))

# --- questions

for name in ("itemsize", "nbytes", "flags", "strides", "device"):
    setattr(Tensor, name, property(lambda self, name=name: getattr(np.asarray(self.value), name)))


def _to_device(self, device, stream=None):
    np.asarray(self.value).to_device(device, stream=stream)
    return self


def _contains(self, value):
    """Whether an entry equals a value; computed as NumPy does, broadcast."""
    return bool(np.any(np.equal(self, value)))


Tensor.to_device = _to_device
Tensor.__contains__ = _contains
Tensor.__format__ = lambda self, form: format(self._shown()[()], form) if form else str(self)
Tensor.__round__ = lambda self, ndigits=0: np.round(self, ndigits or 0)

# --- what a tensor has not

_MEMORY = "its memory may be what a graph needs; .numpy() is the value, to be read"
_ABSENT = {
    "byteswap": _MEMORY,
    "ctypes": _MEMORY,
    "data": _MEMORY,
    "setflags": _MEMORY,
    "getfield": "its numbers have no fields; .real and .imag are the parts of complex ones",
    "setfield": "its numbers have no fields; .real and .imag are the parts of complex ones",
    "resize": "its shape cannot change in place; use np.resize, whose answer is another tensor",
}


def _absent(name, reason):
    def answer(self):
        raise AttributeError(f"a tensor has no {name}: {reason}")

    return property(answer)


for name, reason in _ABSENT.items():
    setattr(Tensor, name, _absent(name, reason))
