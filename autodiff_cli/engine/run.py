"""A program over rows: what was recorded at one point, at a million of them, in blocks that stay in the cache.

What does not depend on rows is computed once. For the rest, each thread has registers of its own and goes through the
same calls for one block after the other, without asking for memory where all of them go element by element.

A block is done by cheaper lines (cheaper.py) that are equal to rounding. They take products in another order, which
may leave the range of numbers on the way where the program does not, and leave out factors that cancel, of which the
program says at a pole that they do not: the processor tells of both, and such a block is done again by the program
as it is.
"""

from functools import cached_property

import numpy as np

from .binding import Binding
from .blocks import block_size, jobs_for, over_blocks
from .cheaper import cheaper
from .compiled import lean
from .plan import Plan
from .program import Line
from .registers import Registers

_PROBE = 8  # rows with which the memory that a row takes is found out
_POLES, _RANGE = ("divide",), ("over", "under")  # what the processor says of numbers
_CANNOT = (ValueError, TypeError, IndexError, ArithmeticError, np.linalg.LinAlgError)


class Rows:
    """A Program, recorded at one point where its outputs are finite, for many points.

    rowed   whether each of its inputs has rows: a leading axis
    ranged  whether blocks in which numbers leave their range are not to be done by the program, but asked again
    """

    def __init__(self, program, rowed, ranged=False):
        self.program, self.rowed, self.ranged = program, rowed, ranged
        self.cheap = Plan(cheaper(program), rowed)

    @cached_property
    def exact(self):
        return Plan(lean(self.program), self.rowed, fears=True)

    def __call__(self, points, results, jobs=None):
        """Compute the rows of `points`, arrays in the order of the inputs, into `results`, arrays with rows too.

        The first output is the value, the others are derivatives of it; the last ones, for which there are no results,
        are only looked at. Gives the numbers of the rows where one is not finite, or cannot be computed: these are to
        be asked one by one.
        """
        job = _Job(self, points, results)
        if not job.write_still():
            return np.arange(job.count)
        job.do(jobs)
        return np.unique(np.concatenate([np.zeros(0, int), *job.doubtful]))

    def totals(self, points, results, jobs=None):
        """The same, where the last outputs, for which there are no results, are added up over all rows: a list of their
        sums; None where something is not finite."""
        job = _Job(self, points, results, len(self.program.outputs) - len(results))
        if not job.write_still():
            return None
        job.do(jobs)
        if job.doubtful:
            return None
        return [np.add.reduce([parts[k] for parts in job.sums.values()]) for k in range(job.summed)]


class _Job:
    """One call of Rows."""

    def __init__(self, rows, points, results, summed=0):
        self.rows, self.points, self.results, self.summed = rows, points, results, summed
        self.count = next(len(p) for p, has_rows in zip(points, rows.rowed, strict=True) if has_rows)
        self.sums = {}  # of the last outputs, by the start of each block
        with np.errstate(all="ignore"):
            self.known = rows.cheap.known(points)
        self.doubtful = []

    def write_still(self):
        """Write what is the same for all rows; whether it is finite."""
        plan = self.rows.cheap
        for output, result in zip(plan.outputs, self.results, strict=False):
            if type(output) is not Line or output not in plan.moving:
                result[...] = self.known[output] if type(output) is Line else output
                if not np.isfinite(result[:1]).all():
                    return False
        return True

    def do(self, jobs):
        if self.count:
            jobs = jobs_for(self.count, jobs)
            over_blocks(self.count, block_size(self.row_bytes(), self.count, jobs), jobs, self.worker)

    def row_bytes(self):
        """How many bytes a block has for each of its rows."""
        plan = self.rows.cheap
        if plan.row_bytes is None:
            registers = Registers(_PROBE, plan.by_component)
            with np.errstate(all="ignore"):
                binding = Binding(plan, registers, self.known, self.results)
            plan.row_bytes = registers.bytes // _PROBE + binding.row_bytes
        return plan.row_bytes

    def worker(self, size):
        return _Worker(self, size)


class _Worker:
    """What does blocks in one thread."""

    def __init__(self, job, size):
        self.job, self.size = job, size
        self.bindings = {}

    def __call__(self, start, stop, done):
        """Do the rows from start to stop, of which so many are done already."""
        rows = self.job.rows
        for plan, errors in (("cheap", _POLES + _RANGE), ("exact", _RANGE if rows.ranged else ())):
            try:
                with np.errstate(all="ignore", **dict.fromkeys(errors, "raise")):
                    self._run(getattr(rows, plan), start, stop, done)
            except FloatingPointError:
                continue
            return
        self.job.doubtful.append(np.arange(start, stop))

    def finish(self):
        """Give back what was lent."""
        for plan, binding in self.bindings.items():
            plan.idle.append(binding.registers)

    def _run(self, plan, start, stop, done):
        try:
            binding = self._binding(plan)
            is_finite = binding.run(start, stop)
        except FloatingPointError:
            raise
        except _CANNOT:
            self.job.doubtful.append(np.arange(start, stop))
            return
        if not is_finite:
            self.job.doubtful.append(start + np.flatnonzero(binding.wrong()))
        elif self.job.summed:
            self.job.sums[start] = binding.sums(done)

    def _binding(self, plan):
        if plan not in self.bindings:
            with np.errstate(all="ignore"):
                known = self.job.known if plan is self.job.rows.cheap else plan.known(self.job.points)
                self.bindings[plan] = Binding(plan, plan.registers(self.size), known, self.job.results)
        return self.bindings[plan]
