"""Grids, and functions of samples on one: differences, slopes, integrals, interpolation."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..rules import composed
from .indexing import along, getitem

# --- grids


def _linspace(start, stop, num=50, endpoint=True, *, axis=0):
    """Equal steps from start; the last point is stop itself, not what the steps add up to."""
    shape = np.broadcast_shapes(np.shape(start), np.shape(stop))
    steps = np.reshape(np.arange(num, dtype=np.result_type(start, stop, 1.0)), (num,) + (1,) * len(shape))
    points = steps * ((stop - start) / max(num - bool(endpoint), 1)) + start
    if endpoint and num > 1:
        points = np.where(steps == num - 1, stop, points)
    return np.moveaxis(points, 0, axis)


def _logspace(start, stop, num=50, endpoint=True, base=10.0, *, axis=0):
    return np.power(base, _linspace(start, stop, num, endpoint, axis=axis))


composed(np.linspace, _linspace)
composed(np.logspace, _logspace)


# --- differences


def _end(value, a, axis):
    """What is put before or after: a number is as wide as the array."""
    if np.ndim(value):
        return value
    axis = normalize_axis_index(axis, np.ndim(a))
    return np.broadcast_to(value, [1 if k == axis else n for k, n in enumerate(np.shape(a))])


def _diff(a, n=1, axis=-1, prepend=None, append=None):
    ends = [None if end is None else _end(end, a, axis) for end in (prepend, append)]
    present = [part for part in (ends[0], a, ends[1]) if part is not None]
    a = np.concatenate(present, axis) if len(present) > 1 else a
    for _ in range(n):
        a = along(a, axis, slice(1, None)) - along(a, axis, slice(None, -1))
    return a


def _ediff1d(ary, to_end=None, to_begin=None):
    parts = (to_begin, _diff(np.ravel(ary)), to_end)
    return np.concatenate([np.ravel(part) for part in parts if part is not None])


composed(np.diff, _diff)
composed(np.ediff1d, _ediff1d)


# --- slopes


def _gradient(f, *varargs, axis=None, edge_order=1):
    """One array of slopes for each axis."""
    axes = range(np.ndim(f)) if axis is None else np.atleast_1d(axis).tolist()
    spacings = varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes)
    slopes = [_slopes(f, h, k, edge_order) for h, k in zip(spacings, axes, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _slopes(f, spacing, axis, edge_order):
    """The slope of the parabola through three neighbours; at the ends that of a line, or again of the parabola."""
    f = np.moveaxis(f, axis, -1)
    steps = np.diff(spacing) if np.ndim(spacing) else np.full(np.shape(f)[-1] - 1, spacing, f.dtype)
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


def _interp(x, xp, fp, left=None, right=None):
    """At a knot the slope is that of the piece on its right."""
    piece = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, np.shape(xp)[0] - 2)
    (x0, y0), (x1, y1) = ((getitem(xp, k), getitem(fp, k)) for k in (piece, piece + 1))
    inside = (y1 - y0) / (x1 - x0) * (x - x0) + y0
    answer = np.where(np.less(x, xp[0]), fp[0] if left is None else left, inside)
    return np.where(np.greater(x, xp[-1]), fp[-1] if right is None else right, answer)


composed(np.trapezoid, _trapezoid)
composed(np.interp, _interp)
