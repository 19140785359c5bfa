"""Many points in one go: the answers are those at each point."""

import subprocess
import sys
import textwrap
import tracemalloc

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError
from autodiff_cli.pyfunction import PythonFunction
from autodiff_cli.runner import Runner

# Text and the shapes of its variables.
EXPRESSIONS = {
    "x^2*y": {"x": (), "y": ()},
    "(1-x)^2 + 100*(y-x^2)^2": {"x": (), "y": ()},
    "d = (log(S/K) + r)/s; S*ndtr(d) - K*exp(-r)*ndtr(d - s)": dict.fromkeys("SKrs", ()),
    "dot(u, v)/(norm(u)*norm(v))": {"u": (3,), "v": (3,)},
    "sum(sin(A @ x))*y": {"A": (2, 3), "x": (3,), "y": ()},
    "x @ A @ x + trace(A)": {"A": (3, 3), "x": (3,)},
    "where(x > 1, sqrt(x - 1), x^3)*y": {"x": (), "y": ()},
    "logdet(A) + sum(inv(A))": {"A": (3, 3)},
    "max(x) + x[0]*x[2] + mean(x^2)": {"x": (4,)},
    "sum(cumsum(x)*sort(x))": {"x": (5,)},
    "abs(x - y) + maximum(x, 1) + clip(y, 0.5, 1.5)": {"x": (), "y": ()},
    "sum(outer(x, x)^3) + prod(x)": {"x": (3,)},
    "logsumexp(x)": {"x": (80,)},
    "x^2.5/y^-1.5 + x^y": {"x": (), "y": ()},
    "sum(reshape(x, 2, 3)' @ [1, 2])*tanh(x[1])": {"x": (6,)},
    "sum(x/norm(x) + x[::-1])": {"x": (4,)},
}
ROWS = 37
TINY = 2e-323  # some ulps of the smallest numbers


def points(shapes, count=ROWS, low=0.2, high=2.0):
    draw = np.random.default_rng(0)
    found = {name: draw.uniform(low, high, (count, *shape)) for name, shape in shapes.items()}
    return {name: array + 3 * np.eye(3) if shapes[name] == (3, 3) else array for name, array in found.items()}


def check(runner, arrays, rtol=1e-12, atol=1e-13):
    """Compare all rows with the answers at one point."""
    found = runner(arrays)
    for k in range(len(next(iter(arrays.values())))):
        answer = runner.at({name: array[k] for name, array in arrays.items()})
        for one, many in zip(answer.values(), found, strict=True):
            scale = np.max(np.abs(one[np.isfinite(one)]), initial=0) if np.ndim(one) else 0
            np.testing.assert_allclose(many[k], one, rtol=rtol, atol=max(atol * scale, TINY), err_msg=f"row {k}")
    return found


@pytest.mark.parametrize("question", ["value", "grad", "jac", "vjp"])
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_rows_are_points(text, question):
    shapes = EXPRESSIONS[text]
    runner = Runner(ad.parse(text), question, tuple(shapes), shapes, {})
    found = check(runner, points(shapes))
    assert [array.shape[1:] for array in found] == [shape for _, shape in runner.results]
    assert runner._plans, "no program was found"


@pytest.mark.parametrize("question", ["jvp", "hvp"])
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_directions(text, question):
    shapes = EXPRESSIONS[text]
    name = next(iter(shapes))
    tangents = {name: np.random.default_rng(1).normal(size=shapes[name])}
    check(Runner(ad.parse(text), question, tuple(shapes), shapes, {}, tangents=tangents), points(shapes, 5), 1e-11)


@pytest.mark.parametrize("text", [t for t in EXPRESSIONS if "80" not in str(EXPRESSIONS[t])])
def test_hessians(text):
    shapes = EXPRESSIONS[text]
    check(Runner(ad.parse(text), "hess", tuple(shapes), shapes, {}), points(shapes, 5), 1e-10, 1e-12)


