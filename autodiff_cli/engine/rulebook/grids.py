"""Grids, and functions of samples on one: differences, slopes, integrals, interpolation."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..creation import asarray
from ..rules import composed
from .indexing import along, getitem

# --- grids


def _linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Equal steps from start; the last point is stop itself, not what the steps add up to."""
    start, stop = asarray(start), asarray(stop)
    places = _places(num, start, stop)
    intervals = num - bool(endpoint)
    step = (stop - start) / max(intervals, 1)
    points = places * step + start
    if endpoint and num > 1:
        points = np.where(places == num - 1, stop, points)
    if dtype is not None:
        points = np.astype(np.floor(points) if np.issubdtype(dtype, np.integer) else points, dtype)
    points = np.moveaxis(points, 0, axis)
    return (points, step if intervals > 0 else np.nan) if retstep else points


def _places(num, start, stop):
    """0, 1, ..., num - 1 along an axis before those of start and stop."""
    if num < 0:
        raise ValueError(f"a grid has no {num} points")
    ndim = max(np.ndim(start), np.ndim(stop))
    return np.reshape(np.arange(num, dtype=np.result_type(start, stop, 1.0)), (num,) + (1,) * ndim)


def _logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Powers of the base; bases of their own stand along with start and stop."""
    if np.ndim(base):
        ndim = max(map(np.ndim, (start, stop, base)))
        start, stop, base = (np.reshape(a, (1,) * (ndim - np.ndim(a)) + np.shape(a)) for a in (start, stop, base))
        base = np.expand_dims(base, axis)
    points = np.power(base, _linspace(start, stop, num, endpoint, axis=axis))
    return points if dtype is None else np.astype(points, dtype)


def _geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Products of powers of the two ends, turned so that the first is positive."""
    start, stop = asarray(start), asarray(stop)
    size = np.abs(start)
    direction = start / size if np.iscomplexobj(start) else np.sign(start)
    share = _places(num, start, stop) / max(num - bool(endpoint), 1)
    points = direction * np.power(size, 1 - share) * np.power(stop / direction, share)
    return np.moveaxis(points if dtype is None else np.astype(points, dtype), 0, axis)


composed(np.linspace, _linspace)
composed(np.logspace, _logspace)
composed(np.geomspace, _geomspace)


# --- differences


def _end(value, a, axis):
    """What is put before or after: a number is as wide as the array."""
    if np.ndim(value):
        return value
    axis = normalize_axis_index(axis, np.ndim(a))
    return np.broadcast_to(value, [1 if k == axis else n for k, n in enumerate(np.shape(a))])


def _diff(a, n=1, axis=-1, prepend=None, append=None):
    if n < 0:
        raise ValueError(f"diff is not taken {n} times")
    if n == 0:
        return a
    ends = [None if end is None else _end(end, a, axis) for end in (prepend, append)]
    present = [part for part in (ends[0], a, ends[1]) if part is not None]
    a = np.concatenate(present, axis) if len(present) > 1 else a
    for _ in range(n):
        a = along(a, axis, slice(1, None)) - along(a, axis, slice(None, -1))
    return a


def _ediff1d(ary, to_end=None, to_begin=None):
    parts = (to_begin, _diff(np.ravel(ary)), to_end)
    return np.concatenate([np.ravel(asarray(part)) for part in parts if part is not None])


composed(np.diff, _diff)
composed(np.ediff1d, _ediff1d)


# --- slopes


def _gradient(f, *varargs, axis=None, edge_order=1):
    """One array of slopes for each axis."""
    f = asarray(f)
    f = asarray(f, np.result_type(f, 1.0))  # unsigned integers would not fall
    axes = range(np.ndim(f)) if axis is None else normalize_axis_tuple(axis, np.ndim(f))
    if len(varargs) not in (0, 1, len(axes)) or (len(varargs) == 1 < len(axes) and np.ndim(varargs[0])):
        raise TypeError(f"gradient takes one spacing for all axes, or one for each of {len(axes)}")
    spacings = varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes)
    slopes = [_slopes(f, h, k, edge_order) for h, k in zip(spacings, axes, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _slopes(f, spacing, axis, edge_order):
    """The slope of the parabola through three neighbours; at the ends that of a line, or again of the parabola."""
    f, spacing = np.moveaxis(f, axis, -1), asarray(spacing)
    number = np.shape(f)[-1]
    if edge_order not in (1, 2) or number <= edge_order:
        raise ValueError(f"gradient has no slopes of {number} entries by edge_order={edge_order}")
    if np.ndim(spacing) and np.shape(spacing) != (number,):
        raise ValueError(f"gradient has {number} entries at points of shape {np.shape(spacing)}")
    steps = np.diff(spacing) if np.ndim(spacing) else np.broadcast_to(spacing, (number - 1,))
    between = np.diff(f) / steps
    before, after, left, right = between[..., :-1], between[..., 1:], steps[:-1], steps[1:]
    bend = (after - before) / (left + right)
    ends = between[..., :1], between[..., -1:]
    if edge_order == 2:
        ends = before[..., :1] - left[:1] * bend[..., :1], after[..., -1:] + right[-1:] * bend[..., -1:]
    return np.moveaxis(np.concatenate([ends[0], before + left * bend, ends[1]], -1), -1, axis)


composed(np.gradient, _gradient)


# --- integrals and interpolation


def _trapezoid(y, x=None, dx=1.0, axis=-1):
    if x is not None:
        dx = np.diff(x) if np.ndim(x) == 1 else np.moveaxis(np.diff(x, axis=axis), axis, -1)
        dx = np.moveaxis(np.reshape(dx, (1,) * (np.ndim(y) - np.ndim(dx)) + np.shape(dx)), -1, axis)
    pairs = along(y, axis, slice(1, None)) + along(y, axis, slice(None, -1))
    return np.sum(dx * pairs / 2.0, axis)


def _interp(x, xp, fp, left=None, right=None, period=None):
    """At a knot the slope is that of the piece on its right."""
    xp, fp = asarray(xp), asarray(fp)
    if np.ndim(xp) != 1 or np.shape(xp) != np.shape(fp) or np.size(xp) == 0:
        raise ValueError(f"interp needs as many values as knots, not {np.shape(fp)} for {np.shape(xp)}")
    if period is not None:
        x, (xp, fp), left, right = np.remainder(x, abs(period)), _one_period(xp, fp, abs(period)), None, None
    piece = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(np.size(xp) - 2, 0))
    (x0, y0), (x1, y1) = ((getitem(xp, k), getitem(fp, k)) for k in (piece, np.minimum(piece + 1, np.size(xp) - 1)))
    inside = (y1 - y0) / (x1 - x0) * (x - x0) + y0 if np.size(xp) > 1 else y0
    answer = np.where(np.less(x, xp[0]), fp[0] if left is None else left, inside)
    return np.where(np.greater(x, xp[-1]), fp[-1] if right is None else right, answer)


def _one_period(xp, fp, period):
    """The knots in order within one period, and one more on both sides."""
    xp = np.remainder(xp, period)
    order = np.argsort(xp)
    xp, fp = getitem(xp, order), getitem(fp, order)
    return np.concatenate([xp[-1:] - period, xp, xp[:1] + period]), np.concatenate([fp[-1:], fp, fp[:1]])


composed(np.trapezoid, _trapezoid)
composed(np.interp, _interp)
