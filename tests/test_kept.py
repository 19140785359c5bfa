"""Programs that are kept: at every point the answer, to the last bit, of an expression that was never asked before."""

import contextlib
import math
import pickle
import re
import threading
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli import kept
from tests.engine.checks import assert_same_bits
from tests.test_fuzz import EXPRESSIONS

NUMBERS = st.one_of(
    st.floats(-3, 3),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e160, 1e-310]),
)


def arrays(*shape):
    return st.lists(NUMBERS, min_size=math.prod(shape), max_size=math.prod(shape)).map(lambda a: np.reshape(a, shape))


POINTS = st.fixed_dictionaries({"x": arrays(2), "v": arrays(3), "A": arrays(2, 2), "s": NUMBERS})
DERIVATIVE = re.compile(r"\bD\(|\w'+\(")
# At the second of these a program is made.
ORDINARY = [
    {"x": np.array([0.5, 2]), "v": np.array([1.0, 2, 3]), "A": np.array([[2.0, 1], [1, 3]]), "s": 0.7},
    {"x": np.array([0.7, 1.5]), "v": np.array([0.3, 0.2, 0.9]), "A": np.array([[1.0, 0.5], [0.3, 2]]), "s": 1.0},
]
EDGES = [
    {"x": np.array([0.0, -2]), "v": np.array([1.0, 1, -1]), "A": np.ones((2, 2)), "s": 0.0},
    {"x": np.array([-1.0, -0.0]), "v": np.array([0.0, 0, 0]), "A": np.zeros((2, 2)), "s": -1.0},
    {"x": np.array([1.0, 1]), "v": np.array([-3.0, 2, 2]), "A": np.eye(2), "s": 2.0},
    {"x": np.array([np.inf, 1]), "v": np.array([np.nan, 1e300, 2]), "A": np.array([[1e300, 1], [2, 3]]), "s": np.inf},
]


def answer(expression, question, point):
    """What is answered, or the error as it is shown."""
    try:
        return getattr(expression, question)({name: point[name] for name in expression.variables})
    except ad.AdiffError as error:
        return error.code, error.message, error.span, error.help


def assert_same(got, want):
    if isinstance(want, (tuple, dict)):
        assert type(got) is type(want) and len(got) == len(want)
        keys = want if isinstance(want, dict) else range(len(want))
        for key in keys:
            assert_same(got[key], want[key])
    elif isinstance(want, (np.ndarray, np.generic)):
        assert type(got) is type(want)
        assert_same_bits(got, want)
    else:
        assert got == want


def assert_kept_is_new(text, points):
    expression = ad.parse(text)
    for point in points:
        for question in ("value", "grad", "value_and_grad"):
            assert_same(answer(expression, question, point), answer(ad.parse(text), question, point))


def program(expression, question, point):
    """What is kept for the form of a point."""
    return expression._forms.find(question, None, *expression._arrays(point)).program


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_random_expressions(expression, points):
    # Derivatives inside are left out: at a factor that is 0 they depend on whether it was so when they were recorded.
    assume(not DERIVATIVE.search(expression))
    with contextlib.suppress(ad.AdiffError):
        assume(ad.parse(expression).variables)
        assert_kept_is_new(f"sum({expression})", [*ORDINARY, *points])


HARD = [
    "sum(x[x > 0]^2)/size(x[x > 0])",
    "mean(x[x > 0])*s",
    "x[s]*s",
    "sum(inv(A))",
    "det(A) + logdet(A)",
    "x @ solve(A, x)",
    "norm(x)*s",
    "abs(s) + sqrt(s^2) + sqrt(s)^2",
    "s^s",
    "s*sqrt(v[0])",
    "sum(s*log(v))",
    "sum(where(x > 0, sqrt(x), 0))",
    "sum((x > 0)*log(x))",
    "sum(maximum(v, s)*relu(v))",
    "max(v)*min(v) + median(v)",
    "prod(v) + sum(cumprod(v))",
    "sort(v) @ v",
    "randn(3) @ v*rand(1)[0]",
    "sum(eigh(A + A')[0]) + sum(svd(A)[1])",
    "sum(A^s) + sum(exp(A)/A)",
    "2*(3*s) - s/(-4) + 0*x[0]",
    "0.3*(0.7*s*x[0]) + 1e-200*(1e-200*s)",
    "mean(A*A') + sum(A, axis=0) @ x",
    "round(s)*s + floor(x[0])",
]


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered")
@pytest.mark.parametrize("text", HARD)
def test_hard_expressions(text):
    assert_kept_is_new(text, [*ORDINARY, *EDGES, *ORDINARY])
    assert_kept_is_new(text, [*EDGES[:3], *EDGES[:3], *ORDINARY])


