"""Quotients of exponentials by the names that they have."""

import numpy as np

from ...engine.rulebook.exponential import sigmoid
from ...engine.rules import find
from .algebra import ONE, Applied, Factor, Group, Sum
from .calls import SOFTMAX, applied


def recognised(part):
    """A sum in which quotients of exponentials are the functions that they are."""
    return Sum([known_by_name(t) for t in part.terms], part.shape)


def known_by_name(term):
    """exp(x)/sum(exp(x)) is softmax(x), and exp(x)/(1 + exp(x)) is sigmoid(x)."""
    for factor in term.factors:
        if isinstance(factor.atom, Applied) and factor.atom.rule.function is np.exp and factor.power >= 1:
            for shared in term.factors:
                known = _quotient(factor, shared) if isinstance(shared.atom, Group) and shared.power <= -1 else None
                if known is not None:
                    return known_by_name(_exchanged(term, factor, shared, known))
    return term


def _exchanged(term, over, under, known):
    """A term with a factor in place of a quotient of two."""
    power = min(over.power, -under.power)
    rest = [f for f in term.factors if f is not over and f is not under]
    rest += [f for f in (over._replace(power=over.power - power), under._replace(power=under.power + power)) if f.power]
    return term._replace(factors=(*rest, Factor(known, over.axes, power)))


def _quotient(factor, shared):
    """The atom that exp(x) divided by a sum is, if it is one."""
    atom, axes, _ = factor
    inner = shared.atom.sum.terms
    if len(inner) == 2 and shared.axes == axes and shared.power == -factor.power:
        others = [t for t in inner if t.factors]
        if len(others) == 1 and _is_just(others[0], atom) and all(t.coefficient == 1 for t in inner):
            return applied(find(sigmoid), atom.arguments)
    if len(inner) != 1 or inner[0].coefficient != 1 or len(inner[0].factors) != 1:
        return None
    (same,) = inner[0].factors
    gone = [k for k, a in enumerate(same.axes) if a not in inner[0].axes]
    left = tuple(a for k, a in enumerate(axes) if k not in gone)
    if same.atom != atom or same.power != 1 or len(gone) != 1 or left != shared.axes:
        return None
    return softmax_of(atom.arguments[0], gone[0])


def _is_just(term, atom):
    return [(f.atom, f.power, f.axes) for f in term.factors] == [(atom, ONE, term.axes)]


def softmax_of(x, axis):
    """softmax of a sum along an axis."""
    last = axis == len(x.shape) - 1
    return applied(SOFTMAX, [x], {} if last else {"axis": axis})
