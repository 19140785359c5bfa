"""One term as a product of matrices and vectors.

A term is a set of pieces, each along one axis or two. Axes that are summed over are taken away one after the other: a
matrix and a vector that share one are a product `A @ x`, two matrices a longer chain, and what is left along the axes
of the term is multiplied entry by entry.
"""

from math import prod

from ...language.syntax import Unary
from . import trees
from .algebra import ONE, Pick
from .layout import NoPicture, Piece, laid_out
from .spelling import spelled
from .trees import binary, call, chain, power, quotient, transposed, whole


class Picture:
    """The pieces of one term, fewer and fewer."""

    def __init__(self, writer, term):
        self.writer, self.term = writer, term
        self.conditions = {}
        self.number = term.coefficient
        self.pieces = []
        self.picks = _picks(term)
        for factor in sorted(term.factors, key=writer.rank):
            if not any(factor is pick for pick, _ in self.picks.values()):
                self.take(factor)

    def take(self, factor):
        """A factor as a piece."""
        atom, axes, exponent = factor
        tree, axes = self.picked(self.writer.atom(atom), axes)
        if len(axes) != len(set(axes)):
            if len(axes) > 2:
                raise NoPicture
            if exponent == 1 and self.is_alone(axes[0]):
                self.put(call("tr", tree), (), ONE)
                return
            tree, axes = call("diag", tree), axes[:1]
        if len(axes) > 2:
            raise NoPicture
        if atom.truth:
            self.conditions.setdefault(axes, []).append(tree)
            return
        self.put(tree, axes, exponent)

    def picked(self, tree, axes):
        """The entries of a factor that are picked along its axes, x[0] or A[1:], and the axes that are left."""
        if not any(a in self.picks for a in axes):
            return tree, axes
        items = [self.picks[a][0].atom.key if a in self.picks else slice(None) for a in axes]
        left = [b for a in axes for b in (self.picks[a][1] if a in self.picks else (a,))]
        return trees.index(tree, items), tuple(left)

    def is_alone(self, axis):
        """Whether only one factor has this axis."""
        return axis not in self.term.axes and sum(axis in f.axes for f in self.term.factors) == 1

    def put(self, tree, axes, exponent=ONE):
        """One tree more: multiplied with those along the same axes."""
        over, under = ((power(tree, exponent),), ()) if exponent > 0 else ((), (power(tree, -exponent),))
        for k, piece in enumerate(self.pieces):
            if piece.axes == axes or (set(piece.axes) == set(axes) and self.may_merge(axes)):
                if piece.axes != axes:
                    over, under = tuple(map(transposed, over)), tuple(map(transposed, under))
                self.pieces[k] = Piece(piece.over + over, piece.under + under, piece.axes)
                return
        self.pieces.append(Piece(over, under, axes))

    def may_merge(self, axes):
        """Whether matrices along the same axes the other way round are multiplied entry by entry: else it is a loop."""
        return all(a in self.term.axes for a in axes)

    def at(self, axis, rank):
        return [p for p in self.pieces if axis in p.axes and len(p.axes) == rank]

    # --- sums over axes

    def tree(self, full):
        """The tree of what is left when all sums are said."""
        for axes, conditions in self.conditions.items():
            self.choose(conditions, axes)
        left = [a for a in self.term.summed if a not in self.picks]
        while left:
            axis = min(left, key=lambda a: (len(self.at(a, 2)), left.index(a)))
            left.remove(axis)
            self.contract(axis)
        return laid_out(self.pieces, self.term.axes, self.number, full)

    def choose(self, conditions, axes):
        """Conditions choose among the entries along their axes."""
        chosen = [p for p in self.pieces if p.axes == axes]
        self.pieces = [p for p in self.pieces if p.axes != axes]
        number, over, under = ONE, *((chosen[0].over, chosen[0].under) if chosen else ((), ()))
        if not self.pieces and not self.term.summed:
            number, self.number = self.number, ONE
        self.put(choice(conditions, quotient(over, under, number)), axes)

    def contract(self, axis):
        """Take one axis away: a sum, a product of a matrix and a vector, or a longer chain."""
        matrices, vectors = self.at(axis, 2), self.at(axis, 1)
        self.pieces = [p for p in self.pieces if axis not in p.axes]
        if len(matrices) > 2 or len(vectors) > 1:
            raise NoPicture
        vector = vectors[0] if vectors else None
        if not matrices:
            self.put(self.total(vector), ())
        elif len(matrices) == 1:
            self.put(*self.across(matrices[0], axis, vector))
        else:
            first, second = _towards(matrices[0], axis), _from(matrices[1], axis)
            middle = [call("diag", vector.tree)] if vector else []
            ends = (_other(matrices[0], axis), _other(matrices[1], axis))
            product = chain(first, *middle, second)
            if ends[0] is ends[1]:
                self.loop(product, ends[0])
            else:
                self.put(product, ends)

    def loop(self, product, axis):
        """A chain that comes back to where it began: its diagonal, which is a trace if nothing else is there."""
        if axis in self.term.axes or self.at(axis, 1) or self.at(axis, 2):
            back = transposed(product)
            self.put(call("diag", min(product, back, key=lambda tree: len(spelled(tree)))), (axis,))
        else:
            self.put(call("tr", _fewer(product)), ())

    def total(self, vector):
        """The sum of a vector; of a product of two an inner product."""
        if vector is None:  # what was said before, in a trace
            return whole(1)
        parts = vector.over
        if len(parts) == 1 and trees.is_square_of_name(parts[0]):
            parts = (parts[0].left,) * 2
        if self.writer.dots and len(parts) == 2 and not vector.under:
            return _dotted(parts)
        return self.whole(vector)

    def whole(self, piece):
        """The sum of all entries; their mean where means are spoken of."""
        size = prod(a.size for a in piece.axes)
        if not self.writer.means or size < 2 or self.number.denominator % size:
            return call("sum", piece.tree)
        self.number *= size
        return call("mean", piece.tree)

    def across(self, matrix, axis, vector):
        """(tree, axes) of a matrix summed over one of its axes, with a vector along it or alone; or over both."""
        other = _other(matrix, axis)
        if vector is not None:
            return chain(_towards(matrix, axis), vector.tree), (other,)
        if other not in self.term.axes and not self.at(other, 1) and not self.at(other, 2):
            return self.whole(matrix), ()
        return call("sum", matrix.tree, trees.keyword("axis", matrix.axes.index(axis))), (other,)


