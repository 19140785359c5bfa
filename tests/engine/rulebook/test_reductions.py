from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import INPUT, ancestors
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import slopes, value_and_vjp


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


ZEROS = [(2.0, 3.0, 5.0, 7.0), (2.0, 0.0, 5.0, 7.0), (0.0, 3.0, 5.0, 0.0), (0.0, 0.0, 0.0, 7.0), (0.0,) * 4]


class TestProducts:
    @pytest.mark.parametrize("point", ZEROS)
    @pytest.mark.parametrize("order", [1, 2, 3])
    @pytest.mark.parametrize("call, weights", [(np.prod, (0, 0, 0, 1)), (np.cumprod, (1, -2, 3, 5))])
    def test_against_sympy(self, call, weights, point, order):
        """All derivatives of one order, exactly: the products of these factors are integers."""
        sympy = pytest.importorskip("sympy")
        x = sympy.symbols("x:4")
        formula = sum(w * sympy.prod(x[: n + 1]) for n, w in enumerate(weights))
        here = dict(zip(x, point, strict=True))
        exact = [float(sympy.diff(formula, *which).subs(here)) for which in product(x, repeat=order)]
        weights = weights if call is np.cumprod else 1
        assert slopes(lambda *x: np.sum(call(np.stack(x)) * weights), point, order) == exact

    def test_many_factors(self):
        """Each of 1000 slopes to 14 digits, with and without zeros."""
        factors = np.random.default_rng(0).uniform(0.5, 2, 1000)
        for zeros in ([], [17], [17, 400]):
            factors[zeros] = 0
            others = [prod(map(Fraction, np.delete(factors, k))) for k in (0, 17, 400, 999)]
            assert gradient(np.prod, factors)[[0, 17, 400, 999]] == pytest.approx([float(o) for o in others], rel=1e-13)

    def test_cumprod_of_many_is_not_quadratic(self):
        """Two sweeps through 1e5 factors of 1: the slope of the last product in the first has slope 1 in the others."""
        n = 100_000
        with Recording():
            x = variable(np.ones(n))
            (first,) = vjp([np.cumprod(x).line], [np.eye(1, n, n - 1)[0]], [x.line], record=True)
            (second,) = vjp([first[0].line], [np.float64(1)], [x.line])
        assert np.all(first.value == 1)
        assert second[0] == 0
        assert np.all(second[1:] == 1)

    def test_early_products_of_many_large_factors(self):
        """What overflows later is not in the slope of an early product."""
        assert list(gradient(lambda x: np.cumprod(x)[1], [10.0] * 1000)[:3]) == [10, 10, 0]

    def test_of_nothing(self):
        assert gradient(np.prod, []).shape == (0,)
        assert gradient(np.cumprod, np.zeros((2, 0))).shape == (2, 0)
        assert gradient(lambda x: np.prod(x, axis=1), np.zeros((2, 0))).shape == (2, 0)


class TestSpreads:
    @pytest.mark.parametrize("function", [np.std, np.nanstd])
    @pytest.mark.parametrize("constant", [0.0, 1.0, 0.1, 1e300, -1e-300])
    def test_of_constants(self, function, constant):
        """The computed deviation of (0.1, 0.1, 0.1) is 1.4e-17, which is not a slope of anything."""
        assert list(gradient(function, [constant] * 3)) == [0, 0, 0]
        assert gradient(lambda x: function(x, axis=1), [[constant] * 3, [1, 2, 3]])[0].tolist() == [0, 0, 0]
        assert np.all(np.isfinite(slopes(lambda a, b, c: function(np.stack([a, b, c])), [constant] * 3, 2)))

    def test_of_one(self):
        assert gradient(np.std, [3]).tolist() == [0]
        with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
            assert np.isnan(gradient(lambda x: np.std(x, ddof=1), [3])).all()

    def test_far_from_zero(self):
        """The slope of var is 2(x - mean)/n, even where a mean of squares would have lost all digits."""
        assert gradient(np.var, [1e15, 1e15 + 1, 1e15 + 2]).tolist() == [-2 / 3, 0, 2 / 3]

    def test_nan_is_left_out(self):
        np.testing.assert_allclose(gradient(np.nanvar, [1, np.nan, 3, 5]), [-4 / 3, 0, 0, 4 / 3], atol=1e-15)
        assert list(gradient(np.nanmean, [1, np.nan, 3])) == [0.5, 0, 0.5]
        assert list(gradient(np.nanprod, [2, np.nan, 3])) == [3, 0, 2]


