"""Functions that change the form of an array, and questions about it."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ...errors import NotDifferentiable
from ..creation import asarray, full
from ..rules import composed, constant, elementwise, linear, question
from ..tensor import Tensor, plain, primitive
from .indexing import ARRAY, scatter

question(np.shape, np.ndim, np.size, np.result_type, np.common_type, np.min_scalar_type, np.can_cast)
question(np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory)
question(np.array_repr, np.array_str, np.array2string, np.save, np.savetxt, np.savez, np.savez_compressed)


# --- the same entries in another form


def _in_order(function):
    """A function that reads entries in an order, which is one of their places."""

    def evaluate(a, *args, order="C", **how):
        if order not in ("C", "F"):
            raise NotDifferentiable("unknown-keyword", f"order {order!r} depends on how memory lies", help="use C or F")
        return function(a, *args, order=order, **how)

    return evaluate


def _back(g, a, order="C"):
    """The cotangent in the form of the operand."""
    return np.reshape(g, np.shape(a), order=order)


def _transpose(g, a, axes=None):
    return np.transpose(g, None if axes is None else tuple(np.argsort([k % len(axes) for k in axes]).tolist()))


def _rollaxis(a, axis, start=0):
    """To before the axis `start`, as counted before the move."""
    ndim = np.ndim(a)
    axis, start = normalize_axis_index(axis, ndim), start + ndim if start < 0 else start
    return np.moveaxis(a, axis, start - (axis < start))


linear(np.reshape, lambda g, a, shape=None, order="C", *, copy=None: _back(g, a, order), evaluate=_in_order(np.reshape))
linear(np.ravel, _back, evaluate=_in_order(np.ravel))
linear(np.squeeze, lambda g, a, axis=None: _back(g, a))
linear(np.expand_dims, lambda g, a, axis=None: _back(g, a))
linear(np.transpose, _transpose)
linear(np.matrix_transpose, lambda g, x: np.matrix_transpose(g))
linear(np.swapaxes, lambda g, a, axis1=None, axis2=None: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis, lambda g, a, source=None, destination=None: np.moveaxis(g, destination, source))
composed(np.rollaxis, _rollaxis)


def _at_least(form):
    """atleast_1d and the like, of one array or of several."""

    def one(a):
        shape = form(np.shape(a))
        return a if shape == np.shape(a) else np.reshape(a, shape)

    def definition(*arys):
        return one(arys[0]) if len(arys) == 1 else tuple(map(one, arys))

    return definition


composed(np.atleast_1d, _at_least(lambda shape: shape or (1,)))
composed(np.atleast_2d, _at_least(lambda shape: (1,) * (2 - len(shape)) + shape))
# A vector lies along the middle axis.
composed(
    np.atleast_3d, _at_least(lambda shape: {0: (1, 1, 1), 1: (1, *shape, 1), 2: (*shape, 1)}.get(len(shape), shape))
)


# --- the same entries as another type


@primitive
def cast(x, dtype=None):
    """x as another type of real or complex numbers."""
    return np.asarray(x).astype(dtype)[()]


@primitive
def truncated(x, dtype=None):
    """x as what moves in jumps, or not at all: integers, truth values."""
    return np.asarray(x).astype(dtype)[()]


def _astype(x, dtype, *, copy=True, device=None):
    return cast(x, dtype=dtype) if np.issubdtype(dtype, np.inexact) else truncated(x, dtype=dtype)


def _like(function):
    """A constant in the form of a tensor: a tensor too, for it may be there to be written into."""

    def definition(a, dtype=None, order="K", subok=True, *, shape=None, device=None):
        return Tensor(function(plain(a), dtype, order, subok, shape=shape, device=device))

    return definition


def _full_like(a, fill_value, dtype=None, order="K", subok=True, *, shape=None, device=None):
    dtype, shape = plain(a).dtype if dtype is None else dtype, np.shape(a) if shape is None else shape
    filled = full(shape, asarray(fill_value, dtype))
    return filled if isinstance(filled, Tensor) else Tensor(filled)


# A sweep itself brings what it carries to the type of the line where it arrives.
elementwise(cast, lambda y, x, dtype=None: 1.0)
constant(truncated)
composed(np.astype, _astype)
linear(np.copy, lambda g, a, order="K", subok=False: g)
composed(np.full_like, _full_like)
for function in (np.zeros_like, np.ones_like, np.empty_like):
    composed(function, _like(function))


# --- the same entries several times


def _broadcast_arrays(*args, subok=False):
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(a, shape) for a in args)


def _tile_transpose(g, A, reps=None):
    """The sum over the tiles: each axis is split into (tile, entry)."""
    reps, shape = tuple(np.atleast_1d(reps).tolist()), np.shape(A)
    ndim = max(len(reps), len(shape))
    tiles, entries = (1,) * (ndim - len(reps)) + reps, (1,) * (ndim - len(shape)) + shape
    split = [n for pair in zip(tiles, entries, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(g, split), axis=tuple(range(0, 2 * ndim, 2))), shape)


def _repeat_transpose(g, a, repeats=None, axis=None):
    """The sum over the copies of each entry."""
    shape = (np.size(a),) if axis is None else np.shape(a)
    along = 0 if axis is None else axis % len(shape)
    before, n, after = shape[:along], shape[along], shape[along + 1 :]
    if np.size(repeats) == 1:
        g = np.sum(np.reshape(g, (*before, n, int(np.reshape(repeats, ())), *after)), axis=along + 1)
    else:
        source = np.repeat(np.arange(n), repeats)
        g = scatter(g, source, key=(slice(None),) * along + (ARRAY,), shape=shape)
    return np.reshape(g, np.shape(a))


linear(np.broadcast_to, lambda g, array, shape=None, subok=False: g)
composed(np.broadcast_arrays, _broadcast_arrays)
# Zero copies are possible, and then nothing passes.
linear(np.tile, _tile_transpose, chooses=True)
linear(np.repeat, _repeat_transpose, chooses=True)
