"""Products regrouped: all that multiplies and divides, multiplied out, and put together again with the least work.

A sweep makes chains of products, one for each partial on the way: of the value, of S/K, of 1/(S/K), of 1/K. Multiplied
out, each is a monomial, in which factors cancel; and what several of them share is computed once. Pairs of factors
that most monomials have are taken first, which is how logic is factored in the design of circuits (R. K. Brayton and
C. McMullen, The decomposition and factorization of Boolean expressions, 1982), numbers of rows before vectors.
"""

from collections import Counter
from itertools import combinations

import numpy as np

from .program import Line, Program, ancestors, next_number
from .recording import Recording
from .rules import NO_PARAMS, find

_LONGEST = 12  # factors of a monomial that is multiplied out
_MOST = 200  # monomials


def regrouped(program):
    """The program with its products regrouped, where that is less work; but not those of its first output, the value,
    which is infinite, or nan, where it is at one point."""
    value, *_ = program.outputs
    kept = set(ancestors([value])) if type(value) is Line else set()
    monomials = _multiplied_out(program)
    users = {o for line in program.lines if line not in monomials for o in line.parents}
    users.update(o for o in program.outputs if type(o) is Line)
    groups = {line: _literals(m) for line, m in monomials.items() if line in users and line not in kept}
    if not 0 < len(groups) <= _MOST:
        return program
    known = [(line, _literals(m)) for line, m in monomials.items() if line in kept and m.number > 0]
    _grouped(list(groups.values()), known)
    found = Program(program.inputs, _written(program, groups, monomials, kept))
    return found if _work(found) < _work(program) else program


def _work(program):
    """Numbers that products write for each row."""
    return sum(np.size(line.value) for line in program.lines if line.rule.function in _PRODUCTS)


# --- multiplied out


class _Monomial:
    """number * product of base ** exponent for the `factors`; a base is a Line, or an _Array."""

    def __init__(self, number=1.0, factors=()):
        self.number = number
        self.factors = {base: n for base, n in dict(factors).items() if n}

    def __mul__(self, other):
        total = Counter(self.factors)
        for base, n in other.factors.items():
            total[base] += n
        return _Monomial(self.number * other.number, total)

    def __pow__(self, k):
        return _Monomial(np.float64(self.number) ** k, {base: k * n for base, n in self.factors.items()})

    def __neg__(self):
        return _Monomial(-self.number, self.factors)


_PRODUCTS = {
    np.multiply: lambda a, b: a * b,
    np.true_divide: lambda a, b: a * b**-1,
    np.reciprocal: lambda a: a**-1,
    np.negative: lambda a: -a,
    np.square: lambda a: a**2,
}


class _Array:
    """A constant, or what two factors are together: what has a value of some shape."""

    def __init__(self, value):
        self.value, self.number = value, next_number()


def _multiplied_out(program):
    """{line: _Monomial} for the lines that are products, and no longer than is good."""
    found, arrays = {}, {}

    def monomial(operand):
        if type(operand) is Line:
            return found[operand] if operand in found else _Monomial(1.0, {operand: 1})
        if np.ndim(operand) == 0:
            return _Monomial(float(operand))
        return _Monomial(1.0, {arrays.setdefault(id(operand), _Array(operand)): 1})

    for line in program.lines:
        if line.rule.function in _PRODUCTS and line.value.dtype == np.float64:
            with np.errstate(all="ignore"):
                product = _with_roots(_PRODUCTS[line.rule.function](*map(monomial, line.operands)))
            if _is_good(product, line):
                found[line] = product
    return found


def _with_roots(product):
    """x/sqrt(x) is sqrt(x)."""
    factors = dict(product.factors)
    for root in [base for base in factors if type(base) is Line and base.rule.function is np.sqrt]:
        (x,) = root.operands
        while factors.get(x, 0) * factors[root] < 0:
            sign = 1 if factors[x] > 0 else -1
            factors[x] -= sign
            factors[root] += 2 * sign
    return _Monomial(product.number, factors)


def _is_good(product, line):
    if not product.factors or sum(map(abs, product.factors.values())) > _LONGEST:
        return False
    if any(np.asarray(base.value).dtype != np.float64 for base in product.factors):
        return False
    shape = np.broadcast_shapes(*(np.shape(base.value) for base in product.factors))
    return shape == line.value.shape and np.isfinite(product.number) and product.number != 0


# --- grouped


class _Pair(_Array):
    """Two literals together: (base, exponent 1 or -1)."""

    def __init__(self, first, second):
        self.literals = first, second
        super().__init__(np.broadcast_to(0.0, np.broadcast_shapes(*(np.shape(_value(b)) for b, _ in self.literals))))


