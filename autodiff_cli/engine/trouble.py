"""Where a result stopped being a number, and where a derivative met a kink."""

import numpy as np

from .differentiate import vjp
from .program import Line, ancestors, between


def births(output, bad=lambda numbers: ~np.isfinite(numbers)):
    """The lines at which what is bad (inf or nan) first arose on the way to `output`: nothing of their operands is."""
    return [
        line
        for line in ancestors([output])
        if line.operands and _any(bad, line.value) and not any(_any(bad, _value(o)) for o in line.operands)
    ]


def birth(output):
    """(line, where): the first birth of inf or nan that reaches `output`, and which of its numbers do.

    Where inputs are not finite themselves, that of nan from infinities; None where there is none. What a choice leaves
    out reaches nothing.
    """
    for bad in (lambda numbers: ~np.isfinite(numbers), np.isnan):
        found = births(output, bad)
        if found:
            return _reaching(output, found, bad)
    return None


def _reaching(output, found, bad):
    alone = [line for line in found if not isinstance(line.value, tuple)]
    wrong = bad(output.value)
    for line, reach in zip(alone, vjp([output], [np.where(wrong, 1.0, 0.0)], alone, live=[wrong]), strict=True):
        where = bad(line.value) & (reach != 0)
        if where.any():
            return line, where
    return found[0], bad(flat(found[0].value)).reshape(np.shape(found[0].value) if found[0] in alone else -1)


def backward_birth(output, cotangent, inputs):
    """(line, where): the first line that sends what is not finite to an operand, and where in the operand that is.

    None where all that is sent is finite.
    """
    found = []

    def watch(line, operand, contribution):
        if not found and _any(lambda numbers: ~np.isfinite(numbers), contribution):
            found.append((line, ~np.isfinite(flat(contribution)).reshape(np.shape(contribution))))

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


def kinked(output, inputs):
    """The lines between inputs and output that may stand at a kink."""
    return [line for line in between([output], inputs) if line.rule.kink is not None]


def kinks(output, inputs):
    """Those that stand at one."""
    return [line for line in kinked(output, inputs) if np.any(at_kink(line))]


def felt(output, lines):
    """Those of lines at kinks that the gradient of `output` passes through: elsewhere it is the same on both sides."""
    arrived = arrivals(output, lines)
    return [line for line in lines if np.any(meeting(at_kink(line), arrived.get(line)))]


def arrivals(output, lines, **how):
    """What a gradient of `output` brings to each of the lines that has one result; `how` is for vjp."""
    weights = 2 + np.cos(np.arange(output.value.size)).reshape(output.value.shape)  # with which nothing cancels
    alone = [line for line in lines if not isinstance(line.value, tuple)]
    return dict(zip(alone, vjp([output], [weights.astype(output.value.dtype)], alone, **how), strict=True))


def meeting(kinks, arrived):
    """Where kinks meet what arrived there: entry by entry, or as a whole; None is taken for anything."""
    if arrived is None:
        return kinks
    passed = np.not_equal(arrived, 0)
    if np.shape(kinks) == np.shape(passed):
        return np.logical_and(kinks, passed)
    return np.logical_and(np.any(kinks), np.any(passed))


def _value(operand):
    return operand.value if type(operand) is Line else operand


@np.errstate(all="ignore")
def at_kink(line, see=_value):
    """Where a line that may have kinks stands at one; of the shape of its value where the rule is elementwise.

    see   what a line stands for: its value, or its Tensor (`wrap`) for the answer to be one
    """
    return line.rule.kink[0](see(line), *map(see, line.operands), **line.params)


def flat(value):
    """All numbers of a line's value, of each of its results where it has several."""
    return np.concatenate([np.ravel(part) for part in value]) if isinstance(value, tuple) else np.ravel(value)


def _any(bad, value):
    if isinstance(value, tuple):
        return any(_any(bad, part) for part in value)
    return not isinstance(value, (str, type(None))) and bool(np.any(bad(value)))
