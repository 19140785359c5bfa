"""LaTeX: what a textbook would set, and that it is well formed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.export.latex import latex
from autodiff_cli.lettering import symbol
from tests.export.expressions import EXPRESSIONS, text
from tests.language.writer import trees, written

RANKS = {"x": 1, "y": 1, "A": 2, "B": 2}
SET = {
    "2*a": r"2 \, a",
    "a*2": r"a \cdot 2",
    "2*3*a": r"2 \cdot 3 \, a",
    "a/(b + 1)": r"\frac{a}{b + 1}",
    "(a/b)^2": r"\left( \frac{a}{b} \right)^{2}",
    "-(a + b)^2": r"-\left( a + b \right)^{2}",
    "(-a)^2": r"\left( -a \right)^{2}",
    "a - (b - c)": r"a - \left( b - c \right)",
    "a + -b": r"a + \left( -b \right)",
    "(a^b)^c": r"\left( a^{b} \right)^{c}",
    "sin(a)^2*exp(-b)": r"\sin^{2}\left( a \right) \, \mathrm{e}^{-b}",
    "sqrt(2) + abs(a) + norm(x)": r"\sqrt{2} + \left| a \right| + \left\| \mathbf{x} \right\|",
    "2*A' @ (A @ x - y)": r"2 \, \mathbf{A}^{\top} \, \left( \mathbf{A} \, \mathbf{x} - \mathbf{y} \right)",
    "x*y": r"\mathbf{x} \odot \mathbf{y}",
    "a*x*y": r"\left( a \, \mathbf{x} \right) \odot \mathbf{y}",
    "x*(A @ y)": r"\mathbf{x} \odot \left( \mathbf{A} \, \mathbf{y} \right)",
    "inv(A)'": r"\mathbf{A}^{-\top}",
    "inv(A)*B": r"\mathbf{A}^{-1} \odot \mathbf{B}",
    "outer(x, y)": r"\mathbf{x} \, \mathbf{y}^{\top}",
    "x @ y": r"\mathbf{x}^{\top} \, \mathbf{y}",
    "x @ A @ B @ y": r"\mathbf{x}^{\top} \, \mathbf{A} \, \mathbf{B} \, \mathbf{y}",
    "x @ A": r"\mathbf{A}^{\top} \, \mathbf{x}",
    "x @ A @ B + y": r"\mathbf{B}^{\top} \, \mathbf{A}^{\top} \, \mathbf{x} + \mathbf{y}",
    "x' @ A": r"\mathbf{x}^{\top} \, \mathbf{A}",
    "(a*x) @ inv(A)": r"\mathbf{A}^{-\top} \, a \, \mathbf{x}",
    "2*(x @ y)*x": r"2 \, \left( \mathbf{x}^{\top} \, \mathbf{y} \right) \, \mathbf{x}",
    "-(x @ y)*x": r"\left( -\mathbf{x}^{\top} \, \mathbf{y} \right) \, \mathbf{x}",
    "-outer(A @ x, A @ y)": r"-\mathbf{A} \, \mathbf{x} \, \left( \mathbf{A} \, \mathbf{y} \right)^{\top}",
    "A^2 + x^2": r"\mathbf{A}^{\circ 2} + \mathbf{x}^{2}",
    "det(A)^2": r"\det\left( \mathbf{A} \right)^{2}",
    'norm(A) + norm(A, "fro") + norm(x, 1)': r"\left\| \mathbf{A} \right\|_{\mathrm{F}} + "
    r"\left\| \mathbf{A} \right\|_{\mathrm{F}} + \left\| \mathbf{x} \right\|_{1}",
    "norm(A, axis=0)": r"\operatorname{norm}\left( \mathbf{A}, \mathrm{axis} = 0 \right)",
    "solve(A, x) + eye(3) @ y": r"\mathbf{A}^{-1} \, \mathbf{x} + \mathbf{I}_{3} \, \mathbf{y}",
    "[a, a, a, a, a, a, a, a, a, a, 1]": r"\left[ \begin{array}{*{11}{c}} " + "a & " * 10 + r"1 \end{array} \right]",
    "x[0]*x[1]": r"\mathbf{x}_{0} \, \mathbf{x}_{1}",
    "A[:, 1]": r"\mathbf{A}_{{:},1}",
    "[[1, 2], [3, a]]": r"\begin{bmatrix} 1 & 2 \\ 3 & a \end{bmatrix}",
    "[a, b]": r"\begin{bmatrix} a & b \end{bmatrix}",
    "a if 0 <= a < 1 else b": r"\begin{cases} a & \text{if } 0 \le a < 1 \\ b & \text{otherwise} \end{cases}",
    "not (a < 1 or b == 2 and c)": r"\lnot \left( a < 1 \lor b = 2 \land c \right)",
    "a % b": r"a \bmod b",
    "pi*e*1e-7": r"\pi \, \mathrm{e} \cdot 1 \cdot 10^{-7}",
    "D(a^3, a, 2)": r"\frac{\partial^{2}}{\partial a^{2}} \left( a^{3} \right)",
    "s = exp(-t); s/(1 + s)^2": r"\frac{s}{\left( 1 + s \right)^{2}} \quad \text{where } s = \mathrm{e}^{-t}",
    "f(t) = t^2; f(a) + f'(a)": r"f\left( a \right) + f'\left( a \right) \quad \text{where } f\left( t \right) = t^{2}",
    "r = A @ x; r*r": r"\mathbf{r} \odot \mathbf{r} \quad \text{where } \mathbf{r} = \mathbf{A} \, \mathbf{x}",
    'einsum("ij->j", A)': r"\operatorname{einsum}\left( \texttt{ij->j}, \mathbf{A} \right)",
}
SYMBOLS = {"x": "x", "theta": r"\theta", "θ": r"\theta", "Σ": r"\Sigma", "x1": "x_{1}", "x_12": "x_{12}",
           "phi_max": r"\phi_{\mathrm{max}}", "loss": r"\mathrm{loss}", "learning_rate": r"\mathrm{learning\_rate}",
           "w2": "w_{2}", "é": r"\text{é}",
           "λ1": r"\lambda_{1}", "ϕ": r"\phi", "αβ": r"\mathrm{\alpha \beta }", "x_α": r"x_{\alpha}", "Α": "A",
           "_1": r"\mathrm{\_}_{1}", "x_a1": "x_{a1}", "ς": r"\varsigma"}  # fmt: skip
COMMANDS = set(re.findall(r"\\[A-Za-z]+", " ".join([*SET.values(), *SYMBOLS.values()])))
_OTHERS = """alpha beta gamma cos tan ln arcsin det max log operatorname boldsymbol lfloor
    rfloor lceil rceil ge ne ldots infty tau ell sinh cosh tanh arccos arctan Gamma psi min sigma partial lambda
    epsilon circ text"""
COMMANDS |= {rf"\{name}" for name in _OTHERS.split()}


@pytest.mark.parametrize("source", SET)
def test_formulas(source):
    assert latex(source, RANKS) == SET[source]


@pytest.mark.parametrize("name", SYMBOLS)
def test_symbols(name):
    assert symbol(name) == SYMBOLS[name]


def test_arrays_are_bold():
    assert [symbol("x", 1), symbol("theta", 1), symbol("W1", 2)] == [
        r"\mathbf{x}",
        r"\boldsymbol{\theta}",
        r"\mathbf{W}_{1}",
    ]


def assert_well_formed(found):
    depth, fences, environments = 0, 0, []
    for token in re.findall(r"\\left|\\right|\\begin\{\w+\}|\\end\{\w+\}|\\[{}]|[{}]", found):
        depth += {"{": 1, "}": -1}.get(token, 0)
        fences += {r"\left": 1, r"\right": -1}.get(token, 0)
        if token.startswith(r"\begin"):
            environments.append(token[6:])
        elif token.startswith(r"\end"):
            assert environments.pop() == token[4:]
        assert depth >= 0 and fences >= 0
    assert depth == fences == 0 and not environments
    assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_|\^\{\}|_\{\}", found)  # two exponents, or an empty one


@settings(max_examples=150, deadline=None)
@given(trees(), st.randoms(use_true_random=False))
def test_every_tree_is_well_formed(tree, random):
    assert_well_formed(latex(written(tree, random), RANKS))


def test_exports():
    exported = 0
    for source, point in EXPRESSIONS:
        try:
            found = text(source, point, "latex")
        except ad.AdiffError as error:
            assert error.message.endswith("cannot be written in LaTeX")
            continue
        exported += 1
        assert found.count("\n") == 1 + len(point)
        assert_well_formed(found)
        assert {*re.findall(r"\\[A-Za-z]+", found)} <= COMMANDS
    assert exported > 20


def test_display_lines():
    assert text("sum(x*y)", {"x": [1, 2], "y": [3, 4]}, "latex") == (
        r"\[ f = \operatorname{sum}\left( \mathbf{x} \odot \mathbf{y} \right) \]" + "\n"
        r"\[ \frac{\partial f}{\partial \mathbf{x}} = \mathbf{y} \]" + "\n"
        r"\[ \frac{\partial f}{\partial \mathbf{y}} = \mathbf{x} \]" + "\n"
    )
