"""Derivatives of any order: digits against mpmath, the trust in them, their range, and mixed ones against SymPy."""

from fractions import Fraction
from itertools import product
from math import comb, factorial, prod

import mpmath
import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli.engine.derivatives import ALL_DIGITS, derivative, direction_weights, taylor
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from tests.engine.test_forward import recorded
from tests.engine.test_taylor import exact


def ask(text, order, **point):
    """One derivative of an expression: Derivative(value, digits, directions)."""
    found, _ = ad.parse(text).ask(point)
    orders = order if isinstance(order, dict) else dict.fromkeys(point, order)
    return derivative(found.simplified, {found.inputs[name]: n for name, n in orders.items()})


def true_digits(value, expected):
    """How many significant digits of a float are right."""
    if value == expected:
        return 17
    return float(-mpmath.log10(abs((mpmath.mpf(float(value)) - expected) / expected))) if expected else -1


# A formula, the same in mpmath, a point, and an order up to which nearly all digits survive.
BENIGN = {
    "sin(x)*exp(x^2)/(1+x^2)": (lambda x: mpmath.sin(x) * mpmath.exp(x * x) / (1 + x * x), 0.3, 30),
    "exp(exp(x))": (lambda x: mpmath.exp(mpmath.exp(x)), 1.0, 25),
    "sqrt(x)": (mpmath.sqrt, 1e-4, 30),
    "tanh(x)": (mpmath.tanh, 0.5, 30),
    "tanh(x) + 0": (mpmath.tanh, 15.0, 30),
    "atan(x)": (mpmath.atan, 0.7, 30),
    "x^x": (lambda x: x**x, 1.3, 20),
    "exp(-x^2)": (lambda x: mpmath.exp(-x * x), 5.0, 20),
    "1/(1+25*x^2)": (lambda x: 1 / (1 + 25 * x * x), 0.1, 30),
    "log(x + 2)^2": (lambda x: mpmath.log(x + 2) ** 2, 0.3, 20),
    "x^7 - x^2": (lambda x: x**7 - x * x, -1.5, 7),
}
# And up to which hardly any do: the answer is small against what it is computed from.
CATASTROPHIC = {
    "(1-cos(x))/x^2": (lambda x: (1 - mpmath.cos(x)) / x**2, 1e-4, 4),
    "(1-cos(x))/x^2 + 0": (lambda x: (1 - mpmath.cos(x)) / x**2, 1e-2, 6),
    "(exp(x)-1-x)/x^2": (lambda x: (mpmath.exp(x) - 1 - x) / x**2, 1e-3, 5),
    "sin(x) - x + x^3/6": (lambda x: mpmath.sin(x) - x + x**3 / 6, 1e-2, 3),
    "log(1+x) - x": (lambda x: mpmath.log(1 + x) - x, 1e-6, 2),
    "sqrt(1+x) - sqrt(1-x)": (lambda x: mpmath.sqrt(1 + x) - mpmath.sqrt(1 - x), 1e-7, 5),
    "sinh(x) - cosh(x)": (lambda x: -mpmath.exp(-x), 10.0, 6),
    "(x+1e8)^3 - (x+1e8)^2*1e8": (lambda x: (x + 10**8) ** 3 - (x + 10**8) ** 2 * 10**8, 0.3, 2),
    "x/expm1(x)": (lambda x: x / mpmath.expm1(x), 0.5, 18),
    "sin(1e6*x)": (lambda x: mpmath.sin(10**6 * x), 1.1, 10),
    "tan(x) - 1/(pi/2 - x)": (lambda x: mpmath.tan(x) - 1 / (mpmath.mpf(np.pi) / 2 - x), 1.5, 8),
    "exp(x) - exp(x - 1e-9)": (lambda x: mpmath.exp(x) - mpmath.exp(x - mpmath.mpf(1e-9)), 0.4, 6),
}


def coefficients(text, x, order):
    found, _ = ad.parse(text).ask({"x": x})
    return taylor(found.simplified, found.inputs["x"], order)


