"""Checks asked of rows as other questions are: of one file, of many, here or in another process."""

import numpy as np

from ..points.job import Job, Opened
from ..points.run import Run
from .findings import FAIL, INCONCLUSIVE, PASS
from .question import question
from .rows import NUMBERS, CheckRunner
from .tally import Tally, Verdicts


class Checks(Job):
    """A Job of checks. Its details are `against` and settings, both as `ad.check` takes them.

    All rows count for the verdict: answers of a run before are no reason to leave some out.
    """

    __slots__ = ()
    goes_on = False

    def opened(self, reader, slots, shapes):
        """The rows of a file, ready to be checked. Raises AdiffError for a claim that cannot be checked there."""
        check = self.check({name: np.zeros(shape) for name, shape in shapes.items()})
        runner = CheckRunner(check, self.values, shapes, self.jobs)
        results = runner.results(reader.names, self.prefix)
        return OpenedChecks(self, reader, slots, shapes, check.wrt, runner, results)

    def totals(self):
        """A Tally of nothing."""
        return Tally()

    def check(self, row):
        """The Check at one row, arrays by name; where nothing names them, derivatives are by what has columns."""
        settings, wrt = dict(self.details), self.wrt
        against = settings.pop("against")
        if not isinstance(against, dict):
            wrt = wrt or [name for name in row if name not in self.target.counts]
            settings["words"] = settings["words"] | {"wrt": ",".join(wrt)}
        return question(self.target, against, self.values | row, wrt=wrt, **settings)


class OpenedChecks(Opened):
    """The rows of a file, ready to be checked."""

    def run(self, writer):
        """A CheckRun that has not begun."""
        return CheckRun(self.reader, self.slots, self.runner, writer, on_error=self.job.on_error)


class CheckRun(Run):
    """A Run that counts Verdicts on its way."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.verdicts = Verdicts()

    def _write(self, block, arrays, end):
        """Write the rows before a place, and count the verdicts of those that have one."""
        has_verdict = np.arange(len(block.rows)) < end
        has_verdict[list(block.bad)] = False
        for verdict, are_such in _kinds(np.array(arrays[::2])).items():
            places = np.flatnonzero(are_such & has_verdict)
            if len(places):
                first = self._where(block, places[0]), self._point(block, places[0])
                self.verdicts.add(verdict, len(places), first)
        self.verdicts.is_short |= self.runner.is_short
        super()._write(block, arrays, end)

    def _point(self, block, place):
        return {name: slot.array(block.cells)[place] for name, slot in self.slots.items()}


def _kinds(numbers):
    """In which rows all claims together come to a verdict, by verdict; from numbers (claims, n)."""
    is_failed, is_passed = (numbers == NUMBERS[FAIL]).any(axis=0), (numbers == NUMBERS[PASS]).all(axis=0)
    return {PASS: is_passed, FAIL: is_failed, INCONCLUSIVE: ~(is_passed | is_failed)}