@pytest.mark.parametrize("text", ["sum(v^2)*s", *HARD[:-1]])
def test_programs_are_kept(text):
    expression = ad.parse(text)
    for _ in range(2):
        for point in ORDINARY:
            answer(expression, "value_and_grad", point)
    point = {name: ORDINARY[1][name] for name in expression.variables}
    assert program(expression, kept.GRADIENT, point) is not None


@pytest.mark.parametrize("text", ["D(sin(s*x[0]), s) + x[1]", "f(t) = t*exp(t*s); f'(x[0])*x[1]"])
def test_derivatives_inside(text):
    assert_kept_is_new(text, [*ORDINARY, *ORDINARY])


def test_hessians():
    for text in ("sum(x[x > 0]^3)/size(x[x > 0])", "s*sum(x^1.5)", "x @ inv(A) @ x", "sum(exp(x*s))"):
        expression = ad.parse(text)
        for point in (*ORDINARY, *EDGES):
            point = {name: point[name] for name in expression.variables}
            got, want = answer(expression, "hessian", point), answer(ad.parse(text), "hessian", point)
            assert type(got) is type(want)
            if isinstance(want, dict):
                for x, y in product(want, repeat=2):
                    np.testing.assert_allclose(got[x][y], want[x][y], rtol=1e-13, atol=1e-15)


def test_forms():
    """Shapes, types, strides, names and what is asked by, each with a program of its own."""
    f = ad.parse("sum(x*x)*pi")
    long = np.linspace(1, 2, 12)
    points = [long, long[::2], long[::-1], long.reshape(3, 4), long.reshape(4, 3).T, np.float32(long), 3, 2.5]
    points += [long.astype(">f8"), np.longdouble(long), np.float16(long), [1, 2, 3], (4.5,), np.int8([5]), [True]]
    for _ in range(3):
        for x in points:
            assert_same(f.value_and_grad(x=x), ad.parse("sum(x*x)*pi").value_and_grad(x=x))
            assert_same(f.value_and_grad(x=x, pi=3), ad.parse("sum(x*x)*pi").value_and_grad(x=x, pi=3))
            assert_same(f.grad({"x": x}, pi=3, wrt="pi"), ad.parse("sum(x*x)*pi").grad(pi=3, x=x, wrt=["pi"]))


def test_memory_layouts():
    """Sums follow the order of memory, and so do their last bits: ones(37, 41)*a is not a, where a lies otherwise."""
    text, a = "sum(ones((37, 41))*a)", np.random.default_rng(3).normal(size=(37, 41))
    f = ad.parse(text)
    for x in (a, a, a, np.asfortranarray(a), a[::-1], np.repeat(a, 2, axis=1)[:, ::2]):
        assert_same(f.value(a=x), ad.parse(text).value(a=x))
    assert np.sum(a) != np.sum(np.asfortranarray(a))  # so it can tell


def test_constants_that_are_given():
    f = ad.parse("sum(x)*pi + e")
    for _ in range(3):
        assert f.value(x=[1, 1], pi=3) == 6 + math.e
        assert f.value(x=[1, 1], e=3) == 3 + 2 * math.pi


def test_data_that_become_zero():
    """A zero is strong, where nothing is asked about it too; here it tells by its sign."""
    for y in (2.0, 3.0, -0.0, 0.0, -0.0):
        f = ad.parse("y*sqrt(x)")
        for before in (2.0, 3.0):
            f.grad(x=4.0, y=before, wrt="x")
        for x in (4.0, 0.0):
            assert_same(f.grad(x=x, y=y, wrt="x"), ad.parse("y*sqrt(x)").grad(x=x, y=y, wrt="x"))


