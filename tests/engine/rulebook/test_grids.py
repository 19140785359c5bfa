import numpy as np

from tests.engine.checks import slopes, value_and_vjp


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


class TestInterp:
    def test_slopes(self):
        """Inside the slope of the piece, at a knot of the piece on its right, outside 0."""
        table, values = [0, 1, 3], [0, 2, -2]
        got = [slopes(lambda x: np.interp(x, table, values), [x], 1)[0] for x in (-1.0, 0.5, 1.0, 2.0, 3.0, 4.0)]
        assert got == [0, 2, -2, -2, -2, 0]

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


def test_diff_of_nothing():
    assert gradient(np.diff, [1]).tolist() == [0]
    assert gradient(lambda x: np.diff(x, n=0), [1, 2]).tolist() == [1, 1]
