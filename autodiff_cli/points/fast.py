"""Text to numbers and numbers to text by Polars, where it is installed and there is enough to do.

What it reads differently from `plain` it leaves to it, and what it writes differently is written as there.
"""

import io
from functools import lru_cache

import numpy as np

from .extras import optional
from .plain import Written

_ENOUGH = 1 << 19  # bytes for which the import pays
_ROOM = 2 << 30  # bytes of addresses, most of them never used
_SMALLEST = 1e-4  # below it Python writes exponents, and Polars does so later and differently
_PROBES = [0.1, -0.0, 1e-4, 123456789.125, 1e15, 9007199254740993.0, 1e16, 1.5e17, 1e100, 1.7976931348623157e308,
           np.inf, -np.inf, np.nan, 9.99e-5, -1e-5, 1.2e-5, 1e-6, -1.25e-7, 1e-9, 1e-10, 5e-324]  # fmt: skip
# What Polars spells otherwise, and Python's spelling of it.
_SPELLINGS = [(r"^NaN$", "nan"), (r"e-(\d)$", "e-0$1"), (r"^(-?)0\.0000(\d)$", "${1}${2}e-05"),
              (r"^(-?)0\.0000(\d)(\d+)$", "${1}${2}.${3}e-05")]  # fmt: skip


@lru_cache
def _polars():
    """The module, if it is there, has room, and writes numbers as Python does."""
    polars = optional("polars") if _has_room() else None
    if polars is None:
        return None
    written = _joined(polars, polars.Series("", [""] * len(_PROBES)), b",", [Written(np.array(_PROBES))], b"\n")
    return polars if written.decode() == "".join(f",{probe}\n" for probe in _PROBES) else None


def _has_room():
    """Whether there is no low ceiling of memory, under which Polars ends the process."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit
    except ImportError:  # where there are no such ceilings
        return True
    ceiling = getrlimit(RLIMIT_AS)[0]
    return ceiling == RLIM_INFINITY or ceiling >= _ROOM


def numbers(rows, separator, width, shapes):
    """The numbers of some columns, by place, nan where they must be read with care; None where this is not for Polars.

    width   how many columns there are
    shapes  of the cells of those columns
    """
    data = rows.data
    if data is None or len(data) < _ENOUGH or any(shapes.values()) or (polars := _polars()) is None:
        return None
    if np.count_nonzero(np.frombuffer(data, np.uint8) == ord(separator)) != len(rows) * (width - 1):
        return None
    schema = {str(place): polars.Float64 if place in shapes else polars.String for place in range(width)}
    try:
        frame = polars.read_csv(data, has_header=False, separator=separator.decode(), quote_char=None, schema=schema,
                                columns=sorted(shapes), ignore_errors=True)  # fmt: skip
    except polars.exceptions.PolarsError:
        return None
    if frame.height != len(rows):
        return None
    rows.lines = _lines(polars, rows)  # here, where another block is being written meanwhile
    return {place: frame[str(place)].to_numpy(writable=True) for place in shapes}


def joined(rows, separator, columns):
    """What `plain.joined` gives, or None where this is not for Polars."""
    if len(rows) * (len(columns) + 1) < _ENOUGH // 32 or (polars := _polars()) is None:
        return None
    lines = _lines(polars, rows) if rows.lines is None else rows.lines
    return None if lines is None else _joined(polars, lines, separator, columns, rows.end)


def _joined(polars, lines, separator, columns, end):
    """A Series of rows with results appended, as bytes."""
    frame = polars.DataFrame({"": lines} | {str(k): column.values for k, column in enumerate(columns)})
    differing = {str(k): column for k, column in enumerate(columns) if _differs(column)}
    texts = frame.select(polars.col(differing.keys()).cast(polars.String))
    frame = frame.with_columns([_spelled(polars, texts[name], column) for name, column in differing.items()])
    file = io.BytesIO()
    frame.write_csv(file, include_header=False, quote_style="never", separator=separator.decode(),
                    line_terminator=end.decode())  # fmt: skip
    return file.getvalue()


def _differs(column):
    """Whether a column is not written as Polars writes its numbers."""
    return bool(column.before or column.after or column.instead) or _odd(column.values).any()


def _odd(values):
    """Which numbers Polars writes differently from Python."""
    return (np.abs(values) < _SMALLEST) & (values != 0) | np.isnan(values)


def _spelled(polars, texts, column):
    """The texts of a column: those of Polars, but those of Python where they differ."""
    places = np.flatnonzero(_odd(column.values))
    odd = polars.col("").cast(polars.String)
    for theirs, ours in _SPELLINGS:
        odd = odd.str.replace(theirs, ours)
    texts = texts.scatter(places, polars.DataFrame({"": column.values[places]}).select(odd).to_series())
    if column.instead:
        texts = texts.scatter(list(column.instead), [text.decode() for text in column.instead.values()])
    if not (column.before or column.after):
        return texts
    around = polars.lit(column.before.decode()), polars.col(texts.name), polars.lit(column.after.decode())
    return texts.to_frame().select(polars.concat_str(around).alias(texts.name)).to_series()


def _lines(polars, rows):
    """The rows as a Series; None where they are not UTF-8 or not taken apart in the same way."""
    try:
        if rows.data is None or b"\x01" in rows.data:
            return polars.Series("", [text.decode() for text in rows.texts])
        lines = polars.read_csv(rows.data, has_header=False, separator="\x01", quote_char=None,
                                schema={"": polars.String})[""]  # fmt: skip
    except (UnicodeDecodeError, polars.exceptions.PolarsError):
        return None
    return lines if len(lines) == len(rows) else None
