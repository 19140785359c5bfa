"""Derivatives written in an expression: D(expr, x, n) and f'(x), against SymPy, closed forms and differences."""

import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli.engine.program import Program

v = np.array([1.0, 2.0, 3.0])
A = np.array([[2.0, 1.0], [0.5, 3.0]])
POINT = {"x": 2.0, "y": 3.0, "v": v, "w": np.array([0.5, -1.0, 2.0]), "A": A, "u": np.array([1.0, -2.0])}
x, y = POINT["x"], POINT["y"]


def value(text, **point):
    f = ad.parse(text)
    return f.value({name: (POINT | point)[name] for name in f.variables})


MEANINGS = [
    # by a variable
    ("D(x^3, x)", 12),
    ("D(x^3, x, 2)", 12),
    ("D(x^3, x, n=3)", 6),
    ("D(x^3, x, 4)", 0),
    ("D(x^3*y^2, x)", 3 * 4 * 9),
    ("D(5, x)", 0),
    ("D(y, x)", 0),
    ("D(x, x)", 1),
    ("D(x^5, x, 1 + 1)", 160),
    ("n = 3; D(x^5, x, n)", 60 * 4),
    ("D((x^2), (x))", 4),
    ("2D(x^2, x) x", 16),
    ("D(x^2, x)^2 + D(x^2, x)'", 20),
    # nested, without confusion
    ("D(x * D(x*y, y), x)", 2 * x),
    ("D(x * D(x*y, x), x)", y),
    ("D(D(x^3*y^2, x), y)", 72),
    ("D(D(x^3*y^2, x), y) - D(D(x^3*y^2, y), x)", 0),
    ("D(x^2 D(x y^2, y), x)", 3 * 4 * 2 * y),
    ("D(D(D(x^4, x), x), x)", 48),
    ("D(x^3*y^2, x, 2)*D(y^3, y)", 12 * 9 * 27),
    # by what was defined
    ("s = x*y; D(s^2, s)", 2 * x * y),
    ("s = x*y; D(s^2*x, s)", 2 * x * y * x),
    ("s = x*y; D(s^2*x, x)", 3 * x**2 * y**2),
    ("s = x^2; t = s; D(s*t, s)", 2 * x**2),
    ("s = x^2; t = x^2; D(s*t, s)", x**2),
    ("s = x; D(s*x, s) + D(s*x, x)", x + 2 * x),
    ("s = 3; D(s^2*x, s)", 6 * x),
    ("x = 3; D(x^2, x)", 6),
    ("a = [1, 2]; D(sum(a^2), a)", [2, 4]),
    ("s = x^2; D(D(s^3, s), x)", 12 * x**3),
    # by parameters, which are variables of their own
    ("f(t, u) = t^3*u; D(f(x, x), x)", 32),
    ("f(t, u) = D(t^3*u, t); f(x, x)", 24),
    ("f(t, u) = D(t^3*u, u); f(x, x)", 8),
    ("f(t, u) = D(D(t^2*u^3, t), u); f(x, x)", 6 * x**3),
    ("f(t) = D(t^3, t); f(2) + f(x)", 24),
    ("f(t) = D(t*x, t); D(f(x), x)", 1),
    ("f(t) = D(t^2*x, t); D(f(x), x)", 4 * x),
    ("f(x) = D(x^3, x); f(y) + D(f(x), x)", 27 + 12),
    ("f(t) = D(t^2, t); g(t) = D(f(t)*t, t); g(x)", 8),
    # by vectors and matrices
    ("D(sum(v^3), v)", 3 * v**2),
    ("D(sum(v^3), v, 2)", np.diag(6 * v)),
    ("D(v*v, v)", np.diag(2 * v)),
    ("D(v[0]^2*v[1], v, 2)", [[4, 2, 0], [2, 0, 0], [0, 0, 0]]),
    ("D(D(sum(v^2*w), v), w)", np.diag(2 * v)),
    ("D(A @ u, u)", A),
    ("D(u @ A @ u, u)", (A + A.T) @ POINT["u"]),
    ("D(logdet(A), A)", np.linalg.inv(A).T),
    ("D(x*v, x)", v),
    ("D([x*y, x + y], x)", [y, 1]),
    ("D(x*v, v)", x * np.eye(3)),
    ("D(v, x)", np.zeros(3)),
    ("D(x, v)", np.zeros(3)),
    ("D(sum(v^2), v) @ v", 2 * v @ v),
    ("shape = 2; D(shape*v[0], v)", [2, 0, 0]),
    # of a function
    ("f(t) = t^3; f'(x)", 12),
    ("f(t) = t^3; f''(x) + f'''(x) + f''''(x)", 12 + 6),
    ("sin'(x)", np.cos(x)),
    ("sin''(v)", -np.sin(v)),
    ("exp'(0) + sin'(0)", 2),
    ("2sin'(x) x", 2 * x * np.cos(x)),
    ("f(t) = t^2*x; f'(x)", 2 * x**2),
    ("f(t) = t^2*x; D(f'(x), x)", 4 * x),
    ("f(t) = t^2; f'(x^2)", 2 * x**2),
    ("f(t) = t^2; D(f'(x^2), x)", 4 * x),
    ("f(t) = sin(t); g(t) = f'(t)*t; g'(x)", np.cos(x) - x * np.sin(x)),
    ("f(t) = t^3; f(f'(x))", 12**3),
    ("f(t) = [cos(t), sin(t)]; f''(x)", [-np.cos(x), -np.sin(x)]),
    ("f(t) = sum(t^2); f'(v)", 2 * v),
    ("f(t) = t*[1, 10, 100]; f'(v)", [1, 10, 100]),
    ("f(t) = t^2 if t > 1.5 else 0; f'(v)", [0, 4, 6]),
    ("f(t) = where(t > sum(t)/4, t^3, -t); f''(v)", [0, 12, 18]),
    ("det'(A)", np.linalg.det(A) * np.linalg.inv(A).T),
    ("f(t) = 7; f'(x)", 0),
    ("f(t) = t > 1; f'(v)", np.zeros(3)),
    ("relu'(v - 2) + clip'(x)", [1, 1, 2]),
    ("f(t)=exp(2t); f" + "'" * 30 + "(0)", 2.0**30),
    # kinks and edges are those of gradients
    ("D(abs(x - 2), x)", 0),
    ("D(where(x > 2, sqrt(x - 2), 0), x)", 0),
    ("D(norm(v - v), v)", np.zeros(3)),
    ("D(sqrt(x - 2), x)", np.inf),
    # D is a name like any other
    ("D = x^2; D + 1", 5),
    ("D = x; D(D^2, D)", 2 * x),
    ("D(t) = t^3; D(x) + D'(x)", 8 + 12),
    ("f(D) = D^2; f'(x)", 2 * x),
]


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning(text, expected):
    found = value(text)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)


