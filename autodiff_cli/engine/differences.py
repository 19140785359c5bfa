"""Slopes of functions from differences, which know by how much they may be wrong.

Differences are central, extrapolated to the step 0 from a row of steps (C. Ridders, "Accurate computation of F'(x) and
F'(x)F''(x)", Advances in Engineering Software 4, 1982). The same steps tell the slopes to both sides apart: at a kink
the second difference over the step tends to what the slope jumps by, elsewhere to 0. They are taken in float64 at
least, whatever the dtype of the arguments is.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

DOUBTS = 5  # how many times its own estimate a difference may be wrong

_FIRST_STEP, _SHRINK, _STEPS = 2e-2, 4.0, 7
_CLEAR = 1e-3  # slopes with a smaller part of doubt than this need no other steps
_TORN = 0.01  # where a function is not continuous, its last differences are equal up to this part
_NOISE = 1e6  # differences that are not so many times the rounding of a result say nothing

# (rtol, atol) of derivatives that are computed in a dtype.
_TOLERANCES = {"e": (5e-2, 5e-2), "f": (2e-3, 2e-4), "d": (1e-6, 1e-9)}


class Slope(NamedTuple):
    """How a result changes along a direction: `doubt` is by how much this may be wrong."""

    value: np.ndarray
    doubt: np.ndarray


class Slopes(NamedTuple):
    """How one result changes along some directions, each of which has its place on the first axis.

    central  between both sides
    jump     the slope ahead less the slope behind
    torn     where the result itself jumps
    """

    central: Slope
    jump: Slope
    torn: np.ndarray


def tolerance(dtype):
    """(rtol, atol) of what is computed in a dtype."""
    real = np.dtype(dtype).type(0).real.dtype.char
    return _TOLERANCES.get(real, _TOLERANCES["d"])


def wide(x):
    """In float64 at least, or complex128."""
    return np.asarray(x).astype(np.result_type(x, np.float64))


@np.errstate(all="ignore")
def slopes(function, leaves, directions, eps=None):
    """How each result of a function changes along directions: a list of Slopes.

    function    called with arrays like the leaves; gives a list of arrays
    directions  a sequence of lists, with a tangent for each leaf
    eps         the largest step; by default 0.02 where leaves are below 1
    What cannot be known, for want of finite values on both sides, has infinite doubt.
    """
    leaves = [wide(leaf) for leaf in leaves]
    steps = [_first_steps(leaves, direction, eps) for direction in directions]
    found = _extrapolated(function, leaves, directions, [first for first, _ in steps])
    # Small arguments may be close to where the function ends, or to a pole: then the steps are of their size.
    unclear = [i for i, u in enumerate(_uncertainty(found)) if u > _CLEAR and 0 < steps[i][1] < steps[i][0]]
    if unclear:
        other = _extrapolated(function, leaves, [directions[i] for i in unclear], [steps[i][1] for i in unclear])
        better = _uncertainty(other) < _uncertainty(found)[unclear]
        for mine, theirs in zip(found, other, strict=True):
            _replace(mine, np.array(unclear)[better], theirs, better)
    return found


def _first_steps(leaves, direction, eps):
    """The usual step along a direction, and one of the size of the smallest number that moves."""
    if eps:
        return eps, eps
    sizes = np.concatenate([np.abs(x[d != 0]) for x, d in zip(leaves, map(wide, direction), strict=True)])
    return _FIRST_STEP * np.max(sizes, initial=1), _FIRST_STEP * np.min(sizes, initial=1)


def _uncertainty(found):
    """How much of the slopes is doubt, by direction: the worst of all results."""
    return np.max([_part_of_doubt(slopes.central) for slopes in found], axis=0) if found else np.zeros(0)


def _part_of_doubt(slope):
    value, doubt = (np.abs(part).reshape(len(part), -1) for part in slope)
    size = np.max(value, axis=1, initial=0)
    doubt = np.max(doubt, axis=1, initial=0)
    return np.where(np.isfinite(doubt), doubt / (size + np.finfo(float).tiny), np.inf)


def _replace(mine, places, theirs, chosen):
    for part, other in zip((*mine.central, *mine.jump, mine.torn), (*theirs.central, *theirs.jump, theirs.torn),
                           strict=True):  # fmt: skip
        part[places] = other[chosen]


def _extrapolated(function, leaves, directions, firsts):
    """Slopes of each result, from a first step for each direction."""
    middles, steps = function(*leaves), np.array(firsts) * _SHRINK ** -np.arange(_STEPS)[:, None]
    sides = [_sides(function, leaves, d, own) for d, own in zip(directions, steps.T, strict=True)]
    return [_of_result(*_by_step(sides, r), np.asarray(middle), steps) for r, middle in enumerate(middles)]


def _sides(function, leaves, direction, steps):
    """The results ahead and behind, for each step."""
    return [[function(*[(x + s * d)[()] for x, d in zip(leaves, direction, strict=True)]) for s in (step, -step)]
            for step in steps]  # fmt: skip


def _by_step(sides, result):
    """One result ahead, and behind: at each step an array with an axis for the directions."""
    return ([np.array([side[k][s][result] for side in sides]) for k in range(_STEPS)] for s in (0, 1))


def _of_result(ups, downs, middle, steps):
    precision = np.finfo(np.result_type(middle)).eps
    central, jump, sizes = [], [], []
    for up, down, h in zip(ups, downs, steps, strict=True):
        h = h.reshape(-1, *[1] * middle.ndim)
        up, mid, down = wide(up), wide(middle), wide(down)
        size = np.maximum(np.maximum(np.abs(up), np.abs(down)), np.abs(mid))
        rounding = 4 * precision * size / h
        central.append(Slope((up - down) / (2 * h), rounding))
        jump.append(Slope((up - mid - (mid - down)) / h, 2 * rounding))
        sizes.append((np.maximum(np.abs(up - mid), np.abs(mid - down)), size * precision))
    return Slopes(_ridders(central, 2), _ridders(jump, 1), _torn(*zip(*sizes[-3:], strict=True)))


def _torn(sizes, rounding):
    """Where differences over ever smaller steps tend to something that is no rounding."""
    settled = [np.abs(a - b) <= _TORN * b for a, b in pairwise(sizes)]
    return np.logical_and.reduce(settled) & (sizes[-1] > _NOISE * rounding[-1])


def _ridders(slopes, power):
    """The entries of the extrapolation table that differ least from those that they are made of, element by element.

    The error of a slope is a series in the step whose powers begin with `power` and go up by 2.
    """
    best, row = Slope(slopes[0].value, np.full(np.shape(slopes[0].value), np.inf)), []
    for slope in slopes:
        before, row = row, [slope.value]
        for j, above in enumerate(before):
            row.append(row[j] + (row[j] - above) / (_SHRINK ** (2 * j + power) - 1))
            doubt = np.maximum(np.abs(row[-1] - row[j]), np.abs(row[-1] - above)) + slope.doubt
            better = doubt < best.doubt
            best = Slope(np.where(better, row[-1], best.value), np.where(better, doubt, best.doubt))
    return best
