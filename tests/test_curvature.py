"""What a Hessian says about a point."""

import numpy as np
import pytest

from autodiff_cli.curvature import curvature


def judged(hessian, gradient=None, point=None, smooth=True):
    hessian = np.array(hessian, dtype=float)
    n = len(hessian)
    gradient = np.zeros(n) if gradient is None else np.array(gradient, dtype=float)
    return curvature(hessian, gradient, np.ones(n) if point is None else np.array(point), smooth)


@pytest.mark.parametrize(
    ("hessian", "definiteness", "classification"),
    [
        ([[2, 1], [1, 2]], "positive definite", "minimum"),
        ([[-2, 1], [1, -2]], "negative definite", "maximum"),
        ([[1, 2], [2, 1]], "indefinite", "saddle"),
        ([[1, 1], [1, 1]], "positive semidefinite", "undecided"),
        ([[-1, 1], [1, -1]], "negative semidefinite", "undecided"),
        ([[0, 0], [0, 0]], "zero", "undecided"),
        ([[5]], "positive definite", "minimum"),
    ],
)
def test_definiteness(hessian, definiteness, classification):
    assert judged(hessian)[1:] == (definiteness, classification)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_what_rounding_leaves_is_zero_at_any_scale(scale):
    rng = np.random.default_rng(1)
    half = rng.normal(size=(6, 3))
    assert judged(half @ half.T * scale).definiteness == "positive semidefinite"
    assert judged((half @ half.T + 1e-6 * np.eye(6)) * scale).definiteness == "positive definite"


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_stationary_whatever_the_units(unit):
    """(x - 3)^2 with x in other units: the minimum is found to 8 digits, and a point beside it is none."""
    hessian = [[2 / unit**2]]
    for x, classification in ((3 * (1 + 1e-10), "minimum"), (3 * (1 + 1e-5), "not stationary")):
        assert judged(hessian, [2 * (x - 3) / unit], [x * unit]).classification == classification


def test_a_slope_is_not_stationary_where_the_hessian_vanishes():
    assert judged([[0.0]], [1e-300]).classification == "not stationary"


def test_a_kink_decides_nothing():
    assert judged([[2.0]], smooth=False)[1:] == ("positive definite", "undecided")


@pytest.mark.parametrize("hessian", [[[np.nan]], [[np.inf, 0], [0, 1]], np.zeros((0, 0))])
def test_nothing_is_said_without_numbers(hessian):
    assert judged(hessian) == (None, None, None)
