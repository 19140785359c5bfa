"""The tree of an expression: its nodes, and how to walk them.

Each node says where it stands: `span`, always the last field, covers the node with the parentheses around it.
Whatever walks a tree keeps a list of its own instead of calling itself, for a formula may be nested deeper than
Python's stack; and for the same reason nodes are compared and hashed by identity.
"""

from typing import NamedTuple

from ..errors import Span

# Names that no definition may take; what they stand for is said by the catalogue in functions.py.
CONSTANTS = frozenset({"pi", "π", "e", "tau", "τ", "inf", "nan", "None", "True", "False"})


class Number(NamedTuple):
    """`3`, `1.5e-3`; also the exponent of `x²`."""

    value: float
    span: Span


class Name(NamedTuple):
    """A variable, a constant, or what a definition has named."""

    name: str
    span: Span


class Text(NamedTuple):
    """`"ij,jk->ik"`; the value is without the quotes."""

    value: str
    span: Span


class Unary(NamedTuple):
    """`-x`, `+x`, `not x`, and the transpose `x'`; `op` is one of `- + not '`."""

    op: str
    operand: object
    span: Span


class Binary(NamedTuple):
    """Two operands; `op` is one of `+ - * / % @ ^ and or`, however it was spelt: `2x` and `2·x` have `*`."""

    op: str
    left: object
    right: object
    span: Span


class Compare(NamedTuple):
    """`a < b <= c`: operators out of `< <= > >= == !=`, and one operand more."""

    ops: tuple
    operands: tuple
    span: Span


class Choice(NamedTuple):
    """`yes if condition else no`."""

    yes: object
    condition: object
    no: object
    span: Span


class Index(NamedTuple):
    """`x[items]`; an item is an expression, a `Slice`, or Python's own `...`."""

    operand: object
    items: tuple
    span: Span


class Slice(NamedTuple):
    """`start:stop:step`, with None for what is left out."""

    start: object
    stop: object
    step: object
    span: Span


class Array(NamedTuple):
    """`[a, b]`."""

    items: tuple
    span: Span


class Tuple(NamedTuple):
    """`(a, b)` or `(a,)`."""

    items: tuple
    span: Span


class Keyword(NamedTuple):
    """`axis=0` among the arguments of a call."""

    name: str
    value: object
    span: Span


class Call(NamedTuple):
    """`name(args)`, and `√x`, which is a call of sqrt; `name_span` is the name's own place."""

    name: str
    name_span: Span
    args: tuple
    span: Span


class Primed(NamedTuple):
    """`f'(args)`: the derivative of a function, as many times as there are primes."""

    name: str
    name_span: Span
    order: int
    args: tuple
    span: Span


class Define(NamedTuple):
    """`name = body`, or `name(parameters) = body`; `parameters` are strings, or None when a plain name is defined."""

    name: str
    parameters: tuple | None
    body: object
    span: Span


class Script(NamedTuple):
    """A whole text: definitions, each of which knows those before it, and the expression they lead to."""

    definitions: tuple
    result: object
    span: Span


NODES = frozenset(
    {Number, Name, Text, Unary, Binary, Compare, Choice, Index, Slice, Array, Tuple, Keyword, Call, Primed}
)
NODES |= {Define, Script}


def children(node):
    """The nodes directly below a node, in the order of the source."""
    below = []
    for part in node:
        if type(part) in NODES:
            below.append(part)
        elif type(part) is tuple:
            below.extend(item for item in part if type(item) in NODES)
    return below


def walk(node):
    """A node and all that is below it, each node before its children, in the order of the source."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def is_grouped(node, text):
    """Whether a node has parentheses around it in the text it was read from; a tuple always has."""
    return text[node.span.start] == "(" and all(child.span.start > node.span.start for child in children(node)[:1])


def free_names(script):
    """The names used as values that are no parameter and not yet defined: a `Name` for each, where it is first used.

    Constants such as pi are among them, for which names are constants is not a question of syntax.
    """
    return _unexplained(script, lambda node: node if type(node) is Name else None)


def called_names(script):
    """The functions called that the script has not yet defined: a `Name` for each, where it is first called."""
    return _unexplained(script, lambda node: Name(node.name, node.name_span) if type(node) in (Call, Primed) else None)


def _unexplained(script, named_by):
    found, defined = {}, set()
    for statement in children(script):
        is_definition = type(statement) is Define
        parameters = set(statement.parameters or ()) if is_definition else ()
        for node in walk(statement):
            used = named_by(node)
            if used is not None and used.name not in defined and used.name not in parameters:
                found.setdefault(used.name, used)
        if is_definition:
            defined.add(statement.name)
    return tuple(found.values())


# A tree as one line, to look at and to compare: x + 2*sin(y) is (+ x (* 2 (call sin y))).


def outline(node):
    """The tree as one line of nested parentheses, operator first; the places are left out."""
    line, waiting = [], [node]
    while waiting:
        part = waiting.pop()
        if type(part) not in NODES:
            line.append({None: "none", ...: "..."}.get(part, part))
        elif type(part) in _LEAVES:
            line.append(_LEAVES[type(part)](part))
        else:
            waiting += [")", *reversed(_spaced(_BRANCHES[type(part)](part))), "("]
    return "".join(line)


def _spaced(parts):
    return [piece for part in parts for piece in (" ", part)][1:]


def _chain(node):
    return [part for pair in zip(node.operands, (*node.ops, None), strict=True) for part in pair][:-1]


def _head(node):
    return node.name if node.parameters is None else f"{node.name}({','.join(node.parameters)})"


_LEAVES = {
    Number: lambda node: repr(node.value).removesuffix(".0"),
    Name: lambda node: node.name,
    Text: lambda node: f'"{node.value}"',
}
_BRANCHES = {
    Unary: lambda node: [node.op, node.operand],
    Binary: lambda node: [node.op, node.left, node.right],
    Compare: lambda node: ["compare", *_chain(node)],
    Choice: lambda node: ["choose", node.yes, "if", node.condition, "else", node.no],
    Index: lambda node: ["index", node.operand, *node.items],
    Slice: lambda node: ["slice", node.start, node.stop, node.step],
    Array: lambda node: ["array", *node.items],
    Tuple: lambda node: ["tuple", *node.items],
    Keyword: lambda node: ["keyword", node.name, node.value],
    Call: lambda node: ["call", node.name, *node.args],
    Primed: lambda node: ["call", node.name + "'" * node.order, *node.args],
    Define: lambda node: ["define", _head(node), node.body],
    Script: lambda node: ["script", *node.definitions, node.result],
}

for _kind in NODES:
    _kind.__eq__, _kind.__ne__, _kind.__hash__ = object.__eq__, object.__ne__, object.__hash__
    _kind.__repr__ = outline
