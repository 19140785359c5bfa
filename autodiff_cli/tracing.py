"""A computation line by line: what each line is made of, its value, its adjoint, and how it moves with what went in."""

from collections import Counter, defaultdict
from itertools import count

import numpy as np

from .engine import trouble
from .engine.differentiate import vjp
from .engine.forward import jvp
from .engine.program import INPUT, PART, Line, ancestors, input_line
from .engine.recording import Recording
from .engine.rulebook.shapes import cast
from .engine.simplify import identity, rewritten, simplifying
from .engine.slopes import alias
from .engine.tensor import Tensor
from .export.operations import constant, operation
from .report import Node, partial

_ENTRY_BY_ENTRY = (np.where, cast)  # linear functions that take an entry to an entry


class Trace:
    """A scalar expression at a point as nodes: its variables, then its lines in order, the last of them called f.

    recorded     the expression at the point
    wrt          names of the variables that adjoints lead to; what depends on none of them has none
    definitions  the name of a definition by the Span of its body
    tangents     how the point moves: an array for each name of wrt; None where nothing is asked about that

    Shown is what is written; but where that has no derivative, what is differentiated in its place (sqrt(x^2) as
    abs(x)): the adjoints of the variables are the gradient that every other command gives.
    """

    def __init__(self, recorded, wrt, definitions, tangents=None):
        self.recorded = recorded
        self.wrt = {name: recorded.inputs[name] for name in wrt}
        (self.output,) = rewritten([recorded.output], {alias: (identity,)})
        self.is_rewritten = False  # whether what is shown is not what is written
        self.sent = defaultdict(dict)
        self.adjoints = self._swept()
        if not self._is_gradient(recorded.gradient(wrt)):
            self.is_rewritten = True
            self.output, self.sent = recorded.simplified, defaultdict(dict)
            self.adjoints = self._swept()
        self.lines = _shown(self._outputs())
        self.names = {line: name for name, line in recorded.inputs.items()}
        self._name(self.lines, definitions)
        self.moves, self.tangents = tangents, {}
        if tangents is not None:
            self._push(self.lines)
            self.tangents[self.output] = recorded.jvp(tangents)

    def forward(self):
        """The variables and the lines of the expression."""
        inputs = [self._node(line, "input", ()) for line in self.recorded.inputs.values()]
        if type(self.output) is not Line or (self.output.rule is INPUT and self.output not in self.names):
            source = self.recorded.function or self.recorded.source
            return [*inputs, self._still(Node("f", source, value=self.recorded.value, adjoint=np.ones(())))]
        return inputs + [self._line(line) for line in self.lines]

    def derivatives(self):
        """What was asked for: the gradient, or the tangent of the whole."""
        if self.moves is not None:
            return [self.recorded.jvp(self.moves)]
        return [self.adjoints[line] for line in self.wrt.values()]

    def backward(self):
        """The lines that the backward sweep adds, and the gradient: df/dx for each variable."""
        gradient = self._gradient()
        outputs = [g for g in gradient.values() if type(g) is Line]
        added = [line for line in _shown(outputs) if line not in self.names]
        used = {parent for line in added for parent in line.parents}
        own = {g for g in added if outputs.count(g) == 1 and g not in used}
        ends = {g: label for label, g in gradient.items() if type(g) is Line and g in own}
        self._name([line for line in added if line not in ends], {})
        self.names |= ends
        if self.moves is not None:
            self._push(added)
        nodes = [self._line(line) for line in added if line not in ends]
        return nodes + [self._end(name, g, ends) for name, g in zip(self.wrt, gradient.values(), strict=True)]

    def _outputs(self):
        return [self.output] if type(self.output) is Line else []

    def _is_gradient(self, gradient):
        """Whether the adjoints of the variables are the gradient, but for rounding."""
        pairs = [(self.adjoints[line], gradient[name]) for name, line in self.wrt.items()]
        return all([np.allclose(adjoint, g, equal_nan=True) for adjoint, g in pairs])

    def _swept(self):
        """The adjoint of each line that depends on the variables; nan for a variable where the function is not."""
        lines = self._dependent(self._outputs())
        if not lines or not self.recorded.varies:
            return {line: np.zeros_like(line.value) for line in lines}
        one = np.ones((), self.output.value.dtype)
        adjoints = dict(zip(lines, vjp([self.output], [one], lines, watch=self._watch), strict=True))
        if np.isnan(self.output.value):
            holes = trouble.undefined(self.output, one, list(self.wrt.values()))
            adjoints |= {line: adjoints[line] + hole for line, hole in zip(self.wrt.values(), holes, strict=True)}
        return adjoints

    def _dependent(self, outputs):
        """The variables of wrt, and the lines up to outputs that depend on them and have adjoints and tangents."""
        lines = dict.fromkeys(self.wrt.values())
        for line in ancestors(outputs):
            if any([parent in lines for parent in line.parents]):
                lines[line] = None
        return [line for line in lines if not _is_several(line) and line.value.dtype.kind == "f"]

    def _push(self, lines):
        """Find the tangents of lines that depend on the variables; nan where a line that moves has no value."""
        found = self._dependent(lines)
        for line, tangent in zip(found, self.recorded.pushed(found, self.moves), strict=True):
            self.tangents[line] = np.where(np.isnan(line.value) & (tangent != 0), np.nan, tangent)

    def _received(self, line):
        """What the tangents of what a line is made of add to its own."""
        moving = [o for o in _call(line).parents if o in self.tangents] if line in self.tangents else []
        alone, own = _alone(line) if moving else (None, {})
        tangents = {operand: self.tangents[operand] for operand in moving}
        return {o: jvp([alone], [own[o]], [t], live=[np.not_equal(t, 0)])[0] for o, t in tangents.items()}

    def _still(self, node):
        """The node of a number that depends on nothing."""
        return node if self.moves is None else node._replace(tangent=np.zeros_like(node.value))

    def _watch(self, line, operand, contribution):
        """Keep what a line adds to the adjoint of an operand, which may be several of its operands."""
        if not _is_several(operand):
            sent = self.sent[line]
            sent[operand] = sent[operand] + contribution if operand in sent else contribution

    def _sent(self, line):
        """What a line adds to the adjoints of what it is made of."""
        if line.rule is not PART or line not in self.adjoints:
            return self.sent.get(line, {})
        alone, own = _alone(line)  # the sweep sees only what all results of a call send together
        return dict(zip(own, vjp([alone], [self.adjoints[line]], list(own.values())), strict=True))

    def _name(self, lines, definitions):
        """Lines get the names of the definitions that they compute, or v1, v2, ..."""
        taken = set(self.names.values())
        free = (name for name in (f"v{k}" for k in count(1)) if name not in taken)
        of_span = Counter(line.span for line in lines)  # a line that has it for itself is all there is to a definition
        for line in lines:
            own = "f" if line is self.output else definitions.get(line.span) if of_span[line.span] == 1 else None
            self.names[line] = own if own and own not in taken else next(free)
            taken.add(self.names[line])

    def _gradient(self):
        """Lines or constants by df/dx, simplified as they are made."""
        labels = [partial({name: 1})[0] for name in self.wrt]
        if not self.recorded.varies:
            return dict.fromkeys(labels, 0.0)
        with Recording() as recording, simplifying(), np.errstate(all="ignore"):
            recording.adopt(ancestors([self.output]))
            one = np.ones((), self.output.value.dtype)
            found = vjp([self.output], [one], list(self.wrt.values()), record=True)
        return dict(zip(labels, map(_line_or_constant, found), strict=True))

    def _line(self, line):
        """The node of a call."""
        args = tuple(dict.fromkeys(self.names[o] for o in _call(line).parents))
        return self._node(line, operation(line, self.names, self.recorded.source), args)

    def _node(self, line, op, args):
        text = self.recorded.source[line.span.start : line.span.end] if line.span else None
        by_operand = (partials(line), self._sent(line), self._received(line))
        slopes, sent, received = ({self.names[o]: v for o, v in by.items()} for by in by_operand)
        return Node(self.names[line], op, args, text, line.span, line.value, self.adjoints.get(line), slopes, sent,
                    self.tangents.get(line), received)  # fmt: skip

    def _end(self, name, g, ends):
        """The node of a derivative by a variable, with the value that it has everywhere else."""
        label, value = partial({name: 1})[0], self.adjoints[self.wrt[name]]
        if type(g) is not Line:
            return self._still(Node(label, constant(g), value=value))
        if g in ends:
            return self._line(g)._replace(value=value)
        return Node(label, self.names[g], (self.names[g],), value=value, tangent=self.tangents.get(g))


