"""One point with large arrays, as many rows: each element is one.

For programs that go element by element, and sum up. They run in phases, one more for each sum that another one waits
for: sum(x^2)/sum(x) has one, norm(x) of which the gradient is asked has two. In each phase, blocks of elements go
through the program (run.py); sums are added up block by block, and results are written where they belong.
"""

import numpy as np

from .program import Line, Program, input_line
from .recording import Recording
from .rules import NO_PARAMS, find
from .run import Rows
from .tensor import variable
from .uniform import TooLarge, is_elementwise, is_large, is_total, number


class Spread:
    """A Program recorded with `uniform` arrays, for true ones of the same shapes, in C order.

    Raises TooLarge where it does more than go element by element and sum.
    """

    def __init__(self, program):
        self.program = program
        (self.shape,) = {line.value.shape for line in program.inputs if is_large(line.value)}
        self.inputs = [self._element(line) for line in program.inputs]
        self.sums, self.level = [], {}
        self.varied = {line for line in program.inputs if is_large(line.value)}  # from element to element
        self.made = dict(zip(program.inputs, self.inputs, strict=True))
        with Recording() as self.recording, np.errstate(all="ignore"):
            for line in program.lines:
                self._translate(line)
        phases = map(self._phase, range(1 + max(map(self._level, program.outputs))))
        self.phases = [phase for phase in phases if phase is not None]
        small = [self._see(o) for o in program.outputs if not is_large(_value(o))]
        self.rest = Program([*self.inputs, *(s for s, _ in self.sums)], small)

    def __call__(self, *arrays, jobs=None):
        """The outputs; None where not all of them are finite."""
        points = [a.reshape(-1) if is_large(a) else a for a in arrays]
        totals = [np.float64(0)] * len(self.sums)
        results = [np.empty(self.shape, _value(o).dtype) if is_large(_value(o)) else None for o in self.program.outputs]
        for rows, summed, written in self.phases:
            parts = [np.reshape(results[k], -1) for k in written]
            found = rows.totals([*points, *totals], parts, jobs)
            if found is None:
                return None
            for k, total in zip(summed, found, strict=True):
                totals[k] = total
        with np.errstate(all="ignore"):
            rest = iter(self.rest(*points, *totals))
        outputs = [next(rest) if r is None else r for r in results]
        return outputs if all(np.isfinite(o).all() for o in outputs if not is_large(o)) else None

    # --- the same lines for one element

    def _element(self, line):
        return variable(number(line.value), line.name, line.span).line if is_large(line.value) else line

    def _level(self, operand):
        return self.level.get(operand, 0) if type(operand) is Line else 0

    def _see(self, operand):
        if type(operand) is Line:
            return self.made[operand]
        return number(operand) if is_large(operand) else operand

    def _translate(self, line):
        first = line.operands[0]
        self.level[line] = max(map(self._level, line.operands))
        if is_large(line.value) and any([o in self.varied for o in line.parents]):
            self.varied.add(line)
        if is_large(_value(first)) and is_total(line.rule, _value(first), line.params):
            self.made[line] = self._total(line, first)
        elif line.rule.function is np.broadcast_to:
            if np.ndim(_value(first)) and not is_large(_value(first)):
                raise TooLarge("a vector")
            self.made[line] = self._see(first)
        elif is_large(line.value) and not self._fits(line):
            raise TooLarge(line.rule.name)
        else:
            operands = tuple(map(self._see, line.operands))
            self.made[line] = self.recording.line(line.rule, operands, line.params)

    def _total(self, line, of):
        """What stands for a sum: an input of the phases after that in which it is added up."""
        count = np.float64(np.size(_value(of)))
        if of not in self.varied:
            return self._line(np.multiply, self._see(of), count if line.rule.function is np.sum else np.float64(1))
        total = input_line(line.value)
        self.sums.append((total, of))
        self.level[line] += 1
        return total if line.rule.function is np.sum else self._line(np.true_divide, total, count)

    def _line(self, function, *operands):
        return self.recording.line(find(function), operands, NO_PARAMS)

    def _fits(self, line):
        """Whether its elements are made of elements at the same place, and of numbers."""
        shapes = {np.shape(_value(o)) for o in (line, *line.operands)}
        return is_elementwise(line.rule) and shapes <= {(), self.shape}

    def _phase(self, level):
        """(Rows of what is to be written and summed, which sums these are, which outputs); None for nothing."""
        summed = [k for k, (_, of) in enumerate(self.sums) if self._level(of) == level]
        outputs = enumerate(self.program.outputs)
        written = [k for k, o in outputs if is_large(_value(o)) and self._level(o) == level]
        outputs = [*(self.program.outputs[k] for k in written), *(self.sums[k][1] for k in summed)]
        if not outputs:
            return None
        inputs = [*self.inputs, *(s for s, _ in self.sums)]
        rowed = [is_large(line.value) for line in self.program.inputs] + [False] * len(self.sums)
        return Rows(Program(inputs, list(map(self._see, outputs))), rowed), summed, written


def _value(operand):
    return operand.value if type(operand) is Line else operand
