"""What slides over the axes of an array: the largest element of each window, and convolutions with filters.

A convolution is one sum of products over three arrays,

    sum of x[n, c, i*stride + j*dilation] * w[f, c, j] * g[n, f, i]     over windows i, and places j in a window

and each of the three functions below gives the derivative of this sum by one array as a function of the other two. So
the transposes of any of them are the other two, and derivatives of all orders are convolutions again. Windows cover
an axis exactly: then the length of each axis follows from those of the two others.

All three copy the windows of a few data at a time, so many as stay in the cache, and multiply matrices.
"""

from math import prod

import numpy as np

from ..errors import AdiffError
from .batchbook import one, several
from .creation import asarray
from .rules import bilinear, linear
from .tensor import primitive

_CACHED = 2**18  # so many numbers are copied at a time

# --- windows


def _view(x, window, stride, dilation):
    """The windows of x (..., X0, X1, ...) without a copy: (..., W0, W1, ..., G0, G1, ...), the places in a window and
    the grid of windows."""
    axes = tuple(range(-len(window), 0))
    spans = [dilation[k] * (window[k] - 1) + 1 for k in axes]
    view = np.lib.stride_tricks.sliding_window_view(x, spans, axes)
    view = view[(Ellipsis, *(slice(None, None, s) for s in stride), *(slice(None, None, d) for d in dilation))]
    return np.moveaxis(view, axes, [k - len(axes) for k in axes])


@primitive
def windows(x, *, window, stride, dilation):
    """The same with a copy: what overlaps or has gaps takes NumPy ten times as long to go through."""
    return np.ascontiguousarray(_view(x, window, stride, dilation))


@primitive
def overlap(g, *, stride, dilation):
    """The transpose: windows (..., W0, W1, ..., G0, G1, ...) put at their places in (..., X0, X1, ...) and added."""
    count = len(stride)
    rest, window, grid = np.shape(g)[: -2 * count], np.shape(g)[-2 * count : -count], np.shape(g)[-count:]
    if prod(grid) < prod(window):  # one grid in the other: the fewer additions are made
        g = np.moveaxis(g, range(-count, 0), range(-2 * count, -count))
        window, grid, stride, dilation = grid, window, dilation, stride
    out = np.zeros((*rest, *_covered(window, grid, stride, dilation)), g.dtype)
    for place in np.ndindex(*window):
        starts = [d * k for d, k in zip(dilation, place, strict=True)]
        key = (slice(b, b + s * (n - 1) + 1, s) for b, s, n in zip(starts, stride, grid, strict=True))
        out[(Ellipsis, *key)] += g[(Ellipsis, *place, *(slice(None),) * count)]
    return out


def _covered(window, grid, stride, dilation):
    """The lengths of the axes that so many windows cover."""
    return [s * (n - 1) + d * (w - 1) + 1 for w, n, s, d in zip(window, grid, stride, dilation, strict=True)]


linear(
    windows,
    lambda g, x, *, window=(), stride=(), dilation=(): overlap(g, stride=stride, dilation=dilation),
    chooses=True,
)
linear(
    overlap,
    lambda h, g, *, stride=(), dilation=(): windows(h, window=_window(g, stride), stride=stride, dilation=dilation),
)
one(lambda f, x, **params: f(x, **params), windows, overlap)


def _window(g, stride):
    """The lengths of the windows in an array of them."""
    return np.shape(g)[-2 * len(stride) : -len(stride)]


def _per_axis(name, values, count, least):
    """An integer for each axis, of one for all or of a sequence of them."""
    given = np.asarray(values)
    if given.dtype.kind in "iu" and given.shape in ((), (count,)) and np.all(given >= least):
        return tuple(np.broadcast_to(given, count).tolist())
    help = f"give one for all {count} axes, or a tuple of {count}"
    raise AdiffError("value", f"{name} must be integers from {least} on, not {values!r}", help=help)


