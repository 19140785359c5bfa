"""In-place functions on tensors: a Tensor is bound to its new value, and no memory is written that others see.

What stands at which place afterwards is found out by NumPy's own function, run on positions.
"""

from math import prod

import numpy as np

from ..errors import NotDifferentiable
from .creation import asarray, full, holds_tensor
from .rules import composed, constant
from .tensor import Tensor, primitive


@primitive
def origins(*chosen, by, shape, given, **how):
    """Where each entry of a written array comes from: its place in the old one or, counted on, in the values."""
    places = np.arange(prod(shape)).reshape(shape)
    values = np.arange(places.size, places.size + prod(given)).reshape(given)
    answer = getattr(np, by)(places, *chosen, values, **how)
    return places if answer is None else answer


constant(origins)


def written(a, values, *chosen, by, **how):
    """What NumPy's function of the name `by` makes of an array: values are put at chosen places."""
    values = asarray(values, a.dtype)
    chosen = (asarray(c) if holds_tensor(c) else c for c in chosen)
    places = origins(*chosen, by=by, shape=np.shape(a), given=np.shape(values), **how)
    return np.concatenate([np.ravel(a), np.ravel(values)])[places]


def _write(tensor, values, *chosen, by, **how):
    """The same in place."""
    _check_destination(tensor, by)
    _bind(tensor, written(tensor, values, *chosen, by=by, **how))


def _check_destination(array, by):
    if not isinstance(array, Tensor):
        raise NotDifferentiable(
            "leak",
            f"{by} would write a tensor into a plain array, and lose its derivative",
            help="make the destination a tensor: np.zeros(shape, like=x), or np.array(destination, like=x)",
        )


def _bind(tensor, new):
    if np.shape(new) != np.shape(tensor):
        raise ValueError(f"what has shape {np.shape(new)} cannot be written into shape {np.shape(tensor)}")
    tensor.value, tensor.line = (new.value, new.line) if isinstance(new, Tensor) else (new, None)


def _copyto(dst, src, casting="same_kind", where=True):
    _check_destination(dst, "copyto")
    src = asarray(src)
    if not np.can_cast(src.dtype, dst.dtype, casting):
        raise TypeError(f"cannot cast from {src.dtype} to {dst.dtype} by the rule {casting!r}")
    new = full(np.shape(dst), src, dst.dtype)
    _bind(dst, new if where is True else np.where(where, new, dst))


composed(np.copyto, _copyto)
composed(np.put, lambda a, ind, v, mode="raise": _write(a, v, ind, by="put", mode=mode))
composed(np.place, lambda arr, mask, vals: _write(arr, vals, mask, by="place"))
composed(np.putmask, lambda a, mask, values: _write(a, values, mask, by="putmask"))
composed(np.fill_diagonal, lambda a, val, wrap=False: _write(a, val, by="fill_diagonal", wrap=wrap))
composed(
    np.put_along_axis,
    lambda arr, indices, values, axis: _write(arr, values, indices, by="put_along_axis", axis=axis),
)
