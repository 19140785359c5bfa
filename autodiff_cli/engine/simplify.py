"""Lines to fewer, or to equal lines that are better to differentiate.

Each row of ROWS looks at one call before it becomes a line:

    row(build, params, *operands)   the line (or constant) to use in its place, or None

`build(function, *operands, **params)` makes a line in which the rows have been applied already. A row keeps the value,
to rounding; what it may change is how the line is differentiated (`sqrt(x)^2` is `x`, also at 0) and what it costs.
Rows run where lines are made, in a Recording that is told to (`simplifying`), so that a derivative is never
longer than it need be, or over a recorded graph (`simplified`).
"""

from contextlib import contextmanager
from functools import partial

import numpy as np

from .program import Line, ancestors, input_line
from .recording import Recording, modes
from .rulebook.shapes import cast
from .rules import NO_PARAMS, find
from .spectral_rows import function_of_matrix, sum_of_function


def simplified(output):
    """The output with every row applied to the lines behind it."""
    (found,) = rewritten([output])
    return found if type(found) is Line else input_line(found)


def rewritten(outputs, rows=None):
    """Outputs (lines or constants) with some rows, by default all, applied to the lines behind them, first to last;
    values and spans are kept."""
    new = {}
    with Recording() as recording, simplifying(rows), np.errstate(all="ignore"):
        for line in ancestors([o for o in outputs if type(o) is Line]):
            if line.operands:
                operands = tuple([new.get(o, o) if type(o) is Line else o for o in line.operands])
                recording.span = line.span
                new[line] = recording.line(line.rule, operands, line.params, like=line)
    return [new.get(o, o) if type(o) is Line else o for o in outputs]


def recording_of(output):
    """The present Recording, or else one that knows the lines behind an output, so that equal ones are these."""
    if modes.recording is not None:
        return modes.recording
    recording = Recording()
    recording.adopt(ancestors([output]))
    return recording


@contextmanager
def simplifying(rows=None):
    """New lines of the present Recording are simplified, by some rows or by all."""
    recording = modes.recording
    before, recording.rewrite = recording.rewrite, partial(_rewrite, ROWS if rows is None else rows)
    try:
        yield
    finally:
        recording.rewrite = before


def _rewrite(rows, recording, rule, operands, params):
    """What stands for a call, by the first row that knows; None where none does."""

    def build(function, *operands, **params):
        rule = find(function)
        if any([type(o) is Line for o in operands]):
            return recording.line(rule, operands, params or NO_PARAMS)
        return rule.evaluate(*operands, **params)

    for row in rows.get(rule.function, ()):
        try:
            found = row(build, params, *operands)
        except (np.linalg.LinAlgError, TypeError):
            continue  # what is better to differentiate cannot be computed here, like the negative of a truth value
        if found is not None:
            return found
    return None


# --- what rows ask


def _is(operand, function):
    return type(operand) is Line and operand.rule.function is function


def _is_square(operand):
    """Whether this is x^2, or x*x; its first operand is x."""
    return _is(operand, np.square) or (_is(operand, np.multiply) and operand.operands[0] is operand.operands[1])


def _is_number(operand, number, beside=None):
    """Whether this is the constant `number`, which leaves shape and dtype of what stands beside it alone."""
    if type(operand) is Line or np.ndim(operand) or operand != number:
        return False
    return beside is None or type(operand) in (int, float, bool) or np.asarray(operand).dtype == beside.value.dtype


def _is_scalar(operand):
    """Whether this is a constant number."""
    return type(operand) in (int, float) or (isinstance(operand, (np.floating, np.integer)))


def _scaled(operand):
    """(c, x) of a line that is c*x with a constant number c; (1, x) of any other line x."""
    if _is(operand, np.multiply) and _is_scalar(operand.operands[0]) and type(operand.operands[1]) is Line:
        return operand.operands
    return 1.0, operand


def _shape(operand):
    return np.shape(operand.value if type(operand) is Line else operand)


# --- roots of squares, and squares of roots


def _is_half(exponent):
    return all(_is_number(e, 0.5) for e in exponent)


def root_of_square(build, params, square, *exponent):
    """sqrt(x^2) is abs(x), whose slope at 0 is a kink and not inf * 0."""
    if _is_half(exponent) and _is_square(square):
        return build(np.absolute, square.operands[0])
    return None