class TestTrust:
    @pytest.mark.parametrize("text", [*BENIGN, *CATASTROPHIC])
    def test_no_more_digits_are_claimed_than_are_right(self, text):
        """Of every order; none may be right where none are claimed."""
        reference, x, order = {**BENIGN, **CATASTROPHIC}[text]
        expected = exact(reference, x, order, digits=100)
        found = coefficients(text, x, order)
        for k in range(order + 1):
            right = true_digits(found.coefficients[k], expected[k])
            assert found.digits[k] <= max(right, 0), f"order {k}: {right:.1f} of {found.digits[k]} digits are right"
        one = ask(text, order, x=x)
        assert one.digits <= max(true_digits(one.value, expected[order] * mpmath.factorial(order)), 0)

    @pytest.mark.parametrize("text", BENIGN)
    def test_the_claim_is_of_use_where_nothing_cancels(self, text):
        _, x, order = BENIGN[text]
        assert min(coefficients(text, x, order).digits) >= 10

    def test_catastrophes_are_noticed(self):
        assert ask("(1-cos(x))/x^2", 4, x=1e-4).digits == 0
        assert ask("x^10 - (x^5)^2", 3, x=1.3).digits == 0

    def test_what_is_exact_has_all_digits(self):
        assert ask("x^3*y", {"x": 2, "y": 1}, x=2.0, y=5.0).digits >= 14
        assert ask("x - 3", 1, x=2.0).digits >= 14
        assert ask("x^2", 3, x=2.0) == (0.0, ALL_DIGITS, 1)

    def test_the_worst_entry_of_an_array_counts(self):
        f = "[exp(x), (1-cos(x))/x^2]"
        assert ask(f, 4, x=1e-4).digits == 0
        assert ask(f + "[0]", 4, x=1e-4).digits >= 13

    def test_mixed_ones(self):
        x, y = sympy.symbols("x y")
        for n, m, least in ((1, 1, 13), (3, 3, 11), (6, 6, 6), (8, 8, 3)):
            formula = (sympy.exp(x * y) / (1 + x)).diff(x, n, y, m)
            expected = formula.subs({x: sympy.Rational(0.5), y: sympy.Rational(0.25)}).evalf(40)
            found = ask("exp(x*y)/(1+x)", {"x": n, "y": m}, x=0.5, y=0.25)
            assert found.digits <= true_digits(found.value, mpmath.mpf(str(expected)))
            assert found.digits >= least

    def test_it_is_the_same_every_time(self):
        assert ask("sin(x)*exp(x)", 12, x=0.3) == ask("sin(x)*exp(x)", 12, x=0.3)


def test_order_thirty():
    """To ten digits, as one would ask of a computer algebra system with many."""
    reference, x, order = BENIGN["sin(x)*exp(x^2)/(1+x^2)"]
    found = ask("sin(x)*exp(x^2)/(1+x^2)", order, x=x)
    assert true_digits(found.value, exact(reference, x, order)[order] * mpmath.factorial(order)) > 10
    assert found.digits >= 10


class TestRange:
    """Coefficients leave the range of floating point where the derivative does not; all are known in closed form."""

    @pytest.mark.parametrize(
        ("text", "x", "order", "expected"),
        [
            ("exp(x/1e4)", 0.3, 60, np.exp(0.3e-4) * 1e-240),
            ("sin(1e-4*x)*1e10", 0.3, 60, np.sin(0.3e-4) * 1e-230),
            ("1e-200*cos(1e-3*x)", 2.0, 30, -np.cos(2e-3) * 1e-290),
            ("exp(1000*x)", 0.1, 60, np.exp(100.0) * 1e180),
            ("log(x)", 1e-3, 60, -float(Fraction(factorial(59)) / Fraction(1e-3) ** 60)),
            ("1/x", 1e-3, 60, float(Fraction(factorial(60)) / Fraction(1e-3) ** 61)),
            ("1e-200*(1/x)", 1e-6, 54, 1e-200 * float(Fraction(factorial(54)) / Fraction(1e-6) ** 35) * 1e120),
            ("1e200*exp(-x)*1e-300", 0.0, 60, 1e-100),
            ("x^60", 1e-5, 60, float(factorial(60))),
        ],
    )
    def test_order_sixty(self, text, x, order, expected):
        found = ask(text, order, x=x)
        assert found.value == pytest.approx(expected, rel=1e-11)
        assert found.digits >= 10

    def test_what_is_too_large_is_infinite(self):
        assert ask("1/x", 10, x=1e-30).value == np.inf
        assert ask("1/x", 10, x=1e-30).digits == 0

    def test_all_orders_together(self):
        found = coefficients("exp(x/1e4)", 0.0, 60)
        expected = [float(Fraction(1, 10 ** (4 * k) * factorial(k))) for k in range(60)]
        np.testing.assert_allclose(found.coefficients[:60], expected, rtol=1e-11)

    def test_a_line_on_the_way_that_leaves_the_range_alone(self):
        """exp(x)^-700*exp(700x) is 1, though its parts are not."""
        assert ask("exp(-700*x)*exp(700*x)", 3, x=1.0).digits == 0


