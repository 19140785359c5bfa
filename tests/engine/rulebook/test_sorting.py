import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import slopes, value_and_vjp
from tests.engine.samples.sorting import METHODS

NAN = np.nan


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


class TestTies:
    def test_sort_goes_by_the_permutation_and_equal_ones_share(self):
        assert list(gradient(lambda x: np.sort(x) * [1, 2, 3, 4], [7, 5, 7, 1])) == [3.5, 2, 3.5, 1]
        assert list(gradient(lambda x: np.sort(x) * [1, 2, 3], [4, 4, 4])) == [2, 2, 2]

    def test_along_each_axis(self):
        x = [[2, 1, 2], [2, 3, 0]]
        assert gradient(lambda x: np.sort(x, axis=0) * [[1], [2]], x).tolist() == [[1.5, 1, 2], [1.5, 2, 1]]
        assert gradient(lambda x: np.sort(x, axis=None) * np.arange(6), x).tolist() == [[3, 1, 3], [3, 5, 0]]

    def test_partition(self):
        assert list(gradient(lambda x: np.partition(x, 1)[:2] * [1, 3], [5, 1, 9, 1])) == [0, 2, 0, 2]

    def test_median(self):
        """Each of two equal middles has the same share, whichever of them NumPy takes."""
        assert list(gradient(np.median, [1, 2, 2, 3])) == [0, 0.5, 0.5, 0]
        assert list(gradient(np.median, [1, 2, 2, 2, 3])) == [0, 1 / 3, 1 / 3, 1 / 3, 0]
        assert list(gradient(lambda x: np.quantile(x, [0, 1]), [1, 1, 4])) == [0.5, 0.5, 1]

    def test_zeros_of_both_signs_are_equal(self):
        assert list(gradient(lambda x: np.sort(x)[:1], [0.0, -0.0, 1])) == [0.5, 0.5, 0]

    def test_kinks_are_noticed(self):
        for function, *rest in ((np.sort,), (np.partition, 1)):
            rule = rules.find(function)
            for x, met in (([3, 1, 3], [True]), ([3, 1, 2], [False])):
                y = rule.evaluate(np.array(x), *rest)
                assert [np.any(rule.kink[0](y, np.array(x)))] == met

    def test_distinct_entries(self):
        """The one that stays of several equal ones moves with each of them; of equal rows it is the first."""
        assert gradient(lambda x: np.unique(x) * [1, 10], [7, 5, 7, 7]).tolist() == [10 / 3, 1, 10 / 3, 10 / 3]
        assert gradient(lambda x: np.unique(x, axis=0)[:, 0], [[7, 5], [7, 5], [7, 6]]).tolist() == [
            [1, 0], [0, 0], [1, 0]]  # fmt: skip
        assert gradient(lambda x: np.union1d(x, [5]) * [1, 10, 100], [7, 5, 3]).tolist() == [100, 5, 1]


class TestNan:
    def test_a_nan_is_the_last_and_spoils_the_median(self):
        assert list(gradient(lambda x: np.sort(x)[:2], [NAN, 2, 1])) == [0, 1, 1]
        value = value_and_vjp(lambda x: np.median(x, axis=1), [np.array([[1, NAN, 2], [3, 1, 2]])])[0].value
        assert np.isnan(value[0])
        assert value[1] == 2

    def test_nanmedian(self):
        assert list(gradient(np.nanmedian, [NAN, 3, 1, NAN, 2])) == [0, 0, 0, 0, 1]
        assert list(gradient(np.nanmedian, [NAN, 3, 1])) == [0, 0.5, 0.5]
        assert np.isnan(value_and_vjp(np.nanmedian, [np.array([NAN, NAN])])[0].value)


def test_of_nothing():
    for call in (np.sort, lambda x: np.sort(x, axis=None), lambda x: np.sort(x, axis=0)):
        assert gradient(call, np.zeros((2, 0))).shape == (2, 0)


def plain(x):
    return x.value if isinstance(x, Tensor) else x