class TestExtremes:
    @pytest.mark.parametrize("function", [np.max, np.amax, np.nanmax])
    def test_ties_share_equally(self, function):
        assert list(gradient(function, [3, 1, 3, 3])) == [1 / 3, 0, 1 / 3, 1 / 3]
        assert gradient(lambda x: function(x, axis=0), [[1, 2], [1, 3]]).tolist() == [[0.5, 0], [0.5, 1]]

    def test_smallest(self):
        assert list(gradient(np.min, [1, 3, 1])) == [0.5, 0, 0.5]
        assert list(gradient(np.nanmin, [np.nan, 3, 1])) == [0, 0, 1]
        assert list(gradient(np.ptp, [1, 3, 1])) == [-0.5, 1, -0.5]

    def test_infinite(self):
        assert list(gradient(np.max, [np.inf, 1, -np.inf])) == [1, 0, 0]


def test_sums_of_nothing():
    assert gradient(np.sum, np.zeros((0, 3))).shape == (0, 3)
    assert gradient(lambda x: np.cumsum(x, 0), np.zeros((2, 0))).shape == (2, 0)
    for call in (np.sum, np.mean, np.prod, np.max):
        assert gradient(lambda x, call=call: call(x, axis=()), [[1, 2]]).tolist() == [[1, 1]]


def test_cumulative_sums_need_an_axis():
    assert list(gradient(np.cumulative_sum, [1, 2, 3])) == [3, 2, 1]
    with pytest.raises(TypeError):
        np.cumulative_sum(variable(np.ones((2, 2))))


def test_ufunc_methods_go_along_the_first_axis():
    x = np.arange(6.0).reshape(2, 3)
    for method in (np.add.reduce, np.multiply.reduce, np.maximum.reduce, np.add.accumulate, np.multiply.accumulate):
        assert np.array_equal(value_and_vjp(method, [x])[0].value, method(x))


def test_out_is_not_passed_over():
    x, buffer = variable(np.ones((2, 2))), np.zeros(2)
    for call in (
        lambda: np.sum(x, 0, out=buffer),
        lambda: np.sum(x, 0, None, buffer),
        lambda: np.ptp(x, 0, buffer),
        lambda: np.nanmean(x, 0, out=buffer),
    ):
        with pytest.raises(NotDifferentiable, match="into a plain array"):
            call()
    assert np.sum(x, 0, None, None).value.tolist() == [2, 2]
    assert np.mean(x, 0, out=None).value.tolist() == [1, 1]


def test_the_largest_of_some_needs_an_initial():
    with pytest.raises(ValueError, match="initial"):
        np.max(variable(np.arange(3.0)), where=np.array([True, False, True]))


def named(value):
    """A parameter in the name of a test: the same in every process."""
    return getattr(value, "__name__", None) or str(value)


