"""Tensors to begin with: random ones, whose size is fitted to the layer, and the identity of a convolution.

All take their shape as numbers or as one tuple, and

    dtype          a type of floats
    rng            a generator, or a seed, with which the same numbers come again; others each time for None
    requires_grad  whether backward passes keep a gradient

A weight of shape (fan_out, fan_in, *window) has prod(window) times as many ways in and out as it has channels. Names
and meanings are MyGrad's.
"""

from math import prod, sqrt

import numpy as np

from ..errors import AdiffError
from .imperative import leaf

_RECTIFIED = sqrt(2)  # makes up for the half of the variance that a relu cuts off


def uniform(*shape, lower_bound=0.0, upper_bound=1.0, dtype=float, rng=None, requires_grad=False):
    """Numbers that are spread evenly from lower_bound to below upper_bound."""
    if not lower_bound < upper_bound:
        raise AdiffError(
            "value", f"lower_bound must be below upper_bound, and they are {lower_bound} and {upper_bound}"
        )
    return leaf(
        np.random.default_rng(rng).uniform(lower_bound, upper_bound, _shape(shape)), requires_grad, _floats(dtype)
    )


def normal(*shape, mean=0.0, std=1.0, dtype=float, rng=None, requires_grad=False):
    """Numbers of a normal distribution."""
    if not std >= 0:
        raise AdiffError("value", f"std must not be negative, and is {std}")
    return leaf(np.random.default_rng(rng).normal(mean, std, _shape(shape)), requires_grad, _floats(dtype))


def glorot_uniform(*shape, gain=1.0, dtype=float, rng=None, requires_grad=False):
    """Evenly spread between -b and b, b = gain*sqrt(6/(fan_in + fan_out)).

    Glorot and Bengio 2010, proceedings.mlr.press/v9/glorot10a.
    """
    bound = gain * sqrt(6 / sum(_fans(shape)))
    return uniform(*shape, lower_bound=-bound, upper_bound=bound, dtype=dtype, rng=rng, requires_grad=requires_grad)


def glorot_normal(*shape, gain=1.0, dtype=float, rng=None, requires_grad=False):
    """Normal with mean 0 and standard deviation gain*sqrt(2/(fan_in + fan_out)).

    Glorot and Bengio 2010, proceedings.mlr.press/v9/glorot10a.
    """
    std = gain * sqrt(2 / sum(_fans(shape)))
    return normal(*shape, std=std, dtype=dtype, rng=rng, requires_grad=requires_grad)


def he_uniform(*shape, gain=_RECTIFIED, dtype=float, rng=None, requires_grad=False):
    """Evenly spread between -b and b, b = gain*sqrt(3/fan_in).

    The gain is sqrt(2/(1 + slope^2)) before a leaky_relu; by default that before a relu. He et al. 2015,
    arXiv:1502.01852.
    """
    bound = gain * sqrt(3 / _fans(shape)[1])
    return uniform(*shape, lower_bound=-bound, upper_bound=bound, dtype=dtype, rng=rng, requires_grad=requires_grad)


def he_normal(*shape, gain=_RECTIFIED, dtype=float, rng=None, requires_grad=False):
    """Normal with mean 0 and standard deviation gain/sqrt(fan_in).

    The gain is sqrt(2/(1 + slope^2)) before a leaky_relu; by default that before a relu. He et al. 2015,
    arXiv:1502.01852.
    """
    return normal(*shape, std=gain / sqrt(_fans(shape)[1]), dtype=dtype, rng=rng, requires_grad=requires_grad)


def dirac(*shape, dtype=float, requires_grad=False):
    """Filters that pass on as many channels as they can, each to the one of its number: 1 in the middle, else 0.

    Zagoruyko and Komodakis 2017, arXiv:1706.00388.
    """
    _fans(shape)
    filters = np.zeros(_shape(shape), dtype)
    passed = np.arange(min(filters.shape[:2]))
    filters[(passed, passed, *(n // 2 for n in filters.shape[2:]))] = 1
    return leaf(filters, requires_grad)


def _shape(shape):
    """Numbers, or one tuple of them."""
    return tuple(shape[0]) if len(shape) == 1 and np.iterable(shape[0]) else shape


def _fans(shape):
    """(fan_out, fan_in) of a weight of this shape."""
    shape = _shape(shape)
    if len(shape) < 2 or not prod(shape):
        message = f"a weight has the shape (fan_out, fan_in, *window), not {shape}"
        raise AdiffError("shape", message, help="uniform and normal take any shape")
    return shape[0] * prod(shape[2:]), prod(shape[1:])


def _floats(dtype):
    if np.dtype(dtype).kind != "f":
        raise AdiffError("value", f"random numbers are floats, not {np.dtype(dtype)}")
    return dtype
