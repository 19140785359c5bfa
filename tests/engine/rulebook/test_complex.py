"""Complex arrays: the convention df = Re(g * dz), and eigenvalues, of which most are complex."""

import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import trouble
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.rulebook.exponential import sigmoid
from autodiff_cli.engine.rulebook.trigonometry import sech
from autodiff_cli.engine.rules import RULES
from autodiff_cli.engine.tensor import variable
from tests.engine.checks import difference, directions, paired, value_and_vjp

Z = np.array([0.4 + 0.7j, -0.3 + 0.5j, 1.2 - 0.8j])


def gradient(call, *point, cotangent=1.0):
    return value_and_vjp(call, point, cotangent)[2][0]


# --- the convention

REAL_VALUED = {
    "length": lambda z: np.sum(np.abs(z)),
    "square of the length": lambda z: np.sum(np.real(z * np.conjugate(z))),
    "real part of a square": lambda z: np.sum(np.real(z**2)),
    "imaginary part of an exponential": lambda z: np.sum(np.imag(np.exp(z))),
    "angle": lambda z: np.sum(np.angle(z) ** 2),
    "variance": np.var,
    "standard deviation": np.std,
    "inner product": lambda z: np.real(np.vdot(z, np.flip(z))),
    "direction": lambda z: np.sum(np.real(np.sign(z) ** 3)),
    "largest of the lengths": lambda z: np.max(np.abs(z)),
    "spectrum": lambda z: np.sum(np.abs(np.fft.fft(z)) ** 3),
    "the smaller eigenvalues": lambda z: np.min(np.abs(np.linalg.eigvals(np.multiply.outer(z, z) + np.diag(z)))),
    "determinant": lambda z: np.abs(np.linalg.det(np.multiply.outer(z, z) + np.eye(3))),
}


@pytest.mark.parametrize("name", REAL_VALUED)
def test_the_gradient_of_a_real_number(name):
    """Its real part is the slope along the real axis, its imaginary part the negative slope along the other."""
    call = REAL_VALUED[name]
    got = gradient(call, Z)
    assert got.dtype == complex
    for k, unit in enumerate(np.eye(3)):
        for step, part in ((unit, got[k].real), (1j * unit, -got[k].imag)):
            expected, doubt = difference(call, [Z], [step], 1.0)
            assert abs(part - expected) <= 1e-9 + 10 * doubt


HOLOMORPHIC = {
    np.exp: mpmath.exp, np.log: mpmath.log, np.log1p: mpmath.log1p, np.sqrt: mpmath.sqrt, np.sin: mpmath.sin,
    np.cos: mpmath.cos, np.tan: mpmath.tan, np.sinh: mpmath.sinh, np.cosh: mpmath.cosh, np.arcsin: mpmath.asin,
    np.arccos: mpmath.acos, np.arctan: mpmath.atan, np.arccosh: mpmath.acosh, np.arctanh: mpmath.atanh,
    np.tanh: mpmath.tanh, np.arcsinh: mpmath.asinh, np.sinc: mpmath.sincpi, np.reciprocal: lambda z: 1 / z,
    sech: mpmath.sech, sigmoid: lambda z: 1 / (1 + mpmath.exp(-z)),
}  # fmt: skip


