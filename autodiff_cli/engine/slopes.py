"""Derivatives inside of what is being recorded: lines again, to compute with and to differentiate again."""

from itertools import count
from math import factorial

import numpy as np

from ..errors import NotDifferentiable
from .differentiate import vjp
from .forward import jvp
from .jacobian import jacobian
from .program import between
from .recording import modes
from .rules import elementwise, find
from .simplify import simplifying
from .taylor import Series
from .tensor import Tensor, primitive, wrap

_marks = count()
_ENTRY_BY_ENTRY = {np.where, np.astype, np.copy, np.real, np.conjugate}  # linear functions that mix nothing


@primitive
def alias(x, mark=0):
    """x itself, as a line of its own: a derivative with respect to it knows which uses of x are meant."""
    return x


elementwise(alias, lambda y, x, mark=0: 1.0)


def renamed(value):
    """An alias that is equal to no other, of a Tensor or of a number, in the present Recording."""
    operand = value.line if isinstance(value, Tensor) and value.line else np.asarray(value, float)[()]
    return wrap(modes.recording.line(find(alias), (operand,), {"mark": next(_marks)}))


def derivative(y, x, order=1):
    """The derivative of y by the Tensor x, of shape y.shape + order * x.shape, in the present Recording."""
    if np.ndim(x) == 0:
        return _along(y, x, order)
    for _ in range(order):
        y = _jacobian(y, x)
    return y


def slope(y, x, order=1):
    """What y = f(x) has as f'(x): for each number of x its own slope, or the gradient where y is one number."""
    if np.ndim(x) == 0 or (np.ndim(y) == 0 and order == 1):
        return derivative(y, x, order)
    if _is_elementwise(y, x):
        return _along(y, x, order)
    raise NotDifferentiable("not-elementwise", "this function mixes the elements of its argument",
                            help="D(expr, x) gives all derivatives, one by each element of x")  # fmt: skip


def _is_elementwise(y, x):
    lines = between([y.line], [x.line]) if _moves(y) else ()
    return all(_keeps_entries(line.rule) and line.value.shape == x.shape for line in lines)


def _keeps_entries(rule):
    return rule.kind == "elementwise" or rule.function in _ENTRY_BY_ENTRY


def _moves(y):
    return isinstance(y, Tensor) and y.line is not None and y.dtype.kind in "fc"


def _along(y, x, order):
    """The derivative of all of y as every number of x moves alike: by Taylor series, so that its lines stay few."""
    if not _moves(y):
        return np.zeros(np.shape(y))
    with simplifying(), np.errstate(all="ignore"):
        if order == 1:
            return jvp([y.line], [x.line], [np.ones(x.shape)], record=True)[0]
        return factorial(order) * Series([x.line], [np.ones(x.shape)[()]], record=True).fill(y.line, order)[order]


def _jacobian(y, x):
    if not _moves(y):
        return np.zeros(np.shape(y) + x.shape)
    with simplifying(), np.errstate(all="ignore"):
        if y.ndim == 0:
            return vjp([y.line], [np.ones(())], [x.line], record=True)[0]
        return jacobian(y.line, [x.line], "forward", record=True)[0]
