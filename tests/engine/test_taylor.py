"""Taylor series through every rule against repeated reverse sweeps, and of known functions against mpmath and SymPy."""

from math import factorial

import mpmath
import numpy as np
import pytest
import sympy
from scipy import special

from autodiff_cli.engine import nn
from autodiff_cli.engine import taylor as taylor_series
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.taylor import Series
from autodiff_cli.engine.tensor import Tensor, variable, wrap
from autodiff_cli.engine.transforms import taylor
from tests.engine.checks import directions, paired
from tests.engine.samples import for_each_sample
from tests.engine.test_forward import recorded

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def series(output, inputs, along, order, record=False):
    """The coefficients, and the Series that computed them."""
    with Recording(), np.errstate(all="ignore"):
        found = Series(inputs, along, record=record)
        return found.fill(output, order), found


def plain_series(call, point, along, order):
    output, inputs = recorded(call, *point)
    return series(output, inputs, along, order)[0]


def output_of(coefficient):
    return coefficient.line if isinstance(coefficient, Tensor) and coefficient.line else coefficient


def order_of(case):
    """3, which has all that a recurrence says; less for functions of matrices along others, which take all permutations
    of as many. Higher orders are those of test_elementary."""
    return 2 if "cofactors" in case.name or "spectral_map along" in case.name else 3


class TestRule:
    @for_each_sample
    def test_against_repeated_sweeps(self, case):
        """k! times coefficient k is the k-th derivative along the direction, here by gradients of gradients."""
        order, d = order_of(case), directions(case.at, 3)
        output, inputs = recorded(case.call, *case.at)
        u = directions([output.value], 1)
        found, _ = series(output, inputs, d, order)
        expected = np.array(repeated_slopes(output, inputs, d, u, order))
        got = [factorial(k) * paired(u, [c]) for k, c in enumerate(found)]
        np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-8 * max(1, np.max(np.abs(expected))))
        assert {(c.shape, c.dtype) for c in found} == {(output.value.shape, output.value.dtype)}

    @for_each_sample
    def test_recorded(self, case):
        """The recorded series is the raw one, and its program holds at another point."""
        order, d = order_of(case), directions(case.at, 3)
        output, inputs = recorded(case.call, *case.at)
        program = Program(inputs, list(map(output_of, series(output, inputs, d, order, record=True)[0])))
        for point in (case.at, case.elsewhere):
            with np.errstate(all="ignore"):
                found = program(*point)
            for got, want in zip(found, plain_series(case.call, point, d, order), strict=True):
                np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9 * np.max(np.abs(want), initial=1))


def repeated_slopes(output, inputs, along, cotangent, order):
    """<cotangent, output> and its derivatives along a direction, by recorded reverse sweeps."""
    with Recording(), np.errstate(all="ignore"):
        slopes = [paired(cotangent, [wrap(output)])]
        for _ in range(order):
            slope = slopes[-1]
            moves = isinstance(slope, Tensor) and slope.line is not None
            gradients = vjp([slope.line], [np.ones(())], inputs, record=True) if moves else [0.0]
            slopes.append(paired(gradients, along) if moves else 0.0)
    return [float(s.value if isinstance(s, Tensor) else s) for s in slopes]


# --- known functions

