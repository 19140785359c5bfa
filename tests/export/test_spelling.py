"""Trees written as text: with no more parentheses than are needed, and read back as they were."""

import pytest

from autodiff_cli.export.symbolic.spelling import spelled
from autodiff_cli.language.parser import parse

AS_THEY_ARE = ["-2*x*exp(-x)", "-x/y", "a - (-2*x)", "-x^2*y", "(-x)^2", "-2*x + y", "a*(-2)", "a @ (-x*y)",
               "(a - b)*c", "2*(-x*y)", "-(a + b)*c", "a/(-b)", "(A @ x)/y", "x' @ A", "not a < b",
               "[-x*y, 1]"]  # fmt: skip


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_what_needs_its_parentheses_keeps_them(text):
    tree = parse(text).result
    assert spelled(tree) == text
    assert str(parse(spelled(tree)).result) == str(tree)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("(-2)*x", "-2*x"), ("((-2)*x)*y", "-2*x*y"), ("(x*y)*z", "x*y*z"), ("(x^2)", "x^2"), ("-(2*x)", "-2*x")],
)
def test_what_needs_none_has_none(text, plain):
    assert spelled(parse(text).result) == plain
