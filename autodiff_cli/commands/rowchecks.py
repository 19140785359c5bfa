"""`adiff check --rows`: a claim checked at each row of a file."""

import sys

from ..errors import AdiffError
from ..points.partitions import are_many
from ..render import Style, render
from ..render.diagnostic import draw
from . import claims, rows
from .streams import complain, is_folder, use_color

_EXIT_CODES = {"pass": 0, "fail": 1, "inconclusive": 3}
_USELESS = ("file", "junit", "all_components")  # options that mean nothing here


def answer(question, typed, settings):
    """Check what is typed at each row of the file of a Question; the exit code.

    typed      claims, as --against has them
    settings   what else a check takes
    """
    from ..check.tally import open_checks

    params = question.params
    _check(params)
    opened = open_checks(params["rows"], rows.header_of(params), question.expression, claims.read(typed, question),
                         question.point, settings | {"wrt": question.settings["wrt"]}, prefix=params["prefix"],
                         on_error=params["on_error"], jobs=params["jobs"])  # fmt: skip
    if opened is None:
        raise AdiffError("rows", f"{params['rows']} has no rows to check")
    try:
        run = rows.run_of(question, opened)
    except AdiffError:
        if opened.tally.verdict == "fail":
            _tell(question, opened.tally)
        raise
    rows.tell(question, opened, run, None, {})
    _tell(question, opened.tally)
    return _EXIT_CODES[opened.tally.verdict]


def _check(params):
    for name in _USELESS:
        if params[name]:
            raise AdiffError("usage", f"--{name.replace('_', '-')} means nothing with --rows")
    if are_many(params["rows"]) or is_folder(params["output"]):
        raise AdiffError("usage", "adiff check takes the rows of one file", help="ask for one file after the other")


def _tell(question, tally):
    """Tell what came out of all rows."""
    if not question.params["quiet"]:
        color = use_color(question.params["color"], sys.stderr)
        report = tally.report()
        complain(render(report, "table", Style(color=color)))
        for note in report.notes:
            complain(draw("note", note, None, color=color))