def test_against_closed_forms():
    x, y = points({"x": (), "y": ()}, 1000).values()
    value, dx, dy = Runner(ad.parse("sin(x)*exp(y)/x"), "grad", ("x", "y"), {"x": (), "y": ()}, {})({"x": x, "y": y})
    np.testing.assert_allclose(value, np.sin(x) * np.exp(y) / x, rtol=1e-15)
    np.testing.assert_allclose(dx, np.exp(y) * (x * np.cos(x) - np.sin(x)) / x**2, rtol=1e-11)
    np.testing.assert_allclose(dy, np.sin(x) * np.exp(y) / x, rtol=1e-15)


def test_vector_values():
    text, shapes = "a*[x, x^2*y, sin(y)]", {"x": (), "y": ()}
    for question, details in (("jac", {}), ("jac", {"mode": "reverse"}), ("vjp", {"cotangent": [1.0, 0.0, 2.0]})):
        check(Runner(ad.parse(text), question, ("x", "y"), shapes, {"a": 2.0}, **details), points(shapes))
    results = Runner(ad.parse(text), "jac", ("x",), shapes, {"a": 2.0}).results
    assert results == (("value", (3,)), (("x",), (3,)))


def test_constants_are_the_same_for_all_rows():
    shapes, constants = {"x": (3,)}, {"A": np.arange(9.0).reshape(3, 3), "c": 2.0}
    runner = Runner(ad.parse("c*x @ A @ x + sum(A)"), "grad", ("x", "A", "c"), shapes, constants)
    found = check(runner, points(shapes))
    assert [array.shape[1:] for array in found] == [(), (3,), (3, 3), ()]


def test_places_of_elements_come_from_rows():
    x, k = points({"x": (3,)}, 6)["x"], np.array([0.0, 1, 2, 2, 1, 0])
    runner = Runner(ad.parse("x[k]^2"), "grad", ("x",), {"x": (3,), "k": ()}, {})
    assert runner.results == (("value", ()), (("x",), (3,)))
    value, gradient = runner({"x": x, "k": k})
    chosen = np.eye(3)[k.astype(int)]
    np.testing.assert_allclose(value, np.sum(chosen * x**2, 1), rtol=1e-15)
    np.testing.assert_allclose(gradient, 2 * chosen * x, rtol=1e-15)


def test_what_does_not_depend_on_rows():
    shapes = {"x": ()}
    check(Runner(ad.parse("c^2 + 0*x"), "grad", ("x", "c"), shapes, {"c": 3.0}), points(shapes, 4))
    check(Runner(ad.parse("floor(x)"), "grad", ("x",), shapes, {}), points(shapes, 4))
    check(Runner(ad.parse("1/c + x"), "grad", ("x", "c"), shapes, {"c": 0.0}), points(shapes, 4))


# --- where the program does not hold

HARD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e200, 1e-200, 5e-324, 800.0, -800.0, 3.0]


HARD_TEXTS = (
    ["x*y", "x/y", "log(x)*y + x", "log(x) + log(y)", "sqrt(x)^2*y", "where(x > 0, sqrt(x), 0) + y", "x^y", "abs(x)*y",
     "sqrt(x^2 + y^2)", "exp(x)*exp(y)", "1/(1 + exp(-x))*y", "x*(y*x)/(y*x)", "tanh(x)/y", "norm([x, y])", "x^3*y^-2",
     "exp(-x^2)*y", "where(x > 0, log(x), x)*y", "asin(x)*y"]
)  # fmt: skip


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_hard_points(text):
    x, y = map(np.ravel, np.meshgrid(HARD, HARD))
    for question in ("grad", "hess"):
        check(Runner(ad.parse(text), question, ("x", "y"), {"x": (), "y": ()}, {}), {"x": x[::7], "y": y[::7]}, 1e-10)


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_many_hard_points(text):
    """Where so many rows are alike that they are answered in groups."""
    x, y = (np.tile(np.ravel(a), 50) for a in np.meshgrid(HARD, HARD))
    arrays = {"x": x, "y": y * np.linspace(1, 1.5, len(y))}
    runner = Runner(ad.parse(text), "grad", ("x", "y"), {"x": (), "y": ()}, {})
    found = runner(arrays)
    some = np.random.default_rng(0).choice(len(x), 40, replace=False)
    for k in some:
        answer = runner.at({name: array[k] for name, array in arrays.items()})
        for one, many in zip(answer.values(), found, strict=True):
            np.testing.assert_allclose(many[k], one, rtol=1e-12, atol=TINY, err_msg=f"{x[k]} {arrays['y'][k]}")