def root_of_sum_of_squares(build, params, total, *exponent):
    """sqrt(sum(x^2)) is norm(x), whose gradient x/norm(x) exists at 0 and is rounded once, not four times."""
    if not _is_half(exponent) or not _is(total, np.sum) or not _is_square(total.operands[0]):
        return None
    axis = total.params.get("axis")
    if (isinstance(axis, tuple) and len(axis) > 2) or not total.params.keys() <= {"axis", "keepdims"}:
        return None
    return build(np.linalg.norm, total.operands[0].operands[0], **total.params)


def square_of_root(build, params, x):
    """sqrt(x)^2 is x, whose slope at 0 is 1 and not 0 * inf."""
    return x.operands[0] if _is(x, np.sqrt) else None


def square_of_absolute(build, params, x):
    """abs(x)^2 is x^2, which has no kink."""
    real = _is(x, np.absolute) and not np.iscomplexobj(x.operands[0].value)
    return build(np.square, x.operands[0]) if real else None


def square_of_norm(build, params, x):
    """norm(x)^2 is sum(x^2), which has no kink."""
    if not _is(x, np.linalg.norm) or x.params or np.iscomplexobj(x.operands[0].value):
        return None
    return build(np.sum, build(np.square, x.operands[0]))


# --- products


def product_in_order(build, params, a, b):
    """Constants come first and older lines before younger ones, so that a*b and b*a are one line."""
    return build(np.multiply, b, a) if _is_later(a, b) else None


def _is_later(a, b):
    if type(a) is not Line:
        return False
    return type(b) is not Line or b.number < a.number


def product_with_uniform(build, params, a, b):
    """An array of one number repeated is that number."""
    number = _repeated(a, b)
    return None if number is None else build(np.multiply, number, b)


def _repeated(a, b):
    """The number that a constant array has everywhere, where the line b beside it has its shape without it."""
    if type(b) is not Line or not isinstance(a, np.ndarray) or a.dtype != b.value.dtype or not a.size:
        return None
    same = a.ndim <= b.value.ndim and np.broadcast_shapes(a.shape, b.value.shape) == b.value.shape
    return a.flat[0].item() if same and np.all(a == a.flat[0]) else None


def product_with_one(build, params, a, b):
    """1*x is x."""
    return b if type(b) is Line and _is_number(a, 1, b) else None


def product_with_minus_one(build, params, a, b):
    """-1*x is -x."""
    return build(np.negative, b) if type(b) is Line and _is_number(a, -1, b) else None


def product_with_itself(build, params, a, b):
    """x*x is x^2."""
    return build(np.square, a) if a is b and type(a) is Line else None


def product_of_negatives(build, params, a, b):
    """The sign of a factor is that of the product: a * -b is -(a*b), 2 * -b is -2*b."""
    if _is(b, np.negative):
        return (
            build(np.multiply, -a, b.operands[0]) if _is_scalar(a) else _negated(build, np.multiply, a, b.operands[0])
        )
    return _negated(build, np.multiply, a.operands[0], b) if _is(a, np.negative) else None


def _negated(build, function, *operands):
    return build(np.negative, build(function, *operands))


def product_of_numbers(build, params, a, b):
    """a*(b*x) with numbers a and b is (a*b)*x; y*(b*x) is b*(y*x)."""
    number, x = _scaled(b)
    if number != 1:
        if _is_scalar(a):
            return build(np.multiply, a * number, x)
        return build(np.multiply, number, build(np.multiply, a, x))
    number, x = _scaled(a)
    return build(np.multiply, number, build(np.multiply, x, b)) if number != 1 else None


# --- sums and differences


def sum_in_order(build, params, a, b):
    """As for products."""
    return build(np.add, b, a) if _is_later(a, b) else None


def sum_with_uniform(build, params, a, b):
    """As for products."""
    number = _repeated(a, b)
    return None if number is None else build(np.add, number, b)


def sum_with_zero(build, params, a, b):
    """0 + x is x."""
    return b if type(b) is Line and _is_number(a, 0, b) else None


def sum_with_negative(build, params, a, b):
    """a + -b is a - b."""
    if _is(b, np.negative):
        return build(np.subtract, a, b.operands[0])
    return build(np.subtract, b, a.operands[0]) if _is(a, np.negative) else None


def sum_of_multiples(build, params, a, b):
    """a*x + b*x with numbers a and b is (a + b)*x."""
    if type(a) is not Line or type(b) is not Line:
        return None
    (m, x), (n, y) = _scaled(a), _scaled(b)
    return build(np.multiply, m + n, x) if x is y else None


def difference_with_zero(build, params, a, b):
    """x - 0 is x, and 0 - x is -x."""
    if type(a) is Line and _is_number(b, 0, a):
        return a
    return build(np.negative, b) if type(b) is Line and _is_number(a, 0, b) else None


