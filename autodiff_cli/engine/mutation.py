"""In-place updates of tensors and views, made functional.

An update binds a Tensor to a new value and a new line. Arrays that lines hold are never written: whatever was computed
before keeps the values that it was computed from, and so its derivative. A view (tensor.py) is updated by updating its
base; base and all views are then what NumPy would have made of them.

Only a Tensor without a history whose array is its own is written in place.
"""

from math import prod

import numpy as np

from ..errors import GraphError, NotDifferentiable
from .creation import asarray, full, holds_tensor
from .keys import filled, parted
from .modes import enable_grad
from .program import INPUT, input_line
from .recording import modes
from .rules import composed, constant
from .tensor import Tensor, View, plain, primitive

_WHOLE = (Ellipsis,)


# --- what an update makes of an array


def laid(a, order):
    """A copy of an array in memory of its own, axes in the given order from slow to fast (None: as they stand)."""
    if order is None:
        return np.array(a, order="C")
    return np.transpose(np.array(np.transpose(a, order), order="C"), np.argsort(order))


def layout(a):
    """The order in which the axes of an array lie in memory, for `laid`."""
    if a.flags.c_contiguous:
        return None
    return tuple(np.argsort([-abs(stride) for stride in a.strides], kind="stable").tolist())


def part(array, steps):
    """What a view's steps lead to, to be written."""
    for rule, params in steps:
        if rule.function is np.broadcast_to:
            raise ValueError("assignment destination is read-only: its entries share their places")
        array = rule.evaluate(array, **params)
    if not array.flags.writeable:
        array.flags.writeable = True  # NumPy gives a diagonal only to be read
    return array


@primitive
def assign(a, v, *arrays, key=_WHOLE, steps=(), order=None):
    """A copy of a in which v stands at [key] of the part that the steps of a view lead to."""
    made = laid(a, order)
    part(made, steps)[filled(key, arrays)] = v
    return made


@primitive
def last(*arrays, key, shape):
    """For each entry written at [key] of an array of `shape`, whether it is the last one at its place."""
    places = np.full(shape, -1)
    key = filled(key, arrays)
    entries = np.arange(places[key].size).reshape(places[key].shape)
    places[key] = entries
    return places[key] == entries


@primitive
def origins(*chosen, by, shape, given, **how):
    """Where each entry of a written array comes from: its place in the old one or, counted on, in the values."""
    places = np.arange(prod(shape)).reshape(shape)
    values = np.arange(places.size, places.size + prod(given)).reshape(given)
    answer = getattr(np, by)(places, *chosen, values, **how)
    return places if answer is None else answer


constant(last, origins)


def written(a, values, *chosen, by, **how):
    """What NumPy's function of the name `by` makes of an array: values are put at chosen places."""
    values = asarray(values, a.dtype)
    chosen = (asarray(c) if holds_tensor(c) else c for c in chosen)
    places = origins(*chosen, by=by, shape=np.shape(a), given=np.shape(values), **how)
    return np.concatenate([np.ravel(a), np.ravel(values)])[places]


# --- updates


def update(tensor, new):
    """`tensor` gets a new value in place, as an array does by out=; broadcast to its shape, cast to its dtype."""
    if not np.can_cast(np.result_type(new), tensor.dtype, "same_kind"):
        raise TypeError(f"cannot cast from {np.result_type(new)} to {tensor.dtype} in place")
    if np.shape(new) != tensor.shape:
        if np.broadcast_shapes(np.shape(new), tensor.shape) != tensor.shape:
            raise ValueError(f"what has shape {np.shape(new)} cannot be written into shape {tensor.shape}")
        new = np.broadcast_to(new, tensor.shape)
    if tensor.base is None and _moves(new):
        new = new if new.dtype == tensor.dtype else np.astype(new, tensor.dtype)
        # A line that another Tensor is bound to stays that one's.
        new = np.copy(new) if type(new) is View or new.line.owner is not None else new
        rebind(tensor, new.value, new.line)
    else:
        _put(tensor, new, _WHOLE, ())
    return tensor


