"""Variables without values: symbols, whose shapes are worked out, and an expression recorded for a formula."""

from typing import NamedTuple

import numpy as np

from .engine.program import Line, ancestors
from .errors import AdiffError
from .language.functions import lookup
from .language.shapes import fits, generic
from .language.values import as_floats

_OF_REGULAR = ("inv", "det", "slogdet", "solve", "cholesky")  # functions of which a singular matrix has no derivative
_SHIFTS = (0, 1)  # of generic numbers: those between 0 and 1 suit most functions, but not all


class Symbols(NamedTuple):
    """An expression some of whose variables have no value.

    expression  the Expression
    given       arrays by name, of the variables that have values
    shapes      the shapes of the others, by name
    said        the shapes among them that somebody said
    scalar      whether the expression is to be one number
    """

    expression: object
    given: dict
    shapes: dict
    said: dict
    scalar: bool

    @property
    def assumed(self):
        """The shapes that nobody said."""
        return {name: shape for name, shape in self.shapes.items() if name not in self.said}

    def fits(self, name, shape):
        """Whether a variable could have had another shape."""
        unknown = dict.fromkeys(self.shapes) | self.said | {name: shape}
        return fits(self.expression.source, self.expression.script, self.given, unknown, scalar=self.scalar)

    def record(self, seed=0, wrt=None):
        """The expression as a Recorded whose lines hold at other points too, for it stands at one without meaning.

        The values that were given are used only where it exists at no others, as with the places of elements.
        `wrt` are the names that derivatives will be asked by, by default all.
        """
        found = None
        for kept in ({}, self.given) if self.expression.general else (self.given,):
            for shift in _SHIFTS:
                try:
                    found = self.expression.record(self._point(shift, seed) | kept, seed, wrt)
                except AdiffError as error:
                    failure = error
                    continue
                if np.isfinite(found.value).all():
                    return found
        if found is None:
            raise failure
        return found

    def is_singular(self, seed=0):
        """Whether a matrix that is to be inverted cannot be, with these shapes: A @ A' where A has fewer columns."""
        try:
            output = self.record(seed).output
        except AdiffError:
            return True
        return type(output) is Line and any(map(_loses_rank, ancestors([output])))

    def _point(self, shift, seed):
        """An array for each variable at which nothing special happens."""
        draw = np.random.default_rng(seed)
        forms = {name: (array.shape, array.dtype) for name, array in self.given.items()}
        forms |= {name: (shape, float) for name, shape in self.shapes.items()}
        return {name: (generic(shape, draw) + shift).astype(dtype) for name, (shape, dtype) in forms.items()}


def symbols(expression, point, shapes=None, *, scalar=False, seed=0):
    """The Symbols of an expression at a point that leaves out some variables.

    shapes   those that are said, by name; the others are worked out
    Raises AdiffError where shapes contradict each other, and for a function's name without its parentheses.
    """
    given = {name: as_floats(value) for name, value in point.items()}
    unbound = [name for name in expression.variables if name not in given]
    said = {name: shape for name, shape in (shapes or {}).items() if name in unbound}
    for name in unbound:
        if lookup(name) is not None and name not in said:
            raise expression.unbound(name)
    unknown = dict.fromkeys(unbound) | said
    found = expression.shapes(given, unknown, scalar=scalar, seed=seed) if unbound else {}
    known = Symbols(expression, given, found, said, scalar)
    if any(len({*shape}) > 1 for shape in known.assumed.values()) and known.is_singular(seed):
        others = (expression.shapes(given, unknown, scalar=scalar, level=level, seed=seed) for level in (max, min))
        others = (known._replace(shapes=shapes) for shapes in others)
        return next((other for other in others if not other.is_singular(seed)), known)
    return known


def _loses_rank(line):
    """Whether a line is to invert a matrix that cannot be inverted."""
    if line.rule.name not in _OF_REGULAR:
        return False
    matrix = line.operands[0].value if type(line.operands[0]) is Line else line.operands[0]
    return bool(np.any(np.linalg.matrix_rank(matrix) < np.shape(matrix)[-1]))
