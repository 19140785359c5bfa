"""Functions that order: sort, partition, distinct entries, and what is trimmed of zeros."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..rules import composed, constant, general, refuse
from ..tensor import primitive
from .indexing import along, scatter_along
from .reductions import typed

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
composed(np.sort_complex, lambda a: typed(np.sort(a), np.sort_complex(np.zeros(0, a.dtype)).dtype))


# --- distinct entries: a selection by places that are computed from the values, like x[x > 0]. Where a program meets
# another number of them the value follows, and a gradient that was recorded before says that it does not fit.


@primitive
def starts(ordered, equal_nan=True):
    """Where each run of equal entries starts."""
    before, after = ordered[:-1], ordered[1:]
    new = before != after
    if equal_nan:
        new &= ~(np.isnan(before) & np.isnan(after))
    return np.flatnonzero(np.concatenate([np.ones(min(len(ordered), 1), bool), new]))


@primitive
def places(a, axis=None, equal_nan=True):
    """(index, inverse, counts) of np.unique: where each distinct entry first is, which each entry is, how many are."""
    return np.unique(a, True, True, True, axis, equal_nan=equal_nan)[1:]


constant(starts, places)


def _distinct(a, axis, equal_nan):
    """Sorted, so that equal entries share the slope; of equal rows the first is taken."""
    if axis is not None:
        return along(a, axis, places(a, axis=axis, equal_nan=equal_nan)[0])
    ordered = np.sort(a, None)
    return ordered[starts(ordered, equal_nan=equal_nan)]


def _unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True,
            sorted=True):  # fmt: skip
    wanted = (return_index, return_inverse, return_counts)
    values = _distinct(ar, axis, equal_nan)
    if not any(wanted):
        return values
    others = places(ar, axis=axis, equal_nan=equal_nan)
    return values, *(other for other, is_wanted in zip(others, wanted, strict=True) if is_wanted)


def _named(function, *wanted):
    """One of the array API's functions: the wanted results of np.unique, in a named tuple where there are several."""

    def definition(x):
        answer = _unique(x, *wanted, equal_nan=False)
        return type(function(np.zeros(0)))(*answer) if any(wanted) else answer

    return definition


def _setxor1d(ar1, ar2, assume_unique=False):
    """What is in one of the two: the runs of one entry."""
    if not assume_unique:
        ar1, ar2 = np.unique(ar1), np.unique(ar2)
    ordered = np.sort(np.concatenate([np.ravel(ar1), np.ravel(ar2)]))
    new = np.not_equal(ordered[1:], ordered[:-1])
    end = np.ones(min(np.shape(ordered)[0], 1), bool)
    return ordered[np.logical_and(np.concatenate([end, new]), np.concatenate([new, end]))]


def _setdiff1d(ar1, ar2, assume_unique=False):
    ar1 = np.ravel(ar1) if assume_unique else np.unique(ar1)
    return ar1[np.isin(ar1, ar2, invert=True)]


composed(np.unique, _unique)
composed(np.unique_values, _named(np.unique_values, False, False, False))
composed(np.unique_counts, _named(np.unique_counts, False, False, True))
composed(np.unique_inverse, _named(np.unique_inverse, False, True, False))
composed(np.unique_all, _named(np.unique_all, True, True, True))
composed(np.union1d, lambda ar1, ar2: np.unique(np.concatenate([np.ravel(ar1), np.ravel(ar2)])))
composed(np.setdiff1d, _setdiff1d)
composed(np.setxor1d, _setxor1d)
refuse(
    np.intersect1d,
    "what is in both arrays no longer is as soon as one of them moves",
    help="choose entries by their places, which np.isin tells",
)


# --- without the zeros around


@primitive
def inside(filt, trim="fb", axis=None):
    """For each of the axes the places between the first and the last entry that is not zero."""
    nonzero = np.argwhere(filt)
    axes = range(np.ndim(filt)) if axis is None else axis
    if not len(nonzero):
        return tuple(np.arange(0) for _ in axes)
    first, last = nonzero.min(0), nonzero.max(0)
    ends = ((first[k] if "f" in trim else 0, last[k] + 1 if "b" in trim else np.shape(filt)[k]) for k in axes)
    return tuple(np.arange(start, stop) for start, stop in ends)


constant(inside)


def _trim_zeros(filt, trim="fb", axis=None):
    axes = tuple(range(np.ndim(filt))) if axis is None else normalize_axis_tuple(axis, np.ndim(filt))
    trim = trim.lower()
    if trim not in ("fb", "bf", "f", "b"):
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    for k, entries in zip(axes, inside(filt, trim=trim, axis=axes), strict=True):
        filt = along(filt, k, entries)
    return filt


composed(np.trim_zeros, _trim_zeros)
