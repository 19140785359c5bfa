"""Factors of matrices: Cholesky, eigenvalues of symmetric matrices, singular values, and QR.

A function that reads half of a matrix takes it to be symmetric, and so does its derivative: the gradient is
symmetric, and right for every symmetric change.

Equal eigenvalues or singular values share the slope of each, and the turns of their vectors among themselves, which
nothing determines, are answered with 0. To first order that is right for every function in which they are alike, such
as a norm of the matrix or the projection on their common space. Functions of the matrix, V f(w) V', and sums of f(w)
need the slope of f there, which does not come this way: simplify.py finds them, and spectral.py has their rule.

The phase of a complex vector is answered with 0 in the same way: right for what does not ask for it. The literature's
cotangent of a complex matrix is conj(g), where df = Re(g * dz). A formula that is conjugated as a whole is itself
again, of g and of conjugated factors, and so the rules conjugate these first.
"""

import numpy as np

from ...errors import NotDifferentiable
from ..rules import general
from .products import H, T, conjugate


def symmetric(x):
    return 0.5 * (x + H(x))


def diagonal(d, rows, columns):
    """Matrices with the entries of d on their diagonal, and with more rows or columns of zeros if need be."""
    square = np.expand_dims(d, -1) * np.eye(np.shape(d)[-1], columns)
    return square if rows == np.shape(d)[-1] else np.matmul(np.eye(rows, np.shape(d)[-1]), square)


def is_rounding(x, w):
    """Whether x is nothing beside the largest number in each row of w."""
    if not np.size(w):
        return np.zeros(np.shape(x), bool)
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
    turn = np.matmul(H(u), gu)
    return turn - H(turn)


# --- Cholesky: Iain Murray, "Differentiation of the Cholesky decomposition", 2016


def _cholesky(g, y, a, *, upper=False):
    y = conjugate(y)
    lower, g = (H(y), H(g)) if upper else (y, g)
    half = np.matmul(H(lower), np.tril(g)) * _half(np.shape(a)[-1])
    left = np.linalg.solve(H(lower), half)
    return symmetric(H(np.linalg.solve(H(lower), H(left))))


def _half(n):
    """What takes the lower half of a matrix, with half of its diagonal."""
    return np.tri(n) - 0.5 * np.eye(n)


general(np.linalg.cholesky, _cholesky, why="two triangular solves around half a matrix")

# --- eigenvalues: Mike Giles, "An extended collection of matrix derivative results", 2008, section 3.1


def _eigh(g, y, a, UPLO="L"):
    (gw, gv), (w, v) = g, y
    v = conjugate(v)
    gaps, tied = _gaps(w)
    inner = 0.5 * _skew(v, gv) * _inverse_unless(tied, gaps) + diagonal(evenly(gw, w), *np.shape(a)[-2:])
    return symmetric(v @ inner @ H(v))


def _eigvalsh(g, y, a, UPLO="L"):
    v = conjugate(np.linalg.eigh(a, UPLO)[1])
    return symmetric((v * np.expand_dims(evenly(g, y), -2)) @ H(v))


_EQUAL = "equal ones share their slopes, and the turns of their vectors, which are not determined, are taken to be 0"
general(
    np.linalg.eigh, _eigh, kink=(lambda y, a, UPLO="L": _have_ties(y[0]), f"eigenvalues: {_EQUAL}"),
    why="the vectors turn by what the matrix changes between them, divided by the gap of their values",
)  # fmt: skip
general(
    np.linalg.eigvalsh, _eigvalsh, kink=(lambda y, a, UPLO="L": _have_ties(y), f"eigenvalues: {_EQUAL}"),
    why="needs the eigenvectors, which are not in the answer",
)  # fmt: skip

# --- singular values: James Townsend, "Differentiating the singular value decomposition", 2016


