"""Files by their formats: known by their names, or by how they begin."""

import shutil
from collections import Counter
from contextlib import closing, contextmanager
from importlib import import_module

from ..errors import AdiffError
from . import FORMATS
from .extras import extra
from .source import Source

TEXT = ("csv", "tsv", "jsonl")
PACKED = ("gz", "zst")
FRAMES = ("parquet", "arrow")
_NAMED = ("jsonl", *FRAMES)  # in which a column is known by its name alone
_SUFFIXES = {"tab": "tsv", "ndjson": "jsonl", "pq": "parquet", "feather": "arrow", "ipc": "arrow"}
_STARTS = {b"{": "jsonl", b"\x93NUMPY": "npy", b"PK": "npz", b"PAR1": "parquet", b"ARROW1": "arrow"}


def reader_of(place, header=None, alone=None):
    """A reader of a file, or of standard input where the place is `-`.

    header   names of columns, where the file does not say them
    alone    the name of the only variable that has no value, for files that hold one array without a name
    """
    source = Source(place)
    format = format_of(place) or _sniffed(source.start)
    if header is not None and format in ("jsonl", "npz", "parquet", "arrow"):
        raise AdiffError("usage", f"--header is for files without names, and {format} has them")
    header = [alone] if header is None and format == "npy" and alone else header
    # Each of these modules has a `Reader`, and those of binary formats a `Writer`.
    return import_module(f".{FORMATS[format]}", __package__).Reader(source, format, header)


def format_of(name):
    """The format that the name of a file tells; None where it tells none."""
    parts = name.lower().split(".")
    if len(parts) > 2 and parts[-1] in PACKED:
        parts.pop()
    suffix = parts[-1] if len(parts) > 1 else ""
    return suffix if suffix in FORMATS else _SUFFIXES.get(suffix)


def _sniffed(start):
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, format in _STARTS.items():
        if start.startswith(mark):
            return format
    line = start.partition(b"\n")[0]
    return "tsv" if b"\t" in line and b"," not in line else "csv"


@contextmanager
def packed(file, path, format):
    """What takes rows for a binary file: packed, where it is of text and its name ends in .gz or .zst."""
    suffix = path.lower().rpartition(".")[2]
    if format not in TEXT or suffix not in PACKED:
        yield file
    elif suffix == "gz":
        stream = _Gzip(file)
        yield stream
        stream.end()
    else:
        with extra("zstandard", "zstd data").ZstdCompressor().stream_writer(file, closefd=False) as stream:
            yield stream


class _Gzip:
    """What packs for a binary file, which nobody has to close where that fails."""

    def __init__(self, file):
        import zlib

        self._file, self._packer = file, zlib.compressobj(6, wbits=31)

    def write(self, data):
        self._file.write(self._packer.compress(data))

    def end(self):
        self._file.write(self._packer.flush())


@contextmanager
def writer_of(format, reader, results, file, *, begins=True):
    """A writer of rows to an open binary file, from the header, unless it is there already, to the end."""
    _check_names(format, reader)
    with closing(_writer_class(format)(file, format, reader, results)) as writer:
        if begins:
            writer.begin()
        yield writer
        writer.end()


def join(parts, format, file):
    """Write files with the answers of stretches, as `writer_of` made them, to an open file as one."""
    if format in FRAMES:
        import_module(f".{FORMATS[format]}", __package__).join(parts, format, file)
        return
    for part in parts:
        with open(part, "rb") as answers:  # noqa: PTH123
            shutil.copyfileobj(answers, file, 1 << 20)


def _check_names(format, reader):
    """Raise AdiffError where one column would take the place of another."""
    (name, count), *_ = Counter(reader.names).most_common(1)
    if count > 1 and format in _NAMED:
        message = f"{count} columns of {reader.name} are called {name or repr(name)}, and {format} has one of a name"
        raise AdiffError("column-clash", message, help="rename them, or ask for --format csv")


def _writer_class(format):
    if format in TEXT:
        from .writers import JsonWriter, TableWriter

        return JsonWriter if format == "jsonl" else TableWriter
    return import_module(f".{FORMATS[format]}", __package__).Writer
