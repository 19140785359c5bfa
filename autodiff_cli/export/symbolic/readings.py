"""How functions of NumPy are read as sums of products: each reading takes sums and gives one, or None."""

from fractions import Fraction

import numpy as np

from ...engine.nn import peak
from ...engine.rulebook.contractions import contract
from ...engine.rulebook.shapes import cast
from ...engine.rules import find
from .algebra import ONE, Applied, Unsaid, fresh
from .calls import aligned, call, spread
from .forms import FORMS, contraction, positions
from .products import constant, grouped, product, raised, scaled, single, total
from .recognition import recognised


def _add(a, b):
    shape = np.broadcast_shapes(a.shape, b.shape)
    return total([spread(a, shape), spread(b, shape)], shape)


def times(a, b):
    axes = fresh(np.broadcast_shapes(a.shape, b.shape))
    return product([(_closed(p), aligned(p.shape, axes)) for p in (a, b)], axes)


def _closed(part):
    """A sum over axes in parentheses, so that its powers are seen."""
    if len(part.terms) != 1 or not part.terms[0].summed:
        return part
    number, axes = part.terms[0].coefficient, fresh(part.shape)
    _, factor = grouped(scaled(1 / number, part), axes)
    return product([(single(factor.atom), factor.axes)], axes, number)


def raise_to(a, power):
    """A power, entry by entry; those of exp are exp again, and even ones of a length are sums of squares."""
    atom = a.bare
    if isinstance(atom, Applied) and atom.rule.function is np.exp:
        return call(atom.rule, [scaled(power, atom.arguments[0])])
    if isinstance(atom, Applied) and atom.rule.function is np.linalg.norm and power == 2:
        return _sum(raised(_closed(atom.arguments[0]), power))
    return raised(a, power)


def _matmul(a, b):
    ranks = len(a.shape), len(b.shape)
    labels = {(2, 2): "ij,jk->ik", (2, 1): "ij,j->i", (1, 2): "i,ij->j", (1, 1): "i,i->"}
    if ranks not in labels:
        raise Unsaid("stacks of matrices")
    return contraction(labels[ranks], a, b)


def _dot(a, b):
    return times(a, b) if 0 in (len(a.shape), len(b.shape)) else _matmul(a, b)


def _inner(a, b):
    return _dot(a, b.reordered((1, 0)) if len(b.shape) == 2 else b)


def _outer(a, b):
    return contraction("i,j->ij", a, b) if len(a.shape) == len(b.shape) == 1 else None


def _vdot(a, b):
    letters = "ijkl"[: len(a.shape)]
    return contraction(f"{letters},{letters}->", a, b) if a.shape == b.shape else None


def _matrix_power(a, n):
    if not 1 <= n <= 4:
        return None
    answer = a
    for _ in range(n - 1):
        answer = _matmul(answer, a)
    return answer


def _tensordot(a, b, axes=2):
    n, m = len(a.shape), len(b.shape)
    left, right = axes if np.iterable(axes) else (range(n - axes, n), range(axes))
    own, other = fresh(a.shape), list(fresh(b.shape))
    pairs = [(int(i) % n, int(k) % m) for i, k in zip(np.ravel(left), np.ravel(right), strict=True)]
    for i, k in pairs:
        other[k] = own[i]
    kept = [x for i, x in enumerate(own) if i not in dict(pairs)]
    kept += [x for k, x in enumerate(other) if k not in [k for _, k in pairs]]
    return product([(a, own), (b, tuple(other))], tuple(kept))


def _sum(a, axis=None, keepdims=False):
    axes, gone = fresh(a.shape), positions(axis, len(a.shape))
    left = tuple(fresh((1,))[0] if k in gone else axis for k, axis in enumerate(axes) if keepdims or k not in gone)
    return product([(a, axes)], left)


def _mean(a, axis=None, keepdims=False):
    answer = _sum(a, axis, keepdims)
    if not np.prod(a.shape):
        raise Unsaid("a mean of nothing")
    return scaled(Fraction(int(np.prod(answer.shape)), int(np.prod(a.shape))), answer)


