"""Products: linear in each factor while the others stand still, so that each transpose is a product again.

In the convention df = Re(g * dz) the transposes of complex products have no conjugates, but for those of the few
products (vdot, vecdot, vecmat, correlate) that conjugate a factor themselves.
"""

import numpy as np

from ..rules import bilinear, composed, general, linear

T = np.matrix_transpose


def outer(u, v):
    """u_i * v_j over the last axes of stacks of vectors."""
    return np.expand_dims(u, -1) * np.expand_dims(v, -2)


def from_end(axis, x):
    """An axis of x counted from its end, where it is found again when axes are added in front."""
    return axis if axis < 0 else axis - np.ndim(x)


def conjugate(x):
    """The conjugate, without a line for it where all numbers are real."""
    return np.conjugate(x) if np.iscomplexobj(x) else x


def H(x):
    """The adjoint matrices, which are the transposes of real ones."""
    return T(conjugate(x))


# --- matrices and vectors


def matmul_a(g, a, b):
    if np.ndim(b) == 1:
        return g * b if np.ndim(a) == 1 else outer(g, b)
    return np.matvec(b, g) if np.ndim(a) == 1 else np.matmul(g, T(b))


def matmul_b(g, a, b):
    if np.ndim(a) == 1:
        return g * a if np.ndim(b) == 1 else outer(a, g)
    return np.matvec(T(a), g) if np.ndim(b) == 1 else np.matmul(T(a), g)


def _vecdot(g, x, other, axis):
    """g times the other vectors, laid along the axis of x."""
    return np.moveaxis(np.expand_dims(g, -1) * np.moveaxis(other, axis, -1), -1, from_end(axis, x))


bilinear(np.matmul, matmul_a, matmul_b)
bilinear(np.matvec, lambda g, x1, x2: outer(g, x2), lambda g, x1, x2: np.matvec(T(x1), g))
bilinear(
    np.vecmat,
    lambda g, x1, x2: conjugate(np.matvec(x2, g)),
    lambda g, x1, x2: outer(conjugate(x1), g),
)
bilinear(
    np.vecdot,
    lambda g, x1, x2, *, axis=-1: conjugate(_vecdot(g, x1, x2, axis)),
    lambda g, x1, x2, *, axis=-1: _vecdot(g, x2, conjugate(x1), axis),
)
bilinear(
    np.vdot,
    lambda g, a, b: conjugate(g * np.reshape(b, np.shape(a))),
    lambda g, a, b: g * np.reshape(conjugate(a), np.shape(b)),
)
bilinear(
    np.outer,
    lambda g, a, b: np.reshape(np.matvec(g, np.reshape(b, -1)), np.shape(a)),
    lambda g, a, b: np.reshape(np.matvec(T(g), np.reshape(a, -1)), np.shape(b)),
)

# --- the cross product: <g, a x b> = <b x g, a> = <g x a, b>


def _in_space(v, axis):
    """Vectors along the last axis, with three components; those of the plane lie in z = 0."""
    v = np.moveaxis(v, axis, -1)
    return v if np.shape(v)[-1] == 3 else np.matmul(v, np.eye(2, 3))


def _cross(g, x, other, of_x, of_other, of_g, sign):
    """sign * (other x g), laid along the axis of x; the product of two plane vectors has only a z."""
    plane = np.shape(x)[of_x] == 2
    both = plane and np.shape(other)[of_other] == 2
    g = np.expand_dims(g, -1) * np.array([0.0, 0.0, 1.0]) if both else np.moveaxis(g, of_g, -1)
    answer = sign * np.cross(_in_space(other, of_other), g)
    return np.moveaxis(np.matmul(answer, np.eye(3, 2)) if plane else answer, -1, from_end(of_x, x))


def _cross_a(g, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    return _cross(g, a, b, axisa, axisb, axisc, 1.0)


def _cross_b(g, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    return _cross(g, b, a, axisb, axisa, axisc, -1.0)


bilinear(np.cross, _cross_a, _cross_b, signed=True)

# --- sums along diagonals


def _trace(g, a, offset=0, axis1=0, axis2=1):
    """g on the diagonal, and nothing elsewhere."""
    diagonal = np.eye(np.shape(a)[axis1], np.shape(a)[axis2], k=offset, dtype=bool)
    return np.moveaxis(np.where(diagonal, np.expand_dims(g, (-2, -1)), 0.0), (-2, -1), (axis1, axis2))


linear(np.trace, _trace, chooses=True)

# --- convolution


def _convolve(g, x, v, mode):
    """x * v has n + m - 1 entries, of which the modes "same" and "valid" keep the middle: g between zeros."""
    n, m = np.size(x), np.size(v)  # NumPy takes a number for a vector of length 1
    cut = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}[mode]
    g = np.concatenate([np.zeros(cut), g, np.zeros(n + m - 1 - cut - len(g))])
    return np.convolve(g, np.flip(v), "valid")


def _correlate(a, v, mode="valid"):
    """Convolution with conj(v) reversed; NumPy slides the shorter array along the longer."""
    v = conjugate(v)
    return np.convolve(a, np.flip(v), mode) if len(a) >= len(v) else np.flip(np.convolve(np.flip(a), v, mode))


bilinear(
    np.convolve,
    lambda g, a, v, mode="full": _convolve(g, a, v, mode),
    lambda g, a, v, mode="full": _convolve(g, v, a, mode),
)
composed(np.correlate, _correlate)

# --- products of many matrices


def _multi_dot(i, g, *arrays):
    """g between the transposes of what stands to the left and to the right of array i."""
    first, *middle, last = arrays
    first, last = np.reshape(first, (-1, np.shape(first)[-1])), np.reshape(last, (np.shape(last)[0], -1))
    matrices = [T(m) for m in (first, *middle, last)]
    g = np.reshape(g, (np.shape(first)[0], np.shape(last)[1]))
    return np.reshape(np.linalg.multi_dot([*matrices[:i][::-1], g, *matrices[i + 1 :][::-1]]), np.shape(arrays[i]))


bilinear(np.linalg.multi_dot, _multi_dot, sequence="list")


def _power(t, g, n):
    """(t^n, sum of t^k g t^(n-1-k) over k < n), by doubling."""
    if n == 1:
        return t, g
    power, total = _power(t, g, n // 2)
    power, total = power @ power, power @ total + total @ power
    return (power @ t, power @ g + total @ t) if n % 2 else (power, total)


def _matrix_power(g, y, a, n=None):
    if n == 0:
        return np.zeros(np.shape(a))
    if n > 0:
        return _power(T(a), g, n)[1]
    inverse = T(np.linalg.inv(a))
    return -inverse @ _power(inverse, g, -n)[1] @ inverse


general(np.linalg.matrix_power, _matrix_power, why="the product rule, with factors that do not commute")

# --- the same under the names of np.linalg

composed(np.linalg.matmul, lambda x1, x2, /: np.matmul(x1, x2))
composed(np.linalg.vecdot, lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis))
composed(np.linalg.outer, lambda x1, x2, /: np.outer(x1, x2))
composed(np.linalg.tensordot, lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes))
composed(np.linalg.cross, lambda x1, x2, /, *, axis=-1: np.cross(x1, x2, axis=axis))
composed(np.linalg.trace, lambda x, /, *, offset=0: np.trace(x, offset, -2, -1))
composed(np.linalg.diagonal, lambda x, /, *, offset=0: np.diagonal(x, offset, -2, -1))
composed(np.linalg.matrix_transpose, lambda x, /: np.matrix_transpose(x))
