"""NumPy's errors in the words of the language: which operands, of which shapes, and what to write."""

import numpy as np

from ..errors import AdiffError

CAUGHT = (ValueError, TypeError, IndexError, ArithmeticError, MemoryError, np.linalg.LinAlgError)
_LONGEST_LABEL = 24


def shape_text(shape):
    """(3), (2, 2), or the word scalar."""
    return f"({', '.join(map(str, shape))})" if shape else "scalar"


def elements(shape):
    """What an item of this shape is called in a sentence."""
    if len(shape) == 1:
        return f"{shape[0]} element{'s' * (shape[0] != 1)}"
    return f"shape {shape_text(shape)}" if shape else "a single number"


def explain(error, node, args, source):
    """An AdiffError for what NumPy said of this call."""
    if isinstance(error, MemoryError):
        return _place("too-large", f"this needs more memory than there is: {_first_sentence(error)}", node, source)
    operands = _operands(node)
    shapes = [np.shape(a) for a in args if hasattr(a, "shape") or isinstance(a, float)]
    label = _label(operands, shapes, source)
    if hasattr(node, "left") and len(shapes) == 2:
        pair = " and ".join(map(shape_text, shapes))
        return _place("shape", f"{node.op} cannot join shapes {pair}", node, source, label)
    if isinstance(error, np.linalg.LinAlgError):
        return _linear_algebra(str(error), node, shapes, label, source)
    if isinstance(error, IndexError):
        return _place("index", _first_sentence(error), node, source, label)
    name = getattr(node, "name", "this")
    if shapes and any(word in str(error) for word in ("shape", "broadcast", "align", "dimension")):
        pair = " and ".join(map(shape_text, shapes))
        help = _ask_about_shell(operands, shapes, source) if _needs_matrix(str(error)) else ""
        return _place("shape", f"{name} cannot take shape{'s' * (len(shapes) > 1)} {pair}", node, source, label, help)
    return _place("value", f"{name}: {_first_sentence(error)}", node, source, label)


def _linear_algebra(text, node, shapes, label, source):
    name = getattr(node, "name", "this")
    lowered = text.lower()
    if "singular" in lowered:
        return _place("singular", f"{name} needs a matrix that can be inverted, and this one is singular", node, source)
    if "positive definite" in lowered:
        return _place("not-positive-definite", f"{name} needs a positive definite matrix", node, source)
    if "square" in lowered or "dimension" in lowered:
        kind = "a square matrix" if shapes and len(shapes[0]) == 2 else "a matrix"
        help = _ask_about_shell(_operands(node), shapes, source)
        return _place("shape", f"{name} needs {kind}, not shape {shape_text(shapes[0])}", node, source, label, help)
    return _place("value", f"{name}: {lowered}", node, source, label)


def _needs_matrix(text):
    return "1-dimensional" in text or "at least two-dimensional" in text or "at least 2" in text


def _ask_about_shell(operands, shapes, source):
    """`--A 1,2;3,4` without quotes ends at the semicolon: A is then a vector, and 3,4 a failed command."""
    for operand, shape in zip(operands, shapes, strict=False):
        if len(shape) < 2 and hasattr(operand, "name"):
            return f'did the shell take a ; ? quote the value: --{operand.name} "1,2;3,4"'
    return ""


def _operands(node):
    """The nodes whose shapes are worth a label."""
    if hasattr(node, "left"):
        return [node.left, node.right]
    if hasattr(node, "args"):
        return [a for a in node.args if type(a).__name__ != "Keyword"]
    return [node.operand] if hasattr(node, "operand") else []


def _label(operands, shapes, source):
    """`x is (3), y is (2)`; long operands are called by their place."""
    if len(operands) != len(shapes):
        return ", ".join(map(shape_text, shapes))
    texts = [source[o.span.start : o.span.end] for o in operands]
    if any(len(t) > _LONGEST_LABEL or "\n" in t for t in texts):
        texts = ["left", "right"] if len(texts) == 2 else [f"argument {i}" for i in range(1, len(texts) + 1)]
    return ", ".join(f"{t} is {shape_text(s)}" for t, s in zip(texts, shapes, strict=True))


def _first_sentence(error):
    text = str(error).strip().splitlines()
    return (text[0][:1].lower() + text[0][1:]) if text else type(error).__name__


def _place(code, message, node, source, label="", help=""):
    return AdiffError(code, message, span=node.span, label=label, help=help, source=source)
