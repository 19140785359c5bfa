"""A polynomial as text is an expression of the language with the same values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli import parse
from autodiff_cli.render.polynomial import polynomial_text
from autodiff_cli.report import Polynomial


@pytest.mark.parametrize(
    ("center", "coefficients", "text"),
    [
        (0.0, [1.0, 1.0, 0.5], "1 + x + 0.5*x^2"),
        (0.5, [0.0, -1.0, 0.0, 2.0], "-(x - 0.5) + 2*(x - 0.5)^3"),
        (-0.5, [3.0, -0.25], "3 - 0.25*(x + 0.5)"),
        (2.0, [0.0, 0.0], "0"),
        (1.0, [[1.0, 2.0], [0.0, 0.0], [0.0, -3.0]], "[1, 2] + [0, -3]*(x - 1)^2"),
        (1.0, [[0.0, 0.0], [0.0, 0.0]], "[0, 0]"),
        (0.0, [1e-30, 1e22], "1e-30 + 1e+22*x"),
        (0.0, [np.inf, np.nan], "inf + nan*x"),
    ],
)
def test_text(center, coefficients, text):
    assert polynomial_text(Polynomial("x", np.float64(center), np.array(coefficients))) == text


def test_digits():
    assert polynomial_text(Polynomial("x", np.float64(1 / 3), np.array([2 / 3, 1.0])), 3) == "0.667 + (x - 0.333)"


numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.lists(numbers, min_size=1, max_size=6), numbers, numbers)
def test_it_can_be_pasted_back(coefficients, center, x):
    text = polynomial_text(Polynomial("x", np.float64(center), np.array(coefficients)))
    expected = sum(c * np.float64(x - center) ** k for k, c in enumerate(coefficients) if c)
    expression = parse(text)
    assert expression.value(dict.fromkeys(expression.variables, x)) == pytest.approx(expected, rel=1e-12)


def test_arrays_can_be_pasted_back():
    coefficients = np.arange(-6.0, 12).reshape(3, 2, 3)
    text = polynomial_text(Polynomial("x", np.float64(2), coefficients))
    np.testing.assert_array_equal(parse(text).value(x=5), coefficients[0] + 3 * coefficients[1] + 9 * coefficients[2])
