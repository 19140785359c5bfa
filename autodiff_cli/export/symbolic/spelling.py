"""A tree of the language as text, with no more parentheses than a reader needs.

It is the tree that the parser makes (language/syntax.py), and one thing more: the operator `·` is a product with a
number in front, which reads as `*`, and lets `2*A @ x` stand without parentheses.
"""

from ...errors import Span
from ...language.syntax import Binary, Unary

NOWHERE = Span(0, 0)

# How tightly a node holds together, from the loosest.
CHOICE, OR, AND, NOT, COMPARE, SUM, PRODUCT, CHAIN, POWER, POSTFIX, ATOM = range(11)
_PRIME = "'"
_LEVELS = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "·": CHAIN,
           "@": PRODUCT, "^": POWER}  # fmt: skip
_WORDS = {"or": " or ", "and": " and ", "+": " + ", "-": " - ", "*": "*", "/": "/", "%": " % ", "·": "*", "@": " @ ",
          "^": "^"}  # fmt: skip


def spelled(tree, names=None, text_of=None):
    """The text of a tree; a part whose own text, as `text_of` gives it, is in `names` is called by its name there."""
    return _text(tree, CHOICE, (names, text_of) if names else None)


def _text(tree, least, names):
    """The text of a part that must hold together at least so tightly."""
    name = names and names[0].get(names[1](tree))
    if name:
        return name
    text, level = _SPELLINGS[type(tree).__name__](tree, names)
    return f"({text})" if level < least else text


def _number(tree, names):
    return repr(tree.value).removesuffix(".0") if abs(tree.value) < 1e15 else f"{tree.value:g}", ATOM


def _unary(tree, names):
    if tree.op == "'":
        return _text(tree.operand, POSTFIX, names) + "'", POSTFIX
    if not tree.op:  # a mark of trees.py
        return _SPELLINGS[type(tree.operand).__name__](tree.operand, names)
    if tree.op == "not":
        return "not " + _text(tree.operand, NOT, names), NOT
    return tree.op + _text(tree.operand, PRODUCT, names), SUM


def _binary(tree, names):
    level = _LEVELS[tree.op]
    left, right = level, level + 1
    if tree.op == "^":
        left = right = POSTFIX
    elif tree.op == "·":
        left, level = PRODUCT, PRODUCT
    elif level == PRODUCT and type(tree.left) is Binary and (tree.left.op == "@") != (tree.op == "@"):
        left = PRODUCT if tree.left.op == "·" else CHAIN  # (A @ x)/y and (x*y) @ A, though they are read from the left
    if tree.op in "*/" and _begins_with_minus(tree.left):
        left, level = SUM, SUM  # -2*x is read as (-2)*x
    return _text(tree.left, left, names) + _WORDS[tree.op] + _text(tree.right, right, names), level


def _begins_with_minus(tree):
    """Whether a factor, or the first of several, has a minus."""
    while type(tree) is Binary and tree.op in "*/":
        tree = tree.left
    return type(tree) is Unary and tree.op == "-"


def _compare(tree, names):
    first, *rest = (_text(operand, SUM, names) for operand in tree.operands)
    return first + "".join(f" {op} {operand}" for op, operand in zip(tree.ops, rest, strict=True)), COMPARE


def _joined(parts, names):
    return ", ".join(_item(part, names) for part in parts)


def _item(part, names):
    return "..." if part is ... else _text(part, CHOICE, names)


def _index(tree, names):
    return f"{_text(tree.operand, POSTFIX, names)}[{_joined(tree.items, names)}]", POSTFIX


def _slice(tree, names):
    start, stop, step = ("" if part is None else _text(part, CHOICE, names) for part in tree[:3])
    return f"{start}:{stop}" + (f":{step}" if step else ""), CHOICE


def _choice(tree, names):
    yes, condition, no = (_text(part, least, names) for part, least in zip(tree[:3], (OR, OR, CHOICE), strict=True))
    return f"{yes} if {condition} else {no}", CHOICE


def _tuple(tree, names):
    return f"({_joined(tree.items, names)}{',' * (len(tree.items) == 1)})", ATOM


_SPELLINGS = {
    "Number": _number,
    "Name": lambda tree, names: (tree.name, ATOM),
    "Text": lambda tree, names: (f'"{tree.value}"', ATOM),
    "Unary": _unary,
    "Binary": _binary,
    "Compare": _compare,
    "Index": _index,
    "Slice": _slice,
    "Array": lambda tree, names: (f"[{_joined(tree.items, names)}]", ATOM),
    "Tuple": _tuple,
    "Keyword": lambda tree, names: (f"{tree.name}={_text(tree.value, CHOICE, names)}", ATOM),
    "Call": lambda tree, names: (f"{tree.name}({_joined(tree.args, names)})", ATOM),
    "Primed": lambda tree, names: (f"{tree.name}{_PRIME * tree.order}({_joined(tree.args, names)})", ATOM),
    "Choice": _choice,
}
