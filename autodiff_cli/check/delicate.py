"""Rows in which a target stands at a kink or at the edge of a choice, where there may be no derivative."""

import numpy as np

from ..engine import batch
from ..engine.batchbook import aligned
from ..engine.program import Line, Program, between
from .edges import at_edge, choices

_AT_ONCE = 1 << 20  # numbers


class Delicate:
    """Finds such rows.

    recorded   the target at any point
    wrt        the names that derivatives are taken by
    """

    def __init__(self, recorded, wrt):
        self._names, self._lines = list(recorded.inputs), _lines(recorded, wrt)
        outputs = dict.fromkeys(part for line in self._lines for part in (line, *line.operands) if type(part) is Line)
        self._program = Program(recorded.inputs.values(), list(outputs))
        widths = [np.size(part) for line in self._program.lines for part in _parts(line.value)]
        self._step = max(1, _AT_ONCE // max(1, sum(widths)))

    def rows(self, points, constants):
        """Which rows they are: a truth value for each.

        points      arrays with rows, by name
        constants   arrays that are the same for all rows, by name
        """
        count = len(next(iter(points.values())))
        found = np.zeros(count, bool)
        for start in range(0, count if self._lines else 0, self._step):
            chunk = slice(start, start + self._step)
            arrays = [points[name][chunk] if name in points else constants[name] for name in self._names]
            found[chunk] = self._rows(arrays, len(found[chunk]))
        return found

    @np.errstate(all="ignore")
    def _rows(self, arrays, count):
        rowed = [len(np.shape(a)) > np.ndim(line.value) for a, line in zip(arrays, self._program.inputs, strict=True)]
        try:
            values = batch.run(self._program, arrays, rowed)
        except (ArithmeticError, ValueError, TypeError, np.linalg.LinAlgError):
            return np.ones(count, bool)  # one row may spoil the others
        known = dict(zip(self._program.outputs, values, strict=True))
        return np.logical_or.reduce([_at_one(line, known, count) for line in self._lines])


def _lines(recorded, wrt):
    """The lines that may stand at a kink or an edge."""
    if type(recorded.output) is not Line:
        return []
    moving = between([recorded.output], [recorded.inputs[name] for name in wrt])
    return [line for line in moving if line.rule.kink is not None] + choices(recorded, wrt)


def _at_one(line, known, count):
    """In which rows a line stands at a kink or an edge."""
    pairs = [known[part] if type(part) is Line else (part, False) for part in (line, *line.operands)]
    parts, rowed = zip(*pairs, strict=True)
    if not any(rowed):
        return np.full(count, np.any(_test(line, parts)))
    if line.rule.kind in ("elementwise", "constant"):
        found = np.asarray(_test(line, aligned(parts, rowed)))
        return found.any(axis=tuple(range(1, found.ndim)))
    rows = ([_row(part, k) if has_rows else part for part, has_rows in pairs] for k in range(count))
    return np.array([np.any(_test(line, row)) for row in rows])


def _test(line, parts):
    """Where a line stands at a kink or an edge, from its value and its operands."""
    value, *operands = parts
    if line.rule.kink is not None:
        return line.rule.kink[0](value, *operands, **line.params)
    return at_edge(line.rule.name, operands)


def _row(value, k):
    return tuple(part[k] for part in value) if isinstance(value, tuple) else value[k]


def _parts(value):
    return value if isinstance(value, tuple) else (value,)
