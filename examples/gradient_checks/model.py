"""Least squares with a ridge, and its gradient by hand."""

import numpy as np


def loss(w, A, b, ridge=0.1):
    """|A w - b|^2 + ridge*|w|^2."""
    return np.sum((A @ w - b) ** 2) + ridge * np.sum(w**2)


def loss_grad(w, A, b, ridge=0.1):
    """The derivative of the loss by w."""
    return 2 * A.T @ (A @ w - b) + 2 * ridge * w
