"""Derivatives of sums of products: the reverse sweep in Einstein's notation.

The adjoint of a part has the axes of what is differentiated before those of the part, so that a Jacobian is found as
a gradient is. Through a term it goes by the product rule, for all products there are; only atoms have rules.
"""

from .algebra import ONE, Applied, Group, Sum, Unsaid, below, fresh
from .products import constant, product, single, termwise, total
from .rules import distributes, rule_of

_MOST = 150  # functions and sums that a value is made of


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
        order = below(part)
        if len(order) > _MOST:
            raise Unsaid("a derivative that nobody would read")
        for atom in order:
            self.moving[atom] = atom in self.atoms or any(self.moves(inner) for inner in atom.inner)
        self.distribute(_unit(part.shape), part)
        for atom in reversed(order):
            if atom not in self.atoms and atom in self.adjoints:
                self.send(atom, self.total(atom))

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
                    self.add(adjoint, term, k)

    def add(self, adjoint, term, k):
        atom, axes, power = term.factors[k]
        lead = fresh(self.lead)
        others = [(single(f.atom, f.power), f.axes) for i, f in enumerate(term.factors) if i != k]
        if power != 1:
            others.append((single(atom, power - 1), axes))
        number = power * term.coefficient
        parts = [(adjoint, (*lead, *term.axes)), *others]
        apart = not others or ((self.lead or not axes) and distributes(adjoint, self.lead))
        multiply = termwise if apart else product
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


def _unit(shape):
    """The derivative of something by itself."""
    axes = fresh(shape)
    return Sum([constant(ONE).terms[0]._replace(axes=axes * 2)], shape * 2)
