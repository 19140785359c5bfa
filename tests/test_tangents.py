"""Traces of a point that moves: the tangent of every line is that of differences."""

import json

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.analysis import trace
from autodiff_cli.render import OF_TRACES, Style, render
from tests.test_tracing import EXPRESSIONS, long_program, values, x

SURVEY = "ln(x1) + x1*x2 - sin(x2)"
STEP = 1e-6
# The lines of softmax and logsumexp are moved by a peak, of which their result does not depend.
MOVING = [text for text, point in EXPRESSIONS.items() if point and "softmax" not in text]
CASES = pytest.mark.parametrize("text", MOVING)


def lines(report):
    return [*report.nodes, *report.backward]


def moved(text, directions, **how):
    return trace(ad.parse(text), EXPRESSIONS[text], tangents=directions, **how)


def drawn_directions(text):
    rng = np.random.default_rng(7)
    return {name: rng.normal(size=np.shape(value)) for name, value in EXPRESSIONS[text].items()}


def differences(text, directions):
    """How the values of all lines move, by name."""
    point = EXPRESSIONS[text]
    up, down = (
        values(lines(trace(ad.parse(text), {n: point[n] + s * STEP * t for n, t in directions.items()}, order=2)))
        for s in (1, -1)
    )
    return {name: (up[name] - down[name]) / (2 * STEP) for name in up if up[name].dtype.kind == "f"}


@CASES
@np.errstate(invalid="ignore")
def test_tangents_are_those_of_differences(text):
    """Of the lines that the backward pass adds, too: there they are products with the Hessian."""
    directions = drawn_directions(text)
    slopes = differences(text, directions)
    for node in lines(moved(text, directions, order=2)):
        if node.value.dtype.kind != "f":
            assert node.tangent is None
            continue
        tangent = np.zeros_like(node.value) if node.tangent is None else node.tangent
        defined = ~np.isnan(node.value)
        assert np.shape(tangent) == np.shape(node.value)
        np.testing.assert_allclose(tangent[defined], slopes[node.id][defined], rtol=1e-5, atol=1e-6, err_msg=node.op)


@CASES
def test_tangents_are_the_sums_of_what_arrives(text):
    for node in moved(text, drawn_directions(text)).nodes:
        if node.from_inputs:
            arrived = sum(node.from_inputs.values())
            np.testing.assert_allclose(arrived, node.tangent, rtol=1e-12, atol=1e-14)


def test_the_last_tangent_is_the_product_with_the_jacobian():
    text = "mean(softmax(x)*y) + logsumexp(x)"
    directions = drawn_directions(text)
    report = moved(text, directions, order=2)
    assert report.nodes[-1].tangent == pytest.approx(differences(text, directions)["f"], rel=1e-8)
    products = ad.parse(text).hvp(EXPRESSIONS[text], tangents=directions)
    for name, product in products.items():
        (end,) = [node for node in report.backward if node.id == f"df/d{name}"]
        np.testing.assert_allclose(end.tangent, product, rtol=1e-12)


def test_table_2_of_the_survey():
    """Baydin, Pearlmutter, Radul and Siskind, JMLR 18 (2018), as printed: three decimals."""
    nodes = trace(ad.parse(SURVEY), {"x1": 2, "x2": 5}, tangents={"x1": 1}).nodes
    assert [node.op for node in nodes] == ["input", "input", "ln(x1)", "x1*x2", "v1 + v2", "sin(x2)", "v3 - v4"]
    shown = [f"{node.value:.3f}" for node in nodes]
    assert shown == ["2.000", "5.000", "0.693", "10.000", "10.693", "-0.959", "11.652"]
    assert [float(node.tangent) for node in nodes] == [1, 0, 0.5, 5, 5.5, 0, 5.5]


def test_table_3_of_the_survey():
    nodes = trace(ad.parse(SURVEY), {"x1": 2, "x2": 5}).nodes
    assert [f"{node.adjoint:.3f}" for node in nodes] == ["5.500", "1.716", "1.000", "1.000", "1.000", "-1.000", "1.000"]


def test_only_what_moves_has_a_tangent():
    report = trace(ad.parse("a*b + exp(b)"), {"a": 2.0, "b": 1.0}, ["a"], tangents={"a": 1}, order=2)
    tangents = {node.id: node.tangent for node in lines(report)}
    assert tangents == {"a": 1, "b": None, "v1": 1, "v2": None, "f": 1, "df/da": None}


def test_what_stands_still_has_tangent_zero():
    assert [node.tangent for node in trace(ad.parse("floor(x)"), {"x": 1.5}, tangents=1).nodes] == [1, 0]
    report = trace(ad.parse("3*x"), {"x": 1.5}, tangents=2, order=2)
    assert [(node.id, node.tangent) for node in lines(report)] == [("x", 2), ("f", 6), ("df/dx", 0)]


def test_a_direction_that_does_not_meet_a_pole_is_finite():
    point = {"x": [0, 4]}
    assert trace(ad.parse("sum(sqrt(x))"), point, tangents=[0, 1]).remarks == ()
    assert trace(ad.parse("sum(sqrt(x))"), point, tangents=[0, 1]).nodes[-1].tangent == 0.25
    assert trace(ad.parse("sum(sqrt(x))"), point, tangents=[1, 0]).nodes[-1].tangent == np.inf


def test_undefined():
    point = {"x": -1, "y": 2}
    assert np.isnan([node.tangent for node in trace(ad.parse("log(x) + y"), point, tangents={"x": 1}).nodes[2:]]).all()
    assert trace(ad.parse("log(x) + y"), point, tangents={"y": 1}).nodes[-1].tangent == 1


@pytest.mark.parametrize("format", OF_TRACES)
def test_tangents_are_shown_in_place_of_adjoints(format):
    report = trace(ad.parse("s*t"), {"s": 3, "t": 7}, tangents={"s": 11})
    shown = render(report, format, Style())
    assert "77" in shown and "tangent" in shown
    assert ("adjoint" in shown) == (format == "json")


def test_json_has_both():
    record = json.loads(render(trace(ad.parse("s*t"), {"s": 3, "t": 7}, tangents={"s": 11}), "json", Style()))
    assert record["tangent"] == {"s": 11.0, "t": 0.0}
    last = record["nodes"][-1]
    assert (last["tangent"], last["from_inputs"]) == (77.0, {"s": 77.0, "t": 0.0})
    assert (last["adjoint"], last["to_inputs"]) == (1.0, {"s": 7.0, "t": 3.0})


def test_a_long_program_fits_the_page():
    shown = render(trace(long_program(200), {"x": x}, tangents=[1, 0, -1]), "text", Style())
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(("tangents", "message"), [({}, "needs a tangent"), ({"z": 1}, "z is not a variable"),
                                                   ({"s": [1, 2]}, "has shape"), (1, "needs the name")])  # fmt: skip
def test_errors(tangents, message):
    with pytest.raises(ad.AdiffError, match=message):
        trace(ad.parse("s*t"), {"s": 3, "t": 7}, tangents=tangents)
