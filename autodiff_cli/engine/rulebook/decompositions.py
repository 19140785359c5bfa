"""Factors of matrices: Cholesky, eigenvalues of symmetric matrices, singular values, and QR.

A function that reads half of a matrix takes it to be symmetric, and so does its derivative: the gradient is
symmetric, and right for every symmetric change.

Equal eigenvalues or singular values share the slope of each, and the turns of their vectors among themselves, which
nothing determines, are answered with 0. To first order that is right for every function in which they are alike, such
as a norm of the matrix or the projection on their common space.
"""

import numpy as np

from ...errors import NotDifferentiable
from ..rules import general, refuse
from .products import T


def symmetric(x):
    return 0.5 * (x + T(x))


def diagonal(d, rows, columns):
    """Matrices with the entries of d on their diagonal, and with more rows or columns of zeros if need be."""
    square = np.expand_dims(d, -1) * np.eye(np.shape(d)[-1], columns)
    return square if rows == np.shape(d)[-1] else np.matmul(np.eye(rows, np.shape(d)[-1]), square)


def is_rounding(x, w):
    """Whether x is nothing beside the largest number in each row of w."""
    largest = np.max(np.abs(w), axis=-1, keepdims=True)
    return np.less_equal(np.abs(x), np.shape(w)[-1] * np.finfo(w.dtype).eps * largest)


def _gaps(w):
    """w_j - w_i, and whether that is no more than rounding."""
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    return gaps, is_rounding(gaps, np.expand_dims(w, -2))


def _have_ties(w):
    """Whether any two are equal."""
    return np.sum(_gaps(w)[1]) > np.size(w)


def evenly(g, w):
    """g, in equal parts for equal numbers."""
    tied = _gaps(w)[1]
    return np.sum(np.where(tied, np.expand_dims(g, -2), 0.0), axis=-1) / np.sum(np.where(tied, 1.0, 0.0), axis=-1)


def _inverse_unless(zero, x):
    """1 / x, and 0 where `zero`."""
    return np.where(zero, 0.0, 1.0 / np.where(zero, 1.0, x))


def _skew(u, gu):
    """How a cotangent of orthogonal columns turns them among themselves."""
    turn = np.matmul(T(u), gu)
    return turn - T(turn)


# --- Cholesky: Iain Murray, "Differentiation of the Cholesky decomposition", 2016


def _cholesky(g, y, a, *, upper=False):
    lower, g = (T(y), T(g)) if upper else (y, g)
    n = np.shape(a)[-1]
    half = np.matmul(T(lower), g) * (np.tri(n) - 0.5 * np.eye(n))
    left = np.linalg.solve(T(lower), half)
    return symmetric(T(np.linalg.solve(T(lower), T(left))))


general(np.linalg.cholesky, _cholesky, why="two triangular solves around half a matrix")

# --- eigenvalues: Mike Giles, "An extended collection of matrix derivative results", 2008, section 3.1


def _eigh(g, y, a, UPLO="L"):
    (gw, gv), (w, v) = g, y
    gaps, tied = _gaps(w)
    inner = 0.5 * _skew(v, gv) * _inverse_unless(tied, gaps) + diagonal(evenly(gw, w), *np.shape(a)[-2:])
    return symmetric(v @ inner @ T(v))


def _eigvalsh(g, y, a, UPLO="L"):
    v = np.linalg.eigh(a, UPLO)[1]
    return symmetric((v * np.expand_dims(evenly(g, y), -2)) @ T(v))


_EQUAL = "equal ones share their slopes, and the turns of their vectors, which are not determined, are taken to be 0"
general(
    np.linalg.eigh, _eigh, kink=(lambda y, a, UPLO="L": _have_ties(y[0]), f"eigenvalues: {_EQUAL}"),
    why="the vectors turn by what the matrix changes between them, divided by the gap of their values",
)  # fmt: skip
general(
    np.linalg.eigvalsh, _eigvalsh, kink=(lambda y, a, UPLO="L": _have_ties(y), f"eigenvalues: {_EQUAL}"),
    why="needs the eigenvectors, which are not in the answer",
)  # fmt: skip
for eig in (np.linalg.eig, np.linalg.eigvals):
    refuse(eig, "its answer may be complex", help="for a symmetric matrix use eigh or eigvalsh")

