"""What should be known beside an answer: where it stopped being finite, and where it stands at a kink."""

import numpy as np

from .engine import trouble
from .engine.program import Line, between
from .engine.recording import Recording
from .engine.tensor import Tensor, apply, variable
from .errors import Undefined
from .language.mismatches import shape_text
from .report import Remark

_ORDINALS = {1: "derivative", 2: "second derivative", 3: "third derivative"}


def enforce(strict, remarks, source):
    """Under --strict, what is not finite is an error and not an answer."""
    if strict and remarks:
        first = remarks[0]
        raise Undefined(first.code, first.message, span=first.span, label=first.label, help=first.help, source=source)


def of_value(recorded):
    """Where the value stopped being finite, if it did."""
    if np.isfinite(recorded.value).all():
        return []
    if type(recorded.output) is not Line:
        return [Remark("non-finite", "the value is not finite")]
    born = trouble.births(recorded.output)
    if not born:
        return [Remark("non-finite", "the value is not finite, because the point is not")]
    line = born[0]
    text, numbers = _text(recorded, line), trouble.flat(line.value)
    if np.isnan(numbers).any():
        message = f"{text} is not defined{_at(line, np.isnan(numbers))}, and neither is its derivative"
        return [Remark("undefined", message, line.span)]
    return [Remark("non-finite", f"{text} is {_infinity(numbers)}{_at(line, np.isinf(numbers))}", line.span)]


def of_derivatives(recorded, wrt, order):
    """Where derivatives of an order stopped being finite."""
    lines = [recorded.inputs[name] for name in wrt]
    found = trouble.backward_birth(recorded.simplified, np.ones(np.shape(recorded.value)), lines)
    suspects = between([recorded.simplified], lines) if found is None else found[:1]
    for line in suspects:
        k, bad = _unbounded(line, order)
        if k or found is not None:
            message = (
                f"the {_ORDINALS.get(k or 1, f'derivative of order {k}')} of {_text(recorded, line)} is not finite"
            )
            return [Remark("non-finite", message + _at(line, bad), line.span)]
    if all(np.isfinite(line.value).all() for line in lines):
        return [Remark("non-finite", "the derivative is not finite here")]
    return [Remark("non-finite", "the derivative is not finite, because the point is not")]


def of_kinks(recorded, wrt):
    """The kinks at which the point stands."""
    if type(recorded.output) is not Line:
        return []
    lines = trouble.kinks(recorded.simplified, [recorded.inputs[name] for name in wrt])
    return [
        Remark("kink", f"{_text(recorded, line)} has a kink here: {line.rule.kink[1]}", line.span) for line in lines
    ]


def of_rewriting(is_rewritten):
    """That the lines that are shown are not those that are written."""
    message = "shown is what is differentiated: it has the value of what is written, which has no derivative here"
    return (Remark("rewritten", message),) if is_rewritten else ()


def _unbounded(line, order):
    """(k, where): the first order up to `order` at which an elementwise line has a derivative that is not finite."""
    if line.rule.kind != "elementwise":
        return 0, np.zeros((), bool)
    from .engine.taylor import Series  # rarely needed, and not for nothing

    shape = np.shape(line.value)
    with Recording(), np.errstate(all="ignore"):
        operands = [variable(np.broadcast_to(o.value, shape)) if type(o) is Line else o for o in line.operands]
        inputs = [o.line for o in operands if isinstance(o, Tensor)]
        again = apply(line.rule, operands, line.params).line
        coefficients = Series(inputs, [np.ones(shape)] * len(inputs)).fill(again, order)
    for k, coefficient in enumerate(coefficients[1:], 1):
        if not np.isfinite(coefficient).all():
            return k, ~np.isfinite(coefficient)
    return 0, np.zeros(shape, bool)


def _text(recorded, line):
    span = line.span
    return recorded.source[span.start : span.end] if span else line.rule.name


def _at(line, bad):
    """` at -1 (element [2])`: what went into an elementwise line at the first place that is bad; else its shape."""
    operands = [o.value if type(o) is Line else o for o in line.operands]
    if line.rule.kind != "elementwise":
        return _at_array(operands)
    if not bad.any():
        return ""
    bad = bad.reshape(np.shape(line.value))
    place = tuple(map(int, np.argwhere(bad)[0]))
    variable = [o.value for o in line.operands if type(o) is Line]  # a constant is there to be read
    numbers = [repr(float(np.broadcast_to(v, bad.shape)[place])).removesuffix(".0") for v in variable]
    element = f" (element [{', '.join(map(str, place))}])" if place else ""
    return f" at {' and '.join(numbers)}{element}"


def _at_array(operands):
    shape = np.shape(operands[0]) if len(operands) == 1 and isinstance(operands[0], np.ndarray) else ()
    return f" for an array of shape {shape_text(shape)}" if shape else ""


def _infinity(numbers):
    return "-inf" if np.all(numbers[np.isinf(numbers)] < 0) else "inf"
