"""From rows to rows: each block read, answered and written, and what was odd counted."""

import numpy as np

from .ahead import ahead
from .blocks import nonfinite
from .trouble import BadRow, Unusable

_MOST_NUMBERS = 1 << 20  # results that are held at once


class Odd:
    """Rows that were odd in one way: how many, and of the first where it is and what is to be said of it."""

    def __init__(self):
        self.count, self.first = 0, None

    def add(self, places, told):
        """Count rows; told(place) is where one is and what is to be said of it."""
        if self.first is None and len(places):
            self.first = told(places[0])
        self.count += len(places)

    def join(self, other):
        """Count the rows of another."""
        self.first = self.first or other.first
        self.count += other.count


class Run:
    """Rows answered by a Runner, as they come.

    slots      by variable: from which columns it is made
    on_error   what becomes of a bad row: stop, null or skip
    strict     whether a row whose results are not finite is bad
    rows       how many there were
    bad        Odd, what is said being Unusable
    nonfinite  Odd, what is said being the point
    warned     Odd, the same of rows of which a report warns in another way, as at kinks
    """

    def __init__(self, reader, slots, runner, writer, *, on_error="stop", strict=False):
        self.reader, self.slots, self.runner, self.writer = reader, slots, runner, writer
        self.on_error, self.strict = on_error, strict
        self.rows, self.bad, self.nonfinite, self.warned = 0, Odd(), Odd(), Odd()

    def __call__(self, after_block):
        """Answer all rows; `after_block` is called after each block. Raises BadRow where a row ends the run."""
        results = self.writer.results
        self.reader.expect([result.name for result in results], self.writer.is_closed)
        self.reader.keep_to(_MOST_NUMBERS // (1 + sum(result.size for result in results)))
        for block in ahead(self.reader, self.reader.source.may_wait):
            self._answer(block)
            after_block()

    def _answer(self, block):
        points = {name: slot.array(block.cells) for name, slot in self.slots.items()}
        arrays, warned = self._results(points, block)
        odd = [place for place in nonfinite(arrays) if place not in block.bad]
        if self.strict:
            block.bad.update((place, Unusable("its results are not finite")) for place in odd)
        end = next((place for place in sorted(block.bad) if self._ends(block.bad[place])), len(block.rows))
        self._count(block, points, odd, warned, end)
        self._write(block, arrays, end)
        if end < len(block.rows):
            raise self._error(self._where(block, end), block.bad[end])

    def _results(self, points, block):
        """(the results of all rows, nan in those that are bad; the places of rows that have to be warned of).

        Rows that turn out to have no answer become bad.
        """
        count, errors = len(block.rows), {}
        good = [place for place in range(count) if place not in block.bad] if block.bad else range(count)
        warned = np.zeros(len(good), bool)
        if len(good) == count:
            arrays = self.runner(points, errors, warned)
        else:
            arrays = [np.full((count, *result.shape), np.nan) for result in self.writer.results]
            found = self.runner({name: array[good] for name, array in points.items()}, errors, warned) if good else ()
            for array, part in zip(arrays, found, strict=False):
                array[good] = part
        block.bad.update((good[k], Unusable(error.message)) for k, error in errors.items())
        return arrays, np.asarray(good)[np.flatnonzero(warned)] if warned.any() else ()

    def _ends(self, why):
        """Whether a bad row ends the run."""
        return self.on_error == "stop" or (self.on_error == "null" and why.missing is None)

    def _count(self, block, points, odd, warned, end):
        def at(place):
            return self._where(block, place), {name: array[place] for name, array in points.items()}

        self.rows += end
        bad = [place for place in sorted(block.bad) if place < end]
        self.bad.add(bad, lambda place: (self._where(block, place), block.bad[place]))
        for kind, places in ((self.nonfinite, odd), (self.warned, warned)):
            if block.bad:
                places = [place for place in places if place < end and place not in block.bad]
            kind.add(places, at)

    def _write(self, block, arrays, end):
        """Write the rows before a place: without results where they are bad, or not at all where these are skipped."""
        skipped = block.bad if self.on_error == "skip" else ()
        if skipped or end < len(block.rows):
            kept = [place for place in range(end) if place not in skipped]
            block, arrays = block.take(kept), [array[kept] for array in arrays]
        if len(block.rows):
            self.writer.write(block, arrays, block.bad)

    def _error(self, where, why):
        help = "--on-error skip leaves such rows out"
        if why.missing is not None:
            help = "--on-error null leaves the results of such rows empty, --on-error skip leaves the rows out"
        return BadRow("bad-row", described(where, why), help=help)

    def _where(self, block, place):
        return f"{self.reader.unit} {block.rows.numbers[place]}"


def described(where, why):
    """What is wrong with a row."""
    column = "" if why.column is None else f", column {why.column}"
    return f"{where}{column}: {why.reason}"