def test_no_program_is_made_at_a_singular_matrix():
    f = ad.parse("exp(logdet(A))")
    for _ in range(3):
        assert np.isnan(f.grad(A=np.ones((2, 2)))["A"]).all()
    point = {"A": np.diag([1.0, 2.0])}
    for _ in range(3):
        np.testing.assert_allclose(f.grad(point)["A"], np.diag([2.0, 1.0]), rtol=1e-15)
    assert program(f, kept.GRADIENT, point)(point["A"]) is not None


def test_wrt():
    f, point = ad.parse("sum(x*y) + z"), {"x": [1, 2], "y": 3.0, "z": 4}
    for _ in range(3):
        assert list(f.grad(point)) == list(f.grad(point, wrt=None)) == ["x", "y", "z"]
        assert list(f.grad(point, wrt=["y", "x"])) == list(f.grad(point, wrt=iter("yx"))) == ["y", "x"]
        assert list(f.grad(point, wrt="z")) == ["z"] and f.grad(point, wrt=()) == {}
        with pytest.raises(ad.AdiffError, match="w is not a variable"):
            f.grad(point, wrt="w")


def test_answers_are_ones_own():
    f, x, y = ad.parse("sum(x*y) + sum(2*x) + s"), np.array([1.0, 2]), np.array([3.0, 4])
    for _ in range(4):
        gradient = f.grad(x=x, y=y, s=1.0)
        assert [g.tolist() for g in gradient.values()] == [[5, 6], [1, 2], 1]
        for g in gradient.values():
            g[...] = 7
    assert x.tolist() == [1, 2] and y.tolist() == [3, 4]
    hessians = ad.parse("sum(x^2)")
    for _ in range(4):
        block = hessians.hessian(x=x)["x"]["x"]
        assert block.tolist() == [[2, 0], [0, 2]]
        block[...] = 7
    same = ad.parse("x")
    for _ in range(4):
        value = same.value(x=x)
        assert value.tolist() == [1, 2]
        value[...] = 7


def test_errors_are_those_of_a_new_expression():
    point = {"x": [1.0, 2], "y": [3.0, 4]}
    wrong = [
        {"x": [1, 2]}, {}, point | {"z": 1}, {"x": [1, 2], "z": 1}, point | {"x": "abc"}, {"x": "abc"},
        {"x": None, "z": 1}, point | {"y": [1, 2, 3]}, point | {"x": [[1], [2, 3]]}, point | {"y": 1j},
        point | {"pi": 3},
    ]  # fmt: skip
    f = ad.parse("sum(x*y)")
    for _ in range(3):
        f.value_and_grad(point)
        for case in wrong:
            with pytest.raises(ad.AdiffError) as caught:
                f.value_and_grad(case)
            with pytest.raises(ad.AdiffError) as new:
                ad.parse("sum(x*y)").value_and_grad(case)
            assert str(caught.value) == str(new.value) and caught.value.help == new.value.help
        with pytest.raises(ad.AdiffError, match="needs a scalar"):
            ad.parse("x*y").value_and_grad(point)


def test_gradients_do_not_ask_whether_tensors_want_them():
    f = ad.parse("x^3")
    with ad.no_grad():
        for x in (1.0, 2.0, 3.0):
            assert f.grad(x=x)["x"] == 3 * x**2
            assert f.hessian(x=x)["x"]["x"] == 6 * x


def test_the_forms_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr(kept, "_MOST", 3)
    f = ad.parse("sum(x^2)")
    for n in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 5, 5):
        assert f.grad(x=np.ones(n))["x"].tolist() == [2.0] * n
    assert f._forms.known.cache_info().currsize == 3


def test_threads():
    f, wrong = ad.parse("sum(sin(x)*x^2) + s*sum(x)"), []
    expected = {n: ad.parse(f.source).value_and_grad(x=np.arange(n) / 8, s=n) for n in range(1, 9)}

    def ask(start):
        for k in range(200):
            n = 1 + (start + k) % 8
            value, gradient = f.value_and_grad(x=np.arange(n) / 8, s=n)
            if value != expected[n][0] or gradient["x"].tolist() != expected[n][1]["x"].tolist():
                wrong.append(n)

    threads = [threading.Thread(target=ask, args=[start]) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_expressions_travel_without_their_programs():
    f = ad.parse("sum(x^2)")
    for _ in range(3):
        f.grad(x=[1, 2])
    again = pickle.loads(pickle.dumps(f))
    assert again.source == f.source and again.grad(x=[1, 2])["x"].tolist() == [2, 4]
