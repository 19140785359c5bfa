"""One thing taken for another in the user's formula: an operator, a variable, an axis, a term."""

from ...export.symbolic.spelling import NOWHERE
from ...export.symbolic.trees import binary, keyword
from ...language.functions import lookup
from ...language.syntax import Binary, Call, Compare, Index, Keyword, Name, Number, Unary
from .slips import Slip, is_binary

_OPERATORS = "*/@+-^"
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "!=", "!=": "=="}


def _operators(place, bench):
    node = place.node
    if type(node) is Binary:
        beside_one = node.op in "+-" and any(type(n) is Number and n.value == 1 for n in (node.left, node.right))
        for op in "+-" if beside_one else _OPERATORS:  # nobody writes 1 - x for 1*x
            if op == node.op:
                continue
            new = binary(op, node.left, node.right)
            yield Slip("operator", f"{node.op} should be {op}, in {{}}", (node,), new, 2 * (op == "/"))
    if type(node) is Compare and len(node.ops) == 1:
        op = _FLIPPED[node.ops[0]]
        yield Slip("operator", f"{node.ops[0]} should be {op}, in {{}}", (node,), node._replace(ops=(op,)))


def _orders(place, bench):
    node = place.node
    if is_binary(node, "-"):
        yield Slip("sign", "the sign of {} is wrong", (node,), binary("-", node.right, node.left))
    if is_binary(node, "@/^"):
        words = f"the operands of {node.op} are exchanged, in {{}}"
        yield Slip("order", words, (node,), binary(node.op, node.right, node.left), 2 * (node.op == "@"))
    if type(node) is Call:
        for args in _exchanged(node.args):
            yield Slip("order", f"two arguments of {node.name} are exchanged", (), node._replace(args=args))
    if type(node) is Index:
        for items in _exchanged(node.items):
            yield Slip("order", "two indices are exchanged, in {}", (node,), node._replace(items=items))


def _exchanged(items):
    """The same items with two neighbours exchanged."""
    for k in range(len(items) - 1):
        if Keyword not in (type(items[k]), type(items[k + 1])):
            yield (*items[:k], items[k + 1], items[k], *items[k + 2 :])


def _variables(place, bench):
    node = place.node
    if type(node) is not Name or node.name not in bench.inputs:
        return
    for other in bench.inputs:
        if other != node.name and bench.inputs[other].shape == bench.inputs[node.name].shape:
            yield Slip("variable", f"{node.name} should be {other}", (), Name(other, NOWHERE))


def _axes(place, bench):
    node = place.node
    if type(node) is not Call or "axis" not in dict((lookup(node.name) or lookup("exp")).parameters):
        return
    rest = tuple(a for a in node.args if not (type(a) is Keyword and a.name == "axis"))
    if rest != node.args:
        yield Slip("axis", "axis= does not belong, in {}", (node,), node._replace(args=rest))
    elif len(rest) == 1:
        for axis in range(getattr(bench.values.get(rest[0]), "ndim", 0)):
            new = node._replace(args=(*rest, keyword("axis", axis)))
            yield Slip("axis", f"axis={axis} is missing, in {{}}", (node,), new)


def _drops(place, bench):
    node = place.node
    if is_binary(node, "+-"):
        yield Slip("term", "the term {} does not belong", (node.right,), node.left)
        rest = node.right if node.op == "+" else Unary("-", node.right, NOWHERE)
        yield Slip("term", "the term {} does not belong", (node.left,), rest)
    elif is_binary(node, "*@/"):
        what = "divisor" if node.op == "/" else "factor"
        yield Slip("factor", f"the {what} {{}} does not belong", (node.right,), node.left)
        if node.op != "/":
            yield Slip("factor", "the factor {} does not belong", (node.left,), node.right)


EXCHANGES = (_operators, _orders, _variables, _axes, _drops)
