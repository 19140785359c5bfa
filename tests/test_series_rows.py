"""Taylor series and derivatives of any order at many points: against closed forms, and against those of each point."""

from math import factorial

import mpmath
import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli import programs
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.run import Rows
from autodiff_cli.engine.tensor import variable
from autodiff_cli.runner import Runner
from tests.test_runner import check, points

TEXTS = ["sin(x)*exp(x^2)/(1+x^2)", "tanh(x)^2.5*log(y) + x^3", "x^y + 2^x", "sqrt(x)*ndtr(y)/cbrt(x + y)",
         "where(x > 1, exp(-x), x^4)*abs(y - 1)", "[x, x^2*y, sin(x*y)]", "det([[x, y, 1], [1, x, y], [y^2, 2, x]])",
         "solve([[x + 2, y], [1, 3]], [1, x])", "logsumexp([x, y, x*y])", "sigmoid(x)*maximum(x, y)",
         "floor(x)*c*x^-3"]  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
    """A list that grows with each row that is asked by itself."""
    rows = []
    monkeypatch.setattr(
        Runner, "_asked", lambda self, row, *a, ask=Runner._asked: rows.append(row) or ask(self, row, *a)
    )
    return rows


def runner(text, question, order, names="x", **constants):
    shapes = dict.fromkeys(names, ())
    return Runner(ad.parse(text), question, ("x",), shapes, constants, order=order)


@pytest.mark.parametrize("text", TEXTS)
def test_rows_are_points(text, asked):
    expression = ad.parse(text)
    names, constants = sorted({"x", "y"} & set(expression.variables)), {"c": 2.0} if "c" in expression.variables else {}
    arrays = points(dict.fromkeys(names, ()), 6)
    orders = [("taylor", 4, ("x",)), ("deriv", 3, ("x",)), ("deriv", dict.fromkeys(names, 1), tuple(names))]
    for question, order, wrt in orders:
        run = Runner(expression, question, wrt, dict.fromkeys(names, ()), constants, order=order)
        found = check(run, arrays, 1e-10, 1e-12)
        assert [array.shape[1:] for array in found] == [shape for _, shape in run.results]
    assert not asked, "the program did not answer"


def test_coefficients_of_mpmath():
    x = np.linspace(-1.2, 1.7, 5)
    with mpmath.workdps(40):
        exact = [
            mpmath.taylor(lambda t: mpmath.sin(t) * mpmath.exp(t * t) / (1 + t * t), mpmath.mpf(at), 20) for at in x
        ]
    exact = np.array([[float(c) for c in row] for row in exact])
    scale = np.max(np.abs(exact), axis=1, keepdims=True)
    _, found = runner(TEXTS[0], "taylor", 20)({"x": x})
    np.testing.assert_allclose(found / scale, exact / scale, rtol=1e-11, atol=1e-13)
    _, found = runner(TEXTS[0], "deriv", 20)({"x": x})
    np.testing.assert_allclose(found / factorial(20) / scale[:, 0], exact[:, 20] / scale[:, 0], rtol=1e-11, atol=1e-13)


def test_mixed_derivatives_of_sympy():
    x, y = sympy.symbols("x y")
    formula = sympy.exp(x * y) * sympy.log(x + y**2)
    arrays = points({"x": (), "y": ()}, 4)
    exact = [float(sympy.diff(formula, x, 2, y, 2).subs({x: a, y: b}).evalf(30)) for a, b in zip(*arrays.values())]  # noqa: B905
    order = {"x": 2, "y": 2}
    run = Runner(ad.parse("exp(x*y)*log(x + y^2)"), "deriv", ("x", "y"), {"x": (), "y": ()}, {}, order=order)
    assert run.results[1] == (("x", "x", "y", "y"), ())
    np.testing.assert_allclose(run(arrays)[1], exact, rtol=1e-9)


HARD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e200, 1e-200, 5e-324, 800.0, -800.0, 3.0]


