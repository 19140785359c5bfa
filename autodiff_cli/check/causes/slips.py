"""One slip of the pen in the user's formula: a sign, a transpose, a function, a number, an exponent."""

from itertools import chain
from typing import NamedTuple

from ...export.symbolic.spelling import NOWHERE
from ...export.symbolic.trees import binary, call, transposed, whole
from ...language.functions import lookup
from ...language.syntax import Binary, Call, Index, Keyword, Name, Number, Unary
from . import parentheses

# Functions that are taken for each other.
_LOOKALIKES = (
    "sin cos tan", "sinh cosh tanh", "sin sinh asin", "cos cosh acos", "tan tanh atan", "asin acos atan",
    "asinh acosh atanh", "exp expm1 exp2 log", "log log2 log10 log1p", "sum mean max min prod", "maximum minimum",
    "sigmoid tanh softplus relu log_sigmoid logit", "softmax log_softmax logsumexp", "inv pinv", "det logdet trace",
    "erf erfc ndtr", "gamma lgamma digamma", "abs sign", "outer inner dot matmul", "diag diagonal", "tril triu",
    "sqrt square cbrt", "cumsum cumprod", "floor ceil round", "var std",
)  # fmt: skip
_ALIKE = {name: [row.split() for row in _LOOKALIKES if name in row.split()] for name in " ".join(_LOOKALIKES).split()}

_SIGN = "the sign of {} is wrong"


class Slip(NamedTuple):
    """One way to mend a formula: what was wrong, and another node in its place.

    words  with {} where a piece of the formula stands
    about  those pieces
    rare   by how many characters another formula may be longer that is preferred to this one
    value  of the new node, where it is known
    """

    kind: str
    words: str
    about: tuple
    new: object
    rare: int = 0
    value: object = None


def find(case):
    """The mending of one slip; the shortest formula, of those that are right."""
    slip = case.slip
    if slip is not None and slip.kind == "operator":  # of a/b*c it may be as well that of parentheses
        return parentheses.find(case) or slip
    return slip


def proposals(bench, kinds, *more):
    """(place, Slip) for each kind of slip at each place."""
    return ((place, slip) for kind in kinds for place in bench.places for slip in kind(place, bench, *more))


# --- kinds of slips: each gives Slips for one place


def _transposes(place, bench):
    node = place.node
    if getattr(bench.values[node], "ndim", 0) < 2:
        return
    if type(node) is Unary and node.op == "'":
        yield Slip("transpose", "a transpose too many, of {}", (node.operand,), node.operand)
    elif not (type(place.parent) is Unary and place.parent.op == "'"):
        yield Slip("transpose", "a transpose is missing", (), transposed(node))
    if type(node) is Binary and node.op == "*" and type(node.left) is Number and node.left.value == 2:
        yield Slip("transpose", "a transpose is missing", (), binary("+", node.right, transposed(node.right)))


def _signs(place, bench):
    node, parent = place.node, place.parent
    if type(node) is Unary and node.op == "-":
        yield Slip("sign", _SIGN, (node.operand,), node.operand)
    elif type(node) is Binary and node.op in "+-":
        other = "-" if node.op == "+" else "+"
        yield Slip("sign", _SIGN, (node.right,), binary(other, node.left, node.right))
    first = parent is None or type(parent) is Call or (is_binary(parent, "+-") and node is parent.left)
    if first and type(node) is not Number:
        yield Slip("sign", _SIGN, (node,), Unary("-", node, NOWHERE))


def _numbers(place, bench):
    node, parent = place.node, place.parent
    if type(node) is not Number:
        return
    exponent = is_binary(parent, "^") and node is parent.right
    kind = "exponent" if exponent else "axis" if type(parent) is Keyword else "index" if _is_index(place) else "number"
    yield Slip("sign", _SIGN, (node,), Unary("-", node, NOWHERE))
    for value in _others(node.value, kind in ("axis", "index")):
        new = number(value)
        yield Slip(kind, "the exponent " * exponent + "{} should be {}", (node, new), new)


def _others(value, counts):
    """Numbers near another one; 0 only where it counts something."""
    near = (value + 1, value - 1, value * 2, value / 2, value + 2, value - 2)
    return [v for v in near if v != value and (v or counts)]


def _powers(place, bench):
    node, parent = place.node, place.parent
    if is_binary(node, "^"):
        yield Slip("exponent", "the exponent of {} does not belong", (node,), node.left)
    elif type(node) in (Name, Call, Index) and not is_binary(parent, "^"):
        yield Slip("exponent", "a square is missing, of {}", (node,), binary("^", node, whole(2)))
        yield Slip("exponent", "a root is missing, of {}", (node,), call("sqrt", node))


def _functions(place, bench):
    node = place.node
    if type(node) is not Call or (row := lookup(node.name)) is None:
        return
    for other in dict.fromkeys(chain(*_ALIKE.get(row.name, ()))):
        if other != row.name:
            yield Slip("function", f"{node.name} should be {other}", (), node._replace(name=other))
    if len(node.args) == 1:
        yield Slip("function", f"{node.name} does not belong, in {{}}", (node,), node.args[0])


SLIPS = (_transposes, _signs, _numbers, _powers, _functions)


def number(value):
    """The tree of a number, whatever its sign."""
    return Number(float(value), NOWHERE) if value >= 0 else Unary("-", Number(float(-value), NOWHERE), NOWHERE)


def is_binary(node, ops):
    """Whether a node is one of some operators."""
    return type(node) is Binary and node.op in ops


def _is_index(place):
    up = place
    while up is not None and type(up.node) is not Index:
        up = up.up
    return up is not None and place.node is not up.node
