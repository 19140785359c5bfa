"""What is left of a term when all sums are said: pieces along its axes, multiplied entry by entry."""

from typing import NamedTuple

from ...language.syntax import Number
from .trees import call, chain, column, multiplied, ones, quotient, scaled, transposed, whole


class Piece(NamedTuple):
    """Trees multiplied and divided by, along axes: none for a number, one for a vector, two for a matrix."""

    over: tuple
    under: tuple
    axes: tuple

    @property
    def tree(self):
        return quotient(self.over, self.under)


class NoPicture(Exception):
    """Not a product of matrices and vectors."""


def laid_out(pieces, axes, number, full):
    """The tree of a number times pieces; where `full`, of the shape of the axes, not of one that broadcasts to it."""
    over = [t for p in pieces if not p.axes for t in p.over if not _is_one(t)]
    under = [t for p in pieces if not p.axes for t in p.under]
    own = tuple(dict.fromkeys(axes))
    if len(axes) > 2:
        raise NoPicture
    tree, divisors = _ROOMS[len(own)](pieces, own, len(own) < len(axes), full)
    if tree is None or _is_one(tree):
        return quotient(over, [*under, *divisors], number)
    return scaled(over, [*under, *divisors], tree, number)


# Each gives a tree and what it is divided by; None is 1 everywhere.


def _number(pieces, axes, diagonal, full):
    return None, ()


def _vector(pieces, axes, diagonal, full):
    """A vector, or the matrix with this diagonal."""
    (size,) = _sizes(axes)
    vector = _along(pieces, axes)
    if diagonal:
        return (call("diag", vector.tree) if vector else call("eye", whole(size))), ()
    if vector is None:
        return (ones((size,)) if full else None), ()
    return multiplied(vector.over), vector.under


def _matrix(pieces, axes, diagonal, full):
    """A matrix with its rows and columns multiplied; or one that is made of two vectors."""
    left, right = _along(pieces, axes[:1]), _along(pieces, axes[1:])
    matrix = next((p for p in pieces if len(p.axes) == 2), None)
    if matrix is None:
        return _outer(left, right, _sizes(axes), full), ()
    flip = transposed if matrix.axes != axes else lambda tree: tree
    tree, under = multiplied(map(flip, matrix.over)), list(map(flip, matrix.under))
    links = [tree] if tree is not None else [ones(_sizes(axes))]
    if left and left.over:
        links = [call("diag", left.tree), *links]
    elif left:
        under.append(column(multiplied(left.under)))
    if right and right.over:
        links = [*links, call("diag", right.tree)]
    elif right:
        under += right.under
    return (chain(*links) if links[1:] else tree), under


_ROOMS = (_number, _vector, _matrix)


def _along(pieces, axes):
    """The vector along an axis, if there is one."""
    return next((p for p in pieces if p.axes == axes), None)


def _outer(left, right, sizes, full):
    """A matrix of two vectors, or of one that is repeated."""
    if left and right:
        return call("outer", left.tree, right.tree)
    if left:
        return call("outer", left.tree, ones(sizes[1:])) if full else column(left.tree)
    if right:
        return call("outer", ones(sizes[:1]), right.tree) if full else right.tree
    return ones(sizes) if full else None


def _sizes(axes):
    return [axis.size for axis in axes]


def _is_one(tree):
    return type(tree) is Number and tree.value == 1