def _value(base):
    return base if isinstance(base, float) else base.value


def _literals(monomial):
    """{(base, 1 or -1): how often}; the number is one of them."""
    found = Counter({(base, 1 if n > 0 else -1): abs(n) for base, n in monomial.factors.items()})
    if abs(monomial.number) != 1:
        found[abs(monomial.number), 1] = 1
    return found


def _grouped(groups, known):
    """Put one literal in the place of several in all of the groups: first products that are known in any case, then
    pairs that come more than once."""
    for line, literals in sorted(known, key=lambda item: -sum(item[1].values())):
        if sum(literals.values()) > 1:
            _replace_all(groups, literals, line)
    while True:
        counts = Counter()
        for group in groups:
            counts.update(_pairs(group))
        shared = [(key, n) for key, n in counts.items() if n > 1]
        if not shared:
            return
        key, _ = max(shared, key=lambda item: (item[1] - 1) * max(np.size(_value(b)) for b, _ in item[0]))
        key = max(key, _inverse(key), key=lambda pair: sum(_times(group, Counter(pair)) for group in groups))
        _replace_all(groups, Counter(key), _Pair(*key))


def _pairs(group):
    """How often each pair of literals is in a group; one and its inverse are the same."""
    found = Counter()
    ordered = sorted(group, key=_age)
    for one, other in combinations(ordered, 2):
        found[_upright(one, other)] += min(group[one], group[other])
    for one in ordered:
        if group[one] > 1:
            found[_upright(one, one)] += group[one] // 2
    return found


def _age(literal):
    base, sign = literal
    return (-1, base, sign) if isinstance(base, float) else (base.number, 0, sign)


def _upright(one, other):
    return (one, other) if one[1] > 0 else _inverse((one, other))


def _inverse(literals):
    return tuple((base, -sign) for base, sign in literals)


def _times(group, literals):
    """How often some literals are in a group."""
    return min(group[literal] // n for literal, n in literals.items())


def _replace_all(groups, literals, instead):
    inverse = dict(zip(_inverse(literals), literals.values(), strict=True))
    for group in groups:
        for sign, parts in ((1, literals), (-1, inverse)):
            times = _times(group, parts)
            if times:
                for literal, n in parts.items():
                    group[literal] -= times * n
                    if not group[literal]:
                        del group[literal]
                group[instead, sign] += times


# --- written


def _written(program, groups, monomials, kept):
    """The outputs of the program, with other lines for the products that are groups."""
    with Recording() as recording, np.errstate(all="ignore"):
        writer = _Writer(recording)
        for line in program.lines:
            if line in groups:
                writer.made[line] = writer.product(groups[line], monomials[line].number < 0)
            elif line in kept or line not in monomials:
                operands = tuple([writer.made.get(o, o) if type(o) is Line else o for o in line.operands])
                writer.made[line] = recording.line(line.rule, operands, line.params, like=line)
    return [writer.made.get(o, o) if type(o) is Line else o for o in program.outputs]


class _Writer:
    def __init__(self, recording):
        self.recording, self.made = recording, {}

    def call(self, function, *operands):
        return self.recording.line(find(function), operands, NO_PARAMS)

    def base(self, base):
        """The line of a base."""
        if isinstance(base, float):
            return base
        if base not in self.made:
            self.made[base] = self.product(Counter(base.literals)) if isinstance(base, _Pair) else \
                base.value if isinstance(base, _Array) else base  # fmt: skip
        return self.made[base]

    def product(self, group, is_negative=False):
        """All literals together: what is narrow first, its quotient before wider factors."""
        top = bottom = None
        size = 0
        for (base, sign), n in sorted(group.items(), key=lambda item: np.size(_value(item[0][0]))):
            if np.size(_value(base)) > max(size, 1) and top is not None:
                top, bottom = self.quotient(top, bottom), None
            size = np.size(_value(base))
            for _ in range(n):
                factor = self.base(base)
                if sign > 0:
                    if is_negative and isinstance(factor, float):
                        factor, is_negative = -factor, False
                    top = self.times(top, factor)
                else:
                    bottom = self.times(bottom, factor)
        found = self.quotient(top, bottom)
        return self.call(np.negative, found) if is_negative else found

    def times(self, a, b):
        if a is None:
            return b
        return self.call(np.square, a) if a is b and type(a) is Line else self.call(np.multiply, a, b)

    def quotient(self, top, bottom):
        if bottom is None:
            return top
        return self.call(np.reciprocal, bottom) if top is None else self.call(np.true_divide, top, bottom)
