"""Choosing entries: x[key], what picks by position, and scatter, which puts back."""

import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ...errors import NotDifferentiable
from ..creation import asarray, holds_tensor
from ..keys import ARRAY, filled, parted
from ..mutation import assign, last, written
from ..rules import composed, constant, find, linear, question
from ..tensor import apply, primitive

constant(np.nonzero, np.flatnonzero, np.argwhere, np.unravel_index, np.ravel_multi_index, np.ix_)
constant(np.packbits, np.unpackbits)
question(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)


def getitem(x, key):
    """x[key] for every key that NumPy understands; its index arrays may be Tensors."""
    template, arrays = parted(key)
    return apply(find(index), (x, *arrays), {"key": template})


@primitive
def index(x, *arrays, key=()):
    """x[key], the index arrays apart from the rest of the key."""
    return np.asarray(x)[filled(key, arrays)]


@primitive
def scatter(g, *arrays, key=(), shape=()):
    """Zeros of `shape` with g added at [key]: where an index comes twice, both are added."""
    out = np.zeros(shape, np.asarray(g).dtype)
    places = filled(key, arrays)
    if not arrays:
        _check_shape(g, out[places])
        out[places] = g
    else:
        positions = np.arange(out.size).reshape(shape)[places]
        _check_shape(g, positions)
        np.add.at(out.reshape(-1), positions.ravel(), np.ravel(g))
    return out


def _check_shape(g, places):
    """A mask may choose fewer or more entries at another point; g must not be stretched over them."""
    if np.shape(g) != np.shape(places):
        raise NotDifferentiable(
            "shape",
            f"the index chooses entries of shape {np.shape(places)} here, and of {np.shape(g)} where it was recorded",
            help="use where(condition, x, 0), whose shape does not depend on values",
        )


composed(operator.getitem, getitem)
linear(
    index,
    lambda g, x, *arrays, key=(): scatter(g, *arrays, key=key, shape=np.shape(x)),
    sequence="indices",
    chooses=True,
)
linear(scatter, lambda g, x, *arrays, key=(), shape=(): index(g, *arrays, key=key), sequence="indices")


def _assigned(g, a, v, *arrays, key=(), steps=(), order=None):
    """The cotangent of what was written: of what was written twice at one place, only the last is there."""
    for rule, params in steps:
        g = rule.call(g, **params)
    shape, g = np.shape(g), index(g, *arrays, key=key)
    return np.where(last(*arrays, key=key, shape=shape), g, 0) if arrays else g


linear(
    assign,
    lambda g, a, v, *arrays, key=(), steps=(), order=None: assign(g, 0.0, *arrays, key=key, steps=steps, order=order),
    _assigned,
    sequence="indices",
    chooses=True,
)


# --- entries by position, along an axis


def along(x, axis, entry):
    """x[:, ..., entry, ..., :], the entry at `axis`; axis None means that of the raveled array."""
    if axis is None:
        return getitem(np.ravel(x), entry)
    return getitem(x, (slice(None),) * normalize_axis_index(axis, np.ndim(x)) + (entry,))


def key_along(shape, indices, axis):
    """The key that follows `indices` along an axis and goes through all of the others."""
    axis = normalize_axis_index(axis, len(shape))
    grid = [np.arange(n).reshape((n,) + (1,) * (len(shape) - k - 1)) for k, n in enumerate(shape)]
    return (*grid[:axis], indices, *grid[axis + 1 :])


def scatter_along(g, indices, axis, shape):
    """The transpose of take_along_axis."""
    return scatter(g, *key_along(shape, indices, axis), key=(ARRAY,) * len(shape), shape=shape)


def extent(x, axis):
    """The number of entries along an axis; of all of them for None."""
    return np.size(x) if axis is None else np.shape(x)[normalize_axis_index(axis, np.ndim(x))]


def _take(a, indices, axis=None, *, mode="raise"):
    if mode == "wrap":
        indices = np.remainder(indices, extent(a, axis))
    elif mode == "clip":
        indices = np.clip(indices, 0, extent(a, axis) - 1)
    return along(a, axis, indices)


