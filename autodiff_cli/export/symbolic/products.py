"""Sums made of sums: multiples, totals, products over axes, powers."""

from fractions import Fraction
from math import prod

import numpy as np

from .algebra import ONE, Axis, Factor, Group, Literal, Named, Pick, Sum, Term, Unsaid, fresh
from .figures import CONSTANTS, exact


def constant(coefficient, shape=()):
    """A number, the same along all axes."""
    return Sum([Term(coefficient, (), fresh(shape))] if coefficient else [], shape)


def numeral(value, shape=()):
    """A float, by the names that it has."""
    if not np.isfinite(value):
        name = "nan" if np.isnan(value) else "inf"
        only = single(Named(name, np.float64(name))).terms[0]
        return Sum([only._replace(coefficient=-ONE if value < 0 else ONE, axes=fresh(shape))], shape)
    fraction, name, power = exact(value)
    known = [] if name is None else [Factor(Named(name, np.float64(CONSTANTS[name])), (), Fraction(power))]
    return Sum([Term(fraction, tuple(known), fresh(shape))] if fraction else [], shape)


def single(atom, power=ONE):
    """An atom by itself."""
    axes = fresh(atom.shape)
    return Sum([Term(ONE, (Factor(atom, axes, power),), axes)], atom.shape)


def total(sums, shape):
    """The sum of sums of one shape, like terms collected."""
    first, *rest = sums or [Sum([], shape)]
    found = dict(first.collected)  # a long sum grows by one term after the other
    for part in rest:
        for key, term in part.collected.items():
            before = found[key].coefficient if key in found else 0
            found[key] = found.get(key, term)._replace(coefficient=before + term.coefficient)
    found = {key: term for key, term in found.items() if term.coefficient}
    return Sum(found.values(), shape, found)


def scaled(number, part):
    """A sum with its coefficients multiplied."""
    return Sum([t._replace(coefficient=number * t.coefficient) for t in part.terms if number], part.shape)


def product(parts, axes, coefficient=ONE):
    """The sum of products of (sum, axes) over all axes that are not among `axes`.

    A factor with one term becomes part of the term, others stay in parentheses.
    """
    shape = tuple(a.size for a in axes)
    factors, equal, met = [], [], []
    for part, places in parts:
        if not part.terms:
            return Sum([], shape)
        met += places
        if len(part.terms) > 1:
            number, factor = grouped(part, places)
            own, pairs = [factor], []
        else:
            number = part.terms[0].coefficient
            own, pairs = placed(part.terms[0], places)
        coefficient, factors, equal = coefficient * number, factors + own, equal + pairs
    return _joined(coefficient, factors, equal, met, axes)


def termwise(parts, axes, coefficient=ONE):
    """The same without parentheses around the first factor: the sum of the products for each of its terms."""
    (first, places), *rest = parts
    found = [product([(Sum([t], first.shape), places), *rest], axes, coefficient) for t in first.terms]
    return total(found, tuple(a.size for a in axes))


def placed(term, places):
    """The factors of a term with its axes at other places; and which of these must be equal, as it is a diagonal."""
    renamed, pairs = {}, []
    for own, place in zip(term.axes, places, strict=True):
        if own in renamed:
            pairs.append((renamed[own], place))
        renamed.setdefault(own, place)
    for axis in term.summed:
        renamed[axis] = Axis(axis.size)
    return [Factor(f.atom, tuple(renamed[a] for a in f.axes), f.power) for f in term.factors], pairs


def grouped(part, places, signed=True):
    """(sign, factor) of a sum in parentheses at places; if `signed`, the sign of all of its terms."""
    sign = -ONE if signed and all(t.coefficient < 0 for t in part.terms) else ONE
    narrow, own = narrowed(scaled(sign, part), part.used), tuple(places[k] for k in part.used)
    if narrow.is_turned:
        narrow, own = narrow.reordered((1, 0)), own[::-1]
    return sign, Factor(Group(narrow), own)


def narrowed(part, positions):
    """A sum with some of its axes left out, along which it is the same."""
    terms = [t._replace(axes=tuple(t.axes[k] for k in positions)) for t in part.terms]
    return Sum(terms, [part.shape[k] for k in positions])