ORDER = 30
ELEMENTARY = {
    "exp": (np.exp, mpmath.exp, 0.3),
    "exp2": (np.exp2, lambda x: 2**x, -1.5),
    "expm1": (np.expm1, mpmath.expm1, 1e-3),
    "log": (np.log, mpmath.log, 0.3),
    "log1p": (np.log1p, mpmath.log1p, -0.25),
    "log10": (np.log10, mpmath.log10, 2.5),
    "sqrt": (np.sqrt, mpmath.sqrt, 0.4),
    "cbrt": (np.cbrt, mpmath.cbrt, 1.7),
    "reciprocal": (np.reciprocal, lambda x: 1 / x, -0.7),
    "square": (np.square, lambda x: x * x, 3.0),
    "x^2.5": (lambda x: x**2.5, lambda x: x ** mpmath.mpf(2.5), 0.6),
    "x^-3": (lambda x: x**-3.0, lambda x: x**-3, -0.6),
    "x^5": (lambda x: x**5, lambda x: x**5, -0.6),
    "x^x": (lambda x: x**x, lambda x: x**x, 0.8),
    "2^x": (lambda x: 2.0**x, lambda x: 2**x, 0.8),
    "sin": (np.sin, mpmath.sin, 0.3),
    "cos": (np.cos, mpmath.cos, 2.0),
    "tan": (np.tan, mpmath.tan, 0.3),
    "asin": (np.arcsin, mpmath.asin, 0.2),
    "acos": (np.arccos, mpmath.acos, -0.3),
    "atan": (np.arctan, mpmath.atan, 0.7),
    "sinh": (np.sinh, mpmath.sinh, 0.3),
    "cosh": (np.cosh, mpmath.cosh, -1.1),
    "tanh": (np.tanh, mpmath.tanh, 0.6),
    "tanh far out": (np.tanh, mpmath.tanh, 12.0),
    "asinh": (np.arcsinh, mpmath.asinh, 0.7),
    "acosh": (np.arccosh, mpmath.acosh, 1.9),
    "atanh": (np.arctanh, mpmath.atanh, 0.3),
    "sigmoid": (nn.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x)), 0.4),
    "softplus": (nn.softplus, lambda x: mpmath.log(1 + mpmath.exp(x)), -2.0),
    "logsumexp": (
        lambda x: nn.logsumexp(x * np.array([1.0, -2.0, 0.5])),
        lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(-2 * x) + mpmath.exp(x / 2)),
        0.3,
    ),
    "hypot": (lambda x: np.hypot(x, 1.0), lambda x: mpmath.sqrt(x * x + 1), 0.5),
    "atan2": (lambda x: np.arctan2(x, 2.0), lambda x: mpmath.atan(x / 2), 0.5),
    "erf": (special.erf, mpmath.erf, 0.4),
    "quotient": (
        lambda x: np.sin(x) * np.exp(x * x) / (1 + x * x),
        lambda x: mpmath.sin(x) * mpmath.exp(x * x) / (1 + x * x),
        0.3,
    ),
    "composition": (lambda x: np.exp(np.sin(np.cos(x))), lambda x: mpmath.exp(mpmath.sin(mpmath.cos(x))), 0.3),
    "norm": (
        lambda x: np.linalg.norm(np.stack([x, 1 + x, 2.0 * x])),
        lambda x: mpmath.sqrt(x * x + (1 + x) ** 2 + 4 * x * x),
        0.3,
    ),
}


def exact(reference, x, order, digits=60):
    """Taylor coefficients by mpmath, which takes differences with as many digits as it needs."""
    with mpmath.workdps(digits):
        return [+c for c in mpmath.taylor(reference, mpmath.mpf(x), order)]


def test_the_reference_is_right():
    """It is for exp and log, of which every coefficient is known."""
    x = mpmath.mpf(0.3)
    with mpmath.workdps(60):
        for k, (e, log) in enumerate(zip(exact(mpmath.exp, 0.3, 60), exact(mpmath.log, 0.3, 60), strict=True)):
            assert mpmath.almosteq(e, mpmath.exp(x) / mpmath.factorial(k), 1e-50)
            assert not k or mpmath.almosteq(log, (-1) ** (k + 1) / (k * x**k), 1e-50)


@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary(name):
    call, reference, x = ELEMENTARY[name]
    expected = [float(c) for c in exact(reference, x, ORDER)]
    found = taylor(call, x, ORDER)
    scale = np.max(np.abs(expected))  # a coefficient between large ones may be small by cancellation
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-14 * scale)


def test_gamma():
    """Exact to order 12: mpmath takes long for more."""
    expected = [float(c) for c in exact(mpmath.gamma, 1.5, 12, digits=40)]
    np.testing.assert_allclose(taylor(special.gamma, 1.5, 12), expected, rtol=1e-12)


def test_powers_end():
    assert taylor(lambda x: x**5, 0.0, 8).tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert taylor(lambda x: x**5.0, 2.0, 8).tolist() == [32, 80, 80, 40, 10, 1, 0, 0, 0]
    assert taylor(lambda x: (1 + x) * x * x, 0.0, 5).tolist() == [0, 0, 1, 1, 0, 0]
    assert taylor(lambda x: x**0.0, 0.0, 2).tolist() == [1, 0, 0]


