"""Formulas: read as a textbook writes them, and with the values of the derivatives that they stand for."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.cli import main
from autodiff_cli.export.formula import (
    derivative_formula,
    formula,
    gradient_formulas,
    hessian_formulas,
    jacobian_formulas,
)

COOKBOOK = (Path(__file__).parents[2] / "examples" / "matrix_cookbook.md").read_text()
ROWS = [
    re.split(r"\s{3,}", row)
    for block in re.findall(r"```text\n(.*?)```", COOKBOOK, re.DOTALL)
    for row in block.splitlines()
]


def point(seed=0):
    draw = np.random.default_rng(seed)
    matrices = {name: draw.normal(size=(3, 3)) + 2 * np.eye(3) for name in "ABX"}
    return matrices | {name: draw.normal(size=3) for name in "xyb"} | {"s": 0.7 + 0.1 * seed, "t": 1.3}


def recorded(text, at=None):
    """An expression at a point, and the names of its variables."""
    expression = ad.parse(text)
    at = point() if at is None else at
    return expression.record({name: at[name] for name in expression.variables}), expression.variables


def gradient(text, name, at=None):
    """The formula of one gradient."""
    return gradient_formulas(recorded(text, at)[0], [name])[name]


def value(text, at):
    expression = ad.parse(text)
    return expression.value({name: at[name] for name in expression.variables})


# --- the Matrix Cookbook


def test_the_cookbook_has_forty_formulas():
    assert len({row[0] for row in ROWS}) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_cookbook(row, capsys):
    text, shown = row
    name = re.match(r"df/d(\w+) = ", shown)[1]
    assert main(["grad", text, "--wrt", name, "-q"]) == 0
    assert capsys.readouterr().out.strip() == shown


def test_cookbook_against_differences():
    """Each formula at a point of its own, where it was not recorded."""
    draw = np.random.default_rng(5)
    square, vectors = draw.normal(size=(6, 3, 3)) + 4 * np.eye(3), draw.normal(size=(9, 3))
    at = dict(zip("ABCMWX", square, strict=False)) | dict(zip("abcdsxyw", vectors, strict=False))
    for text, shown in ROWS:
        name, found = re.match(r"df/d(\w+) = (.*)", shown).groups()
        np.testing.assert_allclose(value(found, at), differences(text, name, at), rtol=1e-5, atol=1e-5, err_msg=text)


def differences(text, name, at, h=1e-5):
    slopes = np.zeros(np.shape(at[name]))
    for index in np.ndindex(slopes.shape):
        step = np.zeros(slopes.shape)
        step[index] = h
        ends = (value(text, at | {name: at[name] + sign * step}) for sign in (1, -1))
        slopes[index] = np.subtract(*ends) / (2 * h)
    return slopes


# --- how formulas are written


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("s^2*sin(s)", "s", "2*s*sin(s) + s^2*cos(s)"),
        ("sum(x*y)", "x", "y"),
        ("s^3 - 2*s^2 + 5", "s", "3*s^2 - 4*s"),
        ("(1 - s)^2 + 100*(t - s^2)^2", "s", "-2*(1 - s) - 400*s*(t - s^2)"),
        ("cos(s)*exp(s)", "s", "cos(s)*exp(s) - exp(s)*sin(s)"),
        ("x @ x/2", "x", "x"),
        ("0.1*s^2 + s/3", "s", "s/5 + 1/3"),
        ("sqrt(s)", "s", "1/(2*sqrt(s))"),
        ("s^-2", "s", "-2/s^3"),
        ("s^t", "s", "t*s^(t - 1)"),
        ("s^t", "t", "s^t*log(s)"),
        ("1/(1 + exp(-s))", "s", "exp(-s)/(1 + exp(-s))^2"),
        ("atan(s)", "s", "1/(1 + s^2)"),
        ("log2(s)", "s", "1/(log(2)*s)"),
        ("erf(s)", "s", "2*exp(-s^2)/sqrt(pi)"),
        ("tanh(s)", "s", "1 - tanh(s)^2"),
        ("log(s/t)", "t", "-1/t"),
        ("sum(x)", "x", "ones(3)"),
        ("mean(x)", "x", "ones(3)/3"),
        ("sum(x*y)^2", "x", "2*sum(x*y)*y"),
        ("(x @ y)^2", "x", "2*(x @ y)*y"),
        ("var(x)", "x", "2*(x - mean(x))/3"),
        ("prod(x)", "x", "prod(x)/x"),
        ("max(x)", "x", "where(x == max(x), 1, 0)"),
        ("sum(y*relu(x))", "x", "where(x > 0, y, 0)"),
        ("sum(clip(x, 0, 1))", "x", "where(0 <= x <= 1, 1, 0)"),
        ("sum(where(x > 0, sqrt(x), 0))", "x", "where(x > 0, 1/(2*sqrt(x)), 0)"),
        ("sum(softmax(x)*y)", "x", "softmax(x)*(y - sum(y*softmax(x)))"),
        ("x[0]*x[1]^2", "x", "[x[1]^2, 2*x[0]*x[1], 0]"),
        ("sum(A[0]*x)", "x", "A[0]"),
        ("x[-1]^2", "x", "[0, 0, 2*x[-1]]"),
        ("sum(x[1:]^2)", "x", "2*eye(3)[1:]' @ x[1:]"),
        ("sum(A @ x)", "A", "outer(ones(3), x)"),
        ("sum(A @ x)", "x", "sum(A, axis=0)"),
        ("sum(sum(A^2, axis=1)^0.5)", "A", "A/sqrt(sum(A^2, axis=1))[:, None]"),
        ("tr(A @ diag(x) @ B)", "x", "diag(B @ A)"),
        ("x @ solve(A, b)", "x", "inv(A) @ b"),
        ("sum(inv(A) @ A)", "A", "zeros(3, 3)"),
        ("logdet(A' @ A)", "A", "2*A @ inv(A' @ A)"),
        ("sum((x - [1, 2, 3])^2)", "x", "2*(x - [1, 2, 3])"),
        ("sum(cumsum(x))", "x", "flip(cumsum(flip(ones(3), axis=-1), axis=-1), axis=-1)"),
    ],
)  # fmt: skip
def test_gradients(text, name, shown):
    assert gradient(text, name) == shown


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("A @ x", "x", "A"),
        ("sin(x)", "x", "diag(cos(x))"),
        ("exp(A @ x)", "x", "diag(exp(A @ x)) @ A"),
        ("[s*cos(t), s*sin(t)]", "t", "[-s*sin(t), s*cos(t)]"),
        ("s*x", "x", "s*eye(3)"),
        ("x/norm(x)", "x", "eye(3)/norm(x) - outer(x, x)/norm(x)^3"),
        ("A @ x", "A", 'einsum("ab,c->abc", eye(3), x)'),
        ("x*x[0]", "s", "zeros(3)"),
    ],
)
def test_jacobians(text, name, shown):
    found, _ = recorded(f"{text} + 0*s" if name == "s" and "s" not in text else text)
    assert jacobian_formulas(found, [name]) == {name: shown}


def test_hessians():
    found, _ = recorded("x @ A @ y + s*sum(x^2)")
    assert hessian_formulas(found, ["x", "y", "s"]) == {
        "x": {"x": "2*s*eye(3)", "y": "A", "s": "2*x"},
        "y": {"x": "A'", "y": "zeros(3, 3)", "s": "zeros(3)"},
        "s": {"x": "2*x", "y": "zeros(3)", "s": "0"},
    }


def test_derivatives_of_any_order():
    assert derivative_formula(recorded("s^2*t^3")[0], {"s": 1, "t": 2}) == "12*s*t"
    assert derivative_formula(recorded("s^20")[0], {"s": 12}) == "60339831552000*s^8"
    assert derivative_formula(recorded("sin(x*s)")[0], {"s": 2}) == "-x^2*sin(s*x)"
    assert derivative_formula(recorded("s^2")[0], {}) == "s^2"


def test_values():
    found, _ = recorded("tr(A @ B)/2 - (x' * y)[1]")
    assert formula(found.output, found.inputs) == "tr(A @ B)/2 - x[1]*y[1]"
    assert formula(np.float64(2.5), {}) == "2.5"


def test_a_long_formula_has_definitions_with_names_of_their_own():
    text = gradient("log(1 + s^2)*exp(-s^2)*sin(s*t)*log(1 + s^2)", "s")
    assert text.count("; ") >= 2
    names = re.findall(r"(\w+) = ", text)
    assert not {"s", "t"} & set(names) and len(set(names)) == len(names)


# --- their values


def test_a_formula_of_single_precision():
    at = {name: np.asarray(array, np.float32) for name, array in point().items()}
    assert gradient("sum(exp(A @ x))", "x", at) == "A' @ exp(A @ x)"


@pytest.mark.parametrize("text", ["sum(sort(x)*y)", "sum(eigvalsh(A))^2", "det(A[[0, 0, 1]])"])
def test_what_cannot_be_said_is_none(text):
    expression = ad.parse(text)
    assert gradient(text, expression.variables[0]) is None


@pytest.mark.parametrize("text", ["norm(x)", "max(x)", "sum(x/x)"])
def test_a_formula_that_is_wrong_at_the_point_is_none(text):
    assert gradient(text, "x", {"x": np.zeros(3)}) is None


def test_a_program_that_nobody_would_read_is_none_and_takes_no_time():
    steps = "; ".join(f"v{k + 1} = sin(v{k}) + v{k}*t" for k in range(400))
    assert gradient(f"v0 = s; {steps}; v400", "s") is None


UNARY = ["sin({})", "tanh({})", "atan({})", "exp({}/4)", "softplus({})", "({})^2", "1/(2 + ({})^2)", "sqrt(1 + ({})^2)",
         "-({})", "2*({})", "({})/3", "log(3 + ({})^2)", "where({} > 0, {}, 0.5)", "maximum({}, 0.3)",
         "abs({})"]  # fmt: skip
BINARY = ["({}) + ({})", "({}) - ({})", "({})*({})", "({})/(1 + ({})^2)"]
POSITIVE = "(({m})' @ ({m}) + eye(3))"
MIXED = {
    "s": ["sum({v}*{w})", "{w} @ {w}", "sum{m}", "tr({m})", "norm(1 + {v}^2)", "logdet" + POSITIVE,
          "(x*{s})[0]", "mean({v}*x)", "sum({m}, axis=0) @ {w}", "logsumexp({v}*x)", "{m}[0, 1]",
          "{w} @ {m} @ ({v}*y)", "var({v}*x)", "max(x) + {s}"],
    "v": ["{m} @ {w}", "{w} @ {m}", "sum({m}, axis=1)", "{m}[1]", "softmax({v}*x)", "diag{m}",
          "inv" + POSITIVE + " @ {w}", "{w}[[0, 0, 2]]", "[{s}, {s}, {s}]", "{m}[:, 0]", "flip{w}", "cumsum{w}",
          "{w}[::-1]"],
    "m": ["{m} @ {m}", "{m}'", "outer({w}, {w})", "diag{w}", "{m}*{v}", "inv" + POSITIVE,
          "[{w}, {w}, {w}]"],
}  # fmt: skip
LEAVES = {"s": ["s", "t", "2", "0.5"], "v": ["x", "y", "s"], "w": ["x", "y"], "m": ["A", "B", "s*A"]}


def written(kind, draw, depth):
    """A random expression: a number (s), a vector or a number (v), a vector (w) or a matrix (m)."""
    if depth <= 0:
        return draw(st.sampled_from(LEAVES[kind]))
    mixed = MIXED["v" if kind in "vw" else kind]
    both = [("s" if kind == "s" else kind, text) for text in (*UNARY, *BINARY)]
    own, text = draw(st.sampled_from([*both, *[(None, text) for text in mixed] * 2]))
    if own is not None:
        part = written(own, draw, depth - 1)
        other = written(own, draw, depth - 2) if text in BINARY else part
        return text.replace("{}", "{0}", 1).replace("{}", "{1}" if text in BINARY else "{0}").format(part, other)
    return re.sub(r"\{([svwm])\}", lambda found: f"({written(found[1], draw, depth - 2)})", text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_formula_is_the_gradient_at_other_points_too(data):
    text = written("s", data.draw, 4)
    here, there = point(), point(1)
    found, names = recorded(text, here)
    assume(names and np.shape(found.value) == ())
    for name, shown in gradient_formulas(found, names).items():
        assert shown is not None, (text, name)
        for at in (here, there):
            expected = ad.parse(text).grad({n: at[n] for n in names})[name]
            scale = 1 + np.max(np.abs(expected)) + abs(value(text, at))
            assume(np.isfinite(scale) and scale < 1e6)
            np.testing.assert_allclose(value(shown, at), expected, rtol=1e-10, atol=1e-10 * scale, err_msg=shown)
