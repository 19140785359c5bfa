"""Text to numbers and numbers to text by Polars, where it is installed and there is enough to do.

What it reads differently from `plain` it leaves to it, and what it writes differently is written as there.
"""

import io
from functools import lru_cache

import numpy as np

from .extras import optional

_ENOUGH = 1 << 19  # bytes for which the import pays
_SMALLEST = 1e-4  # below it Python writes exponents, and Polars does so later and differently
_PROBES = [0.1, -0.0, 1e-4, 123456789.125, 1e15, 9007199254740993.0, 1e16, 1.5e17, 1e100, 1.7976931348623157e308,
           float("inf"), float("-inf")]  # fmt: skip


@lru_cache
def _polars():
    """The module, if it is there and writes numbers as Python does."""
    polars = optional("polars")
    if polars is None:
        return None
    written = polars.DataFrame({"": _PROBES}).write_csv(include_header=False)
    return polars if written == "".join(f"{probe}\n" for probe in _PROBES) else None


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
    return {place: frame[str(place)].to_numpy(writable=True) for place in shapes}


def joined(rows, separator, columns):
    """What `plain.joined` gives, or None where this is not for Polars."""
    if len(rows) * (len(columns) + 1) < _ENOUGH // 32 or (polars := _polars()) is None:
        return None
    lines = _lines(polars, rows)
    if lines is None:
        return None
    frame = polars.DataFrame({"": lines} | {str(k): column.values for k, column in enumerate(columns)})
    texts = [_as_texts(polars, str(k), column) for k, column in enumerate(columns) if _differs(column)]
    frame = frame.with_columns(texts)
    file = io.BytesIO()
    frame.write_csv(file, include_header=False, quote_style="never", separator=separator.decode(),
                    line_terminator=rows.end.decode())  # fmt: skip
    return file.getvalue()


def _differs(column):
    """Whether a column is not written as Polars writes its numbers."""
    return bool(column.before or column.after or column.instead) or _odd(column.values).any()


def _odd(values):
    """Which numbers Polars writes differently from Python."""
    return (np.abs(values) < _SMALLEST) & (values != 0) | np.isnan(values)


def _as_texts(polars, name, column):
    """A column as an expression of texts: those of Polars, but those of Python where they differ."""
    places = np.flatnonzero(_odd(column.values))
    texts = dict(zip(places.tolist(), map(repr, column.values[places].tolist()), strict=True))
    texts |= {place: text.decode() for place, text in column.instead.items()}
    ours = polars.Series(name, [None], polars.String).new_from_index(0, len(column.values))
    ours = ours.scatter(list(texts), list(texts.values()))
    spelled = polars.coalesce(ours, polars.col(name).cast(polars.String))
    return polars.concat_str(polars.lit(column.before.decode()), spelled, polars.lit(column.after.decode())).alias(name)


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
