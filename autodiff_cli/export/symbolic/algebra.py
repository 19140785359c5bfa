"""Expressions as sums of products whose factors have named axes, as in Einstein's notation.

`A @ x` is the term A[i,j] x[j] with the axes (i): an axis that factors share is multiplied along, one that is not an
axis of the term is summed over, one that is only an axis of the term repeats, and two equal axes of a term are a
diagonal. In this form matrix products, transposes, traces, broadcasts and sums are one thing, a product of the like is
again one, and equal terms are seen to be equal. What the notation cannot say is an atom with arguments.

After Laue, Mitterreiter and Giesen, "Computing higher order derivatives of matrix and tensor expressions", 2018.
"""

from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .values import value_of

ONE = Fraction(1)


class Unsaid(Exception):
    """The language has no words for this."""


class Axis:
    """One axis of so many entries; equal is only what is the same."""

    __slots__ = ("size",)

    def __init__(self, size):
        self.size = size


def fresh(shape):
    """New axes of a shape."""
    return tuple(map(Axis, shape))


class Atom:
    """What terms are made of, equal where its parts are."""

    def __init__(self, *parts):
        self.parts = parts
        self._hash = hash((type(self), parts))

    def __hash__(self):
        return self._hash

    def __eq__(self, other):
        return self is other or (type(self) is type(other) and self._hash == other._hash and self.parts == other.parts)

    inner = ()  # the sums that it is made of
    symmetric = False
    inverse_of = None  # the atom that this is the inverse matrix of
    truth = False  # whether it is true or false everywhere, counted as 1 and 0


class Named(Atom):
    """A variable or a constant, by its text."""

    place = 0  # in a product, as it is written by hand: names before functions before sums

    def __init__(self, text, value):
        super().__init__(text)
        self.text, self.value, self.shape = text, value, value.shape


class Literal(Named):
    """An array written out."""

    def __init__(self, array):
        super().__init__(np.array2string(array, separator=", ", formatter={"float": _short}).replace("\n", ""), array)


def _short(number):
    return repr(float(number)).removesuffix(".0")


class Pick(Named):
    """The rows of the identity matrix of size n at a number, a slice or a list: A[1:] is eye(n)[1:] @ A."""

    def __init__(self, n, key, text):
        self.key, self.row = key, key % n if isinstance(key, int) else None
        super().__init__(f"eye({n})[{text if self.row is None else self.row}]", np.eye(n)[key])

    @property
    def is_row(self):
        """Whether it is one row."""
        return self.row is not None


class Applied(Atom):
    """A function of sums and plain structure; `rule` is the engine's, `value` what it is at the point."""

    place = 1

    def __init__(self, rule, arguments, params, value):
        super().__init__(rule, arguments, tuple(sorted((k, repr(v)) for k, v in params.items())))
        self.rule, self.arguments, self.params, self.value = rule, arguments, params, value
        self.shape, self.inner = value.shape, arguments
        self.truth = value.dtype.kind == "b"

    @property
    def symmetric(self):
        return self.rule.name == "inv" and self.arguments[0].symmetric

    @property
    def inverse_of(self):
        return self.arguments[0].bare if self.rule.name == "inv" else None


class Group(Atom):
    """A sum in parentheses."""

    place = 2

    def __init__(self, sum):
        super().__init__(sum)
        self.sum, self.shape, self.inner = sum, sum.shape, (sum,)

    @property
    def symmetric(self):
        return self.sum.symmetric

    @property
    def value(self):
        return self.sum.value


class Factor(NamedTuple):
    """A power of an atom, entry by entry, along axes."""

    atom: Atom
    axes: tuple
    power: Fraction = ONE


