"""The reverse sweep: cotangents carried through the lines, last line first.

One walk serves both uses. On raw arrays it gives numbers at full speed. On Tensors (`record=True`)
the work of the rules is recorded too, and the derivative is again lines of a program.

*Strong zero.* Where a choice did not take a branch, nothing flows into it, even where the branch
has an infinite derivative: the gradient of where(x > 0, sqrt(x), 0) at 0 is 0, not 0 * inf. A number
that happens to be zero must not be mistaken for that (sqrt(x)^2 at 0), so a cotangent carries a
condition beside it, `live`: False where a choice passed nothing, None where all of it is live.
Conditions are made only where they can matter: above an operand whose history has a rule with poles, or below such a
rule, which may have sent what is infinite.

A factor that happens to be 0 annihilates like a mask, but may have a derivative of its own, which another sweep asks
for: d/dy of d/dx y*x^3 is 3*x^2 at y = 0, too. Conditions that come from such a factor are `soft`: they cut only what
is not finite.
"""

from functools import cached_property

import numpy as np

from . import methods, operators, rulebook  # noqa: F401  Tensors know their operators, and the table its rules
from .program import BY_NUMBER, INPUT, Line, behind, between, exposed_lines, fragile_lines
from .straight import straight
from .tensor import Tensor, wrap


def vjp(outputs, cotangents, inputs, *, live=None, record=False, watch=None, lines=None, given=()):
    """The vector-Jacobian product: one cotangent for each input.

    outputs     Lines
    cotangents  one for each output, of its shape; arrays, or Tensors where `record`
    inputs      Lines; one that no output depends on gets zeros
    live        a condition for each cotangent, or None: where it is False nothing flows (see above)
    record      run the rules on Tensors, so that the result can be differentiated again
    watch       called as watch(line, operand, cotangent) for every contribution, to look on
    lines       those behind the outputs, in order, where they are known
    given       other inputs, whose values too may be others when what is recorded runs again

    Each answer has the shape and dtype of its input.
    """
    if live is None and watch is None and not record and len(outputs) == 1:
        found = all([line.rule is INPUT for line in inputs]) and to_leaves(outputs[0], cotangents[0])
        if found:
            arrived = dict(zip(*found, strict=True))
            return [arrived[line] if line in arrived else np.zeros_like(line.value) for line in inputs]
    sweep = _Sweep(behind(outputs) if lines is None else lines, outputs, inputs, record, watch, given)
    for line, cotangent, condition in zip(outputs, cotangents, live or [None] * len(outputs), strict=True):
        sweep.add(line, cotangent, condition)
    with np.errstate(all="ignore"):
        sweep.run()
    return [sweep.result(line) for line in inputs]


def to_leaves(output, cotangent, free=False):
    """The same by all leaves behind one output, where a function has been written for graphs of this form: (leaves,
    cotangents), or None. `free` lets go of the graph."""
    if output.form is None or not _is_like(cotangent, output):
        return None
    try:
        with np.errstate(all="ignore"):
            return straight(output, cotangent, free, fit)
    except np.linalg.LinAlgError:
        return None  # a singular matrix: the sweep answers nan where it has to


def _is_like(g, line):
    return getattr(g, "dtype", None) == line.value.dtype and g.shape == line.value.shape


def reached(outputs, inputs):
    """The lines up to outputs whose values depend on an input, be it only through a comparison; in order, as a
    dict without values, inputs included."""
    first = min([line.number for line in inputs])  # what depends on an input is younger
    behind, stack = set(outputs), list(outputs)
    while stack:
        for operand in stack.pop().parents:
            if operand.number > first and operand not in behind:
                behind.add(operand)
                stack.append(operand)
    found = dict.fromkeys(inputs)
    for line in sorted(behind, key=BY_NUMBER):
        if any([parent in found for parent in line.parents]):
            found[line] = None
    return found


