"""Bytes to rows of text: whole ones, in blocks, with the numbers of their lines."""

import re
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..errors import AdiffError

_LARGEST = 1 << 21  # bytes of a block: larger ones are no faster
_SMALLEST = 1 << 16
MARK = b"\xef\xbb\xbf"  # the byte order mark that some programs put before UTF-8
_LF, _CR = b"\n\r"
LONGEST = 1 << 28  # bytes of one row
_CLOSING = re.compile(rb'[^"]*(?:""[^"]*)*"(?!")')


class Row(NamedTuple):
    """A row of text, the number of the line on which it begins, and how its line ends."""

    number: int
    text: bytes
    end: bytes


class Rows:
    """Some rows of text whose lines end alike.

    numbers  of the lines on which they begin
    end      of their lines: b"\\n" or b"\\r\\n"
    texts    of the rows, without their ends
    data     the rows with their ends, as they came; None where rows hold line ends, or do not stand together
    lines    the texts as `fast` has them, where it made them when it read the numbers
    """

    lines = None

    def __init__(self, numbers, end, data=None, texts=None):
        self.numbers, self.end, self.data = numbers, end, data
        if texts is not None:
            self.texts = texts

    def __len__(self):
        return len(self.numbers)

    @cached_property
    def texts(self):
        return self.data.split(self.end)[:-1]

    def head(self, count):
        """The texts of the first rows."""
        return self.texts[:count] if self.data is None else self.data.split(self.end, count)[: min(count, len(self))]

    def part(self, start, stop):
        """Those between two places."""
        numbers = self.numbers[start:stop]
        if self.data is None:
            return Rows(numbers, self.end, texts=self.texts[start:stop])
        return Rows(numbers, self.end, data=self.data[self._starts[start] : self._starts[stop]])

    def parts(self, count):
        """All of them, at most so many at once."""
        if len(self) <= count:
            return [self]
        return (self.part(start, min(start + count, len(self))) for start in range(0, len(self), count))

    @cached_property
    def _starts(self):
        return [0, *(np.flatnonzero(np.frombuffer(self.data, np.uint8) == _LF) + 1).tolist()]

    def take(self, places):
        """Some of them, by their places."""
        return Rows([self.numbers[i] for i in places], self.end, texts=[self.texts[i] for i in places])


class Cutter:
    """The rows of a source, in blocks: large ones of a file; of a pipe small ones while rows come slowly.

    separator  of cells, where a line may end within a cell in quotes; else None
    number     of the first line
    """

    def __init__(self, source, separator=None, number=1):
        self.source, self.separator = source, separator
        if separator is not None:
            cell = rb'(?:"[^"]*"|[^"%b]*)' % separator
            self._usual = re.compile(rb"%b(?:%b%b)*" % (cell, separator, cell))  # most rows with quotes
        self._size, self._number = _SMALLEST if source.may_wait else _LARGEST, number

    def __iter__(self):
        rest = b""
        for text, is_last in self._texts():
            text = rest + text
            plain = self._plain(text)
            if plain is not None:
                rest = b""
                yield plain
            else:
                rows, rest = self._careful(text, is_last)
                self._check_length(len(rest))
                for end, alike in groupby(rows, lambda row: row.end):
                    numbers, texts, _ = zip(*alike, strict=True)
                    yield Rows(numbers, end, texts=list(texts))

    def _texts(self):
        """(whole lines, whether they are the last ones)"""
        held, end, mark = [], b"\n", MARK
        while data := self.source.read(self._size):
            if len(data) >= self._size:
                self._size = min(4 * self._size, _LARGEST)
            data, mark = data.removeprefix(mark), b""
            cut = data.rfind(b"\n") + 1
            if cut:
                text = b"".join([*held, data[:cut]])
                end = b"\r\n" if text.endswith(b"\r\n") else b"\n"
                yield text, False
                held = []
            held.append(data[cut:])
            self._check_length(sum(map(len, held)))
        last = b"".join(held)
        yield last.removesuffix(b"\r") + end if last else b"", True

    def _check_length(self, length):
        if length > LONGEST:
            message = f"the row that begins on line {self._number} of {self.source.name} is longer than 256 MB"
            help = "is it text?  its lines must end, and its quotes be closed"
            raise AdiffError("row-too-long", message, help=help)

    def _plain(self, text):
        """A text as Rows, if each of its lines is a row and all end alike; else None."""
        if self.separator and b'"' in text:
            return None
        characters = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero(characters == _LF)
        returns = characters[ends - 1] == _CR  # before the first of all is the last, which is LF
        lengths = np.diff(ends, prepend=-1) - returns
        if np.any(lengths < 2) or np.any(returns) != np.all(returns):
            return None
        first = self._number
        self._number += len(ends)
        return Rows(range(first, self._number), b"\r\n" if text.endswith(b"\r\n") else b"\n", data=text)

    def _careful(self, text, is_last):
        """(rows, text of a row that goes on) where rows hold line ends, or are blank, or end differently."""
        rows, held, is_open = [], [], False
        for line in text.split(b"\n")[:-1]:
            held.append(line)
            is_open = self.separator is not None and (is_open or b'"' in line) and self._goes_on(line, is_open)
            if not is_open:
                self._add(rows, held)
                held = []
        if is_last and held:
            self._add(rows, held)
            held = []
        return rows, b"".join(line + b"\n" for line in held)

    def _add(self, rows, lines):
        """Append the row that these lines are, unless it is blank."""
        text = b"\n".join(lines)
        if text.strip(b"\r"):
            rows.append(Row(self._number, text.removesuffix(b"\r"), b"\r\n" if text.endswith(b"\r") else b"\n"))
        self._number += len(lines)

    def _goes_on(self, line, is_open):
        """Whether a cell in quotes goes on after a line; `is_open` tells of the line before."""
        if not is_open and self._usual.fullmatch(line):
            return False
        place = 0
        while True:
            if is_open or line.startswith(b'"', place):
                closing = _CLOSING.match(line, place + (not is_open))
                if closing is None:
                    return True
                place, is_open = closing.end(), False
            place = line.find(self.separator, place) + 1
            if not place:
                return False
