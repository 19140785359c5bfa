"""Norms of vectors and matrices, and the condition number that is made of two of them.

A norm has a corner at 0, where its slope is taken to be 0; entries, columns or singular values that are equally
large share the slope of the largest.
"""

import numpy as np

from ..rules import composed, general
from .decompositions import evenly, is_rounding
from .products import conjugate


def _axes(x, axis):
    """The axes of a norm, counted from the front: all of them for None."""
    return tuple(range(np.ndim(x))) if axis is None else tuple(int(k) % np.ndim(x) for k in np.ravel(axis))


def _kept(z, x, axes):
    """An answer or cotangent in the shape that keepdims=True gives it."""
    return np.reshape(z, tuple(1 if k in axes else size for k, size in enumerate(np.shape(x))))


def _shared(chosen, slope, axes):
    """The slope, in equal parts, for what is chosen along the axes."""
    return np.where(chosen, slope / np.sum(np.where(chosen, 1.0, 0.0), axis=axes, keepdims=True), 0.0)


def _squared_length(x):
    return np.real(x * np.conjugate(x)) if np.iscomplexobj(x) else np.square(x)


def _vector(g, y, x, ord, axes):
    """The slope of a norm of all entries along the axes; of complex ones, the conjugate of their direction."""
    x = conjugate(x)
    if ord == 0:
        return np.zeros(np.shape(x))
    if ord == 1:
        return g * np.sign(x)
    if ord in (np.inf, -np.inf):
        return _shared(np.equal(np.abs(x), y), g * np.sign(x), axes)
    unit = np.where(np.equal(y, 0), 0.0, x / y)
    if ord in (None, 2, "fro", "f"):
        return g * unit
    # (|x| / y)^(ord-1) with the sign of x; for an even ord without |x|, whose own slope has a corner.
    if ord % 2 == 0:
        return g * unit * np.power(_squared_length(unit), ord / 2 - 1)
    return g * np.sign(x) * np.power(np.abs(unit), ord - 1)


def _matrix(g, y, x, ord, axes):
    """The slope of a norm of the matrices that lie along two axes."""
    if ord in ("fro", "f"):
        return _vector(g, y, x, ord, axes)
    if ord in ("nuc", 2, -2):
        x, g = np.moveaxis(x, axes, (-2, -1)), np.moveaxis(g, axes, (-2, -1))
        return np.moveaxis(_spectral(g, x, ord), (-2, -1), axes)
    inner, outer = axes if abs(ord) == 1 else axes[::-1]
    sums = np.sum(np.abs(x), axis=inner, keepdims=True)
    extreme = np.max if ord > 0 else np.min
    return _shared(np.equal(sums, extreme(sums, axis=outer, keepdims=True)), g * np.sign(conjugate(x)), outer)


def _spectral(g, x, ord):
    """Through the singular values: all of them, the largest or the smallest; those that are 0 stand still."""
    u, s, vt = np.linalg.svd(conjugate(x), full_matrices=False)
    unit = np.eye(np.shape(s)[-1])
    moving = {"nuc": np.ones(np.shape(s)), 2: unit[0], -2: unit[-1]}[ord]
    moving = evenly(np.where(is_rounding(s, s), 0.0, moving), s)
    return g * ((u * np.expand_dims(moving, -2)) @ vt)


def _norm(g, y, x, ord=None, axis=None, keepdims=False):
    axes = _axes(x, axis)
    rule = _matrix if len(axes) == 2 and ord is not None else _vector
    return rule(_kept(g, x, axes), _kept(y, x, axes), x, ord, axes)


def _vector_norm(g, y, x, *, axis=None, keepdims=False, ord=2):
    axes = _axes(x, axis)
    return _vector(_kept(g, x, axes), _kept(y, x, axes), x, ord, axes)


def _corner(y, x, ord=None, axis=None, keepdims=False):
    if ord in (np.inf, -np.inf) and len(_axes(x, axis)) == 1:
        return np.sum(np.equal(np.abs(x), _kept(y, x, _axes(x, axis)))) > np.size(y)
    at_zero = np.any(np.equal(y, 0))
    return np.logical_or(at_zero, np.any(np.equal(x, 0))) if ord == 1 else at_zero


_CORNER = "a norm has a corner here, with slopes from -1 to 1; their middle is used"
general(np.linalg.norm, _norm, kink=(_corner, _CORNER), why="a quotient by the answer, or a choice")
general(
    np.linalg.vector_norm, _vector_norm, why="as norm",
    kink=(lambda y, x, *, axis=None, keepdims=False, ord=2: np.any(np.equal(y, 0)), _CORNER),
)  # fmt: skip
composed(
    np.linalg.matrix_norm,
    lambda x, /, *, keepdims=False, ord="fro": np.linalg.norm(x, ord, (-2, -1), keepdims),
)


def _cond(x, p=None):
    """Through norms, which share the slope of equal singular values."""
    p, axes = p or 2, (-2, -1)
    if p in (2, -2):
        return np.linalg.norm(x, p, axes) / np.linalg.norm(x, -p, axes)
    return np.linalg.norm(x, p, axes) * np.linalg.norm(np.linalg.inv(x), p, axes)


composed(np.linalg.cond, _cond)