def test_alike_rows_are_not_asked_one_by_one(monkeypatch):
    asked = []
    monkeypatch.setattr(Runner, "at", lambda self, row, at=Runner.at: asked.append(row) or at(self, row))
    x = np.concatenate([np.full(5000, np.nan), -np.linspace(1, 2, 5000), np.linspace(1, 2, 5000)])
    runner = Runner(ad.parse("log(x)*y"), "grad", ("x", "y"), {"x": (), "y": ()}, {})
    value, dx, _ = runner({"x": x, "y": np.full(15000, 2.0)})
    assert len(asked) < 20
    np.testing.assert_array_equal(np.isnan(value), ~(x > 0))
    np.testing.assert_array_equal(np.isnan(dx), ~(x > 0))
    np.testing.assert_array_equal(dx[10000:], 2 / x[10000:])


def test_one_singular_matrix_among_many(monkeypatch):
    asked = []
    monkeypatch.setattr(Runner, "at", lambda self, row, at=Runner.at: asked.append(row) or at(self, row))
    A = points({"A": (3, 3)}, 9000)["A"]
    A[1234] = 0
    errors = {}
    value, gradient = Runner(ad.parse("sum(inv(A))"), "grad", ("A",), {"A": (3, 3)}, {})({"A": A}, errors)
    assert list(errors) == [1234] and len(asked) < 200
    good = np.delete(np.arange(9000), 1234)
    inverse = np.linalg.inv(A[good])
    np.testing.assert_allclose(value[good], inverse.sum((1, 2)), rtol=1e-12)
    expected = -np.einsum("ki,kj->kij", inverse.sum(1), inverse.sum(2))
    np.testing.assert_allclose(gradient[good], expected, rtol=1e-11, atol=1e-13)


def test_a_singular_matrix_leaves_the_other_rows_alone():
    A = points({"A": (3, 3)})["A"]
    A[5], A[7] = 1.0, 0.0
    errors = {}
    runner = Runner(ad.parse("sum(inv(A))"), "grad", ("A",), {"A": (3, 3)}, {})
    value, _ = runner({"A": A}, errors)
    assert sorted(errors) == [5, 7] and errors[5].code == "singular"
    assert np.isnan(value[[5, 7]]).all() and np.isfinite(np.delete(value, [5, 7])).all()
    with pytest.raises(AdiffError) as caught:
        runner({"A": A})
    assert caught.value.row == 5


@pytest.mark.parametrize(
    ("text", "question", "code"),
    [("[x, x]", "grad", "not-scalar"), ("x + q", "grad", "unbound"), ("x @ [1, 2]", "value", "shape")],
)
def test_errors_of_the_question_come_first(text, question, code):
    with pytest.raises(AdiffError) as caught:
        Runner(ad.parse(text), question, ("x",), {"x": ()}, {}).results  # noqa: B018
    assert caught.value.code == code


def test_answers_whose_shape_depends_on_the_row():
    runner = Runner(ad.parse("sum(x[x > 1]^2)"), "grad", ("x",), {"x": (4,)}, {})
    arrays = points({"x": (4,)}, 9)
    found = runner(arrays)
    np.testing.assert_allclose(found[0], np.sum(np.where(arrays["x"] > 1, arrays["x"] ** 2, 0), 1), rtol=1e-14)
    np.testing.assert_allclose(found[1], np.where(arrays["x"] > 1, 2 * arrays["x"], 0), rtol=1e-14)


# --- forms of arrays