# --- singular values: James Townsend, "Differentiating the singular value decomposition", 2016


def _svd(g, y, a, full_matrices=True, compute_uv=True):
    if not compute_uv:
        return from_singular_values(g, a)
    (gu, gs, gvt), (u, s, vt) = g, y
    rows, columns = np.shape(u)[-1], np.shape(vt)[-2]
    sigma = diagonal(s, rows, columns)
    inner = _turned(u, gu, s) @ sigma + sigma @ _turned(T(vt), T(gvt), s)
    answer = u @ (inner + diagonal(evenly(gs, s), rows, columns)) @ vt
    inverse = np.expand_dims(_inverse_unless(is_rounding(s, s), s), -2)
    if rows < np.shape(a)[-2]:  # the vectors also turn out of the space that they span
        answer = answer + ((gu - u @ (T(u) @ gu)) * inverse) @ vt
    if columns < np.shape(a)[-1]:
        answer = answer + (u * inverse) @ (gvt - (gvt @ T(vt)) @ vt)
    return answer


def _turned(u, gu, s):
    """The turns of the columns of u, divided by the gaps between s_j^2; columns beyond s have the value 0."""
    s = np.matmul(s, np.eye(np.shape(s)[-1], np.shape(u)[-1]))
    gaps, tied = _gaps(s)
    return _skew(u, gu) * _inverse_unless(tied, gaps * (np.expand_dims(s, -2) + np.expand_dims(s, -1)))


def from_singular_values(g, a):
    """The cotangent of matrices from one of their singular values."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return (u * np.expand_dims(evenly(g, s), -2)) @ vt


def _svd_ties(y, a, full_matrices=True, compute_uv=True):
    """Equal values; and with vectors, a value of 0 where they can turn into the space that is left over."""
    if not compute_uv:
        return _have_ties(y)
    left_over = np.shape(a)[-1] != np.shape(a)[-2] and np.any(is_rounding(y[1], y[1]))
    return left_over or _have_ties(y[1])


_SINGULAR = f"singular values: {_EQUAL}"
general(np.linalg.svd, _svd, kink=(_svd_ties, _SINGULAR), why="as eigh, for two sets of vectors")
general(
    np.linalg.svdvals, lambda g, y, x: from_singular_values(g, x), kink=(lambda y, x: _have_ties(y), _SINGULAR),
    why="needs the singular vectors, which are not in the answer",
)  # fmt: skip

# --- QR: Walter and Lehmann, "Algorithmic differentiation of linear algebra functions", 2010; for wide matrices
# Roberts and Roberts, "QR and LQ decomposition matrix backpropagation algorithms", 2020


def _qr(g, y, a, mode="reduced"):
    m, n = np.shape(a)[-2:]
    if mode not in ("reduced", "r") and (mode, m <= n) != ("complete", True):
        raise NotDifferentiable("refused", f"qr: mode {mode} has no derivative here", help='use mode="reduced"')
    q, r = (np.linalg.qr(a)[0], y) if mode == "r" else y
    gq, gr = (np.zeros(np.shape(q)), g) if mode == "r" else g
    if m >= n:
        return _tall_qr(gq, gr, q, r)
    rest = np.matmul(q, gr[..., m:])
    square = _tall_qr(gq + a[..., m:] @ T(gr[..., m:]), gr[..., :m], q, r[..., :m])
    return np.concatenate([square, rest], axis=-1)


def _tall_qr(gq, gr, q, r):
    n = np.shape(r)[-1]
    m = r @ T(gr) - T(gq) @ q
    lower = m * np.tri(n) + T(m * np.tri(n, k=-1))  # the lower half of m, and its mirror image
    return T(np.linalg.solve(r, T(gq + q @ lower)))


general(np.linalg.qr, _qr, why="a triangular solve of a matrix made symmetric")
