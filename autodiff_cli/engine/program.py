"""Straight-line code in which every value is bound once: the Wengert list.

A `Line` is one call on earlier lines and constants. Lines hold their operands, so a graph of
lines is freed when its last user lets go. A `Program` is a checked, pruned list of them in order
of creation, with its inputs and outputs: what is printed, simplified, differentiated again, or run
at other points.
"""

from itertools import count
from operator import attrgetter

import numpy as np

from ..errors import GraphError
from .forms import leaf_form
from .rules import NO_PARAMS, Rule

next_number = count().__next__  # of the next line
BY_NUMBER = attrgetter("number")

# Called for the span of a line that is made eagerly, where somebody wants to know which code is at work.
place = None

# The two rules that no function stands behind: a point of entry, and one of several results.
INPUT = Rule(None, "input")
PART = Rule(None, "part", evaluate=lambda results, *, index: results[index])


class Line:
    """`value = rule(*operands, **params)`: operands are Lines, or constants as they stand.

    `number` grows in order of creation, which is a topological order. `span` is the piece of source
    text that the line computes, where there is one. `name` is set for inputs. `moving` has the positions
    of the Lines among the operands through which a derivative flows. `form` says of what kind the graph behind an
    eager line is (forms.py). `owner` is a weak reference to the Tensor that keeps its gradient, where there is one.
    """

    __slots__ = ("__weakref__", "form", "moving", "name", "number", "operands", "owner", "params", "rule", "span",
                 "value")  # fmt: skip

    def __init__(self, rule, operands, params, value, moving, form=None, span=None, name=None):
        self.rule = rule
        self.operands = operands
        self.params = params
        self.value = value
        self.moving = moving
        self.form = form
        self.span = span if place is None else place()
        self.name = name
        self.owner = None
        self.number = next_number()

    def __repr__(self):
        return f"<line {self.number}: {self.rule.name if self.rule is not INPUT else self.name}>"

    @property
    def freed(self):
        """Whether its operands were let go of, after a backward pass."""
        return not self.operands and self.rule is not INPUT

    @property
    def parents(self):
        """The operands that are lines."""
        return [o for o in self.operands if type(o) is Line]


def lines_among(rule, operands):
    """The positions of operands that are Lines and through which a derivative flows."""
    return tuple([i for i, o in enumerate(operands) if type(o) is Line and (not rule.still or rule.passes(i))])


def input_line(value, name=None, span=None):
    """A line without operands: a variable, or a leaf tensor."""
    value = value if hasattr(value, "shape") else np.asarray(value)[()]
    return Line(INPUT, (), NO_PARAMS, value, (), leaf_form(value), span, name)


def ancestors(lines):
    """All lines that the given ones need, themselves included, in order of creation."""
    seen = set(lines)
    stack = list(seen)
    while stack:
        for operand in stack.pop().operands:
            if type(operand) is Line and operand not in seen:
                seen.add(operand)
                stack.append(operand)
    return sorted(seen, key=BY_NUMBER)


def between(outputs, inputs, lines=None):
    """The lines through which a derivative flows from inputs to outputs, in order, with the positions of
    those of their operands that it comes through: {line: [position, ...]}. `lines` are those behind the
    outputs, where they are known."""
    led, found = set(inputs), {}
    lines = behind(outputs) if lines is None else lines
    if all([line.rule is INPUT for line in inputs]) and all([line.moving or line in led for line in lines]):
        return {line: line.moving for line in lines if line.moving}  # every way back leads to an input
    for line in lines:
        positions = [i for i in line.moving if line.operands[i] in led]
        if positions:
            found[line] = positions
            led.add(line)
    return found


def fragile_lines(moving):
    """Those lines of `between` on whose way from an input a rule with poles stands."""
    fragile = set()
    for line, positions in moving.items():
        if line.rule.fragile or any([line.operands[i] in fragile for i in positions]):
            fragile.add(line)
    return fragile


