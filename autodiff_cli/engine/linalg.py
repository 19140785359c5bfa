"""Linear algebra that is composed of NumPy calls and needs no rule of its own."""

import numpy as np


def logdet(a):
    """log(abs(det(a))) of square matrices (..., n, n), of shape (...), without overflow; -inf where singular."""
    return np.linalg.slogdet(a)[1]
