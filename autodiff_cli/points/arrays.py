"""NumPy's files: .npy with rows along the first axis, and .npz with an array for each column."""

import io
import shutil
import zipfile
import zlib
from contextlib import closing, contextmanager
from tempfile import TemporaryFile
from tokenize import TokenError

import numpy as np

from ..errors import AdiffError
from ..language.mismatches import shape_text
from .blocks import Block
from .scratch import scratch

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class Records:
    """Rows as arrays, by the names of their columns."""

    def __init__(self, numbers, columns):
        self.numbers, self.columns = numbers, columns

    def __len__(self):
        return len(self.numbers)

    def take(self, places):
        """Some of them, by their places."""
        columns = {name: array[places] for name, array in self.columns.items()}
        return Records([self.numbers[i] for i in places], columns)


class Reader:
    """The rows of a file of NumPy's: of a plain array, of one with named fields, or of several arrays.

    header   the names of the columns of a plain array; of one name, it is that of the whole row
    """

    unit, end = "row", b"\n"

    def __init__(self, source, format, header=None):
        self.source, self.name, self.format, self._count = source, source.name, format, 1
        self._file = open(source.path(), "rb")  # noqa: SIM115, PTH123
        try:
            with self._legible():
                self._streams = _streams(self._file, format)
        except AdiffError:
            self.close()
            raise
        self._header = header
        self.names = self._names()
        self._total = self._length()

    @contextmanager
    def _legible(self):
        """Raise AdiffError for a file that is damaged."""
        try:
            yield
        except (OSError, ValueError, EOFError, TokenError, zipfile.BadZipFile, zlib.error) as error:
            raise AdiffError("file", f"{self.name} is no {self.format} file that can be read: {error}") from None

    def _names(self):
        if self.format == "npz":
            return list(self._streams)
        stream = self._streams[""]
        fields = stream.dtype.names
        if fields or not self._header or len(self._header) == 1:
            return list(fields or self._header or [""])
        if stream.shape[1:] != (len(self._header),):
            message = f"--header names {len(self._header)} columns, but the array has shape {shape_text(stream.shape)}"
            raise AdiffError("shape", message)
        return self._header

    def _length(self):
        lengths = {name: stream.shape[0] for name, stream in self._streams.items()}
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise AdiffError("shape", f"the arrays of {self.name} differ in their numbers of rows: {counts}")
        return next(iter(lengths.values()), 0)

    def use(self, places, known=()):
        """Choose columns; gives the shapes of their values in one row, which the file itself tells."""
        example = self._columns({name: stream.example() for name, stream in self._streams.items()})
        arrays = {place: example[self.names[place]] for place in places}
        for place, array in arrays.items():
            if array.dtype.kind not in "fiub":
                raise AdiffError("value", f"the column {self.names[place]} does not hold numbers, but {array.dtype}")
        self._used = places
        return {place: array.shape[1:] for place, array in arrays.items()}

    def expect(self, results, is_closed):
        """All rows have the same columns."""

    def keep_to(self, count):
        """Read so many rows at once."""
        self._count = max(1, count)

    def close(self):
        """Close the file."""
        self._file.close()
        self.source.close()

    def __iter__(self):
        for start in range(0, self._total, self._count):
            count = min(self._count, self._total - start)
            with self._legible():
                columns = self._columns({name: stream.take(count) for name, stream in self._streams.items()})
            cells = {place: columns[self.names[place]].astype(float) for place in self._used}
            yield Block(Records(range(start + 1, start + count + 1), columns), cells, {})

    def _columns(self, arrays):
        """Arrays by column, from those of the file."""
        if self.format == "npz":
            return arrays
        array = arrays[""]
        if array.dtype.names:
            return {name: array[name] for name in self.names}
        return {self.names[0]: array} if len(self.names) == 1 else dict(zip(self.names, array.T, strict=True))

    def records(self, block):
        """The values of each row as lists and numbers, for a format of text."""
        return zip(*(array.tolist() for array in block.rows.columns.values()), strict=True)

    def arrays(self, block):
        """The columns as arrays, by name."""
        return block.rows.columns


