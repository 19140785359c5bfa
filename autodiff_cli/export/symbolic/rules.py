"""Derivatives of atoms: rule(atom, which argument, adjoint, number of leading axes) is the adjoint of the argument.

Matrix calculus is said as in Petersen and Pedersen, "The Matrix Cookbook", 2012; the rest is the engine's rules, run on
Tensors that stand for the arguments.
"""

from fractions import Fraction
from functools import partial
from math import prod

import numpy as np

from ...engine.differentiate import each
from ...engine.linalg import logdet
from ...engine.nn import softmax
from ...engine.recording import Recording
from ...engine.rules import find
from ...engine.tensor import Tensor, variable
from .algebra import ONE, Unsaid, fresh
from .calls import aligned, is_entrywise, literal
from .forms import positions
from .products import product, raised, scaled, single, termwise, total
from .reading import Reader, understood
from .textbook import PARTIALS

_MOST = 32  # terms


def distributes(adjoint, lead):
    """Whether each term of an adjoint is multiplied by itself: those of a number, and of a Jacobian."""
    return (bool(lead) or not adjoint.used) and len(adjoint.terms) <= _MOST


def rule_of(atom):
    """The rule of an atom."""
    return RULES.get(atom.rule.function) or (_entrywise if is_entrywise(atom.rule) else _by_rule)


def _entrywise(atom, k, adjoint, lead):
    """The adjoint times the partial derivative."""
    slope = _partial(atom, k)
    if slope is None or not slope.terms:
        return None
    axes = fresh(adjoint.shape)
    multiply = termwise if distributes(adjoint, lead) else product
    return multiply([(adjoint, axes), (slope, aligned(slope.shape, axes[lead:]))], axes)


def _partial(atom, k):
    """A partial derivative by the rule, run on Tensors that stand for the arguments."""
    rule = atom.rule
    if rule.kind == "constant":
        return None
    partials = PARTIALS.get(rule.function, rule.derivatives)
    if partials[k] is None:
        return None
    with Recording(), np.errstate(all="ignore"):
        tensors, known = _stand_ins(atom)
        y = rule.call(*tensors, **atom.params)
        known[y.line] = single(atom)
        return _read(partials[k](y, *tensors, **atom.params), known)


def _stand_ins(atom):
    """Tensors for the arguments, and the sums by their lines; numbers stand for themselves."""
    tensors = [float(a.number) if a.number is not None else variable(np.asarray(a.value)) for a in atom.arguments]
    pairs = zip(tensors, atom.arguments, strict=True)
    return tensors, {t.line: a for t, a in pairs if isinstance(t, Tensor)}


def _read(found, known):
    if isinstance(found, Tensor):
        return Reader(known).read(found.line) if found.line is not None else literal(found.value)
    return literal(found)


def _by_rule(atom, k, adjoint, lead):
    """Any other function by the engine's rule, for one number."""
    rule = atom.rule
    if rule.kind == "constant":
        return None
    if lead or rule.kind not in ("linear", "bilinear", "general"):
        raise Unsaid(f"a Jacobian of {rule.name}")
    with Recording(), np.errstate(all="ignore"):
        tensors, known = _stand_ins(atom)
        y, g = rule.call(*tensors, **atom.params), variable(adjoint.value)
        known |= {y.line: single(atom), g.line: adjoint}
        if rule.kind == "general":
            found = _read(each(rule.derivatives[0](g, y, *tensors, **atom.params))[k], known)
        else:
            found = _read(rule.derivative(k)(g, *tensors, **atom.params), known)
    return _fitted(found, atom.arguments[k].shape)


def _fitted(found, shape):
    """A contribution in the shape of its argument: summed over axes along which that was repeated."""
    axes = fresh(found.shape)
    left = tuple(
        a if a.size == n else fresh((n,))[0] for a, n in zip(axes[len(axes) - len(shape) :], shape, strict=True)
    )
    return found if found.shape == shape else termwise([(found, axes)], left)


def _inverse(atom, k, adjoint, lead):
    """d(inv(A)) = -inv(A) dA inv(A)."""
    if len(atom.shape) != 2:
        raise Unsaid("stacks of matrices")
    axes, (p, q, i, j) = fresh(adjoint.shape[:lead]), fresh(atom.shape * 2)
    inverse = single(atom)
    parts = [(adjoint, (*axes, p, q)), (inverse, (p, i)), (inverse, (j, q))]
    return termwise(parts, (*axes, i, j), -ONE)


