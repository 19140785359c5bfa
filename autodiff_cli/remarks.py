"""What should be known beside an answer: where it stopped being finite, and where it stands at a kink."""

import numpy as np

from .engine import trouble
from .engine.program import Line, between
from .engine.recording import Recording
from .engine.tensor import Tensor, apply, variable
from .errors import Undefined
from .language.mismatches import shape_text
from .report import Remark

_MOST_NUMBERS = 9  # of arrays that are written out
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
    born = trouble.birth(recorded.output) if type(recorded.output) is Line else None
    if born is None:
        return [_of_given(recorded)]
    line, where = born
    text, numbers = _text(recorded, line), np.where(where, trouble.flat(line.value).reshape(where.shape), 0)
    if np.isnan(numbers).any():
        either = ", and neither is its derivative" if all(map(_is_finite, line.operands)) else ""
        return [Remark("undefined", f"{text} is not defined{_at(line, np.isnan(numbers))}{either}", line.span)]
    return [Remark("non-finite", f"{text} is {_infinity(numbers)}{_at(line, where)}", line.span)]


def _of_given(recorded):
    """What was not finite before any variable had a part in it, or was given so."""
    inputs, span = _unbounded_inputs(recorded), recorded.unbounded
    if span is not None and not inputs:
        return Remark("non-finite", f"{_quoted(recorded, span)} is not finite", span)
    return Remark("non-finite", "the value is not finite" + (f", because {inputs}" if inputs else ""))


def of_derivatives(recorded, wrt, order):
    """Where derivatives of an order stopped being finite."""
    lines = [recorded.inputs[name] for name in wrt]
    found = trouble.backward_birth(recorded.simplified, np.ones(np.shape(recorded.value)), lines)
    suspects = between([recorded.simplified], lines) if found is None else found[:1]
    for line in suspects:
        k, bad = _unbounded(line, order)
        if found is not None and found[1].shape == bad.shape:
            bad = found[1]
        if k or found is not None:
            message = (
                f"the {_ORDINALS.get(k or 1, f'derivative of order {k}')} of {_text(recorded, line)} is not finite"
            )
            return [Remark("non-finite", message + _at(line, bad), line.span)]
    if all(np.isfinite(line.value).all() for line in lines):
        return [Remark("non-finite", "the derivative is not finite here")]
    return [Remark("non-finite", f"the derivative is not finite, because {_unbounded_inputs(recorded)}")]


def of_kinks(recorded, wrt, order=None):
    """The kinks at which the point stands; for derivatives of order 1, only those that change them."""
    found = {}
    for output, lines, is_first in recorded.slopes(wrt, order):
        kinks = trouble.kinks(output, lines)
        found |= dict.fromkeys(trouble.felt(output, kinks) if is_first else kinks)
    return [_of_kink(recorded, line) for line in found]


def _of_kink(recorded, line):
    at = _at(line, np.asarray(trouble.at_kink(line)))
    place = at if at.startswith(" at ") else " here"
    return Remark("kink", f"{_text(recorded, line)} has a kink{place}: {line.rule.kink[1]}", line.span)


def of_one_point(target):
    """That formulas of a function are those of the way that it took through its code."""
    if target.general:
        return ()
    message = f"this holds where {target.source} takes the branches that it takes here"
    return (Remark("branches", message),)


def placed(found, recorded):
    """Remarks on a function with the number of the line that they speak of."""
    if not recorded.function:
        return found
    lines = [recorded.source.count("\n", 0, remark.span.start) + 1 if remark.span else 0 for remark in found]
    return [r._replace(label=r.label or f"line {n}") if n else r for r, n in zip(found, lines, strict=True)]


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
    return _quoted(recorded, line.span) if line.span else line.rule.name


def _quoted(recorded, span):
    return _bare(" ".join(recorded.source[span.start : span.end].split()))


def _bare(text):
    """A piece without parentheses around all of it."""
    depth = 0
    for i, char in enumerate(text, 1):
        depth += (char == "(") - (char == ")")
        if not depth:
            return _bare(text[1:-1].strip()) if text[0] == "(" and i == len(text) else text
    return text


def _at(line, bad):
    """` at -1 (element [2])`: what went into an elementwise line at the first place that is bad, or into another."""
    variable = [o.value for o in line.operands if type(o) is Line]  # a constant is there to be read
    if line.rule.kind != "elementwise":
        return _at_arrays(variable)
    if not bad.any():
        return ""
    bad = np.broadcast_to(bad, np.shape(line.value))
    place = tuple(map(int, np.argwhere(bad)[0]))
    numbers = [_number(np.broadcast_to(v, bad.shape)[place]) for v in variable]
    return f" at {' and '.join(numbers)}{_element(place)}"


def _at_arrays(arrays):
    """Short ones as they are, of others their shapes."""
    arrays = [part for array in arrays for part in (array if isinstance(array, tuple) else (array,))]
    if sum(map(np.size, arrays)) <= _MOST_NUMBERS:
        return f" at {' and '.join(map(_written, arrays))}"
    shapes = dict.fromkeys(f"shape {shape_text(np.shape(array))}" for array in arrays)
    return f" for {'an array' if len(arrays) == 1 else 'arrays'} of {' and '.join(shapes)}"


def _written(array):
    return f"[{', '.join(map(_written, array))}]" if np.ndim(array) else _number(array)


def _number(value):
    return repr(complex(value)) if np.iscomplexobj(value) else repr(float(value)).removesuffix(".0")


def _element(place):
    return f" (element [{', '.join(map(str, place))}])" if place else ""


def _unbounded_inputs(recorded):
    """`x is nan (element [2])`: the inputs that are not finite, by the first of their numbers that is not."""
    words = []
    for name, line in recorded.inputs.items():
        places = np.argwhere(~np.isfinite(line.value))
        if len(places):
            place = tuple(map(int, places[0]))
            words.append(f"{name} is {_number(line.value[place])}{_element(place)}")
    return " and ".join(words)


def _is_finite(operand):
    return type(operand) is not Line or np.isfinite(trouble.flat(operand.value)).all()


def _infinity(numbers):
    return "-inf" if np.all(numbers[np.isinf(numbers)] < 0) else "inf"
