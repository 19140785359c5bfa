"""Taylor coefficients of any order along a direction, from the same rules.

Where x(t) = x + t*d, every line is a power series in t. A linear function acts on coefficients one by one; a bilinear
one convolves them; and for an elementwise y = f(u) with the partial p, y' = p*u' says that

    k * y_k  =  sum over j from 1 to k of  j * u_j * p_(k-j),

which asks of p only coefficients below k. The partial is a line as any other, made once; where equal lines are one,
sine and cosine call each other down to order zero, and each order costs as many products as it has terms. For a
general rule y' is its pushforward of u', a line that is linear in u' (Griewank and Walther, "Evaluating derivatives",
2008, chapter 13).

A coefficient that is zero by construction is None, so that polynomials end.
"""

from functools import partial, reduce
from itertools import product as combinations

import numpy as np

from .differentiate import annihilates, has_slope, plain, product, reached
from .forward import fitted, pushforward
from .program import PART, Line, ancestors
from .tensor import Tensor, variable, wrap

_SMALL, _CONDITION = 5, 1e8  # determinants above this size, below this condition number, go by the inverse


class Series:
    """The power series of lines along a direction: `coefficient(line, k)` is an array, a Tensor where `record`.

    inputs      Lines, with respect to which the series is
    directions  one for each, of its shape
    poles       whether coefficients may be not finite where those of the function are, as at the zero of a power: who
                runs what is recorded asks again there
    jitter      called on every coefficient that was rounded, to see what an error of its last digit does

    Coefficients are asked for in ascending order of k and of lines, as `fill` does, in a Recording.
    """

    def __init__(self, inputs, directions, *, record=False, poles=False, jitter=None):
        self.record = record
        self.poles = poles
        self.jitter = jitter
        self.known = {line: [self.see(line), d] for line, d in zip(inputs, directions, strict=True)}
        self.steps = dict.fromkeys(inputs, lambda k: None)
        self.inputs = inputs
        self.symbolic = set()  # lines that stand on a placeholder: their values are not those of the point

    def see(self, line):
        return wrap(line) if self.record else line.value

    def fill(self, output, order):
        """The coefficients 0 to `order` of an output."""
        self.reached = reached([output], self.inputs) if self.record else ()
        moving = [line for line in ancestors([output]) if self.moves(line)]
        for k in range(order + 1):
            for line in moving:
                self.coefficient(line, k)
        return [self.number(output, k) for k in range(order + 1)]

    def coefficient(self, line, k):
        """The k-th coefficient of a line; None where it is zero by construction."""
        if type(line) is not Line:
            return None if k else line
        return self.upto(line, k)[k]

    def number(self, operand, k):
        """A coefficient, be it zero by construction."""
        found = self.coefficient(operand, k)
        return np.zeros_like(operand.value) if found is None else found

    def upto(self, line, k):
        """The coefficients 0 to k (and perhaps more) of a line, or of a constant."""
        if type(line) is not Line:
            return [line] + [None] * k
        known = self.known.get(line)
        if known is None:
            self.begin(line)
            known = self.known[line]
        if len(known) <= k:
            step, value = self.steps[line], line.value
            while len(known) <= k:
                found = None if step is None else step(len(known))
                if found is not None:
                    if type(found) is tuple or found.shape != value.shape or found.dtype is not value.dtype:
                        found = fitted(found, value)
                    if self.jitter is not None:
                        found = self.jitter(found)
                known.append(found)
        return known

    def begin(self, line):
        """What a line's next coefficients are computed by; nothing, where it stands still."""
        moves = [type(o) is Line and self.moves(o) for o in line.operands]
        positions = [i for i in line.moving if moves[i]]
        value = self.value(line, positions)
        self.known[line] = [self.rounded(value) if positions else value]
        self.steps[line] = self.method(line, positions) if positions else None

    def rounded(self, coefficient):
        return coefficient if self.jitter is None else self.jitter(coefficient)

    def value(self, line, positions):
        """The coefficient of order 0."""
        if not self.symbolic.isdisjoint(line.parents):
            self.symbolic.add(line)
        elif self.jitter is None or not positions:
            return self.see(line)
        operands = [self.number(o, 0) for o in line.operands]
        return operands[0][line.params["index"]] if line.rule is PART else line.rule.call(*operands, **line.params)

    def moves(self, line):
        """Whether a line depends on the inputs."""
        if line not in self.known:
            self.begin(line)
        return self.steps[line] is not None

    def method(self, line, positions):
        recurrence = _RECURRENCES.get(line.rule.function)
        kind = recurrence and recurrence(self, line, positions)
        return kind or _KINDS[line.rule.kind](self, line, positions)

    # --- one method for each kind of rule: from a line to the function that computes its k-th coefficient

    def elementwise(self, line, positions):
        rule, arguments = line.rule, [wrap(o) if type(o) is Line else o for o in line.operands]
        terms = []
        for i in positions:
            slope = rule.derivative(i)(wrap(line), *arguments, **line.params)
            p = slope.line if isinstance(slope, Tensor) and slope.line else plain(slope)
            terms.append((line.operands[i], p))

        if len(terms) == 1:
            return partial(self.chained, line, positions, *terms[0])
        return lambda k: _total([self.chained(line, positions, u, p, k) for u, p in terms])

    def chained(self, line, positions, u, p, k):
        """The term of one operand u with the partial p."""
        if type(p) is Line and self.moves(p):
            total = _convolved(k, self.upto(u, k), self.upto(p, k - 1), 1, range(k + 1))
            return total if total is None else total / k
        u = self.coefficient(u, k)
        if u is None or (type(p) is float and p):
            return u if u is None else product(u, p)
        p = self.coefficient(p, 0)
        masked = annihilates(line, positions, p, self.reached)
        return product(u, p, np.not_equal(p, 0), has_slope(line, positions)) if masked else product(u, p)

    def linear(self, line, positions):
        rule = line.rule

        def step(k):
            found = {i: self.coefficient(line.operands[i], k) for i in positions}
            if all([c is None for c in found.values()]):
                return None
            operands = [found.get(i) for i in range(len(line.operands))]
            operands = [self.standing(line, i) if c is None else c for i, c in enumerate(operands)]
            answer = rule.call(*operands, **line.params)
            # A choice that passes nothing stands still, be it before a pole; but elsewhere it may choose otherwise.
            return None if rule.chooses and not self.record and not np.any(answer) else answer

        return step

    def standing(self, line, i):
        """An operand that does not move: zeros, or as it is where it is an index or a condition."""
        value = self.coefficient(line.operands[i], 0)
        return np.zeros_like(plain(value)) if line.rule.passes(i) else value

    def bilinear(self, line, positions):
        """All products whose orders add up to k."""
        rule, operands = line.rule, line.operands

        def term(orders, k):
            orders = dict(zip(positions, (*orders, k - sum(orders)), strict=True))
            parts = [self.coefficient(o, orders.get(i, 0)) for i, o in enumerate(operands)]
            return None if any([p is None for p in parts]) else rule.call(*parts, **line.params)

        def step(k):
            orders = combinations(range(k + 1), repeat=len(positions) - 1)
            return _total([term(some, k) for some in orders if sum(some) <= k])

        return step

    def general(self, line, positions, push=pushforward):
        """The pushforward of the operands' slopes, whose own series are those of the operands, a step ahead."""
        slopes = [variable(np.zeros_like(line.operands[i].value)) for i in positions]
        arguments = [wrap(o) if type(o) is Line else o for o in line.operands]
        answer = push(line, wrap(line), arguments, positions, slopes)
        for slope, i in zip(slopes, positions, strict=True):
            self.known[slope.line] = []
            self.symbolic.add(slope.line)
            self.steps[slope.line] = self.slope_of(line.operands[i])
        if isinstance(answer, tuple):
            return lambda k: _parts([self.slope(part, k) for part in answer], line)
        return lambda k: self.slope(answer, k)

    def slope_of(self, line):
        return lambda k: _scaled(self.coefficient(line, k + 1), k + 1)

    def slope(self, answer, k):
        """y_k from y', of which it is the coefficient before."""
        found = self.coefficient(answer.line, k - 1) if isinstance(answer, Tensor) and answer.line else None
        return found if found is None else found / k

    def part(self, line, positions):
        index = line.params["index"]

        def step(k):
            found = self.coefficient(line.operands[0], k)
            return found if found is None else found[index]

        return step


