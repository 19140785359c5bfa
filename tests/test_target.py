"""Expressions from Python: values and gradients against numbers from elsewhere."""

import json
import math

import numpy as np
import pytest
from scipy import optimize, stats

import autodiff_cli as ad


def differences(function, point, step=1e-5):
    """The gradient of a scalar function of one array by central differences."""
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def test_the_survey_of_baydin_et_al():
    # Automatic differentiation in machine learning: a survey (2018), tables 2 and 3.
    f = ad.parse("ln(a) + a*b - sin(b)")
    assert f.variables == ("a", "b")
    assert f.value(a=2, b=5) == pytest.approx(11.652, abs=5e-4)
    gradient = f.grad(a=2, b=5)
    assert gradient["a"] == pytest.approx(5.5, abs=5e-4)
    assert gradient["b"] == pytest.approx(1.716, abs=5e-4)


def test_speelpennings_product():
    x = np.random.default_rng(1).uniform(0.9, 1.1, 1000)
    gradient = ad.parse("prod(x)").grad(x=x)["x"]
    np.testing.assert_allclose(gradient, math.prod(x.tolist()) / x, rtol=1e-12)


def test_speelpennings_product_with_a_zero():
    x = np.random.default_rng(1).uniform(0.9, 1.1, 1000)
    x[17] = 0
    expected = np.zeros(1000)
    expected[17] = math.prod(np.delete(x, 17).tolist())
    np.testing.assert_allclose(ad.parse("prod(x)").grad(x=x)["x"], expected, rtol=1e-12)


def test_rosenbrock_in_1000_variables():
    x = np.random.default_rng(2).uniform(-2, 2, 1000)
    f = ad.parse("sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)")
    assert f.value(x=x) == pytest.approx(optimize.rosen(x), rel=1e-13)
    np.testing.assert_allclose(f.grad(x=x)["x"], optimize.rosen_der(x), rtol=1e-12, atol=1e-10)


def test_logistic_regression():
    rng = np.random.default_rng(3)
    X, y, w = rng.normal(size=(40, 3)), rng.choice([-1.0, 1.0], 40), rng.normal(size=3)
    f = ad.parse("mean(log(1 + exp(-y*(X @ w))))")
    expected = differences(lambda w: np.mean(np.log1p(np.exp(-y * (X @ w)))), w)
    gradient = f.grad({"X": X, "y": y, "w": w}, wrt="w")
    assert list(gradient) == ["w"]
    np.testing.assert_allclose(gradient["w"], expected, rtol=1e-8)


def test_gaussian_log_likelihood():
    rng = np.random.default_rng(4)
    m, x, half = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3))
    S = half @ half.T + np.eye(3)
    f = ad.parse("r = x - m; -(r @ solve(S, r) + logdet(S) + size(x)*log(2pi))/2")
    likelihood = stats.multivariate_normal.logpdf
    assert f.value(x=x, m=m, S=S) == pytest.approx(likelihood(x, m, S), rel=1e-12)
    gradient = f.grad(x=x, m=m, S=S)
    np.testing.assert_allclose(gradient["m"], differences(lambda m: likelihood(x, m, S), m), rtol=1e-7)
    # Scipy reads only one triangle of S: compare where both change together.
    symmetric = differences(lambda S: likelihood(x, m, (S + S.T) / 2), S)
    np.testing.assert_allclose((gradient["S"] + gradient["S"].T) / 2, symmetric, rtol=1e-6)


def test_points_are_a_dict_or_keywords():
    f = ad.parse("sum(x*y)")
    assert f.value({"x": [1, 2]}, y=3) == f.value(x=[1, 2], y=3) == 9
    assert f.grad({"x": [1, 2], "y": 3})["x"].tolist() == [3, 3]


