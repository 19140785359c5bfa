"""Fourier transforms against their matrices, which NumPy tells column by column."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.engine.tensor import variable
from tests.engine.checks import assert_same_bits, directions, paired, value_and_vjp
from tests.engine.samples import fft

WHOLE = [np.fft.fft, np.fft.ifft]
REAL_TO_HALF = [np.fft.rfft, np.fft.ihfft]
HALF_TO_REAL = [np.fft.irfft, np.fft.hfft]


def gradient_by_columns(call, point, cotangent):
    """df = Re(g * dz) for every unit step, real and imaginary: exact for what is linear."""
    steps = np.eye(point.size).reshape(-1, *point.shape)
    real = [paired([cotangent], [call(e)]) for e in steps]
    if not np.iscomplexobj(point):
        return np.reshape(real, point.shape)
    imaginary = [paired([cotangent], [call(1j * e)]) for e in steps]
    return np.reshape(np.array(real) - 1j * np.array(imaginary), point.shape)


def check(call, point):
    (cotangent,) = directions([call(point)], 1)
    (got,) = value_and_vjp(call, (point,), cotangent)[2]
    np.testing.assert_allclose(got, gradient_by_columns(call, point, cotangent), rtol=1e-12, atol=1e-12)


@given(
    transform=st.sampled_from(WHOLE + REAL_TO_HALF + HALF_TO_REAL),
    shape=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    n=st.none() | st.integers(1, 9),
    axis=st.integers(-2, 1),
    norm=st.sampled_from([None, "backward", "ortho", "forward"]),
    is_complex=st.booleans(),
)
def test_every_length_axis_and_norm(transform, shape, n, axis, norm, is_complex):
    if n is None and transform in HALF_TO_REAL and shape[axis] == 1:
        n = 1  # NumPy refuses a signal of 2 * (1 - 1) numbers
    point = np.zeros(shape, complex if is_complex and transform not in REAL_TO_HALF else float)
    check(lambda a: transform(a, n, axis, norm), point)


@pytest.mark.parametrize("case", fft.SAMPLES, ids=lambda case: case.name)
def test_value(case):
    """Transforms along many axes are NumPy's own, bit by bit."""
    assert_same_bits(value_and_vjp(case.call, case.at)[0].value, case.call(*case.at))


def test_an_axis_twice():
    check(lambda a: np.fft.fftn(a, axes=(0, 1, 0)), np.zeros((2, 3), complex))
    check(lambda a: np.fft.ifftn(a, s=(4, 2), axes=(1, 1)), np.zeros((2, 3), complex))


def test_the_energy_of_a_spectrum():
    """Parseval: the sum of |fft(x)|^2 is n times that of |x|^2, whose gradient is 2 n conj(x)."""
    x, z = directions([np.zeros(5), np.zeros(5, complex)], 1)
    for point in (x, z):
        (got,) = value_and_vjp(lambda a: np.sum(np.abs(np.fft.fft(a)) ** 2), (point,), 1.0)[2]
        np.testing.assert_allclose(got, 10 * np.conjugate(point), rtol=1e-13)


@pytest.mark.parametrize("n", [4, 5])
def test_a_product_of_spectra_is_a_circular_convolution(n):
    a, b, cotangent = directions([np.zeros(n)] * 3, 2)
    circle = np.add.outer(np.arange(n), np.arange(n)) % n
    got = value_and_vjp(lambda a, b: np.fft.irfft(np.fft.rfft(a) * np.fft.rfft(b), n), (a, b), cotangent)[2]
    for gradient, other in zip(got, (b, a), strict=True):
        np.testing.assert_allclose(gradient, cotangent[circle] @ other, rtol=1e-12)


def test_parts_of_half_a_spectrum_that_no_real_signal_has():
    """The first frequency, and the last of an even signal, have no imaginary part: nothing depends on it."""
    point = directions([np.zeros(4, complex)], 3)[0]
    for n, silent in [(6, [True, False, False, True]), (7, [True, False, False, False])]:
        (got,) = value_and_vjp(lambda a, n=n: np.fft.irfft(a, n), (point,), np.arange(n) ** 2.0)[2]
        assert np.array_equal(got.imag == 0, silent)


def test_frequencies_move_with_the_spacing():
    """k / (n d) falls by itself over d."""
    for frequencies in (np.fft.fftfreq, np.fft.rfftfreq):
        expected = frequencies(5, 0.5)
        assert np.array_equal(frequencies(5, variable(0.5)).value, expected)
        cotangent = np.arange(1.0, 1 + len(expected))
        (got,) = value_and_vjp(lambda d, f=frequencies: f(5, d), (np.float64(0.5),), cotangent)[2]
        assert np.isclose(got, -np.sum(cotangent * expected) / 0.5, rtol=1e-15)
