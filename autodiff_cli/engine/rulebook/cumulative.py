"""Running sums and products along an axis."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..rules import composed, general, linear, widen
from ..tensor import primitive
from .reductions import before, typed


def _cumsum_transpose(g, a, axis=None):
    """The sum from each entry on to the last."""
    along = -1 if axis is None else axis
    return np.reshape(np.flip(np.cumsum(np.flip(g, along), along), along), np.shape(a))


linear(np.cumsum, _cumsum_transpose)


# --- products, without division, so that they are exact where factors are zero


@primitive
def recurrence(a, b):
    """y[i] = a[i] * y[i-1] + b[i] along the last axis, from y[-1] = 0.

    One after the other: a product of many a overflows where those that are used do not.
    """
    y = np.empty(np.shape(a), np.result_type(a, b))
    # Python's numbers are faster than NumPy's one by one.
    factors, terms = (v.tolist() if y.ndim == 1 else np.moveaxis(v, -1, 0) for v in (a, b))
    steps, previous = np.moveaxis(y, -1, 0), 0.0
    for k, (factor, term) in enumerate(zip(factors, terms, strict=True)):
        previous = steps[k] = factor * previous + term
    return y


def backwards(a, b):
    """y[i] = a[i+1] * y[i+1] + b[i]: the transpose of the recurrence in b."""
    return np.flip(recurrence(before(np.flip(a, -1), 0.0), np.flip(b, -1)), -1)


def _recurrence(g, y, a, b):
    back = backwards(a, g)
    return back * before(y, 0.0), back


def _cumprod(g, y, a, axis=None):
    """A factor's cotangent is the product of those before it, times the sum over all later products without it."""
    flat = axis is None or np.ndim(a) == 0
    along, factors = (-1, np.ravel(a)) if flat else (axis, np.moveaxis(a, axis, -1))
    g, y = (np.moveaxis(v, along, -1) for v in (g, y))
    return np.reshape(np.moveaxis(before(y, 1.0) * backwards(factors, g), -1, along), np.shape(a))


general(
    np.cumprod,
    _cumprod,
    why="linear in each of many factors, which are one operand",
    reach=lambda g, y, a, axis=None: _cumsum_transpose(g, a, axis),
)
general(
    recurrence,
    _recurrence,
    why="linear in b alone: the steps multiply what a has made of b before",
    poles=False,  # so that zeros among the factors, which move, are not taken for a choice
)


# --- the same with more keywords, without what is nan, and in the spelling of the array API


def _in_type(function):
    return lambda a, axis=None, dtype=None, out=None: function(typed(a, dtype), axis=axis)


def _of_numbers(function, neutral):
    def definition(a, axis=None, dtype=None, out=None):
        return function(np.where(np.isnan(a), neutral, a), axis, dtype)

    return definition


def _cumulative(function, start):
    def definition(x, *, axis=None, dtype=None, out=None, include_initial=False):
        axis = normalize_axis_index(0 if axis is None and np.ndim(x) == 1 else axis, np.ndim(x))
        answer = function(x, axis, dtype)
        if not include_initial:
            return answer
        first = np.full([1 if k == axis else n for k, n in enumerate(np.shape(x))], start, answer.dtype)
        return np.concatenate([first, answer], axis)

    return definition


widen(np.cumsum, _in_type(np.cumsum))
widen(np.cumprod, _in_type(np.cumprod))
composed(np.nancumsum, _of_numbers(np.cumsum, 0))
composed(np.nancumprod, _of_numbers(np.cumprod, 1))
composed(np.cumulative_sum, _cumulative(np.cumsum, 0))
composed(np.cumulative_prod, _cumulative(np.cumprod, 1))
