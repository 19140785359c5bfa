import numpy as np


def loss(x, A):
    return x @ A @ x


def loss_grad(x, A):
    return (A + A.T) @ x


def _hidden(x):
    return np.sum(x)
