"""The reverse sweep: cotangents carried through the lines, last line first.

One walk serves both uses. On raw arrays it gives numbers at full speed. On Tensors (`record=True`)
the work of the rules is recorded too, and the derivative is again lines of a program.

*Strong zero.* Where a choice did not take a branch, nothing flows into it, even where the branch
has an infinite derivative: the gradient of where(x > 0, sqrt(x), 0) at 0 is 0, not 0 * inf. A number
that happens to be zero must not be mistaken for that (sqrt(x)^2 at 0), so a cotangent carries a
condition beside it, `live`: False where a choice passed nothing, None where all of it is live.
Conditions are made only where they can matter: above an operand whose history has a rule with poles.
"""

from typing import NamedTuple

import numpy as np

from . import rulebook  # noqa: F401  the rules must be in the table before a line is walked
from .program import INPUT, PART, Line, ancestors
from .tensor import Tensor, wrap


class Cotangent(NamedTuple):
    """What flows back into a line: `value`, and where it is live (None: everywhere)."""

    value: object
    live: object = None


def vjp(outputs, cotangents, inputs, *, live=None, record=False, watch=None):
    """The vector-Jacobian product: one cotangent for each input.

    outputs     Lines
    cotangents  one for each output, of its shape; arrays, or Tensors where `record`
    inputs      Lines; one that no output depends on gets zeros
    live        a condition for each cotangent, or None: where it is False nothing flows (see above)
    record      run the rules on Tensors, so that the result can be differentiated again
    watch       called as watch(line, operand, cotangent) for every contribution, to look on

    Each answer has the shape and dtype of its input.
    """
    sweep = _Sweep(inputs, record, watch)
    for line, cotangent, condition in zip(outputs, cotangents, live or [None] * len(outputs), strict=True):
        sweep.add(line, Cotangent(cotangent, condition))
    with np.errstate(all="ignore"):
        sweep.run(outputs)
    return [sweep.result(line) for line in inputs]


def between(outputs, inputs):
    """The lines from inputs to outputs that depend on an input, in order, as a dict to their fragility.

    A line is fragile when a rule with poles stands between it and an input.
    """
    fragile = dict.fromkeys(inputs, False)
    for line in ancestors(outputs):
        parents = [line.operands[i] for i in moving(line, fragile)]
        if parents:
            fragile[line] = line.rule.poles or line.rule.kind == "general" or any([fragile[p] for p in parents])
    return fragile


def reached(outputs, inputs):
    """The lines up to outputs whose values depend on an input, be it only through a comparison."""
    found = set(inputs)
    for line in ancestors(outputs):
        if not found.isdisjoint(line.parents):
            found.add(line)
    return found


def moving(line, dependent):
    """The positions of those operands through which a line depends on one of the `dependent` lines."""
    passes = line.rule.passes
    return [i for i, o in enumerate(line.operands) if type(o) is Line and o in dependent and passes(i)]


