"""Derivatives by a second way that needs no small steps: with complex numbers, or with 50 digits.

An analytic function of x + ih has h*f'(x) as its imaginary part, for an h so small that nothing else is left (W. Squire
and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40, 1998). It loses no
digits, but computes as coarsely as the function. Formulas of single numbers are computed with mpmath, where that is
installed, which shows what is lost on the way.
"""

from typing import NamedTuple

import numpy as np

from ..engine.differences import wide
from ..engine.program import Line, Program

_STEP = 1e-50
_ENOUGH = 1e-9  # where differences are this close, no more digits are asked for

# Rules of functions that NumPy computes with complex numbers as mathematics does.
_ANALYTIC = {"add", "subtract", "multiply", "divide", "true_divide", "negative", "positive", "reciprocal", "square",
             "sqrt", "power", "float_power", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos",
             "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arctanh", "sum", "mean", "prod",
             "cumsum", "cumprod", "matmul", "dot", "inner", "outer", "tensordot", "einsum", "vecdot", "matvec",
             "vecmat", "trace", "transpose", "matrix_transpose", "swapaxes", "moveaxis", "reshape", "ravel",
             "squeeze", "expand_dims", "broadcast_to", "index", "concatenate", "stack", "tril", "triu", "diag",
             "diagonal", "flip", "roll", "kron", "inv", "solve", "det"}  # fmt: skip


class Second(NamedTuple):
    """Derivatives by another way.

    name    what the way is called
    values  an axis for the components of what is differentiated, one for the places of the variable
    """

    name: str
    values: np.ndarray


def exact(check, sample, key, known, agrees):
    """The derivative at the places of a Reference as a Second; None where there is no other way.

    What is recorded of a Python function may have lost something on the way that the function itself has not: then it
    is no other way.

    agrees   whether the claim does: then many digits are asked for only where the differences say little
    """
    recorded = sample.recorded
    if check.of == "hess" or not check.target.general or type(recorded.output) is not Line or not len(known.places):
        return None
    program = Program(recorded.inputs.values(), [recorded.output])
    if not (agrees and known.off < _ENOUGH) and all(np.shape(line.value) == () for line in program.lines):
        found = _with_digits(program, list(recorded.inputs).index(key[0]))
        if found is not None:
            return found
    return _complex_step(program, list(recorded.inputs).index(key[0]), known.places)


def _with_digits(program, position):
    try:
        from .digits import derivative
    except ImportError:  # mpmath need not be there
        return None
    found = derivative(program, position)
    return None if found is None else Second("50-digit arithmetic", np.full((1, 1), found))


def _complex_step(program, position, places):
    if not all(line.rule.name in _ANALYTIC for line in program.lines):
        return None
    point = [wide(line.value) for line in program.inputs]
    columns = []
    for place in places:
        moved = point[position].astype(complex)
        moved.flat[place] += 1j * _STEP
        (value,) = program(*point[:position], moved, *point[position + 1 :])
        columns.append(np.imag(value).ravel() / _STEP)
    values = np.stack(columns, axis=1)
    return Second("the complex step", values) if np.isfinite(values).all() else None
