"""The reference is checked by other ways: they find a rule that is wrong, and digits that are lost."""

import sys

import numpy as np
import pytest

import autodiff_cli as ad


def second(target, claim, point=None, **named):
    """The second way of the first comparison."""
    return ad.check(target, claim, point, **named).findings[0].comparisons[0].second


@pytest.mark.parametrize(
    ("target", "point"),
    [
        ("sum(x*sin(x)/(1 + exp(-x)))", {"x": np.linspace(-2, 2, 5)}),
        ("x @ inv(A) @ x", {"x": np.array([1.0, 2]), "A": np.array([[2, 0.3], [0.1, 1]])}),
        ("det(A)*log(tr(A'*A))", {"A": np.array([[2, 0.3], [0.1, 1]])}),
        ("sum(cumsum(x)^3*arctan(x))", {"x": np.array([0.3, 0.8, 1.7])}),
    ],
)
def test_the_complex_step_is_the_derivative(target, point):
    wrt = next(iter(point))
    found = second(target, {wrt: wrt}, point)  # a claim of the right shape
    assert found.name == "the complex step"
    true = ad.parse(target).grad(point, wrt=wrt)[wrt]
    np.testing.assert_allclose(found.values, true.reshape(1, -1), rtol=1e-12, atol=1e-90)


@pytest.mark.parametrize(
    "target", ["sum(abs(x))", "norm(x)", "sum(maximum(x, 1))", "sum(x[x > 0])", "std(x)", "max(x)"]
)
def test_functions_that_are_not_analytic_have_no_complex_step(target):
    assert second(target, "x", x=[0.5, 2]) is None


class TestDigits:
    mpmath = pytest.importorskip("mpmath")

    @pytest.mark.parametrize(
        ("target", "x"),
        [("sin(x)*exp(-x^2)", 0.7), ("x^x", 1.3), ("erf(x)/gamma(x + 1)", 0.4), ("log1p(x)*atan(x)", 2.0),
         ("lgamma(x)*sinc(x)", 0.3), ("abs(x)*tanh(x)^3", -0.6), ("digamma(x)", 1.7), ("hypot(x, 2)", 1.0)],
    )  # fmt: skip
    def test_they_are_those_of_mpmath(self, target, x):
        found = second(target, "-77", x=x)
        assert found.name == "50-digit arithmetic"
        assert found.values.item() == pytest.approx(float(ad.parse(target).grad(x=x)["x"]), rel=1e-14)

    def test_what_cancels_in_float64_is_not_the_fault_of_the_claim(self):
        outcome = ad.check("(1 - cos(x))/x^2", "-x/12", x=1e-7, random=0)
        assert outcome.verdict == "inconclusive"
        assert "AD and 50-digit arithmetic disagree at 1 of 1 component" in str(outcome)
        assert "50-digit arithmetic gives -8.33333333333" in str(outcome)

    def test_they_are_asked_for_only_where_it_matters(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "mpmath", None)
        assert ad.check("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)", x=1).verdict == "pass"

    def test_without_mpmath_differences_decide(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "autodiff_cli.check.digits", None)
        assert second("x^2", "x", x=1).name == "the complex step"

    def test_of_two_variables(self):
        found = second("x^y", {"y": "x"}, x=2, y=3)
        assert found.values.item() == pytest.approx(8 * np.log(2), rel=1e-14)


class TestAWrongRule:
    """A derivative that automatic differentiation has wrong, as where somebody's own rule is."""

    @staticmethod
    def function(x):
        @ad.custom_vjp
        def cube(x):
            return x**3

        cube.defvjp(lambda x: (x**3, x), lambda x, g: (2 * g * x**2,))
        return cube(x)

    def test_is_not_held_against_the_claim(self):
        outcome = ad.check(self.function, "3*x^2", x=2.0)
        assert outcome.verdict == "inconclusive"
        assert "AD and finite differences disagree at 1 of 1 component" in str(outcome)
        assert "3.3e-01 apart" in str(outcome) or "5.0e-01 apart" in str(outcome)

    def test_nor_does_it_let_a_wrong_claim_pass(self):
        assert ad.check(self.function, "2*x^2", x=2.0).verdict == "inconclusive"


def test_rough_differences_are_told_of():
    outcome = ad.check("sum(sin(1e9*x))", "1e9*cos(1e9*x)", x=[1])
    assert outcome.verdict == "pass"
    assert "AD and the complex step agree; finite differences tell nothing here" in str(outcome)
