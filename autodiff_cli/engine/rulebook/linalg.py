"""Inverses, linear systems and determinants. Formulas are from Giles, "An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation", 2008, where not said otherwise."""

import numpy as np

from ..rules import composed, constant, general
from ..tensor import primitive
from .decompositions import diagonal, from_singular_values, symmetric
from .products import T


def scaled(g, matrices):
    """Each matrix of a stack times its own number."""
    return _each(g) * matrices


def _each(numbers):
    return np.expand_dims(numbers, (-2, -1))


# --- inverses and systems


def _solve(g, y, a, b):
    """NumPy takes b for one vector where it has one axis, and for matrices elsewhere."""
    vector = np.ndim(b) == 1
    g, y = (np.expand_dims(g, -1), np.expand_dims(y, -1)) if vector else (g, y)
    gb = np.linalg.solve(T(a), g)
    return -gb @ T(y), np.squeeze(gb, -1) if vector else gb


def _pinv(g, y, a, rcond=None, hermitian=False, *, rtol=None):
    """Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", 1973.

    The last two terms are what a part of `a` outside of its row or column space changes; the rank stands still.
    """
    yt, gt = T(y), T(g)
    answer = -yt @ g @ yt + (gt - a @ (y @ gt)) @ (y @ yt) + (yt @ y) @ (gt - (gt @ y) @ a)
    return symmetric(answer) if hermitian else answer


def _lstsq(g, y, a, b, rcond=None):
    """The solution is pinv(a) @ b; the residuals are stationary in it, so that only a and b move them."""
    (gx, gr, _, gs), x, vector = g, y[0], np.ndim(b) == 1
    gx, x, columns = (np.expand_dims(z, -1) if vector else z for z in (gx, x, b))
    cut = max(np.shape(a)) * np.finfo(float).eps if rcond is None else rcond
    inverse = np.linalg.pinv(a, cut)
    ga = _pinv(gx @ T(columns), inverse, a) + from_singular_values(gs, a)
    gb = T(inverse) @ gx
    if np.size(gr):
        pull = 2.0 * gr * (columns - a @ x)
        ga, gb = ga - pull @ T(x), gb + pull
    return ga, np.reshape(gb, np.shape(b))


def _tensorinv(a, ind=2):
    shape = np.shape(a)
    return np.reshape(np.linalg.inv(np.reshape(a, (int(np.prod(shape[ind:])), -1))), shape[ind:] + shape[:ind])


def _tensorsolve(a, b, axes=None):
    a = a if axes is None else np.moveaxis(a, axes, range(-len(axes), 0))
    shape = np.shape(a)[np.ndim(b) :]
    return np.reshape(np.linalg.solve(np.reshape(a, (np.size(b), -1)), np.reshape(b, -1)), shape)


general(np.linalg.inv, lambda g, y, a: -T(y) @ g @ T(y), why="the slope of 1/x with factors that do not commute")
general(np.linalg.solve, _solve, why="linear in b, an inverse in a; both share one system of the transpose")
general(np.linalg.pinv, _pinv, why="an inverse on the row space, and the turn of that space")
general(np.linalg.lstsq, _lstsq, why="several results of one factorization")
composed(np.linalg.tensorinv, _tensorinv)
composed(np.linalg.tensorsolve, _tensorsolve)
constant(np.linalg.matrix_rank)

# --- determinants: their slope is the matrix of cofactors, which a singular matrix has too

_SMALL = 8


def cofactors(a):
    """The signed minors of each entry."""
    return minors(a) if np.shape(a)[-1] <= _SMALL else large_cofactors(a)


def minors(a):
    """Cofactors as determinants again: right to every order at every matrix, at the price of n^2 of them."""
    n = np.shape(a)[-1]
    others = np.array([[k for k in range(n) if k != i] for i in range(n)], dtype=int).reshape(n, -1 if n else 0)
    signs = np.where(np.add.outer(range(n), range(n)) % 2, -1.0, 1.0)
    return signs * _det(a[..., others[:, None, :, None], others[:, None, :]])


def _det(a):
    """The determinant; up to two rows without the logarithm that NumPy takes, so that integers stay exact."""
    n = np.shape(a)[-1]
    if n == 1:
        return a[..., 0, 0]
    return a[..., 0, 0] * a[..., 1, 1] - a[..., 0, 1] * a[..., 1, 0] if n == 2 else np.linalg.det(a)


@primitive
def large_cofactors(a):
    """Cofactors as det * inverse where that keeps its digits, and through singular values elsewhere."""
    det, one = np.linalg.det(a), np.eye(np.shape(a)[-1])
    y = scaled(det, T(np.linalg.inv(np.where(_each(det == 0), one, a))))
    ill = _each(_ill(a, det, y))
    return np.where(ill, _spectral_cofactors(np.where(ill, a, one)), y) if np.any(ill) else y


def _large_cofactors(g, y, a):
    """The second derivative of det: (<y, g> y - y g' y) / det, and through singular values in the same places."""
    det = np.linalg.det(a)
    ill = _each(_ill(a, det, y))
    answer = (scaled(np.sum(g * y, axis=(-2, -1)), y) - y @ T(g) @ y) / _each(det)
    return np.where(ill, _spectral_slope(g, np.where(ill, a, np.eye(np.shape(a)[-1]))), answer)


def _ill(a, det, y):
    """Whether the condition number of a, from its cofactors y, is past a million."""
    return np.greater_equal(np.linalg.matrix_norm(a) * np.linalg.matrix_norm(y), 1e6 * np.abs(det))


def _spectral_cofactors(a):
    """Those of an orthogonal matrix are itself but for its sign; those of a diagonal one, products of the others."""
    u, s, vt, sign = _orthogonal_factors(a)
    return scaled(sign, (u * np.expand_dims(np.prod(s, axis=-1, keepdims=True) / s, -2)) @ vt)


def _spectral_slope(g, a):
    """The slope of the cofactors, which at a diagonal matrix has products of all but two entries."""
    u, s, vt, sign = _orthogonal_factors(a)
    apart = 1.0 - np.eye(np.shape(a)[-1])
    others = apart * (np.expand_dims(np.prod(s, axis=-1, keepdims=True) / s, -1) / np.expand_dims(s, -2))
    turned = T(u) @ g @ T(vt)
    moved = diagonal(np.matvec(others, np.linalg.diagonal(turned)), *np.shape(apart)) - others * T(turned)
    return scaled(sign, u @ moved @ vt)


def _orthogonal_factors(a):
    """u, s, vt and det(u) det(vt); s is kept off zero by less than its last digit, so that products divide."""
    u, s, vt = np.linalg.svd(a)
    sign = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    return u, np.maximum(s, 1e-30 * s[..., :1] + 1e-300), vt, sign


general(np.linalg.det, lambda g, y, a: scaled(g, cofactors(a)), why="a polynomial of all entries")
general(large_cofactors, _large_cofactors, why="quadratic and higher in all entries")
general(np.linalg.slogdet, lambda g, y, a: scaled(g[1], T(np.linalg.inv(a))), why="the sign stands still")
