"""Every row of the table: the same function, differentiated better."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import simplify

ROWS = {
    "sum(sqrt(x^2))": simplify.root_of_square,
    "sum((x*x)^0.5)": simplify.root_of_square,
    "sqrt(sum(x^2))": simplify.root_of_sum_of_squares,
    "sum(x*x)^0.5": simplify.root_of_sum_of_squares,
    "sum(sqrt(sum(x^2, axis=0, keepdims=True)))": simplify.root_of_sum_of_squares,
    "sum(sqrt(x)^2)": simplify.square_of_root,
    "sum(sqrt(x)*sqrt(x))": simplify.square_of_root,
    "sum(abs(x)^2)": simplify.square_of_absolute,
    "norm(x)^2": simplify.square_of_norm,
    "norm(x)*norm(x)": simplify.square_of_norm,
}
NOT = ["sum(sqrt(x^3))", "sum((x*x)^0.25)", "sum(sqrt(x)*sqrt(2x))", "norm(x, 1)^2", "sum(norm(x, axis=0)^2)"]
X = np.array([[0.7, 1.3], [2.1, 0.4]])


def names(line):
    """The functions behind a line, in order."""
    from autodiff_cli.engine.program import ancestors

    return [line.rule.name for line in ancestors([line])]


@pytest.mark.parametrize("text", ROWS)
def test_row_applies_and_keeps_value_and_span(text):
    recorded = ad.parse(text).record({"x": X})
    assert names(recorded.simplified) != names(recorded.output)
    assert recorded.simplified.value is recorded.output.value
    assert recorded.simplified.span == recorded.output.span


@pytest.mark.parametrize("text", NOT)
def test_what_only_looks_alike_stays(text):
    recorded = ad.parse(text).record({"x": X})
    assert recorded.simplified is recorded.output


@pytest.mark.parametrize("text", [*ROWS, *NOT])
def test_gradient_against_differences(text):
    f = ad.parse(text)
    direction = np.random.default_rng(6).normal(size=X.shape)
    h = 1e-5
    expected = (f.value(x=X + h * direction) - f.value(x=X - h * direction)) / (2 * h)
    assert np.sum(f.grad(x=X)["x"] * direction) == pytest.approx(expected, rel=1e-8)


def test_every_row_is_tested():
    assert {row for rows in simplify.ROWS.values() for row in rows} == set(ROWS.values())


def test_where_the_value_is_undefined_so_is_the_gradient():
    assert np.isnan(ad.parse("sqrt(x)^2").grad(x=-1)["x"])
