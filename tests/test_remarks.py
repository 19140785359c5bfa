"""Warnings name the piece where a number was lost or a kink was met, and what went into it."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.analysis import gradient, hessian, jacobian, value

SINGULAR = [[1, 2], [2, 4]]
# What is written, the piece of it that is to be named, a point, and what is to be said.
WITHOUT_VALUE = [
    ("log(x)", "log(x)", {"x": -1}, "is not defined at -1"),
    ("x/y", "x/y", {"x": 0, "y": 0}, "is not defined at 0 and 0"),
    ("x/y", "x/y", {"x": -3, "y": 0}, "is -inf at -3 and 0"),
    ("exp(x)", "exp(x)", {"x": 1000}, "is inf at 1000"),
    ("(x - 2)^-1", "(x - 2)^-1", {"x": 2}, "is inf at 0"),
    ("x^0.5", "x^0.5", {"x": -2}, "is not defined at -2"),
    ("asin(x)", "asin(x)", {"x": 1.5}, "is not defined at 1.5"),
    ("x - y", "x - y", {"x": np.inf, "y": np.inf}, "is not defined at inf and inf"),
    ("logdet(A)", "logdet(A)", {"A": SINGULAR}, "is -inf at [[1, 2], [2, 4]]"),
    ("logdet(A)", "logdet(A)", {"A": np.ones((4, 4))}, "is -inf for an array of shape (4, 4)"),
    ("sum(log(x))", "log(x)", {"x": [1, -1, 2]}, "is not defined at -1 (element [1])"),
    ("sum(A/y)", "A/y", {"A": [[1, 2], [3, -4]], "y": [0.5, 0]}, "is inf at 2 and 0 (element [0, 1])"),
    ("D(sqrt(x), x)", "D(sqrt(x), x)", {"x": 0}, "is inf at 0"),
    ("exp(x)/exp(x)", "exp(x)", {"x": 1000}, "is inf at 1000"),
    ("0*exp(x)", "exp(x)", {"x": 1000}, "is inf at 1000"),
    ("where(x > 0, log(x), 1) + 1/y", "1/y", {"x": -1, "y": 0}, "is inf at 0"),
    ("sum(where(x >= 0, log(x), 1))", "log(x)", {"x": [-1, 0, 2]}, "is -inf at 0 (element [1])"),
]
WITHOUT_SLOPE = [
    ("sqrt(x)", "sqrt(x)", {"x": 0}, "at 0"),
    ("x^0.5", "x^0.5", {"x": 0}, "at 0"),
    ("acos(x)", "acos(x)", {"x": 1}, "at 1"),
    ("x^y", "x^y", {"x": -2, "y": 2}, "at -2 and 2"),
    ("sqrt(x)*y", "sqrt(x)", {"x": 0, "y": 0}, "at 0"),
    ("exp(log(x))", "log(x)", {"x": 0}, "at 0"),
    ("sqrt(det(A))", "sqrt(det(A))", {"A": SINGULAR}, "at 0"),
    ("sum(sqrt(x))", "sqrt(x)", {"x": [4, 0]}, "at 0 (element [1])"),
    ("sum(sqrt(A @ x))", "sqrt(A @ x)", {"A": [[1, 2], [3, 4]], "x": [0, 0]}, "at 0 (element [0])"),
    ("sum(where(y > 0, sqrt(x), 1))", "sqrt(x)", {"x": [0, 0], "y": [-1, 1]}, "at 0 (element [1])"),
]
KINKS = [
    ("abs(x)", "abs(x)", {"x": 0}, "at 0"),
    ("relu(x - 1)", "relu(x - 1)", {"x": 1}, "at 0"),
    ("maximum(x, y)", "maximum(x, y)", {"x": 3, "y": 3}, "at 3 and 3"),
    ("clip(x, 0, 1)", "clip(x, 0, 1)", {"x": 1}, "at 1"),
    ("max(x)", "max(x)", {"x": [1, 2, 2]}, "at [1, 2, 2]"),
    ("max(x)", "max(x)", {"x": np.ones(10)}, "here"),
    ("norm(x)", "norm(x)", {"x": [0, 0]}, "at [0, 0]"),
    ("median(x)", "median(x)", {"x": [1, 1, 2]}, "at [1, 1, 2]"),
    ("sum(abs(x))", "abs(x)", {"x": [1, 0, 2]}, "at 0 (element [1])"),
    ("sum(svd(A)[1]*[1, 2])", "svd(A)", {"A": [[1, 0], [0, 1]]}, "at [[1, 0], [0, 1]]"),
]
IN_CONTEXTS = pytest.mark.parametrize(
    "context",
    ["{}", "2*({}) + 3", "s = {}; s + s*w", "f(t) = t*w; f({}) + f(w)", "sum([1, {}])", "w*exp(w) + ({})",
     "# it is\n{} # here", "{} if w > 0 else 0", "D(u*({}), u)"],
)  # fmt: skip


def remarks(ask, text, point, **how):
    names = ad.parse(text).variables
    point = point | {"w": 1.5, "u": 0.7}
    return ask(ad.parse(text), {name: point[name] for name in names}, **how).remarks


def assert_names(found, text, piece, said):
    """The caret stands below the piece, and the message says this of it."""
    assert text[found.span.start : found.span.end] in (piece, f"({piece})")
    assert found.message.startswith((f"{piece} ", f"the derivative of {piece} "))
    assert said in found.message


@IN_CONTEXTS
@pytest.mark.parametrize(("written", "piece", "point", "said"), WITHOUT_VALUE)
def test_where_a_value_was_lost(context, written, piece, point, said):
    text = context.format(written)
    for ask in (value, gradient):
        assert_names(remarks(ask, text, point)[0], text, piece, said)


@IN_CONTEXTS
@pytest.mark.parametrize(("written", "piece", "point", "said"), WITHOUT_SLOPE)
def test_where_a_derivative_was_lost(context, written, piece, point, said):
    text = context.format(written)
    assert_names(remarks(gradient, text, point)[0], text, piece, f"{piece} is not finite {said}")


@IN_CONTEXTS
@pytest.mark.parametrize(("written", "piece", "point", "said"), KINKS)
def test_where_a_kink_was_met(context, written, piece, point, said):
    text = context.format(written)
    (found,) = remarks(gradient, text, point)
    assert_names(found, text, piece, f"{piece} has a kink {said}: ")


@pytest.mark.parametrize("text", ["D(abs(x)*w, x)", "w*abs'(x)", "f(t) = abs(t); f'(x)", "D(D(abs(x)*w, x)*w, w)"])
def test_kinks_of_derivatives_that_are_written(text):
    (found,) = remarks(value, text, {"x": 0})
    assert "has a kink at 0: the slope is -1" in found.message


@pytest.mark.parametrize("text", ["abs(x)^3", "w + 0*abs(x)", "where(w < 0, abs(x), x)", "abs(x)*(x + x^2)",
                                  "norm([x, x])^2", "D(abs(x)^3, x)"])  # fmt: skip
def test_kinks_that_change_no_slope_are_not_told(text):
    assert remarks(gradient, text, {"x": 0}) == ()
    slopes = [
        ad.parse(text).grad(x=h, w=1.5)["x"] if "w" in text else ad.parse(text).grad(x=h)["x"] for h in (-1e-9, 0, 1e-9)
    ]
    assert np.ptp(slopes) < 1e-8


def test_kinks_of_higher_derivatives_are_told_all():
    (found,) = remarks(hessian, "abs(x)^3", {"x": 0})
    assert found.message.startswith("abs(x) has a kink at 0")


def test_kinks_that_cancel_in_a_sum_are_told_of_an_array():
    assert len(remarks(jacobian, "[abs(x), -abs(x)]", {"x": 0})) == 1


@pytest.mark.parametrize(("point", "said"), [({"x": np.nan, "y": 1}, "x is nan"),
                                             ({"x": 1, "y": [0, np.inf]}, "y is inf (element [1])"),
                                             ({"x": np.nan, "y": -np.inf}, "x is nan and y is -inf")])  # fmt: skip
def test_a_point_that_is_not_finite(point, said):
    (found,) = remarks(value, "x*y", point)
    assert found.message == f"the value is not finite, because {said}"
