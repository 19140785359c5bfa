"""Small makers of trees of the language, which know the identities that a reader expects."""

import numpy as np

from ...language.syntax import Array, Binary, Call, Index, Keyword, Name, Number, Slice, Text, Tuple, Unary
from . import figures
from .algebra import Unsaid
from .spelling import NOWHERE

_ROOT = 0.5


def call(name, *args):
    return Call(name, NOWHERE, args, NOWHERE)


def whole(n):
    return Number(float(n), NOWHERE)


def binary(op, left, right):
    return Binary(op, left, right, NOWHERE)


def chain(*matrices):
    """A product of matrices, without parentheses inside."""
    items = [item for matrix in matrices for item in links(matrix)]
    tree = items[0]
    for item in items[1:]:
        tree = binary("@", tree, item)
    return tree


def links(tree):
    """The factors of a product of matrices."""
    return [*links(tree.left), tree.right] if type(tree) is Binary and tree.op == "@" else [tree]


def symmetric(tree):
    """A matrix that is its own transpose, marked as such."""
    return Unary("", tree, NOWHERE)


def transposed(tree):
    """A' is A once more transposed, and (A @ B)' is B' @ A'."""
    if type(tree) is Unary and not tree.op:
        return tree
    if type(tree) is Unary and tree.op == "'":
        return tree.operand
    if type(tree) is Binary and tree.op == "@":
        return chain(*(transposed(item) for item in reversed(links(tree))))
    if type(tree) is Call and tree.name == "diag":
        return tree
    if type(tree) is Call and tree.name == "outer":
        return call("outer", *tree.args[::-1])
    return Unary("'", tree, NOWHERE)


def is_transposed(tree):
    return type(tree) is Unary and tree.op == "'"


def is_square_of_name(tree):
    """Whether this is x^2."""
    square = type(tree) is Binary and tree.op == "^" and type(tree.right) is Number and tree.right.value == 2
    return square and type(tree.left) is Name


def multiplied(trees):
    """A product of entries; None for that of nothing."""
    answer = None
    for tree in trees:
        answer = tree if answer is None else binary("*", answer, tree)
    return answer


def power(tree, exponent):
    """A power with a positive exponent."""
    if exponent == 1:
        return tree
    return call("sqrt", tree) if exponent == _ROOT else binary("^", tree, whole(exponent))


def quotient(over, under, number=1):
    """number * over / under: lists of trees, and a positive fraction."""
    if not over and not under:
        return figures.number(number)
    top, bottom = figures.parts(number)
    tree, under = _times(top, over) or whole(1), _times(bottom, under)
    return tree if under is None else binary("/", tree, under)


def _times(number, trees):
    """A product with a number in front, unless that is 1; None for 1."""
    return multiplied([*([whole(number)] if number != 1 else []), *trees])


def scaled(over, under, tree, number=1):
    """A matrix or vector times numbers."""
    top, bottom = figures.parts(number)
    numbers, under = _times(top, over), _times(bottom, under)
    if numbers is not None and links(tree)[1:]:
        first, *rest = links(tree)
        tree = chain(binary("·", numbers, first), *rest)
    elif numbers is not None:
        tree = multiplied([numbers, *_entries(tree)])
    return tree if under is None else binary("/", tree, under)


def _entries(tree):
    """The factors of a product of entries."""
    return [*_entries(tree.left), tree.right] if type(tree) is Binary and tree.op == "*" else [tree]


def column(tree):
    """A vector as a column, to be repeated along rows."""
    return Index(tree, (Slice(None, None, None, NOWHERE), Name("None", NOWHERE)), NOWHERE)


def array(items):
    return Array(tuple(items), NOWHERE)


def index(tree, items):
    """A tree at numbers and slices; colons at the end are left out."""
    lists = [k for k, item in enumerate(items) if isinstance(item, list)]
    for k in lists[1:]:  # two lists in one pair of brackets would be pairs
        tree = index(tree, [item if k == i else slice(None) for i, item in enumerate(items)])
        items = [slice(None) if k == i else item for i, item in enumerate(items)]
    while items[-1] == slice(None):
        items = items[:-1]
    return Index(tree, tuple(map(_item, items)), NOWHERE)


def _item(item):
    if isinstance(item, list):
        return array(map(plain, item))
    if not isinstance(item, slice):
        return plain(item)
    return Slice(*(None if k is None else plain(k) for k in (item.start, item.stop, item.step)), NOWHERE)


def ones(shape):
    return call("ones", *map(whole, shape))


def keyword(name, value):
    return Keyword(name, plain(value), NOWHERE)


def plain(value):
    """The tree of what is structure in a call: a number, a word, several."""
    if isinstance(value, (bool, type(None))):
        return Name(str(value), NOWHERE)
    if isinstance(value, str):
        return Text(value, NOWHERE)
    if isinstance(value, (tuple, list)):
        return Tuple(tuple(map(plain, value)), NOWHERE)
    if not isinstance(value, (int, float)):
        raise Unsaid("structure without a word")
    if not np.isfinite(value):
        return Name("inf" if value > 0 else "-inf", NOWHERE)
    return Unary("-", Number(float(-value), NOWHERE), NOWHERE) if value < 0 else Number(float(value), NOWHERE)
