import numpy as np
import pytest

from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from tests.engine.checks import slopes, value_and_vjp
from tests.engine.samples.statistics import SAMPLES


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.name)
def test_value(case):
    """NumPy's own, but for roundings."""
    for point in (case.at, case.elsewhere):
        got, expected = value_and_vjp(case.call, point)[0].value, case.call(*point)
        np.testing.assert_allclose(got, expected, rtol=2e-14, atol=1e-15)
        assert (np.shape(got), got.dtype) == (np.shape(expected), expected.dtype)


class TestAverage:
    def test_weights_that_do_not_fit(self):
        x = variable(np.ones((2, 3)))
        with pytest.raises(TypeError, match="Axis must be specified"):
            np.average(x, weights=[1, 2, 3])
        with pytest.raises(ValueError, match="consistent"):
            np.average(x, axis=0, weights=[1, 2, 3])

    def test_returned(self):
        x = np.arange(6.0).reshape(2, 3)
        for keywords in ({}, {"axis": 1}, {"axis": 0, "weights": [1, 3]}, {"weights": x, "keepdims": True}):
            got, expected = np.average(variable(x), returned=True, **keywords), np.average(x, returned=True, **keywords)
            for one, other in zip(got, expected, strict=True):
                one = one.value if isinstance(one, Tensor) else one
                np.testing.assert_allclose(one, other, strict=True)


class TestSpreads:
    @pytest.mark.parametrize("function", [np.std, np.nanstd])
    @pytest.mark.parametrize("keywords", [{"where": [True, True, False]}, {"mean": 0.1}, {"ddof": 1}])
    def test_of_constants(self, function, keywords):
        """The tip of a cone: 0 at first order, finite at second, whatever rounding leaves of the deviations."""
        call = lambda x: function(x, **keywords)  # noqa: E731
        assert list(gradient(call, [0.1, 0.1, 0.1])) == [0, 0, 0]
        assert np.all(np.isfinite(slopes(lambda a, b, c: call(np.stack([a, b, c])), [0.1] * 3, 2)))

    def test_of_one_number(self):
        with np.errstate(all="ignore"):
            for function in (np.nanvar, np.nanstd):
                assert np.isnan(value_and_vjp(lambda x, f=function: f(x, ddof=1), [np.array([1.0, np.nan])])[0].value)

    @pytest.mark.filterwarnings("ignore:Degrees of freedom:RuntimeWarning")
    def test_without_freedom(self):
        """NumPy divides by 0, not by a negative number; and with nan it says nan."""
        with np.errstate(all="ignore"):
            for function, expected in ((np.var, np.inf), (np.nanvar, np.nan)):
                for keywords in ({"ddof": 3}, {"correction": 2.5}, {"ddof": 2, "where": [True, True]}):
                    got = value_and_vjp(lambda x, f=function, k=keywords: f(x, **k), [np.array([1.0, 2.0])])[0].value
                    np.testing.assert_equal(got, expected)

    def test_nothing_counts(self):
        with np.errstate(all="ignore"):
            for function in (np.var, np.std, np.nanvar):
                value, _, (slope,), _ = value_and_vjp(lambda x, f=function: f(x, where=x > 5), [np.array([1.0, 2.0])])
                assert np.isnan(value.value)
                assert slope.shape == (2,)

    def test_far_from_zero(self):
        x = [1e15, 1e15 + 1, 1e15 + 2, 0]
        assert gradient(lambda x: np.var(x, where=x > 1), x).tolist() == [-2 / 3, 0, 2 / 3, 0]

    def test_both_corrections(self):
        for keywords in ({}, {"mean": 1.0}):
            with pytest.raises(ValueError, match="simultaneously"):
                np.var(variable(np.ones(3)), ddof=1, correction=1, **keywords)

    def test_the_mean_that_is_given_has_a_slope(self):
        """var(x, mean=m) is mean((x-m)^2): at m = mean(x) flat, and elsewhere 2(m - mean(x))."""
        x = np.array([1.0, 2.0, 6.0])
        assert list(gradient(lambda m: np.sum(np.var(x, mean=m)), [3])) == [0]
        assert gradient(lambda m: np.sum(np.var(x, mean=m)), [5]).tolist() == pytest.approx([4])


class TestCovariances:
    def test_of_complex_numbers(self):
        """The convention df = Re(g * dz), against differences in both directions."""
        z = np.random.default_rng(0).standard_normal((2, 4, 2)) @ [1, 1j]
        for function in (np.cov, np.corrcoef):
            _, g, (slope,), _ = value_and_vjp(lambda z, f=function: f(z), [z])
            for step in (1e-6, 1e-6j):
                up, down = (function(z + s * step * np.eye(2, 4)) for s in (1, -1))
                expected = np.sum(g * (up - down)).real / 2e-6
                got = (np.sum(np.diag(slope)) * step / 1e-6).real
                assert got == pytest.approx(expected, rel=1e-7)

    def test_perfect_correlation(self):
        """1 - r is half the squared angle: flat, with a second derivative that a bound at 1 would cut off."""
        x = np.array([1.0, 2.0, 4.0])
        bend = np.array([1.0, -1.0, 0.5])

        def correlation(t):
            return np.corrcoef(x, 2 * x + t * bend)[0, 1]

        h = 1e-3
        expected = (correlation(h) - 2 * correlation(0) + correlation(-h)) / h**2
        assert abs(slopes(correlation, [0.0], 1)[0]) < 1e-15
        assert slopes(correlation, [0.0], 2) == [pytest.approx(expected, rel=1e-6)]

    def test_shapes(self):
        for m, y, keywords in (
            (np.ones(3), None, {}), (np.ones((1, 3)), None, {}), (np.ones((3, 1)), None, {"rowvar": False}),
            (np.zeros((0, 3)), None, {}), (np.ones((1, 3)), np.ones((1, 3)), {"rowvar": True}),
            (np.ones((4, 2)), np.ones(4), {"rowvar": False}), (np.ones((2, 3)), None, {"dtype": np.float32}),
        ):  # fmt: skip
            x = variable(m)
            got, expected = np.cov(x, y, **keywords), np.cov(m, y, **keywords)
            got = got.value if isinstance(got, Tensor) else got
            assert (got.shape, got.dtype) == (expected.shape, expected.dtype)

    @pytest.mark.parametrize(
        "keywords, error",
        [
            ({"fweights": [1.5, 1, 1]}, TypeError),
            ({"fweights": [-1, 1, 1]}, ValueError),
            ({"aweights": [-1.0, 1, 1]}, ValueError),
            ({"aweights": [1.0, 1]}, RuntimeError),
            ({"y": np.ones((1, 1, 3))}, ValueError),
        ],
    )
    def test_what_numpy_refuses(self, keywords, error):
        x = np.arange(6.0).reshape(2, 3)
        for m in (x, variable(x)):
            with pytest.raises(error):
                np.cov(m, **keywords)

    def test_counts_are_no_variables(self):
        with pytest.raises(TypeError, match="integer"):
            np.cov(np.arange(3.0), fweights=variable(np.ones(3)))


def test_masks_of_a_program():
    """Which entries count is decided anew at each point."""
    with Recording():
        x = variable(np.array([1.0, 5.0, 2.0, 8.0]))
        spread = np.std(x, where=x > 3)
    program = Program([x.line], [spread.line])
    for point in ([1.0, 5, 2, 8], [4.0, 1, 7, 10]):
        point = np.array(point)
        assert program(point)[0] == pytest.approx(np.std(point[point > 3]), rel=1e-15)
