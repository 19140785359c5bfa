"""Stretches of a large file, which can be answered apart from each other."""

from itertools import pairwise
from typing import NamedTuple

from .lines import LONGEST

SIZE = 1 << 24  # bytes of a file in a stretch: it takes some tenths of a second, and to begin with one a few hundredths
_MOST = 1 << 21  # rows, where they are so small that more would fit


class Stretch(NamedTuple):
    """Some rows of a file, one after the other.

    start   the place of the first one: its number from 0, or in text that of its first byte
    stop    the place after the last one
    number  of the first row, or in text of its line, as it is told
    share   of the file
    """

    start: int
    stop: int
    number: int
    share: float


def of_rows(count, size):
    """Stretches of a file of so many rows and bytes, in each of them equally many."""
    length = max(1, min(-(-count // max(1, size // SIZE)), _MOST))
    places = [*range(0, count, length), count]
    return [Stretch(start, stop, start + 1, (stop - start) / count) for start, stop in pairwise(places)]


def of_lines(path, size, is_quoted):
    """Stretches of a text of so many bytes; none where cells may be in quotes, and some are: lines may end in them."""
    found, start, number = [], 0, 1
    with open(path, "rb") as file:  # noqa: PTH123
        while lines := file.read(SIZE) + file.readline(LONGEST):
            if is_quoted and b'"' in lines:
                return []
            found.append(Stretch(start, start + len(lines), number, len(lines) / size))
            start, number = start + len(lines), number + lines.count(b"\n")
    return found
