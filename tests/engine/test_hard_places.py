"""Where others answer nan, or a silent zero: the true derivatives, each with the reason why it is the true one.

The tables hold points and values only, so that every way of differentiating can be run through them.
"""

from typing import NamedTuple

import mpmath
import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import nn, trouble
from autodiff_cli.engine.derivatives import taylor
from autodiff_cli.engine.jacobian import hessian, jacobian
from autodiff_cli.engine.linalg import matrix_function
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.rulebook.exponential import sigmoid
from autodiff_cli.engine.simplify import simplified
from autodiff_cli.engine.tensor import Tensor, variable, wrap
from tests.engine.checks import check_against_mpmath, gradient_call, slopes, value_and_vjp

INF = np.inf


class Place(NamedTuple):
    """A number made of one array, at a point where it is delicate, and its true derivatives there.

    gradient   of the shape of the point
    hessian    a square matrix over the entries of the point in order, or None where there is none
    third      (three directions, the third derivative along them), or None
    """

    call: object
    at: object
    gradient: object
    hessian: object = None
    third: tuple = None


def zeros(n):
    return np.zeros((n, n))


def entries(n, **values):
    """A symmetric n x n matrix of zeros but for the entries that are named: r01=6 sets two of them."""
    matrix = zeros(n)
    for place, value in values.items():
        i, j = map(int, place[1:])
        matrix[i, j] = matrix[j, i] = value
    return matrix


E0, E1, E2, E3 = np.eye(4)
WEIGHTS = np.array([1.0, 2.0, 3.0])


# 1 - 2 u u' with u = (1, ..., 1) / sqrt(10): a mirror, whose determinant is -1. In front of diag(2, ..., 2, 0, ..., 0)
# it makes full matrices whose determinant moves by a product of what is put on the diagonal.
MIRROR = np.eye(10) - np.full((10, 10), 0.2)


def mirrored(rank):
    return MIRROR @ np.diag([2.0] * rank + [0.0] * (10 - rank))


def on_diagonal(k):
    return MIRROR @ np.diag(np.eye(10)[k])


