"""Recording code that decides by values which way it goes: a program for all points at which it decides alike.

What such code asks of a Tensor by `if`, `while`, `and`, `max(a, b)` is its truth. It is answered, and kept beside the
line; at another point the lines hold if all of these have the truth that they had here. All else that takes a value
out of the program, or lets a value decide about a shape, is refused.
"""

from functools import reduce

import numpy as np

from ..errors import NotDifferentiable
from .program import INPUT, PART, Line, ancestors
from .recording import Recording
from .rulebook.indexing import index
from .rules import RULES
from .tensor import Tensor, wrap

_NEAR = 1e-9  # two numbers that are so close are told apart by how they were rounded
_OURS = ("numpy", "autodiff_cli", "_operator", "")  # whose functions are no black boxes
# Names of constant rules whose answers have shapes that follow from those of the operands, beside the ufuncs.
_FORMED = frozenset((
    "all", "allclose", "any", "argmax", "argmin", "argpartition", "argsort", "around", "array_equal", "array_equiv",
    "count_nonzero", "digitize", "fix", "isclose", "iscomplex", "isin", "isneginf", "isposinf", "isreal", "last",
    "nanargmax", "nanargmin", "peak", "ranks", "round", "searchsorted", "sign", "stopped", "truncated", "whole",
))  # fmt: skip
_UNFORMED = frozenset((
    "lstsq", "real_if_close", "roots",
))  # fmt: skip
_COMPARING = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}
# What gives the size of an answer, or a subtraction that of a sum, where it is given those of operands.
_SCALING = {np.absolute, np.add, np.subtract, np.multiply, np.square, np.sum, np.mean, np.dot, np.matmul}
# What gives the same bits in every way of computing it: rounded correctly, or not at all.
_EXACT = frozenset((
    "absolute", "add", "all", "any", "argmax", "argmin", "argsort", "assign",
    "broadcast_to", "ceil", "concatenate", "copy", "copysign", "divide", "equal", "expand_dims", "fabs", "floor",
    "fmax", "fmin", "greater", "greater_equal", "index", "isfinite", "isinf", "isnan", "less", "less_equal",
    "logical_and", "logical_not", "logical_or", "max", "maximum", "min", "minimum", "multiply", "negative",
    "not_equal", "positive", "ravel", "reciprocal", "reshape", "rint", "sign", "sqrt", "square", "squeeze", "stack",
    "stopped", "subtract", "transpose", "trunc", "where",
))  # fmt: skip


class Branching(Recording):
    """A program being recorded together with what decided about it.

    decisions  the truth that was found of each line that was asked for its own
    failed     whether a call failed: that it does not may be a decision as well, if the code goes on
    """

    def __init__(self, most=None):
        super().__init__(most)
        self.decisions, self.failed = {}, False

    def truth(self, line):
        """The truth of a line here."""
        found = self.decisions[line] = bool(line.value)
        return found

    def release(self, line):
        """The value of a line is taken out of the program, to do with it whatever the code likes."""
        self.refuse("a number")

    def refuse(self, what, *_):
        """What cannot be followed to other points."""
        self.failed = True
        raise NotDifferentiable("leak", f"{what} is not part of the program")

    def check_failing(self, output):
        """Refuse calls that are not needed for the output, or to decide, but may fail at other points."""
        needed = set(ancestors([o for o in (output, *self.decisions) if type(o) is Line]))
        if self.failed or any(_may_fail(line) for line in self.known.values() if line not in needed):
            self.refuse("a failure")

    def line(self, rule, operands, params, like=None):
        """The line of this call, if its answer has the same shape at all points."""
        if not _is_formed(rule, operands):
            self.refuse(f"the shape of {rule.name}")
        if not {"raise", "call"}.isdisjoint(np.geterr().values()):
            self.refuse("what NumPy raises")
        operands = tuple([np.bool_(o) if type(o) is bool else o for o in operands])  # programs ask for their type
        try:
            return super().line(rule, operands, params, like)
        except Exception:
            self.failed = True
            raise


