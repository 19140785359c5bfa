"""`--rows`: a command asked at many points."""

import os
import sys
from contextlib import closing, contextmanager

from ..errors import AdiffError, nearest
from ..points import FORMATS
from ..render.diagnostic import draw
from ..report import Remark
from .streams import complain, is_folder, is_terminal, say, use_color, whole_file

_ON_ERROR = ("stop", "null", "skip")
_USELESS = ("raw", "digits", "formula", "shape")  # options that mean nothing here
# What is said of rows, by the codes of the remarks on one of them.
_NONFINITE = dict.fromkeys(("non-finite", "undefined"), "the results of {} are not finite")
_WARNED = {"kink": "at {} there is a kink", "released": "at {} a number leaves what is differentiated"}


def format_of(params):
    """The format asked for; None where that of the rows is to stay."""
    if params["on_error"] not in _ON_ERROR:
        raise AdiffError("usage", f"--on-error is stop, null or skip, and not {params['on_error']}")
    if params["jobs"] is not None and params["jobs"] < 1:
        raise AdiffError("usage", "--jobs is a number of processors, at least 1")
    for name in _USELESS:
        if params.get(name):
            raise AdiffError("usage", f"--{name} means nothing with --rows")
    asked = {*(["jsonl"] if params["json"] else []), *filter(None, [params["format"]])}
    if len(asked) > 1:
        raise AdiffError("usage", "--json is --format jsonl here, and another format is asked for")
    for name in asked - FORMATS.keys():
        close = nearest(name, FORMATS)
        help = f"did you mean {close[0]}?" if close else f"known are {', '.join(FORMATS)}"
        raise AdiffError("usage", f"rows have no format called {name}", help=help)
    if asked or is_folder(params["output"]):
        return next(iter(asked), None)
    return _format_of_output(params["output"] or "")


def _format_of_output(path):
    from ..points.files import format_of as by_name

    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122
    if by_name(path) is None and suffix not in ("", ".txt", ".gz", ".zst"):
        message, help = (
            f"no format of rows is known by {suffix}",
            f"known are .{' .'.join(FORMATS)}; or ask with --format",
        )
        raise AdiffError("usage", message, help=help)
    return by_name(path)


def answer(question, opened, totals):
    """Answer Opened rows, and add what was odd to Totals; where these are None, there are no rows, and no columns."""
    path = question.params["output"]
    if opened is not None:
        watching = watched(opened.reader.source, path)
        with closing(opened.reader), writer_to(question, opened) as writer, watching as show:
            count(opened, writer, totals, show)
    elif path:
        with whole_file(path):
            pass


def count(opened, writer, totals, show):
    """Run Opened rows to a writer: the Run, added to Totals also where a row ends it; `show` gets the rows so far."""
    run = opened.run(writer)
    try:
        run(lambda: show(run.rows))
    finally:
        totals.add(run)
    return run


def job_of(question, command, details):
    """What a Question asks of rows."""
    from ..points.job import Job

    params, settings = question.params, question.settings
    same = {name: params[name] for name in ("prefix", "on_error", "strict", "jobs")}
    details = {"seed": params["seed"], **_for_runner(details)}
    return Job(question.expression, command, question.point, settings.get("wrt"), details, question.format,
               header_of(params), **same)  # fmt: skip


def header_of(params):
    """The names of the columns that --header gives; None where it gives none."""
    return None if params["header"] is None else [name.strip() for name in params["header"].split(",")]


def tell(question, opened, run, analysis, details):
    """Tell what was odd in a run, or in the Totals of many, of which one was Opened.

    analysis   None where it is not odd that results are not finite
    """
    settings = question.settings | {"strict": False}
    settings |= {"wrt": opened.wrt} if "wrt" in settings else {}
    if not question.params["quiet"]:
        color = use_color(question.params["color"], sys.stderr)
        notes = [("note", note, None) for note in _notes(question, opened)]
        for kind, remark, source in [*notes, *_warnings(question, run, analysis, details | settings)]:
            complain(draw(kind, remark, source, color=color))


@contextmanager
def watched(source, output):
    """What shows how many rows are done, where somebody sees it and it is not in the way."""
    from ..points.progress import Progress

    progress = Progress(_shown, source)
    is_seen = is_terminal(sys.stderr) and (output or not is_terminal(sys.stdout))
    try:
        yield progress if is_seen else (lambda rows: None)
    finally:
        progress.end()


def _shown(text):
    complain(text)
    sys.stderr.flush()


def _for_runner(details):
    """What a Runner takes of the details of a command."""
    names = {"ad": "mode", "judged": None}
    return {names.get(name, name): value for name, value in details.items() if names.get(name, name)}


@contextmanager
def writer_to(question, opened):
    """A writer of rows to where the answer belongs."""
    from ..points.files import packed, writer_of

    reader, results = opened.reader, opened.results
    path, format = question.params["output"], question.format or reader.format
    if path:
        with (
            whole_file(path) as whole,
            packed(whole, path, format) as file,
            writer_of(format, reader, results, file) as writer,
        ):
            yield writer
    else:
        with writer_of(format, reader, results, _standard_output(reader, format)) as writer:
            yield writer


def _standard_output(reader, format):
    from ..points.sink import Sink

    say("")  # which raises where it is closed
    try:
        file = sys.stdout.fileno()
    except OSError:
        return Spoken()
    if reader.source.is_written_by(file):
        raise AdiffError("file", f"{reader.name} is read and written at once", help="-o FILE may be the same file")
    return Sink(file, format != "jsonl")


class Spoken:
    """Standard output where it is no file, but was put in its place by a program."""

    def write(self, data):
        say(data.decode(errors="surrogateescape"))


def _notes(question, opened):
    """What was decided without asking."""
    from ..points.files import TEXT

    reader, slots = opened.reader, opened.slots
    for name in slots.keys() & set(question.expression.constants):
        message = f"the column {name} takes the place of {name}, which has a value without it"
        yield Remark("constant", message)
    left_out = set(range(len(reader.names))) - {place for slot in slots.values() for place in slot.columns}
    if left_out and reader.format in TEXT and (question.format or reader.format) in ("npy", "npz"):
        message = f"{question.format} holds numbers: {len(left_out)} columns that are not used were left out"
        yield Remark("left-out", message)


def _warnings(question, run, analysis, details):
    """(kind, Remark, text that it speaks of) of what was odd, and where first."""
    from ..points.run import described

    if run.bad.count:
        what = "have no results" if question.params["on_error"] == "null" else "were left out"
        message = f"{run.bad.count} of {run.rows} rows {what}; the first is {described(*run.bad.first)}"
        yield "warning", Remark("bad-rows", message), None
    for odd, sentences in () if analysis is None else ((run.nonfinite, _NONFINITE), (run.warned, _WARNED)):
        if odd.count:
            where, point = odd.first
            report = analysis(question.expression, {**question.point, **point}, **details)
            of_it = [remark for remark in report.remarks if remark.code in sentences]
            first = of_it[0] if of_it else Remark(next(iter(sentences)), "")  # it is odd by rounding in company alone
            message = sentences[first.code].format(f"{odd.count} of {run.rows} rows") + f"; the first is {where}"
            message += f", where {first.message}" if of_it else ""
            yield "warning", first._replace(message=message), report.source