class TestKeywords:
    """Every keyword against NumPy itself, for each kind of number and for arrays without entries."""

    CALLS = (
        *(
            (f, keywords)
            for f in (np.sum, np.prod, np.nansum, np.nanprod)
            for keywords in (
                {}, {"initial": 2}, {"initial": 3.0, "axis": -1, "keepdims": True}, {"where": [True, False]},
                {"dtype": complex}, {"dtype": np.float32, "axis": 0}, {"where": False, "keepdims": True},
            )
        ),
        *(
            (f, keywords)
            for f in (np.mean, np.nanmean)
            for keywords in ({}, {"where": [True, False], "axis": 0}, {"dtype": np.complex64, "keepdims": True})
        ),
        *((f, keywords) for f in (np.max, np.min, np.amax, np.nanmin, np.nanmax)
          for keywords in ({"initial": 0.25}, {"initial": 0.5, "where": [False, True], "axis": 0, "keepdims": True})),
        *((f, keywords) for f in (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod)
          for keywords in ({}, {"axis": 1}, {"dtype": complex}, {"dtype": np.float32, "axis": 0})),
        *((f, keywords) for f in (np.cumulative_sum, np.cumulative_prod)
          for keywords in ({"axis": 0, "dtype": np.float32}, {"axis": -1, "include_initial": True, "dtype": complex})),
        *((f, keywords) for f in (np.var, np.std, np.nanvar, np.nanstd)
          for keywords in ({}, {"where": [True, False], "ddof": 1}, {"mean": 0.5, "axis": 1, "keepdims": True},
                           {"axis": (0, 1), "ddof": 3}, {"correction": 1, "axis": 1})),
        (np.ptp, {"axis": (0, 1), "keepdims": True}),
    )  # fmt: skip

    @pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::numpy.exceptions.ComplexWarning")
    @pytest.mark.parametrize("function, keywords", CALLS, ids=named)
    @pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
    @pytest.mark.parametrize("shape", [(3, 2), (0, 2)])
    def test_value(self, function, keywords, dtype, shape):
        x = np.random.default_rng(0).uniform(0.2, 0.9, shape).astype(dtype)
        if dtype == np.complex128:
            x += 0.3j * x**2
        try:
            expected = function(x, **keywords)
        except ValueError:  # the largest of nothing
            with pytest.raises(ValueError):
                function(variable(x), **keywords)
            return
        with Recording():
            recorded = function(variable(x), **keywords)
        for got in (function(variable(x), **keywords), recorded):
            precision = 1e-5 if np.result_type(x, expected).itemsize < 8 or keywords.get("dtype") == np.complex64 else 0
            np.testing.assert_allclose(got.value, expected, rtol=max(1e-14, precision))
            assert (got.shape, got.dtype) == (np.shape(expected), expected.dtype)
            (gradient,) = vjp([got.line], [np.ones(got.shape)], [recorded_input(got)])
            assert (gradient.shape, gradient.dtype) == (x.shape, x.dtype)

    def test_masks_pass_nothing(self):
        """What does not count contributes nothing, however steep it is."""
        for call in (np.sum, np.prod, np.mean, np.var, np.std, np.nansum):
            slope = gradient(lambda x, call=call: call(np.sqrt(x), where=x > 0), [0, 4, 9])
            assert slope[0] == 0
            assert np.all(np.isfinite(slope))

    def test_nothing_counts(self):
        nothing = np.zeros(3, bool)
        assert list(gradient(lambda x: np.sum(x, where=nothing) + np.max(x, where=nothing, initial=7), [1, 2, 3])) == [
            0, 0, 0]  # fmt: skip

    def test_a_mask_that_does_not_fit(self):
        with pytest.raises(ValueError):
            np.sum(variable(np.ones(3)), where=np.ones((2, 3), bool))

    def test_initial_is_one_entry_more(self):
        assert slopes(lambda x, t: np.max(np.stack([x, x]), initial=t), [2.0, 2.0], 1) == [2 / 3, 1 / 3]
        assert slopes(lambda x, t: np.min(np.stack([x, x]), initial=t), [2.0, 1.0], 1) == [0, 1]
        assert slopes(lambda x, t: np.sum(np.stack([x, x]), initial=t), [2.0, 1.0], 1) == [2, 1]
        assert slopes(lambda x, t: np.prod(np.stack([x, x]), initial=t), [2.0, 3.0], 1) == [12, 4]

    def test_products_of_zeros(self):
        """With one factor of 0 its own slope is left, with two none."""
        mask = np.array([True, True, True, False])
        for point, expected in (([2.0, 0, 3, 5], [0, 24, 0, 0]), ([0.0, 0, 3, 5], [0, 0, 0, 0])):
            assert list(gradient(lambda x: np.prod(x, where=mask, initial=4), point)) == expected

    def test_as_another_type(self):
        """An integer stands still until it jumps."""
        assert list(gradient(lambda x: np.sum(x, dtype=int) * np.sum(x), [1.5, 2.25])) == [3, 3]

    @pytest.mark.parametrize("function", [np.var, np.std, np.nanvar, np.nanstd])
    def test_spread_in_another_type(self, function):
        x = np.array([1.1, 2.3, 5.7])
        for given, dtype in ((x, np.float32), (x.astype(np.float32), float)):
            got, expected = function(variable(given), dtype=dtype), function(given, dtype=dtype)
            assert (got.dtype, got.value) == (dtype, pytest.approx(expected, rel=1e-6))


def recorded_input(answer):
    """The one input of what was computed."""
    (line,) = [line for line in ancestors([answer.line]) if line.rule is INPUT]
    return line


def test_of_numbers():
    for call in (np.sum, np.prod, np.max, np.ptp, np.nansum, np.cumsum, np.nancumprod, np.nanmin):
        value, _, (slope,), _ = value_and_vjp(lambda x, call=call: call(x, axis=0), [np.array(3.0)])
        assert np.shape(value.value) == np.shape(call(np.array(3.0), axis=0))
        assert np.shape(slope) == ()


def rule_of(call, x):
    return call(variable(x)).line.rule


@pytest.mark.parametrize("function, met", [(np.std, [1, 1]), (np.max, [1, 2, 2]), (np.nanmin, [1, 1, np.nan])])
def test_kinks_are_noticed(function, met):
    for x, expected in ((np.array(met, float), True), (np.array([1.0, 2.0]), False)):
        rule = rule_of(function, x)
        predicate, _ = rule.kink
        assert predicate(rule.evaluate(x), x) == expected
        assert list(predicate(rule.evaluate(x[None], axis=1), x[None], axis=1)) == [expected]
