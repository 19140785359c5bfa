"""Several checks in a row, and what came out of them together."""

from contextlib import chdir
from time import perf_counter
from typing import NamedTuple

from ..errors import AdiffError
from ..report import Report, Verdict
from .findings import FAIL, INCONCLUSIVE, PASS

ERROR = "error"
_WORDS = {PASS: "passed", FAIL: "failed", INCONCLUSIVE: "inconclusive", ERROR: "could not be run"}


class Result(NamedTuple):
    """What came of one check.

    name     what it is called
    seconds  how long it took
    outcome  its Outcome; None where it could not be run
    error    the AdiffError then
    """

    name: str
    seconds: float
    outcome: object = None
    error: AdiffError | None = None

    @property
    def verdict(self):
        return ERROR if self.outcome is None else self.outcome.verdict


def run(cases, folder, tell):
    """The Results of Cases, whose paths begin in a folder. `tell` is called with the number and name of each before."""
    results = []
    with chdir(folder):
        for number, case in enumerate(cases, 1):
            tell(number, case.name)
            results.append(attempt(case.name, case.run))
    return results


def attempt(name, run):
    """The Result of one check."""
    start = perf_counter()
    try:
        outcome, error = run(), None
    except AdiffError as caught:
        outcome, error = None, caught
    return Result(name, perf_counter() - start, outcome, error)


def exit_code(results):
    """1 if a check failed; else that of the first error; else 3 if one is inconclusive."""
    verdicts = [result.verdict for result in results]
    if FAIL in verdicts:
        return 1
    errors = [result.error.exit_code for result in results if result.error is not None]
    return errors[0] if errors else 3 if INCONCLUSIVE in verdicts else 0


def report(results, source, **options):
    """One Report of all Results, with the options of record.report. `source` is the file that they are from."""
    reports = [None if r.outcome is None else r.outcome.report(**options) for r in results]
    pairs = list(zip(results, reports, strict=True))
    notes = dict.fromkeys(note for r in reports if r is not None for note in r.notes)
    record = {"verdicts": dict(_counts(results)), "checks": [_record(*pair) for pair in pairs]}
    verdicts = tuple(verdict for pair in pairs for verdict in _verdicts(*pair))
    return Report("check", source, (), None, (), record=record, verdicts=verdicts, notes=tuple(notes))


def summary(results):
    """How many came out how: `3 checks: 2 passed, 1 failed`."""
    total = f"{len(results)} check{'s' * (len(results) != 1)}"
    return f"{total}: {', '.join(f'{count} {_WORDS[verdict]}' for verdict, count in _counts(results) if count)}"


def _counts(results):
    verdicts = [result.verdict for result in results]
    return [(verdict, verdicts.count(verdict)) for verdict in _WORDS]


def _verdicts(result, report):
    if report is not None:
        return [v._replace(sentence=f"{result.name}: {v.sentence}") for v in report.verdicts]
    help = tuple(("help", line) for line in result.error.help.splitlines())
    return [Verdict(ERROR, f"{result.name}: {result.error.message}", lines=help)]


def _record(result, report):
    """What JSON has of one check."""
    record = {"name": result.name, "verdict": result.verdict, "seconds": result.seconds}
    if report is None:
        error = result.error
        return record | {"error": {"code": error.code, "message": error.message, "help": error.help or None}}
    key = "function" if report.function else "expr"
    return record | {key: report.source, "wrt": list(report.wrt)} | report.record
