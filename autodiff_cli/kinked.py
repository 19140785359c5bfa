"""Kinks at many points: what `remarks.of_kinks` finds at one, as programs."""

from functools import cached_property, reduce

import numpy as np

from .engine import trouble
from .engine.program import Line, Program, ancestors
from .engine.recording import Recording
from .engine.run import Rows
from .engine.tensor import wrap
from .recorded import line_or_constant


class Kinked:
    """Whether derivatives stand at a kink that is told of.

    Most points are at none, and whether a line stands at one is seen at once. Whether that is felt in the derivative
    takes a sweep, which is made for the rows where it does.

    recorded    the target at a point where nothing special happens
    wrt, order  as for remarks.of_kinks
    rowed       whether each of the inputs has rows
    """

    def __init__(self, recorded, wrt, order, rowed):
        self._inputs, self._rowed = tuple(recorded.inputs.values()), rowed
        met = [(y, trouble.kinked(y, lines), is_first) for y, lines, is_first in recorded.slopes(wrt, order)]
        self._met = [(y, lines, is_first) for y, lines, is_first in met if lines]
        self._is_told = bool(recorded.remarks)  # of all rows alike
        lines = dict.fromkeys(line for _, lines, _ in self._met for line in lines)
        with self._recording():
            self._near = self._is_told or line_or_constant(_either(map(_at_kink, lines)))

    def beside(self, program, place):
        """A program with one more output at some place: whether a line stands at a kink."""
        before, behind = program.outputs[:place], program.outputs[place:]
        return Program(program.inputs, [*before, self._near, *behind])

    def settle(self, points, kinks, rows):
        """Write whether rows that are near a kink are at one; the numbers of those of which that is not known.

        points  arrays in the order of the inputs
        kinks   a truth value for each of all rows
        """
        if self._is_told or not (len(rows) and any(is_first for _, _, is_first in self._met)):
            return rows[:0]
        points = [p[rows] if has_rows else p for p, has_rows in zip(points, self._rowed, strict=True)]
        found = np.empty(len(rows), bool)
        unknown = self._exact(points, [found])
        kinks[rows] = found
        return rows[unknown]

    @cached_property
    def _exact(self):
        with self._recording():
            found = [self._of_slope(*met) for met in self._met]
            outputs = [_either([truth for truths, _ in found for truth in truths])]
            outputs += [arrived for _, arrivals in found for arrived in arrivals]
        return Rows(Program(self._inputs, map(line_or_constant, outputs)), self._rowed)

    def _of_slope(self, output, lines, is_first):
        """(whether each line stands at a kink that is told of, what has to be finite for that to be known)."""
        if not is_first:
            return list(map(_at_kink, lines)), []
        arrived = trouble.arrivals(output, lines, record=True, given=self._inputs)
        truths = [trouble.meeting(trouble.at_kink(line, _see), arrived.get(line)) for line in lines]
        return list(map(_any, truths)), list(map(np.abs, arrived.values()))

    def _recording(self):
        recording = Recording()
        recording.adopt(ancestors([y for y, _, _ in self._met]))
        return recording


def _at_kink(line):
    return _any(trouble.at_kink(line, _see))


def _any(truths):
    return np.any(truths) if np.shape(truths) else truths


def _either(truths):
    return reduce(np.logical_or, list(truths) or [False])


def _see(operand):
    return wrap(operand) if type(operand) is Line else operand