class Term(NamedTuple):
    """A number times factors."""

    coefficient: Fraction
    factors: tuple
    axes: tuple

    @property
    def summed(self):
        """The axes that are summed over, in the order of the factors."""
        return [a for a in dict.fromkeys(a for f in self.factors for a in f.axes) if a not in self.axes]

    @property
    def key(self):
        """Equal for terms that differ only in the names of axes and the order of factors."""
        numbers = {}
        for axis in self.axes:
            numbers.setdefault(axis, len(numbers))
        own = tuple(numbers[a] for a in self.axes)

        def seen(factor):
            places = [numbers.get(a, -1) for a in factor.axes]
            return sorted(places) if factor.atom.symmetric else places

        factors = sorted(self.factors, key=lambda f: (hash(f.atom), f.power, seen(f)))
        for factor in factors:
            for axis in factor.axes:
                numbers.setdefault(axis, len(numbers))
        return frozenset((f.atom, f.power, tuple(seen(f))) for f in factors), own, len(factors)

    def uses(self, position):
        """Whether the term is not the same all along one of its axes."""
        axis = self.axes[position]
        return self.axes.count(axis) > 1 or any(axis in f.axes for f in self.factors)


def _turns(factor, axes):
    """How many of a matrix' axes are rows where they were columns, or columns where they were rows; less the others."""
    if len(factor.axes) != 2 or factor.atom.symmetric:
        return 0
    return sum((a in axes) and (1 if axes.index(a) != k else -1) for k, a in enumerate(factor.axes))


class Sum:
    """Terms of one shape; none of them is zero.

    collected   the terms by their keys, where they are known
    """

    def __init__(self, terms, shape, collected=None):
        self.terms, self.shape = tuple(terms), tuple(shape)
        if collected is not None:
            self.collected = collected

    @cached_property
    def collected(self):
        """The terms by their keys, those of the same key as one."""
        found = {}
        for term in self.terms:
            key = term.key
            before = found[key].coefficient if key in found else 0
            found[key] = found.get(key, term)._replace(coefficient=before + term.coefficient)
        return found

    @cached_property
    def key(self):
        return self.shape, frozenset((t.coefficient, key) for key, t in self.collected.items())

    @cached_property
    def _hash(self):
        return hash(self.key)

    def __hash__(self):
        return self._hash

    def __eq__(self, other):
        return self is other or (isinstance(other, Sum) and self._hash == other._hash and self.key == other.key)

    @cached_property
    def symmetric(self):
        return len(self.shape) == 2 and self == self.reordered((1, 0))

    @cached_property
    def used(self):
        """The positions of axes along which it is not the same."""
        return tuple(k for k in range(len(self.shape)) if any(t.uses(k) for t in self.terms))

    def reordered(self, order):
        """The same with its axes in another order."""
        terms = [t._replace(axes=tuple(t.axes[k] for k in order)) for t in self.terms]
        return Sum(terms, [self.shape[k] for k in order])

    @cached_property
    def is_turned(self):
        """Whether this is better read as the transpose of a matrix: C' + B' @ A' is (C + A @ B)'."""
        if len(self.shape) != 2:
            return False
        return sum(_turns(factor, term.axes) for term in self.terms for factor in term.factors) > 0

    @property
    def bare(self):
        """The atom that this is, without anything else; or None."""
        only = self.terms[0] if len(self.terms) == 1 else None
        if only is None or only.coefficient != 1 or len(only.factors) != 1:
            return None
        (factor,) = only.factors
        return factor.atom if factor.power == 1 and factor.axes == only.axes else None

    @property
    def number(self):
        """The fraction that this is everywhere, or None."""
        if not self.terms:
            return Fraction(0)
        only = self.terms[0]
        return only.coefficient if len(self.terms) == 1 and not only.factors and not self.used else None

    @cached_property
    def value(self):
        return value_of(self)


def below(part):
    """The atoms that a sum is made of, each after those that it is made of itself; the last ones first."""
    found, waiting = {}, list(_atoms(part))
    while waiting:
        atom = waiting[-1]
        new = (
            [a for inner in reversed(atom.inner) for a in _atoms(inner) if a not in found] if atom not in found else []
        )
        if new:
            waiting += reversed(new)
        else:
            found.setdefault(waiting.pop())
    return list(found)


def _atoms(part):
    return [f.atom for t in part.terms for f in t.factors]
