"""The methods of ufuncs that go along an axis: reduce, accumulate, reduceat.

Sums, products and extremes are the NumPy functions. For all others there is one rule, that of `running`: what a binary
ufunc makes of entries one after the other has slopes that follow from its own partials.
"""

import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..errors import NotDifferentiable
from . import rules
from .creation import asarray
from .rulebook.cumulative import backwards
from .rulebook.indexing import along
from .rulebook.reductions import NOT_GIVEN, chosen, gathered, kept, typed
from .rules import general
from .tensor import dispatch, primitive

_REDUCTIONS = {
    np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min, np.fmax: np.nanmax,
    np.fmin: np.nanmin, np.logical_and: np.all, np.logical_or: np.any,
}  # fmt: skip
_ACCUMULATIONS = {np.add: np.cumsum, np.multiply: np.cumprod}
# What changes nothing on the right, of functions that have no identity.
_NEUTRAL = {np.subtract: 0.0, np.true_divide: 1.0, np.power: 1.0, np.float_power: 1.0}


def _reduce(ufunc, array, axis=0, dtype=None, keepdims=False, initial=NOT_GIVEN, where=True):
    array = typed(asarray(array), dtype)
    probed = {} if where is True else {"where": np.array(True)}
    probed |= {} if initial is NOT_GIVEN else {"initial": initial if initial is None else 1}
    _probe(ufunc.reduce, array, axis, **probed)
    if ufunc not in _REDUCTIONS:
        return _folded(ufunc, array, axis, keepdims, ufunc.identity if initial is NOT_GIVEN else initial, where)
    how = {"axis": axis} | ({"keepdims": True} if keepdims else {}) | ({} if where is True else {"where": where})
    how |= {} if initial is NOT_GIVEN or initial is None else {"initial": initial}
    return dispatch(_REDUCTIONS[ufunc], (array,), how)


def _probe(method, array, axis, **how):
    """NumPy's own error, where it has one: for an axis, for nothing to start with."""
    method(np.ones([min(n, 1) for n in np.shape(array)], array.dtype), axis, **how)


def _folded(ufunc, array, axis, keepdims, first, where):
    """The last of what is running along the axes, from `first` on."""
    if where is not True and ufunc.identity is None and ufunc not in _NEUTRAL:
        help = "choose the entries before, as by x[where]"
        raise NotDifferentiable("refused", f"{ufunc.__name__}.reduce has no derivative rule with where", help=help)
    entries = gathered(chosen(array, where, _NEUTRAL.get(ufunc, ufunc.identity)), axis)
    if first is not None:
        start = typed(np.broadcast_to(asarray(first, array.dtype), (*np.shape(entries)[:-1], 1)), array.dtype)
        entries = np.concatenate([start, entries], -1)
    answer = running(entries, ufunc=ufunc)[..., -1]
    return np.reshape(answer, kept(np.shape(array), axis)) if keepdims else answer


def _accumulate(ufunc, array, axis=0, dtype=None):
    array = typed(asarray(array), dtype)
    _probe(ufunc.accumulate, array, axis)
    if ufunc in _ACCUMULATIONS:
        return dispatch(_ACCUMULATIONS[ufunc], (array, axis), {})
    return np.moveaxis(running(np.moveaxis(array, axis, -1), ufunc=ufunc), -1, axis)


def _reduceat(ufunc, array, indices, axis=0, dtype=None):
    """A reduction from each index to the next; the entry alone where the next one is not larger."""
    array, indices = typed(asarray(array), dtype), [operator.index(i) for i in np.asarray(indices)]
    axis = normalize_axis_index(axis, np.ndim(array))
    length = np.shape(array)[axis]
    if any(not 0 <= i < length for i in indices):
        raise IndexError(f"an index of reduceat is not among the {length} of axis {axis}")
    stops = [j if j > i else i + 1 for i, j in zip(indices, [*indices[1:], length], strict=True)]
    pieces = [along(array, axis, slice(i, j)) for i, j in zip(indices, stops, strict=True)]
    return np.stack([_reduce(ufunc, piece, axis, initial=None) for piece in pieces], axis)


METHODS = {"reduce": _reduce, "accumulate": _accumulate, "reduceat": _reduceat}


# --- one after the other, by any binary ufunc


@primitive
def running(x, ufunc=None):
    """y[i] = ufunc(y[i-1], x[i]) along the last axis, from y[0] = x[0]."""
    return ufunc.accumulate(x, -1)


def _running(g, y, x, ufunc=None):
    """What reaches y[i] comes by g[i], and by y[i+1], of which it was the first operand."""
    by_answer, by_entry = (_step(ufunc, k, y[..., 1:], y[..., :-1], x[..., 1:]) for k in (0, 1))
    first = np.ones_like(g[..., :1])
    total = backwards(np.concatenate([first, by_answer], -1), g)
    return total * np.concatenate([first, by_entry], -1)


def _step(ufunc, position, y, a, b):
    """The partial of each step by one of its operands."""
    rule = rules.find(ufunc)
    if rule.kind != "elementwise":
        raise NotDifferentiable("no-rule", f"there is no derivative rule for {ufunc.__name__} along an axis")
    partial = rule.derivative(position)
    return np.broadcast_to(0.0 if partial is None else partial(y, a, b), np.shape(y))


general(running, _running, why="each entry goes through all steps behind it, whose slopes are those of the ufunc")