def difference_with_negative(build, params, a, b):
    """a - -b is a + b, and -a - b is -(a + b)."""
    if _is(b, np.negative):
        return build(np.add, a, b.operands[0])
    return _negated(build, np.add, a.operands[0], b) if _is(a, np.negative) else None


def negative_of_negative(build, params, x):
    """-(-x) is x."""
    return x.operands[0] if _is(x, np.negative) else None


def negative_of_difference(build, params, x):
    """-(a - b) is b - a."""
    return build(np.subtract, *reversed(x.operands)) if _is(x, np.subtract) else None


def negative_of_multiple(build, params, x):
    """-(a*x) with a number a is (-a)*x."""
    number, line = _scaled(x)
    return build(np.multiply, -number, line) if line is not x else None


# --- quotients and powers


def quotient_by_one(build, params, a, b):
    """x/1 is x."""
    return a if type(a) is Line and _is_number(b, 1, a) else None


def quotient_of_negatives(build, params, a, b):
    """The sign of a part is that of the quotient."""
    if _is(a, np.negative):
        return _negated(build, np.true_divide, a.operands[0], b)
    return _negated(build, np.true_divide, a, b.operands[0]) if _is(b, np.negative) else None


def small_power(build, params, a, b):
    """x^1 is x, x^2 is square(x), and x^-1 is 1/x."""
    if type(a) is not Line or a.value.dtype.kind not in "fc":
        return None
    if _is_number(b, 1, a):
        return a
    return build(np.square, a) if _is_number(b, 2, a) else build(np.reciprocal, a) if _is_number(b, -1, a) else None


# --- what changes nothing


def identity(build, params, x):
    """+x is x."""
    return x


def conjugate_of_real(build, params, x):
    """A real number is its own conjugate, and its own real part."""
    return x if type(x) is Line and x.value.dtype.kind == "f" else None


def same_form(build, params, x):
    """Brought into the shape that it has; and of two shapes only the last counts."""
    if type(x) is not Line or params.get("order", "C") != "C":
        return None
    return x if tuple(np.atleast_1d(params["shape"])) == _shape(x) else None


def same_axes(build, params, x):
    """An axis moved to where it is."""
    return x if type(x) is Line and params["source"] == params["destination"] else None


def same_type(build, params, x):
    """Converted to the type that it has."""
    return x if type(x) is Line and x.value.dtype == params.get("dtype") else None


def transposed_twice(build, params, x):
    """(A')' is A."""
    return x.operands[0] if _is(x, np.transpose) and not params and not x.params else None


def matrix_transposed_twice(build, params, x):
    """As for whole arrays."""
    return x.operands[0] if _is(x, np.matrix_transpose) else None


def product_with_identity_matrix(build, params, a, b):
    """I @ A is A."""
    if type(b) is not Line or not isinstance(a, np.ndarray) or a.ndim != 2 or b.value.ndim < 2:
        return None
    same = a.dtype == b.value.dtype and a.shape[0] == a.shape[1]
    return b if same and np.array_equal(a, np.eye(len(a))) else None


def same_choice(build, params, condition, a, b):
    """where(c, x, x) is x."""
    return a if type(a) is Line and a is b and _shape(condition) in ((), _shape(a)) else None


_ROOTS = (root_of_square, root_of_sum_of_squares)
ROWS = {
    np.sqrt: _ROOTS,
    np.power: (*_ROOTS, small_power),
    np.square: (square_of_root, square_of_absolute, square_of_norm),
    np.multiply: (product_with_itself, product_in_order, product_with_uniform, product_with_one, product_with_minus_one,
                  product_of_negatives, product_of_numbers),
    np.add: (sum_in_order, sum_with_uniform, sum_with_zero, sum_with_negative, sum_of_multiples),
    np.subtract: (difference_with_zero, difference_with_negative),
    np.negative: (negative_of_negative, negative_of_difference, negative_of_multiple),
    np.true_divide: (quotient_by_one, quotient_of_negatives),
    np.positive: (identity,),
    np.conjugate: (conjugate_of_real,),
    np.real: (conjugate_of_real,),
    np.reshape: (same_form,),
    np.broadcast_to: (same_form,),
    np.moveaxis: (same_axes,),
    cast: (same_type,),
    np.transpose: (transposed_twice,),
    np.matrix_transpose: (matrix_transposed_twice,),
    np.where: (same_choice,),
    np.matmul: (product_with_identity_matrix, function_of_matrix),
    np.sum: (sum_of_function,),
}  # fmt: skip
