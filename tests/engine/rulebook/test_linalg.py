"""Linear algebra where it is delicate: singular matrices, equal eigenvalues, norms of zero."""

from itertools import product

import mpmath
import numpy as np
import pytest
import sympy
from sympy.polys.matrices import DomainMatrix

from autodiff_cli.engine.rules import RULES
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import difference, directions, gradient_call, value_and_vjp


def gradient(call, *point):
    return value_and_vjp(call, point, 1.0)[2][0]


def slope_along(call, point, *steps):
    """The derivative of a number along each of the steps in turn."""
    for step in steps[:-1]:
        call = gradient_call(call, np.float64(1), (step,))
    return np.sum(gradient(call, point) * steps[-1])


def hessian(call, point):
    units = np.eye(point.size).reshape(-1, *point.shape)
    rows = [gradient(gradient_call(call, np.float64(1), (unit,)), point) for unit in units]
    return np.reshape(rows, (point.size, point.size))


def symmetric_slope(call, point, cotangent, seed=0):
    """What the gradient says of a symmetric step, and what differences say."""
    (step,) = directions([point], seed)
    step = step + step.T
    (g,) = value_and_vjp(call, [point], cotangent)[2]
    return np.sum(g * step), difference(call, [point], [step], cotangent)[0]


# --- determinants


def exact_slope_of_det(point, *steps):
    """The same in whole numbers: along steps of rank 1 the determinant has no squares, so differences are exact."""
    total = 0
    for chosen in product([0, 1], repeat=len(steps)):
        moved = point + sum(c * step for c, step in zip(chosen, steps, strict=True))
        total += (-1) ** (len(steps) - sum(chosen)) * exact_det(moved)
    return total


def exact_det(a):
    rows = [[sympy.ZZ_I(int(x.real), int(x.imag)) for x in row] for row in a]
    det = DomainMatrix(rows, a.shape, sympy.ZZ_I).det()
    return complex(int(det.x), int(det.y))


def whole(rng, shape, kind):
    """Small whole numbers, also in the imaginary part of complex ones."""
    x = rng.integers(-2, 3, shape)
    return x.astype(float) if kind is float else x + 1j * rng.integers(-2, 3, shape)


def of_rank(n, rank, kind=float):
    rng = np.random.default_rng([n, rank])
    return whole(rng, (n, rank), kind) @ whole(rng, (rank, n), kind)


def steps_of_rank_one(n, count, kind=float):
    u, v = whole(np.random.default_rng(n), (2, count, n), kind)
    return u[:, :, None] * v[:, None, :]


SINGULAR = {
    "2x2": np.array([[1.0, 2], [2, 4]]),
    "2x2 zero": np.zeros((2, 2)),
    "3x3 of rank 2": np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]),
    "3x3 of rank 1": np.outer([1.0, 2, 3], [2.0, -1, 1]),
    "3x3 zero": np.zeros((3, 3)),
}


@pytest.mark.parametrize("point", SINGULAR.values(), ids=SINGULAR)
class TestSingularDeterminant:
    def test_gradient_is_the_adjugate(self, point):
        adjugate = np.array(sympy.Matrix(point.astype(int)).adjugate(), float)
        assert np.allclose(gradient(np.linalg.det, point), adjugate.T, rtol=1e-14, atol=1e-14)

    def test_hessian(self, point):
        entries = sympy.symbols(f"a0:{point.size}")
        exact = sympy.hessian(sympy.Matrix(*point.shape, entries).det(), entries)
        expected = np.array(exact.subs(dict(zip(entries, point.ravel(), strict=True))), float)
        assert np.abs(expected).max() > 0 or not point.any()
        assert np.allclose(hessian(np.linalg.det, point), expected, rtol=1e-14, atol=1e-14)

    def test_third_order(self, point):
        steps = steps_of_rank_one(len(point), 3)
        expected = exact_slope_of_det(point, *steps)
        assert np.isclose(slope_along(np.linalg.det, point, *steps), expected, rtol=1e-13, atol=1e-13)


def test_the_adjugate_of_two_by_two_is_exact():
    a, b, c, d = 0.1, 0.2, 0.3, 0.7
    assert np.array_equal(gradient(np.linalg.det, np.array([[a, b], [c, d]])), [[d, -c], [-b, a]])


