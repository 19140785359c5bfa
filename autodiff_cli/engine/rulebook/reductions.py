"""Functions that gather along axes: sums, means, spreads, products, extremes."""

from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..rules import composed, constant, general, linear
from ..tensor import primitive
from .indexing import getitem

constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.any, np.all, np.count_nonzero)


def kept(shape, axis):
    """The shape of an answer in which the reduced axes stay, each of length 1."""
    if axis is None:
        return (1,) * len(shape)
    axes = {a % max(len(shape), 1) for a in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if k in axes else n for k, n in enumerate(shape))


def length(shape, axis):
    """How many entries go into each entry of the answer."""
    return prod(n for n, k in zip(shape, kept(shape, axis), strict=True) if k == 1)


def spread(g, shape, axis, keepdims):
    """A reduction's cotangent, repeated along the axes that were reduced (all of them for None)."""
    if axis is not None and not keepdims:
        g = np.reshape(g, kept(shape, axis))
    return np.broadcast_to(g, shape)


def gathered(a, axis):
    """The reduced axes of an array as one, the last."""
    if axis is None or np.ndim(a) == 0:  # NumPy lets axis 0 of a single number pass
        return np.ravel(a)
    axes = normalize_axis_tuple(axis, np.ndim(a))
    moved = np.moveaxis(a, axes, tuple(range(-len(axes), 0)))
    return np.reshape(moved, (*np.shape(moved)[: np.ndim(a) - len(axes)], length(np.shape(a), axis)))


def ungathered(g, shape, axis):
    """The transpose of gathered."""
    if axis is None or not shape:
        return np.reshape(g, shape)
    axes = normalize_axis_tuple(axis, len(shape))
    split = np.reshape(g, (*np.shape(g)[:-1], *(shape[k] for k in axes)))
    return np.moveaxis(split, tuple(range(-len(axes), 0)), axes)


def _everywhere(g, y, a, axis=None, *, keepdims=False, **_):
    """How far a reduction reaches: to all entries that went into a live one."""
    return spread(g, np.shape(a), axis, keepdims)


# --- sums and means


def _mean_transpose(g, a, axis=None, *, keepdims=False):
    return spread(g / length(np.shape(a), axis), np.shape(a), axis, keepdims)


def _cumsum_transpose(g, a, axis=None):
    """The sum from each entry on to the last."""
    along = -1 if axis is None else axis
    return np.reshape(np.flip(np.cumsum(np.flip(g, along), along), along), np.shape(a))


def _average(a, axis=None, weights=None, *, keepdims=False):
    if weights is None:
        return np.mean(a, axis, keepdims=keepdims)
    if np.shape(weights) != np.shape(a):
        axes = normalize_axis_tuple(axis, np.ndim(a))
        others = tuple(k for k in range(np.ndim(a)) if k not in axes)
        weights = np.expand_dims(np.transpose(weights, np.argsort(axes)), others)
        weights = np.broadcast_to(weights, np.shape(a))
    total = np.sum(weights, axis, keepdims=keepdims)
    return np.sum(a * weights, axis, keepdims=keepdims) / total


def _cumulative(function, start):
    """The array API's spelling of cumsum and cumprod."""

    def definition(x, *, axis=None, include_initial=False):
        axis = normalize_axis_index(0 if axis is None and np.ndim(x) == 1 else axis, np.ndim(x))
        answer = function(x, axis)
        if not include_initial:
            return answer
        first = np.full([1 if k == axis else n for k, n in enumerate(np.shape(x))], start, x.dtype)
        return np.concatenate([first, answer], axis)

    return definition


linear(np.sum, lambda g, a, axis=None, *, keepdims=False: spread(g, np.shape(a), axis, keepdims))
linear(np.mean, _mean_transpose)
linear(np.cumsum, _cumsum_transpose)
composed(np.average, _average)
composed(np.cumulative_sum, _cumulative(np.cumsum, 0.0))
composed(np.cumulative_prod, _cumulative(np.cumprod, 1.0))


# --- variance and standard deviation


def _deviations(a, axis):
    """(a - mean, number): exactly 0 where all are equal, as the first is taken off before a mean is rounded."""
    first = tuple(slice(0, 1) if k == 1 else slice(None) for k in kept(np.shape(a), axis))
    shifted = a - getitem(a, first)
    return _conjugate(shifted - np.mean(shifted, axis=axis, keepdims=True)), length(np.shape(a), axis)


def _nan_deviations(a, axis):
    """The same of what is not nan."""
    still = np.isnan(a)
    number = np.count_nonzero(np.logical_not(still), axis=axis, keepdims=True)
    shifted = np.where(still, 0.0, a - np.nanmax(a, axis=axis, keepdims=True))
    mean = np.sum(shifted, axis=axis, keepdims=True) / number
    return _conjugate(np.where(still, 0.0, shifted - mean)), number


def _conjugate(a):
    """The cotangent of a complex number is that of df = Re(g * dz)."""
    return np.conjugate(a) if np.iscomplexobj(a) else a