def _check_cover(lengths, window, stride, dilation):
    """Windows begin at the first entry and end at the last."""
    for n, w, s, d in zip(lengths, window, stride, dilation, strict=True):
        left = n - d * (w - 1) - 1
        if left < 0 or left % s or not w:
            message = f"windows of {w} (stride {s}, dilation {d}) do not cover an axis of length {n} exactly"
            help = f"the length must be {d * (w - 1) + 1} and a multiple of {s} more: pad the array, or leave some out"
            raise AdiffError("shape", message, help=help)


def max_pool(x, pool, stride):
    """The largest element of each window of the last axes; equal ones share the slope equally.

    x       an array (..., C0, C1, ...)
    pool    the lengths of a window, (P0, P1, ...): as many of the last axes are pooled
    stride  how far it is from window to window, for each of these axes or for all

    The windows cover the axes exactly, or AdiffError says so (shape). The answer has the shape (..., G0, G1, ...)
    with G = (C - P)/stride + 1. It is MyGrad's max_pool.
    """
    x, count = asarray(x), np.size(pool)
    if np.ndim(pool) != 1 or not 0 < count <= np.ndim(x):
        message = f"pool must have a length for each axis that is pooled, of {np.ndim(x)} at most, not {pool!r}"
        raise AdiffError("value", message, help="give a tuple, as pool=(2, 2) for the last two axes")
    pool, stride = _per_axis("pool", pool, count, 1), _per_axis("stride", stride, count, 1)
    _check_cover(np.shape(x)[-count:], pool, stride, (1,) * count)
    return np.max(windows(x, window=pool, stride=stride, dilation=(1,) * count), axis=tuple(range(-2 * count, -count)))


# --- convolutions: the three functions of two arrays each


