"""Trees as text, as formulas and as pieces that a sentence repeats."""

from ...errors import AdiffError
from ...export.symbolic.spelling import spelled
from ...language.parser import parse
from ...language.syntax import Binary, Number
from .bench import mapped

_LONGEST = 40  # characters of a piece of a formula that are repeated in a sentence


def quoted(tree):
    """A piece of a formula, as it is repeated in a sentence."""
    return shortened(spelled(tree))


def shortened(text):
    """A text on one line, without its end where that is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def script_text(script):
    """The text of a script."""
    return "; ".join([*map(_definition, script.definitions), spelled(mapped(script.result, _open))])


def tree_of(text):
    """The tree of a formula; None where it has definitions, and of what is none."""
    try:
        script = parse(text)
    except AdiffError:
        return None
    return None if script.definitions else script.result


def _open(node):
    """A product that needs no parentheses: 2*A @ x."""
    number = type(node) is Binary and node.op == "@" and type(node.left) is Binary and type(node.left.left) is Number
    return node._replace(left=node.left._replace(op="·")) if number and node.left.op == "*" else node


def _definition(node):
    head = node.name if node.parameters is None else f"{node.name}({', '.join(node.parameters)})"
    return f"{head} = {spelled(node.body)}"
