"""Lines to others that cost less at each of many rows: the same to rounding, and where the answer is finite.

What is not finite is asked again in another way by whoever runs these lines, so that a guard against a pole need not
stand in them, and a power may be a product. Rows are as in simplify.py.
"""

import numpy as np

from . import simplify
from .compiled import unrepeated
from .monomials import regrouped
from .program import Line, Program
from .rulebook.trigonometry import sech

_MOST_FACTORS = 4  # in a power that is written as a product


def cheaper(program):
    """The program in fewer or cheaper lines."""
    for rows in (_FIRST, _THEN):
        program = Program(program.inputs, simplify.rewritten(program.outputs, rows))
    program = regrouped(program)
    return Program(program.inputs, simplify.rewritten(program.outputs, _LAST))


# --- products of numbers of rows before products of vectors


def _size(operand):
    return np.size(operand.value if type(operand) is Line else operand)


def _value(operand):
    return operand.value if type(operand) is Line else operand


def _is(operand, function):
    return type(operand) is Line and operand.rule.function is function


def _bare(operand):
    """A number that was given axes, without them."""
    if not _is(operand, np.reshape) or _size(operand) != 1:
        return operand
    (x,) = operand.operands
    return x if x.value.ndim < operand.value.ndim else operand


def bare_beside(function):
    """A number need not be given axes to meet an array that has them."""

    def row(build, params, a, b):
        shape = np.broadcast_shapes(np.shape(_value(a)), np.shape(_value(b)))
        x, y = (_bare(o) if np.shape(_value(other)) == shape else o for o, other in ((a, b), (b, a)))
        return None if x is a and y is b else build(function, x, y)

    return row


def narrow_product_first(build, params, a, b):
    """s*(t*x) is (s*t)*x where s and t have fewer entries than x."""
    if _size(a) > _size(b):
        a, b = b, a
    if not _is(b, np.multiply) or _size(a) == _size(b):
        return None
    s, x = sorted(b.operands, key=_size)
    if _size(s) == _size(x) or type(x) is not Line or x.value.shape != b.value.shape:
        return None
    return build(np.multiply, build(np.multiply, a, s), x)


def product_of_numbers(build, params, a, b):
    """The row of simplify.py, where it does not put a number before a vector."""
    return simplify.product_of_numbers(build, params, a, b) if _size(a) == _size(b) or type(a) is not Line else None


# --- what is not elementwise, in what is


def product_of_vectors(build, params, a, b):
    """dot(a, b) is sum(a*b)."""
    if params or np.ndim(_value(a)) != 1 or np.ndim(_value(b)) != 1:
        return None
    return build(np.sum, build(np.multiply, a, b))


def length_of_vector(build, params, x):
    """norm(x) is sqrt(sum(x^2))."""
    if not params.keys() <= {"axis", "keepdims"} or np.iscomplexobj(x.value):
        return None
    if np.size(params.get("axis", -1)) > 1:
        return None
    return build(np.sqrt, build(np.sum, build(np.square, x), **params))


def mean_of_entries(build, params, x):
    """mean(x) is sum(x)/n."""
    if not params.keys() <= {"axis", "keepdims"}:
        return None
    total = build(np.sum, x, **params)
    return build(np.true_divide, total, float(_size(x) / max(_size(total), 1)))


# --- guards and powers


def guarded_quotient(build, params, condition, a, b):
    """where(s == 0, 0, x/s) is x/s, which is not finite at a zero."""
    if not _is(condition, np.equal) or not _is(b, np.true_divide) or type(a) is Line or np.any(a):
        return None
    s, zero = condition.operands
    return b if _bare(s) is _bare(b.operands[1]) and not np.any(_value(zero)) else None


def power_as_product(build, params, x, k):
    """x^3 is x*x^2, and so on for small whole exponents and halves."""
    if type(x) is not Line or x.value.dtype.kind != "f" or type(k) is Line or np.ndim(k) or params:
        return None
    k = float(k)
    if k == 0.5:
        return build(np.sqrt, x)
    if not k.is_integer() or not 1 < abs(k) <= _MOST_FACTORS:
        return None
    square = build(np.square, x)
    product = {2: lambda: square, 3: lambda: build(np.multiply, x, square), 4: lambda: build(np.square, square)}
    found = product[abs(int(k))]()
    return found if k > 0 else build(np.reciprocal, found)


def square_of_length(build, params, x):
    """sqrt(s)^2 is s where s is a sum of squares; any other root tells of what is negative by being nan."""
    if not _is(x, np.sqrt) or not _is(x.operands[0], np.sum):
        return None
    return x.operands[0] if _is(x.operands[0].operands[0], np.square) else None


_ROOTS = (simplify.root_of_square, simplify.root_of_sum_of_squares, simplify.square_of_norm)


def hyperbolic_secant(build, params, x):
    """sech(x) is 1/cosh(x)."""
    return None if x.value.dtype.kind != "f" else build(np.reciprocal, build(np.cosh, x))


def _with(rows, old, new):
    """Rows with another one in the place of `old`."""
    return tuple(new if row is old else row for row in rows)


_ROWS = {f: _with(rows, simplify.square_of_root, square_of_length) for f, rows in simplify.ROWS.items()}
_FIRST = _ROWS | {np.where: (*simplify.ROWS[np.where], guarded_quotient)}
_OWN = {
    sech: (hyperbolic_secant,),
    np.multiply: (narrow_product_first, product_of_numbers),
    np.dot: (product_of_vectors,),
    np.vecdot: (product_of_vectors,),
    np.inner: (product_of_vectors,),
    np.linalg.norm: (length_of_vector,),
    np.mean: (mean_of_entries,),
    np.power: (power_as_product,),
}
_LEFT_OUT = {*_ROOTS, simplify.product_of_numbers}
_THEN = {f: tuple(row for row in rows if row not in _LEFT_OUT) for f, rows in _ROWS.items()}
for function in (np.add, np.subtract, np.multiply, np.true_divide):
    _THEN[function] = (unrepeated(function), bare_beside(function), *_THEN[function])
for function, rows in _OWN.items():
    _THEN[function] = (*_THEN.get(function, ()), *rows)
_LAST = {
    np.square: (square_of_length,),
    np.add: (simplify.sum_with_negative,),
    np.subtract: (simplify.difference_with_negative,),
    np.negative: (simplify.negative_of_negative, simplify.negative_of_difference, simplify.negative_of_multiple),
}
