"""Sums, products, quotients, powers and roots."""

import numpy as np

from ..rules import constant, elementwise

elementwise(np.add, lambda y, a, b: 1.0, lambda y, a, b: 1.0)
elementwise(np.subtract, lambda y, a, b: 1.0, lambda y, a, b: -1.0)
elementwise(np.multiply, lambda y, a, b: b, lambda y, a, b: a)
elementwise(np.negative, lambda y, x: -1.0)
elementwise(np.positive, lambda y, x: 1.0)

# Through the reciprocal, whose own partial is again at hand.
elementwise(np.true_divide, lambda y, a, b: np.reciprocal(b), lambda y, a, b: -y * np.reciprocal(b), poles=True)
elementwise(np.reciprocal, lambda y, x: -y * y, poles=True)

elementwise(np.square, lambda y, x: 2.0 * x, poles=True)
elementwise(np.sqrt, lambda y, x: 0.5 / y, poles=True)
elementwise(np.cbrt, lambda y, x: 1 / (3 * np.square(y)), poles=True)


def _power_base(y, a, b):
    """b * a^(b-1), but 0 where b = 0: a^0 is 1 for every a, so its slope is 0 even at a = 0."""
    if isinstance(b, (int, float)):
        return b * np.power(a, b - 1) if b else 0.0
    still = np.equal(b, 0)
    return np.where(still, 0.0, b * np.power(a, np.where(still, 1.0, b - 1.0)))


def _power_exponent(y, a, b):
    """a^b * log(a), but 0 at a = 0 where a^b tends to 0 faster than log(a) to -inf."""
    vanishes = np.logical_and(np.equal(a, 0), np.greater_equal(b, 0))
    return np.where(vanishes, 0.0, y * np.log(np.where(vanishes, 1.0, a)))


for power in (np.power, np.float_power):
    elementwise(power, _power_base, _power_exponent, poles=True)

# a - b*floor(a/b): the jumps are where the quotient is an integer.
elementwise(np.remainder, lambda y, a, b: 1.0, lambda y, a, b: -np.floor_divide(a, b), poles=True)
elementwise(np.fmod, lambda y, a, b: 1.0, lambda y, a, b: -np.trunc(a / b), poles=True)
constant(np.floor_divide, np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around, np.sign, np.heaviside)
constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.bitwise_and, np.bitwise_or, np.invert)