PLACES = {
    # --- a branch that is not taken contributes nothing: on its side of the edge the function is the other one, 0
    "where guards sqrt": Place(
        lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)), [0.0, 4.0],
        [0, 1 / 4], np.diag([0, -1 / 32]), ((E1[:2],) * 3, 3 / 256)),
    "where guards log": Place(
        lambda x: np.sum(np.where(x > 0, np.log(x), 0)), [0.0, -1.0, 2.0],
        [0, 0, 1 / 2], np.diag([0, 0, -1 / 4]), ((E2[:3],) * 3, 1 / 4)),
    "where guards a division": Place(
        lambda x: np.sum(np.where(x != 0, np.sin(x) / x, 1)), [0.0, np.pi],
        [0, -1 / np.pi], np.diag([0, 2 / np.pi**2])),
    "where guards x log x": Place(
        lambda x: np.sum(np.where(x == 0, 0, x * np.log(x))), [0.0, 1.0], [0, 1], np.diag([0, 1])),
    "where guards a power": Place(
        lambda x: np.sum(np.where(x > 1, (x - 1) ** 0.5, x)), [1.0, 5.0], [1, 1 / 4], np.diag([0, -1 / 32])),
    "a mask guards sqrt": Place(
        lambda x: np.sum(np.sqrt(x)[x > 0]), [0.0, 4.0], [0, 1 / 4], np.diag([0, -1 / 32])),
    "maximum guards sqrt": Place(
        lambda x: np.sum(np.maximum(np.sqrt(x), 1)), [0.0, 4.0], [0, 1 / 4], np.diag([0, -1 / 32])),
    # --- products: the slope in one factor is the product of the others, which is not 0/0
    "prod with one zero": Place(
        np.prod, [0.0, 2.0, 3.0], [6, 0, 0], entries(3, r01=3, r02=2), ((E0[:3], E1[:3], E2[:3]), 1)),
    "prod with two zeros": Place(
        np.prod, [0.0, 2.0, 0.0, 3.0], [0, 0, 0, 0], entries(4, r02=6), ((E0, E1, E2), 3)),
    "prod with three zeros": Place(
        np.prod, [0.0, 0.0, 0.0, 3.0], [0, 0, 0, 0], zeros(4), ((E0, E1, E2), 3)),
    # a + ab + abc at (a, b, c): 1 + b + bc, a + ac, ab
    "cumprod with one zero": Place(
        lambda x: np.sum(np.cumprod(x)), [2.0, 0.0, 3.0],
        [1, 8, 0], entries(3, r01=4, r12=2), ((E0[:3], E1[:3], E2[:3]), 1)),
    "cumprod with two zeros": Place(
        lambda x: np.sum(np.cumprod(x)), [0.0, 0.0, 3.0],
        [1, 0, 0], entries(3, r01=4), ((E0[:3], E1[:3], E2[:3]), 1)),
    "the last of cumprod": Place(
        lambda x: np.cumprod(x)[3], [0.0, 2.0, 0.0, 3.0], [0, 0, 0, 0], entries(4, r02=6), ((E0, E1, E2), 3)),
    # --- norms: the slope at 0 is decided to be 0, the middle of all; away from 0 a norm is smooth
    "norm at 0": Place(np.linalg.norm, [0.0, 0.0], [0, 0]),
    "norm of rows, one of them 0": Place(
        lambda x: np.sum(np.linalg.norm(np.reshape(x, (2, 2)), axis=1)), [3.0, 4.0, 0.0, 0.0], [0.6, 0.8, 0, 0]),
    "hypot at 0": Place(lambda x: np.hypot(x[0], x[1]), [0.0, 0.0], [0, 0]),
    # sqrt(d^2) has corners where all are equal; variance is smooth, with second derivatives 2 (delta_ij - 1/n) / n
    "std of constants": Place(np.std, [5.0, 5.0, 5.0], [0, 0, 0]),
    "std of constants that round": Place(np.std, [0.1, 0.1, 0.1], [0, 0, 0]),
    "var of constants": Place(np.var, [0.1, 0.1, 0.1], [0, 0, 0], 2 / 3 * (np.eye(3) - 1 / 3)),
    # --- soft maxima: the gradient is softmax s, the Hessian diag(s) - s s'
    "logsumexp far out": Place(nn.logsumexp, [1000.0, 1000.0], [0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]]),
    "logsumexp far below": Place(nn.logsumexp, [-1000.0, -1000.0], [0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]]),
    "logsumexp far apart": Place(nn.logsumexp, [1000.0, -1000.0], [1, 0], zeros(2)),
    "logaddexp far out": Place(
        lambda x: np.logaddexp(x[0], x[1]), [-1000.0, -1000.0], [0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]]),
    # a + log 2 where both are equal, to be followed to -inf: each has half, and the difference no curvature there
    "logaddexp at -inf": Place(lambda x: np.logaddexp(x[0], x[1]), [-INF, -INF], [0.5, 0.5]),
    # --- ties: equal entries share the slope equally
    "max of equal entries": Place(np.max, [3.0, 1.0, 3.0], [0.5, 0, 0.5], zeros(3)),
    "min of equal entries": Place(np.min, [1.0, 1.0, 1.0], [1 / 3, 1 / 3, 1 / 3], zeros(3)),
    "median between equal entries": Place(np.median, [2.0, 7.0, 2.0, 2.0], [1 / 3, 0, 1 / 3, 1 / 3], zeros(4)),
    "median of three, two equal": Place(np.median, [2.0, 7.0, 2.0], [0.5, 0, 0.5], zeros(3)),
    # a^2 + b^2 + c^2 weighted 1, 2, 3 in order of size: the equal ones share 1 + 2
    "squares of sorted equal entries": Place(
        lambda x: np.dot(np.sort(x) ** 2, WEIGHTS), [2.0, 5.0, 2.0], [6, 30, 6]),
    "a symmetric function of sorted equal entries": Place(
        lambda x: np.sum(np.sort(x) ** 3), [2.0, 5.0, 2.0], [12, 75, 12]),
    # one entry stands for the equal ones, which share its slope; zeros at the ends are left out, others stay
    "unique of equal entries": Place(lambda x: np.sum(np.unique(x) ** 3), [2.0, 5.0, 2.0], [6, 75, 6]),
    "unique of distinct entries": Place(
        lambda x: np.dot(np.unique(x) ** 2, WEIGHTS), [3.0, 1.0, 2.0], [18, 2, 8], np.diag([6.0, 2, 4])),
    "trim_zeros": Place(
        lambda x: np.dot(np.trim_zeros(x), WEIGHTS) ** 2, [0.0, 2.0, 0.0, 1.0, 0.0], [0, 10, 20, 30, 0],
        2 * np.outer([0, 1, 2, 3, 0], [0, 1, 2, 3, 0])),
    # --- an entry that is read twice has both slopes
    "duplicate indices": Place(
        lambda x: np.sum(x[[0, 0, 1]] ** 2 * [1.0, 2, 3]), [1.0, 2.0], [6, 12], np.diag([6.0, 6])),
    "duplicate indices in take": Place(
        lambda x: np.prod(np.take(x, [0, 0, 1])), [3.0, 0.0], [0, 9], entries(2, r01=6), ((E0[:2], E0[:2], E1[:2]), 2)),
    # --- shapes
    "an empty array": Place(lambda x: np.sum(np.sin(x)), np.zeros((0, 3)), np.zeros((0, 3)), zeros(0)),
    "a product of nothing": Place(lambda x: np.prod(x) * np.sum(x), np.zeros(0), np.zeros(0), zeros(0)),
    "an array of no axes": Place(lambda x: np.sum(x * x) + np.max(x), np.array(3.0), np.array(7.0), [[2]]),
    "broadcasting is undone": Place(
        lambda x: np.sum(x * np.arange(6.0).reshape(2, 3) * x), np.array([[1.0], [2.0]]), [[6], [48]],
        np.diag([6.0, 24])),
    # --- det is a polynomial: its gradient the cofactors, its Hessian the minors with two rows and columns less
    "det of a singular matrix": Place(
        np.linalg.det, [[1.0, 2], [2, 4]], [[4, -2], [-2, 1]], entries(4, r03=1, r12=-1)),
    "det of zero": Place(np.linalg.det, np.zeros((2, 2)), np.zeros((2, 2)), entries(4, r03=1, r12=-1)),
    "det of zero, 3 x 3": Place(
        np.linalg.det, np.zeros((3, 3)), np.zeros((3, 3)), zeros(9),
        ((np.diag(E0[:3]), np.diag(E1[:3]), np.diag(E2[:3])), 1)),
    "det of a large matrix of rank n - 1": Place(
        np.linalg.det, mirrored(9), -(2.0**9) * on_diagonal(9), None,
        ((on_diagonal(9), on_diagonal(0), on_diagonal(1)), -(2.0**7))),
    "det of a large matrix of rank n - 2": Place(
        np.linalg.det, mirrored(8), np.zeros((10, 10)), None,
        ((on_diagonal(9), on_diagonal(8), on_diagonal(0)), -(2.0**7))),
    "det of a large matrix of rank n - 3": Place(
        np.linalg.det, mirrored(7), np.zeros((10, 10)), None,
        ((on_diagonal(9), on_diagonal(8), on_diagonal(7)), -(2.0**7))),
}  # fmt: skip