def _picks(term):
    """The factors that pick entries of others, by the axis along which they do: (factor, the axes in its place)."""
    found = {}
    for factor in term.factors:
        if isinstance(factor.atom, Pick):
            axis = factor.axes[-1]
            once = sum(isinstance(f.atom, Pick) and axis in f.axes for f in term.factors) == 1
            if axis not in term.axes and once and sum(axis in f.axes for f in term.factors) > 1:
                found[axis] = factor, factor.axes[:-1]
    return found


def _other(piece, axis):
    return piece.axes[1] if piece.axes[0] is axis else piece.axes[0]


def _towards(piece, axis):
    """A matrix whose columns are along the axis."""
    return piece.tree if piece.axes[1] is axis else transposed(piece.tree)


def _from(piece, axis):
    """A matrix whose rows are along the axis."""
    return transposed(_towards(piece, axis))


def _dotted(parts):
    """The inner product of two vectors, read in the direction with fewer transposes."""
    first, second = sorted(parts, key=lambda tree: len(trees.links(tree)))
    if trees.links(first)[1:]:
        return chain(first, second)
    vector, *matrices, last = [first, *trees.links(second)]
    back = [last, *(transposed(matrix) for matrix in reversed(matrices)), vector]
    return chain(*min([vector, *matrices, last], back, key=_transposes))


def _transposes(items):
    return sum(map(trees.is_transposed, items))


def _fewer(product):
    """A chain under a trace, which may begin anywhere and be read backwards: with the fewest transposes."""
    items = trees.links(product)
    turns = [items[k:] + items[:k] for k in range(len(items))]
    back = [[transposed(item) for item in reversed(turn)] for turn in turns]
    chains = [chain(*turn) for turn in (*turns, *back)]
    return min(chains, key=lambda tree: (_transposes(trees.links(tree)), spelled(tree)))


def choice(conditions, value):
    """where(c, x, 0); and where(c, 0, x) for not c."""
    if len(conditions) == 1 and type(conditions[0]) is Unary and conditions[0].op == "not":
        return call("where", conditions[0].operand, whole(0), value)
    condition = conditions[0]
    for other in conditions[1:]:
        condition = binary("and", condition, other)
    return call("where", condition, value, whole(0))
