"""Arrays made of tensors: the counterparts of those NumPy functions that never ask a Tensor whether it knows better.

With `like=` they do ask, and then come here too: np.array([t, 1.0], like=t) is a Tensor, np.zeros(3, like=t) as well.
"""

import numpy as np

from .rules import composed, constant
from .tensor import Tensor


def array(object, dtype=None, *, copy=True, ndmin=0):
    """np.array of numbers, arrays and tensors in nested lists; a Tensor where there is one among them.

    object  a number, an array, a Tensor, or lists (tuples) of them, of equal shapes; ValueError where they differ
    ndmin   axes of length 1 are put in front up to so many
    """
    made = asarray(object, dtype)
    if copy and made is object:
        made = np.copy(made)
    missing = ndmin - np.ndim(made)
    return np.reshape(made, (1,) * missing + np.shape(made)) if missing > 0 else made


def asarray(a, dtype=None):
    """np.asarray, of what `array` takes: a Tensor that has the dtype already is given back as it is."""
    if not holds_tensor(a):
        return np.asarray(a, dtype)
    made = a if isinstance(a, Tensor) else np.stack([asarray(entry) for entry in a])
    return made if dtype is None or made.dtype == dtype else np.astype(made, dtype)


def holds_tensor(entry):
    """Whether a nested list has a Tensor in it."""
    return isinstance(entry, Tensor) or (isinstance(entry, (list, tuple)) and any(map(holds_tensor, entry)))


def full(shape, fill_value, dtype=None):
    """np.full: an array of a shape, filled with a number or Tensor, or with what can be broadcast to it."""
    filled = np.broadcast_to(asarray(fill_value, dtype), shape)
    return filled if isinstance(filled, Tensor) else np.copy(filled)


def kaiser(M, beta):
    """np.kaiser: the window of M points with the shape parameter beta, which may be a Tensor."""
    if M == 1:
        return np.ones(1)
    place = np.arange(-(M - 1), M, 2) / max(M - 1, 1)  # from -1 to 1
    return np.i0(beta * np.sqrt(1 - place**2)) / np.i0(beta)


class _Joiner:
    """np.r_ or np.c_: what is in the brackets, joined; slices with an imaginary step are so many points.

    NumPy's own object is run on positions; what it gives tells where each entry comes from.
    """

    def __init__(self, joiner):
        self.joiner = joiner

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        items, places, count = [], [], 0
        for entry in key:
            if not isinstance(entry, str):  # a directive, like "0,2"
                items.append(_points(entry) if isinstance(entry, slice) else asarray(entry))
                entry = np.arange(count, count := count + np.size(items[-1])).reshape(np.shape(items[-1]))
            places.append(entry)
        origins = np.asarray(self.joiner[tuple(places)])
        return np.concatenate([np.ravel(item) for item in items])[origins]


def _points(piece):
    """The numbers that a slice in r_ stands for."""
    start, stop, step = 0 if piece.start is None else piece.start, piece.stop, piece.step
    if isinstance(step, complex):
        return np.linspace(start, stop, int(abs(step)))
    return np.arange(start, stop, 1 if step is None else step)


r_ = _Joiner(np.r_)
c_ = _Joiner(np.c_)


# --- what comes by `like=`


def _tensor(function):
    """A function whose answer is a Tensor, as that which it shall be like."""

    def definition(*args, **kwargs):
        answer = function(*args, **kwargs)
        return answer if isinstance(answer, Tensor) else Tensor(answer)

    return definition


# How memory lies (order, requirements) and where (device) says nothing of a tensor.
composed(np.array, _tensor(array))
composed(np.full, _tensor(lambda shape, fill_value, dtype=None, order="C", device=None: full(shape, fill_value, dtype)))
composed(np.require, _tensor(lambda a, dtype=None, requirements=None: asarray(a, dtype)))
for function in (np.asarray, np.asanyarray, np.asfortranarray):
    composed(function, _tensor(lambda a, dtype=None, order=None, **_: asarray(a, dtype)))
composed(np.ascontiguousarray, _tensor(lambda a, dtype=None: array(a, dtype, copy=False, ndmin=1)))
for function in (np.zeros, np.ones, np.empty, np.eye, np.identity, np.tri, np.arange, np.fromiter, np.fromfunction):
    composed(function, _tensor(function))
constant(np.frombuffer, np.fromfile, np.fromstring, np.loadtxt, np.genfromtxt)
