"""Rows where a program may not hold, because something in it is not finite: answered in groups.

What a derivative is at a pole, beyond the end of a function or at a missing number is decided by which values are zero,
not finite or not true (see the strong zero in DESIGN's promises, and `undefined` in engine/trouble.py), and not by how
large the others are. So rows that agree in all of these are answered alike: two of them are asked one by one, and where
both say the same about the program's answers, this goes for all.
"""

import numpy as np

from .engine import batch
from .engine.program import Program
from .errors import AdiffError

_FEW = 4  # rows that are asked one by one without more ado
_MOST = 1 << 14  # rows at once
_PARTS = 8  # that rows are split into where something cannot be computed for all of them
_WIDEST = 1 << 12  # entries of all lines
_CLOSE = 1e-9  # rounding apart, two answers are one or they have nothing in common


def settled(program, points, rowed, rows, ask, found):
    """Answer rows in groups, as far as that goes; the numbers of those that are left.

    program  as it was recorded
    points   arrays in the order of its inputs, those that are `rowed` with rows
    ask      ask(row): the answer at one row, a list of arrays; AdiffError where there is none
    found    the arrays of all rows to write answers to
    """
    widths = sum(np.size(part) for line in program.lines for part in _parts(line.value))
    if len(rows) <= _FEW or widths > _WIDEST:
        return rows
    chunks = [rows[k : k + _MOST] for k in range(0, len(rows), _MOST)]
    return np.concatenate([_settled(program, points, rowed, chunk, ask, found) for chunk in chunks])


def _settled(program, points, rowed, rows, ask, found):
    whole = Program(program.inputs, [*program.inputs, *program.lines])
    at = [p[rows] if has_rows else p for p, has_rows in zip(points, rowed, strict=True)]
    try:
        with np.errstate(all="ignore"):
            values = batch.run(whole, at, rowed)
    except (ArithmeticError, ValueError, TypeError, np.linalg.LinAlgError):
        if len(rows) <= _FEW:
            return rows
        parts = np.array_split(rows, _PARTS)  # it may be one row that spoils the others
        return np.concatenate([_settled(program, points, rowed, part, ask, found) for part in parts if len(part)])
    known = dict(zip(whole.outputs, values, strict=True))
    answers = [known.get(o, (o, False)) if hasattr(o, "rule") else (o, False) for o in program.outputs]
    answers = [a if has_rows else np.broadcast_to(a, (len(rows), *np.shape(a))) for a, has_rows in answers]
    left = []
    for group in _groups([v for v, has_rows in values if has_rows], len(rows)):
        if not _answer(group, rows, answers, ask, found):
            left.append(rows[group])
    return np.sort(np.concatenate([np.zeros(0, int), *left]))


def _groups(values, count):
    """Numbers of rows with equal signatures."""
    classes = [_class(part).reshape(count, -1) for value in values for part in _parts(value)]
    signatures = np.ascontiguousarray(np.concatenate(classes, axis=1))
    as_one = signatures.view([("", signatures.dtype)] * signatures.shape[1]).ravel()
    _, group, sizes = np.unique(as_one, return_inverse=True, return_counts=True)
    return np.split(np.argsort(group, kind="stable"), np.cumsum(sizes)[:-1])


def _class(value):
    """For each number what is looked at: 0 or not, true or not, nan, inf or -inf."""
    if value.dtype.kind not in "fc":
        return (value != 0).astype(np.int8)
    found = (value != 0).astype(np.int8)
    found[np.isnan(value)] = 2
    if value.dtype.kind == "f":
        found[np.isposinf(value)], found[np.isneginf(value)] = 3, 4
    return found


def _answer(group, rows, answers, ask, found):
    """Answer a group; whether that went well."""
    if len(group) <= _FEW:
        return False
    try:
        said = [_compared(ask(rows[k]), [a[k] for a in answers]) for k in (group[0], group[-1])]
    except AdiffError:
        return False
    first, last = said
    if first is None or last is None or not all(map(_same, first, last)):
        return False
    for array, answer, (agrees, instead) in zip(found, answers, first, strict=False):
        array[rows[group]] = np.where(agrees, answer[group], instead)
    return True


def _compared(exact, answers):
    """For each answer where the program's is right, and what stands elsewhere: what is no matter of size."""
    found = []
    for right, computed in zip(exact, answers, strict=False):
        agrees = np.isclose(right, computed, rtol=_CLOSE, atol=0, equal_nan=True)
        if np.any(~agrees & np.isfinite(right) & (right != 0)):
            return None
        found.append((agrees, np.where(agrees, 0.0, right)))
    return found


def _same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def _parts(value):
    return value if isinstance(value, tuple) else (value,)
