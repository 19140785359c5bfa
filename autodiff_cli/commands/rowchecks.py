"""`adiff check --rows`: a claim checked at each row of a file, or of many."""

import sys

from ..errors import AdiffError
from ..render import Style, render
from ..render.diagnostic import draw
from ..usercode.naming import named
from . import claims, partitions, rows
from .streams import complain, use_color

_EXIT_CODES = {"pass": 0, "fail": 1, "inconclusive": 3}
_USELESS = ("file", "junit", "all_components")  # options that mean nothing here


def answer(question, typed, settings):
    """Check what is typed at each row of the files of a Question; the exit code.

    typed      claims, as --against has them
    settings   what else a check takes
    """
    job = _job(question, typed, settings)
    tally = job.totals()
    try:
        first = partitions.ask(question, job, tally)
    except AdiffError:
        if tally.verdicts.together == "fail":
            _tell(question, job, tally)
        raise
    if first is None:
        raise AdiffError("rows", f"{question.params['rows']} has no rows to check")
    rows.tell(question, first, tally, None, {})
    _tell(question, job, tally)
    return _EXIT_CODES[tally.verdicts.together]


def _job(question, typed, settings):
    """What is asked of rows, as Checks."""
    from ..check.job import Checks

    for name in _USELESS:
        if question.params[name]:
            raise AdiffError("usage", f"--{name.replace('_', '-')} means nothing with --rows")
    against = claims.read(typed, question)
    _check_travel(against.values() if isinstance(against, dict) else [against], question.params["scheduler"])
    return Checks._make(rows.job_of(question, "check", settings | {"against": against}))


def _check_travel(claimed, scheduler):
    """Raise AdiffError for a claim that workers elsewhere may not find."""
    if scheduler not in (None, "local") and any(isinstance(claim, str) and named(claim) for claim in claimed):
        help = "--scheduler local, or claim a formula"
        raise AdiffError("usage", "a function that is claimed runs on this machine alone", help=help)


def _tell(question, job, tally):
    """Tell what came out of all rows."""
    from ..check.tally import report

    if not question.params["quiet"]:
        color = use_color(question.params["color"], sys.stderr)
        told = report(tally.verdicts, job)
        complain(render(told, "table", Style(color=color)))
        for note in told.notes:
            complain(draw("note", note, None, color=color))
