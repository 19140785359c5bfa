"""At a kink no defensible claim fails: the report names the kink and the slopes to both sides."""

import numpy as np
import pytest

import autodiff_cli as ad

# (target, x, the slopes to both sides, what the report calls the kink, the gradient elsewhere, which is claimed)
KINKS = [
    ("abs(x)", 0, (-1, 1), "abs(x)", "sign(x)"),
    ("relu(x)", 0, (0, 1), "relu(x)", "x > 0"),
    ("maximum(x, 2*x)", 0, (1, 2), "maximum(x, 2*x)", "where(x > 0, 2, 1)"),
    ("minimum(x, 1)", 1, (1, 0), "minimum(x, 1)", "x < 1"),
    ("clip(x, 0, 1)", 1, (1, 0), "clip(x, 0, 1)", "(x > 0)*(x < 1)"),
    ("where(x > 0, 2*x, x)", 0, (1, 2), "x > 0", "where(x > 0, 2, 1)"),
    ("2*x if x > 0 else x", 0, (1, 2), "x > 0", "where(x > 0, 2, 1)"),
    ("norm(x)", 0, (-1, 1), "norm(x)", "where(x > 0, 1, -1)"),
    ("sqrt(x^2)", 0, (-1, 1), "sqrt(x^2)", "where(x > 0, 1, -1)"),
    ("3*exp(abs(x))", 0, (-3, 3), "abs(x)", "3*sign(x)*exp(abs(x))"),
    ("std([x, 1])", 1, (-0.5, 0.5), "std([x, 1])", "sign(x - 1)/2"),
]
IDS = [row[0] for row in KINKS]


def at_kink(target, claim, x):
    """The Outcome for a number that is claimed at a kink."""
    return ad.check(target, np.array(float(claim)), x=x)


@pytest.mark.parametrize(("target", "x", "slopes", "name", "gradient"), KINKS, ids=IDS)
class TestOneVariable:
    def test_what_lies_between_the_slopes_is_inconclusive(self, target, x, slopes, name, gradient):
        for claim in (*slopes, np.mean(slopes), 0.7 * slopes[0] + 0.3 * slopes[1]):
            assert at_kink(target, claim, x).verdict == "inconclusive"

    def test_what_does_not_fails(self, target, x, slopes, name, gradient):
        for claim in (min(slopes) - 0.01, max(slopes) + 0.01, 100, np.inf):
            assert at_kink(target, claim, x).verdict == "fail"

    def test_the_kink_and_the_slopes_are_named(self, target, x, slopes, name, gradient):
        report = str(at_kink(target, slopes[0], x))
        assert f"kink    {name} " in report
        _, titles, row, *_ = report.splitlines()
        assert titles.split() == ["yours", "ad", "from", "the", "left", "from", "the", "right"]
        assert tuple(map(float, row.split()[3:])) == pytest.approx(slopes, abs=1e-5)

    def test_a_formula_for_both_sides_is_never_wrong(self, target, x, slopes, name, gradient):
        assert ad.check(target, gradient, x=x).verdict == "inconclusive"

    def test_one_for_the_wrong_side_is(self, target, x, slopes, name, gradient):
        assert ad.check(target, f"-({gradient}) + 4", x=x).verdict == "fail"

    def test_beside_the_kink_all_is_clear(self, target, x, slopes, name, gradient):
        assert ad.check(target, gradient, x=x + 0.5).verdict == "pass"


@pytest.mark.parametrize(
    ("target", "claim", "point"),
    [
        ("max(x)", [1, 0], {"x": [2, 2]}),
        ("max(x)", [0, 1], {"x": [2, 2]}),
        ("max(x)", [0.5, 0.5], {"x": [2, 2]}),
        ("min(x)", [0, 0, 1], {"x": [3, 2, 2]}),
        ("sort(x)[0]", [1, 0], {"x": [2, 2]}),
        ("median(x)", [0, 1, 0], {"x": [1, 1, 2]}),
        ("norm(x)", [0, 0], {"x": [0, 0]}),
        ("norm(x)", [0.6, 0.8], {"x": [0, 0]}),
        ("sum(relu(x))", [0, 0, 1], {"x": [-1, 0, 2]}),
        ("sum(relu(x))", [0, 1, 1], {"x": [-1, 0, 2]}),
        ("floor(x)", 0, {"x": 1}),
        ("round(x)*x", 0, {"x": 0.5}),
        ("sign(x)", 0, {"x": 0}),
        ("where(x > 0, x + 1, x)", 1, {"x": 0}),
        ("max(eigvalsh(A))", [[0.5, 0], [0, 0.5]], {"A": [[1, 0], [0, 1]]}),
    ],
)
def test_other_kinks(target, claim, point):
    outcome = ad.check(target, np.array(claim, float), point)
    assert outcome.verdict == "inconclusive"
    assert "\nkink    " in str(outcome)


@pytest.mark.parametrize(
    ("target", "claim", "x"),
    [
        ("relu(x)^2", "2*relu(x)", 0),
        ("x*abs(x)", "2*abs(x)", 0),
        ("0*abs(x) + x", "1", 0),
        ("maximum(x, x)", "1", 3),
        ("where(x > 0, x^2, x^3)", "where(x > 0, 2*x, 3*x^2)", 0),
        ("where(x > 0, sqrt(abs(x)), 0)*0 + x", "1", -1),
    ],
)
def test_a_kink_that_is_not_felt_is_none(target, claim, x):
    assert ad.check(target, claim, x=x).verdict == "pass"


def test_a_branch_of_python():
    def slope(x):
        return 2 * x if x > 0 else x

    for claim, verdict in ((1, "inconclusive"), (2, "inconclusive"), (1.5, "inconclusive"), (0.9, "fail")):
        assert ad.check(slope, np.array(float(claim)), x=0).verdict == verdict


def test_a_wrong_component_beside_a_kink_fails():
    outcome = ad.check("sum(abs(x))", "2*sign(x)", x=[0, 1])
    assert outcome.verdict == "fail"
    assert "1 of 2 components differ" in str(outcome)


def test_drawn_points_have_no_kinks():
    outcome = ad.check("sum(relu(round(x)))", "zeros(3)", x=[0.2, 1.4, 3.3])
    assert outcome.verdict == "pass"
