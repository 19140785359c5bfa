"""What stands in a cell of a trace: numbers of six digits, and arrays no longer than a cell."""

from itertools import product
from typing import NamedTuple

import numpy as np

from ...language.mismatches import shape_text
from ..numbers import array_text, cells

_DIGITS = 6
_FEW_DIGITS = 3  # of each entry, where an array would be too long with more; unless digits are asked for
_MOST = 16  # entries of an array that is written out
_MOST_ROWS = 6  # of a matrix that is written out
_LONGEST_OPERATION = 22


class Flow(NamedTuple):
    """What flows through a trace, back to the inputs or on from them.

    word    what a node has of it
    terms   what flows between nodes, as a field of one and as the head of a column
    """

    word: str
    terms: str

    @property
    def title(self):
        return self.terms.replace("_", " ")

    def of(self, node, write):
        """What the node has, by a function that writes an array; nothing where nothing flows."""
        array = getattr(node, self.word)
        return "" if array is None else write(array)

    def between(self, node, style, room):
        """What flows between the node and those that it is made of: texts by their names, numbers with a sign."""
        return {name: _signed(brief(part, style, room)) for name, part in getattr(node, self.terms).items()}


def flow(report):
    """Tangents where the point moves, else adjoints."""
    moves = report.nodes[-1].tangent is not None
    return Flow("tangent", "from_inputs") if moves else Flow("adjoint", "to_inputs")


def brief(array, style, room):
    """A number, or an array within `room` characters: in full, or its ends and its shape."""
    array = np.asarray(array)
    tries = _tries(style)
    if array.ndim == 0:
        return cells(array, tries[0])[0]
    if array.size == 0:
        return array_text(array)
    writings = [_nested(array, digits) for digits in tries if array.size <= _MOST]
    writings += [_ends(array, count, digits) for count, digits in product((2, 1), tries)]
    writings += [_ends(array, 1, tries[-1], last=False)]
    return next((text for text in writings if len(text) <= room), writings[-1])


def in_rows(array, style, room):
    """The same for a cell of several lines: a matrix in rows, where it has few."""
    if np.ndim(array) == 2 and 1 < len(array) <= _MOST_ROWS:
        for digits in _tries(style):
            text = array_text(array, digits, 0, 0)
            if max(map(len, text.split("\n"))) <= room:
                return text
    return brief(array, style, room)


def operation(node):
    """The operation, cut where it is long."""
    return node.op if len(node.op) <= _LONGEST_OPERATION else f"{node.op[: _LONGEST_OPERATION - 3]}..."


def _tries(style):
    """The digits with which an array is written, the first that give it room."""
    return (style.digits,) if style.digits else (_DIGITS, _FEW_DIGITS)


def _signed(text):
    return f"+{text}" if text[0].isdigit() else text


def _nested(array, digits):
    if array.ndim == 1:
        return f"[{', '.join(cells(array, digits))}]"
    return f"[{', '.join(_nested(part, digits) for part in array)}]"


def _ends(array, count, digits, last=True):
    """`[1, 2, ..., 9] (9)`: the first entries, the last one unless there is no room, and the shape."""
    first, rest = cells(array.flat[:count], digits), ["...", *(cells(array.flat[-1], digits) if last else [])]
    inside = ", ".join(first + rest if array.size > count else first)
    return f"{'[' * array.ndim}{inside}{']' * array.ndim} {shape_text(array.shape)}"