def real(call, point):
    """The gradient as the sweep on arrays gives it."""
    return value_and_vjp(call, [point], 1.0)[2][0]


def recorded(call, point):
    """The same by the sweep that is recorded."""
    (g,) = value_and_vjp(call, [point], 1.0, record=True)[2]
    return g.value if isinstance(g, Tensor) else g


def lines(call, point):
    with Recording(), np.errstate(all="ignore"):
        x = variable(point)
        return call(x).line, [x.line]


def forward(call, point):
    return jacobian(*lines(call, point), "forward")[0]


def along(call, point, *directions):
    """The derivative along each of the directions in turn."""
    for direction in directions[:-1]:
        call = gradient_call(call, np.float64(1), (direction,))
    return np.sum(real(call, point) * directions[-1])


def reverse_over_reverse(call, point):
    units = np.eye(point.size).reshape((point.size, *point.shape))
    rows = [real(gradient_call(call, np.float64(1), (unit,)), point) for unit in units]
    return np.reshape(rows, (point.size, point.size))


@np.errstate(all="ignore")
def forward_over_reverse(call, point):
    return np.reshape(hessian(*lines(call, point))[0][0], (point.size, point.size))


GRADIENTS = {"reverse": real, "recorded reverse": recorded, "forward": forward}
HESSIANS = {"reverse over reverse": reverse_over_reverse, "forward over reverse": forward_over_reverse}


