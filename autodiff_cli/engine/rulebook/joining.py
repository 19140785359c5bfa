"""Functions that join arrays and take them apart, and functions of their pieces."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ...errors import NotDifferentiable
from ..creation import array
from ..rules import composed, linear
from .indexing import along, extent

# --- joining


def _joined(function):
    """A function that joins, which does not truncate numbers to integers on the way."""

    def evaluate(arrays, axis=0, *, dtype=None, casting="same_kind"):
        if dtype is not None and not np.issubdtype(dtype, np.inexact):
            raise NotDifferentiable("refused", f"{function.__name__}: {dtype} has no slope", help="use astype before")
        return function(arrays, axis, dtype=dtype, casting=casting)

    return evaluate


def _concatenate_transpose(i, g, *arrays, axis=0, dtype=None, casting="same_kind"):
    start = sum(extent(a, axis) for a in arrays[:i])
    return np.reshape(along(g, axis, slice(start, start + extent(arrays[i], axis))), np.shape(arrays[i]))


def _stack_transpose(i, g, *arrays, axis=0, dtype=None, casting="same_kind"):
    return along(g, axis, i)


linear(np.concatenate, _concatenate_transpose, sequence="list", evaluate=_joined(np.concatenate))
linear(np.stack, _stack_transpose, sequence="list", evaluate=_joined(np.stack))


def _vstack(tup, *, dtype=None, casting="same_kind"):
    return np.concatenate([np.atleast_2d(a) for a in tup], 0, dtype=dtype, casting=casting)


def _hstack(tup, *, dtype=None, casting="same_kind"):
    arrays = [np.atleast_1d(a) for a in tup]
    return np.concatenate(arrays, 0 if np.ndim(arrays[0]) == 1 else 1, dtype=dtype, casting=casting)


def _column_stack(tup):
    return np.concatenate([a if np.ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in tup], 1)


def _append(arr, values, axis=None):
    return np.concatenate([arr, values], axis)


composed(np.vstack, _vstack)
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


# --- across


def _meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    ndim = len(xi)
    axes = list(range(ndim))
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing of meshgrid is xy or ij, not {indexing}")
    if indexing == "xy":
        axes[:2] = axes[1::-1] if ndim > 1 else axes
    grid = [np.reshape(x, [-1 if k == axis else 1 for k in range(ndim)]) for axis, x in zip(axes, xi, strict=True)]
    return tuple(grid) if sparse else tuple(np.broadcast_arrays(*grid))


composed(np.meshgrid, _meshgrid)


# --- a function of pieces


def _apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """What the function makes of each row stands where the row was."""
    arr = np.moveaxis(arr, axis, -1)
    rows = np.reshape(arr, (-1, np.shape(arr)[-1]))
    if np.shape(rows)[0] == 0:
        raise ValueError("apply_along_axis needs at least one row")
    answers = array([func1d(row, *args, **kwargs) for row in rows])
    axis = normalize_axis_index(axis, np.ndim(arr))
    own = np.ndim(answers) - 1
    answers = np.reshape(answers, np.shape(arr)[:-1] + np.shape(answers)[1:])
    return np.moveaxis(answers, tuple(range(-own, 0)), tuple(range(axis, axis + own)))


def _apply_over_axes(func, a, axes):
    """One axis after the other; a function that takes it away has it put back, of length 1."""
    ndim = np.ndim(a)
    for axis in normalize_axis_tuple(axes, ndim, allow_duplicate=True):
        answer = func(a, axis)
        a = answer if np.ndim(answer) == ndim else np.expand_dims(answer, axis)
        if np.ndim(a) != ndim:
            raise ValueError("the function of apply_over_axes takes away more than its axis")
    return a


composed(np.apply_along_axis, _apply_along_axis)
composed(np.apply_over_axes, _apply_over_axes)
