"""Where a result stopped being a number, and where a derivative met a kink."""

import numpy as np

from .differentiate import vjp
from .program import Line, ancestors, between


def births(output):
    """The lines at which inf or nan first arose on the way to `output`: their operands are still finite."""
    return [
        line
        for line in ancestors([output])
        if line.operands and not _finite(line.value) and all(_finite(_value(o)) for o in line.operands)
    ]


def backward_birth(output, cotangent, inputs):
    """The first (line, operand) whose contribution to the gradient is not finite; None where all are."""
    found = []

    def watch(line, operand, contribution):
        if not found and not _finite(contribution):
            found.append((line, operand))

    vjp([output], [cotangent], inputs, watch=watch)
    return found[0] if found else None


def undefined(output, cotangent, inputs):
    """What to add to gradients where `output` has no value: nan for the inputs behind a nan, 0 elsewhere.

    A formula for the derivative may go on where the function ends: 1/x does at x = -1, log(x) does not.
    """
    total = [np.zeros_like(line.value) for line in inputs]
    for line in births(output):
        if isinstance(line.value, tuple) or not np.isnan(line.value).any():
            continue
        (reaches,) = vjp([output], [cotangent], [line])
        affected = np.isnan(line.value) & (reaches != 0)
        seed = np.where(affected, np.nan, 0.0)
        total = [t + g for t, g in zip(total, vjp([line], [seed], inputs, live=[affected]), strict=True)]
    return total


def kinks(output, inputs):
    """The lines between inputs and output that stand at a kink."""
    return [line for line in between([output], inputs) if line.rule.kink is not None and _at_kink(line)]


def _at_kink(line):
    predicate = line.rule.kink[0]
    with np.errstate(all="ignore"):
        return bool(np.any(predicate(line.value, *map(_value, line.operands), **line.params)))


def _value(operand):
    return operand.value if type(operand) is Line else operand


def flat(value):
    """All numbers of a line's value, of each of its results where it has several."""
    return np.concatenate([np.ravel(part) for part in value]) if isinstance(value, tuple) else np.ravel(value)


def _finite(value):
    if isinstance(value, tuple):
        return all(map(_finite, value))
    if isinstance(value, (str, type(None))):
        return True
    return bool(np.isfinite(value).all())