def test_sinc_at_zero():
    """sin(pi x) / (pi x) = sum of (-1)^k (pi x)^2k / (2k + 1)!."""
    found = taylor(np.sinc, 0.0, 8)
    expected = [(-1) ** (k // 2) * np.pi**k / factorial(k + 1) if k % 2 == 0 else 0 for k in range(9)]
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-16)


def test_fibonacci():
    """The generating function of the Fibonacci numbers."""
    found = taylor(lambda x: 1 / (1 - x - x * x), 0.0, ORDER)
    assert found.tolist() == [int(sympy.fibonacci(k + 1)) for k in range(ORDER + 1)]


# --- arrays and matrices

A = np.array([[2.0, 1.0, 0.25], [1.0, 3.0, 0.5], [0.25, 0.5, 4.0]])
B = np.array([[1.0, 0.25, 0.5], [0.25, -1.0, 0.5], [0.5, 0.5, 0.75]])
t = sympy.symbols("t")


def rational(matrix):
    return sympy.Matrix(matrix.shape[0], matrix.shape[1], [sympy.Rational(x) for x in matrix.flat])


def expanded(formula, order):
    return [float(c) for c in sympy.Poly(sympy.series(formula, t, 0, order + 1).removeO(), t).all_coeffs()[::-1]]


class TestMatrices:
    """Along A + t*B; references are exact, with rational numbers."""

    M = rational(A) + t * rational(B)

    def test_determinant(self):
        found = taylor(np.linalg.det, A, 5, direction=B)
        np.testing.assert_allclose(found, [*expanded(self.M.det(), 3), 0, 0], rtol=1e-13, atol=1e-14)

    def test_determinant_of_a_singular_matrix(self):
        """det([[t, 0, 0], [0, 2t, 0], [0, 0, 3]]) is 6t^2."""
        found = taylor(lambda x: np.linalg.det(x * np.diag([1.0, 2.0, 0.0]) + np.diag([0, 0, 3.0])), 0.0, 4)
        assert found.tolist() == [0, 0, 6, 0, 0]

    def test_determinant_of_a_large_matrix(self):
        """The product of the eigenvalues; nothing here takes minors of minors of minors."""
        rng = np.random.default_rng(1)
        q, _ = np.linalg.qr(rng.normal(size=(12, 12)))
        d, e = rng.uniform(1, 2, 12), rng.uniform(-0.5, 0.5, 12)
        expected = np.polynomial.polynomial.Polynomial(1.0)
        for pair in zip(d, e, strict=True):
            expected = expected * np.polynomial.polynomial.Polynomial(pair)
        found = taylor(lambda x: np.linalg.det((q * (d + e * x)) @ q.T), 0.0, 8)
        np.testing.assert_allclose(found, expected.coef[:9], rtol=1e-9)

    def test_inverse(self):
        entry = sympy.cancel(self.M.adjugate()[0, 1] / self.M.det())
        expected = expanded(entry, 8)
        found = taylor(np.linalg.inv, A, 8, direction=B)
        np.testing.assert_allclose(found[:, 0, 1], expected, rtol=1e-12)

    def test_solve(self):
        b = np.array([1.0, 2.0, 3.0])
        top = (self.M.adjugate() @ sympy.Matrix([1, 2, 3 * (1 + t)]))[2]
        expected = expanded(sympy.cancel(top / self.M.det()), 8)
        found = taylor(lambda x: np.linalg.solve(A + x * B, b * (1 + x * np.array([0, 0, 1]))), 0.0, 8)
        np.testing.assert_allclose(found[:, 2], expected, rtol=1e-12)

    def test_eigenvalues(self):
        """Those of mpmath, whose differences are taken with 60 digits."""
        low, high = mpmath.matrix(A.tolist()), mpmath.matrix(B.tolist())

        def smallest(x):
            return min(mpmath.eigsy(low + mpmath.re(x) * high, eigvals_only=True))

        expected = [float(c) for c in exact(smallest, 0, 8)]
        found = taylor(np.linalg.eigvalsh, A, 8, direction=B)
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-10)

    def test_matrix_product(self):
        expected = expanded((self.M @ self.M @ self.M)[0, 2], 4)
        found = taylor(lambda x: (A + x * B) @ (A + x * B) @ (A + x * B), 0.0, 4)
        np.testing.assert_allclose(found[:, 0, 2], [*expected, *[0] * (5 - len(expected))], rtol=1e-14)

    def test_product_of_entries_with_zeros(self):
        """(a + t)(b + t)t t = t^2 (ab + (a + b) t + t^2)."""
        found = taylor(lambda x: np.prod(x + np.array([2.0, 0.0, 3.0, 0.0])), 0.0, 5)
        assert found.tolist() == [0, 0, 6, 5, 1, 0]


