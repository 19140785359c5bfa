"""A claimed derivative beside the true one at one point: which components are right."""

from typing import NamedTuple

import numpy as np

from ..engine.differences import DOUBTS
from .evidence import agrees
from .exact import exact
from .reference import reference, settled

# What is known of a component: it agrees, or it does not; or it stands at a kink, with a claim that can be defended;
# or other ways to the derivative disagree with automatic differentiation; or there is no derivative.
RIGHT, WRONG, KINK, UNSURE, UNDEFINED = range(5)
_SAME = 12  # digits of relative errors in which equal ones are equal


class Criterion(NamedTuple):
    """How far two derivatives may be apart to be the same."""

    rtol: float
    atol: float

    def allowed(self, size):
        """The distance that is allowed of numbers up to a size."""
        return self.atol + self.rtol * size

    def __str__(self):
        return f"{self.atol:g} + {self.rtol:g}*max(|yours|,|ad|)"


class Comparison(NamedTuple):
    """The components of one claim at one Sample.

    sample     the point
    yours      the claimed array
    true       the derivative
    status     what is known of each component
    reference  what differences say; None where there are none
    second     the derivative by a second exact way, at the places of the reference, and the name of that way; or None
    against    the name of what disagrees with automatic differentiation, differences or the second way; else empty
    """

    sample: object
    yours: np.ndarray
    true: np.ndarray
    status: np.ndarray
    reference: object
    second: object
    against: str = ""

    @property
    def is_doubtful(self):
        """Whether there is doubt that belongs to no single component."""
        known = self.reference
        return known is not None and known.directions > 0 and (known.disagree or known.bent)

    def worst(self, status=None):
        """The flat places of components, of a status if one is asked for; the largest relative error first."""
        places = np.arange(self.status.size) if status is None else np.flatnonzero(self.status == status)
        errors = np.round(self.errors().ravel()[places], _SAME)
        return places[np.lexsort((places, -np.where(np.isnan(errors), np.inf, errors)))]

    def errors(self):
        """The relative error of each component: what is apart, in parts of the larger one."""
        return relative(self.yours, self.true)

    def by_differences(self, place):
        """(slope by differences, slope behind, slope ahead) of the component at a flat place; nan where unknown."""
        if self.reference is None:
            return (np.nan,) * 3
        variable = self.status.size // self.reference.fd.shape[0]
        row, column = divmod(int(place), variable)
        at = np.flatnonzero(self.reference.places == column)
        if not at.size:
            return (np.nan,) * 3
        known, place = self.reference, (row, at[0])
        slope, half = known.fd[place], known.jump[place] / 2
        sides = (slope - half, slope + half)
        return slope, *(0.0 if abs(side) <= DOUBTS * known.doubt[place] else side for side in sides)


def relative(yours, true):
    """What two arrays are apart, in parts of the larger one; 0 where they are equal."""
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(np.subtract(yours, true)) / np.maximum(np.abs(yours), np.abs(true))
    return np.where(np.equal(yours, true), 0.0, apart)


@np.errstate(all="ignore")
def compare(check, sample, key, criterion):
    """The Comparison of the claim of a key at a Sample."""
    yours, true = sample.yours[key].astype(float), sample.true[key]
    status = np.where(agrees(yours, true, *criterion), RIGHT, WRONG).astype(np.uint8)
    status[~np.isfinite(true)] = UNDEFINED
    if not np.isfinite(sample.recorded.value).all():
        return Comparison(sample, yours, true, np.full(true.shape, UNDEFINED, np.uint8), None, None)
    found = Comparison(sample, yours, true, status, None, None)
    size = sample.recorded.inputs[key[-1]].value.size
    wrong = _distinct(found.worst(WRONG) % max(size, 1))
    known = reference(check, sample, key, wrong, criterion)
    second = exact(check, sample, key, known, not wrong.size)
    moved = true.reshape(len(known.fd), size)[:, known.places]
    if second is not None and not known.directions:
        known = settled(known, moved, second.values, criterion)
    unsure = list(_disagreements(moved, known, second, criterion))
    found = found._replace(reference=known, second=second, against=next((name for name, u in unsure if u.any()), ""))
    _judge(status.reshape(len(known.fd), size), found, np.logical_or(*(u for _, u in unsure)), criterion)
    return found


def _distinct(places):
    """Each place once, where it first is."""
    return places[np.sort(np.unique(places, return_index=True)[1])]


def _disagreements(true, known, second, criterion):
    """(name, where) of the ways that disagree with automatic differentiation at the places that were moved."""
    name, values = ("", true) if second is None else second
    yield name, np.abs(true - values) > criterion.allowed(np.abs(true) + np.abs(values))
    allowed = DOUBTS * known.doubt + criterion.allowed(np.abs(true) + np.abs(known.fd))
    yield "finite differences", (known.jump == 0) & (np.abs(true - known.fd) > allowed)


def _judge(status, found, unsure, criterion):
    """Mark what stands at a kink and what is not sure, among the components that were moved; in place."""
    known = found.reference
    yours, seen = found.yours.reshape(status.shape)[:, known.places], status[:, known.places]
    bent = (known.jump != 0) & (seen != UNDEFINED)
    reach = np.abs(known.jump) / 2 + DOUBTS * known.doubt + criterion.allowed(np.abs(known.fd) + np.abs(known.jump))
    seen[unsure & ~bent & (seen != UNDEFINED)] = UNSURE
    seen[bent & ~(np.abs(yours - known.fd) > reach)] = KINK
    status[:, known.places] = seen
    if known.directions and known.bent and (seen == KINK).any() and not (seen == WRONG).any():
        status[status == WRONG] = KINK  # of those that were looked at, the worst ones, all are excused
