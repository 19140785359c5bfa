"""Inverses, linear systems and determinants. Formulas are from Giles, "An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation", 2008, where not said otherwise."""

from functools import partial
from itertools import combinations, permutations
from string import ascii_lowercase

import numpy as np

from ..rules import composed, constant, general
from ..tensor import primitive
from .decompositions import diagonal, from_singular_values, symmetric
from .products import H, T, conjugate


class OnDemand(tuple):
    """The cotangents of several operands, each computed when it is taken: those of `a` cost most here."""

    def __getitem__(self, k):
        return super().__getitem__(k)()


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
    y, a = conjugate(y), conjugate(a)
    yt, gt = H(y), H(g)
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
        pull = 2.0 * gr * conjugate(columns - a @ x)
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
    return minors(a) if np.shape(a)[-1] <= _SMALL else cofactor_map(a)


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
def cofactor_map(a, *steps):
    """The derivative of the matrix of cofactors along matrices, of which there may be none."""
    if steps:
        return _spectral_cofactors(a, *steps)
    # det * inverse is faster, and keeps its digits where the condition number is below a million
    det, one = np.linalg.det(a), np.eye(np.shape(a)[-1])
    y = scaled(det, T(np.linalg.inv(np.where(_each(det == 0), one, a))))
    ill = _each(np.linalg.matrix_norm(a) * np.linalg.matrix_norm(y) >= 1e6 * np.abs(det))
    return np.where(ill, _spectral_cofactors(np.where(ill, a, one)), y) if np.any(ill) else y


def _spectral_cofactors(a, *steps):
    """Those of an orthogonal matrix are itself but for its sign, and those of a diagonal one are known.

    With E, F, ... for the steps and P_ijk for the product of all entries of the diagonal but the i-th, j-th and k-th,
    the derivative of its det is the sum of P_ijk det[G_ii G_ij G_ik; E_ji E_jj E_jk; F_ki F_kj F_kk] along G, E, F.
    """
    u, s, vt = np.linalg.svd(conjugate(a))
    sign = conjugate(np.sign(np.linalg.det(u) * np.linalg.det(vt)))
    steps = [T(u) @ step @ T(vt) for step in steps]
    others = _products_of_others(s, len(steps) + 1)
    inner = sum(_term(others, order, steps) for order in permutations(range(len(steps) + 1)))
    return scaled(sign, u @ inner @ vt)


def _products_of_others(s, count):
    """P_ijk, with an axis for each of so many indices; 0 where two of them are the same.

    s is kept off zero by less than its last digit, so that the product can be divided.
    """
    s = np.maximum(s, 1e-30 * s[..., :1] + 1e-300)
    indices = np.indices(np.shape(s)[-1:] * count)
    distinct = np.all([i != j for i, j in combinations(indices, 2)], axis=0)
    answer = np.expand_dims(np.prod(s, axis=-1), tuple(range(-count, 0)))
    for i in indices:
        answer = answer / s[..., i]
    return answer * distinct


def _term(others, order, steps):
    """One product of Leibniz' sum, signed: the column that each index has for its row is named by `order`."""
    letters = ascii_lowercase[: len(order)]
    pairs = [letters[k] + letters[column] for k, column in enumerate(order)]
    inputs = ",".join("..." + term for term in (letters, *pairs[1:]))
    on_diagonal = order[0] == 0
    answer = np.einsum(f"{inputs}->...{'a' if on_diagonal else pairs[0]}", others, *steps)
    swaps = sum(first > second for first, second in combinations(order, 2))
    return (-1) ** swaps * (diagonal(answer, *np.shape(others)[-1:] * 2) if on_diagonal else answer)


def _cofactor_map(g, y, a, *steps):
    """<g, derivative along the steps> is that of det along g and the steps, and so is the same in all of them."""

    def along(k):
        return cofactor_map(a, *steps[:k], g, *steps[k + 1 :])

    return OnDemand([lambda: cofactor_map(a, *steps, g), *(partial(along, k) for k in range(len(steps)))])


def _slogdet(g, y, a):
    """log(det) = log|det| + i angle, and a sign exp(i angle) that turns with it."""
    of_sign, of_logarithm = g
    if np.iscomplexobj(a):
        of_logarithm = of_logarithm + 1j * np.imag(of_sign * y[0])
    return scaled(of_logarithm, T(np.linalg.inv(a)))


general(np.linalg.det, lambda g, y, a: scaled(g, cofactors(a)), why="a polynomial of all entries")
general(cofactor_map, _cofactor_map, sequence="args", why="quadratic and higher in all entries")
general(np.linalg.slogdet, _slogdet, why="two results; the sign of a real matrix stands still")