class TestShapes:
    def test_a_number_spread_over_an_array_counts_as_often(self):
        assert taylor(lambda x: np.sum(x + np.ones((2, 3))), 1.0, 2).tolist() == [12, 6, 0]
        assert taylor(lambda x: np.sum(np.ones(3) / x), 1.0, 2).tolist() == [3, -3, 3]
        assert taylor(lambda x: np.stack([x, x * x]) @ np.ones((2, 2)), 2.0, 2).tolist() == [[6, 6], [5, 5], [1, 1]]

    def test_along_a_direction(self):
        x, d = np.array([1.0, 2.0]), np.array([3.0, -1.0])
        assert taylor(lambda x: x[0] * x[1] ** 2, x, 4, direction=d).tolist() == [4, 8, -11, 3, 0]

    def test_a_dtype_is_kept(self):
        found = taylor(lambda x: np.exp(np.float32(2) * x) / (1 + x), np.float32(0.5), 4)
        assert found.dtype == np.float32

    def test_a_choice_made_at_the_point_is_kept(self):
        assert taylor(lambda x: np.where(x > 0, np.sqrt(x), x * x), -1.0, 3).tolist() == [1, -2, 1, 0]
        assert taylor(lambda x: np.maximum(x, 3 * x), 1.0, 2).tolist() == [3, 3, 0]

    def test_a_branch_that_is_not_taken(self):
        found = taylor(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)), np.array([0.0, 4.0]), 2, direction=np.ones(2))
        assert found.tolist() == [2, 0.25, -1 / 64]


class TestPrograms:
    def program(self, call, at, order):
        output, inputs = recorded(call, at)
        found, _ = series(output, inputs, [np.ones(np.shape(at))], order, record=True)
        return Program(inputs, list(map(output_of, found)))

    @pytest.mark.parametrize("call", [lambda x: x**3, lambda x: x**3.0 * np.cos(x), lambda x: np.abs(x) ** 3])
    def test_recorded_away_from_zero_and_run_there(self, call):
        with np.errstate(all="ignore"):
            found = self.program(call, 1.0, 4)(np.float64(0))
        np.testing.assert_array_equal(np.array(found), taylor(call, 0.0, 4))

    def test_a_mask_that_hides_a_pole_elsewhere(self):
        with np.errstate(all="ignore"):
            found = self.program(lambda x: (x > 0) * np.sqrt(x), np.array([1.0, 4.0]), 2)(np.array([0.0, 4.0]))
        assert np.array(found).tolist() == [[0, 2], [0, 0.25], [0, -1 / 64]]


# --- cost


def lines_of(call, order):
    """How many lines have a series, of a function at 0.3."""
    output, inputs = recorded(call, 0.3)
    return len(series(output, inputs, [np.ones(())], order)[1].known)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sin(x) * np.exp(x * x) / (1 + x * x),
        lambda x: np.tanh(np.sqrt(1 + np.log1p(x))),
        lambda x: (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x)),
        lambda x: np.arctan(np.arcsin(x)) ** 1.5,
    ],
)
def test_lines_do_not_grow_with_the_order(call):
    """Slopes call each other: after a few orders nothing is recorded any more, so that K orders cost K^2 products."""
    assert lines_of(call, 24) == lines_of(call, 6) < 60


def test_each_order_costs_as_many_products_as_it_has_terms(monkeypatch):
    """Twice the order is four times the products, where nested gradients would square their number."""
    terms = []

    def counted(k, *args):
        terms.append(k)
        return convolved(k, *args)

    convolved = taylor_series._convolved
    monkeypatch.setattr(taylor_series, "_convolved", counted)
    output, inputs = recorded(lambda x: np.exp(np.sin(x)) / (1 + x * x), 0.3)
    counts = []
    for order in (20, 40):
        terms.clear()
        series(output, inputs, [np.ones(())], order)
        counts.append(sum(terms))
    assert 3 * counts[0] < counts[1] < 4 * counts[0]


def test_deep_programs(depth=3000):
    """Nothing calls itself along the lines, neither where the variable leads nor where it does not."""
    with Recording():
        x, y = variable(np.float64(0.5)), variable(np.float64(1))
        deep = [x, y]
        for k in (0, 1):
            for _ in range(depth):
                deep[k] = np.sin(deep[k] + 0.1)
        z = deep[0] * deep[1]
    (value, slope, _), _ = series(z.line, [x.line], [np.float64(1)], 2)
    (expected,) = vjp([z.line], [np.float64(1)], [x.line])
    assert (value, slope) == (z.value, pytest.approx(expected, rel=1e-12))
