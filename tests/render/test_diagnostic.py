"""Carets stand under what they mean, whatever the text is made of."""

from autodiff_cli.errors import AdiffError, Span
from autodiff_cli.render.diagnostic import columns, draw, printable


def excerpt(source, start, end, **more):
    """The lines drawn under the message."""
    return draw("error", AdiffError("c", "m", span=Span(start, end), **more), source).splitlines()[1:]


def test_caret_and_label():
    assert excerpt("sin(x) + sqr(y)", 9, 12, label="here") == ["  | sin(x) + sqr(y)", "  |          ^^^ here"]


def test_caret_after_the_end():
    assert excerpt("x +", 3, 3) == ["  | x +", "  |    ^"]


def test_wide_and_combining_characters():
    assert excerpt("変数 + y", 5, 6)[1] == "  |        ^"
    assert excerpt("e\u0301 + y", 5, 6)[1] == "  |     ^"
    assert columns("変数") == 4


def test_only_the_line_of_the_place():
    assert excerpt("a = 1\nb = $\na", 10, 11) == ["  | b = $", "  |     ^"]


def test_long_lines_are_cut_around_the_place():
    source = "x+" * 5000 + "$" + "+x" * 5000
    line, caret = excerpt(source, 10000, 10001)
    assert len(line) < 120
    assert line[caret.index("^")] == "$"
    assert "..." in line


def test_long_places_are_cut():
    line, caret = excerpt("x" * 3000, 0, 3000)
    assert len(line) < 120
    assert len(caret) < 120


def test_control_characters_do_not_reach_the_terminal():
    assert "\x1b" not in printable("a\x1b[2Jb\r")
    assert draw("error", AdiffError("c", "bad \x1b[31m"), None).count("\x1b") == 0


def test_color():
    text = draw("warning", AdiffError("c", "m", help="h"), None, color=True)
    assert text.startswith("\x1b[1;33mwarning\x1b[0m: m")
