"""Layers that are composed of NumPy calls: batch normalization, and a recurrent one, by MyGrad's names."""

import numpy as np

from ..errors import AdiffError
from .batchbook import one
from .creation import asarray
from .nn import sigmoid
from .rules import general
from .tensor import primitive


def batchnorm(x, *, gamma=None, beta=None, eps=1e-5):
    """gamma * (x - mean) / sqrt(variance + eps) + beta, with mean and variance of each channel over all else.

    x            data (N, C, ...): channels are axis 1
    gamma, beta  one for each channel (C,); left out for None
    eps          a small number that is not negative

    Of the shape of x. Ioffe and Szegedy 2015, arXiv:1502.03167; AdiffError (shape) for what does not fit.
    """
    x = asarray(x)
    if np.ndim(x) < 2:
        raise AdiffError("shape", f"batchnorm needs data (N, C, ...), not the shape {np.shape(x)}")
    axes = (0, *range(2, np.ndim(x)))
    centered = x - np.mean(x, axis=axes, keepdims=True)
    answer = centered / np.sqrt(np.mean(np.square(centered), axis=axes, keepdims=True) + eps)
    if gamma is not None:
        answer = answer * _for_channels("gamma", gamma, np.shape(x))
    if beta is not None:
        answer = answer + _for_channels("beta", beta, np.shape(x))
    return answer


def _for_channels(name, values, shape):
    values = asarray(values)
    _check_shape(name, values, shape[1:2])
    return np.reshape(values, (-1, *(1,) * (len(shape) - 2)))


def _check_shape(name, array, shape):
    if np.shape(array) != shape:
        raise AdiffError("shape", f"{name} has shape {np.shape(array)}, and must have {shape}")


@primitive
def steps(x):
    """All x[t]. As one call, whose cotangents come back together: with an index for each, a long sequence would be
    filled with zeros, and added up, once for each of its steps."""
    return tuple(x)


general(steps, lambda g, y, x: np.stack(g), why="it has several results, though each is linear in x", poles=False)
one(lambda f, x: f(np.moveaxis(x, 0, 1)), steps)


def gru(X, Uz, Wz, bz, Ur, Wr, br, Uh, Wh, bh, s0=None, *, dropout=0.0, rng=None):
    """The states of gated recurrent units that read a sequence: S[0], and after each step t from 1 to T

        Z = sigmoid(X[t] Uz + S[t-1] Wz + bz)             what is kept of the state
        R = sigmoid(X[t] Ur + S[t-1] Wr + br)             what is read of it
        H = tanh(X[t] Uh + (R * S[t-1]) Wh + bh)          what is new
        S[t] = (1 - Z) * H + Z * S[t-1]

    X           sequences (T, N, C): T steps of N data
    Uz, Ur, Uh  weights (C, D)
    Wz, Wr, Wh  weights (D, D)
    bz, br, bh  biases (D,)
    s0          the first state (N, D); zeros for None
    dropout     how large a part of the weights W is left out, and of X U for each datum (the same at all steps); the
                rest is scaled up by 1/(1 - dropout). Merity et al. 2017, arXiv:1708.02182
    rng         a generator or a seed for it

    The answer is (T + 1, N, D). Cho et al. 2014, arXiv:1406.1078; AdiffError (shape, value) for what does not fit.
    """
    X, gates = asarray(X), [[asarray(a) for a in gate] for gate in ((Uz, Wz, bz), (Ur, Wr, br), (Uh, Wh, bh))]
    state = _first_state(X, gates, s0)
    if dropout:
        kept = _Kept(dropout, rng)
        reads = [X @ U * kept((1, *np.shape(state))) + b for U, _, b in gates]
        weights = [W * kept(np.shape(W)) for _, W, _ in gates]
    else:
        reads, weights = [X @ U + b for U, _, b in gates], [W for _, W, _ in gates]
    states = [state]
    for z, r, h in zip(*map(steps, reads), strict=True):
        state = _step(state, z, r, h, *weights)
        states.append(state)
    return np.stack(states)


def _step(state, z, r, h, Wz, Wr, Wh):
    z, r = sigmoid(z + state @ Wz), sigmoid(r + state @ Wr)
    h = np.tanh(h + (r * state) @ Wh)
    return h + z * (state - h)


def _first_state(X, gates, s0):
    """The state to begin with, once all shapes are known to belong together."""
    if np.ndim(X) != 3:
        raise AdiffError("shape", f"X of gru has shape {np.shape(X)}, and must have (T, N, C)")
    (_, data, channels), units = np.shape(X), np.size(gates[0][2])
    for gate, arrays in zip("zrh", gates, strict=True):
        for name, array, shape in zip("UWb", arrays, ((channels, units), (units, units), (units,)), strict=True):
            _check_shape(name + gate, array, shape)
    s0 = np.zeros((data, units), np.result_type(X, *(a for gate in gates for a in gate))) if s0 is None else asarray(s0)
    _check_shape("s0", s0, (data, units))
    return s0


class _Kept:
    """Random masks: 0 for what is left out, and the rest such that the mean is 1."""

    def __init__(self, dropout, rng):
        if not 0 <= dropout < 1:
            raise AdiffError("value", f"dropout must be from 0 to below 1, and is {dropout!r}")
        self.part = 1 - dropout
        self.rng = np.random.default_rng(rng)

    def __call__(self, shape):
        return self.rng.binomial(1, self.part, shape) / self.part
