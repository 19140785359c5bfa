"""From a question to a Report."""

import numpy as np

from .engine import trouble
from .engine.program import Line
from .errors import Undefined
from .language.mismatches import shape_text
from .report import Remark, Report


def value(expression, point, *, seed=0, strict=False):
    """The value of an expression at a point."""
    recorded = expression.record(point, seed)
    remarks = _value_remarks(expression, recorded)
    _enforce(strict, remarks, expression.source)
    return Report("value", expression.source, point, (), recorded.value, None, tuple(remarks))


def gradient(expression, point, wrt=None, *, seed=0, strict=False):
    """The gradient of a scalar expression; by default with respect to all variables of the point."""
    recorded = expression.record(point, seed)
    wrt = tuple(recorded.inputs if wrt is None else wrt)
    expression.check_wrt(wrt, recorded)
    expression.check_scalar(recorded, wrt)
    gradients = recorded.gradient(wrt)
    remarks = _value_remarks(expression, recorded)
    if not remarks and not all(np.isfinite(g).all() for g in gradients.values()):
        remarks = _gradient_remarks(expression, recorded, wrt)
    _enforce(strict, remarks, expression.source)
    remarks += _kink_remarks(expression, recorded, wrt)
    return Report("grad", expression.source, point, wrt, recorded.value, gradients, tuple(remarks))


def _enforce(strict, remarks, source):
    """Under --strict, what is not finite is an error and not an answer."""
    if strict and remarks:
        first = remarks[0]
        raise Undefined(first.code, first.message, span=first.span, label=first.label, help=first.help, source=source)


def _value_remarks(expression, recorded):
    """Where the value stopped being finite, if it did."""
    if np.isfinite(recorded.value).all():
        return []
    if type(recorded.output) is not Line:
        return [Remark("non-finite", "the value is not finite")]
    born = trouble.births(recorded.output)
    if not born:
        return [Remark("non-finite", "the value is not finite, because the point is not")]
    line = born[0]
    text, numbers = _text(expression, line), trouble.flat(line.value)
    if np.isnan(numbers).any():
        message = f"{text} is not defined{_at(line)}, and neither is its derivative"
        return [Remark("undefined", message, line.span)]
    return [Remark("non-finite", f"{text} is {_infinity(numbers)}{_at(line)}", line.span)]


def _gradient_remarks(expression, recorded, wrt):
    """Where the gradient stopped being finite on its way back."""
    lines = [recorded.inputs[name] for name in wrt]
    found = trouble.backward_birth(recorded.simplified, np.ones(()), lines)
    if found is None:
        return [Remark("non-finite", "the derivative is not finite, because the point is not")]
    line, _ = found
    message = f"the derivative of {_text(expression, line)} is not finite{_at(line)}"
    return [Remark("non-finite", message, line.span)]


def _kink_remarks(expression, recorded, wrt):
    if type(recorded.output) is not Line:
        return []
    lines = trouble.kinks(recorded.simplified, [recorded.inputs[name] for name in wrt])
    return [
        Remark("kink", f"{_text(expression, line)} has a kink here: {line.rule.kink[1]}", line.span) for line in lines
    ]


def _text(expression, line):
    span = line.span
    return expression.source[span.start : span.end] if span else line.rule.name


def _at(line):
    """` at -1 (element [2])`: what went in where an elementwise line first went wrong; else its shape."""
    operands = [o.value if type(o) is Line else o for o in line.operands]
    if line.rule.kind != "elementwise":
        return _at_array(operands)
    bad = _bad_elements(line, operands)
    if not bad.any():
        return ""
    place = tuple(map(int, np.argwhere(bad)[0]))
    variable = [o.value for o in line.operands if type(o) is Line]  # a constant is there to be read
    numbers = [repr(float(np.broadcast_to(v, bad.shape)[place])).removesuffix(".0") for v in variable]
    element = f" (element [{', '.join(map(str, place))}])" if place else ""
    return f" at {' and '.join(numbers)}{element}"


def _bad_elements(line, operands):
    """Where a line is nan; if nowhere, where it or a slope of it is not finite."""
    if np.isnan(line.value).any():
        return np.isnan(line.value)
    with np.errstate(all="ignore"):
        slopes = [partial(line.value, *operands, **line.params) for partial in line.rule.derivatives if partial]
        return ~np.isfinite(sum(slopes, start=line.value))


def _at_array(operands):
    shape = np.shape(operands[0]) if len(operands) == 1 and isinstance(operands[0], np.ndarray) else ()
    return f" for an array of shape {shape_text(shape)}" if shape else ""


def _infinity(numbers):
    return "-inf" if np.all(numbers[np.isinf(numbers)] < 0) else "inf"