def _cofactors(atom, k, adjoint, lead, factor=True):
    """d(det(A)) = det(A) tr(inv(A) dA), and d(logdet(A)) without the first."""
    if len(atom.arguments[0].shape) != 2:
        raise Unsaid("stacks of matrices")
    axes, (i, j) = fresh(adjoint.shape[:lead]), fresh(atom.arguments[0].shape)
    inverse = understood(find(np.linalg.inv), atom.arguments)
    parts = [(adjoint, axes), *([(single(atom), ())] if factor else []), (inverse, (j, i))]
    return termwise(parts, (*axes, i, j))


def _length(atom, k, adjoint, lead):
    """d(norm(x)) = x/norm(x) dx."""
    (x,) = atom.arguments
    axes, own = fresh(adjoint.shape[:lead]), fresh(x.shape)
    return termwise([(adjoint, axes), (x, own), (single(atom, -ONE), ())], axes + own)


def _extreme(atom, k, adjoint, lead):
    """All to the entry that is the extreme, of all or along axes."""
    (x,) = atom.arguments
    gone = positions(atom.params.get("axis"), len(x.shape))
    axes, own = fresh(adjoint.shape[:lead]), fresh(x.shape)
    if atom.params.get("keepdims"):
        raise Unsaid("extremes that keep their axes")
    kept = tuple(a for i, a in enumerate(own) if i not in gone)
    hit = understood(find(np.equal), [x, termwise([(single(atom), kept)], own)])
    return termwise([(adjoint, (*axes, *kept)), (hit, own)], axes + own)


def _spread(atom, k, adjoint, lead):
    """d(var(x)) = 2/n (x - mean(x)) dx, and d(std(x)) = d(var(x))/(2 std(x))."""
    (x,) = atom.arguments
    if atom.params.keys() - {"axis", "ddof"}:
        raise Unsaid("variances that keep their axes")
    gone = positions(atom.params.get("axis"), len(x.shape))
    axes, own = fresh(adjoint.shape[:lead]), fresh(x.shape)
    kept = tuple(a for i, a in enumerate(own) if i not in gone)
    mean = termwise([(understood(find(np.mean), [x], {"axis": atom.params.get("axis")}), kept)], own)
    parts = [(adjoint, (*axes, *kept)), (total([x, scaled(-ONE, mean)], x.shape), own)]
    freedom = prod(x.shape[i] for i in gone) - atom.params.get("ddof", 0)
    if freedom < 1:
        raise Unsaid("a variance of too few numbers")
    number = Fraction(2, freedom)
    if atom.rule.function is np.std:
        parts, number = [*parts, (single(atom, -ONE), kept)], number / 2
    return termwise(parts, axes + own, number)


def _softmax(atom, k, adjoint, lead):
    """d(s) = s (dx - sum(s dx)) along the axis."""
    axis = atom.params.get("axis", -1) % len(atom.shape)
    axes, own = fresh(adjoint.shape[:lead]), fresh(atom.shape)
    other = tuple(fresh((a.size,))[0] if i == axis else a for i, a in enumerate(own))
    mean = termwise([(adjoint, (*axes, *other)), (single(atom), other)], (*axes, *own))
    inner = total([adjoint, scaled(-ONE, mean)], adjoint.shape)
    return (termwise if distributes(inner, lead) else product)([(inner, axes + own), (single(atom), own)], axes + own)


def _factors(atom, k, adjoint, lead):
    """d(prod(x)) = prod(x) sum(dx/x)."""
    if atom.params:
        raise Unsaid("products along an axis")
    (x,) = atom.arguments
    axes, own = fresh(adjoint.shape[:lead]), fresh(x.shape)
    return termwise([(adjoint, axes), (single(atom), ()), (raised(x, -ONE), own)], axes + own)


RULES = {
    np.linalg.inv: _inverse,
    np.linalg.det: _cofactors,
    logdet: partial(_cofactors, factor=False),
    np.linalg.norm: _length,
    np.max: _extreme,
    np.min: _extreme,
    np.nanmax: _extreme,
    np.nanmin: _extreme,
    np.prod: _factors,
    np.var: _spread,
    np.std: _spread,
    softmax: _softmax,
}