class TestLargeDeterminant:
    """Beyond the size at which cofactors are taken one by one."""

    @pytest.mark.parametrize("kind", [float, complex])
    @pytest.mark.parametrize("rank", [10, 9, 8, 7, 0])
    @pytest.mark.parametrize("order", [1, 2])
    def test_singular(self, rank, order, kind):
        point, steps = of_rank(10, rank, kind), steps_of_rank_one(10, order, kind)
        expected = exact_slope_of_det(point, *steps)
        assert (expected != 0) == (rank >= 10 - order)
        size = np.linalg.norm(point, 2) ** (10 - order) * np.prod(np.linalg.norm(steps, 2, (1, 2)))
        assert abs(slope_along(np.linalg.det, point, *steps) - expected) <= 1e-14 * size

    def test_third_order_with_equal_singular_values(self):
        steps = steps_of_rank_one(9, 3)
        assert np.isclose(slope_along(np.linalg.det, np.eye(9), *steps), exact_slope_of_det(np.eye(9), *steps))

    def test_a_stack_of_one_regular_and_one_singular_matrix(self):
        stack = np.stack([of_rank(10, 10), of_rank(10, 9)])
        together = gradient(lambda a: np.sum(np.linalg.det(a)), stack)
        assert np.array_equal(together, [gradient(np.linalg.det, a) for a in stack])

    def test_nan_stays_nan(self):
        stack = np.stack([np.full((9, 9), np.nan), of_rank(9, 8)])
        of_nan, of_singular = gradient(lambda a: np.sum(np.linalg.det(a)), stack)
        assert np.isnan(of_nan).all()
        assert np.isfinite(of_singular).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_the_gradient_of_slogdet_is_the_inverse(sign):
    a = np.random.default_rng(0).standard_normal((4, 4)) + sign * np.diag([4, 4, 4, 4 * sign])
    assert np.linalg.slogdet(a).sign == sign
    assert np.allclose(gradient(lambda a: np.linalg.slogdet(a).logabsdet, a), np.linalg.inv(a).T, rtol=1e-13)
    assert np.array_equal(gradient(lambda a: np.linalg.slogdet(a).sign, a), np.zeros((4, 4)))


def test_gaussian_log_likelihood():
    """In the mean and the covariance, against mpmath's differences in 50 digits."""
    x, mean = np.array([0.3, -1.2, 0.8]), np.array([0.1, 0.4, -0.5])
    cov = np.array([[2, 0.3, 0.1], [0.3, 1, -0.2], [0.1, -0.2, 1.5]])

    def likelihood(mean, cov):
        d = x - mean
        return -0.5 * (d @ np.linalg.solve(cov, d) + np.linalg.slogdet(cov)[1] + 3 * np.log(2 * np.pi))

    def exact(*entries):
        d = mpmath.matrix([mpmath.mpf(a) - m for a, m in zip(x, entries[:3], strict=True)])
        s = mpmath.matrix([entries[k : k + 3] for k in (3, 6, 9)])
        return -((d.T * mpmath.lu_solve(s, d))[0] + mpmath.log(mpmath.det(s)) + 3 * mpmath.log(2 * mpmath.pi)) / 2

    entries = [*mean, *cov.ravel()]
    with mpmath.workdps(50):
        expected = [float(mpmath.diff(exact, entries, [int(i == k) for i in range(12)])) for k in range(12)]
    _, _, (of_mean, of_cov), _ = value_and_vjp(likelihood, [mean, cov], 1.0)
    assert np.allclose(of_mean, expected[:3], rtol=1e-13)
    assert np.allclose(of_cov.ravel(), expected[3:], rtol=1e-13)


# --- equal eigenvalues and singular values

Q = np.array([[1.0, 2, 2], [2, 1, -2], [2, -2, 1]]) / 3
REPEATED = {
    "two equal": (Q * [1, 1, 4]) @ Q.T,
    "the identity": np.eye(3),
    "zero": np.zeros((3, 3)),
    "equal but for rounding": (Q * [2, 2 + 1e-15, -1]) @ Q.T,
}
SPECTRAL = {
    "trace": lambda w: np.sum(w),
    "sum of squares": lambda w: np.sum(w**2),
    "log-sum-exp": lambda w: np.log(np.sum(np.exp(w))),
    "determinant": lambda w: w[0] * w[1] * w[2],
}


