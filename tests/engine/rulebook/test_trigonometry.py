import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.rulebook.trigonometry import i0_derivative, sech, sinc_derivative
from tests.engine.checks import check_against_mpmath, slopes

ALMOST_1 = np.nextafter(1, 0)


def sinc(x):
    return mpmath.sinpi(x) / (mpmath.pi * x) if x else mpmath.mpf(1)


@pytest.mark.parametrize(
    "call, reference, points",
    [
        (np.sin, mpmath.sin, [1e-90, 3.14159, 1e6]),
        (np.cos, mpmath.cos, [1e-90, 3.14159, 1e6]),
        (np.tan, mpmath.tan, [1e-90, 1.5707963, 3, 1e6]),
        (np.arcsin, mpmath.asin, [0.3, ALMOST_1, 1 - 1e-8, -ALMOST_1]),
        (np.arccos, mpmath.acos, [0.3, ALMOST_1, -ALMOST_1]),
        (np.arctan, mpmath.atan, [1e-90, 1, -1e10, 1e60]),
        (np.sinh, mpmath.sinh, [1e-90, 700, -700]),
        (np.cosh, mpmath.cosh, [1e-90, 700, -700]),
        (np.tanh, mpmath.tanh, [1e-90, 1e-10, 20, -20, 230]),
        (sech, mpmath.sech, [1e-90, 20, -20, 230]),
        (np.arcsinh, mpmath.asinh, [1e-90, 1, 1e10, -1e60]),
        (np.arccosh, mpmath.acosh, [np.nextafter(1, 2), 1.5, 1e10, 1e60]),
        (np.arctanh, mpmath.atanh, [0.5, ALMOST_1, -ALMOST_1]),
        (np.sinc, sinc, [0.0, 1e-90, 1e-8, 1e-4, 0.1, 0.43, 0.6, 0.75, 0.99, 1, -2, 3.3, 17.2, 12345.6]),
        (np.i0, lambda x: mpmath.besseli(0, x), [0.0, 1e-90, 1e-8, 0.3, 5, -50]),
    ],
)
def test_full_accuracy(call, reference, points):
    for x in points:
        check_against_mpmath(call, reference, x)


def test_i0_far_out():
    check_against_mpmath(np.i0, lambda x: mpmath.besseli(0, x), 700, rtol=4e-14)


def test_tanh_far_out():
    """4 exp(-40) and -8 exp(-40) to the digits that fit; and nothing but 0 where nothing is left."""
    assert slopes(np.tanh, [20.0], 1) == [pytest.approx(1.6993417021166355e-17, rel=1e-14)]
    assert slopes(np.tanh, [20.0], 2) == [pytest.approx(-3.398683404233271e-17, rel=1e-14)]
    for x in (1e3, -1e300):
        assert [slopes(np.tanh, [x], order) for order in (1, 2, 3)] == [[0], [0], [0]]


@pytest.mark.parametrize("function", [np.arcsin, np.arccos, np.arccosh])
def test_outside_of_the_domain(function):
    """Where the function is nan its slope is nan, not the number that a formula gives there."""
    assert np.all(np.isnan(slopes(function, [-2.0], 1)))


@pytest.mark.parametrize("order", [4, 7, 12])
def test_high_orders_of_sinc_and_i0(order):
    for x in (0.0, 0.3, 1.1, 2.5, 6.0):
        taylor = mpmath.taylor(sinc, x, order) if x else mpmath.taylor(mpmath.sincpi, 0, order)
        expected = float(taylor[order] * mpmath.factorial(order))
        assert sinc_derivative(x, order) == pytest.approx(expected, rel=1e-11, abs=1e-13 * np.pi**order)
        expected = float(mpmath.diff(lambda t: mpmath.besseli(0, t), x, order))
        assert i0_derivative(x, order) == pytest.approx(expected, rel=1e-12, abs=1e-14)


class TestPlane:
    @pytest.mark.parametrize("a, b", [(1e200, 2e200), (1e-200, 2e-200), (3, 4), (-5, 1e5)])
    def test_hypot(self, a, b):
        check_against_mpmath(np.hypot, mpmath.hypot, a, b, orders=1)

    @pytest.mark.parametrize("a, b", [(1e150, 2e150), (1e-150, 2e-150), (3, 4), (-1, -2), (-5, 1e5)])
    def test_arctan2(self, a, b):
        check_against_mpmath(np.arctan2, mpmath.atan2, a, b, orders=2)

    def test_the_origin(self):
        assert slopes(np.hypot, [0.0, 0.0], 1) == [0, 0]
        assert slopes(np.hypot, [0.0, 0.0], 2) == [0, 0, 0, 0]
        predicate, _ = rules.find(np.hypot).kink
        assert predicate(0.0, 0.0, 0.0) and not predicate(1.0, 0.0, 1.0)
        assert np.all(np.isnan(slopes(np.arctan2, [0.0, 0.0], 1)))

    def test_a_real_number_does_not_turn(self):
        assert slopes(lambda x: np.angle(x) * x, [-2.0], 1) == [np.pi]
        assert slopes(np.angle, [0.0], 1) == [0]

    def test_unwrap(self):
        assert slopes(lambda x: np.unwrap(np.array([1.0, 5.0]) * x)[1], [1.0], 1) == [5]
