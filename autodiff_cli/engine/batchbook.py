"""How each function takes a leading axis: the table behind batch.py, and its rows for all that moves entries.

A row is declared for functions of one array,

    one(row, np.flip, ...)          row(f, x, **params), where x has the leading axis

or of several, of which at least one has it,

    several(row, np.stack, ...)     row(f, batched, *operands, **params)

and gives the answer, with the axis. `f` computes the function, on arrays or Tensors. NotImplemented leaves a call to
the loop. Axes are counted from the end, where they are found again when one more stands in front; the *rank* of an
operand is the one without the leading axis.
"""

from math import prod
from operator import index as whole

import numpy as np

from .modes import stopped
from .mutation import assign
from .rulebook.arithmetic import phase, sign
from .rulebook.indexing import ARRAY, index, on_diagonal, scatter
from .rulebook.shapes import truncated
from .rulebook.statistics import overshoot

ROWS = {}


def several(row, *functions):
    """Declare the row of functions of several arrays."""
    ROWS.update(dict.fromkeys(functions, row))


def one(row, *functions):
    """Declare the row of functions of one array, which comes first; what follows it is structure."""

    def of_first(f, batched, x, *rest, **params):
        return NotImplemented if any(batched[1:]) else row(f, x, *rest, **params)

    several(of_first, *functions)


def row_of(rule):
    """The row of a rule, or None."""
    function = rule.function
    if function in ROWS:
        return ROWS[function]
    is_elementwise = rule.kind == "elementwise" or (isinstance(function, np.ufunc) and function.signature is None)
    return elementwise if is_elementwise else None


# --- the leading axis


def rank(x, is_batched=True):
    return np.ndim(x) - is_batched


def ranks(operands, batched):
    return [np.ndim(x) - b for x, b in zip(operands, batched, strict=True)]


def length(operands, batched):
    """The length of the leading axis."""
    return np.shape(operands[batched.index(True)])[0]


def from_end(axis, rank):
    """Axes counted from the end; all of them for None."""
    if axis is None:
        return tuple(range(-rank, 0))
    if np.iterable(axis):
        return tuple(from_end(k, rank) for k in axis)
    axis = whole(axis)
    return axis if axis < 0 else axis - rank


def deepened(x, rank):
    """x with axes of length 1 behind the leading one, up to a rank."""
    count, *shape = np.shape(x)
    return x if len(shape) >= rank else np.reshape(x, (count, *(1,) * (rank - len(shape)), *shape))


def aligned(operands, batched, cores=None):
    """Operands that broadcast, but for the last axes (the core) of each."""
    cores = cores or (0,) * len(operands)
    outer = [r - core for r, core in zip(ranks(operands, batched), cores, strict=True)]
    most = max(outer)
    return [
        deepened(x, most + core) if b and r < most else x
        for x, b, r, core in zip(operands, batched, outer, cores, strict=True)
    ]


def everywhere(operands, batched):
    """Operands that all have the leading axis."""
    count = length(operands, batched)
    return [x if b else np.broadcast_to(x, (count, *np.shape(x))) for x, b in zip(operands, batched, strict=True)]


def flat(x, is_batched=True):
    shape = np.shape(x)
    return np.reshape(x, (*shape[:is_batched], prod(shape[is_batched:])))


def flat_for(axis, x):
    """(x, axis), where None, and any axis of a single number, is that of the raveled array."""
    return (flat(x), -1) if axis is None or rank(x) == 0 else (x, from_end(axis, rank(x)))


# --- element by element


def elementwise(f, batched, *operands, **params):
    return f(*aligned(operands, batched), **params)


def _where(f, batched, *operands):
    """With the condition alone, as many places as there are."""
    return elementwise(f, batched, *operands) if len(operands) == 3 else NotImplemented


def _only(position):
    """Element by element in one operand; the others are tables to look things up in."""

    def row(f, batched, *operands, **params):
        return f(*operands, **params) if [*batched] == [i == position for i in range(len(batched))] else NotImplemented

    return row


several(_where, np.where)
several(elementwise, np.real, np.imag, np.real_if_close, np.copy, np.angle)
several(elementwise, sign, phase, truncated, overshoot, stopped)
several(elementwise, np.fix, np.round, np.around, np.isposinf, np.isneginf, np.isreal, np.iscomplex, np.isclose)
several(_only(0), np.isin, np.digitize, np.unravel_index)
several(_only(1), np.searchsorted)


# --- form


def _reformed(f, x, order="C", **params):
    """The same entries in the form that the answer has at one point."""
    form = np.shape(f(np.broadcast_to(0.0, np.shape(x)[1:]), **params))
    if order == "C":
        return np.reshape(x, (*np.shape(x)[:1], *form))
    # In Fortran's order the last axis is the outermost.
    last = np.reshape(np.moveaxis(x, 0, -1), (*form, *np.shape(x)[:1]), order=order)
    return np.moveaxis(last, -1, 0)


def _transpose(f, x, axes=None):
    axes = range(rank(x))[::-1] if axes is None else axes
    return f(x, (0, *(k % rank(x) + 1 for k in axes)))


def _broadcast_to(f, x, shape=None):
    shape = tuple(shape) if np.iterable(shape) else (shape,)
    return f(deepened(x, len(shape)), (*np.shape(x)[:1], *shape))


def _roll(f, x, shift=None, axis=None):
    entries, axis = flat_for(axis, x)
    return np.reshape(f(entries, shift, axis), np.shape(x))


def _diag(f, x, k=0):
    if rank(x) == 2:
        return np.diagonal(x, k, -2, -1)
    count, n = np.shape(x)
    return on_diagonal(x, (count, n + abs(k), n + abs(k)), k, 1, 2)


