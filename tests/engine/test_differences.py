"""Slopes from differences: they are right within their doubt, and see kinks and jumps."""

import numpy as np
import pytest

from autodiff_cli.engine.differences import DOUBTS, slopes, tolerance


def measured(function, x):
    """(Slopes of one result, at a number)."""
    (found,) = slopes(lambda x: [np.asarray(function(x))], [np.asarray(x, float)], [[np.ones(())]])
    return found


SMOOTH = [
    (np.sin, 0.7, np.cos(0.7)),
    (np.exp, 5.0, np.exp(5.0)),
    (np.log, 1e-5, 1e5),
    (lambda x: x**3, 100.0, 3e4),
    (lambda x: np.abs(x) * x, 0.0, 0.0),
    (lambda x: np.maximum(x, 0) ** 2, 0.0, 0.0),
    (lambda x: np.abs(x) ** 1.5, 0.0, 0.0),
    (lambda x: np.tanh(1e3 * x), 0.0, 1e3),
    (lambda x: 1e9 + x, 1.0, 1.0),
]


@pytest.mark.parametrize(("function", "x", "slope"), SMOOTH)
def test_a_smooth_function_has_its_slope_and_no_kink(function, x, slope):
    found = measured(function, x)
    assert abs(found.central.value[0] - slope) <= DOUBTS * found.central.doubt[0]
    assert abs(found.jump.value[0]) <= DOUBTS * found.jump.doubt[0] + 1e-6
    assert not found.torn[0]


@pytest.mark.parametrize(
    ("function", "x", "jump"),
    [
        (np.abs, 0.0, 2.0),
        (lambda x: np.maximum(x, 0), 0.0, 1.0),
        (lambda x: np.sqrt(x * x), 0.0, 2.0),
        (lambda x: np.where(x > 1, 3 * x, x + 2), 1.0, 2.0),
        (lambda x: np.exp(np.abs(x)), 0.0, 2.0),
        (lambda x: np.minimum(x, 2 - x), 1.0, -2.0),
    ],
)
def test_at_a_kink_the_slopes_jump(function, x, jump):
    found = measured(function, x)
    assert found.jump.value[0] == pytest.approx(jump, rel=1e-6)
    assert abs(found.jump.value[0]) > DOUBTS * found.jump.doubt[0]


@pytest.mark.parametrize("function", [np.floor, np.sign, lambda x: np.where(x > 0, x + 1, x)])
def test_where_a_function_jumps_it_is_torn(function):
    assert measured(function, 0.0).torn[0]


def test_fast_oscillation_is_not_torn():
    assert not measured(lambda x: np.sin(1e7 * x), 1.0).torn[0]


def test_nothing_is_known_where_one_side_is_missing():
    assert measured(np.sqrt, 0.0).central.doubt[0] == np.inf


def test_many_directions_at_once():
    x, rng = np.array([0.3, -1.2, 2.0]), np.random.default_rng(0)
    directions = [[rng.normal(size=3)] for _ in range(4)]
    value, products = slopes(lambda x: [np.sum(np.sin(x)), np.outer(x, x)], [x], directions)
    for k, (d,) in enumerate(directions):
        assert value.central.value[k] == pytest.approx(np.sum(np.cos(x) * d), rel=1e-9)
        np.testing.assert_allclose(products.central.value[k], np.outer(d, x) + np.outer(x, d), rtol=1e-9, atol=1e-12)


def test_a_small_number_beside_a_pole_gets_smaller_steps():
    x = np.array([1.0, 1e-4])
    (found,) = slopes(lambda x: [np.sum(np.log(x))], [x], [[np.array([1.0, 0])], [np.array([0, 1.0])]])
    np.testing.assert_allclose(found.central.value, [1, 1e4], rtol=1e-8)


def test_tolerances_follow_the_precision():
    assert tolerance(np.float64) == (1e-6, 1e-9)
    assert tolerance(np.float32) == tolerance(np.complex64) == (2e-3, 2e-4)
