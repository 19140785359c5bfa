"""One line of variables and options, taken apart."""

import pytest

from autodiff_cli.commands.bindings import split
from autodiff_cli.errors import AdiffError

OPTIONS = {"--wrt": True, "-w": True, "--json": False, "-q": False, "--digits": True}


@pytest.mark.parametrize(
    ("words", "bindings", "options", "positional"),
    [
        (["f", "--x", "1"], {"x": "1"}, [], ["f"]),
        (["--x", "1", "f"], {"x": "1"}, [], ["f"]),
        (["f", "--x=1"], {"x": "1"}, [], ["f"]),
        (["f", "--x", "-1,2"], {"x": "-1,2"}, [], ["f"]),
        (["f", "--x", "-"], {"x": "-"}, [], ["f"]),
        (["f", "x=1"], {"x": "1"}, [], ["f"]),
        (["f", "x="], {"x": ""}, [], ["f"]),
        (["f", "wrt=3", "--wrt", "wrt"], {"wrt": "3"}, ["--wrt", "wrt"], ["f"]),
        (["f", "--wrt=x"], {}, ["--wrt", "x"], ["f"]),
        (["f", "-w=x"], {}, ["-w", "x"], ["f"]),
        (["f", "--wrt="], {}, ["--wrt", ""], ["f"]),
        (["a=3;1/2a", "--x", "1"], {"x": "1"}, [], ["a=3;1/2a"]),
        (["A=1e5,2;-3E-4,4"], {"A": "1e5,2;-3E-4,4"}, [], []),
        (["-x^2", "-q", "-w", "x"], {}, ["-q", "-w", "x"], ["-x^2"]),
        (["--", "--x"], {}, [], ["--x"]),
        (["x==1", "--x", "1"], {"x": "1"}, [], ["x==1"]),
        (["f", "--θ", "1", "--x_1", "2"], {"θ": "1", "x_1": "2"}, [], ["f"]),
        (["s=x*y; s^2", "--x", "1"], {"x": "1"}, [], ["s=x*y; s^2"]),
        (["A=1,2;3,4", "det(A)"], {"A": "1,2;3,4"}, [], ["det(A)"]),
        (["A=1,2;-3,4"], {"A": "1,2;-3,4"}, [], []),
        (["f(t) = t; f(x)", "--x", "1"], {"x": "1"}, [], ["f(t) = t; f(x)"]),
    ],
)
def test_split(words, bindings, options, positional):
    line = split(words, OPTIONS)
    assert (line.bindings, line.options, line.positional) == (bindings, options, positional)


@pytest.mark.parametrize(
    "words",
    [
        ["--x"],
        ["--x", "--y", "1"],
        ["--x", "1", "x=2"],
        ["--x", "1", "--x", "1"],
        ["--wrt"],
        ["--json=1"],
        ["--1x", "2"],
    ],
)
def test_refused(words):
    with pytest.raises(AdiffError):
        split(words, OPTIONS)
