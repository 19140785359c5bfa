"""`--rows`: a command asked at many points."""

import os
import sys
from contextlib import contextmanager

from ..errors import AdiffError, nearest
from ..points import FORMATS
from ..render.diagnostic import draw
from ..report import Remark
from .streams import complain, is_terminal, say, use_color, whole_file

_ON_ERROR = ("stop", "null", "skip")
_USELESS = ("raw", "digits", "formula", "shape")  # options that mean nothing here


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
    return next(iter(asked), None) or _format_of_output(params["output"] or "")


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


def answer(question, command, analysis, details):
    """Answer a Question for each row of its file.

    command    its name
    analysis   what answers it at one point, to tell what is odd at the first point where something is
    details    what that takes beside the point
    """
    import gc

    from ..points.columns import chosen, shapes
    from ..points.files import reader_of
    from ..points.results import named
    from ..points.run import Run
    from ..runner import Runner

    gc.enable()  # which a single answer does without
    params, target = question.params, question.expression
    free = [name for name in target.variables if name not in question.point]
    reader = reader_of(params["rows"], _names(params["header"]), free[0] if len(free) == 1 else None)
    slots = chosen(target, reader.names, question.point, reader.name)
    wrt = tuple(question.settings.get("wrt") or slots)
    runner = Runner(target, command, wrt, shapes(slots, reader), question.point, jobs=params["jobs"],
                    seed=params["seed"], **_for_runner(details))  # fmt: skip
    results = named(command, runner.results, reader.names, params["prefix"])
    with _writer(question, reader, results) as writer:
        run = Run(reader, slots, runner, writer, on_error=params["on_error"], strict=params["strict"])
        _watched(run, params["output"])
    if not params["quiet"]:
        color = use_color(params["color"], sys.stderr)
        for name in slots.keys() & set(target.constants):
            message = f"the column {name} takes the place of {name}, which has a value without it"
            complain(draw("note", Remark("constant", message), target.source, color=color))
        for remark in _warnings(question, run, analysis, details | _settings(question, wrt)):
            complain(draw("warning", remark, target.source, color=color))


def _settings(question, wrt):
    """Those of the question at a point where its answer may be odd."""
    return question.settings | {"strict": False} | ({"wrt": wrt} if "wrt" in question.settings else {})


def _watched(run, output):
    """Run, and tell how far it is where somebody sees it and it is not in the way."""
    from ..points.progress import Progress

    progress = Progress(_shown, run.reader.source)
    is_seen = is_terminal(sys.stderr) and (output or not is_terminal(sys.stdout))
    try:
        run((lambda: progress(run.rows)) if is_seen else (lambda: None))
    finally:
        progress.end()


def _shown(text):
    complain(text)
    sys.stderr.flush()


def _for_runner(details):
    """What a Runner takes of the details of a command."""
    names = {"ad": "mode", "judged": None}
    return {names.get(name, name): value for name, value in details.items() if names.get(name, name)}


def _names(text):
    return None if text is None else [name.strip() for name in text.split(",")]


@contextmanager
def _writer(question, reader, results):
    """A writer of rows to where the answer belongs."""
    from ..points.files import opened, writer_of

    path, format = question.params["output"], question.format or reader.format
    if path:
        with whole_file(path) as whole, opened(whole, path, format) as file:
            yield writer_of(format, reader, results, file)
    else:
        yield writer_of(format, reader, results, _standard_output(reader, format))


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


def _warnings(question, run, analysis, details):
    """What was odd, and where first."""
    if run.bad.count:
        what = "have no results" if question.params["on_error"] == "null" else "were left out"
        message = f"{run.bad.count} of {run.rows} rows {what}; the first is {run.described(*run.bad.first)}"
        yield Remark("bad-rows", message)
    if run.nonfinite.count:
        number, point = run.nonfinite.first
        message = f"the results of {run.nonfinite.count} of {run.rows} rows are not finite"
        report = analysis(question.expression, {**question.point, **point}, **details)
        for first in report.remarks[:1]:
            message += f"; the first is {run.reader.unit} {number}, where {first.message}"
            yield first._replace(message=message)