def _take_along_axis(arr, indices, axis=-1):
    if axis is None:
        return along(arr, None, indices)
    return getitem(arr, key_along(np.shape(arr), indices, axis))


@primitive
def _places_left(obj, length):
    """Which entries np.delete leaves."""
    return np.delete(np.arange(length), obj)


def _delete(arr, obj, axis=None):
    obj = asarray(obj) if holds_tensor(obj) else obj
    return along(arr, axis, _places_left(obj, length=extent(arr, axis)))


def _insert(arr, obj, values, axis=None):
    return written(asarray(arr), values, obj, by="insert", axis=axis)


def _resize(a, new_shape):
    """As many copies as are needed, one after the other."""
    size, a = np.prod(new_shape, dtype=int), np.ravel(a)
    if np.size(a) == 0 or size <= 0:
        return np.zeros(new_shape, a.dtype)
    return np.reshape(np.tile(a, -(-size // np.size(a)))[:size], new_shape)


def _sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """Each window's entries stand along new axes, the last ones."""
    windows = np.atleast_1d(window_shape).tolist()
    axes = range(np.ndim(x)) if axis is None else np.atleast_1d(axis).tolist()
    for window, axis in zip(windows, normalize_axis_tuple(axes, np.ndim(x), allow_duplicate=True), strict=True):
        starts = np.arange(extent(x, axis) - window + 1)
        x = np.moveaxis(along(x, axis, starts[:, None] + np.arange(window)), axis + 1, -1)
    return x


constant(_places_left)
composed(np.take, _take)
composed(np.take_along_axis, _take_along_axis)
composed(np.compress, lambda condition, a, axis=None: along(a, axis, np.flatnonzero(condition)))
composed(np.extract, lambda condition, arr: along(arr, None, np.flatnonzero(condition)))
composed(np.delete, _delete)
composed(np.insert, _insert)
composed(np.resize, _resize)
composed(np.lib.stride_tricks.sliding_window_view, _sliding_window_view)


# --- diagonals and triangles


def on_diagonal(g, shape, offset=0, axis1=0, axis2=1):
    """Zeros of `shape` with g on a diagonal, the transpose of np.diagonal."""
    rest = np.delete(shape, (axis1, axis2))
    steps = np.arange(np.shape(g)[-1])
    rows, columns = steps + max(-offset, 0), steps + max(offset, 0)
    square = (*rest.tolist(), shape[axis1], shape[axis2])
    full = scatter(g, rows, columns, key=(Ellipsis, ARRAY, ARRAY), shape=square)
    return np.moveaxis(full, (-2, -1), (axis1, axis2))


def _diag_transpose(g, v, k=0):
    """np.diag builds a matrix from a vector, and takes the diagonal of a matrix."""
    return np.diagonal(g, k) if np.ndim(v) == 1 else on_diagonal(g, np.shape(v), k)


linear(
    np.diagonal,
    lambda g, a, offset=0, axis1=0, axis2=1: on_diagonal(g, np.shape(a), offset, axis1, axis2),
    chooses=True,
)
linear(np.diag, _diag_transpose, chooses=True)
composed(np.diagflat, lambda v, k=0: np.diag(np.ravel(v), k))
linear(np.tril, lambda g, m, k=0: np.tril(g, k), chooses=True)
linear(np.triu, lambda g, m, k=0: np.triu(g, k), chooses=True)


# --- the same entries in another order

linear(np.flip, lambda g, m, axis=None: np.flip(g, axis))
linear(np.fliplr, lambda g, m: np.fliplr(g))
linear(np.flipud, lambda g, m: np.flipud(g))
linear(np.roll, lambda g, a, shift=None, axis=None: np.roll(g, np.negative(shift), axis))
linear(np.rot90, lambda g, m, k=1, axes=(0, 1): np.rot90(g, -k, axes))
