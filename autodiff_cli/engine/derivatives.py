"""Derivatives of any order with respect to numbers, from Taylor series, and how many of their digits to trust.

*Scale.* Coefficients are those of x(t) = x + h*t*d with a power of two h, for h = 1 first. Where they leave the range
of floating point, h is chosen from how fast they grow, so that order 60 overflows only where the answer does.

*Trust.* The series is computed again with every rounded coefficient moved by a random part of its last digit. The
digits in which the answers agree are those that rounding left alone (stochastic arithmetic: Vignes, "A stochastic
arithmetic for reliable scientific computation", 1993).

*Mixed partials* are sums over univariate series along several directions (Griewank, Utke, Walther, "Evaluating higher
derivative tensors by forward propagation of univariate Taylor series", 2000, equations 12 and 17).
"""

from fractions import Fraction
from itertools import product
from math import comb, factorial, prod
from typing import NamedTuple

import numpy as np

from .simplify import recording_of, simplifying
from .taylor import Series

ALL_DIGITS = 15  # as many as any double is good for

_SAMPLES = 2  # runs with moved digits
_STEPS = 16  # by how many units of the last digit: a move by one may be rounded away
_SAFE = 1e-280, 1e280  # beyond these, products of coefficients leave the range of doubles
_NORMAL = float(np.finfo(float).tiny)
_TRIES = 8  # to find that length
_GOLDEN = 0.6180339887498949
_EPS = {code: float(np.finfo(code).eps) for code in "fdFD"}


class Derivative(NamedTuple):
    """One derivative: its value, of the shape of the output; digits to be trusted, all of them where that was not
    judged; and along how many directions the series was computed."""

    value: object
    digits: int
    directions: int


class Polynomial(NamedTuple):
    """Taylor coefficients, of shape (order + 1, *shape of the output), and how many digits of each to trust."""

    coefficients: object
    digits: list


@np.errstate(all="ignore")
def taylor(output, line, order, judged=True):
    """The coefficients up to `order` of an output Line in an input Line that is a number, as a Polynomial; its digits
    are known only if `judged`, which takes three times as long."""
    samples = _samples(output, [line], [np.ones_like(line.value)], order, _jitters(judged))
    orders = range(order + 1)
    found = [[_unscaled(run.coefficients[k], 1, k * run.exponent) for k in orders] for run in samples]
    return Polynomial(np.stack(found[0]), [_digits([run[k] for run in found]) for k in orders])


@np.errstate(all="ignore")
def expansion(output, lines, directions, order, factor, *, record=False, poles=False):
    """[factor(k) * coefficient k] of an output Line along directions; Tensors where `record`, which may be not finite
    where they need not be, if `poles`."""
    with recording_of(output), simplifying():
        if record:
            found = Series(lines, directions, record=True, poles=poles).fill(output, order)
            return [float(factor(k)) * c for k, c in enumerate(found)]
        run = _in_range(output, lines, directions, order)
    return [_unscaled(c, factor(k), k * run.exponent) for k, c in enumerate(run.coefficients)]


@np.errstate(all="ignore")
def derivative(output, orders, judged=True):
    """One Derivative of an output Line: `orders` has the order for each of some input Lines that are numbers; `judged`
    as for taylor."""
    lines, index = list(orders), tuple(orders.values())
    total, weights = sum(index), direction_weights(index)
    terms, jitters = [], _jitters(judged)
    for direction, weight in weights.items():
        samples = _samples(output, lines, _multiples(lines, direction), total, jitters)
        terms.append([_unscaled(run.coefficients[total], weight, total * run.exponent) for run in samples])
    found = [sum(sample[1:], start=sample[0]) for sample in zip(*terms, strict=True)]
    return Derivative(found[0], _digits(found), len(weights))


def recorded_derivative(output, orders):
    """The same as a Tensor, in a Recording; not finite in some places where the derivative is."""
    lines, total, answer = list(orders), sum(orders.values()), 0.0
    for direction, weight in direction_weights(tuple(orders.values())).items():
        directions = _multiples(lines, direction)
        *_, found = expansion(output, lines, directions, total, lambda k, w=weight: w, record=True, poles=True)
        answer = answer + found
    return answer


def recorded_taylor(output, line, order):
    """The coefficients as a Tensor, in a Recording; not finite in some places where the coefficients are."""
    one = [np.ones_like(line.value)]
    return np.stack(expansion(output, [line], one, order, lambda k: 1, record=True, poles=True))


def _multiples(lines, direction):
    return [np.multiply(line.value.dtype.type(1), d) for line, d in zip(lines, direction, strict=True)]


