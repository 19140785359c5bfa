"""Jacobians and Hessians: forwards, backwards and by differences, of all shapes."""

import numpy as np
import pytest

from autodiff_cli.engine import directions as ways
from autodiff_cli.engine.jacobian import hessian, jacobian
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from tests.engine.checks import difference
from tests.engine.test_forward import recorded

RNG = np.random.default_rng(3)
X, Y, M, S = RNG.normal(size=3), RNG.uniform(0.5, 2, 3), RNG.normal(size=(2, 3)), np.array(0.7)
Q = RNG.normal(size=(3, 3)) + 3 * np.eye(3)

# Functions and a point: numbers, vectors, matrices and stacks go in and come out.
FUNCTIONS = {
    "number to number": (lambda s: np.sin(s) * s, (S,)),
    "number to vector": (lambda s: np.exp(s * X), (S,)),
    "number to matrix": (lambda s: np.linalg.inv(Q + s * np.eye(3)), (S,)),
    "vector to number": (lambda x: np.prod(x) + np.linalg.norm(x), (X,)),
    "vector to vector": (lambda x: np.cumsum(np.tanh(x)) * x[::-1], (X,)),
    "vector to matrix": (lambda x: np.outer(x, np.square(x)), (X,)),
    "matrix to vector": (lambda m: m @ np.sin(m[0]), (M,)),
    "matrix to number": (lambda q: np.linalg.det(q), (Q,)),
    "matrix to matrix": (lambda q: np.linalg.solve(q, q.T @ q), (Q,)),
    "matrix to parts": (lambda q: np.linalg.eigh(q + q.T)[0] * np.linalg.svd(q)[1], (Q,)),
    "stack": (lambda m: np.einsum("ij,ik->ijk", m, m), (M,)),
    "row of one": (lambda x: x[:1] * np.ones((2, 1)), (X,)),
    "several": (lambda x, m, s: (m @ x) ** 2 / s + s, (X, M, S)),
    "one not used": (lambda x, y: np.cos(x), (X, Y)),
    "elementwise with a number": (lambda x, s: np.power(np.abs(x), s), (X, S)),
    "sorted": (lambda x, y: np.sort(x) * np.maximum(x, y), (X, Y)),
    "picked": (lambda x, m: np.take(m, [0, 2, 0], axis=1) * x, (X, M)),
}


def blocks(call, point, mode="auto"):
    output, inputs = recorded(call, *point)
    return output, jacobian(output, inputs, mode)


