"""Numbers as a person writes them: exact fractions, and pi or log(2) where a float is one of them."""

import math
from fractions import Fraction

from ...language.syntax import Binary, Number
from .spelling import NOWHERE

_MOST = 1000  # the largest denominator that is looked for
_SHOWN = 9  # the largest denominator that is written as one, where decimals would do as well
_PLACES = 12  # a float of so many digits is not what somebody typed
CONSTANTS = {
    "pi": math.pi, "e": math.e, "log(2)": math.log(2), "log(10)": math.log(10), "sqrt(2)": math.sqrt(2),
    "sqrt(pi)": math.sqrt(math.pi), "sqrt(2*pi)": math.sqrt(2 * math.pi), "log(2*pi)": math.log(2 * math.pi),
}  # fmt: skip


def exact(value):
    """(fraction, constant, power): a finite float is fraction * CONSTANTS[constant]**power."""
    value = float(value)
    fraction = Fraction(value).limit_denominator(_MOST)
    if float(fraction) == value:
        return fraction, None, 1
    if len(repr(value)) >= _PLACES:
        for name, constant in CONSTANTS.items():
            for power in (1, -1):
                fraction = Fraction(value / constant**power).limit_denominator(_MOST)
                if fraction and math.isclose(fraction * constant**power, value, rel_tol=4e-16):
                    return fraction, name, power
    return Fraction(repr(value)), None, 1


def parts(fraction):
    """A positive fraction as numerator and denominator, each an int or a float; decimals have the denominator 1."""
    top, bottom = fraction.numerator, fraction.denominator
    if bottom > _SHOWN and (bottom > _MOST or _is_decimal(bottom)):
        return float(fraction), 1
    return top, bottom


def _is_decimal(denominator):
    """Whether a fraction with this denominator ends as a decimal."""
    return 10**20 % denominator == 0


def number(fraction):
    """The tree of a positive number by itself: 3, 0.5, 1/3."""
    top, bottom = parts(Fraction(fraction))
    if bottom == 1 or _is_decimal(bottom):
        return Number(float(fraction), NOWHERE)
    return Binary("/", Number(float(top), NOWHERE), Number(float(bottom), NOWHERE), NOWHERE)