def _total(terms):
    terms = [t for t in terms if t is not None]
    return reduce(lambda a, b: a + b, terms) if terms else None


def _convolved(k, a, b, first=0, weights=None):
    """The sum over j from `first` to k of a_j * b_(k-j), each times weights[j]."""
    total = None
    for j in range(first, k + 1):
        u, v = a[j], b[k - j]
        if u is not None and v is not None:
            term = u * v if weights is None else weights[j] * u * v
            total = term if total is None else total + term
    return total


def _scaled(u, j):
    return u if u is None or j == 1 else j * u


def _parts(found, line):
    """The coefficient of a line with several results."""
    if all([part is None for part in found]):
        return None
    return tuple(np.zeros_like(v) if part is None else part for part, v in zip(found, line.value, strict=True))


_KINDS = {
    "elementwise": Series.elementwise,
    "linear": Series.linear,
    "bilinear": Series.bilinear,
    "general": Series.general,
    "part": Series.part,
}


# --- functions whose series have a shorter way than through their partials


def _product(series, line, positions):
    """(a*b)_k = sum of a_j b_(k-j)."""
    a, b = line.operands
    return (lambda k: _convolved(k, series.upto(a, k), series.upto(b, k))) if len(positions) == 2 else None


def _quotient(series, line, positions):
    """From y*b = a:  y_k = (a_k - sum over j > 0 of b_j y_(k-j)) / b_0."""
    a, b = line.operands
    if 1 not in positions:
        return None

    def step(k):
        top, under = series.coefficient(a, k), series.upto(b, k)
        known = _convolved(k, under, series.known[line], 1)
        if known is not None:
            top = -known if top is None else top - known
        return top if top is None else top / under[0]

    return step


