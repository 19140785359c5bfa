"""Functions of Python at many points: a program for each way that their code goes.

A row belongs to a way if everything that decides about it is as it was where the way was recorded. What is recorded at
one row is trusted when two others of the same way give the same lines, and the answers of the program are those that
they have one by one. Where the function may depend on more than its arguments, no way is trusted.
"""

import numpy as np

from .engine.decisions import agreement, alike
from .engine.program import Line, Program
from .engine.recording import TooLong
from .engine.run import Rows
from .errors import AdiffError

_WORTH = 32  # rows that are worth a program
_TRIES = 8  # recordings from which nothing came, until no more are made for some time
_MOST = 64  # ways that are kept
_MANY = 1000  # rows of which one is asked as well, and after which a recording may be tried again
_CLOSE = 1e-9  # rounding apart, answers are equal


class Branches:
    """The ways of a function that a Runner met.

    runner  whose questions are answered
    looks   whether somebody wants to know of kinks
    """

    def __init__(self, runner, looks):
        self.runner, self.target, self.looks = runner, runner.target, looks
        self.ways, self.met, self.failures = [], 0, 0
        self.state, self.is_doubted = None, False

    def answer(self, arrays, found, kinks):
        """Answer the rows that can be; the numbers of those that are to be asked one by one."""
        rows = np.arange(len(found[0]))
        self.met += len(rows)
        if self.is_doubted or len(rows) < _WORTH:
            return rows
        try:
            self._check_state()
            return np.sort(np.concatenate(list(self._left(arrays, rows, (found, kinks)))))
        except _Doubt:
            self.ways, self.is_doubted = [], True
            if kinks is not None:
                kinks[:] = False
            return rows

    def _check_state(self):
        """Raise _Doubt unless all that the function depends on is known, and what it was."""
        state = self.target.state()
        self.state = state if self.state is None else self.state
        if state is None or state != self.state:
            raise _Doubt

    def _left(self, arrays, rows, into):
        """Answer rows way by way; the numbers of those that are left."""
        for way in self.ways:
            rows, own = way.parted(arrays, rows)
            yield way.answer(arrays, own, into)
        while len(rows) >= _WORTH and len(self.ways) < _MOST and self.failures < _TRIES + self.met // _MANY:
            first, rows = rows[:1], rows[1:]
            yield first
            route = self._route(arrays, first[0])
            way = route and _Way(self.runner, route, arrays, first[0])
            rows, own = way.parted(arrays, rows) if way else (rows, rows[:0])
            if way and self._is_sure(way, arrays, own):
                self.ways.append(way)
                yield way.answer(arrays, own, into)
            else:
                self.failures += 1
                yield own
        yield rows

    def _is_sure(self, way, arrays, rows):
        """Whether a Way of some rows has a program, which is right; not where there are few of them."""
        others = _others(arrays, way.row, rows) if len(rows) >= _WORTH else []
        routes = {k: route for k in others if (route := self._route(arrays, k)) is not None}
        if not all(_are_alike(way.route, route) for route in routes.values()):
            raise _Doubt
        if routes and way.take_plan([way.route, *routes.values()], arrays, self.looks):
            way.check(arrays, list(routes))
            return True
        return False

    def _route(self, arrays, k):
        """The Route of a row, which changed nothing but its arguments; None where it cannot be followed to others."""
        row = {**self.runner.constants, **{name: array[k] for name, array in arrays.items()}}
        try:
            route = self.target.route(row, self.runner.wrt or tuple(row))
        except AdiffError:
            return None
        finally:
            self._check_state()
        return route if arrays.keys() & route.recorded.inputs.keys() else None