def exposed_lines(moving):
    """Those lines of `between` from which a rule with poles lies further on."""
    exposed = set()
    for line, positions in reversed(moving.items()):
        if line.rule.fragile or line in exposed:
            exposed.update([line.operands[i] for i in positions])
    return exposed


def behind(outputs):
    """The lines through which a derivative can flow to outputs, themselves included, in order of creation."""
    seen = set(outputs)
    stack = list(seen)
    while stack:
        line = stack.pop()
        operands = line.operands
        if not operands and line.freed:
            raise GraphError("freed", "the graph was freed by an earlier backward pass",
                             help="give that one retain_graph=True, or compute the value again")  # fmt: skip
        for i in line.moving:
            operand = operands[i]
            if operand not in seen:
                seen.add(operand)
                stack.append(operand)
    return sorted(seen, key=BY_NUMBER)


class Program:
    """Lines from `inputs` to `outputs`: a function of arrays that can be read.

    inputs   input Lines, in the order in which the program is called
    outputs  Lines, or constants where an output depends on no input
    lines    the calls between them, pruned to what the outputs need, in order
    """

    def __init__(self, inputs, outputs):
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        needed = ancestors([o for o in self.outputs if type(o) is Line])
        self.lines = tuple(line for line in needed if line.rule is not INPUT)
        unbound = [line for line in needed if line.rule is INPUT and line not in self.inputs]
        if unbound:
            raise ValueError(f"the program needs {unbound[0]!r}, which is not among its inputs")
        self.code = Code(self)

    def __call__(self, *points):
        """The outputs at other values of the inputs; Tensors give Tensors."""
        return self.code(*points)

    def names(self):
        """A name for each line: inputs keep theirs, the others are v0, v1, ... in order."""
        taken = {line.name for line in self.inputs}
        free = (name for name in (f"v{k}" for k in count()) if name not in taken)
        return {line: line.name or next(free) for line in self.inputs + self.lines}

    def __str__(self):
        names = self.names()

        def show(operand):
            if isinstance(operand, np.ndarray):
                return np.array2string(operand, threshold=10, edgeitems=2, separator=", ").replace("\n", "")
            return names[operand] if type(operand) is Line else str(operand)

        rows = [f"{names[line]} = input" for line in self.inputs]
        for line in self.lines:
            args = [show(o) for o in line.operands] + [f"{k}={v}" for k, v in line.params.items()]
            rows.append(f"{names[line]} = {line.rule.name}({', '.join(args)})")
        return "\n".join([*rows, "return " + ", ".join(map(show, self.outputs))])


class Code:
    """What a Program computes, without its lines: a register for each value, and the calls between them.

    Registers are first those of the inputs, then those of the constants, then those of the calls in order.
    """

    def __init__(self, program):
        lines, operands = program.lines, [o for line in program.lines for o in line.operands]
        self.inputs = len(program.inputs)
        self.constants = [o for o in (*operands, *program.outputs) if type(o) is not Line]
        register = {line: i for i, line in enumerate(program.inputs)}
        register.update((line, self.inputs + len(self.constants) + i) for i, line in enumerate(lines))
        constants = count(self.inputs)

        def place(operand):
            return register[operand] if type(operand) is Line else next(constants)

        self.steps = [(line.rule, [place(o) for o in line.operands], line.params) for line in lines]
        self.outputs = [place(o) for o in program.outputs]

    def __call__(self, *points):
        """The outputs at a point: raw functions on arrays, those that record on Tensors."""
        if len(points) != self.inputs:
            raise ValueError(f"the program has {self.inputs} inputs, not {len(points)}")
        plain = all([isinstance(p, (np.ndarray, np.generic)) for p in points])
        values = [*points, *self.constants]
        for rule, places, params in self.steps:
            call = rule.evaluate if plain else rule.call
            values.append(call(*[values[i] for i in places], **params))
        return tuple([values[i] for i in self.outputs])