def _trace(a, offset=0, axis1=0, axis2=1):
    if offset or len(a.shape) != 2 or a.shape[0] != a.shape[1]:
        return None
    return contraction("ii->", a)


def _where(condition, a, b):
    """A choice between something and nothing is a product with the condition."""
    if not _is_truth(condition):
        return None
    if _is_infinite(a) and _compares(condition, np.equal):
        return b  # of nothing at all
    if not b.terms:
        return times(condition, a)
    if not a.terms:
        return times(negated(condition), b)
    return None


def _both(a, b):
    """What is true anyway says nothing."""
    return a if b.number and _is_truth(a) else b if a.number and _is_truth(b) else None


def _is_truth(part):
    return part.bare is not None and part.bare.truth


def _compares(condition, function):
    return condition.bare.rule.function is function


def _is_infinite(part):
    return len(part.terms) == 1 and not np.isfinite(part.value).all()


def negated(condition):
    """Where a condition does not hold."""
    return call(find(np.logical_not), [condition])


def _inverse(a):
    """The inverse of a transpose is the transpose of the inverse, and that of an inverse the matrix itself."""
    atom = a.bare
    if isinstance(atom, Applied) and atom.rule.function is np.linalg.inv:
        return atom.arguments[0]
    if a.is_turned:
        return _inverse(a.reordered((1, 0))).reordered((1, 0))
    return call(find(np.linalg.inv), [a])


def _upright(function):
    """A function of a matrix that its transpose shares."""

    def read(a):
        return call(find(function), [a.reordered((1, 0)) if a.is_turned else a])

    return read


def _norm(x, ord=None, axis=None, keepdims=False):
    squares = ord is None or ord in ("fro", "f") or (ord == 2 and (len(x.shape) == 1 or isinstance(axis, int)))
    if axis is None and not keepdims and squares:
        return call(find(np.linalg.norm), [x])
    if squares:
        return raise_to(_sum(raise_to(_closed(x), Fraction(2)), axis, keepdims), Fraction(1, 2))
    if ord == 1 and len(x.shape) == 1 and not keepdims:
        return _sum(call(find(np.absolute), [x]))
    return None


def _nothing(a, axis=None):
    """The largest element, which an exponential is shifted by, changes nothing."""
    return constant(Fraction(0), np.max(np.empty(a.shape), axis=axis, keepdims=True).shape)


def _same(a, *_, **__):
    return a


READINGS = FORMS | {
    np.add: _add,
    np.subtract: lambda a, b: _add(a, scaled(-1, b)),
    np.negative: lambda a: scaled(-1, a),
    np.multiply: times,
    np.true_divide: lambda a, b: recognised(times(a, raise_to(_closed(b), -ONE))),
    np.reciprocal: lambda a: raise_to(_closed(a), -ONE),
    np.square: lambda a: raise_to(_closed(a), Fraction(2)),
    np.sqrt: lambda a: raise_to(_closed(a), Fraction(1, 2)),
    np.power: lambda a, b: None if b.number is None else raise_to(_closed(a), b.number),
    peak: _nothing,
    np.positive: _same,
    np.copy: _same,
    np.real: _same,
    np.conjugate: _same,
    cast: _same,
    np.matmul: _matmul,
    np.matvec: _matmul,
    np.vecmat: _matmul,
    np.vecdot: lambda a, b, axis=-1: _matmul(a, b),
    np.dot: _dot,
    np.inner: _inner,
    np.outer: _outer,
    np.vdot: _vdot,
    contract: lambda *parts, subscripts, optimize=False: contraction(subscripts, *parts),
    np.linalg.matrix_power: _matrix_power,
    np.tensordot: _tensordot,
    np.sum: _sum,
    np.mean: _mean,
    np.trace: _trace,
    np.where: _where,
    np.logical_and: _both,
    np.linalg.inv: _inverse,
    np.linalg.det: _upright(np.linalg.det),
    np.linalg.solve: lambda a, b: _matmul(_inverse(a), b),
    np.linalg.norm: _norm,
}
