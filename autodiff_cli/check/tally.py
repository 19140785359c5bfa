"""Checks of the rows of a file: opened, counted on the way, and what came out of them together."""

from collections import Counter
from dataclasses import replace

import numpy as np

from ..errors import AdiffError
from ..points.columns import chosen, shapes
from ..points.files import reader_of
from ..points.run import Run
from ..render.numbers import number
from ..report import Remark, Report, Verdict
from .comparison import WRONG
from .findings import FAIL, INCONCLUSIVE, PASS, together
from .question import question
from .rows import MOST_MEASURED, CheckRunner
from .wording import sentence

_SAID = {PASS: ("passes", "pass"), FAIL: ("fails", "fail"), INCONCLUSIVE: ("is inconclusive", "are inconclusive")}
_SUCH = {FAIL: "that fails", INCONCLUSIVE: "inconclusive one"}
_NEIGHBOURS = 3  # points drawn near the row that is looked into
_TOLD = ("likely", "right", "kink", "why")  # words of the lines that are told of it
_DIGITS = (6, 9, 12, 15, 17)


def open_checks(place, header, target, against, constants, settings, *, prefix="", on_error="stop", jobs=None):
    """The rows of a file as OpenedChecks; None where there are none, and nothing that tells their columns.

    place       the name of a file, or - for standard input
    header      names of the columns, where the file has none
    target, against, settings   what `ad.check` takes; where nothing names them, derivatives are by what has columns
    constants   the values that are the same for all rows, by name
    prefix, on_error, jobs      as a Job has them
    Raises AdiffError for a file that cannot be read, and for a question that does not fit it.
    """
    free = [name for name in target.variables if name not in constants]
    reader = reader_of(place, header, free[0] if len(free) == 1 else None)
    try:
        if reader.names:
            slots = chosen(target, reader.names, constants, reader.name)
            known = shapes(slots, reader, {})
            check = _check(target, against, constants, known, settings)
            runner = CheckRunner(check, constants, known, jobs)
            return OpenedChecks(reader, slots, runner, runner.results(reader.names, prefix), on_error)
    except AdiffError:
        reader.close()
        raise
    reader.close()
    return None


def _check(target, against, constants, known, settings):
    settings = dict(settings)
    if settings["wrt"] is None and not isinstance(against, dict):
        settings["wrt"] = [name for name in known if name not in target.counts]
        settings["words"] = settings["words"] | {"wrt": ",".join(settings["wrt"])}
    example = constants | {name: np.zeros(shape) for name, shape in known.items()}
    return question(target, against, example, **settings)


class OpenedChecks:
    """The rows of a file, ready to be checked, as Opened ones are to be answered; a Tally counts them on the way."""

    def __init__(self, reader, slots, runner, results, on_error):
        self.reader, self.slots, self.results, self.on_error = reader, slots, results, on_error
        self.runner, self.wrt, self.tally = runner, runner.check.wrt, Tally(self)

    def run(self, writer):
        """A Run that has not begun."""
        self.tally.writer = writer
        return Run(self.reader, self.slots, self.runner, self.tally, on_error=self.on_error)


class Tally:
    """A writer before another one, which counts verdicts.

    counts   how many rows have which verdict, that of all claims together
    first    of each verdict (where, the values of the row by name) at the first row that has it
    """

    is_closed = property(lambda self: self.writer.is_closed)

    def __init__(self, opened):
        self.opened, self.results, self.writer = opened, opened.results, None
        self.counts, self.first = Counter(), {}

    def write(self, block, arrays, without=()):
        """Count the rows of a block, and write them."""
        verdicts = np.array(arrays[::2])
        has_answer = np.isin(np.arange(len(block.rows)), list(without), invert=True)
        is_failed, is_passed = (verdicts == 0).any(axis=0), (verdicts == 1).all(axis=0)
        kinds = {PASS: is_passed, FAIL: is_failed, INCONCLUSIVE: ~(is_passed | is_failed)}
        for verdict, is_such in kinds.items():
            self._count(verdict, block, np.flatnonzero(is_such & has_answer))
        self.writer.write(block, arrays, without)

    def _count(self, verdict, block, places):
        self.counts[verdict] += len(places)
        if len(places) and verdict not in self.first:
            where = f"{self.opened.reader.unit} {block.rows.numbers[places[0]]}"
            point = {name: slot.array(block.cells)[places[0]] for name, slot in self.opened.slots.items()}
            self.first[verdict] = where, point

    @property
    def verdict(self):
        """What all rows amount to; where there are none, nothing is known."""
        counted = [verdict for verdict, count in self.counts.items() if count]
        return together(counted) if counted else INCONCLUSIVE

    def report(self):
        """A Report of one Verdict: how many rows have which, and what is to be said of the first that fails, or else
        is inconclusive, where that is checked together with points near it."""
        runner, verdict = self.opened.runner, self.verdict
        text, lines, notes = self._counted(), (), ()
        if verdict in self.first and verdict != PASS:
            where, point = self.first[verdict]
            what, lines = _looked_into(runner, point, verdict)
            text += f"; the first {_SUCH[verdict]} is {where}: {what}"
        if runner.is_short:
            message = f"after {MOST_MEASURED} rows that fail, others were compared with automatic differentiation alone"
            notes = (Remark("unmeasured", f"{message}, and not with differences", help="--random 1 looks into all"),)
        source = runner.check.target.source
        return Report("check", source, (), None, (), verdicts=(Verdict(verdict, text, lines=lines),), notes=notes)

    def _counted(self):
        """`998 of 1000 rows pass, 2 fail`."""
        total = sum(self.counts.values())
        if not total:
            return "no row was checked"
        words = {verdict: _SAID[verdict][1 not in (total, self.counts[verdict])] for verdict in _SAID}
        passed = f"{self.counts[PASS]} of {total} row{'s' * (total != 1)} {words[PASS]}"
        return ", ".join([passed, *(f"{n} {words[v]}" for v, n in self.counts.items() if n and v != PASS)])


def _looked_into(runner, row, verdict):
    """(what is wrong or unknown at a row, (word, text) of what else there is to say)."""
    point, drawn = runner.constants | row, runner.check.random
    drawn = max(drawn, _NEIGHBOURS) if verdict == FAIL else drawn
    outcome = replace(runner.check, point=point, random=drawn).run()
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
