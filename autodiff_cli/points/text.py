"""What the readers of text share: whole blocks are read at once, and what is odd in them again, with care."""

from contextlib import suppress
from itertools import chain

from ..language.mismatches import shape_text
from .blocks import Block, nonfinite
from .lines import Cutter
from .stretches import of_lines
from .trouble import Unusable

_ENOUGH = 1000  # rows that are asked for the shape of a cell


class TextReader:
    """Rows of text. Kinds of it have

    split(text)          the cells of a row, in the order of names; raises Unusable
    read(cell)           the array that a cell holds; raises Unusable
    numbers(rows)        the values of the columns that are used, by place, nan where they must be read with care
    records(block)       the values of all columns, for another format of text
    typed(block)         the same for a format that has types; a cell of a table is a text

    names      of the columns
    results    names of the results, which must not be among the keys of a row
    is_closed  whether a row must not have other keys than the first
    end        of the first line
    """

    unit = "line"

    def __init__(self, source, format, separator=None):
        self.source, self.name, self.format = source, source.name, format
        self._separator = separator
        self._begin(1)
        first = self._peek()
        self.names, self.shapes, self.end = [], {}, b"\n" if first is None else first.end
        self.results, self.is_closed, self._count = frozenset(), False, 1

    def _begin(self, number):
        self._blocks = filter(len, Cutter(self.source, self._separator, number))

    def stretches(self):
        """The Stretches of the file; none where it has to be read from its beginning."""
        return of_lines(self.source.path(), self.source.size, self._separator is not None)

    def only(self, stretch):
        """Read a Stretch, and nothing else."""
        self.source.only(stretch.start, stretch.stop)
        self._begin(stretch.number)

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
        found = self._shapes([place for place in places if place not in known], dict(known))
        self.shapes = {place: found.get(place, ()) for place in places}
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

    def _shapes(self, places, found):
        """Shapes by place: those that are found already, and others as far as the first rows tell them."""
        for text in self.first_texts():
            if not places:
                break
            with suppress(Unusable):
                row = self.split(text)
                for place in places:
                    with suppress(Unusable):
                        found[place] = self.read(row[place]).shape
                places = [place for place in places if place not in found]
        return found

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
