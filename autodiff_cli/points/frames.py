"""Parquet and Arrow files, by Polars."""

import shutil
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import numpy as np

from ..errors import AdiffError
from . import footers
from .blocks import Block
from .extras import extra
from .scratch import scratch
from .stretches import of_rows
from .trouble import Unusable, readable


class Frames:
    """Rows as a frame of Polars."""

    def __init__(self, numbers, frame):
        self.numbers, self.frame = numbers, frame

    def __len__(self):
        return len(self.numbers)

    def take(self, places):
        """Some of them, by their places."""
        return Frames([self.numbers[i] for i in places], self.frame[list(places)])


class Reader:
    """The rows of a Parquet or Arrow file."""

    unit, end = "row", b"\n"

    def __init__(self, source, format, header=None):
        self.source, self.name, self.format, self._count = source, source.name, format, 1
        self._polars = extra("polars", f"{format} files")
        try:
            with self._legible():
                self._take(_scan(self._polars, format, source.path()))
        except AdiffError:
            self.close()
            raise
        self._first = 1

    @contextmanager
    def _legible(self):
        """Raise AdiffError for a file that is damaged."""
        try:
            yield
        except (OSError, self._polars.exceptions.PolarsError) as error:
            reason = str(error).partition("\n")[0]
            raise AdiffError("file", f"{self.name} is no {self.format} file that can be read: {reason}") from None

    def _take(self, lazy):
        """Read a lazy frame."""
        self._lazy, self._schema = lazy, lazy.collect_schema()
        self._columns = self.names = list(self._schema)

    def add(self, keys):
        """Take Keys for columns, but for those that the file has itself."""
        self._own, lit = self.names, self._polars.lit
        new = [lit(key.value, dtype=key.kind).alias(key.name) for key in keys if key.name not in self._schema]
        self._take(self._lazy.with_columns(new))

    def leave_out_keys(self):
        """From now on they are read, but no columns of what is written."""
        self.names = self._own

    def stretches(self):
        """The Stretches of the file."""
        count = self._lazy.select(self._polars.len()).collect().item()
        return of_rows(count, self.source.size)

    def only(self, stretch):
        """Read a Stretch, and nothing else."""
        self._lazy = self._lazy.slice(stretch.start, stretch.stop - stretch.start)
        self._first = stretch.number

    def use(self, places, known=()):
        """Choose columns; gives the shapes of their values in one row, those of lists as known or in the first row."""
        with self._legible():
            first = self._lazy.head(1).collect()
        self._shapes = {place: self._shape(self.names[place], first) for place in places} | dict(known)
        return self._shapes

    def _shape(self, name, first):
        kind = self._schema[name]
        while kind.is_nested() and hasattr(kind, "inner"):
            kind = kind.inner
        if not kind.is_numeric():
            raise AdiffError("value", f"the column {name} does not hold numbers, but {kind}")
        return np.shape(first[name].to_list()[0]) if len(first) else ()

    def expect(self, results, is_closed):
        """All rows have the same columns."""

    def keep_to(self, count):
        """Read about so many rows at once."""
        self._count = max(1, count)

    def close(self):
        """Close the file."""
        self.source.close()

    def __iter__(self):
        start = self._first
        with self._legible():
            for frame in self._lazy.collect_batches(chunk_size=self._count):
                for part in frame.iter_slices(self._count):
                    yield self._block(start, part)
                    start += len(part)

    def _block(self, start, frame):
        cells, bad = {}, {}
        for place, shape in self._shapes.items():
            series = frame[self._columns[place]]
            cells[place] = _array(series, shape)
            if cells[place] is None:
                cells[place] = np.full((len(frame), *shape), np.nan)
                self._with_care(series.to_list(), place, cells[place], bad)
        return Block(Frames(range(start, start + len(frame)), frame.select(self.names)), cells, bad)

    def _with_care(self, values, place, array, bad):
        for number, value in enumerate(values):
            try:
                array[number] = _value(value, self._shapes[place])
            except Unusable as why:
                why.column = self._columns[place]
                bad[number] = why

    def records(self, block):
        """The values of each row as lists and numbers, for a format of text."""
        return map(list, block.rows.frame.rows())

    def arrays(self, block):
        """The columns that hold numbers as arrays, by name."""
        return {series.name: series.to_numpy() for series in block.rows.frame if series.dtype.is_numeric()} | {
            self._columns[place]: array for place, array in block.cells.items() if place < len(self.names)
        }