class _Sweep:
    """One walk: the cotangents that have arrived so far, and where they are live."""

    def __init__(self, lines, outputs, inputs, record, watch, given=()):
        self.inputs = set(inputs)
        self.record = record
        self.watch = watch
        self.moving = between(outputs, inputs, lines)
        self.reached = reached(outputs, [*inputs, *given]) if record and inputs else ()
        self.arrived = {}
        self.live = {}
        self.soft = set()  # lines whose condition is soft

    @cached_property
    def fragile(self):
        return fragile_lines(self.moving)

    @cached_property
    def exposed(self):
        return exposed_lines(self.moving)

    def run(self):
        """Send the cotangent of each line on to those of its operands that lead to an input."""
        arrived, lives = self.arrived, self.live
        keep = self.inputs.intersection(self.moving)
        plain = not self.record and self.watch is None
        for line, positions in reversed(self.moving.items()):
            g = arrived.pop(line, None)
            if g is None:
                continue
            if keep and line in keep:
                arrived[line] = g
            rule = line.rule
            if not (plain and rule.simple) or lives or (rule.function is np.multiply and _may_mask(line, positions)):
                self.send(line, g, lives.pop(line, None), positions)
                continue
            # What `send` comes to for most lines there are: half of the time of a small sweep is spent here.
            operands, partials, y, params = line.operands, rule.derivatives, line.value, line.params
            if len(operands) == 1:
                arguments = (operands[0].value,)
            else:
                arguments = [o.value if type(o) is Line else o for o in operands]
            for i in positions:
                partial = partials[i](y, *arguments, **params) if params else partials[i](y, *arguments)
                value = g * partial if type(partial) is not float else product(g, partial)
                operand = operands[i]
                form = operand.value
                if value.shape != form.shape or value.dtype is not form.dtype:
                    value = fit(value, None, form)[0]
                arrived[operand] = arrived[operand] + value if operand in arrived else value

    def send(self, line, g, live, positions):
        for operand, value, condition in self.contributions(line, g, live, positions):
            form = operand.value
            if not isinstance(form, tuple) and (value.shape != form.shape or value.dtype is not form.dtype):
                value, condition = fit(value, condition, form)
            if self.watch is not None:
                self.watch(line, operand, value)
            if condition is not None and line in self.soft:
                self.soft.add(operand)
            self.add(operand, value, condition)

    def contributions(self, line, g, live, positions):
        """(operand, cotangent, live) for each position; nan where the rule needs the inverse of a singular matrix, but
        where nothing is live."""
        operands = line.operands
        if self.record:
            y, arguments = wrap(line), [wrap(o) if type(o) is Line else o for o in operands]
        else:
            y, arguments = line.value, [o.value if type(o) is Line else o for o in operands]
        try:
            return _KINDS[line.rule.kind](self, line, g, live, y, arguments, positions)
        except np.linalg.LinAlgError:
            is_dead = live is not None and not self.record and not np.any(live)
            number = 0.0 if is_dead else np.nan
            return [(operands[i], np.full(operands[i].value.shape, number), None) for i in positions]

    def add(self, line, g, live):
        arrived = self.arrived
        if line not in arrived:
            arrived[line] = g
            if live is not None:
                self.live[line] = live
            return
        arrived[line] = _sum(arrived[line], g)
        if line in self.live:
            before = self.live.pop(line)
            if live is not None:
                self.live[line] = np.logical_or(before, live)

    def result(self, line):
        return self.arrived[line] if line in self.arrived else np.zeros_like(line.value)

    # --- one method for each kind of rule: a list of (operand, cotangent, live)

    def elementwise(self, line, g, live, y, arguments, positions):
        rule, found = line.rule, []
        for i in positions:
            operand = line.operands[i]
            partial = rule.derivatives[i](y, *arguments, **line.params)
            condition = live
            if rule.chooses or annihilates(line, positions, partial, self.reached):
                condition = _both(live, np.not_equal(partial, 0))
                if has_slope(line, positions):
                    self.soft.add(line)
            is_fragile = operand in self.fragile
            # In programs, of which what is not finite is asked again, most products below a pole would have a soft one.
            is_cut = is_fragile or (line in self.exposed and not (self.record and line in self.soft))
            within = condition if is_cut else live
            found.append((operand, product(g, partial, within, line in self.soft), condition if is_fragile else None))
        return found

    def linear(self, line, g, live, y, arguments, positions):
        rule = line.rule
        found = []
        for i in positions:
            transpose = rule.derivative(i)
            through = None
            operand = line.operands[i]
            if (live is not None or rule.chooses) and operand in self.fragile:
                through = self.live_through(line, transpose, live, arguments, i)
            found.append((operand, transpose(g, *arguments, **line.params), through))
        return found

    def live_through(self, line, transpose, live, arguments, position):
        """Where a transpose lets something through: it is run on the indicator of what is live."""
        rule = line.rule
        if live is None and not rule.chooses:
            return None
        if rule.signed:
            return np.any(live) if live is not None else None
        indicator = _indicator(live, np.shape(line.value))
        if rule.kind == "bilinear":
            ones = [np.ones(np.shape(plain(a))) if j != position else a for j, a in enumerate(arguments)]
            return np.not_equal(transpose(indicator, *ones, **line.params), 0)
        return np.not_equal(transpose(indicator, *arguments, **line.params), 0)

    def general(self, line, g, live, y, arguments, positions):
        if isinstance(line.value, tuple):
            g = tuple(np.zeros_like(v) if part is None else part for part, v in zip(g, line.value, strict=True))
        answers = each(line.rule.derivatives[0](g, y, *arguments, **line.params))
        lives = self.live_within(line, live, y, arguments, positions)
        found = []
        for i in positions:
            operand = line.operands[i]
            answer = cut(answers[i], lives[i], line in self.soft)
            found.append((operand, answer, lives[i] if lives[i] is not None and operand in self.fragile else None))
        return found

    def live_within(self, line, live, y, arguments, positions):
        """Where a general rule lets something through, for each operand: everywhere, or as far as it says."""
        rule = line.rule
        chooses = rule.chooses and any([line.operands[i] in self.fragile for i in positions])
        if live is None and not chooses:
            return [None] * len(arguments)
        if rule.reach is None:
            return [np.any(live)] * len(arguments)
        reached = each(rule.reach(_indicator(live, np.shape(line.value)), y, *arguments, **line.params))
        return [None if r is None else np.not_equal(r, 0) for r in reached]

    def part(self, line, g, live, y, arguments, positions):
        """One of several results: the others have a cotangent of their own, or none."""
        parts = [None] * len(line.operands[0].value)
        parts[line.params["index"]] = g
        return [(line.operands[0], tuple(parts), None if live is None else np.any(live))]


