"""Functions that order, and what is found by order: sort, median, quantiles, places in a table."""

import numpy as np

from ..rules import composed, constant, general, refuse
from ..tensor import primitive
from .indexing import getitem, scatter_along
from .reductions import gathered, kept

constant(np.argsort, np.argpartition, np.searchsorted, np.digitize)

# --- sorting


@primitive
def ranks(a):
    """How many entries along the last axis come before each: equal ones have one rank."""
    order = np.argsort(a, axis=-1)
    ordered = np.take_along_axis(a, order, -1)
    first = np.ones(np.shape(a), bool)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    start = np.maximum.accumulate(np.where(first, np.arange(first.shape[-1]), 0), -1)
    answer = np.empty_like(order)
    np.put_along_axis(answer, order, start, -1)
    return answer


@primitive
def lexical_order(keys, axis=-1):
    """np.lexsort of keys that are stacked in one array."""
    return np.lexsort(keys, axis)


constant(ranks, lexical_order)
composed(np.lexsort, lambda keys, axis=-1: lexical_order(np.stack(keys), axis))


def _unsort(g, y, a, axis):
    """Back to where the entries came from; equal ones share, and are found by their rank."""
    if axis is None:
        return np.reshape(_unsort(g, y, np.ravel(a), -1), np.shape(a))
    g, y, a = (np.moveaxis(v, axis, -1) for v in (g, y, a))
    shape, places = np.shape(g), ranks(y)
    total = scatter_along(g, places, -1, shape)
    number = scatter_along(np.ones(shape), places, -1, shape)
    shared = total / np.maximum(number, 1.0)
    return np.moveaxis(np.take_along_axis(shared, ranks(a), -1), -1, axis)


def _equal_entries(y, a, axis=-1, **_):
    ordered = np.sort(y, -1 if axis is None else axis)
    return np.diff(ordered, axis=-1 if axis is None else axis) == 0


_PERMUTES = {
    "why": "a permutation, and so linear, only as long as the order stays",
    "chooses": True,
    "kink": (_equal_entries, "entries are equal; they share the slope equally"),
}
general(np.sort, lambda g, y, a, axis=-1, kind=None, order=None, *, stable=None: _unsort(g, y, a, axis), **_PERMUTES)
general(np.partition, lambda g, y, a, kth=None, axis=-1, kind="introselect": _unsort(g, y, a, axis), **_PERMUTES)
for distinct in (np.unique, np.unique_values, np.unique_counts, np.unique_inverse, np.unique_all):
    refuse(distinct, "equal entries that move apart become several", help="use np.sort, which keeps all of them")


# --- order statistics


def _statistic(value, ordered, a, axis, keepdims):
    """What was picked from the sorted last axis: nan if there is any, for nan sorts last; axes of its own first."""
    own = np.ndim(value) - np.ndim(ordered) + 1
    spoilt = np.reshape(np.isnan(ordered[..., -1]), np.shape(ordered)[:-1] + (1,) * own)
    value = np.moveaxis(np.where(spoilt, np.nan, value), tuple(range(-own, 0)), tuple(range(own)))
    return np.reshape(value, np.shape(value)[:own] + kept(np.shape(a), axis)) if keepdims else value


def _median(a, axis=None, *, keepdims=False):
    ordered = np.sort(gathered(a, axis), -1)
    half, odd = divmod(np.shape(ordered)[-1], 2)
    middle = ordered[..., half] if odd else (ordered[..., half - 1] + ordered[..., half]) / 2
    return _statistic(middle, ordered, a, axis, keepdims)


def _nanmedian(a, axis=None, *, keepdims=False):
    """The numbers come before the nans, so their count tells where the middle is."""
    ordered = np.sort(gathered(a, axis), -1)
    number = np.count_nonzero(np.logical_not(np.isnan(ordered)), axis=-1, keepdims=True)
    pair = (np.take_along_axis(ordered, place // 2, -1) for place in (number - 1, number))
    middle = sum(pair, start=0.0) / 2
    return np.reshape(middle, kept(np.shape(a), axis)) if keepdims else middle[..., 0]


def _quantile(a, q, axis=None, *, keepdims=False):
    """By NumPy's method "linear": between the two nearest, reckoned from the nearer."""
    ordered = np.sort(gathered(a, axis), -1)
    last = np.shape(ordered)[-1] - 1
    place = np.asarray(q) * last
    low = np.floor(place).astype(int)
    below, above = (getitem(ordered, (Ellipsis, k)) for k in (low, np.minimum(low + 1, last)))
    step, share = above - below, (place - low).astype(ordered.dtype)
    value = np.where(share < 0.5, below + step * share, above - step * (1 - share))
    return _statistic(value, ordered, a, axis, keepdims)


def _percentile(a, q, axis=None, *, keepdims=False):
    return _quantile(a, np.true_divide(q, 100), axis, keepdims=keepdims)


composed(np.median, _median)
composed(np.nanmedian, _nanmedian)
composed(np.quantile, _quantile)
composed(np.percentile, _percentile)
