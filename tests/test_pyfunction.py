"""Python functions as targets: their derivatives against differences, and what surrounds a call."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError, UserError
from autodiff_cli.pyfunction import PythonFunction, read
from autodiff_cli.usercode.naming import Place, functions, named

# --- names


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("model.py:loss", Place("model.py", None, "loss")),
        ("model.py::loss", Place("model.py", None, "loss")),
        ("/a b/c.py:Class.method", Place("/a b/c.py", None, "Class.method")),
        ("package.module:f", Place(None, "package.module", "f")),
        ("module:f", Place(None, "module", "f")),
        ("model.py", Place("model.py", None, "")),
        ("model.py:", Place("model.py", None, "")),
    ],
)
def test_what_names_a_function(text, place):
    assert named(text) == place


@pytest.mark.parametrize("text", ["x", "x[1:3]", "x[1:n]", "f(t) = t; f(x)", "x.T", "sum(x*y)", "2:f", "a:", ":f", ""])
def test_what_is_an_expression(text):
    assert named(text) is None


def test_functions_of_a_file_are_read_off_its_text():
    code = "def f(x: float, /, y=(1, 2), *z, k: int = 3, **w) -> int: ...\ndef _g(x): ...\nasync def h(): ...\nraise 1"
    found = functions(code)
    assert list(found) == ["f", "h"]
    assert found["f"].text == "x, /, y=(1, 2), *z, k=3, **w"
    assert found["f"].names == ("x", "y", "k")
    assert functions("def f(:") == {}


# --- derivatives


def differences(function, x, step=1e-6):
    """The Jacobian by central differences, with the axes of x last."""
    columns = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        columns.append((np.asarray(function(up)) - np.asarray(function(down))) / (2 * step))
    return np.moveaxis(np.reshape(columns, x.shape + np.shape(columns[0])), range(x.ndim), range(-x.ndim, 0))


def kalman(z, q, r=0.5):
    mean, variance, total = 0.0, 1.0, 0.0
    for value in z:
        variance = variance + q
        gain = variance / (variance + r)
        total += np.log(variance + r) + (value - mean) ** 2 / (variance + r)
        mean = mean + gain * (value - mean)
        variance = (1 - gain) * variance
    return total


def filled(x):
    out = np.zeros((2, len(x)), like=x)
    for i in range(len(x)):
        out[0, i] = np.sin(x[i])
        out[1] += x[i] if x[i] > 0 else x[i] ** 2
    out[0, 1:] *= out[0, :-1]
    return np.sum(np.exp(out))


def routed(x):
    y = x.copy()
    y[x < 0] **= 2
    y.sort()
    return np.cumsum(y)[::2] @ np.ones(2)


@pytest.mark.parametrize(("function", "more"), [(kalman, {"q": 0.3}), (filled, {}), (routed, {})])
def test_derivatives_of_numpy_code(function, more):
    x = np.array([0.4, -1.2, 0.7, 2.0])
    name = next(iter(PythonFunction(function).parameters))
    target = PythonFunction(function)
    value, gradient = target.value_and_grad({name: x, **more}, wrt=name)
    assert value == function(x.copy(), **more)
    np.testing.assert_allclose(gradient[name], differences(lambda x: function(x, **more), x), rtol=1e-7, atol=1e-8)
    hessian = target.hessian({name: x, **more}, wrt=name)[name][name]
    by_differences = differences(lambda x: target.grad({name: x, **more}, wrt=name)[name], x)
    np.testing.assert_allclose(hessian, by_differences, rtol=1e-6, atol=1e-7)


def test_all_variables_of_the_point_are_differentiated_by():
    z, q = np.array([1.0, 0.5, 2.0]), 0.3
    gradient = PythonFunction(kalman).grad(z=z, q=q, r=0.7)
    assert list(gradient) == ["z", "q", "r"]
    by_q = differences(lambda q: kalman(z, q, 0.7), np.array(q))
    by_r = differences(lambda r: kalman(z, q, r), np.array(0.7))
    assert gradient["q"] == pytest.approx(by_q, rel=1e-8)
    assert gradient["r"] == pytest.approx(by_r, rel=1e-8)


def test_high_orders_against_sympy():
    t = sympy.symbols("t")
    x = sympy.Integer(1)
    for _ in range(3):
        x = (x + t / x) / 2
    target = read_function("def root(t, n: int = 3):\n x = 1.0\n for _ in range(n): x = (x + t/x)/2\n return x")
    expected = [float(sympy.diff(x, t, k).subs(t, 2)) for k in range(6)]
    np.testing.assert_allclose(target.derivatives(t=2.0, order=5), expected, rtol=1e-12)
    np.testing.assert_allclose(target.taylor(t=2.0, order=2)[2], expected[2] / 2, rtol=1e-12)
    assert target.jvp(t=2.0, tangents=3.0) == pytest.approx(3 * expected[1])


def read_function(code):
    names = {"np": np}
    exec(code, names)
    return PythonFunction(next(f for f in names.values() if callable(f)))


def test_functions_see_copies():
    def writes(x, A):
        x[:] = 0
        A *= 2
        return np.sum(A)

    x, A = np.ones(2), np.ones((2, 2))
    PythonFunction(writes).grad(x=x, A=A, wrt="A")
    PythonFunction(writes).value(x=x, A=A)
    assert (x == 1).all()
    assert (A == 1).all()


def test_what_is_not_differentiated_by_may_be_used_in_any_way():
    def fit(x, n, A):
        return np.sum(x) ** int(n) + float(A[0])

    assert PythonFunction(fit).grad(x=[1.0, 2.0], n=3, A=[1.0], wrt="x")["x"].tolist() == [27, 27]
    with pytest.raises(UserError, match="would lose the derivative"):
        PythonFunction(fit).grad(x=[1.0, 2.0], n=3, A=[1.0])


def test_no_grad_at_import_does_not_silence():
    with ad.no_grad():
        assert PythonFunction(lambda x: x**2).grad(x=3.0)["x"] == 6


def test_values_that_leave_the_graph_are_told_of_only_where_they_depend_on_what_is_asked():
    def scaled(x, n):
        return x * n.item()

    assert PythonFunction(scaled).ask({"x": 2.0, "n": 3.0}, "x")[0].remarks == ()
    (remark,) = PythonFunction(scaled).ask({"x": 2.0, "n": 3.0})[0].remarks
    assert "n.item()" in remark.message


def test_expressions_are_never_functions_in_the_library():
    with pytest.raises(AdiffError) as error:
        ad.parse("os:getcwd")
    assert error.value.code == "syntax"


# --- what surrounds a call


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, code):
    path.write_text(textwrap.dedent(code))
    return path


def test_a_file_is_read_anew_when_it_has_changed(folder):
    write(folder / "m1.py", "def f(x): return x**2")
    assert read("m1.py:f").grad(x=3.0)["x"] == 6
    write(folder / "m1.py", "def f(x): return x**3")
    assert read("m1.py:f").grad(x=3.0)["x"] == 27
    assert not (folder / "__pycache__").exists()


def test_neighbours_are_importable_and_nothing_is_left_behind(folder):
    write(folder / "neighbour_of_m2.py", "import numpy as np\ndef pair(x): return np.array([x, 2*x])")
    write(folder / "m2.py", "import sys\nfrom neighbour_of_m2 import pair\nargv = sys.argv\ndef f(x): return pair(x)")
    path, argv = list(sys.path), list(sys.argv)
    target = read("m2.py:f")
    assert target.jacobian(x=3.0)["x"].tolist() == [1, 2]
    assert target.call.__globals__["argv"] == ["m2.py"]
    assert (sys.path, sys.argv) == (path, argv)


def test_a_file_called_like_a_module_does_not_become_it(folder):
    write(folder / "random.py", "def f(x): return x**2")
    assert read("random.py:f").grad(x=3.0)["x"] == 6
    import random

    assert hasattr(random, "gauss")


def test_packages(folder):
    (folder / "pack_of_m3").mkdir()
    write(folder / "pack_of_m3" / "__init__.py", "")
    write(folder / "pack_of_m3" / "helper.py", "k = 3.0")
    write(folder / "pack_of_m3" / "inner.py", "from .helper import k\ndef f(x): return k*x")
    assert read("pack_of_m3.inner:f").grad(x=1.0)["x"] == 3


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(x:\n    return x", "m4.py:1: SyntaxError: "),
        ("import nowhere_to_be_found", "m4.py:1: ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("import sys\nsys.exit(2)", "m4.py:2: SystemExit: 2 while m4.py is imported"),
        ("\n1/0", "m4.py:2: ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_cannot_be_imported(folder, code, said):
    write(folder / "m4.py", code)
    with pytest.raises(UserError) as error:
        read("m4.py:f")
    assert error.value.message.startswith(said)
    assert error.value.exit_code == 4


def test_frames_are_the_users_own(folder):
    write(folder / "m5.py", """
        import numpy as np
        from scipy.optimize import brentq

        def f(x):
            return brentq(inside, 0, 1)

        def inside(t):
            return np.linalg.solve(np.zeros((2, 2)), np.ones(2))
    """)  # fmt: skip
    with pytest.raises(UserError) as error:
        read("m5.py:f").grad(x=1.0)
    assert error.value.message == "m5.py:9: LinAlgError: Singular matrix"
    assert error.value.help == "called at m5.py:6: brentq(inside, 0, 1)"


def test_an_exception_that_cannot_speak(folder):
    write(folder / "m6.py", """
        class Mute(Exception):
            def __str__(self): raise ValueError

        def f(x): raise Mute
    """)  # fmt: skip
    with pytest.raises(UserError, match=r"^m6.py:5: Mute$"):
        read("m6.py:f").value(x=1.0)


def test_recursion_is_cut_short(folder):
    write(folder / "m7.py", "def f(x): return f(x)")
    with pytest.raises(UserError) as error:
        read("m7.py:f").grad(x=1.0)
    assert "RecursionError" in error.value.message
    assert len(error.value.help.splitlines()) == 5


def test_interrupts_are_not_errors_of_the_user(folder):
    write(folder / "m8.py", "def f(x): raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        read("m8.py:f").grad(x=1.0)


def test_numpy_of_the_file_knows_tensors(folder):
    write(folder / "m9.py", """
        import numpy as np
        from numpy import array, empty

        def f(x, y):
            out = empty(3)
            out[:] = np.array([x, y, x * y])
            return np.r_[out, np.full(2, x), array([1, 2])]

        def plain():
            return np.array([1, 2]), np.zeros(2), np.r_[1, 2:4], np.asarray([1.0])
    """)  # fmt: skip
    target = read("m9.py:f")
    assert target.jacobian(x=2.0, y=5.0)["x"].tolist() == [1, 0, 5, 1, 1, 0, 0]
    assert target.jacobian(x=2.0, y=5.0)["y"].tolist() == [0, 1, 2, 0, 0, 0, 0]
    found = target.call.__globals__["plain"]()
    assert all(type(array) is np.ndarray for array in found)
    assert [array.tolist() for array in found] == [[1, 2], [0, 0], [1, 2, 3], [1]]


OF_SCIPY = {
    "scipy.special.logsumexp(A, axis=1)": "the module",
    "sp.softmax(A)[0] * sp.softmax(A, axis=1)[1]": "a name for it",
    "log_softmax(A, axis=0)": "a function",
    "stats.norm.cdf(A, 0.3, scale=A[0, 0])": "an object in a module",
    "scipy.stats.norm.logpdf(A) + norm.pdf(A, A[1, 1], 2)": "an object",
    "norm.sf(A) + norm.logcdf(A, loc=A) + norm.logsf(0.2, A)": "tails",
    "norm.ppf(sp.expit(A), 1, 2) + norm.isf(sp.expit(A), scale=A[0, 1])": "quantiles",
}


@pytest.mark.parametrize("code", OF_SCIPY, ids=OF_SCIPY.values())
def test_scipy_of_the_file_knows_tensors(folder, code):
    names = "scipy, scipy.special, scipy.stats, scipy.special as sp"
    names = (
        f"import {names}\nfrom scipy import stats\nfrom scipy.stats import norm\nfrom scipy.special import log_softmax"
    )
    write(folder / "m12.py", f"{names}\ndef f(A): return {code}")
    target, A = read("m12.py:f"), np.array([[0.4, 1.3, -0.6], [0.2, 0.7, 1.1]])
    found = target.jacobian(A=A)["A"]
    np.testing.assert_allclose(found, differences(target.call, A), rtol=1e-7, atol=1e-8)
    assert type(target.call(A)) is np.ndarray  # by SciPy's own
    np.testing.assert_allclose(target.record({"A": A}).value, target.call(A), rtol=1e-13)


def test_scales_that_are_none(folder):
    write(
        folder / "m13.py", "from scipy.stats import norm\ndef f(x): return norm.pdf(x, scale=-1) + norm.ppf(x, 0, -2)"
    )
    assert np.isnan(read("m13.py:f").record({"x": 0.3}).value)


def test_output_of_the_function_is_not_that_of_the_command(folder):
    write(folder / "m10.py", "print('loading')\ndef f(x):\n    print('running')\n    return x**2")
    command = [sys.executable, "-m", "autodiff_cli", "grad", "m10.py:f", "--x", "3", "--raw"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("6\n", 0)
    assert done.stderr == "loading\nrunning\n"


# --- completion


def completed(*words):
    from autodiff_cli.commands.completion import complete

    return complete(list(words), lambda name: ["--wrt"]).splitlines()


def test_completion_of_functions_and_parameters(folder):
    write(folder / "m11.py", "raise SystemExit\ndef loss(x, A=1): ...\ndef loss_grad(x): ...\ndef other(y): ...")
    (folder / "data.txt").write_text("")
    assert completed("grad", "m1") == ["m11.py:"]
    assert completed("grad", "m11.py:lo") == ["m11.py:loss ", "m11.py:loss_grad "]
    assert completed("grad", "m11.py", ":", "lo") == ["loss ", "loss_grad "]
    assert completed("grad", "m11.py", ":") == ["loss ", "loss_grad ", "other "]
    assert completed("grad", "m11.py:loss", "--") == ["--x ", "--A ", "--wrt "]
    assert completed("grad", "m11.py", ":", "loss", "--x", "1", "--") == ["--A ", "--wrt "]
    assert completed("grad", "gone.py:") == []
