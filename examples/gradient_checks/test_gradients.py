"""The same checks for those who live in pytest: the fixture comes with adiff."""

import numpy as np
from model import loss, loss_grad

A, b = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1.0, 0.0, 1.0])


def test_ridge_regression(adiff_check):
    adiff_check(loss, loss_grad, wrt="w", w=[1.0, -1.0], A=A, b=b, rtol=1e-8)


def test_quadratic_form(adiff_check):
    adiff_check("x @ A @ x", {"x": "(A + A') @ x", "A": "outer(x, x)"}, x=[1.0, 2.0], A=A[:2])
