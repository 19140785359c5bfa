"""What is asked of a tree: its names, its walk, and what has parentheses."""

import pytest

from autodiff_cli.errors import Span
from autodiff_cli.language import syntax
from autodiff_cli.language.functions import CONSTANTS
from autodiff_cli.language.parser import parse
from autodiff_cli.language.syntax import called_names, free_names, is_grouped, outline, walk


@pytest.mark.parametrize(
    ("text", "free", "called"),
    [
        ("y*x + y", "y x", ""),
        ("sum(A, axis=n) + x[i:j, k] + pi", "A n x i j k pi", "sum"),
        ("s = x*y; s^2", "x y", ""),
        ("f(t, u) = t^2 + v*u; f(x, t)", "v x t", ""),
        ("g(t) = sin(t); g(g(x)) + cos(x)", "x", "sin cos"),
        ("x = x + 1; x", "x", ""),
        ("t = s; s = 2; t + s", "s", ""),
        ("f(t) = f(t - 1); f(x)", "x", "f"),
        ("a if b else [c, (d,)] + √e", "a b c d e", "sqrt"),
        ('einsum("ij", A)', "A", "einsum"),
        ("f(t) = D(t*y, t); f'(x) + g''(A')", "y x A", "D g"),
    ],
)
def test_names(text, free, called):
    script = parse(text)
    assert [name.name for name in free_names(script)] == free.split()
    assert [name.name for name in called_names(script)] == called.split()


def test_names_know_where_they_are_first_used():
    script = parse("y + exp(x)*exp(x)")
    assert [name.span for name in free_names(script)] == [Span(0, 1), Span(8, 9)]
    assert [name.span for name in called_names(script)] == [Span(4, 7)]


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("(x)", True),
        ("x", False),
        ("(x) + (y)", False),
        ("((x) + y)", True),
        ("(x)'", False),
        ("(-x)", True),
        ("-(x)", False),
        ("(x, y)", True),
        ("(f(x))", True),
        ("(x)[0]", False),
        ("(x) < y", False),
    ],
)
def test_grouped(text, grouped):
    assert is_grouped(parse(text).result, text) == grouped


def test_walk_goes_in_the_order_of_the_source():
    tree = parse("a if b else c + [d, f(e)][g:h, ...]").result
    assert "".join(node.name for node in walk(tree) if type(node) is syntax.Name) == "abcdegh"


def test_nodes_are_compared_by_identity():
    first, second = parse("x + 1"), parse("x + 1")
    assert first == first
    assert first != second
    assert len({first, second, first}) == 2
    assert outline(first) == outline(second) == repr(first) == "(script (+ x 1))"


def test_the_constants_are_those_of_the_catalogue():
    assert CONSTANTS.keys() == syntax.CONSTANTS
