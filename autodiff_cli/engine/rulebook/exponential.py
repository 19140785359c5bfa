"""Exponentials and logarithms, and the logistic function that is made of them."""

import math

import numpy as np

from ..rules import elementwise
from ..tensor import primitive

_LN2 = math.log(2)
_LN10 = math.log(10)

elementwise(np.exp, lambda y, x: y, poles=True)
elementwise(np.exp2, lambda y, x: _LN2 * y, poles=True)
# Not y + 1, which is 0 from x = -37 on.
elementwise(np.expm1, lambda y, x: np.exp(x), poles=True)
elementwise(np.log, lambda y, x: 1 / x, poles=True)
elementwise(np.log2, lambda y, x: 1 / (_LN2 * x), poles=True)
elementwise(np.log10, lambda y, x: 1 / (_LN10 * x), poles=True)
elementwise(np.log1p, lambda y, x: 1 / (1 + x), poles=True)


def decay(x):
    """exp(-|x|); of complex numbers, the smaller one of exp(x) and exp(-x)."""
    return np.exp(-(np.where(np.real(x) < 0, -x, x) if np.iscomplexobj(x) else np.abs(x)))


@primitive
def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow and to full relative accuracy on both sides."""
    below_zero = np.where(np.real(x) < 0, x, 0.0) if np.iscomplexobj(x) else np.minimum(x, 0.0)
    return np.exp(below_zero) / (1 + decay(x))


# Not y*(1 - y), which is 0 from x = 37 on.
elementwise(sigmoid, lambda y, x: y * sigmoid(-x))


def _lead(a, b):
    """a - b, where two equal infinities are as far as each other."""
    tie = np.logical_and(np.equal(a, b), np.isinf(a))
    return np.where(tie, 0.0, a - b)


elementwise(
    np.logaddexp,
    lambda y, x1, x2: sigmoid(_lead(x1, x2)),
    lambda y, x1, x2: sigmoid(_lead(x2, x1)),
)
elementwise(
    np.logaddexp2,
    lambda y, x1, x2: sigmoid(_LN2 * _lead(x1, x2)),
    lambda y, x1, x2: sigmoid(_LN2 * _lead(x2, x1)),
)
