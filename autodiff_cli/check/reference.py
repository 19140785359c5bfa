"""What differences say of a derivative at a point: whether it can be trusted, and where the function has a kink."""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from ..engine.differences import DOUBTS, slopes, wide
from ..engine.program import Line, ancestors
from ..errors import AdiffError
from ..expression import Expression

MOST = 2000  # components that are all moved one by one
DIRECTIONS = 20  # random ones, where there are more
WORST = 10  # of the components that differ, which are moved one by one then too
_AT_DRAWN = 50  # components that are all moved where the point was drawn
_FEW = 4  # directions, and components, where there are more of them at such a point
_WORK = 5e7  # numbers that may be computed for one difference each
_OVERHEAD, _OF_PYTHON = 5_000, 200_000  # what calling an expression or a function costs beside, in numbers
_BEND = 1e-4  # of a slope: what it jumps by at a kink at least
_ROUGH = 0.1  # of a slope: differences with more doubt tell nothing
_LEAST = 1e-9  # slopes below this are no slopes


class Reference(NamedTuple):
    """Slopes of the components of a derivative: an axis for its own components, one for the places that were moved.

    The derivative has the axes of what is differentiated and then those of the variable; here both are flat.

    places      which components of the variable were moved, each alone
    fd          the slopes by central differences; nan where they tell nothing
    doubt       by how much they may be wrong
    jump        by how much the slopes to both sides differ at a kink; 0 elsewhere, nan where the function itself jumps
    directions  how many random directions were tried beside, in which nothing was moved alone
    off         how far derivative and differences are apart, in parts of the largest component; nan where none can tell
    disagree    whether they are further apart than they may be along a random direction
    bent        whether there is a kink along one
    """

    places: np.ndarray
    fd: np.ndarray
    doubt: np.ndarray
    jump: np.ndarray
    directions: int
    off: float
    disagree: bool
    bent: bool


def reference(check, sample, key, wrong, criterion):
    """The Reference of a derivative at a Sample.

    wrong      the places of the variable where the claim differs, the worst first
    criterion  how far derivative and differences may be apart
    """
    true, variable = sample.true[key], sample.recorded.inputs[key[-1]].value
    matrix = true.reshape(prod(true.shape[: true.ndim - variable.ndim]), variable.size)
    places, directions = _places(check, sample, variable.size, wrong)
    mirrored = key[-1] in sample.symmetric and _is_symmetric(true, variable.ndim)
    function = _function(check, sample, key)
    largest, length = np.max(np.abs(matrix), initial=0), np.linalg.norm(matrix)
    fd, doubt, jump = _measured(function, variable, Units(variable.shape, places, mirrored), largest, len(matrix))
    off = _apart(matrix[:, places], fd, jump, largest)
    along = Signs(variable.shape, directions, check.seed)
    slopes, uncertain, bends = _measured(function, variable, along, length, len(matrix))
    expected = np.stack([matrix @ u.ravel() for (u,) in along], axis=1) if directions else slopes
    disagree = np.abs(expected - slopes) > DOUBTS * uncertain + criterion.allowed(length)
    off = np.fmax(off, _apart(expected, slopes, bends, length))
    disagree &= bends == 0
    return Reference(places, fd, doubt, jump, directions, off, bool(disagree.any()), bool(np.any(bends)))


def settled(known, true, exact, criterion):
    """The Reference without differences that are contradicted by an exact way which agrees with the derivative: their
    steps were too long for them.

    true, exact   arrays like its slopes
    """
    agree = np.abs(true - exact) <= criterion.allowed(np.abs(true) + np.abs(exact))
    silent = (
        agree & (known.jump == 0) & ~(np.abs(true - known.fd) <= criterion.allowed(np.abs(true) + np.abs(known.fd)))
    )
    fd = np.where(silent, np.nan, known.fd)
    return known._replace(fd=fd, off=_apart(true, fd, known.jump, np.max(np.abs(true), initial=0)))


def _places(check, sample, size, wrong):
    """(the places that are moved alone, how many random directions there are beside)."""
    most = min(_AT_DRAWN if sample.drawn else MOST, _WORK / _cost(check, sample))
    if size <= most:
        return np.arange(size), 0
    return (wrong[:_FEW], _FEW) if sample.drawn else (wrong[:WORST], DIRECTIONS)


def _cost(check, sample):
    """What one value of the target costs, in numbers that are computed."""
    called = _OVERHEAD if isinstance(check.target, Expression) else _OF_PYTHON
    output = sample.recorded.output
    return called + sum(np.size(line.value) for line in (ancestors([output]) if type(output) is Line else ()))


def _function(check, sample, key):
    """What is differentiated, as a function of the variable; nan where it cannot be computed."""
    point = {name: line.value for name, line in sample.recorded.inputs.items()}
    point = {name: wide(array) for name, array in sample.point.items()} | point
    *names, last = key
    shape = sample.true[key].shape[: sample.true[key].ndim - point[last].ndim]

    def function(array):
        at = point | {last: array}
        try:
            found = check.target.grad(at, wrt=names)[names[0]] if check.of == "hess" else check.target.value(at)
        except AdiffError:
            return [np.full(shape, np.nan)]
        return [np.asarray(found)]

    return function


def _measured(function, variable, directions, scale, rows):
    """(slopes, their doubt, what they jump by): arrays with a row for each part of what is differentiated, and a column
    for each direction. `scale` is what they may be like."""
    if not len(directions):
        return (np.zeros((rows, 0)),) * 3
    (found,) = slopes(function, [variable], directions)
    value, doubt, jump, jump_doubt = (part.reshape(len(directions), rows).T for part in (*found.central, *found.jump))
    torn = found.torn.reshape(len(directions), rows).T
    size = np.maximum(np.abs(value) + np.abs(jump), scale)
    bent = np.abs(jump) - DOUBTS * jump_doubt > _BEND * size + _LEAST
    jump = np.where(torn, np.nan, np.where(bent, jump, 0.0))
    told = np.isfinite(doubt) & (doubt <= _ROUGH * size + _LEAST) & ~torn
    return np.where(told, value, np.nan), np.where(told, doubt, np.inf), jump


def _apart(true, fd, jump, size):
    """How far derivatives and differences are apart at most, as a part of a size; nan where none can tell."""
    apart = np.abs(true - fd)[np.isfinite(true) & np.isfinite(fd) & (jump == 0)]
    if not apart.size:
        return np.nan
    return float(np.max(apart) / size) if size else float(np.max(apart))


def _is_symmetric(array, axes):
    return axes == 2 and np.allclose(array, np.swapaxes(array, -1, -2), rtol=1e-9, atol=0)


class Units(Sequence):
    """Directions in which one component moves alone; or, `mirrored`, half of it and half of the one across."""

    def __init__(self, shape, places, mirrored=False):
        self.shape, self.places, self.mirrored = shape, places, mirrored

    def __len__(self):
        return len(self.places)

    def __getitem__(self, i):
        unit = np.zeros(self.shape)
        unit.flat[self.places[i]] = 1
        return [(unit + unit.T) / 2 if self.mirrored else unit]


class Signs(Sequence):
    """Random directions in which every component moves by 1, forwards or backwards."""

    def __init__(self, shape, count, seed):
        self.shape, self.count, self.seed = shape, count, seed

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        if i >= self.count:
            raise IndexError(i)
        return [np.random.default_rng([self.seed, i]).integers(2, size=self.shape) * 2.0 - 1]
