"""The backward sweep of the target at each point, in numbers: what a derivation by hand would have gone through."""

from typing import NamedTuple

import numpy as np

from ...engine.differentiate import vjp
from ...engine.program import INPUT, Line, between
from ...export.operations import operation
from .texts import shortened

_MOST_LINES = 300


class Sweep(NamedTuple):
    """One backward sweep.

    input     the Line of the variable
    lines     those between it and the value, in order
    adjoints  the derivative of the value by each of them
    sent      (line, operand, what the line adds to the adjoint of the operand), in the order of the sweep
    """

    input: Line
    lines: list
    adjoints: list
    sent: list

    def adjoint(self, line):
        """The derivative of the value by one of the lines; nan by one that is several."""
        return next((g for own, g in zip(self.lines, self.adjoints, strict=True) if own is line), np.nan)


def sweeps(case):
    """A Sweep for each point, all alike; none where the points lead through other lines, or through too many."""
    found = [_sweep(recorded, case.names[0]) for recorded in case.recorded if recorded.varies]
    alike = len({tuple(line.rule.name for line in sweep.lines) for sweep in found}) == 1
    return found if alike and len(found) == len(case.points) and len(found[0].lines) <= _MOST_LINES else []


def _sweep(recorded, name):
    output, variable = recorded.output, recorded.inputs[name]
    lines = [line for line in between([output], [variable]) if not isinstance(line.value, tuple)]
    sent = []

    def watch(line, operand, contribution):
        if not isinstance(operand.value, tuple):
            sent.append((line, operand, contribution))

    one = np.ones((), output.value.dtype)
    adjoints = vjp([output], [one], [variable, *lines], watch=watch)
    return Sweep(variable, lines, adjoints[1:], sent)


def carried(sweep, operand, cotangent):
    """What a cotangent of a line comes to at the variable."""
    if operand is sweep.input:
        return cotangent
    return vjp([operand], [cotangent], [sweep.input])[0]


def piece(case, line):
    """The text that a line computes, or the call that it is."""
    recorded = case.recorded[0]
    if line.rule is INPUT:
        return line.name
    if line.span is not None:
        return recorded.source[line.span.start : line.span.end]
    names = {operand: operand.name or "..." for operand in line.parents}
    return operation(line, names, recorded.source)


def quoted_piece(case, line):
    """The same as it is repeated in a sentence, with its place where it is code."""
    text, recorded = shortened(_bare(piece(case, line))), case.recorded[0]
    if not case.target.function or line.span is None:
        return text
    return f"{text} (line {recorded.source.count(chr(10), 0, line.span.start) + 1})"


def _bare(text):
    """A piece without the parentheses that it stands in."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:-1] if place and place == len(text) - 1 and text[0] == "(" else text
    return text
