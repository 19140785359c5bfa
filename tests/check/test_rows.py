"""`adiff check --rows`: the verdict of each row is that of a check at its point alone."""

import contextlib
import io

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.check import rows
from autodiff_cli.check.question import question
from autodiff_cli.cli import main
from autodiff_cli.expression import Expression
from autodiff_cli.points import fast
from autodiff_cli.pyfunction import PythonFunction

NUMBERS = np.array([-2.0, -1.0, -0.5, 0.0, 0.25, 1.0, 1.5, 3.0])
PAIRS = np.array([[1.0, 2.0], [2.0, 2.0], [-1.0, 0.0], [0.0, 0.0], [3.0, -3.0], [0.5, 4.0]])
PLANES = np.array([np.eye(2), [[2.0, 1.0], [1.0, 3.0]], [[2.0, 0.0], [0.0, -2.0]], [[1.0, 0.5], [0.5, 1.0]]])
VERDICTS = {1.0: "pass", 0.0: "fail"}


def piecewise(x):
    return x**2 if x > 0 else -3 * x


def checked(target, claim, points, of="grad", constants=None, random=0):
    """The verdicts of a CheckRunner by key, one for each row; and the relative errors."""
    constants = {name: np.asarray(value) for name, value in (constants or {}).items()}
    shapes = {name: array.shape[1:] for name, array in points.items()}
    example = constants | {name: np.ones(shape) for name, shape in shapes.items()}
    target = PythonFunction(target) if callable(target) else Expression(target)
    check = question(target, claim, example, wrt=tuple(points), of=of, random=random)
    runner, errors = rows.CheckRunner(check, constants, shapes), {}
    found = runner(points, errors)
    assert errors == {}
    told = {key: [VERDICTS.get(v, "inconclusive") for v in found[2 * k]] for k, key in enumerate(check.keys)}
    return told, found[1::2]


def alone(target, claim, points, of="grad", constants=None):
    """The same of checks at one point each."""
    count = len(next(iter(points.values())))
    made = [
        ad.check(target, claim, (constants or {}) | {name: array[k] for name, array in points.items()},
                 wrt=tuple(points), of=of, random=0)
        for k in range(count)
    ]  # fmt: skip
    return {
        finding.key: [outcome.findings[i].verdict for outcome in made] for i, finding in enumerate(made[0].findings)
    }


@pytest.mark.parametrize(
    ("target", "claim", "points"),
    [
        ("x^3", "3*x^2", {"x": NUMBERS}),
        ("x^3", "3*x^2 + (x > 1)*1e-3", {"x": NUMBERS}),
        ("abs(x)", "sign(x)", {"x": NUMBERS}),
        ("abs(x)", "-sign(x) + 5*(x == 0)", {"x": NUMBERS}),
        ("x*floor(x)", "floor(x)", {"x": NUMBERS}),
        ("where(x > 0.25, x, 2*x)", "where(x > 0.25, 1, 2)", {"x": NUMBERS}),
        ("log(x)", "1/x", {"x": NUMBERS}),
        ("sqrt(x)", "1/sqrt(x)", {"x": NUMBERS}),
        ("1/x", "log(x)", {"x": NUMBERS}),
        ("sum(relu(x))", "x > 0", {"x": PAIRS}),
        ("max(x)", "x == max(x)", {"x": PAIRS}),
        ("norm(x)", "x/norm(x)", {"x": PAIRS}),
        ("sum(maximum(x, a))", "x > a", {"x": PAIRS, "a": np.array([0.5, 2, 0, 1, 3, -1])}),
        ("sum(x)*a", {"x": "a*ones(2)", "a": "x[0] - x[1]"}, {"x": PAIRS, "a": NUMBERS[:6]}),
        ("sum(x^2)", "sum(2*x)", {"x": PAIRS}),
        ("max(eigvalsh(A))", "eye(2)", {"A": PLANES}),
        ("logdet(A)", "inv(A)", {"A": PLANES}),
        (piecewise, lambda x: np.where(x > 0, 2 * x, -3), {"x": NUMBERS[NUMBERS != 0]}),
        (piecewise, lambda x: 2 * x, {"x": NUMBERS}),
        ("x^3", lambda x: 3 * x**2 if x else np.zeros(2), {"x": NUMBERS}),
    ],
)
def test_verdicts_are_those_of_single_checks(target, claim, points):
    if isinstance(claim, str):
        claim = {next(iter(points)): claim}
    assert checked(target, claim, points)[0] == alone(target, claim, points)


