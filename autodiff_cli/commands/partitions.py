"""`--rows` of many files: one after the other, or by a scheduler that has many workers."""

import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from ..errors import AdiffError
from ..points.job import Totals
from ..points.partitions import are_many, partitions
from ..render.diagnostic import draw
from ..report import Remark
from . import rows
from .folder import Folder, answered
from .streams import complain, is_folder, use_color


def answer(question, command, analysis, details):
    """Answer a Question for each row of its file, or of its files.

    command    its name
    analysis   what answers it at one point, to tell what is odd at the first point where something is
    details    what that takes beside the point
    """
    job, totals = rows.job_of(question, command, details), Totals()
    first = ask(question, job, totals)
    if first is not None:
        rows.tell(question, first, totals, analysis, details)


def ask(question, job, totals):
    """Answer the Job of a Question, and add to Totals: the first Opened rows, or None where nothing tells of any."""
    import gc

    gc.enable()  # which a single answer does without
    params = question.params
    if not (are_many(params["rows"]) or is_folder(params["output"]) or params["scheduler"]):
        opened = job.open(params["rows"])
        rows.answer(question, opened, totals)
        return opened
    _check(params)
    parts = partitions(params["rows"])
    first = _first(job, parts)
    job = job if first is None else job.like(first)
    (_into_folder if is_folder(params["output"]) else _into_one)(question, job, parts, totals)
    return first


def _check(params):
    if params["rows"] == "-":
        raise AdiffError("usage", "standard input is one file without a name", help="write to one: -o FILE")
    if params["scheduler"] and not is_folder(params["output"]):
        help = "-o FOLDER/ with a slash at its end, if it is not there yet"
        raise AdiffError("usage", "--scheduler writes a file for each file of rows, into a folder", help=help)
    if params["jobs"] and params["scheduler"] not in (None, "local"):
        raise AdiffError("usage", "--jobs is for this machine: the scheduler knows its workers")


def _first(job, parts):
    """The first file that has rows, opened; else the first that tells its columns, or None."""
    found = None
    for part in parts:
        opened = job.open(part.place, part.keys)
        if opened is not None:
            with closing(opened.reader):
                if opened.has_rows():
                    return opened
        found = found or opened
    return found


def _into_one(question, job, parts, totals):
    """Answer all files into one, or to standard output, and add to Totals."""
    _check_unread(question.params["output"], parts)
    writer = None
    with ExitStack() as stack:
        watch = stack.enter_context(_watched(question, parts))
        for part in parts:
            opened = job.open(part.place, part.keys)
            if opened is None:
                continue
            if writer is None:
                writer = stack.enter_context(rows.writer_to(question, opened))
            writer.reader = opened.reader
            with closing(opened.reader):
                run = rows.count(opened, writer, totals, watch.during)
            watch.add(part, run)


def _check_unread(output, parts):
    """Raise AdiffError where what is written would be read again."""
    if output and Path(output).resolve() in {Path(part.place).resolve() for part in parts}:
        help = "write to another folder"
        raise AdiffError("file", f"{output} is one of the files that are read", help=help)


def _into_folder(question, job, parts, totals):
    """Answer each file into one of the same name, where that is not there yet, and add to Totals."""
    params = question.params
    folder = Folder(params["output"], job, parts)
    left = folder.begin(params["overwrite"])
    left = left if job.goes_on else parts
    if len(left) < len(parts):
        message = f"{len(parts) - len(left)} of {len(parts)} files are answered already, and left as they are"
        _note(params, Remark("answered", message, help="--overwrite answers them again"))
    found = {}
    answers = _handed_out if params["scheduler"] and left else _here
    try:
        with _watched(question, left) as watch, closing(answers(question, job, left, folder, watch)) as answers:
            for part, found[part] in answers:
                watch.add(part, found[part])
                if part.stretch is None:
                    folder.tidy(part)  # stretches that a run before has answered
    finally:
        places = {part.place: number for number, part in enumerate(parts)}
        for part in sorted(found, key=lambda part: (places[part.place], part.stretch)):
            totals.add(found[part])


def _here(question, job, parts, folder, watch):
    """(part, Totals) of files that are answered in this process."""
    for part in parts:
        yield part, answered(job, part, folder.outputs[part], after_block=watch.during)


def _handed_out(question, job, parts, folder, watch):
    """(part, Totals) of files, or of stretches of large ones, that workers answer, in the order in which they do."""
    from .scheduler import answers

    params = question.params

    def tell(message):
        _note(params, Remark("scheduler", message))

    return answers(params["scheduler"], job, parts, folder, jobs=params["jobs"], tell=tell)


def _note(params, remark):
    if not params["quiet"]:
        complain(draw("note", remark, None, color=use_color(params["color"], sys.stderr)))


@contextmanager
def _watched(question, parts):
    """A _Watch that shows what it knows where somebody looks."""
    watch = _Watch(parts)
    with rows.watched(watch, question.params["output"]) as watch.tell:
        yield watch


class _Watch:
    """How far many files are, told as of one.

    size   of all files, in bytes
    taken  of those that are done
    rows   of those that are done
    tell   called with the number of rows so far
    """

    def __init__(self, parts):
        self._sizes = {part.place: Path(part.place).stat().st_size for part in parts}
        self.size, self.taken, self.rows = sum(self._sizes.values()), 0, 0

    def during(self, rows):
        """Some rows of a file are done."""
        self.tell(self.rows + rows)

    def add(self, part, run):
        """A file is done, or a stretch of it."""
        self.rows += run.rows
        self.taken += int(self._sizes[part.place] * (part.stretch.share if part.stretch else 1))
        self.during(0)
