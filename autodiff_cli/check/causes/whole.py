"""The claim as a whole: a sign, a factor, another variable's derivative, a transpose, another order of its entries."""

from itertools import permutations

import numpy as np

from ...export.symbolic.spelling import NOWHERE
from ...export.symbolic.trees import call, keyword, plain, transposed
from ...language.syntax import Unary
from . import chain
from .factors import factor_of, sized, times, words
from .texts import script_text

_MOST_AXES = 4  # of an array whose axes are permuted


def find(case):
    """The first of these that turns the claim into the derivative at every point."""
    for kind in (_constant, _value, _sign, _factor, _swapped, _transposed, _reordered):
        cause = kind(case)
        if cause is not None:
            return cause
    return None


def _constant(case):
    """A claim of 0, written as a number or by a function."""
    if any(yours.any() for yours in case.yours) or (case.claim is not None and case.claim.variables):
        return None
    return case.cause("constant", f"{case.names[-1]} is taken for a constant", case.simplest())


def _value(case):
    """What was to be differentiated; but exp(f) as the derivative of exp(f) lacks an inner derivative."""
    if not case.is_grad or case.true[0].shape:
        return None
    if not case.equals(lambda k: case.yours[k], [recorded.value for recorded in case.recorded]):
        return None
    return chain.find(case) or case.cause("value", "this is the value, and not its derivative", case.simplest())


def _sign(case):
    if not case.holds(lambda k: -case.yours[k]):
        return None
    return case.cause("sign", "the sign is wrong", _formula(case, lambda tree: Unary("-", tree, NOWHERE)), "-yours")


def _factor(case):
    """2 and 1/2, and the sizes of what is summed over: for others there may be a better reason."""
    factor = factor_of(case)
    if factor is None or factor <= 0:
        return None
    size = sized(case, factor)
    if size is None and (factor not in (2, 0.5) or (case.slip and case.slip.kind == "function")):
        return None
    formula = case.claim and case.simplest(case.slip and case.slip.formula, times(factor, case.claim.script))
    number, sign = max(factor, 1 / factor), "*" if factor > 1 else "/"
    yours = f"{number:g}*yours" if sign == "*" else f"yours/{number:g}"
    return case.cause("factor", size or words(factor), formula, yours)


def _swapped(case):
    """The derivative by another variable."""
    if case.evidence.of == "hess":
        return None
    (name,), shape = case.names, case.true[0].shape
    for other, array in case.points[0].items():
        is_like = array.shape == case.points[0][name].shape and array.dtype.kind == "f"
        if other != name and other not in case.target.counts and is_like:
            theirs = [case.derivative(point, (other,)) for point in case.points]
            if theirs[0].shape == shape and case.equals(lambda k: case.yours[k], theirs):
                return _exchange(case, name, other)
    return None


def _exchange(case, name, other):
    """What is said where the claim is the derivative by another variable, which may be claimed as well; but that by b
    as the derivative of f(a*x + b) by a lacks an inner derivative."""
    claims = case.evidence.claims
    if other in claims and case.equals(lambda k: claims[other][k], case.evidence.true):
        words = f"{name} and {other} are exchanged: df/d{name} is claimed for {other}, and df/d{other} for {name}"
        return case.cause("swapped", words, case.simplest())
    words = f"this is df/d{other}, and not df/d{name}"
    return chain.stopped(case, only_way=True) or case.cause("swapped", words, case.simplest())


def _transposed(case):
    if case.true[0].ndim != 2 or not case.holds(lambda k: case.yours[k].T):
        return None
    return case.cause("transpose", "the result is transposed", _formula(case, transposed), "its transpose")


def _reordered(case):
    """Axes in another order, and entries that are reversed or moved along an axis."""
    for said, change, tree in _orders(case.true[0].ndim):
        if case.holds(lambda k, change=change: change(case.yours[k])):
            return case.cause("order", said, _formula(case, tree), "so ordered, it")
    return None


def _orders(rank):
    """(words, function of an array, function of a tree) for each other order."""
    if 2 < rank <= _MOST_AXES:
        for axes in list(permutations(range(rank)))[1:]:
            words = f"the axes are in another order, {', '.join(map(str, axes))}"
            yield words, lambda a, axes=axes: a.transpose(axes), lambda t, axes=axes: _call("transpose", t, axes=axes)
    for axis in range(rank):
        along = f" along axis {axis}" if rank > 1 else ""
        where = {"axis": axis} if rank > 1 else {}
        yield (f"the entries are in reverse order{along}", lambda a, axis=axis: np.flip(a, axis),
               lambda t, where=where: _call("flip", t, **where))  # fmt: skip
        for step in (1, -1):
            yield (f"the entries are off by one{along}", lambda a, axis=axis, step=step: np.roll(a, step, axis),
                   lambda t, where=where, step=step: _call("roll", t, step, **where))  # fmt: skip


def _call(name, tree, *rest, **named):
    return call(name, tree, *map(plain, rest), *(keyword(key, value) for key, value in named.items()))


def _formula(case, change):
    """The claim, mended: by a slip where it is one, or else as a whole."""
    if case.claim is None:
        return None
    script = case.claim.script
    whole = script_text(script._replace(result=change(script.result)))
    return case.simplest(case.slip and case.slip.formula, whole)
