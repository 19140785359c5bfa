"""Large arrays: element by element in blocks, recorded without computing with them."""

import tracemalloc

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.spread import Spread
from autodiff_cli.engine.uniform import LARGE, TooLarge, uniformly
from autodiff_cli.errors import AdiffError

N = LARGE + 12345
DRAW = np.random.default_rng(0)
X, Y = DRAW.uniform(0.5, 2, (2, N))

# Text, and by how many phases.
SPREAD = {
    "sum(x*y*sin(x))": 1,
    "mean((x - a)^2)": 1,
    "sum(x^2)/sum(x)": 2,
    "sum(exp(x)/sum(exp(x))*y)": 3,
    "sum(x)*size(x)": 1,
    "sum(where(x > 1, x^3, sqrt(x)))": 1,
    "sum(x)": 1,
    "a*sum(x) + sum(a*x*0)": 1,
    "mean(x)*mean(y)": 2,
    "sum(log(x)*y) + a^2": 1,
}
ELSE = [
    "norm(x)*a",
    "var(x)",
    "sum(cumsum(x))",
    "sum(x[1:]*x[:-1])",
    "sum(sort(x)*y)",
    "x @ y",
    "sum(reshape(x, -1, 1))",
    "logsumexp(x)",
]


def point_of(text, **more):
    known = {"x": X, "y": Y, "a": 1.5} | more
    return {name: known[name] for name in ad.parse(text).variables}


def spread(text, point):
    expression = ad.parse(text)
    with uniformly([np.asarray(a) for a in point.values()]) as made_up:
        recorded, wrt = expression.ask(dict(zip(point, made_up, strict=True)))
        program = recorded.gradient_program(wrt)
    return Spread(program)


@pytest.mark.parametrize("text", SPREAD)
def test_spread(text):
    """Against the derivative of the whole arrays, and of some elements by differences."""
    point = point_of(text)
    program = spread(text, point)
    value, *gradient = program(*map(np.asarray, point.values()))
    assert len(program.phases) <= SPREAD[text]
    recorded, wrt = ad.parse(text).ask(point)
    np.testing.assert_allclose(value, recorded.value, rtol=1e-13)
    for found, expected in zip(gradient, recorded.gradient(wrt).values(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-18)


@pytest.mark.parametrize("text", [*SPREAD, *ELSE])
def test_expressions_take_this_way_by_themselves(text):
    """The answer is the same, in form too, at the first point and later ones, whichever way is taken."""
    expression, point = ad.parse(text), point_of(text)
    expected = ad.parse(text).ask(point)[0].value_and_gradient(tuple(point))
    for _ in range(2):
        value, gradient = expression.value_and_grad(point)
        np.testing.assert_allclose(value, expected[0], rtol=1e-12)
        assert type(value) is type(expected[0])
        for name, array in expected[1].items():
            np.testing.assert_allclose(gradient[name], array, rtol=1e-11, atol=1e-18)
            assert gradient[name].shape == array.shape and gradient[name].flags.writeable


@pytest.mark.parametrize("text", ELSE)
def test_what_is_not_element_by_element(text):
    with pytest.raises((TooLarge, AdiffError)):
        spread(text, point_of(text))


def test_matrices_and_other_orders():
    A = X[: LARGE + 8].reshape(-1, 8)
    for given in (A, np.asfortranarray(A)):
        value, gradient = ad.parse("sum(A^3)").value_and_grad(A=given)
        np.testing.assert_allclose(value, np.sum(A**3), rtol=1e-12)
        np.testing.assert_allclose(gradient["A"], 3 * A**2, rtol=1e-13)


def test_a_vector_along_rows_is_no_number():
    A, b = X[: LARGE + 8].reshape(-1, 8), np.arange(8.0)
    np.testing.assert_allclose(ad.parse("sum(A*b)").grad(A=A, b=b)["b"], A.sum(0), rtol=1e-12)


def test_poles_are_answered_as_ever():
    x = X.copy()
    x[1000] = 0
    expression = ad.parse("sum(where(x > 0, sqrt(x), 0))")
    gradient = expression.grad(x=x)["x"]
    assert gradient[1000] == 0 and np.isfinite(gradient).all()


def test_a_first_element_at_a_pole():
    x = X.copy()
    x[0] = 0
    np.testing.assert_allclose(ad.parse("sum(sqrt(x))").value(x=x), np.sum(np.sqrt(x)), rtol=1e-12)
    gradient = ad.parse("sum(sqrt(x))").grad(x=x)["x"]
    assert np.isinf(gradient[0])
    np.testing.assert_allclose(gradient[1:], 0.5 / np.sqrt(x[1:]), rtol=1e-13)


def test_memory_is_that_of_the_answer():
    expression = ad.parse("sum(x*y*sin(x))")
    tracemalloc.start()
    found = expression.value_and_grad(x=X, y=Y)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1.1 * sum(g.nbytes for g in found[1].values()) + 8e6
