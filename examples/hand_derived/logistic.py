"""Logistic regression with regularisation, and its gradient as one derives it on paper."""

import numpy as np


def loss(w, X, y, strength=0.1):
    """The mean logistic loss of weights w on rows X with labels y (1 or -1), plus strength/2*|w|^2."""
    margins = y * (X @ w)
    return np.mean(np.log1p(np.exp(-margins))) + strength / 2 * np.sum(w**2)


def gradient(w, X, y, strength=0.1):
    """The derivative of the loss by w: each row pulls by as much as it is believed to be of the other class."""
    doubt = 1 / (1 + np.exp(y * (X @ w)))
    return -X.T @ (y * doubt) / len(y) + strength * w


def gradient_without_regularisation(w, X, y, strength=0.1):
    """The mistake: strength/2*|w|^2 is forgotten."""
    doubt = 1 / (1 + np.exp(y * (X @ w)))
    return -X.T @ (y * doubt) / len(y)
