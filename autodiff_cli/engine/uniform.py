"""Recording for arrays too large to be computed with while a program is recorded.

In the place of each large array stands one number, repeated without memory. What goes element by element is then
computed for that number alone, so that lines have their true shapes at no cost.
"""

from contextlib import contextmanager

import numpy as np

from .program import Line
from .recording import modes
from .rulebook.shapes import cast

LARGE = 1 << 18  # entries


class TooLarge(ValueError):
    """A call that is not made element by element."""


@contextmanager
def uniformly(arrays):
    """Record large arrays as their first number repeated: gives all of them, in C order, to record with.

    A call that does more than go element by element, and sum up, raises TooLarge.
    """
    if not all([array.flags.c_contiguous for array in arrays if is_large(array)]):
        raise TooLarge("an array in another order")
    before, modes.evaluate = modes.evaluate, _evaluate
    try:
        yield [np.broadcast_to(array.flat[0], array.shape) if is_large(array) else array for array in arrays]
    finally:
        modes.evaluate = before


def is_large(x):
    return np.size(x) >= LARGE


def _evaluate(rule, operands, params):
    values = [o.value if type(o) is Line else o for o in operands]
    if not any(map(is_large, values)) and rule.function not in _REPEATING:
        return rule.evaluate(*values, **params)
    if rule.function is np.broadcast_to:
        return rule.evaluate(*values, **params)
    if is_total(rule, values[0], params):
        return number(values[0]) * (np.size(values[0]) if rule.function is np.sum else 1)
    if not is_elementwise(rule) or (params and rule.function is not cast):
        raise TooLarge(rule.name)
    shape = np.broadcast_shapes(*map(np.shape, values))
    return np.broadcast_to(rule.evaluate(*map(number, values), **params), shape)


_REPEATING = (np.broadcast_to,)


def number(value):
    """The number of which a large array consists; anything else as it is, but without axes."""
    if not np.ndim(value):
        return value
    first = value.flat[0]
    if any(value.strides) and not np.all(value == first):
        raise TooLarge("an array")
    return first


def is_elementwise(rule):
    return rule.kind == "elementwise" or (isinstance(rule.function, np.ufunc) and rule.function.signature is None) or \
        rule.function is np.where  # fmt: skip


def is_total(rule, value, params):
    """Whether this is the sum or mean of all entries."""
    if rule.function not in (np.sum, np.mean):
        return False
    axis = params.get("axis")
    everything = axis is None or sorted(k % np.ndim(value) for k in np.atleast_1d(axis)) == [*range(np.ndim(value))]
    return everything and not params.get("keepdims")
