"""Rows where a program may not hold, because something in it is not finite: answered in groups.

What a derivative is at a pole, beyond the end of a function or at a missing number is decided by which values are zero,
not finite or not true (see the strong zero in DESIGN's promises, and `undefined` in engine/trouble.py), and not by how
large the others are. So rows that agree in all of these are answered alike: two of them are asked one by one, and where
both say the same about the program's answers, this goes for all. Where an infinity takes the place of an answer, they
have to agree in all signs, too.

Where a series leaves the range of numbers, size matters, too: those below the smallest normal number have lost digits,
which they have where the series is scaled.
"""

from typing import NamedTuple

import numpy as np

from .engine import batch
from .engine.program import Program
from .errors import AdiffError

_FEW = 4  # rows that are asked one by one without more ado
_MOST = 1 << 14  # rows at once
_ENTRIES = 1 << 22  # of all lines in these rows
_PARTS = 8  # that rows are split into where something cannot be computed for all of them
_WIDEST = 1 << 16  # entries of all lines
_NEGATIVE = 5  # what is added to the class of negative numbers
_CLOSE = 1e-9  # rounding apart, two answers are one or they have nothing in common


class Case(NamedTuple):
    """What is asked, and of what.

    program  as it was recorded
    points   arrays in the order of its inputs, those that are `rowed` with rows
    ask      ask(row): the answer at one row, a list of arrays; AdiffError where there is none
    found    the arrays of all rows to write answers to
    ranged   whether rows in which a number has lost digits are to be asked one by one
    """

    program: Program
    points: list
    rowed: list
    ask: object
    found: list
    ranged: bool


def settled(case, rows):
    """Answer rows of a Case in groups, as far as that goes; the numbers of those that are left."""
    widths = sum(np.size(part) for line in case.program.lines for part in _parts(line.value))
    if len(rows) <= _FEW or widths > _WIDEST:
        return rows
    most = min(_MOST, _ENTRIES // max(widths, 1))
    chunks = [rows[k : k + most] for k in range(0, len(rows), most)]
    return np.concatenate([_settled(case, chunk) for chunk in chunks])


def _settled(case, rows):
    program, rowed = case.program, case.rowed
    whole = Program(program.inputs, [*program.inputs, *program.lines])
    at = [p[rows] if has_rows else p for p, has_rows in zip(case.points, rowed, strict=True)]
    try:
        with np.errstate(all="ignore"):
            values = batch.run(whole, at, rowed)
    except (ArithmeticError, ValueError, TypeError, np.linalg.LinAlgError):
        if len(rows) <= _FEW:
            return rows
        parts = np.array_split(rows, _PARTS)  # it may be one row that spoils the others
        return np.concatenate([_settled(case, part) for part in parts if len(part)])
    known = dict(zip(whole.outputs, values, strict=True))
    answers = [known.get(o, (o, False)) if hasattr(o, "rule") else (o, False) for o in program.outputs]
    answers = [a if has_rows else np.broadcast_to(a, (len(rows), *np.shape(a))) for a, has_rows in answers]
    moving = [part.reshape(len(rows), -1) for value, has_rows in values if has_rows for part in _parts(value)]
    lost = np.any([_lost(part) for part in moving], axis=0) if case.ranged else np.zeros(len(rows), bool)
    left = np.flatnonzero(~lost)
    for signed in (True,) if case.ranged else (False, True):
        groups = [left[group] for group in _groups([part[left] for part in moving], signed)]
        unanswered = [group for group in groups if not _answer(case, group, rows, answers, signed)]
        left = np.concatenate([left[:0], *unanswered])
    return np.sort(rows[np.concatenate([np.flatnonzero(lost), left])])


def _lost(value):
    """For each row whether some number has lost digits."""
    if value.dtype.kind not in "fc":
        return np.zeros(len(value), bool)
    return ((np.abs(value) < np.finfo(value.dtype).tiny) & (value != 0)).any(1)


def _groups(values, signed):
    """Numbers of rows with equal signatures."""
    groups = {}
    for k, signature in enumerate(np.concatenate([_class(part, signed) for part in values], axis=1)):
        groups.setdefault(signature.tobytes(), []).append(k)
    return map(np.array, groups.values())


def _class(value, signed):
    """For each number what is looked at: 0 or not, true or not, nan, inf or -inf; and its sign."""
    found = (value != 0).astype(np.uint8)
    if value.dtype.kind not in "fc":
        return found
    found[np.isnan(value)] = 2
    if value.dtype.kind == "f":
        found[np.isposinf(value)], found[np.isneginf(value)] = 3, 4
        found += (signed & np.signbit(value) & (found != 2)) * np.uint8(_NEGATIVE)
    return found


def _answer(case, group, rows, answers, signed):
    """Answer a group; whether that went well."""
    if len(group) <= _FEW:
        return False
    try:
        said = [_compared(case.ask(rows[k]), [a[k] for a in answers], signed) for k in (group[0], group[-1])]
    except AdiffError:
        return False
    first, last = said
    if first is None or last is None or not all(map(_same, first, last)):
        return False
    for array, answer, (agrees, instead) in zip(case.found, answers, first, strict=False):
        array[rows[group]] = np.where(agrees, answer[group], instead)
    return True


def _compared(exact, answers, signed):
    """For each answer where the program's is right, and what stands elsewhere, which is no matter of size or sign."""
    found = []
    for right, computed in zip(exact, answers, strict=False):
        agrees = np.isclose(right, computed, rtol=_CLOSE, atol=0, equal_nan=True)
        if np.any(~agrees & (np.isfinite(right) if signed else ~np.isnan(right)) & (right != 0)):
            return None
        found.append((agrees, np.where(agrees, 0.0, right)))
    return found


def _same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def _parts(value):
    return value if isinstance(value, tuple) else (value,)
