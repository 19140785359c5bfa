"""Fourier transforms.

The matrix of the discrete Fourier transform is symmetric, so that in the convention df = Re(g * dz) `fft` and `ifft`
are their own transposes, with the same `norm`. Those to and from half a spectrum pair up: a real signal of n numbers
has n//2 + 1 frequencies, each of which stands for itself and its mirror image but for the first, and for the last
where n is even. Transforms along many axes are said as NumPy computes them, one axis after the other.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..rules import composed, linear
from .indexing import along, extent, scatter
from .products import from_end


def _fitted(g, a, axis):
    """g cut off, or continued with zeros, to the length of a: what `n` does to a, transposed."""
    given, wanted = extent(g, axis), extent(a, axis)
    if given >= wanted:
        return g if given == wanted else along(g, axis, slice(wanted))
    key = (slice(None),) * normalize_axis_index(axis, np.ndim(a)) + (slice(given),)
    return scatter(g, key=key, shape=np.shape(a))


def _multiplicity(n, axis, ndim):
    """How many of n frequencies each of half a spectrum stands for, laid along an axis."""
    counts = np.full(n // 2 + 1, 2.0)
    counts[0] = 1.0
    if n % 2 == 0:
        counts[-1] = 1.0
    return np.reshape(counts, (-1,) + (1,) * (ndim - 1 - normalize_axis_index(axis, ndim)))


def _symmetric(transform):
    """The transpose of a transform that is its own."""
    return lambda g, a, n=None, axis=-1, norm=None: _fitted(transform(g, None, axis, norm), a, axis)


def _from_half(transform):
    """The transpose of a real signal's half spectrum: that of the whole, in which each frequency counts once."""

    def transpose(g, a, n=None, axis=-1, norm=None):
        n = extent(a, axis) if n is None else n
        return _fitted(transform(g / _multiplicity(n, axis, np.ndim(g)), n, axis, norm), a, axis)

    return transpose


def _to_half(transform):
    """The transpose of a real signal from half a spectrum."""

    def transpose(g, a, n=None, axis=-1, norm=None):
        counts = _multiplicity(extent(g, axis), axis, np.ndim(g))
        return _fitted(counts * transform(g, None, axis, norm), a, axis)

    return transpose


linear(np.fft.fft, _symmetric(np.fft.fft), signed=True)
linear(np.fft.ifft, _symmetric(np.fft.ifft), signed=True)
linear(np.fft.rfft, _from_half(np.fft.hfft), signed=True)
linear(np.fft.hfft, _to_half(np.fft.rfft), signed=True)
linear(np.fft.ihfft, _from_half(np.fft.irfft), signed=True)
linear(np.fft.irfft, _to_half(np.fft.ihfft), signed=True)

# --- along many axes


def _lengths(a, s, axes):
    """(n, axis) for each axis; without `s` each transform has its own idea of n, and in it -1 keeps the length."""
    if axes is None:
        axes = range(-np.ndim(a) if s is None else -len(s), 0)
    axes = [from_end(axis, a) for axis in axes]
    if s is None:
        return [(None, axis) for axis in axes]
    return [(extent(a, axis) if n == -1 else n, axis) for n, axis in zip(s, axes, strict=True)]


def _forward(last, others, default):
    """The last axis first."""

    def definition(a, s=None, axes=default, norm=None):
        *before, (n, axis) = _lengths(a, s, axes)
        a = last(a, n, axis, norm)
        for n, axis in reversed(before):
            a = others(a, n, axis, norm)
        return a

    return definition


def _backward(last, others, default):
    """The last axis last."""

    def definition(a, s=None, axes=default, norm=None):
        *before, (n, axis) = _lengths(a, s, axes)
        for m, other in before:
            a = others(a, m, other, norm)
        return last(a, n, axis, norm)

    return definition


for default, fftn, ifftn, rfftn, irfftn in (
    (None, np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn),
    ((-2, -1), np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2),
):
    composed(fftn, _forward(np.fft.fft, np.fft.fft, default))
    composed(ifftn, _forward(np.fft.ifft, np.fft.ifft, default))
    composed(rfftn, _forward(np.fft.rfft, np.fft.fft, default))
    composed(irfftn, _backward(np.fft.irfft, np.fft.ifft, default))

# --- the zero frequency to the middle, and back


def _shift(sign):
    def definition(x, axes=None):
        axes = range(np.ndim(x)) if axes is None else np.atleast_1d(axes).tolist()
        axes = tuple(from_end(axis, x) for axis in axes)
        return np.roll(x, tuple(sign * (extent(x, axis) // 2) for axis in axes), axes)

    return definition


composed(np.fft.fftshift, _shift(1))
composed(np.fft.ifftshift, _shift(-1))