def agree(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("mode", GRADIENTS)
@pytest.mark.parametrize("name", PLACES)
def test_gradient(name, mode):
    place = PLACES[name]
    got = GRADIENTS[mode](place.call, np.asarray(place.at, float))
    assert np.shape(got) == np.shape(place.at)
    agree(got, place.gradient)


@pytest.mark.parametrize("mode", HESSIANS)
@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place.hessian is not None])
def test_hessian(name, mode):
    place = PLACES[name]
    agree(HESSIANS[mode](place.call, np.asarray(place.at, float)), place.hessian)


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place.third is not None])
def test_third_order(name):
    place = PLACES[name]
    directions, expected = place.third
    directions = [np.reshape(d, np.shape(place.at)) for d in directions]
    agree(along(place.call, np.asarray(place.at, float), *directions), expected)


# --- functions of a number, to high orders

# Name: the function, the point, its derivatives from the first on.
SLOPES = {
    # x^0 is 1 for every x, 0^0 included
    "x^0 at 0": (lambda x: x**0, 0.0, [0, 0, 0, 0]),
    "x^0 at 0, an array of exponents": (lambda x: np.sum(x ** np.zeros(1)), 0.0, [0, 0, 0, 0]),
    "x^1 at 0": (lambda x: x**1.0, 0.0, [1, 0, 0, 0]),
    "x^2 at 0": (lambda x: x**2, 0.0, [0, 2, 0, 0]),
    "x^3 at 0": (lambda x: x**3.0, 0.0, [0, 0, 6, 0]),
    "x^3 at 0, an array of exponents": (lambda x: np.sum(x ** np.array([3.0])), 0.0, [0, 0, 6, 0]),
    "x^1.5 at 0": (lambda x: x**1.5, 0.0, [0, INF, -INF]),
    "x^-1 at 0": (lambda x: x**-1.0, 0.0, [-INF, INF, -INF]),
    "x^3 at -2": (lambda x: x**3.0, -2.0, [12, -12, 6, 0]),
    # 0^x is 0 for x > 0
    "0^x at 2": (lambda x: 0**x, 2.0, [0, 0, 0, 0]),
    "0^x at 2, an array of bases": (lambda x: np.sum(np.zeros(2) ** x), 2.0, [0, 0, 0, 0]),
    # f = x^x has f' = f (log x + 1), f'' = f ((log x + 1)^2 + 1/x), and 1/x^2 leads the third
    "x^x at 0": (lambda x: x**x, 0.0, [-INF, INF, -INF]),
    # the integral of cos(pi x t) over t from 0 to 1, whose n-th derivative at 0 is +-pi^n / (n + 1) or 0
    "sinc at 0": (np.sinc, 0.0, [0, -(np.pi**2) / 3, 0, np.pi**4 / 5, 0, -(np.pi**6) / 7]),
    # with e = exp(-2x), tanh = 1 - 2e + 2e^2 - ..., so that each derivative is -2 times the one before; 1 - tanh^2 is 0
    "tanh far out": (np.tanh, 20.0, [1.6993417021166355e-17 * f for f in (1, -2, 4, -8)]),
    "tanh far below": (np.tanh, -20.0, [1.6993417021166355e-17 * f for f in (1, 2, 4, 8)]),
    # exp(-40) - exp(-80), with the sign changing from one to the next
    "sigmoid far out": (sigmoid, 40.0, [4.248354255291589e-18 * f for f in (1, -1, 1, -1)]),
    "sigmoid far below": (sigmoid, -700.0, [9.859676543759770e-305] * 3),
    "abs at 0": (np.absolute, 0.0, [0, 0, 0]),
    "hypot(x, 0) at 0": (lambda x: np.hypot(x, 0.0), 0.0, [0, 0]),
    "a number that is its own maximum": (lambda x: np.maximum(x, x) ** 2, 3.0, [6, 2, 0]),
}


