"""Functions that reduce axes to a number each: sums, means, products, extremes; and the same without what is nan."""

from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..rules import composed, constant, general, linear, widen

constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.any, np.all, np.count_nonzero)

NOT_GIVEN = np._NoValue  # as in NumPy's own signatures


# --- the axes of a reduction


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
    if isinstance(g, (np.generic, np.ndarray)) and g.ndim == 0:
        return np.ndarray(shape, g.dtype, g, strides=(0,) * len(shape))  # broadcast_to, in an eighth of its time
    return np.broadcast_to(g, shape)


def everywhere(g, y, a, axis=None, *, keepdims=False, **_):
    """How far a reduction reaches: to all entries that went into a live one."""
    return spread(g, np.shape(a), axis, keepdims)


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


# --- the keywords `dtype` and `where`


def typed(a, dtype):
    """The array in the type in which NumPy is told to reckon."""
    return a if dtype is None or a.dtype == dtype else np.astype(a, dtype)


def mask(where, a):
    """The entries that count, in the shape of the array."""
    return np.broadcast_to(where, np.shape(a))


def chosen(a, where, neutral):
    """The array, with a number that changes nothing in place of what does not count."""
    return a if where is True else np.where(mask(where, a), a, neutral)


def number(where, a, axis, keepdims):
    """How many entries count for each entry of the answer, as floats of its precision."""
    dtype = np.finfo(np.result_type(a, 1.0)).dtype  # of complex numbers that of their parts
    if where is True:
        return dtype.type(length(np.shape(a), axis))
    ones = np.where(mask(where, a), np.ones((), dtype), np.zeros((), dtype))
    return np.sum(ones, axis=axis, keepdims=keepdims)


# --- sums, means and products


def _mean_transpose(g, a, axis=None, *, keepdims=False):
    return spread(g / length(np.shape(a), axis), np.shape(a), axis, keepdims)


linear(
    np.sum,
    lambda g, a, axis=None, *, keepdims=False: spread(g, np.shape(a), axis, keepdims),
    evaluate=lambda a, axis=None, *, keepdims=False: np.add.reduce(a, axis=axis, keepdims=keepdims),  # as np.sum does
)
linear(np.mean, _mean_transpose)


def before(a, first):
    """Along the last axis each entry's predecessor; `first` has none."""
    return np.concatenate([np.full((*np.shape(a)[:-1], 1), first, a.dtype), a], -1)[..., :-1]


def _prod(g, y, a, axis=None, *, keepdims=False):
    """Each factor's cotangent has the product of the others: of those before, times those after."""
    factors = gathered(a, axis)
    earlier = before(np.cumprod(factors, -1), 1.0)
    later = np.flip(before(np.cumprod(np.flip(factors, -1), -1), 1.0), -1)
    return spread(g, np.shape(a), axis, keepdims) * ungathered(earlier * later, np.shape(a), axis)


general(
    np.prod,
    _prod,
    why="linear in each of many factors, which are one operand; without division, to be exact where factors are zero",
    reach=everywhere,
)


def _sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=NOT_GIVEN, where=True):
    total = np.sum(chosen(typed(a, dtype), where, 0), axis=axis, keepdims=keepdims)
    return total if initial is NOT_GIVEN else total + initial


def _product(a, axis=None, dtype=None, out=None, keepdims=False, initial=NOT_GIVEN, where=True):
    total = np.prod(chosen(typed(a, dtype), where, 1), axis=axis, keepdims=keepdims)
    return total if initial is NOT_GIVEN else total * initial


def _mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    a = typed(a, dtype)
    if where is True:
        return np.mean(a, axis=axis, keepdims=keepdims)
    return np.sum(chosen(a, where, 0), axis=axis, keepdims=keepdims) / number(where, a, axis, keepdims)


widen(np.sum, _sum)
widen(np.prod, _product)
widen(np.mean, _mean)


# --- extremes


def _extreme(g, y, a, axis=None, *, keepdims=False):
    """All to the one that is the extreme; equal ones share."""
    g, y = (np.reshape(v, kept(np.shape(a), axis)) for v in (g, y))
    hit = np.equal(a, y)
    return np.where(hit, g / np.count_nonzero(hit, axis=axis, keepdims=True), 0.0)


def _tied(y, a, axis=None, *, keepdims=False):
    hit = np.equal(a, np.reshape(y, kept(np.shape(a), axis)))
    return np.count_nonzero(hit, axis=axis, keepdims=keepdims) > 1


def _more_widely(extreme, farthest):
    """An extreme in which `initial` is one entry more, and what does not count is as far off as can be."""

    def definition(a, axis=None, out=None, keepdims=False, initial=NOT_GIVEN, where=True):
        if initial is NOT_GIVEN:
            if where is not True:
                raise ValueError("to use where, one has to specify initial")
            return extreme(a, axis=axis, keepdims=keepdims)
        entries = gathered(chosen(a, where, farthest if a.dtype.kind in "fc" else initial), axis)
        first = typed(np.broadcast_to(initial, (*np.shape(entries)[:-1], 1)), a.dtype)
        answer = extreme(np.concatenate([first, entries], -1), axis=-1)
        return np.reshape(answer, kept(np.shape(a), axis)) if keepdims else answer

    return definition


for extreme, farthest in (
    (np.max, -np.inf), (np.amax, -np.inf), (np.min, np.inf), (np.amin, np.inf),
    (np.nanmax, -np.inf), (np.nanmin, np.inf),
):  # fmt: skip
    general(
        extreme,
        _extreme,
        why="linear only as long as the same entry is the extreme",
        chooses=True,
        kink=(_tied, "several are equally extreme; they share the slope equally"),
    )
    widen(extreme, _more_widely(extreme, farthest))


def _ptp(a, axis=None, out=None, keepdims=False):
    return np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)


composed(np.ptp, _ptp)


# --- without what is nan


def numbers(a, where=True):
    """The entries that count and are not nan."""
    return np.logical_and(np.logical_not(np.isnan(a)), where)


def _of_numbers(function):
    """A sum or product of what is not nan."""

    def definition(a, axis=None, dtype=None, out=None, keepdims=False, initial=NOT_GIVEN, where=True):
        return function(a, axis, dtype, out, keepdims, initial, numbers(a, where))

    return definition


def _nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    return np.mean(a, axis, dtype, keepdims=keepdims, where=numbers(a, where))


composed(np.nansum, _of_numbers(np.sum))
composed(np.nanprod, _of_numbers(np.prod))
composed(np.nanmean, _nanmean)