def direction_weights(index):
    """{direction: weight}: the partial derivative by a multi-index is the sum of weight * (Taylor coefficient of
    order |index| along direction)."""
    total = sum(index)
    if len(index) == 1:
        return {(1,): factorial(total)}
    directions = [j for j in product(range(total + 1), repeat=len(index)) if sum(j) == total]
    weights = {j: _weight(index, j, total) for j in directions}
    return {j: weight for j, weight in weights.items() if weight}


def _weight(index, j, total):
    """Equation 17, in exact numbers."""
    answer = Fraction(0)
    for k in product(*(range(n + 1) for n in index)):
        size = sum(k)
        if size:
            sign = -1 if (total - size) % 2 else 1
            choices = prod(comb(n, m) for n, m in zip(index, k, strict=True))
            steps = prod(_binomial(Fraction(total * m, size), n) for m, n in zip(k, j, strict=True))
            answer += sign * choices * steps * Fraction(size, total) ** total
    return answer


def _binomial(z, n):
    """z over n, for a fraction z."""
    return prod((z - m for m in range(n)), start=Fraction(1)) / factorial(n)


# --- one series, several times


class _Run(NamedTuple):
    """Coefficients 0 to order, those of h^k with h = 2^exponent, and what the lines on the way have shown."""

    coefficients: list
    exponent: int
    growth: float | None  # by how many bits coefficients grow with each order, where some left their range


def _jitters(judged):
    return [_Jitter(n) for n in range(_SAMPLES if judged else 0)]


def _samples(output, lines, directions, order, jitters):
    """The series as it is, and with moved digits."""
    with recording_of(output), simplifying():
        run = _in_range(output, lines, directions, order)
        moved = [_run(output, lines, directions, order, run.exponent, jitter) for jitter in jitters]
    return [run, *moved]


def _in_range(output, lines, directions, order):
    """A run along directions of such a length that coefficients stay where they can be multiplied, or close to it: how
    fast they grow may differ from what the first of them let expect, as it does for those that have a factor 1/k!."""
    run = _run(output, lines, directions, order)
    for _ in range(_TRIES):
        step = round(run.growth or 0)
        if not step:
            break
        run = _run(output, lines, directions, order, run.exponent - step)
    return run


def _run(output, lines, directions, order, exponent=0, jitter=None):
    series = Series(lines, [np.ldexp(d, exponent) for d in directions], jitter=jitter)
    found = series.fill(output, order)
    return _Run(found, exponent, None if jitter else _growth(series))


def _growth(series):
    """How fast coefficients grow in those lines where they leave the range in which they can be multiplied."""
    return max(filter(None, map(_growth_of, series.known.values())), default=None)


def _growth_of(known):
    low, high = _SAFE
    sizes = [(k, size) for k, c in enumerate(known) if c is not None and (size := _size(c))]
    inside = [(k, np.log2(size)) for k, size in sizes if low < size < high]
    left = len(inside) < len(sizes)
    inside = inside if len(inside) > 2 else [(k, np.log2(size)) for k, size in sizes if _NORMAL < size < np.inf]
    return np.polyfit(*zip(*inside, strict=True), 1)[0] if left and len(inside) > 2 else None


def _size(coefficient):
    if isinstance(coefficient, tuple):
        return max(map(_size, coefficient))
    return abs(coefficient) if np.ndim(coefficient) == 0 else np.max(np.abs(coefficient), initial=0.0)


class _Jitter:
    """Moves every number by a few units of its last digit that looks random and are the same in every run."""

    def __init__(self, seed):
        self.count = 1000 * seed

    def __call__(self, x):
        if isinstance(x, tuple):
            return tuple(map(self, x))
        start, self.count = self.count, self.count + x.size
        steps = start if x.ndim == 0 else np.arange(start, self.count).reshape(x.shape)
        return x * (1 + _STEPS * _EPS[x.dtype.char] * (2 * (steps * _GOLDEN % 1) - 1))


def _digits(found):
    """How many significant digits the samples share; of the worst entry of an array."""
    value = found[0]
    spread = np.max([np.abs(other - value) for other in found], axis=0)
    if not np.all(np.isfinite(spread)):
        return 0
    error = 8 / _STEPS * spread  # samples may be close to each other by chance
    ratio = np.max(np.where(error == 0, 0.0, error / np.where(value == 0, error, np.abs(value))), initial=0.0)
    # The last digit is trusted only in what no rounding has touched.
    return int(np.clip(-np.log10(ratio), 0, ALL_DIGITS - 1)) if ratio else ALL_DIGITS


def _unscaled(coefficient, factor, exponent):
    """coefficient * factor / 2^exponent, where only the answer needs to be in range."""
    mantissa, own = np.frexp(coefficient)
    number = Fraction(factor)
    size = number.numerator.bit_length() - number.denominator.bit_length()
    return np.ldexp(mantissa * float(number / Fraction(2) ** size), own + size - exponent)
