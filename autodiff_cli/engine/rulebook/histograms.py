"""Counts, of each number and in bins: linear in the weights; edges that come from the data move with them."""

import numpy as np

from ...errors import NotDifferentiable
from ..rules import composed, constant
from ..tensor import Tensor, primitive
from .indexing import ARRAY, scatter
from .reductions import typed

# --- counts of numbers


@primitive
def counts(x, minlength=0):
    """np.bincount without weights."""
    return np.bincount(x, minlength=minlength)


constant(counts)


def _bincount(x, weights=None, minlength=0):
    """As long as it is here: a program that meets a larger number elsewhere says so."""
    number = counts(x, minlength=minlength)
    if weights is None:
        return number
    if np.shape(weights) != np.shape(x):
        raise ValueError("The weights and list don't have the same length.")
    return scatter(_as_float(weights), x, key=(ARRAY,), shape=np.shape(number))


def _as_float(weights):
    return typed(weights if isinstance(weights, Tensor) else np.asarray(weights), float)


composed(np.bincount, _bincount)


# --- the edges of bins


@primitive
def estimated_edges(a, bins="auto", range=None):
    """np.histogram_bin_edges, for the number of bins that it finds."""
    return np.histogram_bin_edges(a, bins, range)


constant(estimated_edges)


def _edges(a, bins, range=None):
    """The edges of one axis, as they are given, or evenly between the least and the greatest."""
    if np.ndim(bins) > 1:
        raise ValueError("bins must be 1d, when an array")
    if np.ndim(bins):
        return _increasing(bins)
    if isinstance(bins, str):
        bins = _estimated(a, bins, range)
    dtype = np.result_type(a, 1.0)
    if range is not None:
        return np.histogram_bin_edges(np.zeros(0, dtype), bins, range)
    if not np.size(a):
        return np.histogram_bin_edges(np.zeros(0, dtype), bins)
    if bins < 1:
        raise ValueError("bins must be positive, when an integer")
    first, last = np.min(a), np.max(a)
    single = np.equal(first, last)
    first, last = np.where(single, first - 0.5, first), np.where(single, last + 0.5, last)
    return np.linspace(first, last, bins + 1)


def _increasing(edges):
    if not isinstance(edges, Tensor):
        edges = np.asarray(edges)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("bins must increase monotonically, when an array")
    return edges


def _estimated(a, bins, range):
    edges = estimated_edges(a, bins=bins, range=range)
    if isinstance(edges, Tensor):
        raise NotDifferentiable(
            "refused",
            f"bins={bins!r} finds another number of bins elsewhere, and a program has one",
            help="give the number of bins",
        )
    return np.size(edges) - 1


def _histogram_bin_edges(a, bins=10, range=None, weights=None):
    return _edges(np.ravel(a), bins, range)


composed(np.histogram_bin_edges, _histogram_bin_edges)


# --- the contents of bins


def _place(x, edges):
    """The bin of each entry, and whether it is in one: the last has both of its edges."""
    within = np.logical_and(np.greater_equal(x, edges[0]), np.less_equal(x, edges[-1]))
    return np.searchsorted(edges[1:-1], x, side="right"), within


def _filled(columns, edges, weights):
    """The sum of the weights in each bin of a grid."""
    shape = tuple(np.shape(e)[0] - 1 for e in edges)
    bins, withins = zip(*map(_place, columns, edges), strict=True)
    within = withins[0]
    for more in withins[1:]:
        within = np.logical_and(within, more)
    return scatter(np.where(within, weights, 0), *bins, key=(ARRAY,) * len(shape), shape=shape)


def _density(hist, edges):
    """Divided by the width of the bins along each axis, and by the sum of all."""
    total = np.sum(hist)
    for k, widths in enumerate(map(np.diff, edges)):
        hist = hist / np.reshape(widths, (-1,) + (1,) * (len(edges) - k - 1))
    return hist / total


def _histogram(a, bins=10, range=None, density=None, weights=None):
    if weights is not None:
        if np.shape(weights) != np.shape(a):
            raise ValueError("weights should have the same shape as a.")
        if isinstance(bins, str):
            raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
        weights = np.ravel(weights)
    a = np.ravel(a)
    edges = _edges(a, bins, range)
    hist = _filled([a], [edges], 1 if weights is None else weights)
    return _density(hist, [edges]) if density else hist, edges


def _columns(sample):
    """One array for each dimension: the columns of a matrix, or what a list holds."""
    if not hasattr(sample, "ndim"):
        return list(sample)
    return [sample[:, k] for k in np.arange(np.shape(sample)[1]).tolist()] if np.ndim(sample) == 2 else [sample]


def _histogramdd(sample, bins=10, range=None, density=None, weights=None):
    columns = _columns(sample)
    bins = bins if hasattr(bins, "__len__") else [bins] * len(columns)
    ranges = [None] * len(columns) if range is None else range
    if len(bins) != len(columns):
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    edges = [_edges(*each) for each in zip(columns, bins, ranges, strict=True)]
    hist = _filled(columns, edges, 1.0 if weights is None else _as_float(weights))
    return _density(hist, edges) if density else hist, edges


def _histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if np.shape(x) != np.shape(y):
        raise ValueError("x and y must have the same length.")
    if hasattr(bins, "__len__") and len(bins) not in (1, 2):
        bins = [bins, bins]
    hist, edges = _histogramdd([x, y], bins, range, density, weights)
    return hist, *edges


composed(np.histogram, _histogram)
composed(np.histogramdd, _histogramdd)
composed(np.histogram2d, _histogram2d)
