"""Order statistics: medians, quantiles by every method of NumPy, weighted ones, and the same without what is nan."""

import numpy as np

from ..rules import composed, constant
from ..tensor import Tensor, primitive
from .indexing import getitem
from .reductions import gathered, kept
from .statistics import aligned_weights

# --- medians


def _spoilt(value, ordered):
    """nan where there is any, for nan sorts last; own axes of the value follow those of the slices."""
    own = np.ndim(value) - np.ndim(ordered) + 1
    is_nan = np.isnan(ordered[..., -1])
    return np.where(np.reshape(is_nan, np.shape(is_nan) + (1,) * own), np.nan, value)


def _placed(value, a, axis, keepdims, own=0):
    """An answer for each slice in its final form: its own axes first, and the reduced ones kept or not."""
    if own:
        value = np.moveaxis(value, tuple(range(-own, 0)), tuple(range(own)))
    return np.reshape(value, np.shape(value)[:own] + kept(np.shape(a), axis)) if keepdims else value


def _median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    ordered = np.sort(gathered(a, axis), -1)
    half, odd = divmod(np.shape(ordered)[-1], 2)
    if not np.shape(ordered)[-1]:
        return np.mean(a, axis, keepdims=keepdims)  # nan, with NumPy's warning
    middle = ordered[..., half] if odd else (ordered[..., half - 1] + ordered[..., half]) / 2
    return _placed(_spoilt(middle, ordered), a, axis, keepdims)