@pytest.mark.parametrize("count", [0, 1, 2, 8191, 8192, 20000])
def test_any_number_of_rows(count):
    arrays = points({"x": (), "u": (3,)}, count)
    value, dx, du = Runner(ad.parse("x*dot(u, u)"), "grad", ("x", "u"), {"x": (), "u": (3,)}, {})(arrays)
    squares = np.sum(arrays["u"] ** 2, 1)
    np.testing.assert_allclose(value, arrays["x"] * squares, rtol=1e-15)
    np.testing.assert_allclose(dx, squares, rtol=1e-15)
    np.testing.assert_allclose(du, 2 * arrays["x"][:, None] * arrays["u"], rtol=1e-15)


def test_memory_layouts():
    plain = points({"x": (), "u": (3,)})
    wide = np.random.default_rng(0).uniform(1, 2, (ROWS, 8))
    wide[:, 2], wide[:, 4:7] = plain["x"], plain["u"]
    forms = [{"x": wide[:, 2], "u": wide[:, 4:7]}, {"x": wide[:, 2], "u": np.asfortranarray(plain["u"])},
             {"x": plain["x"][::-1].copy()[::-1], "u": plain["u"][::-1].copy()[::-1]}]  # fmt: skip
    runner = Runner(ad.parse("x*norm(u) + x"), "grad", ("x", "u"), {"x": (), "u": (3,)}, {})
    expected = runner(plain)
    for arrays in forms:
        for one, other in zip(runner(arrays), expected, strict=True):
            np.testing.assert_array_equal(one, other)
    assert runner(forms[1])[2].flags.f_contiguous


def test_types():
    arrays = {name: a.astype(np.float32) for name, a in points({"x": (), "y": ()}).items()}
    runner = Runner(ad.parse("sin(x)*y^3"), "grad", ("x", "y"), {"x": (), "y": ()}, {})
    assert {a.dtype for a in check(runner, arrays, 1e-5)} == {np.dtype(np.float32)}
    assert runner({"x": [1, 2], "y": [3, 4]})[0].dtype == np.float64
    assert runner({"x": arrays["x"], "y": arrays["y"].astype(float)})[1].dtype == np.float32
    with pytest.raises(AdiffError):
        runner({"x": ["a"], "y": [1.0]})


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_threads_give_the_same_bits(jobs):
    arrays = points({"x": (), "u": (3,)}, 100_001)
    one, other = (
        Runner(ad.parse("sin(x)*norm(u)/x"), "grad", None, {"x": (), "u": (3,)}, {}, jobs=n)(arrays) for n in (1, jobs)
    )
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_functions_of_python_go_row_by_row():
    def f(x, y):
        return x * y if x > 1 else x + y

    check(Runner(PythonFunction(f), "grad", ("x", "y"), {"x": (), "y": ()}, {}), points({"x": (), "y": ()}, 9))


# --- memory and time


def test_no_memory_is_taken_in_the_loop():
    """What is allocated does not grow with the rows, but for the results."""
    text, shapes = "dot(u, v)/(norm(u)*norm(v)) + where(x > 1, sin(x), x^3)", {"u": (3,), "v": (3,), "x": ()}
    runner = Runner(ad.parse(text), "grad", tuple(shapes), shapes, {}, jobs=1)

    def most(count):
        arrays = points(shapes, count)
        runner(arrays)
        tracemalloc.start()
        found = runner(arrays)
        spent = tracemalloc.get_traced_memory()[1] - sum(a.nbytes for a in found)
        tracemalloc.stop()
        return spent

    assert most(300_000) < most(100_000) + 50_000


def test_an_interrupt_is_answered_at_once():
    code = """
        import _thread, threading, time
        import numpy as np
        import autodiff_cli as ad
        from autodiff_cli.runner import Runner
        x = np.random.default_rng(0).uniform(1, 2, 400_000)
        text = "+".join(f"sin({k}*x)*exp(x/{k})" for k in range(1, 60))
        run = Runner(ad.parse(text), "grad", ("x",), {"x": ()}, {}, jobs=2)
        run({"x": x[:10]})
        start = time.perf_counter()
        threading.Timer(0.3, _thread.interrupt_main).start()
        try:
            while True:
                run({"x": x})
        except KeyboardInterrupt:
            print(time.perf_counter() - start, threading.active_count())
    """
    found = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60)
    seconds, threads = found.stdout.split()
    assert float(seconds) < 3 and threads == "1", found