def setitem(tensor, key, value):
    """tensor[key] = value, with NumPy's meaning: of what is written twice at one place, the last stays."""
    if not isinstance(tensor, Tensor):
        raise plain_destination("x[key] = tensor")
    if not isinstance(tensor.value, np.ndarray):
        raise TypeError("a number cannot be written into: make it an array, or compute a new one")
    template, arrays = parted(key)
    value = asarray(value)
    if np.ndim(value):
        chosen = np.shape(np.asarray(tensor.value)[filled(template, [plain(a) for a in arrays])])
        value = np.reshape(value, _without_leading_ones(np.shape(value), len(chosen)))
    if value.dtype != tensor.dtype:
        value = np.astype(value, tensor.dtype)
    _put(tensor, value, template, arrays)


def _without_leading_ones(shape, ndim):
    extra = max(len(shape) - ndim, 0)
    return shape[extra:] if shape[:extra] == (1,) * extra else shape


def _put(tensor, new, key, arrays):
    base = tensor if tensor.base is None else tensor.base
    steps = () if base is tensor else tensor.steps
    followed = modes.recording is not None and any([_moves(a) for a in arrays])
    if base.line is None and not _moves(new) and not followed:
        value = base.value if _is_own(base) else laid(base.value, layout(base.value))
        part(value, steps)[filled(key, map(plain, arrays))] = plain(new)
        rebind(base, value, None)
    elif base.line is not None and base.line.rule is INPUT and not modes.grad:
        value = laid(base.value, layout(base.value))
        part(value, steps)[filled(key, map(plain, arrays))] = plain(new)
        rebind(base, value, input_line(value))
    elif _moves(new) and getattr(tensor, "cut", False):
        message = "a detached tensor cannot take in what has a derivative: its base would get it too"
        raise GraphError("in-place", message, help="update the tensor itself, or a copy: t.detach().copy()")
    else:
        with enable_grad():
            made = assign(base, new, *arrays, key=key, steps=steps, order=layout(base.value))
        rebind(base, made.value, made.line)


def _moves(x):
    return isinstance(x, Tensor) and x.line is not None and modes.grad


def _is_own(tensor):
    return getattr(tensor, "_owns", False) and tensor.value.flags.writeable


def rebind(tensor, value, line):
    """Give a Tensor another value and line; that it keeps its gradient goes over to the new line."""
    old = tensor.line
    if old is not None and old.owner is not None and line is not None:
        line.owner, old.owner = old.owner, None
        line.form = line.form if line.rule is INPUT else None  # to be looked at line by line
    tensor.bind(value, line)
    tensor._owns = line is None


# --- NumPy's functions that write


def _write(tensor, values, *chosen, by, **how):
    """The same in place."""
    _check_destination(tensor, by)
    update(tensor, written(tensor, values, *chosen, by=by, **how))


def _check_destination(array, by):
    if not isinstance(array, Tensor):
        raise plain_destination(by)


def plain_destination(by):
    return NotDifferentiable(
        "leak",
        f"{by} would write a tensor into a plain array, and lose its derivative",
        help="make the destination a tensor: np.zeros(shape, like=x), or np.array(destination, like=x)",
    )


def _copyto(dst, src, casting="same_kind", where=True):
    _check_destination(dst, "copyto")
    src = asarray(src)
    if not np.can_cast(src.dtype, dst.dtype, casting):
        raise TypeError(f"cannot cast from {src.dtype} to {dst.dtype} by the rule {casting!r}")
    new = full(np.shape(dst), src, dst.dtype)
    update(dst, new if where is True else np.where(where, new, dst))


composed(np.copyto, _copyto)
composed(np.put, lambda a, ind, v, mode="raise": _write(a, v, ind, by="put", mode=mode))
composed(np.place, lambda arr, mask, vals: _write(arr, vals, mask, by="place"))
composed(np.putmask, lambda a, mask, values: _write(a, values, mask, by="putmask"))
composed(np.fill_diagonal, lambda a, val, wrap=False: _write(a, val, by="fill_diagonal", wrap=wrap))
composed(
    np.put_along_axis,
    lambda arr, indices, values, axis: _write(arr, values, indices, by="put_along_axis", axis=axis),
)
