"""The rows of what sums, orders and multiplies entries: along axes, products of arrays, functions of matrices.

Products with one batched factor are single products of matrices, and stacks of them where both are batched.
"""

from itertools import zip_longest
from math import prod
from string import ascii_lowercase, ascii_uppercase

import numpy as np

from .batchbook import (
    aligned,
    deepened,
    elementwise,
    everywhere,
    flat,
    flat_for,
    from_end,
    length,
    one,
    rank,
    ranks,
    several,
)
from .folds import running
from .rulebook import sorting
from .rulebook.contractions import contract
from .rulebook.cumulative import recurrence
from .rulebook.eigenvalues import are_dependent
from .rulebook.linalg import cofactor_map
from .rulebook.products import T
from .rulebook.statistics import anchor

# --- along axes


def reduction(f, x, axis=None, **params):
    return f(x, axis=from_end(axis, rank(x)) if rank(x) else (), **params)


def _anchor(f, batched, a, where, axis=None):
    """A reduction of two arrays of one shape."""
    of_a = rank(a, batched[0])
    return f(a, where, axis=from_end(axis, of_a) if of_a else ())


def _position(f, x, axis=None, *, keepdims=False):
    """The place of an extreme; without an axis that in the raveled array."""
    answer = f(*flat_for(axis, x), keepdims=keepdims and axis is not None and rank(x) > 0)
    return deepened(answer, rank(x)) if keepdims else answer


def _along(default):
    """Along one axis; without one along that of the raveled array."""

    def row(f, x, axis=default, **params):
        x, axis = flat_for(axis, x)
        return f(x, axis=axis, **params)

    return row


def _argpartition(f, x, kth, axis=-1, **params):
    x, axis = flat_for(axis, x)
    return f(x, kth, axis, **params)


def _norm(f, x, ord=None, axis=None, keepdims=False):
    if axis is None and rank(x) not in (1, 2):
        answer = f(flat(x), None, -1)
        return deepened(answer, rank(x)) if keepdims else answer
    return f(x, ord, from_end(axis, rank(x)), keepdims)


def _vector_norm(f, x, *, axis=None, keepdims=False, ord=2):
    if rank(x) == 0:
        return f(flat(x), axis=-1, ord=ord)
    return f(x, axis=from_end(axis, rank(x)), keepdims=keepdims, ord=ord)


one(reduction, np.sum, np.mean, np.prod, np.var, np.std)
one(reduction, np.max, np.min, np.amax, np.amin, np.nanmax, np.nanmin, np.any, np.all, np.count_nonzero)
several(_anchor, anchor)
one(_position, np.argmax, np.argmin, np.nanargmax, np.nanargmin)
one(_along(None), np.cumsum, np.cumprod, np.repeat)
one(_along(-1), np.sort, np.argsort, np.partition, np.unwrap)
one(_along(-1), np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft)
one(_argpartition, np.argpartition)
one(lambda f, x: f(x), sorting.ranks)
one(lambda f, keys, axis=-1: f(np.moveaxis(keys, 1, 0), from_end(axis, rank(keys) - 1)), sorting.lexical_order)
several(lambda f, batched, *operands: f(*everywhere(operands, batched)), recurrence)
one(lambda f, x, ufunc: f(x, ufunc=ufunc), running)
one(_norm, np.linalg.norm)
one(_vector_norm, np.linalg.vector_norm)


# --- products of matrices and vectors


def _rows(a, b):
    """a @ b for a stack of rows and one matrix or vector."""
    *shape, n = np.shape(a)
    return np.reshape(np.matmul(np.reshape(a, (prod(shape), n)), b), (*shape, *np.shape(b)[1:]))


def _matmul(f, batched, a, b):
    of_a, of_b = ranks((a, b), batched)
    if not batched[1] and of_b <= 2:
        return _rows(a, b)
    if not batched[0] and (of_a, of_b) == (2, 1):
        return _rows(b, T(a))
    a = np.expand_dims(a, -2) if of_a == 1 else a
    b = np.expand_dims(b, -1) if of_b == 1 else b
    answer = np.matmul(*aligned((a, b), batched, (2, 2)))
    return np.squeeze(answer, (-2,) * (of_a == 1) + (-1,) * (of_b == 1))


