"""Linear algebra that is composed of NumPy calls and needs no rule of its own."""

import numpy as np

from .spectral import Elementwise, spectral_map


def logdet(a):
    """log(abs(det(a))) of square matrices (..., n, n), of shape (...), without overflow; -inf where singular."""
    return np.linalg.slogdet(a)[1]


def matrix_function(f, a):
    """f(A) = V f(w) V' of a symmetric matrix with eigenvalues w and eigenvectors V; both of shape (n, n).

    f is an elementwise function, written with NumPy and smooth at the eigenvalues, such as np.exp. The lower half of
    the matrix is read. Derivatives of all orders are right where eigenvalues are equal, too.
    """
    return spectral_map(a, f=Elementwise.record(f, 1.0))
