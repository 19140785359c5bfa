"""No input gives a traceback: random tokens, random trees and random values through the whole command line."""

import contextlib
import io
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.cli import main
from autodiff_cli.errors import BAD_INPUT, UNDEFINED
from autodiff_cli.language.functions import ALIASES, CONSTANTS, FUNCTIONS

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ANSWERS = (0, BAD_INPUT, UNDEFINED)

NAMES = st.sampled_from(["x", "A", "s", "v", *CONSTANTS])
FUNCTION_NAMES = st.sampled_from([*FUNCTIONS, *ALIASES])
SIGNS = """+ - * / ^ ** @ % ' .T ² √ ( ) [ ] , ; : = == < != and or not if else ... axis=0 None"""
TOKENS = st.one_of(
    NAMES,
    FUNCTION_NAMES,
    st.sampled_from(SIGNS.split()),
    st.sampled_from(
        ["0", "1", "2", "3", "0.5", "-1", "1e3", "10^12", '"ij->ji"', "\n", "#", "$", "\\", "\0", "é", "𝔁"]
    ),
)
WORDS = """x^2 --x 3 --json --raw -f text -w -- x=3 --wrt y -q - @- --digits --digits=3 --color -x --= --- ="""
NUMBERS = st.sampled_from(["0", "1", "2", "0.5", "-1", "3", "1e300", "10"])
POINT = ["--x", "0.5,2", "--A", "2,1;1,3", "--s", "0.7", "--v", "1,2,3"]


def trees(inner):
    pair = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^", "@", "%", "<", "=="]), inner)
    return st.one_of(
        pair.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(-{t})"),
        inner.map(lambda t: f"({t})'"),
        st.tuples(FUNCTION_NAMES, st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(
            FUNCTION_NAMES, inner, st.sampled_from(["axis=0", "axis=1", "axis=-3", "keepdims=True", "k=1", "ord=1"])
        ).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.tuples(inner, st.sampled_from(["0", ":", "1:", "::2", "...", "None", "-1", "0, 1", ":, 0"])).map(
            lambda t: f"{t[0]}[{t[1]}]"
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda t: f"[{', '.join(t)}]"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} > 0 else {t[2]})"),
        st.tuples(inner, NAMES, st.sampled_from(["", ", 2", ", n=3"])).map(lambda t: f"D({t[0]}, {t[1]}{t[2]})"),
        st.tuples(FUNCTION_NAMES, st.sampled_from(["'", "''"]), inner).map(lambda t: f"{t[0]}{t[1]}({t[2]})"),
    )


EXPRESSIONS = st.recursive(st.one_of(st.sampled_from(["x", "A", "s", "v"]), NUMBERS), trees, max_leaves=8)


SMOOTH = st.recursive(
    st.sampled_from(["x", "y", "s", "2", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["sin", "tanh", "exp", "atan", "softplus"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda t: f"({t})^2/(2 + ({t})^2)"),
        inner.map(lambda t: f"D({t}, x)"),
        st.tuples(st.sampled_from(["sin", "tanh", "f"]), inner).map(lambda t: f"{t[0]}'({t[1]})"),
    ),
    max_leaves=6,
)


def run(*words):
    """The exit code, with all output swallowed."""
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(b"x^3"))
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as errors:
            code = main(list(words))
    finally:
        sys.stdin = stdin
    assert code in ANSWERS, errors.getvalue()


def used(expression):
    """The bindings of POINT that an expression can use, so that it is not refused for the others."""
    pairs = zip(POINT[::2], POINT[1::2], strict=True)
    return [word for flag, value in pairs if flag[2:] in expression for word in (flag, value)]


@QUICK
@given(st.lists(TOKENS, max_size=14), st.booleans())
def test_token_strings(tokens, spaced):
    expression = (" " if spaced else "").join(tokens)
    run("grad", expression, *used(expression))


@QUICK
@given(EXPRESSIONS)
def test_trees(expression):
    run("value", expression, *used(expression), "--json")


@QUICK
@given(EXPRESSIONS)
def test_gradients(expression):
    run("grad", f"sum({expression})", *used(expression))


@QUICK
@given(st.text(alphabet="0123456789.,;[]()-+eE @:infa\0 \n", max_size=20))
def test_values(text):
    run("value", "x", f"--x={text}")


@QUICK
@given(st.lists(st.sampled_from([*WORDS.split(), ""]), max_size=6))
def test_command_lines(words):
    run("grad", *words)


@pytest.mark.parametrize("words", [["grad", "@\0"], ["value", "x", "--x", "@\0.npy"], ["grad", "@."], ["grad", "@"]])
def test_file_names_that_cannot_be(words):
    run(*words)


@QUICK
@given(SMOOTH)
def test_derivatives_inside_are_those_outside(expression):
    """D(e, x) is the gradient of e, and D(e, x, 2) its Hessian, whatever derivatives e has inside."""
    before, point = "s = x*y; f(t) = t^3*x; ", {"x": 0.7, "y": -0.4}
    f = ad.parse(f"{before}{expression} + 0*x*y")
    with np.errstate(all="ignore"):
        for inside, outside in (("", f.grad(point)["x"]), (", 2", f.hessian(point)["x"]["x"])):
            found = ad.parse(f"{before}D({expression}, x{inside}) + 0*x*y").value(point)
            np.testing.assert_allclose(found, outside, rtol=1e-9, atol=1e-9)
