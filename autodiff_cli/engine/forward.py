"""The forward sweep: tangents carried through the lines, first line first, from the same rules.

    elementwise   the partials times the tangents
    linear        the function itself, of the tangents
    bilinear      the function itself, with one operand at a time replaced by its tangent
    general       its vjp is linear in g, so that sweeping back through the vjp to g gives the jvp

With `batched`, every tangent has a leading axis: many directions go through the lines at once.

*Strong zero*, seen from this side: a direction in which an operand does not move at all says nothing about
its slope, be it infinite. A condition `live` goes beside a tangent, False where a choice or the direction left
it standing (None: live everywhere). It is carried only to where a rule with poles waits to use it.
"""

import numpy as np

from . import batch
from .differentiate import annihilates, cut, each, fit, has_slope, plain, product, reached, vjp
from .program import Line, between, exposed_lines, fragile_lines
from .recording import Recording, modes
from .tensor import Tensor, variable, wrap


def jvp(outputs, inputs, tangents, *, live=None, record=False, batched=False):
    """The Jacobian-vector product: one tangent for each output.

    outputs   Lines
    inputs    Lines
    tangents  one for each input, of its shape (with an additional leading axis if `batched`); arrays, or
              Tensors where `record`
    live      a condition for each tangent, or None: where it is False the input does not move (see above)
    record    run the rules on Tensors, so that the result can be differentiated again

    Each answer has the shape and dtype of its output (with the leading axis).
    """
    sweep = _Sweep(outputs, inputs, record, batched)
    for line, tangent, condition in zip(inputs, tangents, live or [None] * len(inputs), strict=True):
        sweep.tangents[line] = tangent
        sweep.live[line] = condition if line in sweep.exposed else None
    with np.errstate(all="ignore"):
        sweep.run()
    count = np.shape(tangents[0])[:1] if batched else ()
    still = {o: np.zeros(count + o.value.shape, o.value.dtype) for o in outputs if o not in sweep.tangents}
    return [sweep.tangents[o] if o in sweep.tangents else still[o] for o in outputs]


def push(outputs, inputs, points, *, record=False):
    """The outputs again where each input is a stack of points: a stack of answers for each.

    outputs   Tensors, or plain values
    inputs    Lines; what does not depend on them stays as it is
    points    arrays (Tensors where `record`), each with a leading axis of one common length
    """
    moved = stacked(outputs, inputs, points, record=record)
    count = np.shape(points[0])[:1]
    return [
        moved[o.line] if isinstance(o, Tensor) and o.line in moved else np.broadcast_to(plain(o), count + np.shape(o))
        for o in outputs
    ]


def stacked(outputs, inputs, points, *, record=False):
    """The stacks of the lines behind outputs that depend on inputs, as a dict; see push."""
    moved = dict(zip(inputs, points, strict=True))

    def see(operand):
        if type(operand) is not Line:
            return operand
        return moved[operand] if operand in moved else wrap(operand) if record else operand.value

    for line in reached([o.line for o in outputs if isinstance(o, Tensor) and o.line], inputs):
        if line not in moved:
            operands = [see(o) for o in line.operands]
            flags = [type(o) is Line and o in moved for o in line.operands]
            moved[line] = batch.call(line.rule, operands, flags, line.params)
    return moved


def _recorded_vjp(outputs, cotangents, inputs):
    return vjp(outputs, cotangents, inputs, record=True)


def fitted(tangent, value, count=()):
    """A tangent in the dtype of its value and in its shape, behind a leading axis if it has one."""
    if isinstance(value, tuple):
        return tangent
    shape = count + value.shape if count else value.shape
    if tangent.shape != shape:
        tangent = np.broadcast_to(tangent, shape)
    if tangent.dtype != value.dtype:
        complex_to_real = tangent.dtype.kind == "c" and value.dtype.kind == "f"
        tangent = np.astype(np.real(tangent) if complex_to_real else tangent, value.dtype)
    return tangent