class TestDistinct:
    X = np.array([[3.0, 1, NAN], [1, NAN, 2]])

    @pytest.mark.parametrize("keywords", [
        {}, {"return_index": True}, {"return_inverse": True, "return_counts": True}, {"equal_nan": False},
        {"axis": 0, "return_index": True, "return_inverse": True}, {"axis": 1},
    ], ids=str)  # fmt: skip
    @pytest.mark.parametrize("x", [X, np.zeros((0, 2)), np.arange(3.0), X + 1j, X.astype(np.float32)[:1]])
    def test_value(self, keywords, x):
        if keywords.get("axis") == 1 and x.ndim == 1:
            keywords = keywords | {"axis": 0}
        got, expected = np.unique(variable(x), **keywords), np.unique(x, **keywords)
        if not isinstance(expected, tuple):
            got, expected = (got,), (expected,)
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(plain(one), other, strict=True)

    @pytest.mark.parametrize("function", [np.unique_values, np.unique_counts, np.unique_inverse, np.unique_all])
    def test_of_the_array_api(self, function):
        got, expected = function(variable(self.X)), function(self.X)
        if function is np.unique_values:
            got, expected = (got,), (np.sort(expected),)
        assert type(got) is type(expected)
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(plain(one), other, strict=True)

    def test_another_number_elsewhere(self):
        """The value follows; a gradient that was recorded for two entries says that there are three."""
        with Recording():
            x = variable(np.array([1.0, 3.0, 1.0]))
            total = np.sum(np.unique(x))
            (slope,) = vjp([total.line], [np.float64(1)], [x.line], record=True)
        program = Program([x.line], [total.line, slope.line])
        assert program(np.array([2.0, 2.0, 5.0]))[1].tolist() == [0.5, 0.5, 1]
        assert Program([x.line], [total.line])(np.array([2.0, 1.0, 5.0])) == (8,)
        with pytest.raises(NotDifferentiable, match="chooses entries") as error:
            program(np.array([2.0, 1.0, 5.0]))
        assert error.value.help

    def test_what_is_in_both_is_refused(self):
        with pytest.raises(NotDifferentiable, match="as soon as one of them moves") as error:
            np.intersect1d(variable(np.ones(3)), [1.0, 2.0])
        assert error.value.help

    def test_sets(self):
        a, b = np.array([3.0, 1, 2, 1]), np.array([2.0, 5, 5])
        for function in (np.union1d, np.setdiff1d, np.setxor1d):
            for one, other in ((variable(a), b), (a, variable(b))):
                np.testing.assert_array_equal(plain(function(one, other)), function(a, b), strict=True)
        unlike = variable(np.array([4.0, 1.0]))
        assert np.setxor1d(unlike, [2.0], assume_unique=True).value.tolist() == [1, 2, 4]
        assert np.setdiff1d(unlike, [2.0], assume_unique=True).value.tolist() == [4, 1]


class TestTrim:
    X = np.array([[0.0, 0, 3, 0, 2, 0], [0, 0, 0, 5, 0, 0], [0] * 6])

    @pytest.mark.parametrize("trim", ["fb", "f", "B", "bf"])
    @pytest.mark.parametrize("axis", [None, 0, 1, (-1,), (0, 1), ()])
    @pytest.mark.parametrize("x", [X, np.zeros((2, 3))], ids=["some", "none"])
    def test_value(self, x, trim, axis):
        got, expected = np.trim_zeros(variable(x), trim, axis), np.trim_zeros(x, trim, axis)
        np.testing.assert_array_equal(got.value, expected, strict=True)

    def test_slope(self):
        assert list(gradient(lambda x: np.trim_zeros(x) * [1, 10, 100], [0, 3, 0, 4, 0])) == [0, 1, 10, 100, 0]

    def test_letters_that_mean_nothing(self):
        with pytest.raises(ValueError, match="unexpected"):
            np.trim_zeros(variable(self.X), "x")

    def test_other_zeros_elsewhere(self):
        with Recording():
            x = variable(np.array([0.0, 1.0, 2.0, 0.0]))
            last = np.trim_zeros(x)[-1] ** 2
            (slope,) = vjp([last.line], [np.float64(1)], [x.line], record=True)
        program = Program([x.line], [last.line, slope.line])
        assert program(np.array([3.0, 4.0, 0.0, 0.0]))[1].tolist() == [0, 8, 0, 0]
        with pytest.raises(NotDifferentiable, match="chooses entries"):
            program(np.array([3.0, 4.0, 0.0, 1.0]))


