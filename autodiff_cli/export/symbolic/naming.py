"""Functions by their names in the catalogue, or as operators."""

from functools import cache

import numpy as np

from ...engine.rulebook.trigonometry import sech
from ...language.functions import FUNCTIONS, lookup
from ...language.syntax import Compare, Unary
from . import trees
from .algebra import Unsaid
from .spelling import NOWHERE, spelled
from .trees import binary, call

_COMPARISONS = {np.less: "<", np.less_equal: "<=", np.greater: ">", np.greater_equal: ">=", np.equal: "==",
                np.not_equal: "!="}  # fmt: skip
_SPELT = {
    sech: lambda x: binary("/", trees.whole(1), call("cosh", x)),
    np.logical_not: lambda x: Unary("not", x, NOWHERE),
}
_OPERATORS = {np.power: "^", np.remainder: "%", np.logical_and: "and", np.logical_or: "or"}


def function(atom, arguments):
    """The tree of a function with these arguments."""
    function = atom.rule.function
    if function in _COMPARISONS:
        return Compare((_COMPARISONS[function],), tuple(arguments), NOWHERE)
    if function is np.logical_and and _are_chained(*arguments):
        first, second = arguments
        return Compare(first.ops + second.ops, first.operands + second.operands[1:], NOWHERE)
    if function in _OPERATORS:
        return binary(_OPERATORS[function], *arguments)
    if function in _SPELT:
        return _SPELT[function](*arguments)
    row = row_of(atom.rule)
    return call(row.name, *arguments, *structure(row, atom.params))


def _are_chained(first, second):
    """Whether two comparisons can be read on: 0 <= x <= 1."""
    both = type(first) is Compare and type(second) is Compare
    return both and spelled(first.operands[-1]) == spelled(second.operands[0])


def row_of(rule):
    """The row of the catalogue that a function has."""
    name = getattr(rule.function, "__name__", "")
    row = _rows().get(name) or lookup(name)
    if row is None and rule.function not in _SPELT | _COMPARISONS | _OPERATORS:
        raise Unsaid(f"{rule.name} has no name in the language")
    return row


@cache
def _rows():
    """The rows of the catalogue by the last name of their function."""
    rows = {}
    for row in FUNCTIONS.values():
        rows.setdefault(row.target.rpartition(".")[2], row)
    return rows


def structure(row, params):
    """What is structure in a call: by its name, or as the rest of its arguments."""
    known = [name for name, _ in row.parameters]
    last = known[-1].removeprefix("*")
    if len(params) == 1 and known[-1] not in params and last in params:
        return [trees.plain(n) for n in np.ravel(params[last])]
    if not params.keys() <= set(known):
        raise Unsaid(f"{row.name} with {', '.join(params)}")
    return [trees.keyword(name, value) for name, value in params.items()]