def test_gradients_have_shape_and_dtype_of_their_variables():
    f = ad.parse("sum(x*A)")
    gradient = f.grad(x=np.float32([1, 2]), A=[[1, 2], [3, 4]])
    assert gradient["x"].dtype == np.float32
    assert gradient["x"].shape == (2,)
    assert gradient["A"].dtype == np.float64
    assert gradient["A"].shape == (2, 2)


def test_gradients_can_be_written_to():
    gradient = ad.parse("sum(x)").grad(x=[1, 2, 3])["x"]
    gradient[0] = 5
    assert gradient.tolist() == [5, 1, 1]


def test_an_argument_is_not_changed():
    x = np.array([3.0, 1.0])
    ad.parse("sum(sort(x)*x)").grad(x=x)
    assert x.tolist() == [3, 1]


def test_undefined_only_where_it_is():
    gradient = ad.parse("sum(log(x)*y)").grad(x=[-1, 2, 0], y=[1, 1, 1])
    assert np.isnan(gradient["x"][0])
    assert gradient["x"][1] == 0.5
    assert gradient["x"][2] == np.inf
    assert np.isnan(gradient["y"][0])


def test_a_branch_not_taken_is_not_undefined():
    gradient = ad.parse("sum(where(x > 0, log(x), x)) + sqrt(y)").grad(x=[-1, 2], y=-1)
    assert gradient["x"].tolist() == [1, 0.5]
    assert np.isnan(gradient["y"])


@pytest.mark.parametrize(
    ("text", "point", "code"),
    [
        ("x*y", {"x": 1}, "unbound"),
        ("x", {"x": 1, "z": 2}, "unknown-name"),
        ("x", {"x": "abc"}, "value"),
        ("x", {"x": [[1, 2], [3]]}, "ragged"),
        ("x", {"x": 1j}, "value"),
        ("x", {"x": None}, "value"),
        ("x[", {"x": 1}, "syntax"),
    ],
)
def test_errors(text, point, code):
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse(text).value(point)
    assert caught.value.code == code


def test_gradient_of_an_array_is_an_error():
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse("x^2").grad(x=[1, 2])
    assert caught.value.code == "not-scalar"
    assert caught.value.help == 'sum(x^2) for one number, or adiff jac "x^2" for all 2 x 2 derivatives'


def test_wrt_that_is_no_variable():
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse("x^2").grad(x=1, wrt="y")
    assert caught.value.code == "unknown-name"


def test_deep_and_long_expressions():
    depth = 100_000
    for text in (
        "(" * depth + "x" + ")" * depth,
        "-" * depth + "x",
        "+".join(["x"] * depth),
        "sin(" * 10**4 + "x" + ")" * 10**4,
    ):
        assert np.isfinite(ad.parse(text).grad(x=0.5)["x"])


def test_functions_of_functions_stay_linear():
    text = "f0(t) = t + 1; " + "".join(f"f{i}(t) = f{i - 1}(f{i - 1}(t)); " for i in range(1, 14))
    assert ad.parse(text + "f13(x)").value(x=0) == 2**13
    doubling = "f0(t) = t; " + "".join(f"f{i}(t) = f{i - 1}(t) + f{i - 1}(t); " for i in range(1, 60))
    assert ad.parse(doubling + "f59(x)").grad(x=1)["x"] == 2.0**59


def test_logistic_regression_from_files():
    """What the command line reads from X.npy, against differences of the same formula in NumPy."""
    from tests import transcripts

    X, y, w = np.load(transcripts.FILES / "X.npy"), np.load(transcripts.FILES / "y.npy"), np.array([0.1, -0.2])
    command = 'adiff grad "mean(log(1+exp(-y*(X@w))))" --X @X.npy --y @y.npy --w 0.1,-0.2 --wrt w --json'
    gradient = json.loads(transcripts.run(command).stdout)["grad"]["w"]
    np.testing.assert_allclose(gradient, differences(lambda w: np.mean(np.log1p(np.exp(-y * (X @ w)))), w), rtol=1e-8)
