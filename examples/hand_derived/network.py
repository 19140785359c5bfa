"""A network of two layers, and its backpropagation by hand."""

import numpy as np


def loss(W1, b1, W2, b2, X, y):
    """Half the mean squared error of a network with one hidden layer of tanh units."""
    hidden = np.tanh(X @ W1 + b1)
    error = hidden @ W2 + b2 - y
    return np.mean(error**2) / 2


def backpropagation(W1, b1, W2, b2, X, y):
    """The derivatives of the loss by the weights, layer by layer from the output back."""
    hidden = np.tanh(X @ W1 + b1)
    error = (hidden @ W2 + b2 - y) / len(y)
    below = np.outer(error, W2) * (1 - hidden**2)
    return {"W1": X.T @ below, "b1": np.sum(below, axis=0), "W2": hidden.T @ error, "b2": np.sum(error)}


def backpropagation_through_no_tanh(W1, b1, W2, b2, X, y):
    """The mistake: what comes back through the hidden layer is not multiplied by the slope of tanh."""
    hidden = np.tanh(X @ W1 + b1)
    error = (hidden @ W2 + b2 - y) / len(y)
    below = np.outer(error, W2)
    return {"W1": X.T @ below, "b1": np.sum(below, axis=0), "W2": hidden.T @ error, "b2": np.sum(error)}