def _columns(x, window, stride, dilation):
    """(a few data, their windows as matrices), with a row for each place in a window and a column for each window."""
    view = _view(x, window, stride, dilation)
    count, *shape = view.shape
    rows = prod(shape[: 1 + len(window)])
    some = max(_CACHED // max(prod(shape), 1), 1)
    for start in range(0, max(count, 1), some):
        part = view[start : start + some]
        yield slice(start, start + some), part.reshape(len(part), rows, prod(part.shape[2 + len(window) :]))


def _flat(a, axes):
    """An array whose axes from a certain one on are one, in memory that matrices are multiplied in fast."""
    return np.ascontiguousarray(a).reshape(*a.shape[:axes], prod(a.shape[axes:]))


@primitive
def filtered(x, w, *, stride, dilation):
    """x (N, C, X0, ...) and filters w (F, C, W0, ...) to (N, F, G0, ...)."""
    matrix, window = _flat(w, 1), w.shape[2:]
    grid = _view(x, window, stride, dilation).shape[2 + len(window) :]
    parts = [matrix @ columns for _, columns in _columns(x, window, stride, dilation)]
    return np.concatenate(parts).reshape(len(x), len(w), *grid)


@primitive
def spread_back(w, g, *, stride, dilation):
    """Filters w (F, C, W0, ...) and g (N, F, G0, ...) to (N, C, X0, ...)."""
    matrix, (_, depth, *window), (_, _, *grid) = _flat(w, 1).T, w.shape, g.shape
    some = max(_CACHED // max(len(matrix) * prod(grid), 1), 1)
    parts = []
    for start in range(0, max(len(g), 1), some):
        columns = matrix @ _flat(g[start : start + some], 2)
        columns = columns.reshape(len(columns), depth, *window, *grid)
        parts.append(overlap.raw(columns, stride=stride, dilation=dilation))
    return np.concatenate(parts)


@primitive
def matched_filters(x, g, *, stride, dilation):
    """x (N, C, X0, ...) and g (N, F, G0, ...) to filters (F, C, W0, ...)."""
    lengths = zip(x.shape[2:], g.shape[2:], stride, dilation, strict=True)
    window = [(n - 1 - s * (m - 1)) // d + 1 for n, m, s, d in lengths]
    g_flat = _flat(g, 2)
    total = sum(np.sum(g_flat[some] @ columns.mT, 0) for some, columns in _columns(x, window, stride, dilation))
    return total.reshape(g.shape[1], x.shape[1], *window)


bilinear(
    filtered,
    lambda g, x, w, *, stride=(), dilation=(): spread_back(w, g, stride=stride, dilation=dilation),
    lambda g, x, w, *, stride=(), dilation=(): matched_filters(x, g, stride=stride, dilation=dilation),
)
bilinear(
    spread_back,
    lambda x, w, g, *, stride=(), dilation=(): matched_filters(x, g, stride=stride, dilation=dilation),
    lambda x, w, g, *, stride=(), dilation=(): filtered(x, w, stride=stride, dilation=dilation),
)
bilinear(
    matched_filters,
    lambda w, x, g, *, stride=(), dilation=(): spread_back(w, g, stride=stride, dilation=dilation),
    lambda w, x, g, *, stride=(), dilation=(): filtered(x, w, stride=stride, dilation=dilation),
)


def _own_axes(*axes):
    """The row of a function whose operands have each one axis that the other has not; `axes` has its place in the
    operand and in the answer. What is batched is put one behind the other along it."""

    def row(f, batched, *operands, **params):
        if all(batched):
            return NotImplemented
        i = batched.index(True)
        axis, place = axes[i]
        count, operands = np.shape(operands[i])[0], list(operands)
        lined = np.moveaxis(operands[i], 0, axis)
        shape = np.shape(lined)
        operands[i] = np.reshape(lined, (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))
        answer = f(*operands, **params)
        shape = np.shape(answer)
        each = shape[place] // max(count, 1)
        return np.moveaxis(np.reshape(answer, (*shape[:place], count, each, *shape[place + 1 :])), place, 0)

    return row


several(_own_axes((0, 0), (0, 1)), filtered)
several(_own_axes((1, 1), (0, 0)), spread_back)
several(_own_axes((1, 1), (1, 0)), matched_filters)


def conv_nd(x, filter_bank, *, stride=1, padding=0, dilation=1):
    """The convolution of neural networks, which slides filters over any number of axes without turning them round.

    x            data (N, C, X0, X1, ...): N data with C channels
    filter_bank  filters (F, C, W0, W1, ...)
    stride       how far it is from window to window
    padding      how many zeros are put before and behind
    dilation     how far it is from entry to entry of a window
    (the last three for each of the axes X or for all)

    The answer is (N, F, G0, G1, ...) with G = (X + 2*padding - dilation*(W - 1) - 1)/stride + 1. The windows cover
    the padded axes exactly; AdiffError (shape, value) where they do not, or where the shapes do not belong together.
    It is MyGrad's conv_nd.
    """
    x, filter_bank = asarray(x), asarray(filter_bank)
    _check_filters(np.shape(x), np.shape(filter_bank))
    count = np.ndim(x) - 2
    stride, dilation = _per_axis("stride", stride, count, 1), _per_axis("dilation", dilation, count, 1)
    padding = _per_axis("padding", padding, count, 0)
    if any(padding):
        x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    _check_cover(np.shape(x)[2:], np.shape(filter_bank)[2:], stride, dilation)
    return filtered(x, filter_bank, stride=stride, dilation=dilation)


def _check_filters(data, filters):
    if len(data) < 3 or len(data) != len(filters):
        message = f"conv_nd needs data (N, C, X0, ...) and filters (F, C, W0, ...), not shapes {data} and {filters}"
        raise AdiffError("shape", message, help="both have the same number of axes, three at least")
    if data[1] != filters[1]:
        message = f"the filters have {filters[1]} channels (axis 1), and the data {data[1]}"
        raise AdiffError("shape", message, help=f"filters for this data have the shape (F, {data[1]}, W0, ...)")