class _Sweep:
    """One walk: the cotangents that have arrived so far."""

    def __init__(self, inputs, record, watch):
        self.inputs = inputs
        self.record = record
        self.watch = watch
        self.arrived = {}

    def run(self, outputs):
        self.fragile = between(outputs, self.inputs)
        self.reached = reached(outputs, self.inputs) if self.record else ()
        keep = set(self.inputs)
        for line in sorted(self.fragile, key=lambda line: line.number, reverse=True):
            if line.rule is not INPUT and line in self.arrived:
                cotangent = self.arrived[line] if line in keep else self.arrived.pop(line)
                self.propagate(line, cotangent)

    def propagate(self, line, cotangent):
        """Send a line's cotangent on to those of its operands that lead to an input."""
        for i, contribution in self.contributions(line, cotangent, moving(line, self.fragile)):
            operand = line.operands[i]
            if line.rule is not PART:
                contribution = _fit(contribution, operand.value)
            if self.watch is not None:
                self.watch(line, operand, contribution.value)
            self.add(operand, contribution)

    def contributions(self, line, cotangent, positions):
        """What a rule sends to each position; nan where it needs the inverse of a singular matrix."""
        arguments = [self.see(o) for o in line.operands]
        try:
            return list(_KINDS[line.rule.kind](self, line, cotangent, arguments, positions))
        except np.linalg.LinAlgError:
            return [(i, Cotangent(np.full(np.shape(line.operands[i].value), np.nan))) for i in positions]

    def see(self, operand):
        """An operand as the rules see it: an array, or a Tensor where their work is recorded."""
        if type(operand) is not Line:
            return operand
        return wrap(operand) if self.record else operand.value

    def add(self, line, contribution):
        before = self.arrived.get(line)
        self.arrived[line] = contribution if before is None else _sum(before, contribution)

    def result(self, line):
        if line not in self.arrived:
            return np.zeros_like(line.value)
        return self.arrived[line].value

    # --- one method for each kind of rule, yielding (position, Cotangent)

    def elementwise(self, line, cotangent, arguments, positions):
        rule, y = line.rule, self.see(line)
        for i in positions:
            partial = rule.derivative(i)(y, *arguments, **line.params)
            live = cotangent.live
            fragile = self.fragile[line.operands[i]]
            if fragile and (rule.chooses or self.annihilates(line, positions, partial)):
                live = _both(live, np.not_equal(partial, 0))
            yield i, Cotangent(_product(cotangent.value, partial, live), live if fragile else None)

    def annihilates(self, line, positions, factor):
        """Whether a product has zeros in a factor that stands still: 0 * anything is 0, and so is its slope.

        A recorded factor that depends on an input, a mask like x > 0, may have zeros elsewhere.
        """
        if line.rule.function is not np.multiply or len(positions) != 1:
            return False
        if isinstance(factor, Tensor) and factor.line in self.reached:
            return True
        return not np.all(_plain(factor))

    def linear(self, line, cotangent, arguments, positions):
        rule = line.rule
        for i in positions:
            transpose = rule.derivative(i)
            live = None
            if self.fragile[line.operands[i]]:
                live = self.live_through(line, transpose, cotangent, arguments, i)
            yield i, Cotangent(transpose(cotangent.value, *arguments, **line.params), live)

    def live_through(self, line, transpose, cotangent, arguments, position):
        """Where a transpose lets something through: it is run on the indicator of what is live."""
        rule, live = line.rule, cotangent.live
        if live is None and not rule.chooses:
            return None
        if rule.signed:
            return np.any(live) if live is not None else None
        indicator = _indicator(live, np.shape(line.value))
        if rule.kind == "bilinear":
            ones = [np.ones(np.shape(_plain(a))) if j != position else a for j, a in enumerate(arguments)]
            return np.not_equal(transpose(indicator, *ones, **line.params), 0)
        return np.not_equal(transpose(indicator, *arguments, **line.params), 0)

    def general(self, line, cotangent, arguments, positions):
        g = cotangent.value
        if isinstance(line.value, tuple):
            g = tuple(np.zeros_like(v) if part is None else part for part, v in zip(g, line.value, strict=True))
        answers = _each(line.rule.derivatives[0](g, self.see(line), *arguments, **line.params))
        fragile = any(self.fragile[line.operands[i]] for i in positions)
        lives = self.live_within(line, cotangent.live, arguments, fragile)
        for i in positions:
            answer = answers[i] if lives[i] is None else np.where(lives[i], answers[i], 0)
            yield i, Cotangent(answer, lives[i] if self.fragile[line.operands[i]] else None)

    def live_within(self, line, live, arguments, fragile):
        """Where a general rule lets something through, for each operand: everywhere, or as far as it says."""
        rule = line.rule
        if live is None and not (rule.chooses and fragile):
            return [None] * len(arguments)
        if rule.reach is None:
            return [np.any(live)] * len(arguments)
        reached = _each(rule.reach(_indicator(live, np.shape(line.value)), self.see(line), *arguments, **line.params))
        return [None if r is None else np.not_equal(r, 0) for r in reached]

    def part(self, line, cotangent, arguments, positions):
        """One of several results: the others have a cotangent of their own, or none."""
        parts = [None] * len(line.operands[0].value)
        parts[line.params["index"]] = cotangent.value
        yield 0, Cotangent(tuple(parts))


_KINDS = {
    "elementwise": _Sweep.elementwise,
    "linear": _Sweep.linear,
    "bilinear": _Sweep.linear,
    "general": _Sweep.general,
    "part": _Sweep.part,
}


def _indicator(live, shape):
    """1 where something is live and 0 elsewhere, for a rule to carry further."""
    return np.ones(shape) if live is None else np.where(live, np.ones(shape), 0.0)


def _each(answers):
    return answers if isinstance(answers, tuple) else (answers,)


def _plain(x):
    return x.value if isinstance(x, Tensor) else x


def _product(g, partial, live):
    """g * partial, and nothing where nothing is live; partials of 1 and -1 cost no product."""
    is_sign = type(partial) is float and abs(partial) == 1
    product = (g if partial == 1 else -g) if is_sign else g * partial
    return product if live is None else np.where(live, product, 0)


def _both(live, chosen):
    return chosen if live is None else np.logical_and(live, chosen)


def _sum(a, b):
    live = None if a.live is None or b.live is None else np.logical_or(a.live, b.live)
    if isinstance(a.value, tuple):
        return Cotangent(tuple(map(_sum_parts, a.value, b.value)), live)
    return Cotangent(a.value + b.value, live)


def _sum_parts(a, b):
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _fit(cotangent, operand):
    """A contribution in the shape and dtype of its operand: broadcasting is undone here, and only here."""
    shape, dtype = operand.shape, operand.dtype
    value, live = cotangent
    if value.shape != shape:
        if live is not None:
            live = np.not_equal(unbroadcast(np.where(np.broadcast_to(live, value.shape), 1.0, 0.0), shape), 0)
        value = unbroadcast(value, shape)
    if value.dtype != dtype:
        value = np.astype(np.real(value) if dtype.kind == "f" and value.dtype.kind == "c" else value, dtype)
    return Cotangent(value, live)


def unbroadcast(g, shape):
    """The sum of a cotangent over the axes along which an operand of `shape` was repeated."""
    given = np.shape(g)
    extra = len(given) - len(shape)
    axes = tuple(range(extra)) + tuple(extra + i for i, n in enumerate(shape) if n == 1 and given[extra + i] != 1)
    if axes:
        g = np.sum(g, axis=axes, keepdims=True)
        g = np.reshape(g, g.shape[extra:])
    return g if np.shape(g) == shape else np.broadcast_to(g, shape)
