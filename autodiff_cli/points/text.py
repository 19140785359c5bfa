"""What the readers of text share: whole blocks are read at once, and what is odd in them again, with care."""

from itertools import chain

from ..language.mismatches import shape_text
from .blocks import Block, nonfinite
from .lines import Cutter
from .trouble import Unusable

_ENOUGH = 1000  # rows that are asked for the shape of a cell


class TextReader:
    """Rows of text. Kinds of it have

    split(text)          the cells of a row, in the order of names; raises Unusable
    read(cell)           the array that a cell holds; raises Unusable
    numbers(rows)        the values of the columns that are used, by place, nan where they must be read with care
    records(block)       the values of all columns, for another format

    names      of the columns
    results    names of the results, which must not be among the keys of a row
    is_closed  whether a row must not have other keys than the first
    end        of the first line
    """

    unit = "line"

    def __init__(self, source, format, separator=None):
        self.source, self.name, self.format = source, source.name, format
        self.cutter = Cutter(source, separator)
        self._blocks = filter(len, self.cutter)
        first = self._peek()
        self.names, self.shapes, self.end = [], {}, b"\n" if first is None else first.end
        self.results, self.is_closed, self._count = frozenset(), False, 1

    def take_first(self):
        """The text of the first row, which is then no longer among the rows; None where there is none."""
        first = next(self._blocks, None)
        if first is None:
            return None
        self._blocks = filter(len, chain([first.part(1, len(first))], self._blocks))
        return first.head(1)[0]

    def use(self, places, known=()):
        """Choose columns; gives the shapes of their cells: those that are known, and others as the first row that can
        be read has them."""
        known = dict(known)
        self.shapes = {p: known[p] if p in known else self._shape(p, self.first_texts()) for p in places}
        return self.shapes

    def first_texts(self):
        """Some of the next rows, left where they are."""
        first = self._peek()
        return [] if first is None else first.head(_ENOUGH)

    def _peek(self):
        """The next Rows, left where they are; None at the end."""
        first = next(self._blocks, None)
        self._blocks = chain(() if first is None else (first,), self._blocks)
        return first

    def _shape(self, place, texts):
        for text in texts:
            try:
                return self.read(self.split(text)[place]).shape
            except Unusable:
                continue
        return ()

    def expect(self, results, is_closed):
        """Know what a row must not have: keys called like results, and, if closed, keys that the first row lacks."""
        self.results, self.is_closed = frozenset(results), is_closed

    def keep_to(self, count):
        """Give so many rows at once, or fewer."""
        self._count = max(count, 1)

    def close(self):
        """Close the file."""
        self.source.close()

    def __iter__(self):
        for rows in self._blocks:
            yield from map(self.block, rows.parts(self._count))

    def arrays(self, block):
        """The columns that are used as arrays, by name, for a format of arrays."""
        return {self.names[place]: array for place, array in block.cells.items()}

    def block(self, rows):
        """Rows as a Block."""
        cells, bad = self.numbers(rows), {}
        for place in nonfinite(cells.values()):
            try:
                again = self._with_care(rows.texts[place])
            except Unusable as why:
                bad[place] = why
                continue
            for column, value in again.items():
                cells[column][place] = value
        return Block(rows, cells, bad)

    def _with_care(self, text):
        row = self.split(text)
        found = {}
        for place, shape in self.shapes.items():
            try:
                found[place] = self.read(row[place])
                _check_shape(found[place].shape, shape)
            except Unusable as why:
                why.column = self.names[place]
                raise
        return found


def _check_shape(shape, expected):
    if shape != expected:
        raise Unusable(f"this is {_form(shape)}, but in the first row it is {_form(expected)}")


def _form(shape):
    return f"an array of shape {shape_text(shape)}" if shape else "one number"
