"""Formulas of single numbers, computed with many digits by mpmath. It is imported here alone, and may be missing."""

import mpmath

from ..engine.program import Line

_DIGITS, _STEP = 100, 25  # of which differences over 10^-25 leave 50

# By the name of a rule, what mpmath calls the function.
_SAME = {"sqrt", "cbrt", "exp", "expm1", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "hypot", "erf",
         "erfc", "gamma", "loggamma", "digamma", "floor", "ceil"}  # fmt: skip
_OTHER = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
          "arctanh": "atanh", "arctan2": "atan2", "log": "ln", "log10": "log10", "absolute": "fabs", "sign": "sign",
          "gammaln": "loggamma", "psi": "digamma", "sinc": "sincpi"}  # fmt: skip
_OPERATORS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "true_divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "negative": lambda a: -a,
    "positive": lambda a: a,
    "square": lambda a: a * a,
    "reciprocal": lambda a: 1 / a,
}


def derivative(program, position):
    """The derivative of a Program of single numbers by one of its inputs; None where it cannot be had in this way."""
    with mpmath.workdps(_DIGITS):
        calls = [_call(line) for line in program.lines]
        if None in calls or type(program.outputs[0]) is not Line:
            return None
        point = [mpmath.mpf(float(line.value)) for line in program.inputs]
        step = mpmath.mpf(10) ** -_STEP * max(1, abs(point[position]))
        try:
            up, down = (_value(program, calls, point, position, s * step) for s in (1, -1))
        except (ValueError, ArithmeticError, NotImplementedError, mpmath.libmp.NoConvergence):
            return None
        slope = (up - down) / (2 * step)
        return float(slope) if isinstance(slope, mpmath.mpf) and mpmath.isfinite(slope) else None


def _call(line):
    """What computes a line; None where that is not known."""
    name = line.rule.name
    if line.params or name not in (*_OPERATORS, *_SAME, *_OTHER):
        return None
    return _OPERATORS.get(name) or getattr(mpmath, _OTHER.get(name, name))


def _value(program, calls, point, position, step):
    values = dict(zip(program.inputs, point, strict=True))
    values[program.inputs[position]] += step
    for line, call in zip(program.lines, calls, strict=True):
        values[line] = call(*(values[o] if type(o) is Line else _number(o) for o in line.operands))
    return values[program.outputs[0]]


def _number(constant):
    return mpmath.mpf(float(constant))
