"""Eigenvalues and eigenvectors of any square matrix.

The slopes are those of simple eigenvalues. Equal ones share theirs, as in `decompositions`, which is right for what
treats them alike (a sum of powers). Where there is no full set of eigenvectors the answer is nan: the eigenvalues of
a defective matrix move infinitely fast.

An eigenvector is determined up to a factor. Its length is 1, and its phase is what LAPACK makes of it: the largest
component is real. Functions that do not ask for the phase, such as |v| or the projection on the vector, are right
under any convention. Whether the answer is real or complex is part of a program's form, as its shape is: a program
for real matrices of both kinds takes eig of the matrix as complex.
"""

import numpy as np

from ..rules import composed, constant, general
from ..tensor import primitive
from .decompositions import diagonal, evenly, is_rounding
from .products import T


def _gaps(w):
    """w_j - w_i, and whether that is no more than rounding."""
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    return gaps, is_rounding(gaps, np.expand_dims(w, -2))


@primitive
def are_dependent(v):
    """Whether the columns of each matrix are linearly dependent, but for rounding."""
    return np.linalg.cond(v) * np.shape(v)[-1] * np.finfo(v.dtype).eps >= 1


constant(are_dependent)


def _anchor(v):
    """1 / x at the component x of each vector that is kept real, its largest, and 0 elsewhere."""
    largest = np.argmax(np.abs(v), axis=-2, keepdims=True)
    chosen = np.equal(np.reshape(np.arange(np.shape(v)[-1]), (-1, 1)), largest)
    return np.where(chosen, 1.0 / np.where(chosen, v, 1.0), 0.0)


def _unscaled(gv, v):
    """gv without what would change the length of a vector, or the phase of its largest component."""
    along = np.sum(gv * v, axis=-2, keepdims=True)
    if not np.iscomplexobj(v):
        return gv - along * v
    return gv - np.real(along) * np.conjugate(v) - 1j * np.imag(along) * _anchor(v)


def _eig(g, y, a):
    """Giles, "An extended collection of matrix derivative results", 2008, section 3.1, for vectors of length 1.

    In the basis of the eigenvectors a change of the matrix is m = inv(v) da v. Its diagonal moves the eigenvalues,
    and the vectors move by v_i m_ij / (w_j - w_i).
    """
    (gw, gv), (w, v) = g, y
    gaps, tied = _gaps(w)
    turns = np.where(tied, 0.0, np.matmul(T(v), _unscaled(gv, v)) / np.where(tied, 1.0, gaps))
    moved = turns + diagonal(evenly(gw, w), *np.shape(a)[-2:])
    answer = np.linalg.solve(T(v), np.matmul(moved, T(v)))
    return np.where(np.expand_dims(are_dependent(v), (-2, -1)), np.nan, answer)


general(
    np.linalg.eig,
    _eig,
    why="the vectors turn by what the matrix changes between them, divided by the gap of their values",
    kink=(
        lambda y, a: np.sum(_gaps(y[0])[1]) > np.size(y[0]),
        "eigenvalues: equal ones share their slopes, which are nan if their vectors coincide",
    ),
)
# Through eig, whose vectors the slope needs, and so in the order of their values.
composed(np.linalg.eigvals, lambda a: np.linalg.eig(a)[0])
