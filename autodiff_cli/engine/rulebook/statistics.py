"""Weighted averages, variances, standard deviations, covariances and correlations."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..rules import composed, constant, general, widen
from ..tensor import Tensor, primitive
from .indexing import getitem
from .reductions import NOT_GIVEN, chosen, everywhere, gathered, kept, length, mask, number, numbers, typed

# --- averages


def aligned_weights(weights, a, axis):
    """Weights in a shape that broadcasts to the array: as they are, or for the axes alone in their order."""
    if np.shape(weights) == np.shape(a):
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = normalize_axis_tuple(axis, np.ndim(a))
    if np.shape(weights) != tuple(np.shape(a)[k] for k in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    others = tuple(k for k in range(np.ndim(a)) if k not in axes)
    return np.expand_dims(np.transpose(weights, np.argsort(axes)), others)


def _average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is None:
        answer = np.mean(a, axis, keepdims=keepdims)
        total = length(np.shape(a), axis)
    else:
        weights = aligned_weights(weights, a, axis)
        total = np.sum(weights, axis, keepdims=keepdims)
        answer = np.sum(np.multiply(a, weights), axis, keepdims=keepdims) / total
    return (answer, typed(np.broadcast_to(total, np.shape(answer)), answer.dtype)) if returned else answer


composed(np.average, _average)


# --- variance and standard deviation


def _deviations(a, axis):
    """(a - mean, number): exactly 0 where all are equal, as the first is taken off before a mean is rounded."""
    first = tuple(slice(0, 1) if k == 1 else slice(None) for k in kept(np.shape(a), axis))
    shifted = a - getitem(a, first)
    return _conjugate(shifted - np.mean(shifted, axis=axis, keepdims=True)), number(True, a, axis, False)


def _conjugate(a):
    """The cotangent of a complex number is that of df = Re(g * dz)."""
    return np.conjugate(a) if np.iscomplexobj(a) else a


def _freedom(count, ddof, correction):
    """What the sum of squares is divided by; not below 0, as in NumPy."""
    if correction is not None and correction is not NOT_GIVEN:
        if ddof:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    return np.maximum(count - ddof, 0)


def _variance(g, y, a, axis=None, *, ddof=0, keepdims=False, correction=None):
    away, count = _deviations(a, axis)
    return away * (2.0 * np.reshape(g, kept(np.shape(a), axis)) / _freedom(count, ddof, correction))


def _deviation(g, y, a, axis=None, *, ddof=0, keepdims=False, correction=None):
    away, count = _deviations(a, axis)
    g, y = (np.reshape(v, kept(np.shape(a), axis)) for v in (g, y))
    # Where all are equal y is 0, or a rounding error that must not be divided by.
    y = np.where(np.any(away, axis=axis, keepdims=True), y, 1.0)
    return away * (g / (y * _freedom(count, ddof, correction)))


def _all_equal(y, a, axis=None, **_):
    return np.max(a, axis) == np.min(a, axis) if np.size(a) else np.zeros(np.shape(y), bool)


general(np.var, _variance, why="quadratic", reach=everywhere)
general(
    np.std,
    _deviation,
    why="the root of what is quadratic, whose slope is decided where all are equal",
    reach=everywhere,
    kink=(_all_equal, "all entries are equal, where the standard deviation has a cone's tip; 0 is used"),
)


# --- the same with more keywords


@primitive
def anchor(a, where, axis=None):
    """The largest of the entries that count; -inf where there is none."""
    return np.max(np.where(where, a, -np.inf), axis=axis, keepdims=True, initial=-np.inf)


# It does move with a, but the deviations that are reckoned from it do not change with it.
constant(anchor)


def _deviations_of(a, axis, where, mean):
    """The deviations of the entries that count, 0 for the others; exactly 0 where all that count are equal."""
    if mean is not NOT_GIVEN:
        return chosen(a - mean, where, 0)
    where = mask(where, a)
    shifted = np.where(where, a - anchor(a, where, axis=axis), 0)
    mean = np.sum(shifted, axis=axis, keepdims=True) / number(where, a, axis, True)
    return np.where(where, shifted - mean, 0)


def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NOT_GIVEN,
         correction=NOT_GIVEN):  # fmt: skip
    a = typed(a, dtype)
    away = _deviations_of(a, axis, where, mean)
    squares = np.real(away * np.conjugate(away)) if np.iscomplexobj(away) else np.square(away)
    freedom = _freedom(number(where, squares, axis, keepdims), ddof, correction)
    return np.sum(squares, axis=axis, keepdims=keepdims) / freedom


def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NOT_GIVEN,
         correction=NOT_GIVEN):  # fmt: skip
    """By a norm, whose slope is decided where all are equal."""
    a = typed(a, dtype)
    away = _deviations_of(a, axis, where, mean)
    sizes = np.abs(away) if np.iscomplexobj(away) else away
    size = np.linalg.norm(gathered(sizes, axis), axis=-1)
    if keepdims:
        size = np.reshape(size, kept(np.shape(a), axis))
    return size / np.sqrt(_freedom(number(where, sizes, axis, keepdims), ddof, correction))


def _of_numbers(function):
    """The spread of what is not nan; where that is too little, nan."""

    def definition(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NOT_GIVEN,
                   correction=NOT_GIVEN):  # fmt: skip
        where = numbers(a, where)
        answer = function(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
        enough = _freedom(number(where, a, axis, keepdims), ddof, correction) > 0
        return np.where(enough, answer, np.nan)

    return definition


widen(np.var, _var)
widen(np.std, _std)
composed(np.nanvar, _of_numbers(np.var))
composed(np.nanstd, _of_numbers(np.std))


# --- covariances and correlations


def _variables(m, y, rowvar, dtype):
    """One row for each variable, one column for each observation."""
    given = [m] if y is None else [m, y]
    if max(map(np.ndim, given)) > 2:
        raise ValueError("m or y has more than 2 dimensions")
    rows = [np.atleast_2d(x) for x in given]
    dtype = np.result_type(*rows, np.float64) if dtype is None else dtype
    lying = [rowvar or np.ndim(m) == 1, rowvar or np.shape(rows[-1])[0] == 1]
    rows = [typed(x if lies else np.transpose(x), dtype) for x, lies in zip(rows, lying, strict=False)]
    return rows[0] if y is None or 0 in np.shape(rows[0])[:1] else np.concatenate(rows)


def _weights(fweights, aweights, observations):
    """The product of the weights that are given: how often, and how much, an observation counts."""
    for weights in (fweights, aweights):
        _check_weights(weights, observations)
    if fweights is not None and (isinstance(fweights, Tensor) or np.any(np.not_equal(fweights, np.rint(fweights)))):
        raise TypeError("fweights must be integer")
    if fweights is None or aweights is None:
        return aweights if fweights is None else fweights
    return np.multiply(fweights, aweights)


def _check_weights(weights, observations):
    if weights is None:
        return
    if np.shape(weights) != (observations,):
        raise RuntimeError("incompatible numbers of samples and weights")
    if not isinstance(weights, Tensor) and np.any(np.less(weights, 0)):
        raise ValueError("weights cannot be negative")


def _cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    rows = _variables(m, y, rowvar, dtype)
    if 0 in np.shape(rows)[:1]:
        return np.zeros((0, 0))
    ddof = int(not bias) if ddof is None else ddof
    weights = _weights(fweights, aweights, np.shape(rows)[1])
    mean, total = np.average(rows, 1, weights, returned=True, keepdims=True)
    total = total[0, 0]
    if weights is None or ddof == 0 or aweights is None:
        freedom = total - ddof
    else:
        freedom = total - ddof * np.sum(weights * aweights) / total
    away = rows - mean
    weighted = away if weights is None else away * weights
    covariance = np.dot(away, np.transpose(np.conjugate(weighted)))
    return np.squeeze(covariance * np.true_divide(1, np.maximum(freedom, 0.0)))


@primitive
def overshoot(c):
    """What is missing from correlations, or their real and imaginary parts, to lie between -1 and 1."""
    clipped = np.clip(np.real(c), -1, 1)
    return (clipped + 1j * np.clip(np.imag(c), -1, 1) if np.iscomplexobj(c) else clipped) - c


# A rounding error, and not a bound: at a correlation of 1 the second derivative must be that of the formula.
constant(overshoot)


def _corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = np.cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diag(c)))
    c = c / deviation[:, None] / deviation[None, :]
    return c + overshoot(c)


composed(np.cov, _cov)
composed(np.corrcoef, _corrcoef)
