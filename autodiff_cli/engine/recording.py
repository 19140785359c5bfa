"""Recording a program: equal lines are one line, and what holds while it goes on.

A program must hold at other points too, so inside `with Recording():` comparisons are lines, and asking a Tensor for
its truth raises. Outside of it, eagerly, every call makes a line of its own.
"""

import threading

import numpy as np

from ..errors import NotDifferentiable
from .program import Line, lines_among

# What is told of numbers that leave the graph.
LEAVES = "is taken out of what is differentiated: if it comes back into the answer, its derivative does not"

_SMALL = 8  # constants up to this size are compared by value when equal lines are sought


class _Modes(threading.local):
    """What holds in this thread: the program being recorded, and whether gradients are wanted at all."""

    recording = None
    grad = True
    delicate = 0  # how often a function was called where simplify.py may know a better way to differentiate
    retained = False  # whether gradients are kept for more than leaves
    released = None  # called with a line whose value leaves the graph, the method by which it does, and what that means
    evaluate = None  # called in the place of a rule for the value of a recorded line: evaluate(rule, operands, params)
    depth = 0  # how many functions are being differentiated by the ones outside of this call

    # Whether a call only has to make a line: one look where two would be.
    eager = True

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name in ("recording", "grad"):
            super().__setattr__("eager", self.recording is None and self.grad)


modes = _Modes()


class TooLong(Exception):
    """A program has more lines than it may."""


class Recording:
    """A program being recorded.

    most      how many lines it may have: TooLong is raised for more; None for any number
    span      the piece of source that new lines belong to
    rewrite   called as rewrite(recording, rule, operands, params) before a line is made: what to use
              in its place (a Line or a constant), or None
    """

    def __init__(self, most=None):
        self.most = most
        self.known = {}
        self.span = None
        self.rewrite = None
        self.outer = []  # what held before, each time this was entered

    def __enter__(self):
        self.outer.append((modes.recording, modes.grad))
        modes.recording, modes.grad = self, True  # a program is differentiated, whatever is wanted of Tensors
        return self

    def __exit__(self, *_):
        modes.recording, modes.grad = self.outer.pop()

    def line(self, rule, operands, params, like=None):
        """The line of this call: one that is already there, or a new one; `like` is an equal line made elsewhere."""
        if self.rewrite is not None:
            found = self.rewrite(self, rule, operands, params)
            if found is not None:
                return found
        key = (rule, tuple(map(_identity, operands)), _frozen(params))
        line = self.known.get(key)
        if line is None:
            if self.most is not None and len(self.known) >= self.most:
                raise TooLong
            line = like
            if like is None or any([a is not b for a, b in zip(operands, like.operands, strict=True)]):
                value = (modes.evaluate or _evaluate)(rule, operands, params) if like is None else like.value
                line = Line(rule, operands, params, value, lines_among(rule, operands), span=self.span)
            self.known[key] = line
        return line

    def truth(self, line):
        """The truth of a line, where code asks for it to decide which way it goes."""
        raise NotDifferentiable(
            "leak",
            "the truth of a value is not part of the program",
            help="use where(condition, a, b), which keeps both branches",
        )

    def release(self, line):
        """The value of a line is taken out of the program, if it can be."""

    def adopt(self, lines):
        """Take in lines that were recorded elsewhere, so that equal ones are these."""
        for line in lines:
            if line.operands:
                self.known.setdefault((line.rule, tuple(map(_identity, line.operands)), _frozen(line.params)), line)


def tell(line, what, why):
    """Tell of what has no derivative any more, if it had one, and somebody wants to know."""
    if modes.released is not None and line is not None:
        modes.released(line, what, why)


def check_eager(happens, what):
    """What would stay as it is now is refused while a program is recorded, which has to hold at other points."""
    if happens and modes.recording is not None:
        modes.recording.release(None)
        raise NotDifferentiable("leak", f"{what} is not part of the program", help="use ad.stop_gradient(x)")


def _identity(operand):
    """What makes two operands equal: being the same line, or small constants of the same bytes."""
    if type(operand) is Line:
        return operand
    if isinstance(operand, np.ndarray):
        return (operand.dtype.char, operand.shape, operand.tobytes()) if operand.size <= _SMALL else id(operand)
    return type(operand), repr(operand)  # repr tells 0.0 from -0.0 and finds nan equal to itself


def _frozen(params):
    return tuple(sorted((name, _identity(value)) for name, value in params.items())) if params else ()


def _evaluate(rule, links, params):
    return rule.evaluate(*[link.value if type(link) is Line else link for link in links], **params)