def _matvec(f, batched, x1, x2):
    if not batched[1] and np.ndim(x2) == 1:
        return _rows(x1, x2)
    if not batched[0] and np.ndim(x1) == 2:
        return _rows(x2, T(x1))
    return f(*aligned((x1, x2), batched, (2, 1)))


def _vecmat(f, batched, x1, x2):
    """NumPy takes the conjugate of x1."""
    if not batched[1] and np.ndim(x2) == 2 and not np.iscomplexobj(x1):
        return _rows(x1, x2)
    return f(*aligned((x1, x2), batched, (1, 2)))


def _vecdot(f, batched, *vectors, axis=-1):
    last = [np.moveaxis(x, from_end(axis, r), -1) for x, r in zip(vectors, ranks(vectors, batched), strict=True)]
    return f(*aligned(last, batched, (1, 1)))


def _cross(f, batched, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    axes = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    of_a, of_b = ranks((a, b), batched)
    return f(*aligned((a, b), batched), *map(from_end, axes, (of_a, of_b, max(of_a, of_b))))


def _convolve(f, batched, a, v, mode="full"):
    """One after the other in one long array, with zeros between them."""
    stack, other = (a, v) if batched[0] else (v, a)
    if all(batched) or np.ndim(stack) < 2 or not len(stack):
        return NotImplemented
    (count, n), m = np.shape(stack), np.size(other)
    apart = np.concatenate([stack, np.zeros((count, m - 1))], 1)
    full = np.reshape(f(flat(apart, False), other)[: np.size(apart)], np.shape(apart))
    start, size = {
        "full": (0, n + m - 1),
        "same": ((min(n, m) - 1) // 2, max(n, m)),
        "valid": (min(n, m) - 1, abs(n - m) + 1),
    }[mode]
    return full[:, start : start + size]


several(_matmul, np.matmul)
several(_matvec, np.matvec)
several(_vecmat, np.vecmat)
several(_vecdot, np.vecdot)
several(lambda f, batched, *vectors: np.vecdot(*map(flat, vectors, batched)), np.vdot)
several(_cross, np.cross)
several(_convolve, np.convolve)


# --- products over any axes, as sums with a label for each


def _contract(f, batched, *factors, subscripts="", optimize=False):
    """One label more, for the leading axis."""
    left, result = subscripts.split("->")
    free = next(c for c in ascii_uppercase[::-1] + ascii_lowercase if c not in subscripts)
    terms = [free * b + term for b, term in zip(batched, left.split(","), strict=True)]
    return f(*factors, subscripts=f"{','.join(terms)}->{free}{result}", optimize=optimize or len(factors) > 1)


def _labels(operands, batched):
    """A term of labels for each of two operands."""
    of_a, of_b = ranks(operands, batched)
    return ascii_lowercase[:of_a], ascii_uppercase[:of_b]


def _summed(batched, a, b, sum_a, sum_b):
    """tensordot over the axes, counted from the end."""
    of_a, of_b = map(list, _labels((a, b), batched))
    for k, m in zip(sum_a, sum_b, strict=True):
        of_b[m] = of_a[k]
    result = [c for c in of_a + of_b if (c in of_a) != (c in of_b)]
    return _contract(contract, batched, a, b, subscripts="".join([*of_a, ",", *of_b, "->", *result]))


def _tensordot(f, batched, a, b, axes=2):
    axes = axes if np.iterable(axes) else (range(-axes, 0), range(axes))
    sums = [from_end(np.ravel(k), r) for k, r in zip(axes, ranks((a, b), batched), strict=True)]
    return _summed(batched, a, b, *sums)


def _dot(f, batched, a, b):
    of_a, of_b = ranks((a, b), batched)
    if 0 in (of_a, of_b):
        return elementwise(np.multiply, batched, a, b)
    return _matmul(f, batched, a, b) if max(of_a, of_b) <= 2 else _summed(batched, a, b, (-1,), (-min(of_b, 2),))


def _inner(f, batched, a, b):
    if 0 in ranks((a, b), batched):
        return elementwise(np.multiply, batched, a, b)
    return _summed(batched, a, b, (-1,), (-1,))


def _outer(f, batched, *vectors):
    return _summed(batched, *map(flat, vectors, batched), (), ())


def _kron(f, batched, a, b):
    """Each axis of the answer is one of a, slow, and one of b, fast."""
    of_a, of_b = (term[::-1] for term in _labels((a, b), batched))
    result = "".join(c for pair in zip_longest(of_a, of_b, fillvalue="") for c in pair[::-1])[::-1]
    answer = _contract(contract, batched, a, b, subscripts=f"{of_a[::-1]},{of_b[::-1]}->{result}")
    sizes = zip_longest(np.shape(a)[batched[0] :][::-1], np.shape(b)[batched[1] :][::-1], fillvalue=1)
    return np.reshape(answer, (length((a, b), batched), *[m * n for m, n in sizes][::-1]))


def _multi_dot(f, batched, *arrays):
    """The first may be a row, and the last a column."""
    terms = [ascii_lowercase[k : k + 2] for k in range(len(arrays))]
    terms[0] = terms[0][-rank(arrays[0], batched[0]) :]
    terms[-1] = terms[-1][: rank(arrays[-1], batched[-1])]
    return _contract(contract, batched, *arrays, subscripts=f"{','.join(terms)}->{terms[0][:-1]}{terms[-1][1:]}")


several(_contract, contract)
several(_tensordot, np.tensordot)
several(_dot, np.dot)
several(_inner, np.inner)
several(_outer, np.outer)
several(lambda f, batched, a, b: _summed(batched, a, b, (), ()), np.multiply.outer)
several(_kron, np.kron)
several(_multi_dot, np.linalg.multi_dot)


# --- polynomials


def _polyval(f, batched, p, x):
    """Horner's scheme, in NumPy's own order."""
    answer = 0.0 * x
    for k in range(np.shape(p)[-1]):
        coefficient, x = aligned((p[..., k], x), batched)
        answer = answer * x + coefficient
    return answer


def _vander(f, x, N=None, increasing=False):
    count, n = np.shape(x)
    N = n if N is None else N
    return np.reshape(f(flat(x, False), N, increasing), (count, n, N))


several(_polyval, np.polyval)
one(_vander, np.vander)


# --- matrices


def _solve(f, batched, a, b):
    """All right sides of one matrix are columns of one system."""
    of_b = rank(b, batched[1])
    if not batched[0] and of_b <= 2:
        count, n, *columns = np.shape(b)
        answer = f(a, np.reshape(np.moveaxis(b, 0, -1), (n, prod(columns) * count)))
        return np.moveaxis(np.reshape(answer, (*np.shape(answer)[:-1], *columns, count)), -1, 0)
    b = np.expand_dims(b, -1) if of_b == 1 else b
    answer = f(*aligned((a, b), batched, (2, 2)))
    return np.squeeze(answer, -1) if of_b == 1 else answer


def _matrix_rank(f, x, *args, **params):
    return f(x, *args, **params) if rank(x) > 1 else NotImplemented


one(lambda f, x, **params: f(x, **params), np.linalg.inv, np.linalg.pinv, np.linalg.matrix_power, np.linalg.det,
    np.linalg.slogdet, np.linalg.cholesky, np.linalg.eigh, np.linalg.eigvalsh, np.linalg.svd,
    np.linalg.svdvals, np.linalg.qr, np.linalg.eig, are_dependent)  # fmt: skip
several(_solve, np.linalg.solve)
several(elementwise, cofactor_map)
one(_matrix_rank, np.linalg.matrix_rank)
