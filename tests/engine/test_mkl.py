"""MKL's functions in place of NumPy's, in long blocks, where they are installed."""

import sys

import mpmath
import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import mkl
from autodiff_cli.engine.blocks import PIECE

INSIDE = {"log": (0, 100), "log2": (0, 100), "log10": (0, 100), "log1p": (-1, 100), "arcsin": (-1, 1),
          "arccos": (-1, 1), "arccosh": (1, 100), "arctanh": (-1, 1)}  # fmt: skip
DIGITS = {"exp2": lambda x: mpmath.power(2, x), "log2": lambda x: mpmath.log(x, 2), "log10": mpmath.log10,
          "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x))}  # fmt: skip
LONG = 2 * PIECE
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 1e308, -1e308, 5e-324, 800.0, -800.0, 1e22, 0.5]


@pytest.fixture
def fresh():
    """What is installed is looked for anew, before and after."""
    mkl.functions.cache_clear()
    yield
    mkl.functions.cache_clear()


class Counted:
    """mkl_umath with functions of NumPy that note how many numbers they are asked for."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        def function(x, out):
            self.asked.append((name, len(x)))
            return getattr(np, name)(x, out)

        return function


@pytest.mark.parametrize(("rows", "asked"), [(LONG, [("exp", LONG)]), (mkl.LEAST - 1, [])])
def test_long_blocks_are_asked_of_it_and_short_ones_are_not(rows, asked, monkeypatch, fresh):
    monkeypatch.setitem(sys.modules, "mkl_umath", stand_in := Counted())
    x = np.linspace(-1, 1, rows)
    value, gradient = ad.compile("exp(x)")(x)
    assert stand_in.asked == asked
    assert np.array_equal(value, np.exp(x)) and np.array_equal(gradient["x"], np.exp(x))


def test_without_it_numpy_answers(monkeypatch, fresh):
    monkeypatch.setitem(sys.modules, "mkl_umath", None)
    x = np.linspace(-1, 1, LONG)
    assert np.array_equal(ad.compile("sin(x)")(x)[1]["x"], np.cos(x))


@pytest.mark.parametrize("name", mkl._NAMES)
def test_its_functions_are_right_to_an_ulp_and_at_special_places(name):
    pytest.importorskip("mkl_umath", reason="the extra mkl is not installed")
    function, numpy = mkl.functions()[getattr(np, name)], getattr(np, name)
    with np.errstate(all="ignore"):
        at = np.resize(SPECIAL, LONG)
        found, expected = function(at)[: len(SPECIAL)], numpy(at[: len(SPECIAL)])
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0)
    assert np.array_equal(np.signbit(found[found == found]), np.signbit(expected[expected == expected]))
    x = np.random.default_rng(0).uniform(*INSIDE.get(name, (-30, 30)), LONG)
    with mpmath.workprec(120):
        exact = DIGITS.get(name) or getattr(mpmath, name.replace("arc", "a"))
        for a, y in zip(x[:100].tolist(), function(x)[:100].tolist(), strict=True):
            assert abs(mpmath.mpf(y) - exact(mpmath.mpf(a))) < np.spacing(abs(y))


def test_a_gradient_by_it_is_that_by_numpy(monkeypatch, fresh):
    pytest.importorskip("mkl_umath", reason="the extra mkl is not installed")
    text = "sin(a)*exp(b) + log(1 + c^2) + tanh(a*b) + exp(-c^2)*atan(a)"
    point = np.random.default_rng(0).normal(size=(3, 40_000))
    by_mkl = ad.compile(text)(*point)
    mkl.functions.cache_clear()
    monkeypatch.setitem(sys.modules, "mkl_umath", None)
    by_numpy = ad.compile(text)(*point)
    assert not np.array_equal(by_mkl[0], by_numpy[0])
    for found, expected in zip([by_mkl[0], *by_mkl[1].values()], [by_numpy[0], *by_numpy[1].values()], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