@pytest.mark.parametrize("text", ["log(x)*y + x^0", "x^y", "exp(-1/x^2)*abs(x)*y"])
def test_hard_points(text):
    """At most of them the program is not finite; many rows are alike, and are answered in groups."""
    x, y = (np.tile(np.ravel(a), 7) for a in np.meshgrid(HARD, HARD))
    some = np.random.default_rng(0).choice(len(x), 30, replace=False)
    arrays = {"x": x, "y": y * np.linspace(1, 1.5, len(y))}
    run = runner(text, "taylor", 2, "xy")
    found = run(arrays)
    for k in some:
        answer = run.at({name: array[k] for name, array in arrays.items()}).values()
        for one, many in zip(answer, found, strict=True):
            np.testing.assert_allclose(many[k], one, rtol=1e-10, atol=1e-322, err_msg=f"{x[k]} {arrays['y'][k]}")


def test_alike_rows_are_not_asked_one_by_one(asked):
    """The third derivative of x^2.5 is infinite at 0, from the side where y is."""
    x, y = np.zeros(4000), np.random.default_rng(0).normal(size=4000)
    _, found = runner("x^2.5*y", "taylor", 3, "xy")({"x": x, "y": y})
    assert len(asked) < 20
    np.testing.assert_array_equal(found[:, :3], 0)
    np.testing.assert_array_equal(found[:, 3], np.copysign(np.inf, y))


def test_whole_powers_need_nobody_asked_at_zero(asked):
    _, found = runner("x^3*exp(x)", "taylor", 5)({"x": np.zeros(100)})
    np.testing.assert_array_equal(found, np.tile([0, 0, 0, 1, 1, 0.5], (100, 1)))
    assert not asked


def test_coefficients_below_the_range_of_numbers():
    """exp(-x)/20! has no digits at 700, but the derivative has all of them."""
    x = np.array([1.0, 2.0, 700.0, 3.0, 705.0, 4.0, 5.0, 6.0])
    _, found = runner("exp(-x)", "deriv", 20)({"x": x})
    np.testing.assert_allclose(found, np.exp(-x), rtol=1e-12)


def test_what_is_too_long_goes_row_by_row(monkeypatch, asked):
    monkeypatch.setattr(programs, "_LONGEST", 200)
    tries = []
    monkeypatch.setattr(Runner, "_recorded_plan", lambda *a, f=Runner._recorded_plan: tries.append(1) or f(*a))
    x = np.array([0.5, 1.0, 2.0])
    run = runner("log(x)*sin(x)", "deriv", 30)
    check(run, {"x": x})
    check(run, {"x": x})
    assert len(tries) == 1 and len(asked) == 6
    check(runner("log(x)*sin(x)", "deriv", 3), {"x": x})
    assert len(asked) == 6


def test_what_stands_still_is_asked_once(asked):
    x = np.linspace(-2.5, 2.5, 50)
    value, slope = Runner(ad.parse("floor(x)"), "grad", ("x",), {"x": ()}, {})({"x": x})
    _, coefficients = runner("floor(x)", "taylor", 2)({"x": x})
    np.testing.assert_array_equal(value, np.floor(x))
    np.testing.assert_array_equal(slope, 0)
    np.testing.assert_array_equal(coefficients, np.stack([np.floor(x), 0 * x, 0 * x], 1))
    assert not asked
    assert runner("x > 1", "deriv", 2)({"x": x})[1].tolist() == [0.0] * 50


def test_types():
    run = runner("exp(x)/x", "taylor", 3)
    assert check(run, {"x": np.array([0.5, 1.5], np.float32)}, 1e-5)[1].dtype == np.float32
    assert run({"x": [1, 2]})[1].dtype == np.float64


def test_order_zero_is_the_value():
    x = np.array([0.5, 1.5])
    for run in (runner("exp(x)", "deriv", 0), runner("exp(x)", "taylor", 0)):
        np.testing.assert_allclose(np.ravel(run({"x": x})[1]), np.exp(x), rtol=1e-15)


def test_functions_with_several_results():
    """modf is a ufunc, but not one that writes to one place."""
    x = variable(np.float64(2.75))
    with Recording():
        fraction, whole = np.modf(x)
        output = (fraction * whole).line
    found = [np.empty(3)]
    assert not len(Rows(Program([x.line], [output]), [True])([np.array([2.75, -1.5, 8.25])], found))
    np.testing.assert_array_equal(found[0], [1.5, 0.5, 2.0])