def _joined(coefficient, factors, equal, met, axes):
    """One term of these factors: equal axes become one, equal factors a power."""
    factors, undone = _inverses(factors, axes)
    last = _unified(equal + undone, axes)
    axes = tuple(map(last, axes))
    shape = tuple(a.size for a in axes)
    found = _powers([f._replace(axes=tuple(map(last, f.axes))) for f in factors])
    if _miss(found):
        return Sum([], shape)
    picked, found, number = _chosen(found, axes)
    left = {*axes, *picked, *(a for f in found for a in f.axes)}
    lost = {last(a) for a in met} | {last(a) for f in factors for a in f.axes}
    number *= prod(a.size for a in lost - left)  # the same so many times
    coefficient *= number
    if abs(coefficient) == 1 and len(found) == 1 and found[0].axes == axes and _is_plain(found[0]):
        return scaled(coefficient, found[0].atom.sum)
    return Sum([Term(coefficient, tuple(found), axes)], shape)


def _inverses(factors, axes):
    """(factors, pairs of axes): a matrix and its inverse leave what they would join, inv(A) @ A being 1."""
    for inverse in factors:
        base = inverse.atom.inverse_of
        for other in factors if base is not None and inverse.power == 1 else ():
            if other.atom == base and other.power == 1:
                for end in (0, 1):
                    shared = inverse.axes[end]
                    alone = sum(f.axes.count(shared) for f in factors) == 2 and shared not in axes
                    if other.axes[1 - end] is shared and alone:
                        rest = [f for f in factors if f is not inverse and f is not other]
                        found, pairs = _inverses(rest, axes)
                        left = inverse.axes[1 - end]
                        return found, [*pairs, (left, other.axes[end]), (left, shared)]
    return factors, []


def _unified(equal, axes):
    """What stands for each axis when these pairs are equal: one of `axes` where one of them is."""
    replaced = {}

    def last(axis):
        while axis in replaced:
            axis = replaced[axis]
        return axis

    for pair in equal:
        a, b = map(last, pair)
        if a is not b:
            a, b = (b, a) if a in axes else (a, b)
            replaced[a] = b
    return last


def _powers(factors):
    """Equal factors as one."""
    powers = {}
    for atom, places, power in factors:
        key = atom, tuple(sorted(places, key=id)) if atom.symmetric else places
        powers[key] = powers.get(key, 0) + power
    return [Factor(*key, _of_truth(key[0], power)) for key, power in powers.items() if power]


def _of_truth(atom, power):
    """True and false are 1 and 0, and so are their powers; and those of rows of the identity matrix."""
    return ONE if power > 0 and (isinstance(atom, Pick) or atom.truth) else power


def _is_plain(factor):
    """Whether these are parentheses that nothing needs."""
    several = isinstance(factor.atom, Group) and len(factor.atom.sum.terms) > 1
    return several and factor.power == 1 and len(set(factor.axes)) == len(factor.axes)


def _is_row(factor):
    return isinstance(factor.atom, Pick) and factor.atom.is_row


def _chosen(factors, axes):
    """(axes, factors, number): an entry picked of an array that is written out is a number, and one of nothing is 1."""
    number, picked = ONE, set()
    for pick in filter(_is_row, list(factors)):
        others = [f for f in factors if f is not pick and pick.axes[0] in f.axes]
        known = all(isinstance(f.atom, Literal) and f.axes == pick.axes for f in others)
        if known and pick.axes[0] not in {*axes, *picked}:
            entries = [f.atom.value[pick.atom.row].item() ** int(f.power) for f in others]
            number *= prod(Fraction(repr(entry)) for entry in entries)
            factors = [f for f in factors if f is not pick and f not in others]
            picked |= set(pick.axes)
    return picked, factors, number


def _miss(factors):
    """Whether two of them pick different entries along one axis."""
    picked = {}
    return any(picked.setdefault(f.axes, f.atom) != f.atom for f in factors if _is_row(f))


def raised(base, power):
    """A power of a sum, entry by entry."""
    if power == 1:
        return base
    if power == 0:
        return constant(ONE, base.shape)
    if base.number:
        return numeral(float(base.number) ** float(power), base.shape)
    if not base.terms:
        if power < 0:
            raise Unsaid("a negative power of zero")
        return base
    if len(base.terms) == 1 and _splits(base.terms[0], power):
        (term,) = base.terms
        factors = tuple(f._replace(power=f.power * power) for f in term.factors)
        return Sum([Term(_raised(term.coefficient, power), factors, term.axes)], base.shape)
    axes = fresh(base.shape)
    sign, factor = grouped(base, axes, signed=power.denominator == 1)
    return Sum([Term(_raised(sign, power), (factor._replace(power=power),), axes)], base.shape)


def _raised(number, power):
    return ONE if number == 1 else number ** int(power)


def _splits(term, power):
    """Whether the power of a product is that of its factors: not of a sum, nor of a root that would lose a sign."""
    if term.summed or len(set(term.axes)) < len(term.axes):
        return False
    if power.denominator == 1:
        return True
    return term.coefficient == 1 and len(term.factors) == 1 and term.factors[0].power % 2 != 0
