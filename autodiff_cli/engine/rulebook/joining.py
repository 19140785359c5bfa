"""Functions that join arrays, take them apart, and put something around them."""

import numpy as np

from ...errors import NotDifferentiable
from ..rules import composed, linear
from .indexing import along, extent, scatter

# --- joining


def _concatenate_transpose(i, g, *arrays, axis=0):
    start = sum(extent(a, axis) for a in arrays[:i])
    return np.reshape(along(g, axis, slice(start, start + extent(arrays[i], axis))), np.shape(arrays[i]))


linear(np.concatenate, _concatenate_transpose, sequence="list")
linear(np.stack, lambda i, g, *arrays, axis=0: along(g, axis, i), sequence="list")


def _hstack(tup):
    arrays = [np.atleast_1d(a) for a in tup]
    return np.concatenate(arrays, 0 if np.ndim(arrays[0]) == 1 else 1)


def _column_stack(tup):
    return np.concatenate([a if np.ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in tup], 1)


def _append(arr, values, axis=None):
    return np.concatenate([arr, values], axis)


composed(np.vstack, lambda tup: np.concatenate([np.atleast_2d(a) for a in tup], 0))
composed(np.hstack, _hstack)
composed(np.dstack, lambda tup: np.concatenate([np.atleast_3d(a) for a in tup], 2))
composed(np.column_stack, _column_stack)
composed(np.append, _append)


def _block(arrays):
    """Innermost lists are joined along the last axis, those around them along the one before, and so on."""
    depth, leaf = 0, arrays
    while isinstance(leaf, list):
        depth, leaf = depth + 1, leaf[0]
    return _join(arrays, depth, max(depth, _most_axes(arrays)))


def _most_axes(arrays):
    return max(map(_most_axes, arrays)) if isinstance(arrays, list) else np.ndim(arrays)


def _join(arrays, depth, ndim):
    if isinstance(arrays, list) != (depth > 0):
        raise ValueError("block needs lists of one depth")
    if depth == 0:
        return np.reshape(arrays, (1,) * (ndim - np.ndim(arrays)) + np.shape(arrays))
    return np.concatenate([_join(a, depth - 1, ndim) for a in arrays], -depth)


composed(np.block, _block)


# --- taking apart


def _pieces(split):
    """A function that splits, told by where it cuts the positions."""

    def definition(ary, indices_or_sections, axis=0):
        pieces = split(np.arange(extent(ary, axis)), indices_or_sections)
        return [along(ary, axis, slice(int(p[0]), int(p[-1]) + 1) if p.size else slice(0, 0)) for p in pieces]

    return definition


def _unstack(x, *, axis=0):
    return tuple(along(x, axis, k) for k in range(extent(x, axis)))


composed(np.split, _pieces(np.split))
composed(np.array_split, _pieces(np.array_split))
composed(np.vsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, 0))
composed(np.hsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, int(np.ndim(ary) > 1)))
composed(np.dsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, 2))
composed(np.unstack, _unstack)


# --- around and across


_BY_POSITION = ("edge", "reflect", "symmetric", "wrap")


def _pad(array, pad_width, mode="constant", *, constant_values=0):
    """Copies of entries are chosen by their positions; constants are what stands around the array in zeros."""
    shape = np.shape(array)
    if mode in _BY_POSITION:
        return along(array, None, np.pad(np.arange(np.size(array)).reshape(shape), pad_width, mode))
    if mode != "constant":
        known = ", ".join(("constant", *_BY_POSITION))
        raise NotDifferentiable("refused", f"pad: there is no rule for mode {mode}", help=f"its modes are {known}")
    frame = np.pad(np.zeros(shape, array.dtype), pad_width, constant_values=constant_values)
    widths = np.broadcast_to(pad_width, (len(shape), 2)).tolist()
    inside = tuple(slice(first, first + n) for (first, _), n in zip(widths, shape, strict=True))
    padded = scatter(array, key=inside, shape=frame.shape)
    return padded + frame if frame.any() else padded


def _meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    ndim = len(xi)
    axes = {"xy": (1, 0, *range(2, ndim)) if ndim > 1 else (0,), "ij": range(ndim)}[indexing]
    grid = [np.reshape(x, [-1 if k == axis else 1 for k in range(ndim)]) for axis, x in zip(axes, xi, strict=True)]
    return tuple(grid) if sparse else tuple(np.broadcast_arrays(*grid))


composed(np.pad, _pad)
composed(np.meshgrid, _meshgrid)