def _triangle(f, x, k=0):
    """NumPy repeats a vector in each row."""
    if rank(x) == 1:
        count, n = np.shape(x)
        x = np.broadcast_to(np.expand_dims(x, 1), (count, n, n))
    return f(x, k)


def _tile(f, x, reps=None):
    return f(deepened(x, np.size(reps)), reps)


def _concatenate(f, batched, *arrays, axis=0, **params):
    arrays = everywhere(arrays, batched)
    if axis is None:
        return f(*map(flat, arrays), axis=-1, **params)
    return f(*arrays, axis=from_end(axis, rank(arrays[0])), **params)


def _stack(f, batched, *arrays, axis=0, **params):
    arrays = everywhere(arrays, batched)
    return f(*arrays, axis=from_end(axis, rank(arrays[0]) + 1), **params)


one(_reformed, np.reshape, np.squeeze, np.expand_dims)
one(lambda f, x, order="C": _reformed(np.reshape, x, order, shape=-1), np.ravel)
one(_transpose, np.transpose)
one(lambda f, x: f(x), np.matrix_transpose)
one(lambda f, x, axis1, axis2: f(x, *from_end((axis1, axis2), rank(x))), np.swapaxes)
one(lambda f, x, source, destination: f(x, *from_end((source, destination), rank(x))), np.moveaxis)
one(lambda f, x, offset=0, axis1=0, axis2=1: f(x, offset, *from_end((axis1, axis2), rank(x))), np.diagonal, np.trace)
one(_diag, np.diag)
one(_triangle, np.tril, np.triu)
one(lambda f, x, axis=None: f(x, from_end(axis, rank(x))), np.flip)
one(lambda f, x: np.flip(x, 2), np.fliplr)
one(lambda f, x: np.flip(x, 1), np.flipud)
one(lambda f, x, k=1, axes=(0, 1): f(x, k, from_end(axes, rank(x))), np.rot90)
one(_roll, np.roll)
one(_broadcast_to, np.broadcast_to)
one(_tile, np.tile)
several(_concatenate, np.concatenate)
several(_stack, np.stack)


# --- keys


def _is_mask(array):
    return array.dtype.kind == "b"


def _differ(arrays, of_arrays):
    """Whether a mask is batched, which may choose more at one point than at another."""
    return any(b and _is_mask(k) for k, b in zip(arrays, of_arrays, strict=True))


def _advanced(key, arrays, of_arrays, rank_of_x):
    """Where the axes that index arrays make stand in x[key], how many they are, and whether they went to the front.

    They replace what they index, unless something stands between two of them; whole numbers are index arrays too.
    """
    if not arrays:
        return 0, 0, False
    depth = max(1 if _is_mask(k) else rank(k, b) for k, b in zip(arrays, of_arrays, strict=True))
    places = [j for j, k in enumerate(key) if k == ARRAY or isinstance(k, int)]
    if len(places) <= places[-1] - places[0]:
        return 0, depth, True
    consumed = sum(k is not None and k is not Ellipsis for k in key)
    consumed += sum(np.ndim(k) - 1 for k in arrays if _is_mask(k))
    before = sum(rank_of_x - consumed if k is Ellipsis else 1 for k in key[: places[0]])
    return before, depth, False


def _with_grid(arrays, of_arrays, depth):
    """Index arrays that choose at each point by themselves: the first numbers the points."""
    count = length(arrays, of_arrays)
    grid = np.reshape(np.arange(count), (count,) + (1,) * depth)
    return [grid, *(deepened(k, depth) if b else k for k, b in zip(arrays, of_arrays, strict=True))]


def _index(f, batched, x, *arrays, key=()):
    of_x, *of_arrays = batched
    if _differ(arrays, of_arrays):
        return NotImplemented
    place, depth, in_front = _advanced(key, arrays, of_arrays, rank(x, of_x))
    if not any(of_arrays):
        answer = f(x, *arrays, key=(slice(None), *key))
        return np.moveaxis(answer, depth, 0) if in_front else answer
    grid, *arrays = _with_grid(arrays, of_arrays, depth)
    if not of_x:
        return np.moveaxis(f(x, *arrays, key=key), place, 0)
    answer = f(x, grid, *arrays, key=(ARRAY, *key))
    return np.moveaxis(answer, range(1, 1 + depth), range(1 + place, 1 + place + depth))


def _scatter(f, batched, g, *arrays, key=(), shape=()):
    _, *of_arrays = batched
    if _differ(arrays, of_arrays):
        return NotImplemented
    place, depth, in_front = _advanced(key, arrays, of_arrays, len(shape))
    shape = (length((g, *arrays), batched), *shape)
    if not any(of_arrays):
        g = np.moveaxis(g, 0, depth) if in_front else g
        return f(g, *arrays, key=(slice(None), *key), shape=shape)
    g, *_ = everywhere((g, *arrays), batched)
    g = np.moveaxis(g, range(1 + place, 1 + place + depth), range(1, 1 + depth))
    return f(g, *_with_grid(arrays, of_arrays, depth), key=(ARRAY, *key), shape=shape)


several(_index, index)
several(_scatter, scatter)


def _assign(f, batched, a, v, *arrays, key, steps=(), order=None):
    """x[key] = v in each of x: for slices and numbers."""
    if arrays or steps or order:
        return NotImplemented
    shape = np.shape(a)[batched[0] :]
    if not batched[0]:
        a = np.broadcast_to(a, (len(v), *shape))
    if batched[1]:
        v = deepened(v, np.ndim(np.broadcast_to(0.0, shape)[key]))
    return f(a, v, key=(slice(None), *key))


several(_assign, assign)
