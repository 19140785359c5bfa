"""pdflatex sets every LaTeX that is printed: all in one document, with amsmath and bm and nothing else."""

import re
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.export.latex import latex
from autodiff_cli.lettering import symbol
from tests import transcripts
from tests.export.expressions import EXPRESSIONS, of_the_catalogue, text
from tests.export.test_latex import RANKS, SET, SYMBOLS
from tests.language.writer import trees, written
from tests.test_documents import ROOT

pytestmark = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
PRINTING = ("adiff jac 'exp(t)*ones(12)' --t 1 -f latex", "adiff taylor 'sin(θ)' --θ 0 -f latex",
            "adiff hess 'x_1^2*ω' --x_1 1 --ω 2 -f latex", "adiff grad '1e-9*a_b_c + 1e300' --a_b_c 1e-300 -f latex",
            "adiff jac 'x^2' --x '[[[1,2],[3,4]]]' -f latex", "adiff grad 'log(x)' --x 0 -f latex")  # fmt: skip
STRANGE = 'norm(A, "#$%&_{}^~\\ <>|")'


def displays():
    """Display lines by what they come from."""
    yield from ((source, rf"\[ {line} \]") for source, line in SET.items())
    yield from ((name, rf"\[ {symbol(name, rank)} \]") for name in SYMBOLS for rank in range(3))
    yield STRANGE, rf"\[ {latex(f'{STRANGE} + tr(A, {STRANGE[8:-1]})', {})} \]"
    for source, point in [*EXPRESSIONS, *of_the_catalogue()]:
        yield from ((source, line) for line in exported(source, point))
    for command in (*of_the_cookbook(), *PRINTING):
        run = transcripts.run(command)
        assert run.exit_code == 0
        yield from ((command, line) for line in run.stdout.splitlines())
    for path in transcripts.CASES.glob("*latex*.txt"):
        yield from ((path.stem, line) for line in transcripts.read(path).stdout.splitlines() if line.startswith(r"\["))


def exported(source, point):
    try:
        return text(source, point, "latex").splitlines()
    except ad.AdiffError:
        return []


def of_the_cookbook():
    """The commands of the Matrix Cookbook's table."""
    page = (ROOT / "examples" / "matrix_cookbook.md").read_text()
    for row, name in re.findall(r"^(\S.*?)\s{3,}df/d(\w+) = ", page, re.MULTILINE):
        yield f"adiff export {shlex.quote(row)} --wrt {name} --to latex"


def compiled(lines, folder):
    """The complaints about (source, display line), each with its source."""
    begin = r"\documentclass{article}\usepackage{amsmath,bm}\begin{document}"
    (folder / "all.tex").write_text("\n".join([begin, *(line for _, line in lines), r"\end{document}"]))
    command = ["pdflatex", "-interaction=nonstopmode", "-file-line-error", "all.tex"]
    said = subprocess.run(command, cwd=folder, capture_output=True).stdout.decode("utf-8", "replace")
    found = re.findall(r"all\.tex:(\d+): (.*)", said)
    assert found or "Output written" in said
    return [(lines[int(number) - 2][0], what) for number, what in found]


def test_all_that_is_printed(tmp_path):
    lines = list(displays())
    assert len(lines) > 600
    assert compiled(lines, tmp_path) == []


def test_trees(tmp_path):
    lines = []

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(trees(), st.randoms(use_true_random=False))
    def draw(tree, random):
        source = written(tree, random)
        lines.append((source, rf"\[ {latex(source, RANKS)} \]"))

    draw()
    assert len(lines) >= 80
    assert compiled(lines, tmp_path) == []


def test_what_is_wrong_is_found(tmp_path):
    assert compiled([("a", r"\[ a \]"), ("b", r"\[ b_1_2 \]")], tmp_path) == [("b", "Double subscript.")]
