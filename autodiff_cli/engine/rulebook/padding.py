"""np.pad in all its modes: copies of entries, numbers, ramps or statistics, joined to the array axis by axis."""

import numpy as np

from ...errors import NotDifferentiable
from ..creation import asarray
from ..rules import composed
from .indexing import along, extent


def _pad(array, pad_width, mode="constant", **how):
    shape = np.shape(array)
    widths = _widths(pad_width, len(shape))
    if callable(mode):
        raise NotDifferentiable(
            "refused", "pad: a mode that is a function writes into an array", help="use np.concatenate"
        )
    if mode in ("edge", "wrap") or (mode in ("reflect", "symmetric") and how.get("reflect_type", "even") == "even"):
        # Copies of entries are chosen by their positions, which NumPy pads.
        return along(array, None, np.pad(np.arange(np.size(array)).reshape(shape), widths, mode, **how))
    # NumPy's own checks, of the mode, its keywords and what it can do with an empty array.
    plain = {name: value for name, value in how.items() if name in ("stat_length", "reflect_type")}
    np.pad(np.zeros(np.minimum(shape, 1)), widths, mode, **plain)
    for axis, width in enumerate(widths):
        if any(width):
            before, after = _SIDES[mode](array, axis, width, **how)
            array = np.concatenate([asarray(before, array.dtype), array, asarray(after, array.dtype)], axis)
    return array


def _widths(pad_width, ndim):
    """(before, after) for each axis, from a number, a pair, a list of pairs, or a dict of some of the axes."""
    if isinstance(pad_width, dict):
        given, pad_width = pad_width, [(0, 0)] * ndim
        for axis, width in given.items():
            pad_width[axis] = np.broadcast_to(width, 2)
    return _for_axes(pad_width, ndim)


def _for_axes(values, ndim):
    """A pair for each axis."""
    return np.broadcast_to(asarray(values), (ndim, 2))


def _beside(x, axis, width):
    """The shapes of what is put before and after."""
    return [[n if k == axis else m for k, m in enumerate(np.shape(x))] for n in width]


# --- what stands on both sides: (before, after)


def _constant(x, axis, width, constant_values=0):
    values = _for_axes(constant_values, np.ndim(x))
    return tuple(np.broadcast_to(values[axis, k], shape) for k, shape in enumerate(_beside(x, axis, width)))


def _empty(x, axis, width):
    return tuple(map(np.zeros, _beside(x, axis, width)))


def _linear_ramp(x, axis, width, end_values=0):
    """Equal steps from the given end to the entry at the edge, which itself is not part of them."""
    ends = _for_axes(end_values, np.ndim(x))
    before, after = (
        np.linspace(ends[axis, k], along(x, axis, -k), n, endpoint=False, dtype=x.dtype, axis=axis)
        for k, n in enumerate(width)
    )
    return before, np.flip(after, axis)


def _statistic(function):
    """A statistic of the entries that are nearest, or of all of them."""

    def sides(x, axis, width, stat_length=None):
        n = extent(x, axis)
        lengths = (n, n) if stat_length is None else np.minimum(_for_axes(stat_length, np.ndim(x))[axis], n).tolist()
        nearest = along(x, axis, slice(lengths[0])), along(x, axis, slice(n - lengths[1], n))
        values = [function(part, axis, keepdims=True) for part in nearest]
        if x.dtype.kind in "iu":
            values = map(np.rint, values)
        return tuple(map(np.broadcast_to, values, _beside(x, axis, width)))

    return sides


def _odd(mode):
    """Reflection through the entry at the edge: turned round each time, and carried on by as much as the array rises.

    With i = turn * period + place, and x[-1] - x[0] the rise, entry i is x[place] + turn * rise where turn is even,
    and 2 * x[-1] - x[mirrored place] + (turn - 1) * rise where it is odd.
    """

    def sides(x, axis, width, reflect_type):
        n, ndim = extent(x, axis), np.ndim(x)
        period = max(n - (mode == "reflect"), 1)
        turn = np.arange(-width[0], n + width[1]) // period if n > 1 else np.zeros(1 + sum(width), int)
        places = np.pad(np.arange(n), width, mode)
        outside = np.delete(np.arange(len(places)), slice(width[0], width[0] + n))
        turn = np.expand_dims(turn[outside], tuple(range(1, ndim - axis)))
        odd = turn % 2
        first, last = along(x, axis, slice(1)), along(x, axis, slice(n - 1, n))
        copies = along(x, axis, places[outside])
        padding = (1 - 2 * odd) * copies + (turn + odd) * last - (turn - odd) * first
        return along(padding, axis, slice(width[0])), along(padding, axis, slice(width[0], None))

    return sides


_SIDES = {
    "constant": _constant,
    "empty": _empty,
    "linear_ramp": _linear_ramp,
    "maximum": _statistic(np.max),
    "mean": _statistic(np.mean),
    "median": _statistic(np.median),
    "minimum": _statistic(np.min),
    "reflect": _odd("reflect"),
    "symmetric": _odd("symmetric"),
}

composed(np.pad, _pad)
