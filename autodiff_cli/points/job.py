"""A question asked of rows, wherever these are: of one file, of many, here or in another process."""

from typing import NamedTuple

from ..errors import AdiffError
from ..language.mismatches import shape_text
from ..runner import Runner
from .columns import chosen, shapes
from .files import reader_of
from .results import named
from .run import Odd, Run


class Form(NamedTuple):
    """What the files of one table have in common.

    name     of the file that shows it
    format   of the files
    columns  their names; None where each row has names of its own
    shapes   of the variables in one row, by name
    """

    name: str
    format: str
    columns: list | None
    shapes: dict


class Job(NamedTuple):
    """A question asked of rows.

    target    a Target, or the text that names it where the job travels
    question  value, grad, jac ...
    values    arrays by name, the same for all rows
    wrt       names of the variables to differentiate by; None for all that have columns
    details   what the question takes beside the point, as a Runner has it
    format    of the results; None for that of the rows
    header    names of the columns, where the files have none
    prefix    before the names of the results
    on_error  what becomes of a bad row: stop, null or skip
    strict    whether a row whose results are not finite is bad
    jobs      threads, as a Runner has them
    form      the Form that the files must have; None where there is one file alone
    """

    target: object
    question: str
    values: dict
    wrt: tuple | None
    details: dict
    format: str | None = None
    header: list | None = None
    prefix: str = ""
    on_error: str = "stop"
    strict: bool = False
    jobs: int | None = None
    form: Form | None = None

    goes_on = True  # where a run before has ended

    def open(self, place, keys=(), stretch=None):
        """The rows of a file, or of standard input where the place is `-`, ready to be answered.

        keys     what its folders tell
        stretch  a Stretch of its rows; None for all
        None where there are none, and nothing that tells their columns. Raises AdiffError for a file that cannot be
        read, or whose columns do not fit the target.
        """
        free = [name for name in self.target.variables if name not in self.values]
        reader = reader_of(place, self.header, free[0] if len(free) == 1 else None)
        if not reader.names:
            reader.close()
            return None
        try:
            if keys:
                reader.add(keys)
            if stretch is not None:
                reader.only(stretch)
            if self.form is not None:
                self._check_columns(reader)
            slots = chosen(self.target, reader.names, self.values, reader.name)
            return self.opened(reader, slots, self._shapes(slots, reader))
        except AdiffError:
            reader.close()
            raise

    def opened(self, reader, slots, shapes):
        """The rows of a reader, ready to be answered."""
        wrt = self.wrt or tuple(slots)
        runner = Runner(self.target, self.question, wrt, shapes, self.values, jobs=self.jobs, **self.details)
        results = named(self.question, runner.results, reader.names, self.prefix)
        return Opened(self, reader, slots, shapes, wrt, runner, results)

    def totals(self):
        """Totals of nothing."""
        return Totals()

    def like(self, opened):
        """This for files that are to be as an Opened one is."""
        reader = opened.reader
        has_own = reader.format == "jsonl" and self.format in (None, "jsonl")
        form = Form(reader.name, reader.format, None if has_own else reader.names, opened.shapes)
        return self._replace(form=form, wrt=opened.wrt)

    def _check_columns(self, reader):
        """Raise AdiffError unless a file has the format and the columns of the others."""
        name, format, columns, _ = self.form
        if reader.format != format:
            message = f"{reader.name} is {reader.format}, but {name} is {format}"
            raise AdiffError("files-differ", message, help="the files of one table have one format")
        if columns not in (None, reader.names):
            message = f"the columns of {reader.name} are not those of {name}: {_difference(reader.names, columns)}"
            raise AdiffError("files-differ", message)

    def _shapes(self, slots, reader):
        """The shape of each variable in one row."""
        expected = self.form.shapes if self.form else {}
        found = shapes(slots, reader, expected)
        for name, shape in expected.items():
            if name not in found:
                raise AdiffError("files-differ", f"{reader.name} has no column {name}, as {self.form.name} has")
            if found[name] != shape:
                forms = f"{shape_text(found[name])} in {reader.name}, but {shape_text(shape)} in {self.form.name}"
                raise AdiffError("files-differ", f"{name} has shape {forms}")
        return found


def _difference(names, expected):
    """How the names of columns differ from others."""
    more = [f"{name} is not among those" for name in names if name not in expected]
    less = [f"{name} is missing" for name in expected if name not in names]
    return (less + more or ["their order is another"])[0]


class Opened:
    """The rows of a file, ready to be answered.

    slots    by variable: from which columns it is made
    shapes   of the variables in one row, by name
    wrt      names of the variables to differentiate by
    runner   what answers points, a Runner
    results  a Result for each array that comes out
    """

    def __init__(self, job, reader, slots, shapes, wrt, runner, results):
        self.job, self.reader, self.slots, self.shapes = job, reader, slots, shapes
        self.wrt, self.runner, self.results = wrt, runner, results
        if job.form is not None:
            reader.unit = f"{reader.name}, {reader.unit}"

    def has_rows(self):
        """Whether there is one at all; some are read to know it."""
        self.reader.keep_to(1)
        return next(iter(self.reader), None) is not None

    def run(self, writer):
        """A Run that has not begun."""
        job = self.job
        return Run(self.reader, self.slots, self.runner, writer, on_error=job.on_error, strict=job.strict)


class Totals:
    """What was odd in the rows of several runs, as a Run has it of one."""

    def __init__(self):
        self.rows, self.bad, self.nonfinite, self.warned = 0, Odd(), Odd(), Odd()

    def add(self, run):
        """Add what a Run, or other Totals, counted."""
        self.rows += run.rows
        self.bad.join(run.bad)
        self.nonfinite.join(run.nonfinite)
        self.warned.join(run.warned)
        return self
