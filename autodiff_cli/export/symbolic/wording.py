"""Sums of products as trees of the language: Einstein's notation told as matrix calculus, and else as einsum."""

from string import ascii_lowercase

from ...language.syntax import Name, Text, Unary
from . import trees
from .algebra import Axis, Group, Named, Pick, Sum, Term, below, fresh
from .calls import is_entrywise
from .naming import function
from .pictures import NoPicture, Picture
from .products import grouped, placed, product, single, total
from .recognition import known_by_name
from .spelling import NOWHERE
from .trees import binary, call, ones, power, quotient, scaled, whole

_LONGEST = 8  # rows of an array that is written out


class Writer:
    """Trees of sums.

    order  ranks the names of variables
    dots   whether sums of products are written x @ y
    means  whether sums divided by their number are written as means
    """

    def __init__(self, order=(), dots=True, means=False):
        self.order = {name: k for k, name in enumerate(order)}
        self.dots, self.means = dots, means
        self.known = {}

    def complete(self, part):
        """The tree of a sum in its whole shape; its atoms are written before it, so that depth is no matter."""
        for atom in below(part):
            self.atom(atom)
        return self.sum(part, full=True)

    # --- sums

    def sum(self, part, full=False):
        """The tree of a sum; where `full`, of its whole shape, and not of one that only broadcasts to it."""
        long = [k for k, n in enumerate(part.shape) if n != 1 or full]
        if not part.terms:
            return call("zeros", *map(whole, part.shape)) if full and part.shape else whole(0)
        if len(part.terms) > 1 and full and any(k not in part.used for k in long):
            axes = fresh(part.shape)
            return self.sum(_wrapped(part, axes), full)
        picked = [t for t in part.terms if _picked(t) is not None]
        if picked and part.shape[0] <= _LONGEST:
            rest = Sum([t for t in part.terms if _picked(t) is None], part.shape)
            rows = trees.array(self.sum(row, full=True) for row in _rows(picked, part.shape))
            return binary("+", self.sum(rest), rows) if rest.terms else rows
        several = len(part.terms) > 1
        terms = sorted(part.terms, key=lambda t: t.coefficient < 0) if part.terms[0].coefficient < 0 else part.terms
        answer = None
        for term in terms:
            tree = self.term(term._replace(coefficient=abs(term.coefficient)), full and not several)
            answer = _joined(answer, tree, term.coefficient < 0)
        return answer

    def argument(self, part, full=False):
        """A sum as the argument of a function, where truth may stay truth."""
        atom = part.bare
        return self.atom(atom) if atom is not None else self.sum(part, full)

    def atom(self, atom):
        """The tree of an atom, made once."""
        if atom not in self.known:
            tree = self._atom(atom)
            self.known[atom] = trees.symmetric(tree) if atom.symmetric else tree
        return self.known[atom]

    def _atom(self, atom):
        if isinstance(atom, Group):
            return self.sum(atom.sum)
        if isinstance(atom, Named):
            return Name(atom.text, NOWHERE)
        arguments = [self.argument(a, full=not is_entrywise(atom.rule)) for a in atom.arguments]
        return function(atom, arguments)

    # --- terms

    def term(self, term, full):
        """The tree of a term with a positive coefficient."""
        term = known_by_name(_opened(term))
        try:
            return Picture(self, term).tree(full)
        except NoPicture:
            return self.einsum(term)

    def rank(self, factor):
        """Names before functions before sums, as they are written by hand."""
        atom = factor.atom
        return atom.place, self.order.get(atom.text, -1) if isinstance(atom, Named) else 0

    def einsum(self, term):
        """A term in the words of einsum, which can say all of them."""
        letters, operands, inputs = {}, [], []

        def letter(axis):
            return letters.setdefault(axis, ascii_lowercase[len(letters)])

        result = ""
        for axis in term.axes:
            mark = letter(axis)
            if mark in result:  # a diagonal
                other = Axis(axis.size)
                operands.append(call("eye", whole(axis.size)))
                inputs.append(mark + letter(other))
                mark = letters[other]
            elif term.axes.count(axis) == 1 and not any(axis in f.axes for f in term.factors):
                operands.append(ones((axis.size,)))
                inputs.append(mark)
            result += mark
        for factor in sorted(term.factors, key=self.rank):
            tree = power(self.atom(factor.atom), abs(factor.power))
            operands.append(tree if factor.power > 0 else quotient((), (tree,)))
            inputs.append("".join(map(letter, factor.axes)))
        tree = call("einsum", Text(f"{','.join(inputs)}->{result}", NOWHERE), *operands)
        return scaled((), (), tree, term.coefficient)


def _wrapped(part, axes):
    sign, factor = grouped(part, axes)
    return Sum([Term(sign, (factor,), axes)], part.shape)


def _joined(answer, tree, negative):
    if answer is None:
        return Unary("-", tree, NOWHERE) if negative else tree
    return binary("-" if negative else "+", answer, tree)


def _opened(term):
    """A term without the parentheses around products that only hold what is summed over."""
    found, coefficient = [], term.coefficient
    for factor in term.factors:
        inner = factor.atom.sum.terms if isinstance(factor.atom, Group) else ()
        if len(inner) == 1 and factor.power == 1:
            own, pairs = placed(inner[0], factor.axes)
            if not pairs:
                coefficient *= inner[0].coefficient
                found += own
                continue
        found.append(factor)
    opened = term._replace(coefficient=coefficient, factors=tuple(found))
    return opened if found == list(term.factors) else _opened(opened)


def _picked(term):
    """The number of the only row that is not zero, if there is one."""
    for atom, axes, _ in term.factors:
        if isinstance(atom, Pick) and len(axes) == 1 and term.axes[:1] == axes and term.axes.count(axes[0]) == 1:
            return atom.key
    return None


def _rows(terms, shape):
    """The rows of a sum whose terms are each in one row."""
    rows = [[] for _ in range(shape[0])]
    for term in terms:
        axis = term.axes[0]
        alone = sum(axis in f.axes for f in term.factors) == 1
        kept = [f for f in term.factors if not (alone and axis in f.axes)]
        parts = [(single(f.atom, f.power), f.axes) for f in kept]
        rows[_picked(term)].append(product(parts, term.axes[1:], term.coefficient))
    return [total(row, shape[1:]) for row in rows]
