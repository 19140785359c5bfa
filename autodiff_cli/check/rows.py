"""A check at many points: compared with the derivative block by block, and looked into where they differ."""

from dataclasses import replace

import numpy as np

from ..engine.differences import wide
from ..errors import AdiffError
from ..language.mismatches import shape_text
from ..points.results import named
from ..runner import Runner
from .claims import Formula, Numbers
from .comparison import relative
from .delicate import Delicate
from .edges import of_edges
from .evidence import agrees
from .findings import FAIL, INCONCLUSIVE, PASS
from .running import criterion_of, verdicts
from .samples import KINK, sample

MOST_MEASURED = 1000  # rows that fail, and are compared with differences as well
NUMBERS = {FAIL: 0.0, PASS: 1.0, INCONCLUSIVE: np.nan}  # verdicts as numbers

_OF_QUESTIONS = ("unknown-name", "unbound")  # errors that all rows have


class CheckRunner:
    """A Check at many points, called as a Runner is.

    check      a Check with a value for each variable
    constants  the values that are the same for all rows, by name
    shapes     the shape of one row's value, by the name of each variable that has rows
    jobs       threads, as a Runner has them

    For each claim there are two results: the verdict, 1 for pass, 0 for fail and nan for inconclusive; and the largest
    relative error of a component, nan where it is not known. Where claim and derivative agree, at no kink and no edge,
    that is all. The other rows are checked one by one, with differences and what else belongs to a check; but after
    MOST_MEASURED that failed, where nothing but the claim is in doubt, those that differ fail without more ado. Of a
    function of Python all that differ are checked; but an `if` at whose edge a row stands is no line that would tell.
    Raises AdiffError for what cannot be asked.
    """

    def __init__(self, check, constants, shapes, jobs=None):
        if any(isinstance(claim, Numbers) for claim in check.claims):
            help = "claim a formula, which holds at each row, or a function"
            raise AdiffError("usage", "numbers hold at one point, and not at rows of them", help=help)
        self.check, self.constants = check, constants
        self.failed, self.is_short = 0, False  # how many rows; whether some were not looked into
        at = {name: wide(array) for name, array in constants.items()}
        self._truth = _Truth(check, at, shapes, jobs)
        self._claims = [_Rowed(claim, constants, shapes, jobs) for claim in check.claims]

    def results(self, names, prefix=""):
        """The Results; none may be called like one of the names, or like another."""
        answers = [(key, ()) for key in self.check.keys]
        told = [r._replace(words=tuple(NUMBERS)) for r in named("grad", answers, names, f"{prefix}verdict_")]
        pairs = zip(told, named("grad", answers, names, f"{prefix}rel_"), strict=True)
        return [result for pair in pairs for result in pair]

    def __call__(self, points, errors, kinks=None):
        """Arrays (n,) in the order of the results; `errors` gets the AdiffError of each row that has no answer. Of
        kinks it is the verdicts that tell."""
        true, is_known, is_bent = self._truth(points, errors)
        yours = {}
        for claim in self._claims:
            yours |= claim(points, {key: true[key].shape[1:] for key in claim.keys}, errors)
        found, agree, odd = {}, {}, np.full(len(is_known), self.check.random > 0)
        for key, claimed in yours.items():
            found[key], agree[key], is_odd = self._compared(claimed, true[key], is_known & ~is_bent)
            odd |= is_odd
        odd &= is_known
        is_rough = is_bent | ~_finite(*true.values()) | (not self.check.target.general)
        self._look(points, np.flatnonzero(odd), found, agree, is_rough, errors)
        return [part for key in self.check.keys for part in (found[key], _apart(yours[key], true[key], is_known))]

    def _compared(self, yours, true, is_smooth):
        """(verdicts as far as they are known, which rows agree, which have to be looked at)."""
        if yours.shape != true.shape:
            count = len(true)
            return np.full(count, NUMBERS[FAIL]), np.zeros(count, bool), np.zeros(count, bool)
        agree = _all(agrees(yours, true, *criterion_of(self.check, yours.dtype)))
        passed = agree & is_smooth & _finite(true)
        return np.where(passed, NUMBERS[PASS], NUMBERS[INCONCLUSIVE]), agree, ~passed

    def _look(self, points, rows, found, agree, is_rough, errors):
        """Write the verdicts of rows that have to be looked at."""
        for k in rows:
            if k in errors:
                continue
            if self.failed >= MOST_MEASURED and not (self.check.random or is_rough[k]):
                told, self.is_short = {key: PASS if agree[key][k] else FAIL for key in found}, True
            else:
                told = self._asked(_row(points, k), k, errors)
            self.failed += FAIL in told.values()
            for key, verdict in told.items():
                found[key][k] = NUMBERS[verdict]

    def _asked(self, point, k, errors):
        try:
            return verdicts(replace(self.check, point=self.constants | point))
        except AdiffError as error:
            _note(errors, int(k), error)
            return {}