@pytest.mark.parametrize(
    ("target", "claim", "points", "of"),
    [
        ("x^3", {"x": "diag(3*x^2) + (x[0] == 3)"}, {"x": PAIRS}, "jac"),
        ("sum(x^3) + prod(x)", {"x,x": "diag(6*x) + [[0, 1], [1, 0]]"}, {"x": PAIRS}, "hess"),
        ("a*sum(x^3)", {"x,a": "3*x^2", "a,x": "3*abs(x)*x"}, {"x": PAIRS, "a": NUMBERS[:6]}, "hess"),
    ],
)
def test_jacobians_and_hessians(target, claim, points, of):
    assert checked(target, claim, points, of)[0] == alone(target, claim, points, of)


@pytest.mark.parametrize(
    ("target", "claim", "numbers"),
    [("abs(x)", {"x": "sign(x)*(1 + (x < 1))"}, NUMBERS[::-1]), (piecewise, lambda x: 2 * x, NUMBERS)],
)
def test_many_failing_rows_are_told_with_less_work(target, claim, numbers, monkeypatch):
    expected = alone(target, claim, {"x": numbers})
    monkeypatch.setattr(rows, "MOST_MEASURED", 1)
    assert checked(target, claim, {"x": numbers})[0] == expected
    assert set(expected[("x",)]) == {"pass", "fail", "inconclusive"}


def test_errors_are_relative_to_the_larger_one():
    _, (by_x, by_a) = checked("a*x[0]*x[1]", {"x": "a*[x[1], 2*x[0]]", "a": "prod(x)"},
                              {"x": np.array([[1.0, 2], [3, 4]]), "a": np.array([1.0, -2])})  # fmt: skip
    np.testing.assert_allclose(by_x, [0.5, 0.5], rtol=1e-15)
    np.testing.assert_array_equal(by_a, [0, 0])


def test_points_near_each_row_where_they_are_asked_for():
    points = {"x": np.array([2.0, 5.0])}
    assert checked("x^2", {"x": "x + 2"}, points)[0] == {("x",): ["pass", "fail"]}
    assert checked("x^2", {"x": "x + 2"}, points, random=2)[0] == {("x",): ["fail", "fail"]}


def test_constants_choose_the_slope():
    points, constants = {"x": NUMBERS}, {"a": 1.0}
    told, _ = checked("maximum(x, a)", {"x": "x > a"}, points, constants=constants)
    assert told == alone("maximum(x, a)", {"x": "x > a"}, points, constants=constants)
    assert told[("x",)][5] == "inconclusive"


# --- the command