@pytest.mark.parametrize("name", SPECTRAL)
@pytest.mark.parametrize("point", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("values", [np.linalg.eigvalsh, lambda a: np.linalg.eigh(a)[0]], ids=["eigvalsh", "eigh"])
def test_functions_of_equal_eigenvalues(name, point, values):
    got, expected = symmetric_slope(lambda a: SPECTRAL[name](values(a)), point, 1.0)
    assert np.isclose(got, expected, rtol=1e-9, atol=1e-9)


def test_the_space_of_equal_eigenvalues():
    """The projection on it is determined, though its basis is not."""

    def projection(a):
        v = np.linalg.eigh(a)[1][:, :2]
        return v @ np.transpose(v)

    (cotangent,) = directions([Q], 5)
    got, expected = symmetric_slope(projection, REPEATED["two equal"], cotangent)
    assert np.isclose(got, expected, rtol=1e-9)


def test_one_of_several_equal_eigenvalues():
    """Its slope is that of their mean, whatever basis LAPACK has chosen."""
    for k, space in [(0, Q[:, :2]), (1, Q[:, :2]), (2, Q[:, 2:])]:
        expected = space @ space.T / space.shape[1]
        assert np.allclose(gradient(lambda a, k=k: np.linalg.eigvalsh(a)[k], REPEATED["two equal"]), expected)


def test_the_hessian_of_the_trace_at_the_identity_is_zero():
    assert np.array_equal(hessian(lambda a: np.sum(np.linalg.eigvalsh(a)), np.eye(3)), np.zeros((9, 9)))


def test_the_hessian_of_the_sum_of_squares_at_distinct_eigenvalues():
    """It is twice the identity on symmetric matrices."""
    a, (s,) = (Q * [1, 2, 4]) @ Q.T, directions([Q], 6)
    step = s + s.T
    got = gradient(gradient_call(lambda a: np.sum(np.linalg.eigh(a)[0] ** 2), np.float64(1), (step,)), a)
    assert np.allclose(got, 2 * step, rtol=1e-12)


@pytest.mark.parametrize("uplo", ["L", "U"])
def test_half_a_matrix_stands_for_a_symmetric_one(uplo):
    """The gradient of eigh and cholesky is symmetric, and says what symmetric steps do."""
    a = (Q * [1, 2, 4]) @ Q.T
    calls = [lambda a: np.linalg.eigvalsh(a, uplo), lambda a: np.linalg.cholesky(a, upper=uplo == "U")]
    for call in calls:
        (cotangent,) = directions([call(a)], 7)
        (g,) = value_and_vjp(call, [a], cotangent)[2]
        assert np.array_equal(g, g.T)
        got, expected = symmetric_slope(call, a, cotangent)
        assert np.isclose(got, expected, rtol=1e-9)


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 3)])
def test_functions_of_equal_singular_values(shape):
    """The sum of their squares is that of all entries, and its gradient twice the matrix."""
    a = 2 * np.eye(*shape)
    for call in (
        lambda a: np.sum(np.linalg.svdvals(a) ** 2),
        lambda a: np.sum(np.linalg.svd(a)[1] ** 2),
        lambda a: np.sum(np.linalg.svd(a, full_matrices=False)[1] ** 2),
    ):
        assert np.allclose(gradient(call, a), 2 * a, rtol=1e-14)


def test_a_singular_matrix_rebuilt_from_its_singular_vectors():
    """u s vt is the matrix itself, so that the cotangent comes through as it is."""

    def rebuilt(a):
        u, s, vt = np.linalg.svd(a)
        return (u * s) @ vt

    (cotangent,) = directions([Q], 8)
    assert np.allclose(value_and_vjp(rebuilt, [SINGULAR["3x3 of rank 2"]], cotangent)[2][0], cotangent, rtol=1e-12)


def test_singular_values_of_a_symmetric_matrix_are_the_sizes_of_its_eigenvalues():
    """1 and -1 have equal sizes, which share their slopes, but vectors of their own; 0 stands still."""
    a = (Q * [1, -1, 0]) @ Q.T
    spaces = [np.outer(v, v) for v in Q.T]
    for f in (lambda a: np.linalg.svd(a, hermitian=True)[1], lambda a: np.linalg.svd(a, True, False, True)):
        assert np.allclose(gradient(lambda a, f=f: np.sum(f(a) ** 2), a), 2 * a, atol=1e-14)
        assert np.allclose(gradient(lambda a, f=f: f(a)[0], a), (spaces[0] - spaces[1]) / 2, atol=1e-14)

    def rebuilt(a):
        u, s, vt = np.linalg.svd(a, hermitian=True)
        return (u * s) @ vt

    (cotangent,) = directions([Q], 8)
    got = value_and_vjp(rebuilt, [(Q * [1, -3, 2]) @ Q.T], cotangent)[2][0]
    assert np.allclose(got, (cotangent + cotangent.T) / 2, rtol=1e-12)


