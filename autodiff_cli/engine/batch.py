"""A leading axis for any call and any program: what was recorded for one point, run on many at once.

Elementwise functions only need their operands aligned. For the others a table has a row each, which moves axes,
shapes and keys past the new axis. What has no row is looped over, which is always right.
"""

import numpy as np

from ..errors import NotDifferentiable
from . import batchproducts  # noqa: F401  all rows must be in the table before one is looked for
from .batchbook import row_of
from .program import PART, Line


def call(rule, operands, batched, params):
    """rule(*operands, **params), where operands[i] has an additional leading axis (of one common length) if batched[i].

    The answer has it (a tuple of answers each has it).
    """
    if rule is PART:
        return operands[0][params["index"]]
    row = row_of(rule)
    answer = NotImplemented if row is None else row(rule.call, batched, *operands, **params)
    return _loop(rule, operands, batched, params) if answer is NotImplemented else answer


def run(program, points, batched):
    """program(*points) where points[i] has a leading axis if batched[i].

    The answer is a list of (value, is_batched) in the order of program.outputs.
    """
    values = dict(zip(program.inputs, zip(points, batched, strict=True), strict=True))

    def see(operand):
        return values[operand] if type(operand) is Line else (operand, False)

    for line in program.lines:
        operands, flags = zip(*map(see, line.operands), strict=True)
        if True in flags:
            values[line] = call(line.rule, operands, flags, line.params), True
        else:
            values[line] = line.rule.call(*operands, **line.params), False
    return [see(output) for output in program.outputs]


def _loop(rule, operands, batched, params):
    """One call after the other; an empty batch learns its shape from a call at any numbers."""
    count = np.shape(operands[batched.index(True)])[0]
    points = operands if count else [_any(x) if b else x for x, b in zip(operands, batched, strict=True)]
    answers = [
        rule.call(*(x[k] if b else x for x, b in zip(points, batched, strict=True)), **params)
        for k in range(max(count, 1))
    ]
    if isinstance(answers[0], tuple):
        return tuple(_stacked(rule, parts)[:count] for parts in zip(*answers, strict=True))
    return _stacked(rule, answers)[:count]


def _any(x):
    """A batch of one, of numbers that stand in no relation."""
    shape = (1, *np.shape(x)[1:])
    return np.random.default_rng(0).standard_normal(shape).astype(x.dtype)


def _stacked(rule, answers):
    if len(set(map(np.shape, answers))) > 1:
        raise NotDifferentiable(
            "shape",
            f"{rule.name} has answers of different shapes at the points of a batch",
            help="use where(condition, x, 0), whose shape does not depend on values",
        )
    return np.stack(answers)