@np.errstate(all="ignore")
def partials(line):
    """The derivatives of a line by what it is made of, by operand.

    A number where it is one everywhere; an array of the shape of the line where an entry depends on an entry, or on a
    number; of the shape of the operand where the line is a number. Else None: it has the axes of both.
    """
    operands = dict.fromkeys(o for o in _call(line).parents if not _is_several(o) and o.value.dtype.kind == "f")
    if line.rule.kind == "constant":
        return dict.fromkeys(operands, 0.0) if line.value.dtype.kind == "f" else {}
    if line.rule.kind == "elementwise":
        return _elementwise(line)
    moving = {_call(line).operands[i] for i in _call(line).moving}
    alone, own = _alone(line)
    return {operand: _slope(alone, own[operand]) for operand in operands if operand in moving}


def _elementwise(line):
    found = {}
    arguments = [o.value if type(o) is Line else o for o in line.operands]
    for i in line.moving:
        operand, slope = line.operands[i], line.rule.derivatives[i](line.value, *arguments, **line.params)
        slope = np.asarray(slope, float) if np.ndim(slope) == 0 else np.broadcast_to(slope, line.value.shape)
        found[operand] = found.get(operand, 0.0) + slope
    return found


def _alone(line):
    """The line made of variables of its own, and those by operand."""
    call = _call(line)
    own = {operand: input_line(operand.value) for operand in call.parents}
    operands = tuple([own[o] if type(o) is Line else o for o in call.operands])
    alone = Line(call.rule, operands, call.params, call.value, call.moving)
    return alone if line is call else Line(PART, (alone,), line.params, line.value, (0,)), own


def _slope(line, operand):
    """The derivative of a line that is not elementwise, where it has the shape of one of the two."""
    if np.ndim(line.value) == 0 or line.rule.function in _ENTRY_BY_ENTRY:
        return vjp([line], [np.ones_like(line.value)], [operand])[0]
    return jvp([line], [operand], [np.ones_like(operand.value)])[0] if np.ndim(operand.value) == 0 else None


def _call(line):
    """The call that a line is, or of which it is one of several results."""
    return line.operands[0] if line.rule is PART else line


def _shown(outputs):
    """The lines up to outputs without those that have several results, which are shown one by one."""
    return [line for line in ancestors(outputs) if line.operands and not _is_several(line)]


def _is_several(line):
    return isinstance(line.value, tuple)


def _line_or_constant(g):
    return g if not isinstance(g, Tensor) else g.value if g.line is None else g.line
