"""Sums, products, quotients, powers and roots; remainders, and the parts of a number."""

import numpy as np

from ..rules import composed, constant, elementwise, general, linear, refuse
from ..tensor import primitive

elementwise(np.add, lambda y, a, b: 1.0, lambda y, a, b: 1.0)
elementwise(np.subtract, lambda y, a, b: 1.0, lambda y, a, b: -1.0)
elementwise(np.multiply, lambda y, a, b: b, lambda y, a, b: a)
elementwise(np.negative, lambda y, x: -1.0)
elementwise(np.positive, lambda y, x: 1.0)


def _inverse(b):
    """1/b through the reciprocal, whose own partial is again at hand; but that of an integer is an integer."""
    return np.reciprocal(b) if hasattr(b, "dtype") and b.dtype.kind in "fc" else np.true_divide(1.0, b)


elementwise(np.true_divide, lambda y, a, b: _inverse(b), lambda y, a, b: -y * _inverse(b), poles=True)
elementwise(np.reciprocal, lambda y, x: -y * y, poles=True)

elementwise(np.square, lambda y, x: 2.0 * x, poles=True)
elementwise(np.sqrt, lambda y, x: 0.5 / y, poles=True)
elementwise(np.cbrt, lambda y, x: 1 / (3 * np.square(y)), poles=True)


def _power_base(y, a, b):
    """b * a^(b-1), but 0 where both are 0: a^0 is 1 for every a."""
    if isinstance(b, (int, float)):
        return b * np.power(a, b - 1) if b else 0.0
    return np.where(_both_zero(a, b), 0.0, b * np.power(a, b - 1.0))


def _power_exponent(y, a, b):
    """a^b * log(a), with a rule of its own at a = 0, where the product is 0 * inf."""
    if np.iscomplexobj(y):
        a = a + 0j  # a negative number has a logarithm, too
    if isinstance(a, (int, float, complex)) and a:
        return y * np.log(a)
    return np.where(np.equal(a, 0), power_log(a, b), y * np.log(a))


@primitive
def power_log(a, b, k=1):
    """a^b * log(a)^k, and its limit at a = 0: for b > 0 the power vanishes faster than the logarithm grows."""
    return np.where(np.logical_and(np.equal(a, 0), np.greater(b, 0)), 0.0, np.power(a, b) * np.log(a) ** k)


def _power_log_base(y, a, b, k=1):
    """a^(b-1) * (b log(a)^k + k log(a)^(k-1)); at 0 the higher power of the logarithm outgrows the other."""
    higher = np.where(np.equal(b, 0), 0.0, b * power_log(a, b - 1.0, k))
    return np.where(np.isinf(higher), higher, higher + k * power_log(a, b - 1.0, k - 1))


def _both_zero(a, b):
    return np.logical_and(np.equal(a, 0), np.equal(b, 0))


_POWER_KINK = (
    lambda y, a, b: _both_zero(a, b),
    "0^0 is 1 by convention; as x^0 it is flat and 0 is used, as 0^x it falls to 0 at once and -inf is used",
)
for power in (np.power, np.float_power):
    elementwise(power, _power_base, _power_exponent, poles=True, kink=_POWER_KINK)
elementwise(power_log, _power_log_base, lambda y, a, b, k=1: power_log(a, b, k + 1), poles=True)


# --- what is left over by a division: a - n*b with an integer n that jumps where the quotient is whole


def _whole(y, a, b):
    return np.logical_and(np.equal(y, 0), np.not_equal(a, 0))


_JUMP = (_whole, "the function jumps here; its slope is the same on both sides and is used")

elementwise(np.remainder, lambda y, a, b: 1.0, lambda y, a, b: -np.floor_divide(a, b), poles=True, kink=_JUMP)
# Not trunc(a/b): the rounded quotient of 1 and 0.1 is 10, but 9 is what fmod takes away.
elementwise(np.fmod, lambda y, a, b: 1.0, lambda y, a, b: -np.rint((a - y) / b), poles=True, kink=_JUMP)


composed(np.divmod, lambda x1, x2: (np.floor_divide(x1, x2), np.remainder(x1, x2)))
general(np.modf, lambda g, y, x: g[0], why="two results; the whole part stands still, the fraction moves with x")
general(
    np.frexp,
    lambda g, y, x: np.ldexp(g[0], np.negative(y[1])),
    why="two results; x = mantissa * 2^exponent with an exponent that stands still",
)
elementwise(np.ldexp, lambda y, x1, x2: np.ldexp(1.0, x2), None, poles=True)
elementwise(
    np.heaviside, None, lambda y, x1, x2: np.equal(x1, 0), chooses=True,
    kink=(lambda y, x1, x2: np.equal(x1, 0), "the function jumps here; the slope on both sides, 0, is used"),
)  # fmt: skip

# --- parts of a complex number, in the convention df = Re(g * dz); on real numbers all of them are simple

linear(np.real, lambda g, val: g)
linear(np.imag, lambda g, val: g * -1j)
linear(np.conjugate, lambda g, x: np.conjugate(g))
linear(np.real_if_close, lambda g, a, tol=100: g)
composed(np.sort_complex, lambda a: np.astype(np.sort(a), np.result_type(a, np.complex64)))


@primitive
def sign(x):
    """np.sign of real numbers, which stands still."""
    return np.sign(x)


@primitive
def phase(z):
    """np.sign of complex numbers: z / |z|, and 0 for 0."""
    return np.sign(z)


def _phase(g, y, z):
    """i Im(g y) / (y |z|): z must turn, as it does for the angle."""
    return np.where(np.equal(z, 0), 0.0, 1j * np.imag(g * y) * np.conjugate(y) / np.abs(z))


constant(sign)
general(phase, _phase, why="holomorphic in no direction: only a turn of z changes it")
composed(np.sign, lambda x: phase(x) if np.iscomplexobj(x) else sign(x))

# --- what stands still

constant(np.floor_divide, np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around)
constant(np.gcd, np.lcm, np.spacing)
constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.isfinite, np.isinf, np.isnan, np.isposinf, np.isneginf, np.isreal, np.iscomplex, np.signbit, np.isclose)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
constant(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.bitwise_count, np.invert, np.left_shift, np.right_shift)
refuse(
    np.nextafter,
    "the step to the next float is no function of real numbers",
    help="leave the step out, or take it of the value after differentiating",
)
