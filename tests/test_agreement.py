"""One question, asked in several ways: at one point, again, over rows, forwards and backwards, and as code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError
from autodiff_cli.exporting import export
from autodiff_cli.runner import Runner

from .test_fuzz import EXPRESSIONS, QUICK

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e300, 1e-300, np.inf, np.nan]
SHAPES = {"x": (2,), "A": (2, 2), "s": (), "v": (3,)}


def over_rows(text, question="grad", **columns):
    """The answers at rows of numbers."""
    columns = {name: np.array(column, float) for name, column in columns.items()}
    run = Runner(ad.parse(text), question, None, {name: c.shape[1:] for name, c in columns.items()}, {})
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return run(columns), [list(run.at(row).values()) for row in rows]


def differences(text, point):
    """The gradient by differences: good to ten digits, nine of which are looked at."""
    f, step = ad.parse(text), 1e-3

    def moved(name, index, h):
        array = point[name].copy()
        array[index] += h
        return f.value({**point, name: array})

    found = {name: np.zeros_like(array) for name, array in point.items()}
    for name, array in point.items():
        for index in np.ndindex(array.shape):
            near, far = (moved(name, index, h) - moved(name, index, -h) for h in (step, 2 * step))
            found[name][index] = (8 * near - far) / (12 * step)
    return found


# --- over rows


@pytest.mark.parametrize("text", ["sqrt(x)^2", "sqrt(x)*sqrt(x)", "(x^2*sqrt(x))^2", "exp(log(x))"])
def test_what_ends_at_zero_ends_there_in_rows(text):
    (value, slope), _ = over_rows(text, x=[-4.0, 4.0, -9.0])
    assert np.isnan(value[[0, 2]]).all() and np.isnan(slope[[0, 2]]).all()
    assert np.isfinite([value[1], slope[1]]).all()


@pytest.mark.parametrize(
    "text", ["y/(1/x)", "(y/x)^-2", "1/(y/x)*y", "x/abs(x)*y", "sqrt(x^2 + y^2)*x", "x^-1*x^2/y", "x - nan_to_num(y^y)"]
)
def test_poles_in_rows(text):
    found, one = over_rows(text, x=[0.0, 0.0, 1.0, -0.0, 2.0], y=[0.0, 1.0, 0.0, -2.0, 3.0])
    for array, *answers in zip(found, *one, strict=True):
        np.testing.assert_allclose(array, answers, rtol=1e-14)


def test_a_constant_quotient_by_zero_in_rows():
    (value, slope), _ = over_rows("x/0 - x", x=[1.0, -2.0])
    assert value.tolist() == [np.inf, -np.inf] and slope.tolist() == [np.inf, np.inf]


@settings(QUICK, max_examples=60)
@given(EXPRESSIONS, st.integers(0, 1000))
def test_rows_are_points(expression, seed):
    text, draw = f"sum({expression})", np.random.default_rng(seed)
    try:
        columns = {n: draw.choice(SPECIAL, size=(4, *SHAPES[n])) for n in ad.parse(text).variables if n in SHAPES}
        found, one = over_rows(text, **columns) if columns else ((), ())
    except AdiffError:
        return  # no formula of these variables, or none with a value at each of these points
    for array, *answers in zip(found, *one, strict=True):
        np.testing.assert_allclose(array, answers, rtol=1e-8, atol=1e-300)


# --- again


@pytest.mark.parametrize("text", ["x^2 + 3*y", "x^2", "x*y", "x^3 + 0*y"])
def test_hessians_again(text):
    f = ad.parse(text + " + 0*x + 0*y")
    first, second, third = (f.hessian(x=2.0, y=3.0) for _ in range(3))
    assert first == second == third


# --- where something infinite meets a zero


@pytest.mark.parametrize("text", [
    "sqrt(relu(x[0])) + x[1]", "sqrt(maximum(x[0], 0)) + x[1]", "sqrt(clip(x[0], 0, 1))*x[1]", "sum(sqrt(x*[0, 1]))",
    "sqrt(hardtanh(2*x[0]) + 1)", "log(relu6(x[0]) + x[1])", "sqrt(elu(relu(x[0])))*x[1]",
    "sum(cholesky([[2, x[1]], [x[1], 3]])^0.3)", "sum(abs(qr([[2, x[1]], [x[0], 3]])[1])^0.3)",
])  # fmt: skip
def test_a_branch_that_was_not_taken(text):
    point = {"x": np.array([-1.25, 0.5])}
    f, expected = ad.parse(text), differences(text, point)["x"]
    np.testing.assert_allclose(f.grad(point)["x"], expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(f.jacobian(point, ad="reverse")["x"], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("text", ["where(x[0] < 0, x[1], logdet(outer(x, x)))", "[logdet(outer(x, x)), x @ x][1]"])
def test_a_singular_matrix_that_was_not_taken(text):
    point = {"x": np.array([-1.25, 0.5])}
    np.testing.assert_allclose(ad.parse(text).grad(point)["x"], differences(text, point)["x"], rtol=1e-9, atol=1e-9)


def test_rectified_tensors_under_a_root():
    x = ad.tensor([-1.0, 4.0], requires_grad=True)
    np.sum(np.sqrt(np.maximum(x, 0))).backward()
    assert x.grad.tolist() == [0.0, 0.25]


# --- forms


def test_a_number_in_brackets_beside_eigenvalues():
    point = {"A": np.array([[3.7, 0.4], [0.4, 2.2]]), "t": np.array(0.7)}
    found = ad.parse("sum(eigvalsh(A)*[t] + eigvalsh(A) % [t])").grad(point)
    w = np.linalg.eigvalsh(point["A"])
    np.testing.assert_allclose(found["A"], 1.7 * np.eye(2), atol=1e-12)
    np.testing.assert_allclose(found["t"], np.sum(w) - np.sum(np.floor(w / 0.7)), rtol=1e-12)


def test_logarithms_of_singular_determinants_forwards():
    found = ad.parse("x*logdet([[y, y], [y, y]])").hessian(x=2.0, y=3.0)
    assert np.isnan(found["y"]["y"]) and found["x"]["x"] == 0


@pytest.mark.parametrize("text", ["sum((A[None] + s)^2) + s^2", "sum(A, axis=0) @ [s, 1, 2] + sum(exp(A)*[1, s, 2])"])
def test_code_for_arrays_without_entries(text):
    point, space = {"A": np.zeros((0, 3)), "s": np.array(0.5)}, {}
    f = ad.parse(text)
    exec(export(f, point, to="numpy").record["text"], space)
    value, gradient = space["value_and_grad"](**point)
    expected, slopes = f.value_and_grad(point)
    assert value == expected and gradient["A"].shape == (0, 3) and gradient["s"] == slopes["s"]
    assert ad.load_program(export(f, point, to="json").record["text"])(**point)[0] == expected