def _is_formed(rule, operands):
    """Whether the shape of what a rule answers follows from the shapes of its operands."""
    if rule is PART:
        return True
    root = (getattr(rule.function, "__module__", "") or "").partition(".")[0]
    if RULES.get(rule.function) is not rule or root not in _OURS:
        return False
    if rule.function is index:
        return not any([type(o) is Line and o.value.dtype == bool for o in operands[1:]])
    if rule.kind == "constant":
        return isinstance(rule.function, np.ufunc) or rule.name in _FORMED
    return rule.name not in _UNFORMED


def _may_fail(line):
    """Whether a call can raise an error at some values: of matrices, of counts, at places that are computed."""
    if line.rule.kind in ("general", "constant"):
        return not isinstance(line.rule.function, np.ufunc)
    return line.value.dtype.kind in "iu" or (line.rule.still and len(line.parents) > 1)


@np.errstate(all="ignore")
def agreement(decisions):
    """A line that is true where all decisions would be the same, and none of them hangs on rounding; or True.

    decisions   the truth by the line
    """
    lines = ancestors(decisions)
    with Recording() as recording:
        recording.adopt(lines)
        found = [_same(wrap(line), truth) for line, truth in decisions.items()]
        found += [np.logical_not(np.any(close)) for close in _close(lines)]
        answer = reduce(np.logical_and, found, True)
    return answer.line if isinstance(answer, Tensor) and answer.line is not None else bool(answer)


def _same(value, truth):
    value = np.reshape(value, ())
    value = value if value.dtype == bool else np.not_equal(value, 0)
    return value if truth else np.logical_not(value)


def _close(lines):
    """Where numbers that are compared are equal, or nearly so, and may be so by rounding."""
    exact = set()
    for line in lines:
        if line.rule is INPUT or (line.rule.name in _EXACT and exact.issuperset(line.parents)):
            exact.add(line)
    compared = [line for line in lines if line.rule.function in _COMPARING and not exact.issuperset(line.parents)]
    sizes = _sizes(lines) if compared else {}
    for line in compared:
        a, b = line.operands
        yield np.less_equal(np.abs(_seen(a) - _seen(b)), _NEAR * (_size(a, sizes) + _size(b, sizes)))


def _sizes(lines):
    """How large the numbers are that each line comes from, whose rounding it has, where that is not its own size."""
    sizes = {}
    for line in lines:
        of_operands = [_size(o, sizes) for o in line.operands] if line.rule.function in _SCALING else []
        if line.rule.function is np.subtract:
            sizes[line] = np.add(*of_operands)
        elif of_operands:
            sizes[line] = line.rule.call(*of_operands, **line.params)
    return sizes


def _size(operand, sizes):
    return sizes[operand] if type(operand) is Line and operand in sizes else np.abs(_seen(operand))


def _seen(operand):
    """An operand to compute with: truth values are numbers."""
    return np.add(wrap(operand) if type(operand) is Line else operand, 0.0)


def alike(one, other):
    """Whether two recordings, of outputs each, are the same but for their values: rules, constants and order."""
    lines = [ancestors([o for o in outputs if type(o) is Line]) for outputs in (one, other)]
    if len(lines[0]) != len(lines[1]):
        return False
    twins = dict(zip(*lines, strict=True))
    return all(map(_is_twin, *lines, [twins] * len(twins))) and _are_twins(one, other, twins)


def _is_twin(one, other, twins):
    same = one.rule is other.rule and one.name == other.name and one.params.keys() == other.params.keys()
    same = same and _are_twins(one.params.values(), other.params.values(), twins)
    return same and np.shape(one.value) == np.shape(other.value) and _are_twins(one.operands, other.operands, twins)


def _are_twins(some, others, twins):
    return len(some) == len(others) and all(_twin(a, b, twins) for a, b in zip(some, others, strict=True))


def _twin(a, b, twins):
    if type(a) is Line or type(b) is Line:
        return type(a) is Line and twins.get(a) is b
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and repr(a) == repr(b)