class TestMixed:
    x, y, z = sympy.symbols("x y z")
    FORMULAS = {
        "sin(x*y)*exp(z*x) + z^2/y": sympy.sin(x * y) * sympy.exp(z * x) + z**2 / y,
        "log(x + y^2)*sqrt(z)": sympy.log(x + y**2) * sympy.sqrt(z),
        "x^4*y^3*z^2 - x*y": x**4 * y**3 * z**2 - x * y,
    }
    POINT = {"x": 0.5, "y": 1.5, "z": 2.0}

    @pytest.mark.parametrize("text", FORMULAS)
    @pytest.mark.parametrize("index", [(1, 1), (2, 1), (3, 2), (0, 4), (1, 1, 1), (2, 1, 2), (4, 3, 2)])
    def test_against_sympy(self, text, index):
        names = list(zip(self.POINT, index, strict=False))
        formula = self.FORMULAS[text]
        for name, n in names:
            formula = formula.diff(name, n)
        expected = float(formula.subs({name: sympy.Rational(v) for name, v in self.POINT.items()}))
        found = ask(text, {name: n for name, n in names if n}, **self.POINT)
        assert found.value == pytest.approx(expected, rel=1e-9, abs=1e-12)

    @pytest.mark.parametrize("index", [(1, 1), (2, 1), (3, 3), (5, 2), (1, 1, 1), (2, 1, 2), (3, 3, 3)])
    def test_weights_single_out_one_monomial(self, index):
        """Along j the monomial of exponents b has the coefficient prod(j^b): summed, b! for b = index and else 0."""
        total, weights = sum(index), direction_weights(index)
        for exponents in product(range(total + 1), repeat=len(index)):
            if sum(exponents) == total:
                found = sum(w * prod(n**b for n, b in zip(j, exponents, strict=True)) for j, w in weights.items())
                assert found == (prod(map(factorial, index)) if exponents == index else 0)

    @pytest.mark.parametrize("index", [(3,), (1, 1), (4, 2), (2, 2, 2)])
    def test_number_of_directions(self, index):
        """At most as many as there are monomials of this degree (Griewank, Utke, Walther, section 3)."""
        count = len(direction_weights(index))
        assert count <= comb(len(index) + sum(index) - 1, sum(index))
        assert ask("x*y*z", dict(zip("xyz", index, strict=False)), x=1.0, y=1.0, z=1.0).directions == count

    def test_one_variable_is_one_direction(self):
        assert direction_weights((7,)) == {(1,): factorial(7)}


def test_of_arrays():
    output, inputs = recorded(lambda x: np.stack([x * x, np.exp(x)]) * np.ones((3, 1)), 0.5)
    found = derivative(output, {inputs[0]: 2})
    np.testing.assert_allclose(found.value, [[2, np.exp(0.5)]] * 3, rtol=1e-15)


def test_of_single_precision():
    with Recording():
        x = variable(np.float32(0.5))
        found = derivative(np.exp(x).line, {x.line: 3})
    assert found.value.dtype == np.float32
    assert 4 <= found.digits <= 7