def taylor_slopes(call, x, orders):
    """All derivatives up to an order from one Taylor series."""
    output, (line,) = lines(call, np.float64(x))
    coefficients = taylor(output, line, orders).coefficients
    return [c * float(mpmath.factorial(k)) for k, c in enumerate(coefficients)][1:]


@pytest.mark.parametrize("name", SLOPES)
def test_slopes(name):
    call, x, expected = SLOPES[name]
    agree_to_the_last([slopes(call, [x], order)[0] for order in range(1, len(expected) + 1)], expected)


@pytest.mark.parametrize("name", [name for name, (_, _, expected) in SLOPES.items() if np.all(np.isfinite(expected))])
def test_slopes_by_taylor(name):
    call, x, expected = SLOPES[name]
    agree_to_the_last(taylor_slopes(call, x, len(expected)), expected)


def agree_to_the_last(got, expected):
    """Relatively, however small; what is 0 by symmetry may be a rounding error of what stands beside it."""
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("x", [1e-3, 1e-10, 1e-60])
def test_x_to_the_x_near_zero(x):
    check_against_mpmath(lambda x: x**x, lambda x: x**x, x)


def test_powers_of_zero_with_a_variable_exponent():
    """Limits for a to 0 of a^b: f_b = a^b log a, f_ab = a^(b-1) (1 + b log a), f_aab and so on in any order."""
    assert slopes(np.power, [0.0, 2.0], 1) == [0, 0]
    assert slopes(np.power, [0.0, 2.0], 2) == [2, 0, 0, 0]
    assert slopes(np.power, [0.0, 2.0], 3) == [0, -INF, -INF, 0, -INF, 0, 0, 0]
    assert slopes(np.power, [0.0, 1.0], 2) == [0, -INF, -INF, 0]
    assert slopes(np.power, [0.0, 3.0], 3) == [6, 0, 0, 0, 0, 0, 0, 0]


# --- squares of norms, which are smooth: 2 x, and twice the identity


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.linalg.norm(x) ** 2,
        lambda x: np.square(np.linalg.norm(x)),
        lambda x: np.linalg.norm(x) * np.linalg.norm(x),
        lambda x: np.sqrt(np.sum(x**2)) ** 2,
        lambda x: np.sum(np.abs(x) ** 2),
    ],
)
def test_the_square_of_a_norm_at_zero(call):
    """A norm by itself has a corner: its slope 0 there tells nothing of its square, whose lines are simplified."""
    call = simplifying_call(call)
    agree(real(call, np.zeros(3)), np.zeros(3))
    for second in HESSIANS.values():
        agree(second(call, np.zeros(3)), 2 * np.eye(3))


def simplifying_call(call):
    """The call with its lines simplified before they are differentiated."""

    def simplified_call(x):
        answer = call(x)
        return wrap(simplified(answer.line)) if isinstance(answer, Tensor) else answer

    return simplified_call


def test_norms_at_zero_have_no_curvature():
    """Their second derivative does not exist; beside the slope 0 that of the flat function is answered."""
    for call in (np.linalg.norm, lambda x: np.hypot(x[0], x[1])):
        agree(reverse_over_reverse(call, np.zeros(2)), np.zeros((2, 2)))


# --- functions of symmetric matrices with equal eigenvalues

