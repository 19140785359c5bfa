"""Numbers and arrays as text, in the syntax in which values are read."""

import numpy as np

MOST_ELEMENTS = 1000  # more than these are shown by their edges
_EDGE = 3


def number(value, digits=None):
    """The shortest text that reads back as the same number, or `digits` significant ones; no trailing .0."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    text = f"{value:.{digits}g}" if digits else (repr(value) if isinstance(value, float) else str(value))
    return text.removesuffix(".0")


def cells(array, digits=None):
    """The numbers of an array as a flat list of texts, each shortest for the array's dtype."""
    array = np.asarray(array)
    values = array.ravel() if array.dtype == np.float32 else array.ravel().tolist()
    return [_unsigned_zero(number(v, digits)) for v in values]


def most_digits(array, digits=None):
    """How many significant digits the longest number of an array is written with."""
    mantissas = (text.partition("e")[0].lstrip("-0.").replace(".", "") for text in cells(array, digits))
    return max((len(m) for m in mantissas if m.isdigit()), default=0)


def _unsigned_zero(text):
    return "0" if text == "-0" else text


def array_text(array, digits=None, indent=0, width=80):
    """An array for reading: a vector on one line, a matrix on one line or in aligned rows, more as slices.

    indent   columns that stand before the text on its first line
    """
    array = np.asarray(array)
    if array.ndim == 0:
        return cells(array, digits)[0]
    if array.size == 0:
        return "[]" if array.ndim == 1 else f"zeros({', '.join(map(str, array.shape))})"
    if array.ndim == 1:
        return f"[{', '.join(_row(array, digits))}]"
    if array.ndim == 2:
        return _matrix(array, digits, indent, width)
    return _slices(array, digits, width)


def is_summarised(array):
    """Whether text shows only the edges of an array."""
    return np.size(array) > MOST_ELEMENTS


def _row(vector, digits):
    if not is_summarised(vector):
        return cells(vector, digits)
    return [*cells(vector[:_EDGE], digits), "...", *cells(vector[-_EDGE:], digits)]


def _matrix(array, digits, indent, width):
    rows = _table(array, digits)
    line = _joined(_signed(rows), ", ")
    if indent + len(line) <= width and "..." not in line:
        return line
    return _joined(_aligned(rows), ",\n" + " " * (indent + 1))


def _table(array, digits):
    """The texts of a matrix row by row, with dots for the middle of a large one."""
    if not is_summarised(array):
        flat = cells(array, digits)
        return [flat[i : i + array.shape[1]] for i in range(0, len(flat), array.shape[1])]
    rows, columns = (np.arange(n) if n <= 2 * _EDGE + 1 else np.r_[:_EDGE, n - _EDGE : n] for n in array.shape)
    table = _table(array[np.ix_(rows, columns)], digits)
    if len(columns) < array.shape[1]:
        table = [[*row[:_EDGE], "...", *row[_EDGE:]] for row in table]
    if len(rows) < array.shape[0]:
        table.insert(_EDGE, ["..."] * len(table[0]))
    return table


def _joined(rows, separator):
    return f"[{separator.join('[' + ', '.join(row) + ']' for row in rows)}]"


def _signed(rows):
    """On one line only the signs are lined up, so that 0.6 stands apart from -0.2."""
    if not any(text.startswith("-") for row in rows for text in row):
        return rows
    return [[text if text.startswith("-") else f" {text}" for text in row] for row in rows]


def _aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [[text.rjust(w) for text, w in zip(row, widths, strict=True)] for row in rows]


def _slices(array, digits, width):
    """Rank 3 and up: each matrix under its index."""
    leading = list(np.ndindex(array.shape[:-2]))
    shown = leading if not is_summarised(array) else [leading[0], leading[-1]]
    lines = [f"array of shape ({', '.join(map(str, array.shape))})"]
    for index in shown:
        label = f"  [{', '.join(map(str, index))}, :, :] = "
        lines.append(label + _matrix(array[index], digits, len(label), width))
    if len(shown) < len(leading):
        lines.insert(2, "  ...")
    return "\n".join(lines)


def value_text(array):
    """An array in value syntax: `4,5,6`, `1,2;3,4`; nothing is left out, and it reads back bit for bit."""
    array = np.asarray(array)
    flat = [number(v) for v in (array.ravel() if array.dtype == np.float32 else array.ravel().tolist())]
    if array.ndim == 0:
        return flat[0]
    if array.size == 0:
        return f"zeros({','.join(map(str, array.shape))})"
    if array.ndim == 1:
        return ",".join(flat) + "," * (len(flat) == 1)
    if array.ndim == 2:
        n = array.shape[1]
        rows = [",".join(flat[i : i + n]) for i in range(0, len(flat), n)]
        return ";".join(rows) + ";" * (len(rows) == 1)
    return "[" + ",".join(map(_nested, array)) + "]"


def _nested(array):
    if array.ndim == 1:
        return f"[{','.join(number(v) for v in array.tolist())}]"
    return "[" + ",".join(map(_nested, array)) + "]"