class _Stream:
    """An array in a file, taken some rows at a time."""

    def __init__(self, file):
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(f"its version is {version[0]}")
        self.shape, is_fortran, self.dtype = _HEADERS[version](file)
        if self.dtype.hasobject:
            raise ValueError("it holds objects of Python, which are never loaded")
        if not self.shape or (is_fortran and len(self.shape) > 1):
            raise ValueError("its rows do not lie one after the other; save np.ascontiguousarray of it")
        self._file = file

    def example(self):
        """An array of no rows."""
        return np.empty((0, *self.shape[1:]), self.dtype)

    def take(self, count):
        """The next rows."""
        example = self.example()
        size = example.itemsize * int(np.prod(self.shape[1:], dtype=int))
        data = self._file.read(count * size)
        if len(data) < count * size:
            raise EOFError("it ends too soon, some of its rows are missing")
        return np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])


def _streams(file, format):
    """The arrays of a file, by name."""
    if format == "npy":
        return {"": _Stream(file)}
    archive = zipfile.ZipFile(file)
    return {name.removesuffix(".npy"): _Stream(archive.open(name)) for name in archive.namelist()}


class Writer:
    """Columns and results to a file: fields of one array in .npy, an array for each in .npz.

    From rows of text only the columns that are used go there: the others need not be numbers.
    """

    is_closed = True

    def __init__(self, file, format, reader, results):
        self._file, self._format, self.reader, self.results = file, format, reader, results
        self._spools, self._count = {}, 0

    def begin(self):
        """Nothing is known yet of the arrays."""

    def write(self, block, arrays, without=()):
        """Write the rows of a block, as writers of text do; results that are missing are nan."""
        columns = self.reader.arrays(block)
        columns |= {result.name: array for result, array in zip(self.results, arrays, strict=True)}
        if self._format == "npy":
            columns = {"": _with_fields(columns)}
        for name, array in columns.items():
            if name not in self._spools:
                self._spools[name] = _Spool(array)
            self._spools[name].write(array)
        self._count += len(block.rows)

    def end(self):
        """Write the file, now that the number of rows is known."""
        with closing(self._whole()) as whole:
            shutil.copyfileobj(whole, self._file, 1 << 20)

    def close(self):
        """Close the files of the columns."""
        for spool in self._spools.values():
            spool.file.close()

    def _whole(self):
        """A temporary file that is what is to be written."""
        with scratch():
            whole = TemporaryFile()  # noqa: SIM115
            if self._format == "npy":
                for spool in self._spools.values():
                    spool.copy(self._count, whole)
            else:
                self._archive(whole)
            whole.seek(0)
        return whole

    def _archive(self, whole):
        with zipfile.ZipFile(whole, "w") as archive:
            for name, spool in self._spools.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    spool.copy(self._count, member)


class _Spool:
    """The rows of an array, on disk until their number is known."""

    def __init__(self, array):
        with scratch():
            self.file = TemporaryFile()  # noqa: SIM115
        self._shape, self._dtype = array.shape[1:], array.dtype

    def write(self, array):
        """Add rows."""
        with scratch():
            self.file.write(np.ascontiguousarray(array).data if array.size else b"")

    def copy(self, count, target):
        """Write the array as a .npy file."""
        header = np.lib.format.header_data_from_array_1_0(np.empty((0, *self._shape), self._dtype))
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, header | {"shape": (count, *self._shape), "fortran_order": False})
        target.write(head.getvalue())
        self.file.seek(0)
        shutil.copyfileobj(self.file, target, 1 << 20)


def _with_fields(columns):
    """One array of records with a field for each column."""
    fields = [(name, array.dtype, array.shape[1:]) for name, array in columns.items()]
    records = np.empty(len(next(iter(columns.values()))), fields)
    for name, array in columns.items():
        records[name] = array
    return records
