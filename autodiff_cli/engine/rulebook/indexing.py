"""Choosing entries: x[key], what picks by position, and scatter, which puts back."""

import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ...errors import NotDifferentiable
from ..rules import composed, constant, linear, question
from ..tensor import Tensor, primitive

# In the key of a line this stands for an index array. The arrays themselves are operands, so that computed
# ones are computed again at other points.
ARRAY = "array"

constant(np.nonzero, np.flatnonzero, np.argwhere, np.unravel_index, np.ravel_multi_index)
question(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)


def getitem(x, key):
    """x[key] for every key that NumPy understands; its index arrays may be Tensors."""
    arrays = []
    template = tuple(_entry(k, arrays) for k in (key if isinstance(key, tuple) else (key,)))
    return index(x, *arrays, key=template)


def _entry(entry, arrays):
    """One entry of a key in its plainest form; an index array goes to `arrays`."""
    if entry is None or entry is Ellipsis:
        return entry
    if isinstance(entry, slice):
        return slice(*(None if k is None else operator.index(k) for k in (entry.start, entry.stop, entry.step)))
    if isinstance(entry, (int, np.integer)) and not isinstance(entry, bool):
        return int(entry)
    arrays.append(_index_array(entry))
    return ARRAY


def _index_array(entry):
    """An index array, a mask, or a nested list of integers and Tensors."""
    if isinstance(entry, Tensor):
        return entry
    if isinstance(entry, (list, tuple)):
        if not entry:
            return np.empty(0, np.intp)
        if _holds_tensor(entry):
            return np.stack([_index_array(e) for e in entry])
    return np.asarray(entry)


def _holds_tensor(entry):
    if isinstance(entry, (list, tuple)):
        return any(map(_holds_tensor, entry))
    return isinstance(entry, Tensor)


def _filled(key, arrays):
    """The key with its arrays in their places."""
    arrays = iter(arrays)
    return tuple(next(arrays) if k == ARRAY else k for k in key)


@primitive
def index(x, *arrays, key=()):
    """x[key], the index arrays apart from the rest of the key."""
    return np.asarray(x)[_filled(key, arrays)]


@primitive
def scatter(g, *arrays, key=(), shape=()):
    """Zeros of `shape` with g added at [key]: where an index comes twice, both are added."""
    out = np.zeros(shape, np.asarray(g).dtype)
    places = _filled(key, arrays)
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


def _index_transpose(i, g, x, *arrays, key=()):
    return _no_slope(arrays[i - 1]) if i else scatter(g, *arrays, key=key, shape=np.shape(x))


def _scatter_transpose(i, g, x, *arrays, key=(), shape=()):
    return _no_slope(arrays[i - 1]) if i else index(g, *arrays, key=key)


def _no_slope(array):
    return np.zeros(np.shape(array))


composed(operator.getitem, getitem)
linear(index, _index_transpose, sequence="args", chooses=True)
linear(scatter, _scatter_transpose, sequence="args")


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


def _delete(arr, obj, axis=None):
    return along(arr, axis, np.delete(np.arange(extent(arr, axis)), obj))


def _insert(arr, obj, values, axis=None):
    """Entries of arr and of values, in the order into which NumPy brings their positions."""
    if axis is None:
        arr, axis = np.ravel(arr), 0
    shape, length = list(np.shape(arr)), extent(arr, axis)
    obj = np.arange(length)[obj] if isinstance(obj, slice) else np.asarray(obj)
    values = np.reshape(values, (1,) * (len(shape) - np.ndim(values)) + np.shape(values))
    if obj.ndim == 0:
        values = np.moveaxis(values, 0, axis)
    shape[axis] = np.shape(values)[axis] if obj.size == 1 else obj.size
    order = np.insert(np.arange(length), obj, length + np.arange(shape[axis]))
    return along(np.concatenate([arr, np.broadcast_to(values, shape)], axis), axis, order)


def _resize(a, new_shape):
    return np.reshape(along(a, None, np.arange(np.prod(new_shape)) % np.size(a)), new_shape)


composed(np.take, _take)
composed(np.take_along_axis, _take_along_axis)
composed(np.compress, lambda condition, a, axis=None: along(a, axis, np.flatnonzero(condition)))
composed(np.extract, lambda condition, arr: along(arr, None, np.flatnonzero(condition)))
composed(np.delete, _delete)
composed(np.insert, _insert)
composed(np.resize, _resize)


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
