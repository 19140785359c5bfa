"""One question asked of a target at many points: rows in, answers out."""

from functools import cached_property

import numpy as np

from .engine.program import Line
from .engine.recording import TooLong
from .engine.run import Rows
from .errors import AdiffError
from .language.shapes import generic
from .language.values import as_floats
from .programs import QUESTIONS, program

_SHIFTS = (0, 1)  # of made-up numbers: those between 0 and 1 suit most functions, but not all
_TRIALS = 3  # rows at which a program may be recorded, where it cannot be at made-up numbers


class Runner:
    """One question asked of a target at many points.

        run = Runner(ad.parse("x^2*y"), "grad", ("x", "y"), {"x": (), "y": ()}, {})
        run.results                             # (("value", ()), (("x",), ()), (("y",), ()))
        run({"x": [1.0, 3.0], "y": [2.0, 4.0]}) # [array([ 2., 36.]), array([ 4., 24.]), array([1., 9.])]

    target      an Expression or a PythonFunction
    question    value, grad, jac, hess, jvp, vjp, hvp, deriv or taylor
    wrt         names of the variables to differentiate by; None for all
    shapes      the shape of one row's value, by the name of each input that has rows
    constants   arrays by name, the same for all rows
    jobs        threads; by default one for each processor where there are enough rows
    seed        that of rand and randn
    details     tangents, cotangent, order or mode: what the question takes, as in the methods of Expression

    The answers of rows are those at one point, to an ulp or some: sums of entries are taken in another order, and a
    product of three numbers from another side. Where they are not finite, they are those at one point.
    Raises AdiffError for what cannot be asked.
    """

    def __init__(self, target, question, wrt, shapes, constants, *, jobs=None, seed=0, **details):
        self.target, self.question, self.wrt = target, QUESTIONS[question], () if question == "value" else wrt
        self.name = question
        self.shapes, self.constants = dict(shapes), {name: as_floats(value) for name, value in constants.items()}
        self.jobs, self.seed, self.details = jobs, seed, details
        self._plans, self._branches = {}, {}

    @cached_property
    def results(self):
        """((key, shape), ...) of what comes out for each row, the value first under the key "value"."""
        made_up = self._made_up({name: np.dtype(float) for name in self.shapes})
        whole = ({n: np.full(shape, k) for n, shape in self.shapes.items()} for k in (1.0, 0.0))  # places of elements
        failures = []
        for point in (*made_up, *whole):
            try:
                return tuple((key, np.shape(array)) for key, array in self.at(point).items())
            except AdiffError as failure:
                failures.append(failure)
        raise failures[0]

    def __call__(self, arrays, errors=None, kinks=None):
        """The answers at the rows of arrays (n, *shape) by name: arrays (n, *shape) in the order of `results`.

        errors   a dict that is filled with the AdiffError of each row that has no answer, by its number; its answers
                 are nan. Without it the first error is raised, with the number of the row as its `row`
        kinks    an array of truth values that is filled with whether a report of each row alone would warn of more
                 than numbers that are not finite: of a kink, mostly. Without it nobody looks
        """
        arrays = {name: as_floats(array) for name, array in arrays.items()}
        plan = self._plan(arrays, looks=kinks is not None)
        if plan is None:
            found = [np.full((_count(arrays), *shape), np.nan) for _, shape in self.results]
            doubtful = self._by_branches(arrays, found, kinks)
        else:
            found = plan.empty(arrays)
            doubtful = self.run(plan, arrays, found, kinks)
        self._ask(arrays, doubtful, found, kinks, errors)
        return found

    def _by_branches(self, arrays, found, kinks):
        """Answer what programs can that hold only at some rows; the numbers of the other rows."""
        if self.target.general:
            return range(_count(arrays))
        from .branches import Branches

        key = _form(arrays, kinks is not None)
        if key not in self._branches:
            self._branches[key] = Branches(self, looks=kinks is not None)
        return self._branches[key].answer(arrays, found, kinks)

    def run(self, plan, arrays, found, kinks):
        """Answer what the program of a plan can; the numbers of the other rows."""
        points = plan.points(arrays, self.constants)
        doubtful = plan.run(points, _beside(found, kinks), self.jobs)
        if kinks is not None:
            near = np.setdiff1d(np.flatnonzero(kinks), doubtful, assume_unique=True)
            doubtful = np.union1d(doubtful, plan.kinked.settle(points, kinks, near))
        if not len(doubtful):
            return doubtful
        from .doubtful import Case, settled

        def ask(row):
            return self._asked(_row(arrays, row), kinks is not None)

        case = Case(plan.program, points, plan.run.rowed, ask, _beside(found, kinks), plan.run.ranged)
        return settled(case, doubtful)

    def at(self, row):
        """The answer at one row, arrays by name: arrays by key."""
        return self._answered(*self._recorded(row))

    def _answered(self, recorded, wrt):
        return {"value": recorded.value, **self.question.answer(recorded, wrt, **self.details)}

    def _asked(self, row, looks):
        """The answer at one row as a list, and if somebody `looks`, whether it has to be warned of."""
        recorded, wrt = self._recorded(row)
        answer = list(self._answered(recorded, wrt).values())
        if not looks:
            return answer
        from .remarks import of_kinks

        kinks = of_kinks(recorded, *self.question.slope(recorded, wrt, **self.details))
        return [*answer, bool(kinks or recorded.remarks)]

    def _recorded(self, row):
        named = self.details.get("tangents", self.details.get("order"))
        scalar = self.name if self.question.scalar else ""
        return self.target.ask({**self.constants, **row}, self.wrt, scalar=scalar, named=named, seed=self.seed)

    def _ask(self, arrays, rows, found, kinks, errors):
        """Answer some rows one by one."""
        for k in rows:
            try:
                answer = self._asked(_row(arrays, k), kinks is not None)
                for array, part in zip(_beside(found, kinks), answer, strict=True):
                    array[k] = part
            except AdiffError as error:
                error.row = int(k)
                if errors is None:
                    raise
                errors[int(k)] = error
                for array in found:
                    array[k] = np.nan

    # --- the program

    def _plan(self, arrays, looks=False):
        """The plan for arrays of these types; None where there is no program that holds at other rows."""
        key = _form(arrays, looks)
        if key not in self._plans and self.target.general:
            try:
                plan = self._recorded_plan({name: array.dtype for name, array in arrays.items()}, arrays, looks)
            except TooLong:
                plan = self._plans[key] = None
            if plan is None:
                return None  # perhaps at later rows
            self._plans[key] = plan
        return self._plans.get(key)

    def _recorded_plan(self, dtypes, arrays, looks):
        """A plan recorded where all is finite: at a pole, derivatives may be the constants that they are only there."""
        count = _count(arrays)
        rows = [_row(arrays, k) for k in range(0, count, max(1, -(-count // _TRIALS)))]
        for point in (*self._made_up(dtypes), *rows):
            try:
                plan = self.planned(*self._recorded(point), arrays, looks)
            except AdiffError:
                continue
            if plan.is_finite:
                return plan
        return None

    def planned(self, recorded, wrt, arrays, looks):
        """The plan of what was recorded, for such arrays. Raises TooLong, where a series is asked."""
        keys = ["value", *self.question.answer(recorded, wrt, **self.details)]
        found = program(self.question, recorded, wrt, **self.details)
        kinked = self._kinked(recorded, wrt, arrays) if looks else None
        return _Plan(found, list(recorded.inputs), arrays, keys, kinked, self.question.series)

    def _kinked(self, recorded, wrt, arrays):
        from .kinked import Kinked

        slope = self.question.slope(recorded, wrt, **self.details)
        return Kinked(recorded, *slope, [name in arrays for name in recorded.inputs])

    def _made_up(self, dtypes):
        """Rows at which nothing special happens."""
        for shift in _SHIFTS:
            draw = np.random.default_rng(self.seed)
            yield {n: (generic(self.shapes[n], draw) + shift).astype(dtype) for n, dtype in dtypes.items()}


class _Plan:
    """A program for rows of one form; `keys` are those of its outputs that are answers, and behind these it tells of
    kinks, where there is a Kinked."""

    def __init__(self, program, names, arrays, keys, kinked, ranged):
        self.program = program if kinked is None else kinked.beside(program, len(keys))
        self.names, self.keys, self.kinked = names, keys, kinked
        self.run = Rows(self.program, [name in arrays for name in names], ranged)

    @property
    def is_finite(self):
        """Whether all is finite where it was recorded."""
        return all(np.isfinite(_value(o)).all() for o in self.program.outputs)

    def points(self, arrays, constants):
        return [arrays[name] if name in arrays else constants[name] for name in self.names]

    def empty(self, arrays):
        """Arrays for the answers; a gradient lies in memory as its variable does."""
        return [self._empty(o, arrays, key) for key, o in zip(self.keys, self.program.outputs, strict=False)]

    def _empty(self, output, arrays, key):
        value, count = np.asarray(_value(output)), _count(arrays)
        dtype = value.dtype if value.dtype.kind == "f" else np.dtype(float)
        like = arrays.get(key[0]) if len(key) == 1 else None
        if like is not None and like.shape == (count, *value.shape):
            return np.empty_like(like, dtype)
        return np.empty((count, *value.shape), dtype)


def _form(arrays, looks):
    """What a plan is made for."""
    return looks, *((name, array.dtype) for name, array in arrays.items())


def _beside(found, kinks):
    return found if kinks is None else [*found, kinks]


def _value(output):
    return output.value if type(output) is Line else output


def _count(arrays):
    return min(map(len, arrays.values()))


def _row(arrays, k):
    return {name: array[k] for name, array in arrays.items()}