@pytest.mark.parametrize("function", HOLOMORPHIC, ids=lambda f: f.__name__)
@pytest.mark.parametrize("z", [*Z, -2 + 0.1j, -2 - 0.1j, 3 + 4j])
def test_holomorphic_functions_have_their_complex_derivative(function, z):
    """Re(f'(z) * dz) for every dz: the gradient is f'(z), without a conjugate, on both sides of a branch cut."""
    expected = complex(mpmath.diff(HOLOMORPHIC[function], complex(z)))
    assert np.isclose(gradient(function, np.asarray(z)), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("z", [300 + 1j, -300 + 1j, 40 - 2j, -40 + 2j])
@pytest.mark.parametrize("function", [np.tanh, sigmoid], ids=lambda f: f.__name__)
def test_far_out_the_slope_keeps_its_digits(function, z):
    with mpmath.workdps(700):
        expected = complex(mpmath.diff(HOLOMORPHIC[function], mpmath.mpc(z)))
    assert np.isclose(gradient(function, np.asarray(z)), expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("z", [-1j + 1e-9, 1j - 1e-7, 1e-9 + 1.001j])
def test_the_slope_of_arcsinh_near_its_poles(z):
    with mpmath.workdps(40):
        expected = complex(1 / mpmath.sqrt(1 + mpmath.mpc(z) ** 2))
    assert np.isclose(gradient(np.arcsinh, np.asarray(z)), expected, rtol=1e-14, atol=0)


def test_real_operands_have_real_gradients():
    """Of a complex calculation only what real numbers can do is kept: |x + iy| is hypot(x, y)."""
    x, y = np.array([3.0, 0.0]), np.array([4.0, 2.0])
    for got, expected in zip(
        value_and_vjp(lambda x, y: np.sum(np.abs(x + 1j * y)), (x, y), 1.0)[2], ([0.6, 0], [0.8, 1]), strict=True
    ):
        assert got.dtype == float
        assert np.allclose(got, expected, rtol=1e-15)


def test_lengths_and_directions_at_zero():
    zero = np.array([0j, 3 + 4j])
    assert np.allclose(gradient(lambda z: np.sum(np.abs(z)), zero), [0, 0.6 - 0.8j], rtol=1e-15)
    assert np.allclose(np.sign(variable(zero)).value, np.sign(zero), rtol=1e-15)


def test_powers_of_negative_numbers():
    """(-2)^b with complex b has the slope (-2)^b * (log(2) + i pi)."""
    b = np.asarray(0.5 + 0.3j)
    expected = (-2 + 0j) ** b * (np.log(2) + 1j * np.pi)
    for base in (-2.0, np.array(-2.0)):
        assert np.isclose(gradient(lambda b, base=base: np.power(base, b), b), expected, rtol=1e-14)


# --- eigenvalues


def random_matrix(n, seed=0):
    return directions([np.zeros((n, n))], seed)[0]


def slope(call, a, seed=7):
    """(adiff's, by differences) along a random direction."""
    (step,) = directions([a], seed)
    return np.real(np.sum(gradient(call, a) * step)), difference(call, [a], [step], 1.0)[0]


def test_eigenvalues_of_a_rotation():
    """Those of [[a, -b], [b, a]] are a +- ib; a is half of the trace, and b half of what stands across it."""
    a = np.array([[0.6, -0.8], [0.8, 0.6]])
    upper = int(np.argmax(np.linalg.eig(a)[0].imag))
    real = gradient(lambda a: np.real(np.linalg.eigvals(a)[upper]), a)
    imaginary = gradient(lambda a: np.imag(np.linalg.eigvals(a)[upper]), a)
    assert np.allclose(real, [[0.5, 0], [0, 0.5]], atol=1e-15)
    assert np.allclose(imaginary, [[0, -0.5], [0.5, 0]], atol=1e-15)
    assert real.dtype == imaginary.dtype == float


PHASELESS = {
    "lengths of components": lambda a: np.sum(np.abs(np.linalg.eig(a)[1]) ** 3),
    "a projection": lambda a: np.real(projection(np.linalg.eig(a)[1][:, 0])[0, 1]),
    "the logarithm of the matrix": lambda a: np.sum(np.real(logarithm(a) ** 2)),
}


def projection(v):
    return np.multiply.outer(v, np.conjugate(v))


def logarithm(a):
    w, v = np.linalg.eig(a)
    return np.matmul(v * np.log(w + 0j), np.linalg.inv(v))


@pytest.mark.parametrize("name", PHASELESS)
@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("kind", [1, 1 + 0.5j], ids=["real", "complex"])
def test_what_does_not_ask_for_a_phase(name, n, kind):
    got, expected = slope(PHASELESS[name], random_matrix(n) * kind + 0.3 * random_matrix(n, 1))
    assert np.isclose(got, expected, rtol=1e-7)


@pytest.mark.parametrize("kind", [1, 1j], ids=["real", "complex"])
def test_the_phase_is_that_of_lapack(kind):
    """The largest component of each vector is real, and stays so."""
    a = random_matrix(4) + kind * random_matrix(4, 1)
    v = np.linalg.eig(a)[1]
    assert np.all(np.take_along_axis(v, np.argmax(np.abs(v), 0, keepdims=True), 0).imag == 0)
    for part in (np.real, np.imag):
        got, expected = slope(lambda a, part=part: np.sum(part(np.linalg.eig(a)[1]) ** 2 * np.arange(4)), a)
        assert np.isclose(got, expected, rtol=1e-7)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_what_treats_equal_eigenvalues_alike(power):
    """The sum of w^k is trace(A^k), with the gradient k * transpose(A^(k-1)), at equal eigenvalues as well."""
    v = random_matrix(3)
    a = v @ np.diag([2.0, 2.0, 5.0]) @ np.linalg.inv(v)
    got = gradient(lambda a: np.real(np.sum(np.linalg.eig(a)[0] ** power)), a)
    assert np.allclose(got, power * np.linalg.matrix_power(a, power - 1).T, rtol=1e-9)


def test_defective_matrices_have_no_slope():
    defective = np.array([[1.0, 1.0], [0.0, 1.0]])
    stack = np.stack([defective, np.diag([1.0, 2.0])])
    got = gradient(lambda a: np.sum(np.linalg.eigvals(a) ** 2), stack)
    assert np.all(np.isnan(got[0]))
    assert np.array_equal(got[1], np.diag([2.0, 4.0]))


@pytest.mark.parametrize(("diagonal", "is_kink"), [([1.0, 1.0], True), ([1.0, 2.0], False)])
def test_equal_eigenvalues_are_reported(diagonal, is_kink):
    with Recording():
        a = variable(np.diag(diagonal))
        answer = np.sum(np.linalg.eigvals(a))
    assert bool(trouble.kinks(answer.line, [a.line])) is is_kink


def test_a_program_for_both_kinds_of_matrices():
    """Recorded where the eigenvalues are real, and run where they are not: the matrix is taken as complex."""

    def call(a):
        return np.sum(np.abs(np.linalg.eigvals(np.astype(a, complex))) ** 3)

    with Recording():
        a = variable(np.diag([1.0, 2.0]))
        (back,) = vjp([call(a).line], [np.float64(1)], [a.line], record=True)
    turned = np.array([[0.6, -0.8], [0.8, 0.7]])
    (got,) = Program([a.line], [back.line])(turned)
    assert got.dtype == float
    assert np.allclose(got, gradient(call, turned), rtol=1e-13)


# --- factors of matrices, and norms


def adjoint(a):
    return np.conjugate(np.matrix_transpose(a))


UNITARY = np.linalg.qr(random_matrix(3) + 1j * random_matrix(3, 1))[0]


def hermitian_slope(call, point, cotangent=1.0):
    """What the gradient says of a Hermitian step, and what differences say."""
    (step,) = directions([point], 3)
    step = step + adjoint(step)
    (g,) = value_and_vjp(call, [point], cotangent)[2]
    assert np.allclose(g, adjoint(g), rtol=1e-14, atol=1e-14)
    return paired([g], [step]), difference(call, [point], [step], cotangent)[0]


EQUAL = {
    "trace of the cube": lambda a: np.sum(np.linalg.eigvalsh(a) ** 3),
    "log-sum-exp": lambda a: np.log(np.sum(np.exp(np.linalg.eigh(a)[0]))),
    "a product": lambda a: np.prod(np.linalg.svd(a, hermitian=True)[1]),
    "entries of a projection": lambda a: np.imag((v := np.linalg.eigh(a)[1][:, :2]) @ adjoint(v)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_eigenvalues_of_a_hermitian_matrix(name):
    point = (UNITARY * [2, 2, 5]) @ adjoint(UNITARY)
    cotangent = directions([EQUAL[name](point)], 4)[0]
    got, expected = hermitian_slope(EQUAL[name], point, cotangent)
    assert abs(got) > 0.1
    assert np.isclose(got, expected, rtol=1e-8)


def test_half_a_matrix_stands_for_a_hermitian_one():
    point = (UNITARY * [1, 2, 5]) @ adjoint(UNITARY)
    calls = [lambda a, u=u: np.linalg.eigvalsh(a, u) for u in "LU"]
    calls += [lambda a, u=u: np.linalg.cholesky(a, upper=u) for u in (False, True)]
    for call in calls:
        got, expected = hermitian_slope(call, point, directions([call(point)], 5)[0])
        assert np.isclose(got, expected, rtol=1e-8)


@pytest.mark.parametrize("rows", [3, 4, 2])
def test_equal_singular_values(rows):
    """The sum of their squares is that of |entry|^2."""
    a = 2 * np.eye(rows, 3) @ UNITARY
    for call in (np.linalg.svdvals, lambda a: np.linalg.svd(a)[1]):
        assert np.allclose(gradient(lambda a, f=call: np.sum(f(a) ** 2), a), 2 * np.conjugate(a), rtol=1e-13)


def test_a_matrix_rebuilt_from_its_singular_vectors():
    """u s vt is the matrix itself, so that the cotangent comes through as it is."""

    def rebuilt(a):
        u, s, vt = np.linalg.svd(a)
        return (u * s) @ vt

    (cotangent,) = directions([UNITARY], 8)
    got = value_and_vjp(rebuilt, [UNITARY * [3, 2, 1] @ np.roll(UNITARY, 1, 1)], cotangent)[2][0]
    assert np.allclose(got, cotangent, rtol=1e-12)


def test_singular_vectors_without_a_phase_are_reported():
    """Those of the value 0 may turn in any way, unlike real ones."""
    for values, is_kink in ([3, 2, 1], False), ([3, 2, 0], True):
        a = UNITARY * values @ np.roll(UNITARY, 1, 1)
        assert bool(RULES[np.linalg.svd].kink[0](np.linalg.svd(a), a)) is is_kink
        assert not RULES[np.linalg.svd].kink[0](np.linalg.svd(np.diag(values)), np.diag(values))


def test_the_sign_of_a_determinant_is_that_of_its_angle():
    """det = sign * exp(logabsdet): its gradient is det * inv(a)', whatever way it was taken."""
    a = random_matrix(4) + 1j * random_matrix(4, 1)
    by_parts = gradient(lambda a: (s := np.linalg.slogdet(a))[0] * np.exp(s[1]), a)
    assert np.allclose(by_parts, np.linalg.det(a) * np.linalg.inv(a).T, rtol=1e-13)


def test_norms_of_zero_and_with_equal_lengths():
    for order in (None, 1, 2, 3, 4, np.inf, -np.inf, 0):
        assert np.array_equal(gradient(lambda x, p=order: np.linalg.norm(x, p), np.zeros(3, complex)), np.zeros(3))
    for order in (None, "nuc", 1, 2, -2, np.inf):
        assert not np.any(gradient(lambda x, p=order: np.linalg.norm(x, p), np.zeros((2, 3), complex)))
    x = np.array([3 + 4j, -5j, 1])
    assert np.allclose(gradient(lambda x: np.linalg.norm(x, np.inf), x), [0.3 - 0.4j, 0.5j, 0], rtol=1e-15)
    assert np.allclose(gradient(lambda x: np.linalg.norm(x, 2), UNITARY), np.conjugate(UNITARY) / 3, rtol=1e-13)