Q = np.array([[1.0, 2, 2], [2, 1, -2], [2, -2, 1]]) / 3
REPEATED = {
    "the identity": np.eye(3),
    "two equal": (Q * [1, 1, 4]) @ Q.T,
    "zero": np.zeros((3, 3)),
    "equal but for rounding": (Q * [2, 2 + 1e-15, 5]) @ Q.T,
    "nearly equal": (Q * [2, 2 + 1e-9, 5]) @ Q.T,
}
G, E, F = (m + m.T for m in np.random.default_rng(4).standard_normal((3, 3, 3)))


def cube(a):
    w, v = np.linalg.eigh(a)
    return (v * w**3) @ np.transpose(v)


# Ways to say <G, A^3> through eigenvalues, and sum of w^3.
CUBES = {
    "v * w^3 @ v'": lambda a: np.sum(G * cube(a)),
    "v @ diag(w^3) @ v'": lambda a: np.sum(
        G * ((d := np.linalg.eigh(a)).eigenvectors @ np.diag(d.eigenvalues**3) @ d.eigenvectors.T)
    ),
    "matrix_function": lambda a: np.sum(G * matrix_function(lambda w: w**3, a)),
}


@pytest.mark.parametrize("name", CUBES)
@pytest.mark.parametrize("point", REPEATED.values(), ids=REPEATED)
def test_a_function_of_a_matrix(point, name):
    """The product A A A has EAA + AEA + AAE along E, and along F as well EFA + FEA + EAF + FAE + AEF + AFE."""
    call, a = simplifying_call(CUBES[name]), point
    g = real(call, point)
    agree(g, g.T)
    close(np.sum(g * E), np.sum(G * (E @ a @ a + a @ E @ a + a @ a @ E)))
    second = E @ F @ a + F @ E @ a + E @ a @ F + F @ a @ E + a @ E @ F + a @ F @ E
    close(along(call, point, E, F), np.sum(G * second))
    close(along(call, point, E, F, E), 2 * np.sum(G * (E @ E @ F + E @ F @ E + F @ E @ E)))


@pytest.mark.parametrize("point", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("values", [np.linalg.eigvalsh, lambda a: np.linalg.eigh(a)[0]], ids=["eigvalsh", "eigh"])
def test_a_sum_over_eigenvalues(point, values):
    """sum(w^3) is the trace of A A A, with 3 A A and 3 (E A + A E) for its gradient and that gradient's slope."""
    call = simplifying_call(lambda a: np.sum(values(a) ** 3))
    close(real(call, point), 3 * point @ point)
    close(along(call, point, E, F), 3 * np.sum((E @ point + point @ E) * F))


def close(got, expected):
    """To the digits that an eigenvalue decomposition leaves."""
    np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-11)


def test_the_logarithm_at_a_multiple_of_the_identity():
    """log(c + E) = log c + E / c - E E / (2 c^2) + E E E / (3 c^3) - ..."""
    call, point = simplifying_call(lambda a: np.sum(G * matrix_function(np.log, a))), 2 * np.eye(3)
    close(along(call, point, E), np.sum(G * E) / 2)
    close(along(call, point, E, F), -np.sum(G * (E @ F + F @ E)) / 8)


def test_logsumexp_of_equal_eigenvalues():
    """log tr exp(c + E) = c + log 3 + tr E / 3 + (tr E E / 3 - (tr E / 3)^2) / 2 + ..."""
    call, point = simplifying_call(lambda a: nn.logsumexp(np.linalg.eigvalsh(a))), np.eye(3)
    close(along(call, point, E), np.trace(E) / 3)
    close(along(call, point, E, E), np.trace(E @ E) / 3 - np.trace(E) ** 2 / 9)


# --- functions of singular values that are equal


