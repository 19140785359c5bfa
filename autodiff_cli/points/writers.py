"""Rows with their results as text: CSV, TSV and JSON lines."""

import json
import math
from decimal import Decimal

import numpy as np

from . import fast, plain
from .cells import Number
from .lines import Rows
from .plain import Written
from .table import SEPARATORS
from .trouble import readable


class TableWriter:
    """CSV or TSV; rows that came so go on as they were.

    file      has a `write` of bytes
    reader    of the rows
    results   Results
    """

    def __init__(self, file, format, reader, results):
        self.file, self.reader, self.results = file, reader, results
        self.separator, self._is_verbatim = SEPARATORS[format], reader.format == format
        self.is_closed = not self._is_verbatim  # the columns are those of the first row

    def begin(self):
        """Write the names of the columns."""
        names = [column.encode() for result in self.results for column in result.columns]
        header = self.reader.header if self._is_verbatim else self._row(self.reader.names)
        self.file.write(self.separator.join([header, *names]) + (self.reader.end if self._is_verbatim else b"\n"))

    def write(self, block, arrays, without=()):
        """Write the rows of a block.

        arrays    (n, *shape), one for each result
        without   places of rows that have no results
        """
        left = dict.fromkeys(without, b"")
        pairs = zip(self.results, arrays, strict=True)
        columns = [Written(v, instead=_words(r, v, b"%b") | left) for r, array in pairs for v in _elements(array)]
        _append(self.file, self._rows(block), self.separator, columns)

    def end(self):
        """Nothing comes after the last row."""

    def close(self):
        """Nothing is left behind."""

    def _rows(self, block):
        if not self._is_verbatim:
            return Rows(block.rows.numbers, b"\n", texts=[self._row(row) for row in self.reader.records(block)])
        lacking = {place: why.missing for place, why in block.bad.items() if why.missing}
        if not lacking:
            return block.rows
        texts = [text + self.separator * lacking.get(place, 0) for place, text in enumerate(block.rows.texts)]
        return Rows(block.rows.numbers, block.rows.end, texts=texts)

    def _row(self, values):
        return self.separator.join(self._cell(_text(value)) for value in values)

    def _cell(self, text):
        quoted = text.encode(errors="surrogateescape")
        if any(mark in quoted for mark in (self.separator, b'"', b"\n", b"\r")):
            quoted = b'"' + quoted.replace(b'"', b'""') + b'"'
        return quoted


class JsonWriter:
    """One object on each line; rows that came so go on as they were, up to their closing brace."""

    is_closed = False

    def __init__(self, file, format, reader, results):
        self.file, self.reader, self.results = file, reader, results
        self._is_verbatim = reader.format == format

    def begin(self):
        """Nothing comes before the first row."""

    def write(self, block, arrays, without=()):
        """Write the rows of a block, as TableWriter does."""
        columns = []
        for result, array in zip(self.results, arrays, strict=True):
            before, after = _brackets(result.shape)
            for place, values in enumerate(_elements(array)):
                instead = dict.fromkeys(np.flatnonzero(~np.isfinite(values)).tolist(), b"null")
                instead |= _words(result, values, b'"%b"') | dict.fromkeys(without, b"null")
                name = b"" if place else b'"%b":' % result.name.encode()
                columns.append(Written(values, name + before[place], after[place], instead))
        columns[-1] = columns[-1]._replace(after=columns[-1].after + b"}")
        _append(self.file, self._rows(block), b",", columns)

    def end(self):
        """Nothing comes after the last row."""

    def close(self):
        """Nothing is left behind."""

    def _rows(self, block):
        """The rows without their closing braces."""
        rows = block.rows
        if not self._is_verbatim:
            names = list(map(_json, self.reader.names))
            with readable(self.reader.name):
                texts = [_opened(names, row).encode() for row in self.reader.records(block)]
            return Rows(rows.numbers, b"\n", texts=texts)
        last = b"}" + rows.end
        if rows.data is not None and rows.data.count(last) == len(rows):
            return Rows(rows.numbers, rows.end, data=rows.data.replace(last, rows.end))
        return Rows(rows.numbers, rows.end, texts=[text.rstrip()[:-1] for text in rows.texts])


def _append(file, rows, separator, columns):
    file.write(fast.joined(rows, separator, columns) or plain.joined(rows, separator, columns))


def _elements(array):
    """The columns (n,) of an array (n, *shape)."""
    return np.ascontiguousarray(array.reshape(len(array), -1).T)


def _words(result, values, form):
    """By place, the words that a Result has for numbers."""
    if not result.words:
        return {}
    words = [form % word.encode() for word in result.words]
    return {place: words[int(v)] for place, v in enumerate(np.where(np.isnan(values), -1, values).tolist())}


def _brackets(shape):
    """What stands before and after each element of an array in JSON."""
    last = [size - 1 for size in shape]
    before = [b"[" * _trailing(index, [0] * len(shape)) for index in np.ndindex(shape)]
    return before, [b"]" * _trailing(index, last) for index in np.ndindex(shape)]


def _trailing(index, expected):
    """How many of the last numbers of an index are as expected."""
    fits = [i == k for i, k in zip(reversed(index), reversed(expected), strict=True)]
    return [*fits, False].index(False)


def _opened(names, values):
    """An object of JSON without its closing brace."""
    return "{" + ",".join(f"{name}:{_json(value)}" for name, value in zip(names, values, strict=True))


def _json(value):
    if isinstance(value, Number):
        return value
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_json(key)}:{_json(part)}' for key, part in value.items())}}}"
    if isinstance(value, (float, Decimal)):
        return str(value) if math.isfinite(value) else "null"
    return json.dumps(value, default=str, ensure_ascii=False)


def _text(value):
    """A value as a cell has it; a vector as 1;2;3, and other arrays with brackets."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(part, (list, dict)) for part in value):
        return ";".join(map(_text, value)) + (";" if len(value) == 1 else "")
    return _json(value) if isinstance(value, (bool, list, dict)) else str(value)
