"""What came out of the checks of many rows together: counted, and told."""

from collections import Counter
from dataclasses import replace

import numpy as np

from ..points.job import Totals
from ..render.numbers import number
from ..report import Remark, Report, Verdict
from .comparison import WRONG
from .findings import FAIL, INCONCLUSIVE, PASS, together
from .rows import MOST_MEASURED
from .wording import sentence

_SAID = {PASS: ("passes", "pass"), FAIL: ("fails", "fail"), INCONCLUSIVE: ("is inconclusive", "are inconclusive")}
_SUCH = {FAIL: "that fails", INCONCLUSIVE: "inconclusive one"}
_NEIGHBOURS = 3  # points drawn near the row that is looked into
_TOLD = ("likely", "right", "kink", "why")  # words of the lines that are told of it
_DIGITS = (6, 9, 12, 15, 17)


class Verdicts:
    """How many rows have which verdict, that of all claims together.

    counts    by verdict
    first     of each verdict (where, the values of the row by name) at the first row that has it
    is_short  whether some rows that fail were not looked into
    """

    def __init__(self):
        self.counts, self.first, self.is_short = Counter(), {}, False

    def add(self, verdict, count, first):
        """Count some rows, at least one; of the first is known (where, the values)."""
        self.counts[verdict] += count
        self.first.setdefault(verdict, first)

    def join(self, other):
        """Count the rows of others, which come after these."""
        self.counts.update(other.counts)
        self.first = other.first | self.first
        self.is_short |= other.is_short

    @property
    def together(self):
        """What all rows amount to; where there are none, nothing is known."""
        return together(self.counts) if self.counts else INCONCLUSIVE

    def __str__(self):
        """`998 of 1000 rows pass, 2 fail`."""
        total = self.counts.total()
        if not total:
            return "no row was checked"
        words = {verdict: _SAID[verdict][1 not in (total, self.counts[verdict])] for verdict in _SAID}
        passed = f"{self.counts[PASS]} of {total} row{'s' * (total != 1)} {words[PASS]}"
        others = [verdict for verdict in (FAIL, INCONCLUSIVE) if self.counts[verdict]]
        return ", ".join([passed, *(f"{self.counts[verdict]} {words[verdict]}" for verdict in others)])


class Tally(Totals):
    """Totals with the Verdicts of the rows."""

    def __init__(self):
        super().__init__()
        self.verdicts = Verdicts()

    def add(self, run):
        """Add what a CheckRun, or another Tally, counted."""
        self.verdicts.join(run.verdicts)
        return super().add(run)


def report(verdicts, job):
    """A Report of one Verdict: how many rows have which, and what is to be said of the first that fails, or else is
    inconclusive, where that is checked together with points near it.

    job   the Checks that were made of the rows
    """
    verdict, text, lines, notes = verdicts.together, str(verdicts), (), ()
    if verdict in verdicts.first and verdict != PASS:
        where, row = verdicts.first[verdict]
        what, lines = _looked_into(job.check(row), verdict)
        text += f"; the first {_SUCH[verdict]} is {where}: {what}"
    if verdicts.is_short:
        message = f"after {MOST_MEASURED} rows of a file that fail, others were compared with automatic differentiation"
        help = "--random 1 looks into all"
        notes = (Remark("unmeasured", f"{message} alone, and not with differences", help=help),)
    return Report(
        "check", job.target.source, (), None, (), verdicts=(Verdict(verdict, text, lines=lines),), notes=notes
    )


def _looked_into(check, verdict):
    """(what is wrong or unknown at the point of a check, (word, text) of what else there is to say)."""
    drawn = max(check.random, _NEIGHBOURS) if verdict == FAIL else check.random
    outcome = replace(check, random=drawn).run()
    place = next(k for k, finding in enumerate(outcome.findings) if finding.verdict == verdict)
    said = outcome.report().verdicts[place].lines
    lines = [(word, text) for word, text in said if word in _TOLD]
    lines += [("redo", outcome.repro)] if outcome.repro else []
    return _sentence(outcome.findings[place]), tuple(lines)


def _sentence(finding):
    """What is wrong with the worst component, or what stands behind the verdict."""
    shown = finding.shown
    if finding.verdict != FAIL or shown is None or shown.sample.drawn:
        return sentence(finding)
    place = shown.worst(WRONG)[0]
    index = ", ".join(map(str, np.unravel_index(place, shown.true.shape)))
    yours, true = float(shown.yours.flat[place]), float(shown.true.flat[place])
    texts = ((number(yours, digits), number(true, digits)) for digits in _DIGITS)
    told = next((pair for pair in texts if pair[0] != pair[1]), (number(yours), number(true)))
    return f"{finding.label}{f'[{index}]' * bool(index)} is {told[0]} and should be {told[1]}"