def _power(series, line, positions):
    """From a*y' = b*y*a' with a constant b:  k a_0 y_k = sum over j from 1 to k of (b*j - (k-j)) a_j y_(k-j).

    Where a is 0 somewhere, or may be where a program is run, the partials are used, which know powers that end.
    """
    a, b = line.operands
    if 0 not in positions or not np.all(plain(a.value)) or (type(b) is not Line and not np.any(b)):
        return None
    if series.record and not (series.poles and _goes_on(b)):
        return None
    if 1 in positions:
        return _exponential(series, line, wrap(b) * np.log(wrap(a))) if np.all(np.real(a.value) > 0) else None
    b = series.coefficient(b, 0)

    def step(k):
        base = series.upto(a, k)
        total = _convolved(k, base, series.known[line], 1, [b * j - (k - j) for j in range(k + 1)])
        return total if total is None else total / (k * base[0])

    return step


def _goes_on(b):
    """Whether a power has a known exponent and no highest derivative: that is no whole number from 0 on."""
    return type(b) is not Line and np.ndim(b) == 0 and not (np.isreal(b) and b >= 0 and float(b).is_integer())


def _exponential(series, line, exponent):
    """From y' = y * u' with the exponent u."""

    def step(k):
        total = _convolved(k, series.upto(exponent.line, k), series.known[line], 1, range(k + 1))
        return total if total is None else total / k

    return step


def _determinant(series, line, positions):
    """y' = y * trace(inv(a) a'): minors of minors are exact at any matrix, but many where it is not small."""
    a = line.operands[0].value
    if np.shape(a)[-1] <= _SMALL or not np.all(np.linalg.cond(a) < _CONDITION):
        return None

    def push(line, y, arguments, positions, slopes):
        return y * np.sum(np.matrix_transpose(np.linalg.inv(arguments[0])) * slopes[0], axis=(-2, -1))

    return series.general(line, positions, push)


_RECURRENCES = {np.multiply: _product, np.true_divide: _quotient, np.power: _power, np.float_power: _power,
                np.linalg.det: _determinant}  # fmt: skip