def odd_cube(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return (u * s**3) @ vt


def polar(a):
    u, _, vt = np.linalg.svd(a, full_matrices=False)
    return u @ vt


SHAPES = {"square": 2 * Q, "tall": 2 * Q[:, :2], "wide": 2 * Q[:2], "of rank 1": np.outer(Q[0], Q[1])}


@pytest.mark.parametrize("point", SHAPES.values(), ids=SHAPES)
def test_a_function_of_singular_values(point):
    """u s^3 v' is A A' A, with E A' A + A E' A + A A' E along E; sum(s^4) is the sum of squares of A A'."""
    e, f = np.random.default_rng(5).standard_normal((2, *point.shape))
    weights, call = np.random.default_rng(6).standard_normal(point.shape), simplifying_call(odd_cube)
    product = lambda x, y, z: np.sum(weights * (x @ y.T @ z))  # noqa: E731
    weighted = lambda a: np.sum(weights * call(a))  # noqa: E731
    a = point
    close(along(weighted, a, e), product(e, a, a) + product(a, e, a) + product(a, a, e))
    second = [product(*p) for p in [(e, f, a), (f, e, a), (e, a, f), (f, a, e), (a, e, f), (a, f, e)]]
    close(along(weighted, a, e, f), sum(second))
    total = simplifying_call(lambda a: np.sum(np.linalg.svdvals(a) ** 4))
    close(real(total, a), 4 * a @ a.T @ a)
    close(along(total, a, e, f), 4 * np.sum((e @ a.T @ a + a @ e.T @ a + a @ a.T @ e) * f))


def test_the_polar_factor_and_the_nuclear_norm():
    """At c times an orthogonal U: U (1 + K)/c + ... for U (c + S + K), where S is symmetric and K is not.

    The nuclear norm is the trace of (A' A)^(1/2): c n + tr S - tr K K / (2 c) + ...
    """
    k = E @ F - F @ E
    weights, point, step = np.random.default_rng(7).standard_normal((3, 3)), 2 * Q, Q @ (E + k)
    close(along(lambda a: np.sum(weights * polar(a)), point, step), np.sum(weights * (Q @ k)) / 2)
    for nuclear in (lambda a: np.linalg.norm(a, "nuc"), lambda a: np.sum(np.linalg.svdvals(a))):
        close(real(nuclear, point), Q)
        close(along(simplifying_call(nuclear), point, step, step), -np.trace(k @ k) / 2)


# --- what is not determined says so


@pytest.mark.parametrize(
    "call, says_so",
    [
        (lambda a: np.linalg.eigh(a)[1][0, 0], True),
        (lambda a: np.linalg.eigvalsh(a)[0], True),
        (lambda a: np.linalg.svd(a)[0][0, 0], True),
        (lambda a: np.linalg.svdvals(a)[0], True),
        (lambda a: np.sum(G * cube(a)), False),
        (lambda a: np.sum(np.log(np.linalg.eigvalsh(a))), False),
    ],
)
def test_remarks(call, says_so):
    output, inputs = lines(call, np.eye(3))
    assert bool(trouble.kinks(simplified(output), inputs)) == says_so
    output, inputs = lines(call, np.diag([1.0, 2, 3]))
    assert not trouble.kinks(simplified(output), inputs)


class TestAFactorThatHappensToBeZero:
    """It annihilates an infinite slope like a mask; but its own derivative is that of any other number."""

    INNER = (
        lambda f: ad.grad(f)(2.0),
        lambda f: ad.jvp(f, (2.0,), (1.0,))[1],
        lambda f: ad.derivatives(f, 2.0, 1)[1],
        lambda f: ad.hvp(lambda x: f(x) * x / 18, (2.0,), (3.0,))[0],  # of x^4/18: 12*x^2/18, times 3
    )

    @pytest.mark.parametrize(("inner", "slope"), list(zip(INNER, (12, 12, 12, 8), strict=True)))
    def test_by_the_factor(self, inner, slope):
        # d/dx y*x^3 = 3*y*x^2, and by y that is 3*x^2
        assert ad.grad(lambda y: inner(lambda x: y * x**3))(0.0) == slope

    def test_in_the_language(self):
        assert ad.parse("f(t) = t^3*x; D(f'(y), x)").value(x=0, y=2) == 12
        # c*sqrt(x) is 0 everywhere for c = 0
        assert ad.parse("D(c*sqrt(x), x)").value(x=0, c=0) == 0
        assert ad.parse("D(y*(x > 0)*sqrt(x), x)").value(x=0, y=2) == 0
