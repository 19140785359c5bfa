"""What `adiff functions NAME` says is true: of every function, its derivative and its example."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.explaining import explanation
from autodiff_cli.language.about import FORMULAS, WORDS, call, shapes
from autodiff_cli.language.functions import FUNCTIONS
from autodiff_cli.language.values import read_value
from autodiff_cli.render.catalogue import page
from tests import transcripts

ONE_TRIANGLE = ("eigh", "eigvalsh", "cholesky")  # what reads one triangle is moved in both


@pytest.fixture(scope="module", params=FUNCTIONS.values(), ids=lambda row: row.name)
def row(request):
    return request.param


@pytest.fixture(scope="module")
def explained(row):
    return explanation(row)


def moved(f, point, name, direction, step=1e-6):
    """The derivative of f at a point in a direction of one variable, by central differences."""
    up, down = (f.value(point | {name: point[name] + sign * step * direction}) for sign in (1, -1))
    return (up - down) / (2 * step)


def test_derivative_is_that_of_differences(row, explained):
    text, typed = call(row)
    point = {name: read_value(value, None) for name, value in typed.items()}
    rng = np.random.default_rng(1)
    f = ad.parse(text)
    g = {}
    if explained.by_adjoint:
        f, g = ad.parse(f"sum({text}*g)"), {"g": rng.normal(size=np.shape(f.value(point)))}
    for name, formula in explained.derivative.items():
        if formula is None:
            continue
        direction = rng.normal(size=np.shape(point[name]))
        if row.name in ONE_TRIANGLE:
            direction = direction + direction.T
        derivative = ad.parse(formula)
        known = {n: v for n, v in (point | g).items() if n in derivative.variables}
        slope = np.sum(derivative.value(known) * direction)
        assert slope == pytest.approx(moved(f, point | g, name, direction), rel=1e-6, abs=1e-7)


def test_example_prints_what_is_shown(explained):
    _, _, example = page(explained).partition("\nexample     ")
    command, *output = [line.strip() for line in example.rstrip("\n").split("\n")]
    shown = [line.strip() for line in transcripts.run(command).stdout.rstrip("\n").split("\n")]
    assert shown == output


def test_shapes_are_said(row):
    assert shapes(row)


def test_every_derivative_is_said(explained):
    """By a formula, or else in words; never twice."""
    assert {name for name, formula in explained.derivative.items() if formula is None} == explained.words.keys()
    assert "= None" not in page(explained)


def test_formulas_belong_to_functions():
    assert [name for name in WORDS if name not in FUNCTIONS] == []
    assert [name for name in FORMULAS if name not in FUNCTIONS] == []


def test_no_formula_is_kept_that_is_found():
    """What the algebra finds by itself is not written by hand."""
    from autodiff_cli import explaining

    kept = explaining.FORMULAS.copy()
    explaining.FORMULAS.clear()
    try:
        found = {name: explanation(FUNCTIONS[name]).derivative for name in kept}
    finally:
        explaining.FORMULAS.update(kept)
    assert [(name, v) for name, by in kept.items() for v in by if found[name][v] is not None] == []
