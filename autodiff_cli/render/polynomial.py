"""A Taylor polynomial as a sum: an expression of the language, which can be pasted back, or LaTeX."""

import numpy as np

from .numbers import cells, value_text


def polynomial_text(polynomial, digits=None):
    """1 + 2*(x - 0.5) - 0.25*(x - 0.5)^3; arrays stand in brackets."""
    return written(polynomial, polynomial.variable, lambda array: _array(array, digits), "*", "{}^{}")


def written(polynomial, name, array, times, power):
    """The sum without its zero terms: `array` writes a coefficient, `times` joins it to a power of the variable."""
    center = polynomial.center
    base = name if center == 0 else f"({name} {'+' if center < 0 else '-'} {array(np.abs(center))})"
    terms = []
    for k, coefficient in enumerate(polynomial.coefficients):
        if np.any(coefficient != 0):
            terms.append(_term(array(coefficient), "" if k == 0 else base if k == 1 else power.format(base, k), times))
    return _joined(terms) or array(polynomial.coefficients[0])


def _term(coefficient, power, times):
    if power and coefficient in ("1", "-1"):
        return coefficient[:-1] + power
    return f"{coefficient}{times}{power}" if power else coefficient


def _joined(terms):
    return "".join(terms[:1]) + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in terms[1:])


def _array(array, digits):
    if np.size(array) == 0:
        return value_text(array)
    if np.ndim(array) == 0:
        return cells(array, digits)[0]
    return f"[{', '.join(_array(part, digits) for part in array)}]"
