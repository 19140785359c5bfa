"""Verdicts: a right claim passes, a wrong one fails, and where there is no derivative nothing is claimed."""

import numpy as np
import pytest

import autodiff_cli as ad

A = np.array([[1.0, 2, 0], [0, 3, 1], [4, 0, 1]])
X = [1, 2, 3]


def verdict(target, claim, point=None, **settings):
    return ad.check(target, claim, point, **settings).verdict


@pytest.mark.parametrize(
    ("target", "claim", "point"),
    [
        ("x @ A @ x", {"x": "(A + A') @ x", "A": "outer(x, x)"}, {"x": X, "A": A}),
        ("sum((A@x - b)^2)", {"x": "2*A' @ (A@x - b)"}, {"x": X, "A": A, "b": [1, 0, 2]}),
        ("logdet(A)", "inv(A)'", {"A": [[2, 0.5], [0.5, 1]]}),
        ("2*sum(log(diag(cholesky(A))))", "inv(A)", {"A": [[2, 0.5], [0.5, 1]]}),
        ("sum(exp(x))", "exp(x)", {"x": [[1, 2], [3, 4]]}),
        ("3*x", "3", {"x": 2}),
        ("sum(x^n)", {"x": "n*x^(n-1)"}, {"x": [1, 2], "n": 3}),
        ("sum(x[1:])", "[0, 1, 1]", {"x": X}),
        ("sum(log(p))", "1/p", {"p": [1e-6, 0.5, 0.3]}),
        ("exp(x)", "exp(x)", {"x": 500}),
        ("sum(x)*1e-8", "1e-8*ones(3)", {"x": X}),
        ("sum(x^2)", "2*x", {"x": np.zeros(0)}),
    ],
)
def test_right_claims_pass(target, claim, point):
    assert verdict(target, claim, point) == "pass"


@pytest.mark.parametrize(
    ("target", "claim", "point"),
    [
        ("x @ A @ x", {"x": "2*A@x"}, {"x": X, "A": A + A.T}),  # right where A is symmetric
        ("logdet(A)", "inv(A)", {"A": [[2, 0.5], [0.5, 1]]}),
        ("sum(x^2)", "2*x^2", {"x": [1, 1]}),  # right at 1
        ("sum(x^3)", "3*x", {"x": [0, 0]}),  # right at 0
        ("sum(x)", "zeros(3)", {"x": X}),
        ("x^2", "2*x + 1e-5", {"x": 1}),
        ("x^2", "nan*x", {"x": 1}),
        ("x^2", "inf", {"x": 1}),
        ("exp(x)", "exp(x)/inf", {"x": 1}),
    ],
)
def test_wrong_claims_fail(target, claim, point):
    assert verdict(target, claim, point) == "fail"


@pytest.mark.parametrize(
    ("target", "claim", "x"),
    [("log(x)", "1/x", -1), ("sqrt(x)", "1/(2*sqrt(x))", 0), ("log(x)", "1/x", 0), ("sum(x^2)", "2*x", [1, np.nan])],
)
def test_without_a_derivative_at_the_given_point_nothing_is_decided(target, claim, x):
    outcome = ad.check(target, claim, x=x)
    assert outcome.verdict == "inconclusive"
    assert "there is no derivative at" in str(outcome)


def test_but_a_claim_that_is_wrong_elsewhere_fails():
    assert verdict("sqrt(x)", "1/sqrt(x)", x=0) == "fail"
    assert verdict("sum(sqrt(x))", "1/sqrt(x)", x=[0, 4], random=0) == "fail"


def test_tolerances_decide():
    assert verdict("x^2", "2*x + 1e-5", x=1, rtol=1e-4) == "pass"
    assert verdict("x^2", "2*x + 1e-5", x=1, atol=1e-4) == "pass"
    assert verdict("x^2", "2*x + 1e-8", x=1) == "pass"
    assert verdict("x^2", "2*x + 1e-8", x=1, rtol=0, atol=0) == "fail"


def test_several_claims_have_their_own_verdicts():
    outcome = ad.check("x*abs(y) + z", {"x": "abs(y)", "y": "x*sign(y)", "z": "1"}, x=1, y=0, z=3)
    assert [finding.verdict for finding in outcome.findings] == ["pass", "inconclusive", "pass"]
    assert outcome.verdict == "inconclusive"
    outcome = ad.check("x*abs(y) + z", {"x": "abs(y)", "y": "x*sign(y)", "z": "2"}, x=1, y=0, z=3)
    assert [finding.verdict for finding in outcome.findings] == ["pass", "inconclusive", "fail"]
    assert outcome.verdict == "fail"


