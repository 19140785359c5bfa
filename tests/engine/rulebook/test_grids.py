import numpy as np
import pytest

from autodiff_cli.engine.tensor import variable
from tests.engine.checks import slopes, value_and_vjp


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


class TestInterp:
    def test_slopes(self):
        """Inside the slope of the piece, at a knot of the piece on its right, outside 0."""
        table, values = [0, 1, 3], [0, 2, -2]
        got = [slopes(lambda x: np.interp(x, table, values), [x], 1)[0] for x in (-1.0, 0.5, 1.0, 2.0, 3.0, 4.0)]
        assert got == [0, 2, -2, -2, -2, 0]

    def test_periodic(self):
        """With knots at 0 and 1 in a period of 4, it falls from 1 at 1 to 0 at 4, and so it does from 5 to 8."""
        got = [slopes(lambda x: np.interp(x, [1, 0], [1, 0], period=-4), [x], 1)[0] for x in (0.5, 2.0, 6.0, -1.0)]
        np.testing.assert_allclose(got, [1, -1 / 3, -1 / 3, -1 / 3])

    def test_one_knot(self):
        x, knot, value = np.array([0.0, 1.0, 2.0]), np.array([1.0]), np.array([7.0])
        got = value_and_vjp(lambda f: np.interp(x, knot, f, left=3), [value], np.ones(3))
        assert (got[0].value.tolist(), got[2][0].tolist()) == ([3, 7, 7], [2])

    def test_what_numpy_refuses(self):
        for table in ([], [1, 2], [[1]]):
            with pytest.raises(ValueError):
                np.interp(variable(0.5), table, [1])

    def test_of_the_table(self):
        assert list(gradient(lambda f: np.interp([1.5, 9], [0, 1, 3], f), [0, 2, -2])) == [0, 0.75, 1.25]


def test_trapezoid_weights():
    assert list(gradient(np.trapezoid, [1, 2, 3, 4])) == [0.5, 1, 1, 0.5]
    assert list(gradient(lambda y: np.trapezoid(y, [0, 1, 4]), [1, 2, 3])) == [0.5, 2, 1.5]


def test_gradient_of_a_parabola_is_exact():
    """With edge_order=2 the slopes of x^2 are 2x at all points, however they lie."""
    points = np.array([0.0, 1.0, 1.5, 4.0])
    value = value_and_vjp(lambda x: np.gradient(x**2, points, edge_order=2), [points])[0].value
    np.testing.assert_allclose(value, 2 * points, atol=1e-14)


class TestGrids:
    def test_to_one_and_the_same_point(self):
        for grid in (np.linspace, np.geomspace):
            assert slopes(lambda a, b, grid=grid: grid(a, b, 1)[0], [2.0, 3.0], 1) == [1, 0]
            assert slopes(lambda a, grid=grid: np.sum(grid(a, a, 3)), [2.0], 1) == [3]

    def test_ends_are_exact(self):
        for ends in ((0.1, 0.7), (-3.3, -1e-200), (1e-200, 1e200)):
            points = np.geomspace(*map(variable, ends), 7)
            assert points.value[[0, -1]].tolist() == list(ends)
            np.testing.assert_allclose(points.value, np.geomspace(*ends, 7), rtol=1e-12)

    def test_middle_of_a_geometric_grid(self):
        """sqrt(ab), with slopes sqrt(b/a)/2 and sqrt(a/b)/2."""
        np.testing.assert_allclose(slopes(lambda a, b: np.geomspace(a, b, 3)[1], [2.0, 8.0], 1), [1, 0.25])

    def test_complex_ends(self):
        """From 1 to -1 half around the circle, by NumPy; at 1 and z = i the middle is z^(1/2), so that |d| = 1/2."""
        points = np.geomspace(variable(np.complex128(1)), -1 + 0j, 5).value
        np.testing.assert_allclose(points, np.exp(1j * np.pi * np.arange(5) / 4), atol=1e-15)

    def test_integers_have_no_slope(self):
        assert slopes(lambda a: np.sum(np.linspace(a, 9.5, 4, dtype=int)), [0.5], 1) == [0]

    def test_the_step(self):
        points, step = np.linspace(variable(1.0), 2.0, 5, retstep=True)
        assert (float(step.value), points.shape) == (0.25, (5,))
        assert np.isnan(np.linspace(variable(1.0), 2.0, 1, retstep=True)[1])

    def test_what_numpy_refuses(self):
        with pytest.raises(ValueError, match="no -1 points"):
            np.linspace(variable(1.0), 2.0, -1)


class TestSlopes:
    def test_what_numpy_refuses(self):
        x = variable(np.arange(6.0).reshape(2, 3))
        for error, call in (
            (ValueError, lambda: np.gradient(x[:1])),
            (ValueError, lambda: np.gradient(x, axis=0, edge_order=2)),
            (ValueError, lambda: np.gradient(x, edge_order=3)),
            (ValueError, lambda: np.gradient(x, [0.0, 1.0, 2.0], axis=0)),
            (TypeError, lambda: np.gradient(x, [0.0, 1.0])),
            (TypeError, lambda: np.gradient(x, 1.0, 2.0, 3.0)),
            (ValueError, lambda: np.diff(x, -1)),
        ):
            with pytest.raises(error):
                call()

    def test_of_integers(self):
        """Half a step apart, where a step in the array's own type would be none; and unsigned ones fall."""
        slope = np.gradient(np.array([4, 2, 1], np.uint8), variable(0.5))
        assert slope.value.tolist() == [-4, -3, -2]
        assert np.gradient([4, 2, 1], variable(0.5)).value.tolist() == [-4, -3, -2]


def test_diff_of_nothing():
    assert gradient(lambda x: np.diff(x, n=0, prepend=5), [1, 2]).tolist() == [1, 1]
    assert gradient(np.diff, [1]).tolist() == [0]
    assert gradient(lambda x: np.diff(x, n=0), [1, 2]).tolist() == [1, 1]
