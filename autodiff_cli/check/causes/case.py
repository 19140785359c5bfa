"""What the families of reasons share: the evidence, how a candidate is tried, and how a cause is put into words."""

from functools import cached_property
from itertools import islice

import numpy as np

from ...errors import AdiffError
from ...expression import Expression
from ..evidence import Cause, agrees
from .bench import Bench
from .special import symmetric
from .texts import quoted, script_text

_FEW = 3  # points below which others are drawn, for numbers may agree by chance at one
_BETWEEN = 8  # points at which a formula is tried as well
_LARGE = 100_000  # components with which one such point says as much
_SMALL = 1e-6  # of the largest component: what counts as zero beside it
_ROUNDING = 1e-14
_TRIES = 4000  # candidates in search of one reason
_NEAR = 1e-2  # how far the largest component may be off, at a short look
_STEPS = 4e5  # parts of formulas that are computed for the same
_WORK = 3e7  # numbers that are computed in search of one reason


class Case:
    """One wrong claim.

    A reason is tried at the last point first: the first one is the user's own, where zeros, ones and symmetric
    matrices hide mistakes.
    """

    def __init__(self, evidence):
        self.evidence, self.target, self.claim = evidence, evidence.target, evidence.claim
        self.points, self.yours, self.true = list(evidence.points), list(evidence.yours), list(evidence.true)
        if len(self.points) < _FEW and self.claim is not None:
            self._draw()
        self.yours, self.true = list(map(_floats, self.yours)), list(map(_floats, self.true))
        self.order = range(len(self.points))[::-1]
        self.probe = self.order[0]

    @property
    def is_telling(self):
        """Whether there are numbers enough to tell a reason from chance."""
        values = np.concatenate([np.ravel(true) for true in self.true])
        several = len(self.points) >= _FEW or len(set(values.tolist())) >= _FEW
        return several and bool(np.any(values)) and self.yours[0].shape == self.true[0].shape

    @property
    def names(self):
        """The variable that the derivative is by; for a Hessian the two."""
        return tuple(self.evidence.name.split(","))

    @property
    def is_grad(self):
        return self.evidence.of == "grad"

    @cached_property
    def sweeps(self):
        """The backward sweep of a scalar target at each point; none where they differ in form."""
        from .sweeps import sweeps

        return sweeps(self) if self.is_grad else []

    @cached_property
    def recorded(self):
        """The target recorded at each point."""
        return [self.target.record(point) for point in self.points]

    def derivative(self, point, names=None):
        """The derivative that is claimed, at any point; by other variables where there are `names`."""
        names = names or self.names
        if self.evidence.of == "hess":
            return self.target.hessian(point, wrt=tuple(dict.fromkeys(names)))[names[0]][names[-1]]
        ask = self.target.grad if self.is_grad else self.target.jacobian
        return ask(point, wrt=names)[names[0]]

    def claimed(self, point):
        """What the claim says at any point."""
        return self.claim.value(part(point, self.claim))

    # --- trying

    def is_near(self, array, k):
        """Whether an array is the derivative at one point: the criterion, in which small numbers are no excuse."""
        return (k != self.probe or self._may_be(array)) and self.is_like(array, self.true[k])

    def is_like(self, array, true):
        """Whether an array is another one by the criterion."""
        evidence = self.evidence
        if np.shape(array) != np.shape(true):
            return False
        largest = np.max(np.abs(true), initial=0.0, where=np.isfinite(true))
        return bool(agrees(array, true, evidence.rtol, min(evidence.atol, _SMALL * largest + _ROUNDING)).all())

    @np.errstate(all="ignore")
    def holds(self, candidate):
        """Whether `candidate(k)` is the derivative at each point k."""
        return all(self.is_near(candidate(k), k) for k in self.order)

    @np.errstate(all="ignore")
    def equals(self, candidate, arrays):
        """Whether `candidate(k)` is one of arrays at each point k, and they say something."""
        informed = any(np.any(array) for array in arrays)
        return informed and all(self.is_like(candidate(k), array) for k, array in enumerate(arrays))

    def is_right(self, text):
        """Whether a formula is the derivative at every point."""
        try:
            expression = Expression(text)
            more = [(expression.value(part(point, expression)), true) for point, true in self.between]
            near = all(self.is_like(value, true) for value, true in more)
            return near and self.holds(lambda k: expression.value(part(self.points[k], expression)))
        except AdiffError:
            return False

    @cached_property
    def between(self):
        """(point, derivative) at points between those of the check: what is chosen by a condition may be so by chance.

        What is symmetric, positive or the same at all of them is so between them.
        """
        draw, found = np.random.default_rng(0), []
        for _ in range(0 if len(self.points) < 2 else _BETWEEN if self.true[0].size < _LARGE else 1):
            first, last = (self.points[k] for k in draw.choice(len(self.points), 2, replace=False))
            share = draw.random()
            point = {
                name: (first[name] + share * (last[name] - first[name])).astype(first[name].dtype) for name in first
            }
            try:
                found.append((point, self.derivative(point)))
            except AdiffError:
                continue
        return found

    # --- mending the claim

    @cached_property
    def bench(self):
        """The claim at the point where candidates are tried first."""
        return Bench(self.claim, self.points[self.probe])

    @cached_property
    def slip(self):
        """The Cause that one slip in the formula is."""
        from .exchanges import EXCHANGES
        from .slips import SLIPS, proposals

        return self.claim and self.mended(proposals(self.bench, SLIPS + EXCHANGES))

    @np.errstate(all="ignore")
    def mended(self, proposals):
        """The Cause that one of (place, Slip) is: of those that are right, the one with the shortest formula."""
        tried = islice(proposals, int(min(_TRIES, _WORK / self.bench.work, _STEPS / len(self.bench.places))))
        near = [pair for pair in tried if self._is_mended(*pair)]
        texts = [script_text(place.script(self.claim.script, slip.new)) for place, slip in near]
        pairs = [(text, slip) for text, (_, slip) in zip(texts, near, strict=True)]
        for text, slip in sorted(pairs, key=lambda pair: len(pair[0]) + pair[1].rare):
            if self.is_right(text):
                return self.cause(slip.kind, slip.words.format(*map(quoted, slip.about)), text)
        return None

    def _is_mended(self, place, slip):
        if slip.value is None or place.top is not self.claim.script.result:
            value = self.bench.value(place, slip.new)
        else:
            value = self.bench.lifted(place, slip.value)
        return value is not None and self.is_near(value, self.probe)

    def _may_be(self, value):
        """A short look: whether a value has the shape of the derivative, and its largest component."""
        shape, index, largest = self._largest
        if getattr(value, "shape", ()) != shape:
            return False
        there = value.item(index) if shape else value
        return abs(there - largest) <= _NEAR * abs(largest)

    @cached_property
    def _largest(self):
        """Shape, place and value of the largest component of the derivative where candidates are tried first."""
        true = self.true[self.probe]
        index = int(np.argmax(np.where(np.isfinite(true), np.abs(true), 0.0)))
        return true.shape, index, true.item(index)

    # --- formulas

    @cached_property
    def truth(self):
        """The derivative as a formula; None where there is none that holds here, or none of functions."""
        if not isinstance(self.target, Expression):
            return None
        try:
            text = self.formula(self.target, self.names)
        except AdiffError:
            return None
        return text if text is not None and self.is_right(text) else None

    def formula(self, expression, names, values=None):
        """The derivative of an expression as adiff prints it; None where there is none.

        values   of names that are no variables of the target
        """
        from ...export import formula
        from ...symbols import symbols

        point = part(self.points[0] | (values or {}), expression)
        if len(point) < len(expression.variables):  # a piece of a function that the text defines has its parameters
            return None
        recorded = symbols(expression, point).record()
        if self.evidence.of == "hess":
            return formula.hessian_formulas(recorded, tuple(dict.fromkeys(names)))[names[0]][names[-1]]
        write = formula.gradient_formulas if self.is_grad else formula.jacobian_formulas
        return write(recorded, names)[names[0]]

    def simplest(self, *texts):
        """The shortest of those formulas that hold, the derivative as adiff prints it among them; None without any."""
        if self.claim is None:
            return None
        texts = sorted(filter(None, [*texts, self.truth]), key=len)
        return next((text for text in texts if text == self.truth or self.is_right(text)), None)

    def cause(self, kind, words, formula=None, yours=None):
        """A Cause in words; `yours` says what of the claim matches, where there is no formula."""
        n = len(self.evidence.points)
        matches = formula or yours
        points = f"{n} of {n} point{'s' * (n != 1)}"
        found = f"{matches} matches at {points}" if matches else f"this explains {points}"
        return Cause(kind, f"{words}: {found}{self.remark()}" if words else found, formula)

    def remark(self):
        """What hides the mistake: a claim that holds where a matrix is symmetric."""
        name = symmetric(self)
        return f"; yours holds only for symmetric {name}" if name else ""

    def _draw(self):
        """Points of our own near the given ones, where all is finite."""
        draw = np.random.default_rng(0)
        for point in [p for p in self.points for _ in range(_FEW)]:
            near = {name: _moved(array, draw) for name, array in point.items()}
            try:
                yours, true = self.claimed(near), self.derivative(near)
            except AdiffError:
                continue
            if np.isfinite(yours).all() and np.isfinite(true).all():
                self.points.append(near)
                self.yours.append(yours)
                self.true.append(true)


def part(point, expression):
    """What a point says of the variables of an expression."""
    return {n: point[n] for n in (*expression.variables, *expression.constants) if n in point}


def _floats(array):
    """An array of numbers; truth values are 1 and 0."""
    array = np.asarray(array)
    return array if array.dtype.kind == "f" else array.astype(float)


def _moved(array, draw):
    array = np.asarray(array)
    near = array * (1 + 0.3 * draw.random(array.shape)) + 0.1 * draw.random(array.shape)
    return near.astype(array.dtype) if array.dtype.kind == "f" else array
