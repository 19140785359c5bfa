"""Reports of formulas: what each command fills in. The formulas themselves have tests of their own."""

import numpy as np
import pytest

from autodiff_cli.analysis import derivative, gradient, hessian, jacobian
from autodiff_cli.errors import AdiffError
from autodiff_cli.expression import Expression
from autodiff_cli.formulas import formulas, with_formulas

POINT = {"x": np.array([0.7, -0.4, 1.2]), "y": np.array([1.5, 0.3, -0.8]), "k": np.array(1.7)}


def differences(f, point, name, step=1e-5):
    """The derivative of an array by one variable, axes of the value first, by central differences."""
    columns = []
    for index in np.ndindex(point[name].shape):
        offset = np.zeros(point[name].shape)
        offset[index] = step
        ends = [np.asarray(f({**point, name: point[name] + sign * offset})) for sign in (1, -1)]
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + point[name].shape)


def at_point(text):
    expression = Expression(text)
    return expression.value({name: POINT[name] for name in expression.variables})


@pytest.mark.parametrize("bound", ["", "x", "xy", "k"])
@pytest.mark.parametrize("source", ["sum(x*y)*k", "k*sum(x^2*exp(y))", "sum(log(1 + exp(k*x)))/sum(y^2)"])
def test_the_formula_of_a_gradient_is_its_derivative(source, bound):
    expression = Expression(source)
    report = formulas("grad", expression, {name: POINT[name] for name in bound}, shapes={"x": (3,), "k": ()})
    assert report.wrt == (tuple(bound) or expression.variables)
    assert report.unbound == tuple(name for name in expression.variables if name not in bound)
    for name, text in report.record["formula"].items():
        np.testing.assert_allclose(at_point(text), differences(expression.value, POINT, name), rtol=1e-7)


def test_the_formula_of_a_jacobian():
    expression = Expression("k*x*y")
    texts = formulas("jac", expression, {"x": POINT["x"]}, ["x", "k"], shapes={"k": ()}).record["formula"]
    for name, text in texts.items():
        np.testing.assert_allclose(at_point(text), differences(expression.value, POINT, name), rtol=1e-7)


def test_the_formula_of_a_hessian():
    expression = Expression("k^2*sum(x^3*y)")
    rows = formulas("hess", expression, {"x": POINT["x"]}, ["x", "k"]).record["formula"]
    for x, row in rows.items():
        for y, text in row.items():
            wanted = differences(lambda point, x=x: expression.grad(point)[x], POINT, y)
            np.testing.assert_allclose(at_point(text), wanted, rtol=1e-7, atol=1e-9)


def test_the_formula_of_a_derivative():
    expression = Expression("sin(k*t)")
    text = formulas("deriv", expression, {"k": 2.0}, ["t"], order=2).record["formula"]
    assert Expression(text).value(k=1.7, t=0.4) == pytest.approx(-(1.7**2) * np.sin(1.7 * 0.4), rel=1e-12)


def test_the_blocks_say_the_same_as_the_record():
    report = formulas("hess", Expression("x^2*y"), {})
    rows = report.record["formula"]
    assert [(b.label, b.formula, b.array) for b in report.blocks] == [
        ("d2f/dx2", rows["x"]["x"], None),
        ("d2f/dxdy", rows["x"]["y"], None),
        ("d2f/dydx", rows["y"]["x"], None),
        ("d2f/dy2", rows["y"]["y"], None),
    ]


ANALYSES = {"grad": gradient, "jac": jacobian, "hess": hessian, "deriv": derivative}


@pytest.mark.parametrize("command", ANALYSES)
def test_the_keys_are_those_of_numbers(command):
    """A reader of JSON finds the same keys in the same order, and the same shape, whether there are numbers or not."""
    expression, more = Expression("x^3*y"), {"order": 2} if command == "deriv" else {}
    numbers = ANALYSES[command](expression, {"x": 2.0, "y": 3.0}, ["x"], **more)
    alone = formulas(command, expression, {"x": 2.0}, **more)
    beside = with_formulas(numbers, expression, {"x": 2.0, "y": 3.0})
    assert list(numbers.record) == list(alone.record) == list(beside.record)
    assert (numbers.wrt, numbers.title, numbers.shape) == (alone.wrt, alone.title, alone.shape)
    assert alone.record["formula"] == beside.record["formula"]
    assert [b.array for b in beside.blocks] == [b.array for b in numbers.blocks]
    assert (alone.value, alone.unbound, alone.assumed) == (None, ("y",), {"y": ()})


def test_formulas_of_numbers_hold_at_other_points():
    expression, zero = Expression("sum(x^2*y)"), {"x": np.zeros(3), "y": np.zeros(3)}
    report = with_formulas(gradient(expression, zero), expression, zero)
    point = {name: POINT[name] for name in zero}
    for name, text in report.record["formula"].items():
        np.testing.assert_allclose(at_point(text), differences(expression.value, point, name), rtol=1e-7)


@pytest.mark.parametrize(
    ("command", "source", "point", "wrt", "more", "code"),
    [
        ("grad", "x*y", {"x": np.ones(3)}, None, {}, "not-scalar"),
        ("grad", "x*y", {"x": 1.0}, ["z"], {}, "unknown-name"),
        ("deriv", "x*y", {}, None, {"order": 1}, "usage"),
        ("deriv", "x*y", {}, None, {"order": {"z": 1}}, "unknown-name"),
        ("deriv", "x*y", {"y": 1.0}, None, {"order": 2, "shapes": {"y": (3,)}}, None),
        ("grad", "eigh(A)[0][0]", {}, None, {}, "formula"),
    ],
)
def test_what_is_refused(command, source, point, wrt, more, code):
    if code is None:
        assert formulas(command, Expression(source), point, wrt, **more).record["formula"] == "0"
        return
    with pytest.raises(AdiffError) as caught:
        formulas(command, Expression(source), point, wrt, **more)
    assert caught.value.code == code