def column(call, point, which, index):
    """The derivative by one entry, by differences of all entries of the answer."""
    direction = [np.zeros(np.shape(p)) for p in point]
    direction[which][index] = 1
    answer = call(*point)
    if not np.ndim(answer):
        return difference(call, point, direction, np.float64(1))[0]
    units = np.eye(answer.size).reshape(-1, *answer.shape)
    return np.reshape([difference(call, point, direction, unit)[0] for unit in units], answer.shape)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_against_differences(name, mode):
    call, point = FUNCTIONS[name]
    output, found = blocks(call, point, mode)
    for which, (p, block) in enumerate(zip(point, found, strict=True)):
        assert block.shape == output.value.shape + p.shape
        for index in np.ndindex(p.shape):
            expected = column(call, point, which, index)
            np.testing.assert_allclose(block[(..., *index)], expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_recorded(name):
    """The recorded Jacobian has the values of the raw one, and its program holds at another point."""
    call, point = FUNCTIONS[name]
    elsewhere = [p * 0.9 + 0.05 for p in point]
    for mode in ("forward", "reverse"):
        output, inputs = recorded(call, *point)
        with Recording():
            found = jacobian(output, inputs, mode, record=True)
        program = Program(inputs, [f.line if isinstance(f, Tensor) and f.line else f for f in found])
        for other in (point, elsewhere):
            for got, want in zip(program(*other), blocks(call, other, mode)[1], strict=True):
                np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
class TestInfiniteSlopes:
    """An entry that another does not reach has no slope by it, however steep it is elsewhere."""

    @pytest.mark.parametrize(
        ("call", "first"),
        [
            (np.sqrt, np.inf),
            (lambda x: 1 + np.sqrt(x), np.inf),
            (lambda x: np.sqrt(np.flip(x))[::-1], np.inf),
            (lambda x: np.where(x > 0, np.sqrt(x), 0), 0),
            (lambda x: np.concatenate([np.sqrt(x[:1]), np.sqrt(x[1:])]), np.inf),
        ],
    )
    def test_roots_at_zero(self, mode, call, first):
        _, (found,) = blocks(call, (np.array([0.0, 1.0, 4.0]),), mode)
        np.testing.assert_array_equal(found, np.diag([first, 0.5, 0.25]))

    def test_logarithms_at_zero(self, mode):
        _, (found,) = blocks(np.log, (np.array([0.0, 2.0]),), mode)
        np.testing.assert_array_equal(found, np.diag([np.inf, 0.5]))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
class TestForms:
    @pytest.mark.parametrize(
        ("call", "shape"),
        [
            (lambda x: x * 2, (0,)),
            (lambda x: np.sum(x), (0,)),
            (lambda x: np.sum(x), (2, 0)),
            (lambda x: x[:0], (3,)),
            (lambda x: x @ np.ones((0, 2)), (3, 0)),
            (lambda x: x[:0] * np.ones((2, 1)), (3,)),
        ],
    )
    def test_empty(self, mode, call, shape):
        output, (found,) = blocks(call, (np.ones(shape),), mode)
        assert found.shape == output.value.shape + shape
        assert not found.any()

    def test_an_array_of_one_is_not_a_number(self, mode):
        assert blocks(lambda x: x * x, (np.array([3.0]),), mode)[1][0].tolist() == [[6]]
        assert blocks(lambda x: np.sum(x * x), (np.array([3.0]),), mode)[1][0].tolist() == [6]
        assert blocks(lambda x: x * x, (np.array(3.0),), mode)[1][0].tolist() == 6

    def test_the_dtype_is_kept(self, mode):
        for dtype in (np.float32, np.float64):
            _, (found,) = blocks(lambda x: np.exp(x) * x, (np.ones(3, dtype),), mode)
            assert found.dtype == dtype

    def test_a_constant(self, mode):
        _, (found,) = blocks(lambda x: np.floor(x), (X,), mode)
        assert found.tolist() == np.zeros((3, 3)).tolist()

    def test_the_input_itself(self, mode):
        assert blocks(lambda x: x, (X,), mode)[1][0].tolist() == np.eye(3).tolist()

    def test_by_a_value_in_between(self, mode):
        """d/dy of y*x with y = x*x, x standing still, is x."""
        with Recording():
            x = variable(X)
            y = x * x
            z = y * x
        (found,) = jacobian(z.line, [y.line], mode)
        np.testing.assert_allclose(found, np.diag(X), rtol=1e-15)

    def test_a_real_function_of_a_complex_number(self, mode):
        """df = Re(sum of g * dz), here of |z|^2: g is twice the conjugate."""
        z = np.array([1 + 2j, 3 - 1j])
        _, (found,) = blocks(lambda z: np.sum(np.real(z * np.conjugate(z))), (z,), "reverse")
        np.testing.assert_allclose(found, 2 * np.conjugate(z), rtol=1e-15)

    def test_a_holomorphic_function(self, mode):
        z = np.array([1 + 2j, 3 - 1j])
        _, (found,) = blocks(lambda z: np.exp(z) * z, (z,), mode)
        np.testing.assert_allclose(found, np.diag(np.exp(z) * (z + 1)), rtol=1e-14)


@pytest.mark.parametrize("block", [1, 7, 40])
def test_one_block_after_the_other(monkeypatch, block):
    """Little room for tangents gives the same, some directions at a time."""
    call, point = FUNCTIONS["matrix to matrix"]
    _, (whole,) = blocks(call, point, "forward")
    monkeypatch.setattr(ways, "_BLOCK", block)
    for mode in ("forward", "reverse"):
        _, (found,) = blocks(call, point, mode)
        np.testing.assert_allclose(found, whole, rtol=1e-12, atol=1e-13)
    long = np.linspace(0.1, 1, 50)
    _, (found,) = blocks(lambda x: np.tanh(np.cumsum(x)), (long,), "forward")
    expected = np.tril(np.ones((50, 50))) / np.cosh(np.cumsum(long))[:, None] ** 2
    np.testing.assert_allclose(found, expected, rtol=1e-10)


# Scalar functions of several inputs of different ranks.
SCALARS = {
    "number": (lambda s: np.sin(s) ** 3, (S,)),
    "vector": (lambda x: np.sum(np.tanh(x)) * np.prod(x), (X,)),
    "matrix": (lambda q: np.log(np.linalg.det(q @ q.T)), (Q,)),
    "several": (lambda x, m, s: np.sum((m @ x) ** 3) * np.exp(s) + s * np.linalg.norm(x), (X, M, S)),
    "linear in one": (lambda x, y: np.sum(x * np.exp(y)), (X, Y)),
    "one not used": (lambda x, y: np.sum(x * x * x), (X, Y)),
    "no second derivative": (lambda x, s: np.sum(x) + s, (X, S)),
    "a row of one": (lambda m, x: np.sum(np.square(m) * x[None, :1]), (M, X)),
    "choices": (lambda x, y: np.sum(np.where(x > 0, x**3, y**2) * np.max(y)), (X, Y)),
    "eigenvalues": (lambda q: np.sum(np.linalg.eigvalsh(q + q.T) ** 3), (Q,)),
}


class TestHessian:
    @pytest.mark.parametrize("name", SCALARS)
    def test_against_differences_of_the_gradient(self, name):
        call, point = SCALARS[name]
        output, inputs = recorded(call, *point)
        found = hessian(output, inputs)
        for i, p in enumerate(point):

            def gradient(*point, i=i):
                output, inputs = recorded(call, *point)
                return jacobian(output, inputs, "reverse")[i]

            for j, q in enumerate(point):
                assert found[i][j].shape == p.shape + q.shape
                for index in np.ndindex(q.shape):
                    expected = column(gradient, point, j, index)
                    np.testing.assert_allclose(found[i][j][(..., *index)], expected, rtol=1e-6, atol=1e-7)

    @pytest.mark.parametrize("name", SCALARS)
    def test_symmetric_to_the_last_bit(self, name):
        call, point = SCALARS[name]
        output, inputs = recorded(call, *point)
        found = hessian(output, inputs)
        for i, p in enumerate(point):
            for j, q in enumerate(point):
                other = found[j][i].reshape(q.size, p.size).T.reshape(found[i][j].shape)
                np.testing.assert_array_equal(found[i][j], other)

    @pytest.mark.parametrize("name", SCALARS)
    def test_recorded(self, name):
        call, point = SCALARS[name]
        output, inputs = recorded(call, *point)
        with Recording():
            found = hessian(output, inputs, record=True)
        flat = [b.line if isinstance(b, Tensor) and b.line else b for row in found for b in row]
        program = Program(inputs, flat)
        elsewhere = [p * 0.9 + 0.05 for p in point]
        for other in (point, elsewhere):
            output, inputs = recorded(call, *other)
            expected = [b for row in hessian(output, inputs) for b in row]
            for got, want in zip(program(*other), expected, strict=True):
                np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-12)

    def test_single_precision(self):
        output, inputs = recorded(lambda x: np.sum(np.exp(x) * x), np.ones(3, np.float32))
        ((found,),) = hessian(output, inputs)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, np.diag([3 * np.e] * 3), rtol=1e-6)

    def test_an_infinite_entry_stays_where_it_is(self):
        """Second derivatives of sum(x^1.5), infinite at 0 alone."""
        output, inputs = recorded(lambda x: np.sum(x**1.5), np.array([0.0, 4.0]))
        ((found,),) = hessian(output, inputs)
        np.testing.assert_array_equal(found, [[np.inf, 0], [0, 0.375]])

    def test_empty(self):
        output, inputs = recorded(lambda x, y: np.sum(x * x) + np.sum(y), np.ones(0), np.ones(2))
        found = hessian(output, inputs)
        assert [[b.shape for b in row] for row in found] == [[(0, 0), (0, 2)], [(2, 0), (2, 2)]]

    @pytest.mark.parametrize("block", [1, 60])
    def test_one_block_after_the_other(self, monkeypatch, block):
        call, point = SCALARS["several"]
        output, inputs = recorded(call, *point)
        whole = hessian(output, inputs)
        monkeypatch.setattr(ways, "_BLOCK", block)
        for row, other in zip(hessian(output, inputs), whole, strict=True):
            for got, want in zip(row, other, strict=True):
                np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)