class _Way:
    """What a function computes for all rows that decide alike.

    route  the Route of one of them, which is row k
    plan   the program of the question on this way, once it is known
    """

    def __init__(self, runner, route, arrays, k):
        self.runner, self.route, self.row, self.plan = runner, route, k, None
        self.inputs = route.recorded.inputs
        self.flags = [name in arrays for name in self.inputs]
        same = agreement(route.decisions)
        self.condition = _Exactly(Program(self.inputs.values(), [same]), self.flags) if type(same) is Line else None

    def parted(self, arrays, rows):
        """(the rows that go another way, those that go this one)."""
        fits = np.ones(len(rows), bool)
        for name, value in self.route.fixed.items():
            if name in arrays:
                fits &= np.all(arrays[name][rows] == value, axis=tuple(range(1, arrays[name].ndim)))
        if self.condition is not None and fits.any():
            fits[fits] = self._agree(_taken(arrays, rows[fits]))
        return rows[~fits], rows[fits]

    def _agree(self, arrays):
        """For each row whether all is decided as it was."""
        truth = np.zeros(_count(arrays), bool)
        points = [arrays[name] if name in arrays else self.runner.constants[name] for name in self.inputs]
        doubtful = self.condition(points, [truth], self.runner.jobs)
        truth[doubtful] = False
        return truth

    def take_plan(self, routes, arrays, looks):
        """Find a plan among those of the same way that is finite where it was recorded; whether there is one."""
        wrt = self.runner.wrt or tuple(self.inputs)
        try:
            plans = (self.runner.planned(route.recorded, wrt, arrays, looks) for route in routes)
            self.plan = next((plan for plan in plans if plan.is_finite), None)
        except (AdiffError, TooLong):
            return False
        return self.plan is not None

    def answer(self, arrays, rows, into):
        """Answer rows of this way; the numbers of those for which the program does not hold.

        into  the arrays of all rows for the answers, and that for kinks
        """
        found, kinks = into
        parts, near, left = self._answers(arrays, rows)
        for array, part in zip(found, parts, strict=True):
            array[rows] = part
        if kinks is not None:
            kinks[rows] = near
        if len(rows) >= _MANY:
            self.check(arrays, rows[-1:])
        return rows[left]

    def _answers(self, arrays, rows):
        """(the answers of rows, which of them are at kinks, and those places that have none)."""
        some = _taken(arrays, rows)
        parts, near = self.plan.empty(some), np.zeros(len(rows), bool) if self.plan.kinked else None
        return parts, near, self.runner.run(self.plan, some, parts, near) if len(rows) else rows

    def check(self, arrays, rows):
        """Raise _Doubt unless the answers of rows are those that they have one by one."""
        parts, _, left = self._answers(arrays, np.asarray(rows))
        for k in set(range(len(rows))).difference(left):
            try:
                right = self.runner.at({name: array[rows[k]] for name, array in arrays.items()})
            except AdiffError:
                raise _Doubt from None
            if not all(_is_close(part[k], exact) for part, exact in zip(parts, right.values(), strict=True)):
                raise _Doubt


class _Exactly(Rows):
    """A program over rows without cheaper lines: decisions may hang on the last bit."""

    def __init__(self, program, rowed):
        self.program, self.rowed, self.ranged = program, rowed, False
        self.cheap = self.exact


class _Doubt(Exception):
    """The function may depend on more than its arguments."""


def _are_alike(one, other):
    outputs = [[route.recorded.output, *route.decisions] for route in (one, other)]
    return list(one.decisions.values()) == list(other.decisions.values()) and alike(*outputs)


def _others(arrays, k, rows):
    """Up to three of some rows, not side by side, that are not as row k is."""
    unlike = np.any([(a[rows] != a[k]).reshape(len(rows), -1).any(1) for a in arrays.values()], 0)
    unlike = rows[unlike]
    return unlike[[0, len(unlike) // 2, -1]].tolist() if len(unlike) > 2 else []


def _taken(arrays, rows):
    """Some rows of arrays, in order; the arrays themselves where these are all."""
    return arrays if len(rows) == _count(arrays) else {name: array[rows] for name, array in arrays.items()}


def _count(arrays):
    return min(map(len, arrays.values()))


def _is_close(computed, exact):
    scale = np.max(np.abs(exact), initial=0, where=np.isfinite(exact))
    return np.allclose(computed, exact, rtol=_CLOSE, atol=_CLOSE * scale, equal_nan=True)
