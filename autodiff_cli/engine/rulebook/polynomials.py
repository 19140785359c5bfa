"""Polynomials as arrays of coefficients, the highest first.

NumPy takes zeros off the front of a product or a remainder. Here they stay: a coefficient that is 0 can move.
"""

import numpy as np

from ...errors import NotDifferentiable
from ..rules import composed, general
from .products import T

# --- values and roots


def _polyval(g, y, p, x):
    """Powers of x for the coefficients; for x the derivative of the polynomial."""
    if np.ndim(p) != 1:
        raise NotDifferentiable("refused", "polyval: derivatives need a vector of coefficients", help="take one row")
    return np.matmul(np.reshape(g, -1), np.vander(np.reshape(x, -1), len(p))), g * np.polyval(np.polyder(p), x)


def _vander(g, y, x, N=None, increasing=False):
    """Each column is a power of x; its slope is the power below, and 0 for the column of ones."""
    n = np.shape(y)[1]
    powers = np.arange(n) if increasing else np.arange(n - 1, -1, -1)
    return np.sum(g * powers * np.power(np.expand_dims(x, 1), np.maximum(powers - 1, 0)), axis=1)


def _roots(g, y, p):
    """The value of the polynomial stays 0 at a root: p'(r) dr + sum of dp_k r^(n-k) = 0."""
    return -np.matmul(g / np.polyval(np.polyder(p), y), np.vander(y, len(p)))


def _poly(g, y, seq_of_zeros):
    """The coefficients of det(x - A) move by the adjugate of x - A, which is a polynomial in x as well.

    Its coefficients are b_0 = 1 and b_k = A b_(k-1) + y_k (Faddeev and LeVerrier; Gantmacher, "The theory of
    matrices", 1959, chapter IV, section 5). Roots are a diagonal matrix, of which the diagonal is enough.
    """
    n, shape = np.size(y) - 1, np.shape(seq_of_zeros)
    if n == 0:
        return np.zeros(shape)
    times, one = (np.matmul, np.eye(n)) if len(shape) == 2 else (np.multiply, np.ones(shape))
    b, answer = one, -g[1] * one
    for k in range(1, n):
        b = times(seq_of_zeros, b) + y[k] * one
        answer = answer - g[k + 1] * np.transpose(b)
    return answer


general(np.polyval, _polyval, why="linear in the coefficients and a polynomial in x")
general(np.vander, _vander, why="elementwise, but with several results for each element")
general(np.roots, _roots, why="given implicitly; several equal roots move infinitely fast")
general(np.poly, _poly, why="a polynomial in the roots, or in the entries of a matrix")

# --- arithmetic


def _lengthened(*polynomials):
    """With zeros in front of the shorter one."""
    polynomials = [np.atleast_1d(p) for p in polynomials]
    longest = max(map(len, polynomials))
    return [np.concatenate([np.zeros(longest - len(p), p.dtype), p]) if len(p) < longest else p for p in polynomials]


def _polydiv(u, v):
    """Long division: each step takes a multiple of v off the front of what is left."""
    u, v = np.atleast_1d(u), np.atleast_1d(v)
    n, scale, quotient = len(v), 1.0 / v[0], []
    while len(u) >= n:
        quotient.append(scale * u[0])
        u = np.concatenate([u[1:n] - quotient[-1] * v[1:], u[n:]])
    return np.stack(quotient) if quotient else np.zeros(1), u if len(u) else np.zeros(1)


composed(np.polyadd, lambda a1, a2: np.add(*_lengthened(a1, a2)))
composed(np.polysub, lambda a1, a2: np.subtract(*_lengthened(a1, a2)))
composed(np.polymul, lambda a1, a2: np.convolve(np.atleast_1d(a1), np.atleast_1d(a2)))
composed(np.polydiv, _polydiv)

# --- calculus


def _polyder(p, m=1):
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


def _polyint(p, m=1, k=None):
    """k has the constants of the m integrations, or the one of all."""
    constants = np.broadcast_to(0.0 if k is None else k, (m,))
    for i in range(m):
        p = np.concatenate([p / np.arange(len(p), 0, -1), constants[i : i + 1]])
    return p


composed(np.polyder, _polyder)
composed(np.polyint, _polyint)

# --- least squares


def _polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares on powers of x, each scaled to length 1."""
    rcond = len(x) * np.finfo(np.result_type(x, 1.0)).eps if rcond is None else rcond
    powers = np.vander(x, deg + 1)
    if w is not None:
        powers, y = powers * np.expand_dims(w, 1), y * (np.expand_dims(w, 1) if np.ndim(y) == 2 else w)
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    powers = powers / scale
    scaled, residuals, rank, s = np.linalg.lstsq(powers, y, rcond)
    answer = np.transpose(np.transpose(scaled) / scale)
    if full:
        return answer, residuals, rank, s, rcond
    return (answer, _covariance(powers, scale, residuals, cov, np.ndim(y))) if cov else answer


def _covariance(powers, scale, residuals, cov, ndim):
    """Of the coefficients: one matrix, or one for each column of y along the last axis."""
    matrix = np.linalg.inv(np.matmul(T(powers), powers)) / np.outer(scale, scale)
    if cov != "unscaled":
        count, order = np.shape(powers)
        if count <= order:
            raise ValueError(f"{count} points leave nothing to tell how far {order} coefficients are off")
        residuals = residuals / (count - order)
    else:
        residuals = 1.0
    return np.expand_dims(matrix, 2) * residuals if ndim == 2 else matrix * residuals


composed(np.polyfit, _polyfit)
