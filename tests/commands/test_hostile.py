"""What a careless or hostile line gets: an answer or an error of its own, at once, and never a traceback."""

import contextlib
import io

import pytest

from autodiff_cli.cli import main
from autodiff_cli.errors import BAD_INPUT
from autodiff_cli.export.symbolic.algebra import Term
from tests.transcripts import settled


def run(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["x" * 100_000], "error[unknown-command]: there is no command called xxx"),
        (["grad", "x", "--x", "1", "y" * 100_000], "error[usage]: adiff grad takes one, but there are 2: x and yyy"),
        (["grad", "-" * 100_000], "error[usage]: ---"),
        (["grad", "x", "--" + "y" * 100_000, "1"], "error[unknown-name]: yyy"),
        (["grad", "x", "--x", "1" + "0" * 100_000, "x=1" + "0" * 100_000], "error[bound-twice]: x is given two"),
        (["grad", "x", "--x", "1" + "0" * 100_000], "error[overflow]: --x: 1000000000...0000 is too large"),
    ],
)
def test_long_words_are_not_repeated(words, start):
    code, _, stderr = run(*words)
    assert code == BAD_INPUT
    assert stderr.startswith(start)
    assert len(stderr) < 500


def test_deep_nesting():
    assert run("grad", "(" * 5000 + "x" + ")" * 5000, "--x", "2")[:2] == (0, "f = 2\ndf/dx = 1\n")
    assert run("grad", "-(" * 1000 + "x" + ")" * 1000, "--x", "2")[:2] == (0, "f = 2\ndf/dx = 1\n")


def test_the_formula_of_a_sum_takes_as_long_as_the_sum(monkeypatch):
    looks = []
    key = Term.key.fget
    monkeypatch.setattr(Term, "key", property(lambda term: looks.append(term) or key(term)))
    for count in (50, 100):
        terms = range(1, count + 1)
        powers = [sum(k for k in terms if k % 7 == power) for power in range(7)]
        looks.append(None)
        code, stdout, _ = run("grad", "+".join(f"{k}*x*y^{k % 7}" for k in terms), "--wrt", "x")
        assert code == 0
        assert all(str(number) in stdout for number in powers)
    assert len(looks) - looks.index(None, 1) < 2.5 * looks.index(None, 1)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of means of nothing
@pytest.mark.parametrize("command", ["value", "grad", "jac", "hess"])
@pytest.mark.parametrize("expression", ["std(x)", "var(x)", "mean(x)", "norm(x)", "sum(sort(x))", "x @ x", "prod(x)"])
def test_nothing_at_all(command, expression):
    code, stdout, _ = run(command, expression, "--x", "zeros(0)")
    assert code == 0
    assert stdout.startswith("f = ")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("expression", "value"), [("std(x)", "zeros(0)"), ("var(x, ddof=1)", "3"), ("mean(x)", "[]")])
def test_formulas_of_nothing_are_refused(expression, value):
    code, _, stderr = run("export", expression, "--x", value)
    assert code == BAD_INPUT
    assert stderr.startswith("error[export]: df/dx cannot be written as a formula")


@pytest.mark.parametrize("text", ["1,2\n3,4", "1,2;\n3,4;", "1 2\n3 4\n", "[[1,2],\n [3,4]]", "[[1. 2.]\n [3. 4.]]"])
def test_a_matrix_over_lines(text):
    assert run("value", "A", "--A", text, "--raw") == (0, "1,2;3,4\n", "")


def test_definitions_over_lines_are_no_matrix():
    assert run("value", "x", "--x", "s = 2\ns*3", "--raw") == (0, "6\n", "")


def test_verbose_tells_the_file_of_a_function(tmp_path):
    file = tmp_path / "model.py"
    file.write_text("def loss(x):\n    return (x**2).sum()\n")
    code, stdout, stderr = run("grad", f"{file}:loss", "--x", "1,2", "-v")
    assert (code, stdout) == (0, "f = 5\ndf/dx = [2, 4]\n")
    assert f"info: {file}:loss is in {file}\n" in stderr


def test_verbose_of_rows(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("x\n3\n")
    code, stdout, stderr = run("grad", "k*x^2", "--k", "2", "--rows", str(file), "-v")
    assert (code, stdout) == (0, "x,f,df_dx\n3,18.0,12.0\n")
    assert settled(stderr) == (
        "info: adiff ...\ninfo: k is a number, float64, as typed\ninfo: ... to read\ninfo: ... to answer\n"
    )
