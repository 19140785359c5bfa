"""A folder of answers: a file for each file of rows, and a note of what was asked, by which a later run goes on."""

import json
import os
import shutil
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from ..errors import AdiffError
from ..points.partitions import renamed
from .streams import whole_file

_NOTE = ".adiff.json"


def answered(job, part, output, mark=None, after_block=lambda rows: None):
    """The rows of a Partition answered into a file, which is there whole or not at all: the Totals.

    mark         part of the name that it has until then
    after_block  called with the number of rows so far
    """
    from ..points.files import packed, writer_of

    rows, totals = job.open(part.place, part.keys, part.stretch), job.totals()
    with whole_file(output, mark) as whole:
        if rows is None:
            return totals
        if part.keys:
            rows.reader.leave_out_keys()  # which the names of folders go on to tell
        format = job.format or rows.reader.format
        with (
            closing(rows.reader),
            packed(whole, output, format) as file,
            writer_of(format, rows.reader, rows.results, file, begins=part.begins) as writer,
        ):
            run = rows.run(writer)
            run(lambda: after_block(run.rows))
    return totals.add(run)


def joined(format, answers, output, mark):
    """The answers of all stretches of a file put together to one, which is there whole or not at all."""
    from ..points.files import join, packed

    with whole_file(output, mark) as whole, packed(whole, output, format) as file:
        join(answers, format, file)


class Folder:
    """Where the answers of many files go, each under the name of its rows.

    outputs   paths, by Partition; those of stretches lie in a hidden folder beside them until all are there
    """

    def __init__(self, path, job, parts):
        self.path, self.parts = Path(path), parts
        self.outputs = {part: str(self.path / renamed(part.name, job.format)) for part in parts}
        self._note = self.path / _NOTE
        self._question = json.loads(json.dumps(_asked(job), default=_digest))
        self._check_apart()

    def _check_apart(self):
        """Raise AdiffError where an answer would take the place of rows, or of another answer."""
        taken = {}
        for part, output in self.outputs.items():
            if taken.setdefault(output, part) is not part:
                message = f"{taken[output].place} and {part.place} would both be answered in {output}"
                raise AdiffError("file", message)
        inputs = {Path(part.place).resolve() for part in self.parts}
        if any(Path(output).resolve() in inputs for output in taken):
            message = f"the answers would take the place of their rows in {self.path}"
            raise AdiffError("file", message, help="-o ANOTHER_FOLDER/")

    def begin(self, overwrite):
        """Make the folder ready; the parts that have no answer yet, or had it before their rows were changed.

        Raises AdiffError where the folder holds anything else than answers to this question, unless that is to be
        overwritten.
        """
        begun = None if overwrite else self._begun()
        try:
            for folder in self._folders():
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AdiffError("file", f"{self.path} cannot be made: {error.strerror.lower()}") from None
        with whole_file(self._note) as file:
            file.write(json.dumps(self._question, indent=1).encode() + b"\n")
        if begun is not None:
            os.utime(self._note, ns=(begun, begun))
        missing = self.missing(self.parts)
        for part in self.parts:
            if overwrite or part not in missing:
                self.tidy(part)
        return missing

    def sweep(self, mark):
        """Remove what processes that were killed have left of files that were marked so."""
        for folder in (*self._folders(), *map(_apart, self.outputs.values())):
            for path in folder.glob(f".*.{mark}*"):
                path.unlink(missing_ok=True)

    def output(self, part):
        """Where the answer of a file goes, or of a stretch."""
        stretch = part.stretch
        output = self.outputs[part.whole]
        return output if stretch is None else str(_apart(output) / f"{stretch.start}-{stretch.stop}")

    def missing(self, parts):
        """Those that have no answer yet, or had it before their rows were changed."""
        return [part for part in parts if not self._is_answered(part)]

    def tidy(self, part):
        """Remove the answers of the stretches of a file."""
        shutil.rmtree(_apart(self.outputs[part]), ignore_errors=True)

    def _folders(self):
        return {Path(output).parent for output in self.outputs.values()}

    def _begun(self):
        """When this question was asked first, None if it was not; AdiffError where another was."""
        help = "-o ANOTHER_FOLDER/, or --overwrite to answer all again"
        try:
            before = json.loads(self._note.read_text())
        except (OSError, ValueError):
            there = [output for output in self.outputs.values() if os.path.exists(output)]  # noqa: PTH110 - of none in a folder that is closed to us
            if not there:
                return None
            message = f"{there[0]} is there already, and {self._note} does not tell of it"
            raise AdiffError("file", message, help=help) from None
        others = [key for key, value in self._question.items() if before.get(key) != value]
        if others and (others != ["on_error"] or before["on_error"] != "stop"):  # what is there has no bad rows then
            message = f"{self.path} holds the answers to another question: {' and '.join(others)} differ"
            raise AdiffError("file", message, help=help)
        return _time(self._note)

    def _is_answered(self, part):
        """Whether the answer is there, and younger than its rows and than the question."""
        try:
            answered = _time(self.output(part))
        except FileNotFoundError:
            return False
        return answered >= _time(part.place) and answered >= _time(self._note)


def _apart(output):
    """The folder of the answers of stretches of a file."""
    path = Path(output)
    return path.with_name(f".{path.name}.blocks")


def _time(path):
    return Path(path).stat().st_mtime_ns


def _asked(job):
    """What a job asks, apart from where."""
    code = job.target.places.text if job.target.function else None
    kept = ("question", "values", "wrt", "details", "format", "header", "prefix", "on_error", "strict")
    return {"schema": "adiff/1", "target": job.target.source, "code": code and _of_bytes(code.encode())} | {
        name: getattr(job, name) for name in kept
    }


def _digest(array):
    """What stands for an array among texts."""
    return f"{array.dtype}{list(array.shape)} {_of_bytes(array.tobytes())}"


def _of_bytes(data):
    return blake2b(data, digest_size=16).hexdigest()