_KINDS = {
    "elementwise": _Sweep.elementwise,
    "linear": _Sweep.linear,
    "bilinear": _Sweep.linear,
    "general": _Sweep.general,
    "part": _Sweep.part,
}


def _may_mask(line, positions):
    """Whether a product has a factor that stands still and may have zeros; see `annihilates`."""
    factor = line.operands[1 - positions[0]]
    return len(positions) == 1 and not (type(factor) is float and factor)


def annihilates(line, positions, factor, reached):
    """Whether a product has zeros in a factor that stands still: 0 * anything is 0, and so is its slope.

    A recorded factor that depends on an input (is `reached` from one), a mask like x > 0, may have zeros elsewhere.
    """
    if line.rule.function is not np.multiply or len(positions) != 1:
        return False
    if type(factor) is float:
        return not factor
    if isinstance(factor, Tensor) and factor.line in reached:
        return True
    return not np.all(plain(factor))


def has_slope(line, positions):
    """Whether the factor of a product that stands still here comes from an input: another sweep may move it."""
    if line.rule.function is not np.multiply or len(positions) != 1:
        return False
    factor = line.operands[1 - positions[0]]
    return type(factor) is Line and any([source.rule is INPUT for source in behind([factor])])


def _indicator(live, shape):
    """1 where something is live and 0 elsewhere, for a rule to carry further."""
    return np.ones(shape) if live is None else np.where(live, np.ones(shape), 0.0)


def each(answers):
    return answers if isinstance(answers, tuple) else (answers,)


def plain(x):
    return x.value if isinstance(x, Tensor) else x


def product(g, partial, live=None, soft=False):
    """g * partial, and nothing where nothing is live; partials of 1 and -1 cost no product."""
    sign = type(partial) is float and abs(partial) == 1
    return cut((g if partial > 0 else -g) if sign else g * partial, live, soft)


def cut(answer, live, soft):
    """Nothing where nothing is live; or where that is soft, nothing in place of what is not finite."""
    if live is None:
        return answer
    return np.where(np.logical_or(live, np.isfinite(answer)) if soft else live, answer, 0)


def _both(live, chosen):
    return chosen if live is None else np.logical_and(live, chosen)


def _sum(a, b):
    return tuple(map(_sum_parts, a, b)) if isinstance(a, tuple) else a + b


def _sum_parts(a, b):
    if a is None or b is None:
        return b if a is None else a
    return a + b


def fit(g, live, operand):
    """A contribution in the shape and dtype of its operand: broadcasting is undone here, and only here."""
    shape, dtype = operand.shape, operand.dtype
    if g.shape != shape:
        if live is not None:
            live = np.not_equal(unbroadcast(np.where(np.broadcast_to(live, g.shape), 1.0, 0.0), shape), 0)
        g = unbroadcast(g, shape)
    if g.dtype != dtype:
        g = np.astype(np.real(g) if dtype.kind == "f" and g.dtype.kind == "c" else g, dtype)
    return g, live


def unbroadcast(g, shape):
    """The sum of a cotangent over the axes along which an operand of `shape` was repeated."""
    given = np.shape(g)
    if shape == () and g.dtype.kind == "f":
        return np.sum(g) if isinstance(g, Tensor) else np.add.reduce(g, axis=None)
    extra = len(given) - len(shape)
    axes = tuple(range(extra)) + tuple(extra + i for i, n in enumerate(shape) if n == 1 and given[extra + i] != 1)
    if axes:
        g = np.sum(g, axis=axes, keepdims=True)
        g = np.reshape(g, g.shape[extra:])
    return g if np.shape(g) == shape else np.broadcast_to(g, shape)