def test_a_variable_called_d():
    assert ad.parse("D*x").grad(D=3, x=2) == {"D": 2, "x": 3}
    assert ad.parse("D @ u").value(D=A, u=[1, 0]).tolist() == [2, 0.5]


FORMULAS = ["sin(x*y)*exp(x)/(1 + y^2)", "log(x^2 + y)*sqrt(x + y)", "x^3*y^4 - y/x", "atan(x*y) + tanh(x - y)", "x^y"]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize(("n", "m"), [(1, 0), (1, 1), (2, 1), (0, 3), (3, 2), (5, 0)])
def test_against_sympy(text, n, m):
    formula = sympy.sympify(text)
    for name, order in (("x", n), ("y", m)):
        if order:
            formula, text = formula.diff(name, order), f"D({text}, {name}, {order})"
    expected = float(formula.subs({"x": sympy.Rational(0.75), "y": sympy.Rational(1.5)}).evalf(30))
    found = value(text, x=0.75, y=1.5)
    assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("text", FORMULAS)
def test_all_ways_are_one(text):
    """D of D, D by an order, the gradient of D, D in a function and f'' agree."""
    point = {"x": 0.75, "y": 1.5}
    f = ad.parse(text)
    expected = f.hessian(point)["x"]["x"]
    for way in ("D(D({}, x), x)", "D({}, x, 2)", "f(x) = {}; f''(x)", "f(x) = {}; g(x) = f'(x); D(g(x), x)"):
        assert value(way.format(text), **point) == pytest.approx(expected, rel=1e-12), way
    mixed = f.hessian(point)["x"]["y"]
    assert ad.parse(f"D({text}, x)").grad(point)["y"] == pytest.approx(mixed, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "D(sin(x*y)*x, x)*y",
        "D(x^3*y, x, 3)*x + D(D(x*y^2, y), x)",
        "f(t) = t*exp(t*y); f'(x) - f''(y)",
        "sum(D(sum(v^3)*x, v)*v)",
        "norm(D(v*exp(v*x), v))",
        "sum(D(A @ A, A))*x + D(det(A), A)[0, 1]",
        "sum(sin'(v)*tanh''(v)) + x",
        "s = x*y; D(s^3*x, s)*D(s^2, x)",
    ],
)
def test_gradients_of_derivatives_against_differences(text):
    f = ad.parse(text)
    point = {name: np.asarray(POINT[name], float) * 0.4 for name in f.variables}
    rng = np.random.default_rng(0)
    direction = {name: rng.normal(size=p.shape) for name, p in point.items()}
    h = 1e-5
    up, down = (f.value({n: p + s * h * direction[n] for n, p in point.items()}) for s in (1, -1))
    found = sum(np.sum(g * direction[n]) for n, g in f.grad(point).items())
    assert found == pytest.approx((up - down) / (2 * h), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("text", ["D(x^3*y, x, 2)", "f(t) = sin(t*y); f'(x)", "D(x^2.5, x, 2)*y", "D(abs(x)^3, x, 3)"])
def test_a_program_recorded_here_holds_elsewhere(text):
    f = ad.parse(text)
    recorded = f.record(dict.fromkeys(f.variables, 0.7))
    for point in ([0.3, 1.1], [0.0, 2.0], [-1.0, 0.5]):
        given = dict(zip(f.variables, point, strict=False))
        with np.errstate(all="ignore"):
            (found,) = Program(recorded.inputs.values(), [recorded.simplified])(*map(np.float64, given.values()))
        np.testing.assert_allclose(found, f.value(given), rtol=1e-13)


def lines(text):
    recorded = ad.parse(text).record({"x": 0.3})
    return len(Program(recorded.inputs.values(), [recorded.simplified]).lines)


def test_programs_stay_short():
    """Baydin et al., "Automatic differentiation in machine learning", 2018, show how such formulas swell."""
    text = "(1-exp(-2x))/(1+exp(-2x))"
    assert lines(f"D({text}, x, 6)") < 100
    assert lines(f"D({text}, x, 12)") < 250
    nested = text
    for _ in range(6):
        nested = f"D({nested}, x)"
    assert lines(nested) < 300
    assert value(nested, x=0.3) == pytest.approx(value(f"D({text}, x, 6)", x=0.3), rel=1e-12)


def test_lines_know_their_piece_of_the_text():
    text = "1 + D(x^3*y, x)"
    recorded = ad.parse(text).record({"x": x, "y": y})
    program = Program(recorded.inputs.values(), [recorded.output])
    pieces = {text[line.span.start : line.span.end] for line in program.lines}
    assert pieces == {text, "D(x^3*y, x)"}


ERRORS = [
    ("D(x)", "arguments", "D(x)", "D takes 2 to 3 arguments, not 1", "it is written D(expr, x, n=1)"),
    ("D(x^2, x, 2, 3)", "arguments", "D(x^2, x, 2, 3)", "D takes 2 to 3 arguments, not 4", "D(expr, x, n=1)"),
    ("D(x^2, x, order=2)", "unknown-keyword", "order=2", "D has no argument called order", "D(expr, x, n=1)"),
    ("D(x^2, pi)", "not-a-variable", "pi", "pi is a constant, not a variable", "defined as s = x^2"),
    ("n = size(v); D(x^2, n)", "not-a-variable", "n", "n is a constant, not a variable", "defined as s = x^2"),
    ("D(x^2, 3)", "not-a-variable", "3", "D differentiates by a variable", "write D(expr, x)"),
    ("D(x^4, x^2)", "not-a-variable", "x^2", "D differentiates by a variable", "s = x^2; D(s^3, s)"),
    ("D(x^2, x=x)", "not-a-variable", "x", "D differentiates by a variable", "write D(expr, x)"),
    ("f(t) = t; D(x, f)", "not-a-value", "f", "f is a function", "f(...)"),
    ("f(t) = t; D(f, x)", "not-a-value", "f", "f is a function", "f(...)"),
    ("D(x^2, x, 0)", "order", "0", "between 1 and 100, not 0", ""),
    ("D(x^2, x, 101)", "order", "101", "between 1 and 100, not 101", ""),
    ("D(x^2, x, 1.5)", "not-an-integer", "1.5", "must be an integer", ""),
    ("D(x^2, x, y)", "not-constant", "y", "must be a constant, not computed", "write the number"),
    ("D(eigh(A), A)", "not-a-value", "eigh(A)", "D needs numbers", "take one with [0]"),
    ("f(t, u) = t*u; f'(x, y)", "arguments", "f'(x, y)", "f' takes 1 argument, not 2", "write D(f(x, y), x)"),
    ("sum'(A, axis=0)", "arguments", "sum'(A, axis=0)", "sum' takes 1 argument, not 2", "D(sum(A, axis=0), x)"),
    ("f(t, u) = t*u; f'(x)", "arguments", "f'(x)", "f takes 2 arguments, not 1", "f(t, u)"),
    ("hypot'(x)", "arguments", "hypot'(x)", "hypot takes 2 arguments, not 1", "hypot(a, b)"),
    ("B = A; B'(u)", "not-a-function", "B'(u)", "B is not a function", "write B' @ (u) or B'*(u)"),
    ("tanhh'(x)", "unknown-function", "tanhh", "there is no function called tanhh", "tanh(x)"),
    ("softmax'(v)", "not-elementwise", "softmax'(v)", "mixes the elements", "D(expr, x)"),
    ("f(t) = t*sum(t); f'(v)", "not-elementwise", "f'(v)", "mixes the elements", "D(expr, x)"),
    ("sum''(v)", "not-elementwise", "sum''(v)", "mixes the elements", "D(expr, x)"),
    ("eigh'(A)", "not-a-value", "eigh'(A)", "eigh has 2 results", "f(t) = eigh(t)[0]"),
    ('sin\'("x")', "not-a-value", '"x"', "needs numbers", ""),
    ("grad(x^2, x)", "unknown-function", "grad", "there is no function called grad", "D(x^2, x)"),
    ("derivative(x^2, x)", "unknown-function", "derivative", "no function called derivative", "D(x^2, x)"),
]


@pytest.mark.parametrize(("text", "code", "place", "message", "help"), ERRORS, ids=[case[0] for case in ERRORS])
def test_error(text, code, place, message, help):
    with pytest.raises(ad.AdiffError) as caught:
        value(text)
    error = caught.value
    assert (error.code, text[error.span.start : error.span.end]) == (code, place)
    assert message in error.message
    assert help in error.help


def test_a_variable_that_is_called_like_a_function():
    """As the command line asks it, with a value for the name."""
    for text, help in (("M'(x)", "write M' @ (...) or M'*(...)"), ("M(x)", "write M*(...)")):
        with pytest.raises(ad.AdiffError) as caught:
            ad.parse(text).value(x=1, M=2)
        assert caught.value.code == "not-a-function"
        assert help in caught.value.help


def test_the_catalogue_explains_it():
    from autodiff_cli.language.functions import FUNCTIONS

    assert FUNCTIONS["D"].notation == "D(expr, x, n=1)"