class _Sweep:
    """One walk: the tangents of the lines so far, and where they are live."""

    def __init__(self, outputs, inputs, record, batched):
        self.record = record
        self.batched = batched
        self.moving = between(outputs, inputs)
        self.exposed = exposed_lines(self.moving)
        self.fragile = fragile_lines(self.moving)
        self.reached = reached(outputs, inputs) if record and inputs else ()
        self.tangents = {}
        self.live = {}
        self.soft = set()  # lines whose condition is soft (see differentiate.py)

    def run(self):
        for line, positions in self.moving.items():
            if line in self.tangents:
                continue  # an input that depends on another stands for itself
            arguments = [self.see(o) if type(o) is Line else o for o in line.operands]
            try:
                tangent, live = _KINDS[line.rule.kind](self, line, arguments, positions)
            except np.linalg.LinAlgError:
                tangent, live = self.undefined(line.value), None
            self.tangents[line] = fitted(tangent, line.value, self.count)
            self.live[line] = live if line in self.exposed else None
            if live is not None and any([line.operands[i] in self.soft for i in positions]):
                self.soft.add(line)

    def undefined(self, value):
        """The tangent of a value that has none."""
        if isinstance(value, tuple):
            return tuple(map(self.undefined, value))
        return np.full(self.count + value.shape, np.nan)

    def see(self, line):
        """A line as the rules see it: an array, or a Tensor where their work is recorded."""
        return wrap(line) if self.record else line.value

    @property
    def count(self):
        """The leading axis of all tangents, if they have one."""
        return np.shape(next(iter(self.tangents.values())))[:1] if self.batched else ()

    def call(self, rule, operands, positions, params):
        """The function itself, of operands that are stacks at `positions`, if this sweep has stacks."""
        if not (self.batched and positions):
            return rule.call(*operands, **params)
        return batch.call(rule, operands, [i in positions for i in range(len(operands))], params)

    # --- one method for each kind of rule: the tangent of the line, and where it is live

    def elementwise(self, line, arguments, positions):
        rule, y = line.rule, self.see(line)
        total, lives = None, []
        for i in positions:
            operand = line.operands[i]
            partial = rule.derivative(i)(y, *arguments, **line.params)
            live = self.live[operand]
            if live is not None:
                live = self.lifted(live, operand, line)
            if (rule.chooses or annihilates(line, positions, partial, self.reached)) and (
                line in self.exposed or operand in self.fragile
            ):
                live = np.not_equal(partial, 0) if live is None else np.logical_and(live, np.not_equal(partial, 0))
                if has_slope(line, positions):
                    self.soft.add(line)
            lives.append(live)
            soft = line in self.soft or operand in self.soft
            term = product(self.lifted(self.tangents[operand], operand, line), partial, live, soft)
            total = term if total is None else total + term
        return total, self.any_of(lives, line)

    def lifted(self, tangent, operand, line):
        """Batched tangents (or conditions) of an operand of lower rank, with axes of length 1 behind the first."""
        missing = np.ndim(line.value) - np.ndim(operand.value)
        if not self.batched or not missing or np.ndim(tangent) <= np.ndim(operand.value):
            return tangent
        shape = np.shape(tangent)
        return np.reshape(tangent, (*shape[:1], *(1,) * missing, *shape[1:]))

    def any_of(self, lives, line):
        """Where any of several terms is live."""
        if any([live is None for live in lives]) or line not in self.exposed or isinstance(line.value, tuple):
            return None
        answer = lives[0]
        for live in lives[1:]:
            answer = np.logical_or(answer, live)
        return np.broadcast_to(answer, np.broadcast_shapes(np.shape(answer), line.value.shape))

    def linear(self, line, arguments, positions):
        rule = line.rule
        operands = [np.zeros_like(plain(a)) if rule.passes(i) else a for i, a in enumerate(arguments)]
        for i in positions:
            operands[i] = self.tangents[line.operands[i]]
        return self.call(rule, operands, positions, line.params), self.live_through(line, arguments, positions)

    def live_through(self, line, arguments, positions):
        """Where a linear function lets something through: it is called on the indicator of what is live."""
        rule, lives = line.rule, [self.live[line.operands[i]] for i in positions]
        if line not in self.exposed or (not rule.chooses and any([live is None for live in lives])):
            return None
        if rule.signed:
            return self.any_of([np.any(live) for live in lives], line)
        indicators = list(arguments) if rule.kind == "bilinear" else [
            np.zeros(np.shape(a)) if rule.passes(i) else a for i, a in enumerate(arguments)
        ]  # fmt: skip
        batched = []
        for i, live in zip(positions, lives, strict=True):
            shape = np.shape(arguments[i])
            indicators[i] = np.ones(shape) if live is None else np.where(live, np.ones(np.shape(live)), 0.0)
            batched += [i] * (np.ndim(indicators[i]) > len(shape))
        return np.not_equal(self.call(rule, indicators, batched, line.params), 0)

    def bilinear(self, line, arguments, positions):
        total = None
        for i in positions:
            operands = [*arguments[:i], self.tangents[line.operands[i]], *arguments[i + 1 :]]
            term = self.call(line.rule, operands, [i], line.params)
            total = term if total is None else total + term
        lives = [self.live[line.operands[i]] for i in positions]
        return total, self.any_of([live if live is None else np.any(live) for live in lives], line)

    def general(self, line, arguments, positions):
        lives = [self.live[line.operands[i]] for i in positions]
        operands = [line.operands[i] for i in positions]
        tangents = [cut(self.tangents[o], live, o in self.soft) for o, live in zip(operands, lives, strict=True)]
        with (modes.recording if self.record else None) or Recording():
            answer = pushforward(line, self.see(line), arguments, positions, tangents, self.back)
        return answer, self.any_of([live if live is None else np.any(live) for live in lives], line)

    def back(self, outputs, cotangents, inputs):
        """The vjp, of cotangents with a leading axis where this sweep has one."""
        if not (self.batched and outputs):
            return vjp(outputs, cotangents, inputs, record=self.record)
        symbols = [variable(np.zeros_like(o.value)) for o in outputs]
        found = vjp(outputs, symbols, inputs, record=True)
        return push(found, [s.line for s in symbols], cotangents, record=self.record)

    def part(self, line, arguments, positions):
        return self.tangents[line.operands[0]][line.params["index"]], None


def pushforward(line, y, arguments, positions, tangents, back=_recorded_vjp):
    """The jvp of a general rule: its vjp recorded in a symbolic g, and swept back to that g from the tangents.

    `back` is the sweep, called with the lines of the vjp's answers, the tangents, and the lines of g.
    """
    several = isinstance(line.value, tuple)
    symbols = [variable(np.zeros_like(v)) for v in (line.value if several else (line.value,))]
    answers = each(line.rule.derivatives[0](tuple(symbols) if several else symbols[0], y, *arguments, **line.params))
    pairs = [(fit(answers[i], None, line.operands[i].value)[0], t) for i, t in zip(positions, tangents, strict=True)]
    pairs = [(answer.line, t) for answer, t in pairs if isinstance(answer, Tensor) and answer.line is not None]
    found = back([a for a, _ in pairs], [t for _, t in pairs], [s.line for s in symbols])
    return tuple(found) if several else found[0]


_KINDS = {
    "elementwise": _Sweep.elementwise,
    "linear": _Sweep.linear,
    "bilinear": _Sweep.bilinear,
    "general": _Sweep.general,
    "part": _Sweep.part,
}