class TestQuantiles:
    X = np.random.default_rng(1).permutation(30).reshape(2, 5, 3) / 7
    Q = [0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.8, 0.9, 1.0]

    def agree(self, call, x, q, expected=None):
        """NumPy's value to the last bit, eagerly and in a program, whether or not q is a Tensor."""
        expected = call(x, q) if expected is None else expected
        with Recording():
            recorded = [call(variable(x), q), call(x, variable(q)), call(variable(x), variable(q))]
        for got in (call(variable(x), q), call(x, variable(q)), *recorded):
            np.testing.assert_array_equal(plain(got), expected, strict=True)

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("function", [np.quantile, np.nanquantile])
    def test_every_method(self, function, method):
        for axis in (None, 1, (0, 2)):
            for q in (np.array(self.Q), np.array(0.4), np.array([[0.1], [1.0]])):
                expected = np.quantile(self.X, q, axis, method=method, keepdims=True)
                call = lambda x, q, axis=axis: function(x, q, axis, method=method, keepdims=True)  # noqa: E731
                self.agree(call, self.X, q, expected)

    @pytest.mark.parametrize("method", METHODS)
    def test_few_numbers(self, method):
        """Slices of 0 to 5 numbers, and the rest nan."""
        x = np.where(np.arange(5) < np.arange(6)[:, None], np.arange(30.0).reshape(6, 5) ** 2, NAN)
        with np.errstate(all="ignore"):
            got = np.nanquantile(variable(x), self.Q, axis=1, method=method)
            np.testing.assert_array_equal(got.value[:, 1:], np.nanquantile(x[1:], self.Q, axis=1, method=method))
        assert np.isnan(got.value[:, 0]).all()

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("x", [[-np.inf, 5], [5, np.inf], [-np.inf, 1, 2, np.inf], [np.inf, np.inf]], ids=str)
    def test_infinities(self, x, method):
        """NumPy's value, but not its nan from -inf - (-inf) before the first place."""
        with np.errstate(all="ignore"):
            got, expected = (np.quantile(x, self.Q, method=method) for x in (variable(np.array(x)), x))
        known = ~np.isnan(expected)
        assert np.array_equal(got.value[known], expected[known])

    def test_percentiles(self):
        for dtype in (np.float64, np.float32):
            for q in (30, 12.5, np.array([0, 30, 70]), np.array([33.3], np.float32)):
                for function in (np.percentile, np.nanpercentile):
                    x = self.X.astype(dtype)
                    got, expected = function(variable(x), q, axis=1), function(x, q, axis=1)
                    np.testing.assert_allclose(got.value, expected, rtol=1e-6 if dtype == np.float32 else 1e-15)

    @pytest.mark.parametrize("weights", [
        [1, 1, 1, 1, 1], [0, 0, 2, 1, 0.5], [0.1, 0.2, 0.3, 0.4, 0], [0, 1, 0, 0, 0],
    ], ids=str)  # fmt: skip
    def test_weights(self, weights):
        call = lambda x, q: np.quantile(x, q, 1, weights=weights, method="inverted_cdf")  # noqa: E731
        self.agree(call, self.X, np.array(self.Q))
        self.agree(call, np.where(self.X > 4, NAN, self.X), np.array(0.5))
        shaped = np.broadcast_to(np.array(weights)[:, None], (2, 5, 3)) + self.X % 1
        for function in (np.quantile, np.nanquantile):
            call = lambda x, q, f=function: f(x, q, (2, 1), weights=shaped, method="inverted_cdf")  # noqa: E731
            self.agree(call, self.X, np.array(self.Q))
        holes = np.where(self.X > 3.5, NAN, self.X)
        call = lambda x, q: np.nanquantile(x, q, weights=shaped, method="inverted_cdf")  # noqa: E731
        self.agree(call, holes, np.array(self.Q))

    def test_slope_in_q(self):
        """That of the piece: on its right at a knot, on its left at the end; 0 where a method only picks."""
        x = [10.0, 20.0, 50.0]
        slope = lambda q, **more: slopes(lambda q: np.quantile(x, q, **more), [q], 1)[0]  # noqa: E731
        assert [slope(q) for q in (0.0, 0.25, 0.75, 1.0)] == [20, 20, 60, 60]
        assert [slope(q, method="hazen") for q in (0.1, 0.4, 0.6, 0.9)] == pytest.approx([0, 30, 90, 0])
        assert [slope(0.4, method=m) for m in ("lower", "nearest", "midpoint", "inverted_cdf")] == [0] * 4

    def test_what_numpy_refuses(self):
        x = variable(np.arange(3.0))
        for q in (1.5, [-0.1], variable(2.0)):
            with pytest.raises(ValueError, match="range"):
                np.quantile(x, q)
        with pytest.raises(ValueError, match="not a valid method"):
            np.quantile(x, 0.5, method="nearly")
        with pytest.raises(ValueError, match="supports weights"):
            np.quantile(x, 0.5, weights=[1, 1, 1])
        with pytest.raises(ValueError, match="scalar"):
            np.quantile(x, np.zeros((1, 1, 1)))

    def test_a_program_at_other_points(self):
        """The order, and how many are nan, are found anew."""
        with Recording():
            x = variable(np.array([1.0, NAN, 2.0, 5.0]))
            value = np.nanquantile(x, 0.4, method="weibull") + np.nanmedian(x)
        program = Program([x.line], [value.line])
        point = np.array([NAN, 7.0, NAN, 3.0])
        assert program(point)[0] == np.nanquantile(point, 0.4, method="weibull") + np.nanmedian(point)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_medians_of_nothing():
    for function in (np.median, np.nanmedian):
        for axis in (None, 1):
            value, _, (slope,), _ = value_and_vjp(lambda x, f=function, a=axis: f(x, axis=a), [np.zeros((2, 0))])
            assert np.isnan(value.value).all()
            assert slope.shape == (2, 0)


def test_sort_complex():
    for x in (np.array([2.0, 1]), np.array([2.0, 1], np.float32), np.array([1 + 2j, 1 - 1j, 0])):
        np.testing.assert_array_equal(np.sort_complex(variable(x)).value, np.sort_complex(x), strict=True)
