"""The points of a check, and what is claimed and true at each of them."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from ..engine import trouble
from ..engine.differences import wide
from ..engine.program import Line, ancestors
from ..errors import AdiffError
from .claims import Numbers
from .points import Draws

_TRIES = 24  # points that are drawn for one that can be used
_OF_HALVES = {"cholesky", "eigh", "eigvalsh"}  # functions that read one half of a matrix and take it to be symmetric

# Why a point that was drawn is not used.
FAILING, UNDEFINED = "it cannot be computed there", "there is no derivative there"
KINK, UNCLAIMED = "there is a kink there", "yours is not finite there"


class Sample(NamedTuple):
    """A point, and what is known there.

    point      arrays by name
    drawn      whether it was drawn
    recorded   the target there
    true       its derivatives by key
    yours      the claimed ones by key
    trouble    why another point would be better: one of the reasons above; None where none is
    """

    point: dict
    drawn: bool
    recorded: object
    true: dict
    yours: dict
    trouble: str | None

    @property
    def symmetric(self):
        """The names of the symmetric matrices, where symmetry is taken for granted."""
        inputs = self.recorded.inputs
        return tuple(n for n in squares(self.recorded) if np.array_equal(inputs[n].value, inputs[n].value.T))


class Samples(NamedTuple):
    """All points of a check, the given one first, and how many others were drawn and not used, by the reason."""

    used: list
    refused: Counter


def collect(check, shapes):
    """The Samples of a Check; `shapes` are those of the variables without values.

    Raises AdiffError where target or claim cannot be computed at the given point, or at none that is drawn.
    """
    draws, samples = Draws(check.point, shapes, check.seed, check.wrt), Samples([], Counter())
    if not shapes:
        first = sample(check, check.point)
        samples.used.append(first)
        draws.symmetric = first.symmetric
        draws.held = check.point.keys() - first.recorded.inputs.keys()
    for _ in range(_count(check, shapes)):
        samples.used.extend(_drawn(check, draws, samples.refused, not samples.used))
    return samples


def _count(check, shapes):
    """How many points are drawn: none where numbers are claimed, for they hold at the given one only."""
    if any(isinstance(claim, Numbers) for claim in check.claims):
        return 0
    return max(check.random, 1) if shapes else check.random


def _drawn(check, draws, refused, is_first):
    """The first of some drawn Samples that can be used, in a list; failing that, one at a kink or where only the claim
    is not finite; else none."""
    others, failure = {}, None
    for tries in range(_TRIES):
        try:
            found = sample(check, draws.point(tries), drawn=True)
        except AdiffError as error:
            failure = error
            refused[FAILING] += 1
            continue
        if not draws.symmetric and squares(found.recorded) and draws.shapes:
            draws.symmetric = squares(found.recorded)
        elif found.trouble is None:
            return [found]
        else:
            refused[found.trouble] += 1
            others.setdefault(found.trouble, found)
    if is_first and failure is not None and not others:
        raise failure
    best = [others[trouble] for trouble in (KINK, UNCLAIMED) if trouble in others][:1]
    refused.subtract(found.trouble for found in best)
    return best


def sample(check, point, drawn=False):
    """The Sample at a point."""
    at = {name: wide(array) for name, array in point.items()}
    recorded, wrt = check.target.ask(at, check.wrt, scalar="" if check.of == "jac" else "check")
    true = _derivatives(check, recorded, wrt)
    yours = {key: array for claim in check.claims for key, array in claim.at(point).items()}
    return Sample(point, drawn, recorded, true, yours, _trouble(check, recorded, true, yours))


def _derivatives(check, recorded, wrt):
    if check.of == "hess":
        rows = recorded.hessian(wrt)
        return {key: np.asarray(rows[key[0]][key[1]]) for key in check.keys}
    found = recorded.jacobian(wrt) if check.of == "jac" else recorded.gradient(wrt)
    return {key: np.asarray(found[key[0]]) for key in check.keys}


def _trouble(check, recorded, true, yours):
    if not all(np.isfinite(array).all() for array in (recorded.value, *true.values())):
        return UNDEFINED
    if _kinks(check, recorded):
        return KINK
    return None if all(np.isfinite(array).all() for array in yours.values()) else UNCLAIMED


def _kinks(check, recorded):
    """The lines at whose kinks the derivative jumps."""
    if type(recorded.output) is not Line:
        return []
    found = trouble.kinks(recorded.simplified, [recorded.inputs[name] for name in check.wrt])
    return found if check.of == "hess" else trouble.felt(recorded.simplified, found)


def squares(recorded):
    """The names of square matrices, if a function is there that takes one to be symmetric."""
    if type(recorded.output) is not Line or not any(x.rule.name in _OF_HALVES for x in ancestors([recorded.output])):
        return ()
    shapes = {name: line.value.shape for name, line in recorded.inputs.items()}
    return tuple(name for name, shape in shapes.items() if len(shape) == 2 and shape[0] == shape[1])
