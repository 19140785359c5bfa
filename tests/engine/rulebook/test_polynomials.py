"""Polynomials: roots against SymPy, also where they are equal; NumPy's own values; what is kept that NumPy cuts."""

import numpy as np
import pytest
import sympy

from autodiff_cli.engine.tensor import variable
from tests.engine.checks import assert_same_bits, gradient_call, value_and_vjp
from tests.engine.samples import polynomials

# The products of long division, and of powers that have been scaled, are rounded in another order.
ROUNDED = ("polyfit", "polydiv")


def gradients(call, *point, cotangent=1.0):
    return value_and_vjp(call, point, cotangent)[2]


@pytest.mark.parametrize("case", polynomials.SAMPLES, ids=lambda case: case.name)
def test_value(case):
    for point in (case.at, case.elsewhere):
        got, expected = value_and_vjp(case.call, point)[0].value, case.call(*point)
        if case.name.startswith(ROUNDED):
            np.testing.assert_allclose(got, expected, rtol=1e-11)
        else:
            assert_same_bits(got, expected)


# --- roots


@pytest.mark.parametrize("coefficients", [(2, -1, -6), (1, 2, 5)], ids=["real", "complex"])
@pytest.mark.parametrize("k", [0, 1])
def test_roots_of_a_quadratic(coefficients, k):
    """First and second derivatives of (-b +- sqrt(b^2 - 4ac)) / 2a, whose real part is followed."""
    symbols = sympy.symbols("a b c")
    a, b, c = symbols
    point = np.array(coefficients, float)
    root = np.roots(point)[k]
    formula = next(
        f
        for f in ((-b + s * sympy.sqrt(b**2 - 4 * a * c)) / (2 * a) for s in (1, -1))
        if abs(complex(f.subs(zip(symbols, coefficients, strict=True))) - root) < 1e-9
    )

    def expected(*by):
        return sympy.re(sympy.diff(formula, *by).subs(zip(symbols, coefficients, strict=True)))

    def call(p):
        return np.real(np.roots(p)[k])

    assert np.allclose(gradients(call, point)[0], [float(expected(s)) for s in symbols], rtol=1e-12)
    for s, unit in zip(symbols, np.eye(3), strict=True):
        second = gradients(gradient_call(call, np.float64(1), (unit,)), point)[0]
        assert np.allclose(second, [float(expected(s, t)) for t in symbols], rtol=1e-12, atol=1e-12)


def test_equal_roots_move_infinitely_fast():
    (slope,) = gradients(lambda p: np.real(np.roots(p)[0]), np.array([1.0, 0.0, 0.0]))
    assert not np.isfinite(slope[2])  # the roots of x^2 - e are +-sqrt(e)


MATRICES = {
    "simple": [[1, 2, 0], [3, -1, 1], [0, 1, 2]],
    "two equal": [[2, 0, 0], [0, 2, 0], [0, 0, 5]],
    "defective": [[2, 1, 0], [0, 2, 1], [0, 0, 2]],
    "zero": np.zeros((3, 3), int).tolist(),
}


@pytest.mark.parametrize("name", MATRICES)
def test_characteristic_polynomial(name):
    """Smooth in the entries, whatever becomes of the eigenvalues."""
    symbols = sympy.symarray("a", (3, 3))
    coefficients = sympy.Matrix(symbols).charpoly().all_coeffs()
    at = dict(zip(symbols.ravel(), np.ravel(MATRICES[name]).tolist(), strict=True))
    for k, coefficient in enumerate(coefficients):
        expected = [[float(sympy.diff(coefficient, s).subs(at)) for s in row] for row in symbols]
        (got,) = gradients(lambda a, k=k: np.poly(a)[k], np.array(MATRICES[name], float))
        assert np.allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_polynomial_of_equal_roots():
    """(x - r)(x - s)(x - t) has the coefficients -(r + s + t), rs + rt + st, -rst."""
    r = np.array([2.0, 2.0, 0.0])
    got = [gradients(lambda r, k=k: np.poly(r)[k], r)[0].tolist() for k in range(4)]
    assert got == [[0, 0, 0], [-1, -1, -1], [2, 2, 4], [0, 0, -4]]


def test_no_roots():
    assert gradients(lambda r: np.sum(r) + np.poly(r), np.zeros(0))[0].shape == (0,)


# --- arithmetic


def test_zeros_in_front_are_kept():
    """A coefficient that is 0 can move, and with it what NumPy cuts off."""
    p, q = variable(np.array([0.0, 2.0])), np.array([1.0, 3.0])
    assert np.polymul(p, q).value.tolist() == [0, 2, 6]
    assert np.polymul(p.value, q).tolist() == [2, 6]
    assert gradients(lambda p: np.polymul(p, q)[0], p.value)[0].tolist() == [1, 0]
    divided = np.polydiv(variable(np.array([1.0, 2.0, 1.0])), np.array([1.0, 1.0, 0.0]))
    assert [part.value.tolist() for part in divided] == [[1], [1, 1]]


def test_division_without_a_quotient_or_a_remainder():
    u, v = variable(np.array([1.0, 2.0])), np.array([1.0, 2.0, 3.0])
    quotient, remainder = np.polydiv(u, v)
    assert quotient.tolist() == [0] and remainder is u
    quotient, remainder = np.polydiv(u, np.array([2.0]))
    assert quotient.value.tolist() == [0.5, 1] and remainder.tolist() == [0]


def test_quotient_and_remainder_make_the_dividend():
    """u = q v + r, and so u moves by 1 with itself, and not at all with v."""
    u, v = np.array([3.0, 1.0, -2.0, 4.0]), np.array([2.0, 1.0, 5.0])

    def again(u, v):
        q, r = np.polydiv(u, v)
        return np.sum(np.polyadd(np.polymul(q, v), r) * np.array([1.0, 2.0, 3.0, 4.0]))

    by_u, by_v = gradients(again, u, v)
    assert np.allclose(by_u, [1, 2, 3, 4], rtol=1e-14) and np.allclose(by_v, 0, atol=1e-13)


# --- least squares


def test_a_fit_through_as_many_points_as_coefficients():
    """The coefficients are inv(vander(x)) @ y."""
    x, y, g = np.array([0.0, 1.0, 3.0]), np.array([1.0, -1.0, 2.0]), np.array([1.0, 2.0, 4.0])
    (got,) = gradients(lambda y: np.polyfit(x, y, 2), y, cotangent=g)
    assert np.allclose(got, np.linalg.solve(np.vander(x).T, g), rtol=1e-12)


def test_too_few_points_for_a_covariance():
    with pytest.raises(ValueError, match="3 points leave nothing"):
        np.polyfit(variable(np.arange(3.0)), np.ones(3), 2, cov=True)