def _svd(g, y, a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        return _hermitian_svd(g, y, a) if compute_uv else _hermitian_svdvals(g, a)
    if not compute_uv:
        return from_singular_values(g, a)
    (gu, gs, gvt), (u, s, vt) = g, map(conjugate, y)
    rows, columns = np.shape(u)[-1], np.shape(vt)[-2]
    in_u, in_v = H(u) @ gu, gvt @ H(vt)
    inner = _turned(in_u - H(in_u), H(in_v) - in_v, s)[..., :rows, :columns]
    answer = u @ (inner + diagonal(evenly(gs, s), rows, columns)) @ vt
    inverse = np.expand_dims(_inverse_unless(is_rounding(s, s), s), -2)
    if rows < np.shape(a)[-2]:  # the vectors also turn out of the space that they span
        answer = answer + ((gu - u @ in_u) * inverse) @ vt
    if columns < np.shape(a)[-1]:
        answer = answer + (u * inverse) @ (gvt - in_v @ vt)
    return answer


def _turned(turn_u, turn_v, s):
    """(turn_u s_j + s_i turn_v) / (s_j^2 - s_i^2), parted into turns of u and v with and against each other.

    Only the first are not determined where values are equal. Columns beyond s have the value 0.
    """
    n = max(np.shape(turn_u)[-1], np.shape(turn_v)[-1])
    turn_u, turn_v, s = _bordered(turn_u, n), _bordered(turn_v, n), np.matmul(s, np.eye(np.shape(s)[-1], n))
    gaps, tied = _gaps(s)
    sums = np.expand_dims(s, -2) + np.expand_dims(s, -1)
    together = (turn_u + turn_v) * _inverse_unless(tied, gaps)
    return 0.5 * (together + (turn_u - turn_v) * _inverse_unless(is_rounding(sums, np.expand_dims(s, -2)), sums))


def _bordered(x, n):
    """Square matrices with zeros added to make them n x n."""
    border = np.eye(n, np.shape(x)[-1])
    return x if np.shape(x)[-1] == n else np.matmul(np.matmul(border, x), T(border))


def from_singular_values(g, a):
    """The cotangent of matrices from one of their singular values."""
    u, s, vt = np.linalg.svd(conjugate(a), full_matrices=False)
    return (u * np.expand_dims(evenly(g, s), -2)) @ vt


def _hermitian_svd(g, y, a):
    """Through eigh: u has the eigenvectors, s the sizes of their values, and vt the adjoint of u with the signs."""
    (gu, gs, gvt), (u, s, vt) = g, y
    signs = np.sign(np.real(np.sum(T(u) * vt, axis=-1)))
    gu = gu + np.expand_dims(signs, -2) * H(gvt)
    return _eigh((signs * evenly(gs, s), gu), (signs * s, u), a)


def _hermitian_svdvals(g, a):
    u, s, vt = np.linalg.svd(a, hermitian=True)
    return _hermitian_svd((np.zeros(np.shape(u)), g, np.zeros(np.shape(vt))), (u, s, vt), a)


def _svd_ties(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    """Equal values; and with vectors, a value of 0 where they can turn: into what is left over, or in their phase."""
    if not compute_uv:
        return _have_ties(y)
    can_turn = np.shape(a)[-1] != np.shape(a)[-2] or np.iscomplexobj(a)
    ties = _have_ties(y[1])
    return np.logical_or(np.any(is_rounding(y[1], y[1])), ties) if can_turn else ties


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
    if mode not in ("reduced", "complete", "r"):
        raise NotDifferentiable("refused", f"qr: mode {mode} has no derivative here", help='use mode="reduced"')
    q, r = map(conjugate, (np.linalg.qr(a)[0], y) if mode == "r" else y)
    gq, gr = (np.zeros(np.shape(q)), g) if mode == "r" else g
    gr = np.triu(gr)
    if m >= n:
        return (_tall_qr if np.shape(q)[-1] == n else _complete_qr)(gq, gr, q, r)
    rest = np.matmul(q, gr[..., m:])
    square = _tall_qr(gq + conjugate(a[..., m:]) @ H(gr[..., m:]), gr[..., :m], q, r[..., :m])
    return np.concatenate([square, rest], axis=-1)


def _complete_qr(gq, gr, q, r):
    """Columns of q beyond those of r only turn to stay at right angles to the others."""
    n = np.shape(r)[-1]
    q, beyond, gq, gbeyond = q[..., :n], q[..., n:], gq[..., :n], gq[..., n:]
    return _tall_qr(gq - beyond @ (H(gbeyond) @ q), gr[..., :n, :], q, r[..., :n, :])


def _tall_qr(gq, gr, q, r):
    half = (r @ H(gr) - H(gq) @ q) * _half(np.shape(r)[-1])
    return H(np.linalg.solve(r, H(gq + q @ (half + H(half)))))


general(np.linalg.qr, _qr, why="a triangular solve of a matrix made symmetric")