def adiff(*words):
    """(exit code, standard output, standard error) of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("x\n2\n0\n-1\n3\n")


def test_formats_of_numbers_have_numbers(table):
    assert adiff("check", "abs(x)", "--against", "(x > -1)*1", "--rows", "in.csv", "-o", "out.npz", "-q") == (1, "", "")
    with np.load("out.npz") as found:
        np.testing.assert_array_equal(found["verdict_df_dx"], [1, np.nan, 0, 1])
        np.testing.assert_array_equal(found["rel_df_dx"], [0, 1, 1, 0])


def test_functions_that_fail_at_a_row(table, tmp_path):
    (tmp_path / "own.py").write_text("def slope(x):\n    assert x < 3, 'too large'\n    return 2 * x\n")
    words = "check", "x^2", "--against", "own.py:slope", "--rows", "in.csv"
    code, out, err = adiff(*words, "--on-error", "skip")
    assert (code, out.count("pass")) == (0, 3)
    assert "1 of 4 rows were left out; the first is line 5: own.py:2: AssertionError: too large" in err
    assert adiff(*words)[0] == 3


def test_what_was_not_measured_is_said(table, monkeypatch):
    words = "check", "x^2", "--against", "x", "--rows", "in.csv"
    assert "note" not in adiff(*words)[2]
    monkeypatch.setattr(rows, "MOST_MEASURED", 2)
    code, out, err = adiff(*words)
    assert (code, out.count("fail"), "compared with automatic differentiation alone" in err) == (1, 3, True)


@pytest.fixture
def parts(table, tmp_path):
    """A folder whose second file has the first row at which |x| - 3 changes its sign."""
    (tmp_path / "data").mkdir()
    for name, numbers in {"1": "1,2", "2": "3.5,-1,-4", "10": "-2,0"}.items():
        (tmp_path / "data" / f"{name}.csv").write_text("x\n" + numbers.replace(",", "\n") + "\n")


WRONG = "check", "x^2", "--against", "2*x + (abs(x) > 3)", "--rows"
SAID = "FAIL  5 of 7 rows pass, 2 fail; the first that fails is data/2.csv, line 2: df/dx is 8 and should be 7\n"


@pytest.mark.parametrize("place", ["data", "data/*.csv"])
def test_the_verdict_is_that_of_many_files(parts, place):
    code, out, err = adiff(*WRONG, place)
    assert (code, out.count("pass"), out.count("fail")) == (1, 5, 2)
    assert err.startswith(SAID)
    assert adiff("check", "x^2", "--against", "2*x", "--rows", place)[::2] == (0, "PASS  7 of 7 rows pass\n")
    code, _, err = adiff("check", "abs(x)", "--against", "sign(x)", "--rows", place)
    assert code == 3
    assert err.startswith("INCONCLUSIVE  6 of 7 rows pass, 1 is inconclusive; the first inconclusive one is data/10")


def test_files_are_checked_again_that_have_verdicts(parts, tmp_path):
    """What failed in them before still fails."""
    for _ in range(2):
        code, out, err = adiff(*WRONG, "data", "-o", "out/")
        assert (code, out) == (1, "")
        assert err.startswith(SAID)
    told = {path.name: path.read_text().count("fail") for path in (tmp_path / "out").glob("*.csv")}
    assert told == {"1.csv": 0, "2.csv": 2, "10.csv": 0}
    assert adiff("check", "x^2", "--against", "2*x", "--rows", "data", "-o", "out/")[0] == 2  # another question
    assert adiff("check", "x^2", "--against", "2*x", "--rows", "data", "-o", "out/", "--overwrite")[0] == 0


@pytest.mark.parametrize("words", [(), ("-o", "out/")])
def test_a_bad_row_does_not_hide_what_failed_before(parts, tmp_path, words):
    (tmp_path / "data" / "10.csv").write_text("x\n-2\nNA\n")
    code, _, err = adiff(*WRONG, "data", *words)
    assert code == 3
    assert err.startswith(SAID.replace("5 of 7", "3 of 5" if words else "4 of 6"))
    assert "error[bad-row]: data/10.csv, line 3, column x: NA stands for a missing number" in err


def test_no_rows_are_no_success(table, tmp_path):
    (tmp_path / "none.csv").write_text("x\n")
    code, _, err = adiff("check", "x^2", "--against", "2*x", "--rows", "none.csv")
    assert (code, err) == (3, "INCONCLUSIVE  no row was checked\n")


def test_the_same_words_with_polars_and_without(table, tmp_path, monkeypatch):
    numbers = np.random.default_rng(0).normal(size=20_000).round(3)
    (tmp_path / "many.csv").write_text("x\n" + "\n".join(map(str, numbers)) + "\n")
    words = "check", "abs(x)", "--against", "(x > -3)*sign(x)", "--rows", "many.csv", "-q"
    code, quick, _ = adiff(*words)
    monkeypatch.setattr(fast, "_ENOUGH", np.inf)
    assert (code, quick) == (1, adiff(*words)[1])
    expected = {f"{x},{'inconclusive' if x == 0 else 'fail' if x <= -3 else 'pass'}" for x in numbers.tolist()}
    assert {line.rpartition(",")[0] for line in quick.splitlines()[1:]} == expected
