"""CSV and TSV: lines of cells, the first with the names of the columns."""

import csv
import re

from ..errors import AdiffError
from . import fast, plain
from .cells import read_cell, spelled
from .lines import LONGEST, MARK
from .text import TextReader
from .trouble import Unusable

csv.field_size_limit(LONGEST)  # by itself it gives up at 131072 characters
SEPARATORS = {"csv": b",", "tsv": b"\t"}


class Reader(TextReader):
    """The rows of a table.

    header  the names of the columns where the first line does not say them; else None
    """

    def __init__(self, source, format, header=None):
        self.separator = SEPARATORS[format]
        self._mark = self.separator.decode()
        if source.start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise AdiffError("encoding", f"{source.name} is not UTF-8", help="iconv -f UTF-16 -t UTF-8 makes it so")
        super().__init__(source, format, self.separator)
        self._has_header = header is None
        line = self.take_first() if self._has_header else self.separator.join(name.encode() for name in header)
        if line is None:
            raise AdiffError("no-header", f"{source.name} is empty: there is no header")
        self.header = MARK + line if source.start.startswith(MARK) else line
        self.names = self._names(line) if self._has_header else header

    def _names(self, line):
        try:
            return self._taken_apart(line.decode(errors="surrogateescape"))
        except Unusable as why:
            raise AdiffError("no-header", f"the header of {self.name} cannot be read: {why.reason}") from None

    def only(self, stretch):
        """Read a Stretch, and nothing else."""
        super().only(stretch)
        if self._has_header and stretch.start == 0:
            self.take_first()

    def split(self, text):
        """The cells of a row."""
        cells = self._taken_apart(text.decode(errors="surrogateescape"))
        missing = len(self.names) - len(cells)
        if missing:
            reason = f"it has {_counted(len(cells), 'cell')}, but there are {_counted(len(self.names), 'column')}"
            raise Unusable(reason, missing=missing if missing > 0 else None)
        return cells

    def _taken_apart(self, text):
        if '"' not in text:
            return text.split(self._mark)
        for spelling in (text, re.sub(rf'" +(?={self._mark}|$)', '"', text)):  # blanks after quotes are forgiven
            try:
                return next(csv.reader([spelling], delimiter=self._mark, strict=True))
            except csv.Error:
                continue
        raise Unusable("its quotes do not fit", missing=None)

    def read(self, cell):
        """The array in a cell."""
        return read_cell(cell)

    def records(self, block):
        """The values of each row, for another format of text."""
        return [list(map(spelled, cells)) for cells in self._cells(block)]

    def typed(self, block):
        """The same for a format that has types: 007 may be no number."""
        return [[cell or None for cell in cells] for cells in self._cells(block)]

    def _cells(self, block):
        return (self._taken_apart(text.decode(errors="surrogateescape")) for text in block.rows.texts)

    def numbers(self, rows):
        """The values of the columns that are used, by place."""
        found = fast.numbers(rows, self.separator, len(self.names), self.shapes)
        if found is None:
            columns = self._columns([text.decode(errors="surrogateescape") for text in rows.texts])
            found = {place: plain.numbers(column, self.shapes[place]) for place, column in columns.items()}
        return found

    def _columns(self, texts):
        """The cells of the columns that are used, by place; empty ones where a row cannot be taken apart."""
        width = len(self.names)
        if not any('"' in text for text in texts) and all(text.count(self._mark) == width - 1 for text in texts):
            cells = self._mark.join(texts).split(self._mark)
            return {place: cells[place::width] for place in self.shapes}
        rows = self._all_cells(texts)
        return {place: [row[place] if row else "" for row in rows] for place in self.shapes}

    def _all_cells(self, texts):
        """The cells of each row; None for one that cannot be taken apart."""
        try:
            rows = list(csv.reader(texts, delimiter=self._mark, strict=True))
            if len(rows) == len(texts) and all(len(row) == len(self.names) for row in rows):
                return rows
        except csv.Error:
            pass
        return list(map(self._cells_or_none, texts))

    def _cells_or_none(self, text):
        try:
            return self.split(text.encode(errors="surrogateescape"))
        except Unusable:
            return None


def _counted(count, what):
    return f"{count} {what}{'s' * (count != 1)}"
