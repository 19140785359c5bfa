"""What is known about a program before it runs over rows: which lines depend on them, and what is used how often."""

from collections import Counter

import numpy as np

from .program import INPUT, Line
from .registers import Registers

_SMALL = 64  # entries of a value up to which its components lie apart in memory


class Plan:
    """A program of which some inputs have rows.

    inputs        those that have
    moving        all lines that depend on rows; `lines` are the calls among them, `still` are the other calls
    uses          how often each line is an operand of these, or an output
    by_component  whether the rows of a value lie together in memory, component by component
    written       for each output the line that can write the result itself: one that is computed, and an output once
    guarded       the outputs that tell by not being finite that the program may not hold: the value does, and where a
                  derivative can be infinite beside a finite value, or that is feared, all of them
    row_bytes     of what a block has for each row, once that is known
    """

    def __init__(self, program, rowed, fears=False):
        self.program, self.outputs = program, program.outputs
        self.inputs = [line for line, has_rows in zip(program.inputs, rowed, strict=True) if has_rows]
        self.moving = set(self.inputs)
        for line in program.lines:
            if any([o in self.moving for o in line.parents]):
                self.moving.add(line)
        self.lines = [line for line in program.lines if line in self.moving]
        self.still = [line for line in program.lines if line not in self.moving]
        results = [o for o in self.outputs if type(o) is Line]
        self.uses = Counter([o for line in self.lines for o in line.parents] + results)
        self.by_component = max(map(_entries, self.moving), default=1) <= _SMALL
        once = {o for o, n in Counter(results).items() if n == 1 and o.rule is not INPUT}
        self.written = [o if type(o) is Line and o in once else object() for o in self.outputs]
        told = self.outputs if fears or any([_hides_poles(line.rule) for line in program.lines]) else self.outputs[:1]
        self.guarded = [o for o in dict.fromkeys(o for o in told if type(o) is Line) if o in self.moving]
        self.row_bytes = None
        self.idle = []  # registers that no thread has

    def flags(self, line):
        """Which operands have rows."""
        return tuple([type(o) is Line and o in self.moving for o in line.operands])

    def known(self, points):
        """The values of the inputs, and of what does not depend on rows."""
        values = dict(zip(self.program.inputs, points, strict=True))
        for line in self.still:
            operands = [values[o] if type(o) is Line else o for o in line.operands]
            values[line] = line.rule.evaluate(*operands, **line.params)
        return values

    def registers(self, rows):
        """Registers that are there already, or new ones; the caller gives them back to `idle`."""
        try:
            registers = self.idle.pop()
        except IndexError:
            registers = None
        if registers is None or registers.rows != rows:
            registers = Registers(rows, self.by_component)
        registers.clear()
        return registers


def _hides_poles(rule):
    """Whether a derivative of a rule can be infinite beside a finite value."""
    return rule.kind == "general" or (rule.fragile and rule.function is not np.square)


def _entries(line):
    return max(map(np.size, line.value)) if isinstance(line.value, tuple) else np.size(line.value)
