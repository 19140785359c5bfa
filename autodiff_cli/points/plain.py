"""Text to numbers and numbers to text, by Python alone. `fast` makes the same of the same, to the byte."""

from typing import NamedTuple

import numpy as np


class Written(NamedTuple):
    """One column of numbers, as it is written.

    values         an array (n,)
    before, after  what stands beside each of them
    instead        what is written in place of some of them, by place
    """

    values: np.ndarray
    before: bytes = b""
    after: bytes = b""
    instead: dict = {}


def numbers(cells, shape):
    """The array (n, *shape) that n cells hold, nan where one must be read with care."""
    if not shape:
        return _scalars(cells)
    if len(shape) > 1:
        return np.full((len(cells), *shape), np.nan)
    return np.array([_vector(cell, shape[0]) for cell in cells]).reshape(-1, *shape)


def _scalars(cells):
    try:
        if "_" not in "".join(cells):  # by which Python's digits may be grouped
            return np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        pass
    return np.array([_scalar(cell) for cell in cells], float)


def _scalar(cell):
    try:
        return np.nan if "_" in cell else float(cell)
    except ValueError:
        return np.nan


def _vector(cell, size):
    parts = cell.split(";")
    return [_scalar(part) for part in parts] if len(parts) == size else [np.nan] * size


def joined(rows, separator, columns):
    """Rows of text with columns of numbers appended, as bytes that end as the rows do."""
    step = len(columns) + 1
    values, template = [None] * (len(rows) * step), b"%b"
    values[::step] = rows.texts
    for place, column in enumerate(columns, 1):
        values[place::step] = _spelled(column) if column.instead else column.values.tolist()
        form = b"%b" if column.instead else b"%a"  # a float's repr: the shortest digits that give it back
        template += separator + column.before.replace(b"%", b"%%") + form + column.after.replace(b"%", b"%%")
    return ((template + rows.end) * len(rows)) % tuple(values)


def _spelled(column):
    texts = [b"%a" % value for value in column.values.tolist()]
    for place, text in column.instead.items():
        texts[place] = text
    return texts
