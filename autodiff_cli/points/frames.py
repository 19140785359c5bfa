"""Parquet and Arrow files, by Polars."""

import shutil
from tempfile import TemporaryDirectory

import numpy as np

from ..errors import AdiffError
from .blocks import Block
from .extras import extra
from .trouble import Unusable


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
        polars = extra("polars", f"{format} files")
        scan = polars.scan_parquet if format == "parquet" else polars.scan_ipc
        try:
            self._lazy = scan(source.path(), glob=False)
            self._schema = self._lazy.collect_schema()
        except (OSError, polars.exceptions.PolarsError) as error:
            reason = str(error).partition("\n")[0]
            raise AdiffError("file", f"{source.name} is no {format} file that can be read: {reason}") from None
        self.names = list(self._schema)

    def use(self, places, known=()):
        """Choose columns; gives the shapes of their values in one row, those of lists as known or in the first row."""
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
        start = 1
        for frame in self._lazy.collect_batches(chunk_size=self._count):
            for part in frame.iter_slices(self._count):
                yield self._block(Frames(range(start, start + len(part)), part))
                start += len(part)

    def _block(self, rows):
        cells, bad = {}, {}
        for place, shape in self._shapes.items():
            series = rows.frame[self.names[place]]
            cells[place] = _array(series, shape)
            if cells[place] is None:
                cells[place] = np.full((len(rows), *shape), np.nan)
                self._with_care(series.to_list(), place, cells[place], bad)
        return Block(rows, cells, bad)

    def _with_care(self, values, place, array, bad):
        for number, value in enumerate(values):
            try:
                array[number] = _value(value, self._shapes[place])
            except Unusable as why:
                why.column = self.names[place]
                bad[number] = why

    def records(self, block):
        """The values of each row as lists and numbers, for a format of text."""
        return map(list, block.rows.frame.rows())

    def arrays(self, block):
        """The columns that hold numbers as arrays, by name."""
        return {series.name: series.to_numpy() for series in block.rows.frame if series.dtype.is_numeric()} | {
            self.names[place]: array for place, array in block.cells.items()
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


class Writer:
    """Columns and results to a Parquet or Arrow file."""

    is_closed = True

    def __init__(self, file, format, reader, results):
        self._file, self._format, self.reader, self.results = file, format, reader, results
        self._polars = extra("polars", f"{format} files")
        self._folder, self._parts = TemporaryDirectory(), []

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
        frame.hstack(results).write_ipc(self._parts[-1])

    def _frame(self, block):
        """Rows of text or of NumPy's arrays as a frame: what is used as numbers, the rest as it is."""
        arrays = self.reader.arrays(block)
        texts = dict(zip(self.reader.names, zip(*self.reader.records(block), strict=True), strict=True))
        columns = {name: arrays.get(name, texts[name]) for name in self.reader.names}
        return self._polars.DataFrame(columns, strict=False)

    def end(self):
        """Write the file, from its parts."""
        whole = f"{self._folder.name}/whole"
        lazy = self._polars.scan_ipc(self._parts, glob=False) if self._parts else self._polars.LazyFrame()
        (lazy.sink_parquet if self._format == "parquet" else lazy.sink_ipc)(whole)
        with open(whole, "rb") as file:  # noqa: PTH123
            shutil.copyfileobj(file, self._file, 1 << 20)

    def close(self):
        """Remove the parts."""
        self._folder.cleanup()
