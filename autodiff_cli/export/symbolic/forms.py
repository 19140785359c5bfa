"""Functions that change the form of an array, and those that pick entries, as sums of products: see readings.py."""

import numpy as np

from ...engine import keys
from ...engine.program import Line
from ...engine.rulebook.indexing import index
from .algebra import Pick, Unsaid, fresh
from .calls import spread
from .products import product, single, termwise, total


def contraction(labels, *parts):
    """einsum, its labels any things that are equal or not."""
    terms, _, result = labels.partition("->")
    axes = {}
    for term, part in zip(terms.split(","), parts, strict=True):
        for label, size in zip(term, part.shape, strict=True):
            axes.setdefault(label, fresh((size,))[0])
    places = [(p, [axes[c] for c in t]) for p, t in zip(parts, terms.split(","), strict=True)]
    return product(places, tuple(axes[c] for c in result))


def _transpose(a, axes=None):
    return a.reordered(range(len(a.shape))[::-1] if axes is None else axes)


def _swapaxes(a, axis1, axis2):
    order = list(range(len(a.shape)))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return a.reordered(order)


def _moveaxis(a, source, destination):
    return a.reordered(np.moveaxis(np.empty(range(len(a.shape))), source, destination).shape)


def positions(axis, ndim):
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return {k % ndim for k in axes} if ndim else set()


def _reshape(a, shape=None, order="C"):
    """Only axes of length 1 come and go."""
    shape = tuple(np.empty(a.shape).reshape(shape).shape)
    if shape == a.shape:
        return a
    if [n for n in shape if n != 1] != [n for n in a.shape if n != 1] or order != "C":
        return None
    axes = fresh(a.shape)
    long = (axis for axis in axes if axis.size != 1)
    return termwise([(a, axes)], tuple(fresh((1,))[0] if n == 1 else next(long) for n in shape))


def _expand(a, axis=None):
    return _reshape(a, np.expand_dims(np.empty(a.shape), axis).shape)


def _squeeze(a, axis=None):
    return _reshape(a, np.squeeze(np.empty(a.shape), axis).shape)


def _diag(a, k=0):
    if k:
        return None
    return _diagonal(a) if len(a.shape) == 2 else contraction("i->ii", a)


def _diagonal(a, offset=0, axis1=0, axis2=1):
    if offset or len(a.shape) != 2 or a.shape[0] != a.shape[1]:
        return None
    return contraction("ii->i", a)


def _index(a, *arrays, key=()):
    """Entries along each axis: by number, by slice, by a list of numbers, or all."""
    if any(type(array) is Line or np.ndim(array) != 1 or array.dtype.kind not in "iu" for array in arrays):
        raise Unsaid("computed positions")
    if len(arrays) > 1:
        raise Unsaid("pairs of positions")
    axes, left, picks = fresh(a.shape), [], []
    own = iter(axes)
    for entry in _full_key(keys.filled(key, [array.tolist() for array in arrays]), len(a.shape)):
        if entry is None:
            left += fresh((1,))
        elif entry == slice(None):
            left.append(next(own))
        else:
            axis = next(own)
            pick = Pick(axis.size, entry, _key_text(entry))
            rows = fresh(pick.shape[:-1])
            left += rows
            picks.append((single(pick), (*rows, axis)))
    return product([(a, axes), *picks], tuple(left))


def _full_key(key, ndim):
    """A key with an entry for each axis."""
    key = key if ... in key else (*key, ...)
    place, known = key.index(...), sum(k is not None and k is not ... for k in key)
    return (*key[:place], *[slice(None)] * (ndim - known), *key[place + 1 :])


def _key_text(entry):
    """A number, a list of them or a slice as it is written in brackets."""
    if not isinstance(entry, slice):
        return str(entry)
    start, stop, step = ("" if k is None else str(k) for k in (entry.start, entry.stop, entry.step))
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _stack(*arrays, axis=0):
    """Each array at its own number along a new axis."""
    shape = arrays[0].shape
    axis %= len(shape) + 1
    rows = []
    for k, part in enumerate(arrays):
        axes, new = fresh(shape), fresh((len(arrays),))
        left = (*axes[:axis], *new, *axes[axis:])
        rows.append(termwise([(part, axes), (single(Pick(len(arrays), k, str(k))), new)], left))
    return total(rows, (*shape[:axis], len(arrays), *shape[axis:]))


FORMS = {
    index: _index,
    np.stack: _stack,
    np.transpose: _transpose,
    np.matrix_transpose: lambda a: _swapaxes(a, -1, -2),
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.ravel: lambda a, order="C": a if len(a.shape) == 1 else None,
    np.reshape: _reshape,
    np.broadcast_to: lambda a, shape: spread(a, np.broadcast_shapes(shape)),
    np.expand_dims: _expand,
    np.squeeze: _squeeze,
    np.diag: _diag,
    np.diagonal: _diagonal,
}