class _Truth:
    """What is true at many points: called with arrays by name, it gives the derivatives by key, in which rows there is
    a value, and in which the target stands at a kink or an edge."""

    def __init__(self, check, constants, shapes, jobs):
        self.check, self.constants, self._delicate = check, constants, None
        self._runner = Runner(check.target, check.of, check.wrt, shapes, constants, jobs=jobs)
        self._runner.name = "check"  # in messages
        self._shapes = dict(self._runner.results)

    def __call__(self, points, errors):
        if not self.check.target.general:
            return self._one_by_one(points, errors)
        found = dict(zip(self._shapes, self._runner(points, errors), strict=True))
        return found, _finite(found.pop("value")), self._bent(points)

    def _bent(self, points):
        count = _count(points)
        for k in range(count if self._delicate is None else 0):
            try:
                recorded = self.check.target.record(self.constants | _row(points, k), wrt=self.check.wrt)
            except AdiffError:
                continue
            self._delicate = Delicate(recorded, self.check.wrt)
            break
        return self._delicate.rows(points, self.constants) if self._delicate else np.ones(count, bool)

    def _one_by_one(self, points, errors):
        """The same of a function of Python, which may go another way in each row."""
        count = _count(points)
        true = {key: np.full((count, *self._shapes[key]), np.nan) for key in self.check.keys}
        is_known, is_bent = np.zeros(count, bool), np.ones(count, bool)
        for k in range(count):
            try:
                found = sample(self.check, self.constants | _row(points, k))
                for key, array in found.true.items():
                    true[key][k] = _fitting(array, self._shapes[key])
            except AdiffError as error:
                _note(errors, k, error)
                continue
            is_known[k] = np.isfinite(found.recorded.value).all()
            is_bent[k] = found.trouble == KINK or bool(of_edges(found.recorded, self.check.wrt))
        return true, is_known, is_bent


class _Rowed:
    """A claim at many points: called with arrays by name and the shapes of its derivatives in one row, it gives arrays
    by key. What a function returns in another shape is nan."""

    def __init__(self, claim, constants, shapes, jobs):
        self.claim, self.constants, self.keys, self._runner = claim, constants, claim.keys, None
        if isinstance(claim, Formula):
            formula = claim.expression
            names = {*formula.variables, *formula.constants}
            self._rowed = {name: shape for name, shape in shapes.items() if name in names}
            same = {name: array for name, array in constants.items() if name in names}
            self._runner = Runner(formula, "value", None, self._rowed, same, jobs=jobs)

    def __call__(self, points, shapes, errors):
        if self._runner is None:
            return self._one_by_one(points, shapes, errors)
        if self._rowed:
            return {self.keys[0]: self._runner({name: points[name] for name in self._rowed}, errors)[0]}
        (array,) = self.claim.at(self.constants).values()
        return {self.keys[0]: np.broadcast_to(array, (_count(points), *array.shape))}

    def _one_by_one(self, points, shapes, errors):
        found = {}
        for k in range(_count(points)):
            try:
                arrays = self.claim.at(self.constants | _row(points, k))
            except AdiffError as error:
                _note(errors, k, error)
                continue
            for key, array in arrays.items():
                if key not in found:
                    found[key] = np.full((_count(points), *shapes[key]), np.nan, np.result_type(array, np.float32))
                found[key][k] = array if array.shape == shapes[key] else np.nan
        return found or {key: np.full((_count(points), *shapes[key]), np.nan) for key in self.keys}


def _note(errors, k, error):
    """Keep the error of a row, unless it is one of the question."""
    if error.code in _OF_QUESTIONS:
        raise error
    errors[k] = error


def _fitting(array, shape):
    """An array of one row's derivative, which has the shape of that of the others."""
    if array.shape != shape:
        message = f"the derivative has shape {shape_text(array.shape)}, and {shape_text(shape)} at other points"
        raise AdiffError("shape", message)
    return array


def _apart(yours, true, is_known):
    """The largest relative error of each row; nan where it is not known."""
    if yours.shape != true.shape:
        return np.full(len(true), np.nan)
    errors = np.max(relative(yours, true), axis=_inner(true), initial=0)
    return np.where(is_known & _finite(true), errors, np.nan)


def _finite(*arrays):
    """In which rows all numbers are finite."""
    return np.logical_and.reduce([_all(np.isfinite(array)) for array in arrays])


def _all(truths):
    return truths.all(axis=_inner(truths))


def _inner(array):
    return tuple(range(1, np.ndim(array)))


def _count(points):
    return len(next(iter(points.values())))


def _row(points, k):
    return {name: array[k] for name, array in points.items()}
