"""What is answered at kinks and edges, decided in one table; README says the same in words."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import trouble

KINKS = [
    # expression, point, gradient
    ("sum(abs(x))", [0.0, -2.0], [0, -1]),
    ("max(x)", [3.0, 1.0, 3.0], [0.5, 0, 0.5]),
    ("min(x)", [1.0, 1.0, 1.0], [1 / 3, 1 / 3, 1 / 3]),
    ("sum(maximum(x, 2))", [2.0, 3.0], [0.5, 1]),
    ("sum(minimum(x, 2))", [2.0, 3.0], [0.5, 0]),
    ("sort(x)[0]", [1.0, 1.0, 2.0], [0.5, 0.5, 0]),
    ("norm(x)", [0.0, 0.0], [0, 0]),
    ("sqrt(sum(x^2))", [0.0, 0.0], [0, 0]),
    ("hypot(x[0], x[1])", [0.0, 0.0], [0, 0]),
    ("sum(relu(x))", [0.0, -1.0, 1.0], [0, 0, 1]),
    ("sum(clip(x, 0, 1))", [0.0, 1.0, 0.5, 2.0], [1, 1, 1, 0]),
    ("std(x)", [5.0, 5.0], [0, 0]),
    ("sum(sqrt(x^2))", [0.0, -2.0], [0, -1]),
]
EDGES = [
    ("sum(x^0)", [0.0, 2.0], [0, 0]),
    ("sum(x^1)", [0.0], [1]),
    ("sum(x^2)", [0.0], [0]),
    ("sum(0^x)", [1.0, 2.0], [0, 0]),
    ("prod(x)", [0.0, 2.0, 3.0], [6, 0, 0]),
    ("prod(x)", [0.0, 0.0, 3.0], [0, 0, 0]),
    ("sum(cumprod(x))", [0.0, 2.0, 3.0], [1 + 2 + 6, 0, 0]),
    ("cumprod(x)[2]", [2.0, 0.0, 3.0], [0, 6, 0]),
    ("det(x)", [[1.0, 2.0], [2.0, 4.0]], [[4, -2], [-2, 1]]),
    ("det(x)", [[0.0, 0.0], [0.0, 0.0]], [[0, 0], [0, 0]]),
    ("sum(sinc(x))", [0.0], [0]),
    ("logsumexp(x)", [1000.0, 1000.0], [0.5, 0.5]),
    ("logsumexp(x)", [-1000.0, -1000.0], [0.5, 0.5]),
    ("sum(where(x > 0, sqrt(x), 0))", [0.0, 4.0], [0, 0.25]),
    ("sum(where(x > 0, log(x), 0))", [-1.0, 0.0, 2.0], [0, 0, 0.5]),
    ("sum(where(x == 0, 1, sin(x)/x))", [0.0, np.pi], [0, -1 / np.pi]),
    ("sqrt(x)[1]", [0.0, 4.0], [0, 0.25]),
    ("sum(0*sqrt(x))", [0.0], [0]),
    ("sum(sqrt(x)^2)", [0.0, 4.0], [1, 1]),
    ("norm(x)^2", [0.0, 0.0], [0, 0]),
    ("sum(abs(x)^2)", [0.0, 3.0], [0, 6]),
    ("sum(tanh(x))", [20.0], [1.6993417021166355e-17]),  # 4*exp(-40)
    ("sum(sigmoid(x))", [40.0, -700.0], [4.248354255291589e-18, 9.859676543759770e-305]),  # exp(-|x|)
]


@pytest.mark.parametrize(("text", "x", "expected"), KINKS + EDGES)
def test_gradient(text, x, expected):
    gradient = ad.parse(text).grad(x=x)["x"]
    np.testing.assert_allclose(gradient, expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize(("text", "x", "expected"), KINKS)
def test_kinks_are_reported(text, x, expected):
    recorded = ad.parse(text).record({"x": x})
    assert trouble.kinks(recorded.simplified, [recorded.inputs["x"]])


@pytest.mark.parametrize(("text", "x", "expected"), KINKS)
def test_no_kink_beside_one(text, x, expected):
    beside = np.asarray(x) + 0.01 * np.arange(1, 1 + np.size(x)).reshape(np.shape(x))
    recorded = ad.parse(text).record({"x": beside})
    assert not trouble.kinks(recorded.simplified, [recorded.inputs["x"]])


@pytest.mark.parametrize("text", ["norm(x)^2", "sum(abs(x)^2)", "sum(sqrt(x)^2)", "norm(x)*norm(x)"])
def test_no_kink_in_a_square(text):
    recorded = ad.parse(text).record({"x": [0.0, 0.0]})
    assert not trouble.kinks(recorded.simplified, [recorded.inputs["x"]])


def test_an_infinite_slope_is_not_a_zero():
    assert ad.parse("sqrt(x)").grad(x=0)["x"] == np.inf
    assert np.isnan(ad.parse("cbrt(x)^3").grad(x=0)["x"])  # 0 * inf: not known from the chain rule