def _array(series, shape):
    """A column as an array (n, *shape); None where some value is missing or of another shape."""
    if series.null_count():
        return None
    if not shape:
        return series.to_numpy().astype(float)
    try:
        array = np.array(series.to_list(), float)
    except (ValueError, TypeError):
        return None
    return array if array.shape[1:] == shape else None


def _value(value, shape):
    if value is None:
        raise Unusable("there is no value")
    try:
        array = np.array(value, float)
    except (ValueError, TypeError):
        raise Unusable("this is no array of numbers") from None
    if array.shape != shape:
        raise Unusable("its shape is not that of the first row")
    return array


def _scan(polars, format, place):
    return (polars.scan_parquet if format == "parquet" else polars.scan_ipc)(place, glob=False)


def join(parts, format, file):
    """Write Parquet or Arrow files with the same columns, or with none, as one to an open file, which has a name."""
    polars = extra("polars", f"{format} files")
    parts = [part for part in parts if _scan(polars, format, part).collect_schema()] or parts[:1]
    if format == "parquet":
        footers.join(parts, file)
    else:
        _scan(polars, format, parts).sink_ipc(file.name)


class Writer:
    """Columns and results to a Parquet or Arrow file."""

    is_closed = True

    def __init__(self, file, format, reader, results):
        self._file, self._format, self.reader, self.results = file, format, reader, results
        self._polars = extra("polars", f"{format} files")
        self._parts = []
        with self._scratch():
            self._folder = TemporaryDirectory()

    def begin(self):
        """Nothing is known yet of the columns."""

    def write(self, block, arrays, without=()):
        """Write the rows of a block, as writers of text do; results that are missing are null."""
        polars = self._polars
        frame = block.rows.frame if hasattr(block.rows, "frame") else self._frame(block)
        there = polars.Series(np.isin(np.arange(len(frame)), list(without), invert=True))
        results = polars.DataFrame({one.name: array for one, array in zip(self.results, arrays, strict=True)})
        results = results.select(polars.when(there).then(polars.all()))
        self._parts.append(f"{self._folder.name}/{len(self._parts)}")
        with self._scratch():
            frame.hstack(results).write_ipc(self._parts[-1])

    def _scratch(self):
        return scratch(self._polars.exceptions.PolarsError)

    def _frame(self, block):
        """Rows of text or of NumPy's arrays as a frame: what is used as numbers, the rest as it is."""
        columns, names = self.reader.arrays(block), self.reader.names
        if not columns.keys() >= set(names):
            columns = dict(zip(names, zip(*self.reader.typed(block), strict=True), strict=True)) | columns
        columns = {name: columns[name] for name in names}
        with readable(self.reader.name):
            frame = self._polars.DataFrame(columns, strict=False)
        if self._polars.Object in frame.dtypes:
            raise self._mixed()
        return frame

    def _mixed(self):
        message = f"a column of {self.reader.name} has values of kinds that {self._format} cannot put in one column"
        return AdiffError("value", message, help="jsonl holds anything: -f jsonl, or a name that ends so")

    def end(self):
        """Write the file, from its parts."""
        whole = f"{self._folder.name}/whole"
        lazy = self._joined() if self._parts else self._polars.LazyFrame()
        with self._scratch():
            (lazy.sink_parquet if self._format == "parquet" else lazy.sink_ipc)(whole)
        with open(whole, "rb") as file:  # noqa: PTH123
            shutil.copyfileobj(file, self._file, 1 << 20)

    def _joined(self):
        """The parts in types that hold all of them: a column that is empty at first may have texts later."""
        parts = [_scan(self._polars, "arrow", part) for part in self._parts]
        lazy = self._polars.concat(parts, how="vertical_relaxed")
        try:
            lazy.collect_schema()
        except self._polars.exceptions.PolarsError:
            raise self._mixed() from None
        return lazy

    def close(self):
        """Remove the parts."""
        self._folder.cleanup()