def _nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """The numbers come before the nans, so their count tells where the middle is."""
    ordered = np.sort(gathered(a, axis), -1)
    if not np.shape(ordered)[-1]:
        return np.mean(a, axis, keepdims=keepdims)
    count = np.count_nonzero(np.logical_not(np.isnan(ordered)), axis=-1, keepdims=True)
    pair = (np.take_along_axis(ordered, place // 2, -1) for place in (count - 1, count))
    return _placed((sum(pair, start=0.0) / 2)[..., 0], a, axis, keepdims)


composed(np.median, _median)
composed(np.nanmedian, _nanmedian)


# --- places of quantiles among n entries: R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages",
# The American Statistician 50 (1996) 361-365; in the form, and so with the rounding errors, that NumPy gives them


def _continuous(alpha, beta):
    return lambda n, q: n * q + (alpha + q * (1 - alpha - beta)) - 1


def _closest(n, q):
    """The nearest, and of two the one with an even number, counted from 1."""
    place = n * q - 1 - 0.5
    low = np.floor(place)
    return np.where(np.logical_and(np.equal(place, low), np.equal(low % 2, 1)), low, low + 1)


# Methods that pick one entry.
_PICKED = {
    "inverted_cdf": lambda n, q: np.ceil(n * q - 1),
    "closest_observation": _closest,
    "lower": lambda n, q: np.floor((n - 1) * q),
    "higher": lambda n, q: np.ceil((n - 1) * q),
    "nearest": lambda n, q: np.round((n - 1) * q),
}


def _between(share):
    """The share of the second of two entries: all that the place is beyond the first, or what the method says."""

    def within(place, low, last):
        if share is None:
            return np.clip(place - low, 0, 1)
        chosen = share(np.equal(place, np.floor(place)))
        return np.where(np.less(place, 0), 0.0, np.where(np.less(place, last), chosen, 1.0))

    return within


# Methods that go between two: their place, and from it the share of the second.
_INTERPOLATED = {
    "averaged_inverted_cdf": (lambda n, q: n * q - 1, _between(lambda whole: np.where(whole, 0.5, 1.0))),
    "interpolated_inverted_cdf": (_continuous(0, 1), _between(None)),
    "hazen": (_continuous(0.5, 0.5), _between(None)),
    "weibull": (_continuous(0, 0), _between(None)),
    "linear": (lambda n, q: (n - 1) * q, _between(None)),
    "median_unbiased": (_continuous(1 / 3.0, 1 / 3.0), _between(None)),
    "normal_unbiased": (_continuous(3 / 8.0, 3 / 8.0), _between(None)),
    "midpoint": (lambda n, q: (n - 1) * q, _between(lambda whole: np.where(whole, 0.0, 0.5))),
}


def _finite_at_ends(step, place, last):
    """The step between two entries, but 0 for an infinite one of which nothing is taken: that would be nan."""
    at_end = np.logical_or(np.less(place, 0), np.greater_equal(place, last))
    if not isinstance(at_end, Tensor) and not np.any(at_end):
        return step
    return np.where(np.logical_and(at_end, np.isinf(step)), 0, step)


def _value(pick, n, q, method, dtype):
    """The quantile, where pick(k) gives the entries at the places k of n in order."""
    last = np.maximum(n - 1, 0)
    if method in _PICKED:
        return pick(np.clip(_PICKED[method](n, q), 0, last).astype(int))
    if method not in _INTERPOLATED:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {', '.join((*_PICKED, *_INTERPOLATED))}")
    find, weigh = _INTERPOLATED[method]
    place = find(n, q)
    # From the last place but one the last piece goes on, so that there is a slope in q up to the end.
    low = np.clip(np.floor(place), 0, np.maximum(last - 1, 0))
    below, above = pick(low.astype(int)), pick(np.minimum(low + 1, last).astype(int))
    step, share = _finite_at_ends(above - below, place, last), weigh(place, low, last)
    share = share if dtype is None else share.astype(dtype)
    return np.where(share < 0.5, below + step * share, above - step * (1 - share))


@primitive
def weighted_places(a, weights, q):
    """For each slice of a, sorted, and each q, the place at which the weights up to it reach the share q of all.

    As NumPy does it for its method "inverted_cdf". What is nan weighs nothing, unless all is.
    """
    order, is_nan = np.argsort(a, -1), np.isnan(a)
    weights = np.where(is_nan & ~is_nan.all(-1, keepdims=True), 0, weights)
    cdf = np.cumsum(np.take_along_axis(weights, order, -1), -1, dtype=float)
    cdf /= cdf[..., -1:]
    if np.isnan(cdf[..., -1]).any():
        raise ValueError("Weights included NaN, inf or were all zero.")
    cdf[cdf == 0] = -1  # so that q = 0 finds the first weight that is not 0
    rows = np.reshape(cdf.astype(np.result_type(q, np.float16)), (-1, np.shape(cdf)[-1]))
    found = [np.minimum(np.searchsorted(row, q), row.size - 1) for row in rows]
    return np.reshape(found, np.shape(a)[:-1] + np.shape(q))


constant(weighted_places)


def _weighted(ordered, slices, weights, q, method):
    if method != "inverted_cdf":
        raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
    places = weighted_places(slices, weights, q)
    flat = np.take_along_axis(ordered, np.reshape(places, (*np.shape(ordered)[:-1], np.size(q))), -1)
    return np.reshape(flat, np.shape(places))


# --- quantiles


def _of_all(slices, ordered, q, method, weights, dtype):
    if weights is None:
        n = np.shape(ordered)[-1]
        value = _value(lambda k: getitem(ordered, (Ellipsis, k)), n, q, method, dtype)
    else:
        value = _weighted(ordered, slices, weights, q, method)
    return _spoilt(value, ordered)


def _of_numbers(slices, ordered, q, method, weights, dtype):
    """The numbers come before the nans, so their count tells where the places are."""
    if weights is not None:
        return _weighted(ordered, slices, weights, q, method)
    n = np.count_nonzero(np.logical_not(np.isnan(ordered)), axis=-1, keepdims=True)
    n = n.astype(np.result_type(q, np.float16))  # the precision of q, as where n is one number
    value = _value(lambda k: np.take_along_axis(ordered, k, -1), n, np.ravel(q), method, dtype)
    return np.reshape(value, np.shape(value)[:-1] + np.shape(q))


def _quantiles(find, percent):
    """quantile, percentile, nanquantile or nanpercentile."""

    def definition(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
                   weights=None):  # fmt: skip
        is_weak = type(q) in (int, float)
        a = a if isinstance(a, Tensor) else np.asarray(a)
        if percent:
            q = np.true_divide(q, 100)
        q = _checked(q)
        if weights is not None:
            weights = gathered(np.broadcast_to(aligned_weights(weights, a, axis), np.shape(a)), axis)
        slices = gathered(a, axis)
        ordered = np.sort(slices, -1)
        value = find(slices, ordered, q, method, weights, ordered.dtype if is_weak else None)
        return _placed(value, a, axis, keepdims, np.ndim(q))

    return definition


def _checked(q):
    """The probabilities as an array or Tensor."""
    q = q if isinstance(q, Tensor) else np.asarray(q)
    if np.ndim(q) > 2:
        raise ValueError("q must be a scalar or 1d")
    valid = np.all(np.logical_and(q >= 0, q <= 1))
    if not (isinstance(valid, Tensor) or valid):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return q


composed(np.quantile, _quantiles(_of_all, percent=False))
composed(np.percentile, _quantiles(_of_all, percent=True))
composed(np.nanquantile, _quantiles(_of_numbers, percent=False))
composed(np.nanpercentile, _quantiles(_of_numbers, percent=True))
