"""Products against loops that spell them out."""

from itertools import product

import numpy as np
import pytest

from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import check_against_differences, value_and_vjp


def integers(seed, *shapes):
    """Small integers, with which every product and sum is exact."""
    rng = np.random.default_rng(seed)
    return [rng.integers(-4, 5, shape).astype(float) for shape in shapes]


def gradients(call, *point, cotangent=1.0):
    return value_and_vjp(call, point, cotangent)[2]


def looped_einsum(terms, result, factors, g):
    """The gradients of <g, einsum>: every choice of labels adds g times the product of the other factors."""
    sizes = {label: n for term, f in zip(terms, factors, strict=True) for label, n in zip(term, f.shape, strict=True)}
    answers = [np.zeros(f.shape) for f in factors]
    for choice in product(*map(range, sizes.values())):
        at = dict(zip(sizes, choice, strict=True))
        entries = [f[tuple(at[k] for k in term)] for term, f in zip(terms, factors, strict=True)]
        for i, term in enumerate(terms):
            others = np.prod(entries[:i] + entries[i + 1 :])
            answers[i][tuple(at[k] for k in term)] += g[tuple(at[k] for k in result)] * others
    return answers


EINSUMS = [
    (["ij", "jk"], "ik", [(2, 3), (3, 4)]),
    (["ij", "jk"], "kji", [(2, 3), (3, 4)]),
    (["ij", "jk", "kl"], "il", [(2, 3), (3, 2), (2, 4)]),
    (["ii"], "i", [(3, 3)]),
    (["ii"], "", [(3, 3)]),
    (["iij", "jj"], "i", [(2, 2, 3), (3, 3)]),
    (["ijk"], "j", [(2, 3, 4)]),
    (["ij", "k"], "i", [(2, 3), (2,)]),
    (["bij", "bjk", "b"], "bik", [(2, 2, 3), (2, 3, 2), (2,)]),
    (["i", "i", "i"], "", [(3,), (3,), (3,)]),
]


@pytest.mark.parametrize("terms, result, shapes", EINSUMS)
@pytest.mark.parametrize("optimize", [False, True])
def test_einsum_against_loops(terms, result, shapes, optimize):
    factors = integers(1, *shapes)
    subscripts = ",".join(terms) + "->" + result
    (g,) = integers(2, np.einsum(subscripts, *factors).shape)
    got = gradients(lambda *f: np.einsum(subscripts, *f, optimize=optimize), *factors, cotangent=g)
    for answer, expected in zip(got, looped_einsum(terms, result, factors, g), strict=True):
        assert np.array_equal(answer, expected)


def test_kron_against_loops():
    a, b = integers(3, (2, 3), (4, 2))
    (g,) = integers(4, (8, 6))
    of_a, of_b = np.zeros(a.shape), np.zeros(b.shape)
    for i, j, k, m in product(range(2), range(3), range(4), range(2)):
        of_a[i, j] += g[4 * i + k, 2 * j + m] * b[k, m]
        of_b[k, m] += g[4 * i + k, 2 * j + m] * a[i, j]
    got = gradients(np.kron, a, b, cotangent=g)
    assert np.array_equal(got[0], of_a)
    assert np.array_equal(got[1], of_b)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("n, m", [(6, 3), (6, 4), (3, 6), (1, 1)])
def test_convolve_against_its_matrix(n, m, mode):
    """Convolution is linear in each array, so its gradients are products with the matrix of its columns."""
    a, v = integers(5, (n,), (m,))
    (g,) = integers(6, np.convolve(a, v, mode).shape)
    got = gradients(lambda a, v: np.convolve(a, v, mode), a, v, cotangent=g)
    assert np.array_equal(got[0], [g @ np.convolve(e, v, mode) for e in np.eye(n)])
    assert np.array_equal(got[1], [g @ np.convolve(a, e, mode) for e in np.eye(m)])


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) >= "2.5.0", reason="NumPy 2.5 has ended it")
@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.parametrize("a, b", [((2,), (2,)), ((2,), (3,)), ((3,), (2,)), ((4, 2), (2,)), ((2,), (4, 3))])
def test_cross_of_vectors_in_the_plane(a, b):
    rng = np.random.default_rng(7)
    check_against_differences(np.cross, (rng.random(a), rng.random(b)), 3)


def test_the_outer_method_of_multiply():
    a, b = integers(8, (2,), (3,))
    got = gradients(lambda a, b: np.sum(np.multiply.outer(a, b)), a, b)
    assert np.array_equal(got[0], [b.sum()] * 2)
    assert np.array_equal(got[1], [a.sum()] * 3)


def test_high_powers_of_a_matrix():
    """(1 + t e)^n = 1 + n t e for the matrix e with a single entry above the diagonal."""
    n = 1_000_000
    (g,) = gradients(lambda a: np.linalg.matrix_power(a, n)[0, 1], np.eye(2))
    assert np.array_equal(g, [[0, n], [0, 0]])


SQUARES = [np.dot, np.vdot, np.inner, np.matmul, np.vecdot, lambda a, b: np.einsum("i,i", a, b)]


class TestStrongZero:
    """1/x is infinite where these do not look."""

    def test_trace(self):
        (g,) = gradients(lambda x: np.trace(1 / x), 2 * np.eye(2))
        assert np.array_equal(g, -np.eye(2) / 4)

    def test_repeated_label(self):
        (g,) = gradients(lambda x: np.einsum("ii", 1 / x), 2 * np.eye(2))
        assert np.array_equal(g, -np.eye(2) / 4)

    @pytest.mark.parametrize("square", SQUARES)
    def test_a_factor_of_zero_is_no_choice(self, square):
        """sqrt(x)*sqrt(x) at 0 is 0 times infinity, which must not pass for a branch that is not taken."""
        (g,) = gradients(lambda x: np.where(np.True_, square(np.sqrt(x), np.sqrt(x)), 0.0), np.array([0.0, 1.0]))
        assert np.isnan(g[0])
        assert g[1] == 1


def test_a_product_with_a_constant_list():
    (g,) = gradients(lambda x: np.sum(np.matmul([[1, 2], [3, 4]], x)), np.ones(2))
    assert np.array_equal(g, [4, 6])


def test_a_product_of_constants_is_plain():
    assert not isinstance(np.einsum("i,i", np.ones(2), np.ones(2)), Tensor)


def test_unknown_keywords_are_refused():
    with pytest.raises(NotDifferentiable, match="takes no dtype"):
        np.einsum("ii", variable(np.eye(2)), dtype=float)
    with pytest.raises(NotDifferentiable, match="takes no keepdims"):
        np.vecdot(variable(np.ones(2)), np.ones(2), keepdims=True)
