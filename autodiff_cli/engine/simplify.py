"""Lines to equal lines that are better to differentiate.

Each row of ROWS looks at one line, whose operands have been simplified already, and gives the call
(function, operands, params) that replaces it, or None. Values stay what they were: a row changes how a
line is differentiated, not what it computes.
"""

import numpy as np

from .program import Line, ancestors
from .rules import find


def simplified(output):
    """The output with every row applied to the lines behind it, first to last; spans are kept."""
    new = {}
    for line in ancestors([output]):
        operands = tuple([new.get(o, o) if type(o) is Line else o for o in line.operands])
        call = next(filter(None, (row(line, *operands) for row in ROWS.get(line.rule.function, ()))), None)
        if call is not None:
            function, operands, params = call
            new[line] = Line(find(function), operands, params, line.value, line.span)
        elif any(a is not b for a, b in zip(operands, line.operands, strict=True)):
            new[line] = Line(line.rule, operands, line.params, line.value, line.span, line.name)
    return new.get(output, output)


def _is_call(operand, function):
    return type(operand) is Line and operand.rule.function is function


def _is_square(operand):
    """Whether this is x^2, or x*x; its first operand is x."""
    return _is_call(operand, np.square) or _is_product_with_itself(operand)


def _is_product_with_itself(operand):
    return _is_call(operand, np.multiply) and operand.operands[0] is operand.operands[1]


def _is_half(exponent):
    return all(type(e) is float and e == 0.5 for e in exponent)


# --- roots of squares


def root_of_square(line, square, *exponent):
    """sqrt(x^2) is abs(x), whose slope at 0 is a kink and not inf * 0."""
    if not _is_half(exponent) or not _is_square(square):
        return None
    return np.absolute, square.operands[:1], {}


def root_of_sum_of_squares(line, total, *exponent):
    """sqrt(sum(x^2)) is norm(x), whose gradient x/norm(x) exists at 0 and is rounded once, not four times."""
    if not _is_half(exponent) or not _is_call(total, np.sum) or not _is_square(total.operands[0]):
        return None
    axis = total.params.get("axis")
    if isinstance(axis, tuple) and len(axis) > 2:
        return None
    return np.linalg.norm, total.operands[0].operands[:1], total.params


# --- squares of roots; a product of a line with itself is a square as well


def square_of_root(line, x, *same):
    """sqrt(x)^2 is x, whose slope at 0 is 1 and not 0 * inf."""
    return (np.positive, x.operands, {}) if _is_call(x, np.sqrt) and _is_one(x, same) else None


def square_of_absolute(line, x, *same):
    """abs(x)^2 is x^2, which has no kink."""
    return (np.square, x.operands, {}) if _is_call(x, np.absolute) and _is_one(x, same) else None


def square_of_norm(line, x, *same):
    """norm(x)^2 is sum(x^2), which has no kink."""
    if not _is_call(x, np.linalg.norm) or not _is_one(x, same) or x.params:
        return None
    (vector,) = x.operands
    return np.sum, (Line(find(np.square), (vector,), {}, np.square(vector.value), line.span),), {}


def _is_one(x, same):
    return all(other is x for other in same)


_ROOTS = [root_of_square, root_of_sum_of_squares]
_SQUARES = [square_of_root, square_of_absolute, square_of_norm]
ROWS = {np.sqrt: _ROOTS, np.power: _ROOTS, np.square: _SQUARES, np.multiply: _SQUARES}