def test_the_rest_of_the_columns_of_a_complete_qr():
    """They span what the reduced ones leave over: the two projections have the sum 1, and opposite slopes."""
    a = directions([np.zeros((5, 2))], 9)[0]
    (cotangent,) = directions([np.zeros((5, 5))], 10)
    spaces = {"reduced": slice(None, 2), "complete": slice(2, None)}

    def projection(a, mode):
        q = np.linalg.qr(a, mode)[0][:, spaces[mode]]
        return q @ np.transpose(q)

    ours, theirs = (value_and_vjp(lambda a, m=m: projection(a, m), [a], cotangent)[2][0] for m in spaces)
    assert np.abs(ours).max() > 0.1
    assert np.allclose(ours, -theirs, rtol=1e-12, atol=1e-12)


def test_kinks_of_equal_values_are_found():
    at_kink = lambda f, a: bool(RULES[f].kink[0](f(a), a))  # noqa: E731
    distinct = np.diag([1.0, 2, 3])
    for f in (np.linalg.eigh, np.linalg.eigvalsh):
        assert all(at_kink(f, a) for a in REPEATED.values())
        assert not at_kink(f, distinct)
    for f in (np.linalg.svd, np.linalg.svdvals):
        assert at_kink(f, np.eye(3))
        assert not at_kink(f, distinct)
    assert at_kink(np.linalg.svd, np.outer([1.0, 2, 3], [1.0, 2]))
    assert not at_kink(np.linalg.svdvals, np.outer([1.0, 2, 3], [1.0, 2]))
    assert not at_kink(np.linalg.svd, np.outer([1.0, 2], [1.0, 2]))


# --- norms


class TestNorm:
    def test_exact(self):
        for call in (np.linalg.norm, np.linalg.vector_norm, lambda x: np.linalg.norm(x, 2)):
            assert np.array_equal(gradient(call, np.array([3.0, 4.0])), [0.6, 0.8])

    @pytest.mark.parametrize("ord", [None, 1, 2, 3, 4, 1.5, np.inf, -np.inf, 0])
    def test_of_the_zero_vector(self, ord):
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x, ord), np.zeros(3)), np.zeros(3))

    @pytest.mark.parametrize("ord", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
    def test_of_the_zero_matrix(self, ord):
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x, ord), np.zeros((2, 3))), np.zeros((2, 3)))

    def test_of_one_zero_row(self):
        x = np.array([[3.0, 4.0], [0.0, 0.0]])
        assert np.array_equal(gradient(lambda x: np.sum(np.linalg.norm(x, axis=1)), x), [[0.6, 0.8], [0, 0]])

    def test_the_square_of_a_norm_at_zero(self):
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x) ** 2, np.zeros(3)), np.zeros(3))

    def test_equal_entries_share(self):
        x = np.array([2.0, -2.0, 1.0])
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x, np.inf), x), [0.5, -0.5, 0])
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x, 2), np.eye(2)), np.eye(2) / 2)
        assert np.array_equal(gradient(lambda x: np.linalg.norm(x, 1), np.eye(2)), np.eye(2) / 2)

    def test_zero_singular_values_stand_still(self):
        """The nuclear norm of a rank 1 matrix u s v' has the smallest of its slopes, u v'."""
        u, v = np.array([0.6, 0.8]), np.array([1.0, 0.0, 0.0])
        assert np.allclose(gradient(lambda x: np.linalg.norm(x, "nuc"), 5 * np.outer(u, v)), np.outer(u, v), atol=1e-15)

    def test_even_orders_at_a_zero_entry(self):
        """The sum of fourth powers, through the norm: its fourth derivative at a zero entry is 24."""
        x, unit = np.array([0.0, 1.0]), np.array([1.0, 0.0])
        assert np.isclose(slope_along(lambda x: np.linalg.norm(x, 4) ** 4, x, unit, unit, unit, unit), 24)

    def test_kinks(self):
        predicate = RULES[np.linalg.norm].kink[0]
        corner = lambda x, ord: bool(predicate(np.linalg.norm(x, ord), x, ord))  # noqa: E731
        assert corner(np.zeros(2), None)
        assert corner(np.array([1.0, 0.0]), 1)
        assert corner(np.array([1.0, -1.0]), np.inf)
        assert not corner(np.array([1.0, 0.0]), None)
        assert not corner(np.array([1.0, 2.0]), np.inf)


# --- what has no derivative here


def test_refusals():
    with pytest.raises(NotDifferentiable, match="qr: mode raw"):
        gradient(lambda a: np.sum(np.linalg.qr(a, "raw")[0]), np.ones((3, 2)))


def test_singular_matrices_raise_as_in_numpy():
    for call in (np.linalg.inv, lambda a: np.linalg.solve(a, np.ones(2)), np.linalg.cholesky):
        with pytest.raises(np.linalg.LinAlgError):
            call(variable(np.zeros((2, 2))))
