"""Derivatives of sums of products: the reverse sweep in Einstein's notation.

The adjoint of a part has the axes of what is differentiated before those of the part, so that a Jacobian is found as
a gradient is. Through a term it goes by the product rule, for all products there are; only atoms have rules.
"""

from .algebra import ONE, Applied, Group, Sum, Unsaid, fresh
from .products import constant, product, single, termwise, total
from .rules import rule_of


def derivatives(part, atoms):
    """The derivatives of a sum by named atoms, in order: sums with the axes of the first before those of the other."""
    sweep = _Sweep(part, atoms)
    return [sweep.result(atom) for atom in atoms]


class _Sweep:
    """One walk from a sum down to its atoms."""

    def __init__(self, part, atoms):
        self.lead = part.shape
        self.atoms = set(atoms)
        self.moving = {}
        self.adjoints = {}
        order = self.order(part)
        self.distribute(_unit(part.shape), part)
        for atom in reversed(order):
            if atom not in self.atoms and atom in self.adjoints:
                self.send(atom, self.total(atom))

    def order(self, part):
        """The atoms that move, each after those that it is made of."""
        order = []

        def visit(atom):
            if atom not in self.moving:
                inner = [f.atom for s in _inside(atom) for t in s.terms for f in t.factors]
                self.moving[atom] = any([visit(a) for a in reversed(inner)]) or atom in self.atoms
                if self.moving[atom]:
                    order.append(atom)
            return self.moving[atom]

        for term in reversed(part.terms):
            for factor in reversed(term.factors):
                visit(factor.atom)
        return order

    def moves(self, part):
        return any(self.moving.get(f.atom, False) for t in part.terms for f in t.factors)

    def total(self, atom):
        return total(self.adjoints[atom], self.lead + atom.shape)

    def result(self, atom):
        return self.total(atom) if atom in self.adjoints else Sum([], self.lead + atom.shape)

    def distribute(self, adjoint, part):
        """The product rule: each factor gets the adjoint times the others."""
        for term in part.terms:
            for k, factor in enumerate(term.factors):
                if self.moving[factor.atom]:
                    self.add(adjoint, part.shape, term, k)

    def add(self, adjoint, shape, term, k):
        atom, axes, power = term.factors[k]
        lead = fresh(self.lead)
        others = [(single(f.atom, f.power), f.axes) for i, f in enumerate(term.factors) if i != k]
        if power != 1:
            others.append((single(atom, power - 1), axes))
        number = power * term.coefficient
        parts = [(adjoint, (*lead, *term.axes)), *others]
        multiply = termwise if self.lead or not others or not adjoint.used else product
        self.adjoints.setdefault(atom, []).append(multiply(parts, (*lead, *axes), number))

    def send(self, atom, adjoint):
        if isinstance(atom, Group):
            self.distribute(adjoint, atom.sum)
            return
        if not isinstance(atom, Applied):
            raise Unsaid("a derivative by this")
        rule = rule_of(atom)
        for k, argument in enumerate(atom.arguments):
            if self.moves(argument):
                found = rule(atom, k, adjoint, len(self.lead))
                if found is not None:
                    self.distribute(found, argument)


def _inside(atom):
    """The sums that an atom is made of."""
    return (atom.sum,) if isinstance(atom, Group) else atom.arguments if isinstance(atom, Applied) else ()


def _unit(shape):
    """The derivative of something by itself."""
    axes = fresh(shape)
    return Sum([constant(ONE).terms[0]._replace(axes=axes * 2)], shape * 2)
