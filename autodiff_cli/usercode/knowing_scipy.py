"""SciPy as the user's code sees it: those of its functions that are no ufuncs, and would take Tensors for arrays.

Of arrays they are SciPy's own; of Tensors they are put together from functions that have rules. Nothing of SciPy is
imported that the user's code has not imported.
"""

import sys
from functools import wraps

import numpy as np

from ..engine import creation, nn


def replacements():
    """(what is SciPy's own, what stands for it) of the modules that are loaded."""
    special, stats = sys.modules.get("scipy.special"), sys.modules.get("scipy.stats")
    if special is not None:
        yield special.logsumexp, _of_tensors(special.logsumexp, nn.logsumexp)
        yield special.softmax, _of_tensors(special.softmax, _over_all(nn.softmax))
        yield special.log_softmax, _of_tensors(special.log_softmax, _over_all(nn.log_softmax))
    if stats is not None:
        yield stats.norm, Normal(stats.norm)


def _of_tensors(function, definition):
    """A function that does what `definition` does where it is called on Tensors, with arguments that both know."""

    @wraps(function)
    def knowing(*args, **kwargs):
        if not any(map(creation.holds_tensor, (*args, *kwargs.values()))) or kwargs.keys() & {"b", "return_sign"}:
            return function(*args, **kwargs)
        return definition(*args, **kwargs)

    return knowing


def _over_all(softmax):
    """By default SciPy's goes over all axes, and the one of neural networks over the last."""
    return lambda x, axis=None: softmax(x, axis)


class Normal:
    """The normal distribution as scipy.stats.norm, whose densities and probabilities know Tensors."""

    def __init__(self, own):
        self._own = own
        for name, definition in _OF_NORMAL.items():
            setattr(self, name, _of_tensors(getattr(own, name), definition))

    def __getattr__(self, name):
        return getattr(self._own, name)

    def __call__(self, *args, **kwargs):
        return self._own(*args, **kwargs)


def _standard(x, loc, scale):
    return (x - loc) / _positive(scale)


def _positive(scale):
    return np.where(np.greater(scale, 0), scale, np.nan)


def _ufunc(name):
    return getattr(sys.modules["scipy.special"], name)  # which scipy.stats has loaded


def _logpdf(x, loc=0, scale=1):
    return -(_standard(x, loc, scale) ** 2) / 2 - np.log(2 * np.pi) / 2 - np.log(scale)


_OF_NORMAL = {
    "pdf": lambda x, loc=0, scale=1: np.exp(_logpdf(x, loc, scale)),
    "logpdf": _logpdf,
    "cdf": lambda x, loc=0, scale=1: _ufunc("ndtr")(_standard(x, loc, scale)),
    "logcdf": lambda x, loc=0, scale=1: _ufunc("log_ndtr")(_standard(x, loc, scale)),
    "sf": lambda x, loc=0, scale=1: _ufunc("ndtr")(-_standard(x, loc, scale)),
    "logsf": lambda x, loc=0, scale=1: _ufunc("log_ndtr")(-_standard(x, loc, scale)),
    "ppf": lambda q, loc=0, scale=1: loc + _positive(scale) * _ufunc("ndtri")(q),
    "isf": lambda q, loc=0, scale=1: loc - _positive(scale) * _ufunc("ndtri")(q),
}
