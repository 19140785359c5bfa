"""Formulas that SymPy draws and differentiates: all pass; with one mistake planted in each, all fail."""

from importlib import import_module

import numpy as np
import pytest

import autodiff_cli as ad

sympy = pytest.importorskip("sympy")

COUNT = 300
NAMES = ("x", "y")


def formulas():
    """(formula, its derivatives by name), the same ones in each run."""
    draw = np.random.default_rng(7)
    symbols = sympy.symbols(NAMES, real=True)
    while True:
        formula = random_formula(draw, symbols, 3)
        if formula.free_symbols == set(symbols):
            yield formula, {s.name: sympy.diff(formula, s) for s in symbols}


def random_formula(draw, symbols, depth):
    """A formula that is defined everywhere."""
    if depth == 0 or draw.random() < 0.35:
        return symbols[draw.integers(len(symbols))] if draw.random() < 0.8 else sympy.Integer(draw.integers(2, 5))
    a, b = (random_formula(draw, symbols, depth - 1) for _ in range(2))
    return draw.choice([
        lambda: a + b, lambda: a - b, lambda: a * b, lambda: a * b, lambda: a / (1 + b**2), lambda: a**2,
        lambda: sympy.sin(a), lambda: sympy.cos(a), lambda: sympy.exp(-(a**2)), lambda: sympy.tanh(a),
        lambda: sympy.log(1 + a**2), lambda: sympy.sqrt(2 + sympy.sin(a)), lambda: sympy.atan(a),
    ])()  # fmt: skip


def planted(draw, derivative):
    """The derivative with one mistake; None where this one is none here."""
    terms = sympy.Add.make_args(derivative)
    term = terms[draw.integers(len(terms))]
    x, y = sympy.symbols(NAMES, real=True)
    wrong = draw.choice([
        lambda: derivative - 2 * term, lambda: derivative + term, lambda: derivative - term / 2,
        lambda: derivative.subs({x: y, y: x}, simultaneous=True), lambda: derivative.replace(sympy.sin, sympy.cos),
        lambda: derivative * x, lambda: derivative + 1,
    ])()  # fmt: skip
    apart = [abs(sympy.N((wrong - derivative).subs({x: a, y: b}))) for a, b in ((0.7, -1.3), (-0.4, 0.9))]
    return wrong if min(apart) > 1e-3 else None


@pytest.fixture(scope="module")
def drawn():
    source = formulas()
    return [next(source) for _ in range(COUNT)]


POINT = {"x": 0.7, "y": -1.3}


def claimed(derivatives):
    return {name: str(derivative) for name, derivative in derivatives.items()}


def test_right_formulas_pass(drawn):
    verdicts = [ad.check(str(formula), claimed(found), POINT, random=1).verdict for formula, found in drawn]
    assert verdicts == ["pass"] * COUNT


def test_planted_mistakes_fail(drawn, monkeypatch):
    monkeypatch.setattr(import_module("autodiff_cli.check.causes"), "likely", lambda evidence: None)  # takes time
    draw, verdicts = np.random.default_rng(8), []
    for formula, found in drawn:
        wrong = None
        while wrong is None:
            wrong = planted(draw, found["x"])
        verdicts.append(ad.check(str(formula), {"x": str(wrong)}, POINT, random=0).verdict)
    assert verdicts == ["fail"] * COUNT
