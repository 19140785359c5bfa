"""Functions that gather along axes: sums, means, products, extremes."""

import numpy as np

from ..rules import linear


def spread(g, shape, axis, keepdims):
    """A reduction's cotangent, repeated along the axes that were summed (all of them for None)."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    elif axis is None and np.ndim(g) not in (0, len(shape)):
        raise ValueError("a cotangent has the shape of the answer")
    return np.broadcast_to(g, shape)


linear(np.sum, lambda g, x, axis=None, *, keepdims=False: spread(g, np.shape(x), axis, keepdims))