class TestJacobiansAndHessians:
    def test_jacobian(self):
        assert verdict("A@x", {"x": "A"}, {"x": X, "A": A}, of="jac") == "pass"
        assert verdict("A@x", {"x": "A'"}, {"x": X, "A": A}, of="jac") == "fail"
        assert verdict("sin(x)*y", {"x": "diag(y*cos(x))", "y": "diag(sin(x))"}, x=X, y=X, of="jac") == "pass"

    def test_hessian(self):
        assert verdict("sum(x^3)", "6*diag(x)", x=X, of="hess") == "pass"
        assert verdict("sum(x^3)", "3*diag(x)", x=X, of="hess") == "fail"
        claims = {"x": "2*y", "x,y": "2*x", "y,x": "2*x", "y": "0"}
        assert verdict("x^2*y", claims, x=2, y=3, of="hess") == "pass"
        assert verdict("x^2*y", claims | {"x,y": "2*y"}, x=2, y=3, of="hess") == "fail"

    def test_hessian_at_a_kink_of_the_gradient(self):
        assert verdict("relu(x)^2", "2*(x>0)", x=0, of="hess") == "inconclusive"
        assert verdict("relu(x)^2", "2*relu(x)", x=0) == "pass"  # the gradient has none


class TestPoints:
    def test_none_given(self):
        outcome = ad.check("sum(x*y)", {"x": "y", "y": "x"})
        assert (outcome.verdict, len(outcome.points), all(outcome.drawn)) == ("pass", 3, True)
        assert outcome.points[0]["x"].shape == (3,)

    def test_some_given(self):
        assert ad.check("x @ A @ x", {"x": "2*A@x"}, A=A + A.T).verdict == "fail"

    def test_the_same_ones_for_the_same_seed(self):
        once, again, other = (ad.check("sum(x^2)", "2*x", x=X, seed=seed).points for seed in (1, 1, 2))
        assert np.array_equal(once[1]["x"], again[1]["x"])
        assert not np.array_equal(once[1]["x"], other[1]["x"])

    def test_as_many_as_asked_for(self):
        for count in (0, 1, 5):
            assert len(ad.check("sum(x^2)", "2*x", x=X, random=count).points) == count + 1

    def test_outside_of_the_domain_none_are_used_and_that_is_told(self):
        outcome = ad.check("sum(log(x))", "1/x", x=[0.01, 3])
        assert outcome.verdict == "pass"
        assert all((point["x"] > 0).all() for point in outcome.points)
        assert sum(outcome.refused.values()) == sum(int(n.message.split()[0]) for n in outcome.notes)

    def test_domains_are_found_without_an_example(self):
        for target, claim in [("sum(acosh(x))", "1/sqrt(x^2-1)"), ("sum(log(x))", "1/x"), ("lgamma(x)", "digamma(x)")]:
            assert verdict(target, claim) == "pass"

    def test_whole_numbers_that_count_stay(self):
        assert verdict("sum(x^n)", {"x": "n*x^(n-1)"}, x=[-1, 2], n=3) == "pass"

    def test_matrices_taken_to_be_symmetric_stay_so(self):
        outcome = ad.check("sum(cholesky(A))", "eye(2)", A=[[2, 0.5], [0.5, 1]])
        assert all(np.array_equal(p["A"], p["A"].T) for p in outcome.points)
        outcome = ad.check("logdet(A)", "inv(A)'", A=[[2, 0.5], [0.5, 1]])
        assert not any(np.array_equal(p["A"], p["A"].T) for p in outcome.points[1:])

    def test_numbers_hold_at_the_given_point_only(self):
        outcome = ad.check("sum(x^2)", np.array([2.0, 4, 6]), x=X)
        assert (outcome.verdict, len(outcome.points)) == ("pass", 1)
        assert "no others are drawn" in outcome.notes[0].message


def test_float32_claims_have_the_tolerance_of_float32():
    x = np.array([1.1, 2.2], np.float32)
    outcome = ad.check("sum(exp(x))", "exp(x)*(1 + 1e-4)", x=x)
    assert outcome.verdict == "pass"
    assert "float32" in outcome.notes[0].message
    assert verdict("sum(exp(x))", "exp(x)*(1 + 1e-4)", x=x, rtol=1e-6) == "fail"
    assert verdict("sum(exp(x))", "exp(x)*(1 + 1e-4)", x=x.astype(float)) == "fail"


def test_numbers_below_the_tolerance_agree_and_that_is_told():
    outcome = ad.check("1e-12*sum(x^2)", "1e-12*x", x=X)
    assert outcome.verdict == "pass"
    assert "--atol 0" in outcome.notes[0].help
    assert verdict("1e-12*sum(x^2)", "1e-12*x", x=X, atol=0) == "fail"
    assert ad.check("1e-12*sum(x^2)", "2e-12*x", x=X).notes == ()