def _variance(deviations):
    def vjp(g, y, a, axis=None, *, ddof=0, keepdims=False, correction=None):
        away, number = deviations(a, axis)
        g = np.reshape(g, kept(np.shape(a), axis))
        return away * (2.0 * g / (number - (ddof if correction is None else correction)))

    return vjp


def _deviation(deviations):
    def vjp(g, y, a, axis=None, *, ddof=0, keepdims=False, correction=None):
        away, number = deviations(a, axis)
        g, y = (np.reshape(v, kept(np.shape(a), axis)) for v in (g, y))
        # Where all are equal y is 0, or a rounding error that must not be divided by.
        y = np.where(np.any(away, axis=axis, keepdims=True), y, 1.0)
        return away * (g / (y * (number - (ddof if correction is None else correction))))

    return vjp


def _all_equal(y, a, axis=None, **_):
    return np.nanmax(a, axis) == np.nanmin(a, axis)


for family, deviations in ((np.var, np.std), _deviations), ((np.nanvar, np.nanstd), _nan_deviations):
    general(family[0], _variance(deviations), why="quadratic", reach=_everywhere)
    general(
        family[1],
        _deviation(deviations),
        why="the root of what is quadratic, whose slope is decided where all are equal",
        reach=_everywhere,
        kink=(_all_equal, "all entries are equal, where the standard deviation has a cone's tip; 0 is used"),
    )


# --- products, without division, so that they are exact where factors are zero


def _before(a, first):
    """Along the last axis each entry's predecessor; `first` has none."""
    return np.concatenate([np.full((*np.shape(a)[:-1], 1), first, a.dtype), a], -1)[..., :-1]


def _reversed(a):
    return np.flip(a, -1)


def _prod(g, y, a, axis=None, *, keepdims=False):
    """Each factor's cotangent has the product of the others: of those before, times those after."""
    factors = gathered(a, axis)
    before = _before(np.cumprod(factors, -1), 1.0)
    after = _reversed(_before(np.cumprod(_reversed(factors), -1), 1.0))
    return spread(g, np.shape(a), axis, keepdims) * ungathered(before * after, np.shape(a), axis)


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


def _backwards(a, b):
    """y[i] = a[i+1] * y[i+1] + b[i]: the transpose of the recurrence in b."""
    return _reversed(recurrence(_before(_reversed(a), 0.0), _reversed(b)))


def _recurrence(g, y, a, b):
    back = _backwards(a, g)
    return back * _before(y, 0.0), back


def _cumprod(g, y, a, axis=None):
    """A factor's cotangent is the product of those before it, times the sum over all later products without it."""
    flat = axis is None or np.ndim(a) == 0
    along, factors = (-1, np.ravel(a)) if flat else (axis, np.moveaxis(a, axis, -1))
    g, y = (np.moveaxis(v, along, -1) for v in (g, y))
    return np.reshape(np.moveaxis(_before(y, 1.0) * _backwards(factors, g), -1, along), np.shape(a))


general(np.prod, _prod, why="linear in each of many factors, which are one operand", reach=_everywhere)
general(
    np.cumprod,
    _cumprod,
    why="linear in each of many factors, which are one operand",
    reach=lambda g, y, a, axis=None: _cumsum_transpose(g, a, axis),
)
general(recurrence, _recurrence, why="linear in b alone: the steps multiply what a has made of b before")


# --- extremes


def _extreme(g, y, a, axis=None, *, keepdims=False):
    """All to the one that is the extreme; equal ones share."""
    g, y = (np.reshape(v, kept(np.shape(a), axis)) for v in (g, y))
    hit = np.equal(a, y)
    return np.where(hit, g / np.count_nonzero(hit, axis=axis, keepdims=True), 0.0)


def _tied(y, a, axis=None, *, keepdims=False):
    hit = np.equal(a, np.reshape(y, kept(np.shape(a), axis)))
    return np.count_nonzero(hit, axis=axis, keepdims=keepdims) > 1


for extreme in (np.max, np.min, np.amax, np.amin, np.nanmax, np.nanmin):
    general(
        extreme,
        _extreme,
        why="linear only as long as the same entry is the extreme",
        chooses=True,
        kink=(_tied, "several are equally extreme; they share the slope equally"),
    )


def _ptp(a, axis=None, *, keepdims=False):
    return np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)


composed(np.ptp, _ptp)


# --- without what is nan


def _nanmean(a, axis=None, *, keepdims=False):
    number = np.count_nonzero(np.logical_not(np.isnan(a)), axis=axis, keepdims=keepdims)
    return np.nansum(a, axis, keepdims=keepdims) / number


def _filled(a, neutral):
    """With a number that changes nothing in place of each nan."""
    return np.where(np.isnan(a), neutral, a)


composed(np.nansum, lambda a, axis=None, *, keepdims=False: np.sum(_filled(a, 0.0), axis, keepdims=keepdims))
composed(np.nanprod, lambda a, axis=None, *, keepdims=False: np.prod(_filled(a, 1.0), axis, keepdims=keepdims))
composed(np.nancumsum, lambda a, axis=None: np.cumsum(_filled(a, 0.0), axis))
composed(np.nancumprod, lambda a, axis=None: np.cumprod(_filled(a, 1.0), axis))
composed(np.nanmean, _nanmean)
