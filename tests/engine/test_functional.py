"""elementwise_grad, stop_gradient and checkpoint; and what all faces of the functional library promise."""

import gc
import tracemalloc

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable

X = np.array([0.3, -0.5, 1.2])


def assert_same(got, want, rtol=1e-12):
    np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-14)


class TestElementwiseGrad:
    def test_any_order_against_sympy(self):
        x = sympy.Symbol("x")
        formula, f = sympy.tanh(x) * sympy.exp(-(x**2)), lambda x: np.tanh(x) * np.exp(-(x**2))
        for order in range(5):
            want = [float(sympy.diff(formula, x, order).subs(x, v).evalf(30)) for v in X]
            assert_same(f(X), want, rtol=1e-9)
            f = ad.elementwise_grad(f)

    def test_structure_shape_and_dtype(self):
        product = ad.elementwise_grad(np.multiply)
        assert_same(product(X, 2 * X), (2 * X, X))
        assert ad.elementwise_grad(np.multiply, 1)(X, X).tolist() == X.tolist()
        assert type(ad.elementwise_grad(np.multiply, (1,))(X, X)) is tuple
        assert ad.elementwise_grad(np.sin)(np.ones((2, 3), np.float32)).dtype == np.float32
        assert_same(ad.elementwise_grad(lambda x, *, k: x**k)(X, k=3), 3 * X**2)
        assert_same(ad.elementwise_grad(lambda p: (p["a"], p["a"] * p["b"]))({"a": X, "b": X})["a"], 1 + X)
        assert ad.elementwise_grad(np.sin).__name__ == "sin"

    def test_entries_of_a_large_float16_array_do_not_overflow_in_a_sum(self):
        x = np.full(1000, 100, np.float16)
        assert np.all(ad.elementwise_grad(lambda x: x * x)(x) == 200)

    def test_within_another_derivative(self):
        assert_same(ad.grad(lambda x: np.sum(ad.elementwise_grad(np.sin)(x) * x))(X), np.cos(X) - X * np.sin(X))


class TestStopGradient:
    def test_it_is_a_constant(self):
        assert_same(ad.grad(lambda x: np.sum(ad.stop_gradient(x) * x))(X), X)
        assert_same(ad.hessian(lambda x: np.sum(ad.stop_gradient(x**2) * x))(X), np.zeros((3, 3)))
        assert ad.jvp(lambda x: ad.stop_gradient(x) * 2, (3.0,), (1.0,)) == (6, 0)
        assert ad.grad(lambda x: ad.grad(lambda y: ad.stop_gradient(x) * x * y)(1.0))(3.0) == 3

    def test_structures_and_plain_values(self):
        found = ad.stop_gradient({"a": (ad.tensor(1.0, requires_grad=True), 2.0), "b": "text"})
        assert not found["a"][0].requires_grad
        assert (found["a"][0].item(), found["a"][1], found["b"]) == (1, 2, "text")
        assert ad.stop_gradient(X) is X

    def test_a_program_holds_elsewhere(self):
        with Recording():
            x = variable(X)
            value = ad.stop_gradient(x) * x
            gradient = ad.grad(lambda x: np.sum(ad.stop_gradient(x) * x))(x)
            program = Program([x.line], [value.line, gradient.line])
        assert_same(program(2 * X), (4 * X**2, 2 * X))


class TestCheckpoint:
    def f(self, x):
        for _ in range(5):
            x = np.sin(x) * np.exp(np.cos(x)) + np.sum(x)
        return x

    def test_the_same_values_and_gradients(self):
        def loss(f):
            return lambda x: np.sum(np.tanh(f(x) / 1e3) ** 2)

        again = ad.checkpoint(self.f)
        assert again(X).tolist() == self.f(X).tolist()
        assert ad.grad(loss(again))(X).tolist() == ad.grad(loss(self.f))(X).tolist()
        assert_same(ad.jacobian(again)(X), ad.jacobian(self.f)(X))
        assert_same(ad.hessian(loss(again))(X), ad.hessian(loss(self.f))(X), rtol=1e-9)
        assert_same(ad.jvp(again, (X,), (X,)), ad.jvp(self.f, (X,), (X,)))
        assert_same(ad.derivatives(again, 0.3, 3), ad.derivatives(self.f, 0.3, 3), rtol=1e-9)
        assert again.__name__ == "f"

    def test_nested(self):
        inner = ad.checkpoint(np.sin)
        outer = ad.checkpoint(lambda x: inner(inner(x)) * x)
        f = ad.elementwise_grad
        for _ in range(3):
            assert_same(f(outer)(X), f(lambda x: np.sin(np.sin(x)) * x)(X))
            f = lambda g, f=f: ad.elementwise_grad(f(g))  # noqa: E731

    def test_derivatives_within(self):
        slope = ad.checkpoint(ad.elementwise_grad(np.sin))
        assert_same(ad.grad(lambda x: np.sum(slope(x) * x))(X), np.cos(X) - X * np.sin(X))

    def test_structures_keywords_and_several_results(self):
        @ad.checkpoint
        def f(p, name, *, k):
            assert name == "sum"
            return np.sum(p["w"] * X) * k, p["w"]

        def total(w):
            a, b = f({"w": w, "of": "text"}, "sum", k=2.0)
            return a + np.sum(b)

        assert_same(ad.grad(total)(X**2), 2 * X + 1)

    def test_the_imperative_face(self):
        w = ad.tensor(X, requires_grad=True)
        np.sum(ad.checkpoint(np.sin)(w) ** 2).backward()
        assert_same(w.grad, np.sin(2 * X))

    def test_less_memory(self):
        """Ten blocks of ten steps hold a block's values and ten arguments, not a hundred arrays."""
        x = np.linspace(0, 1, 20_000)

        def block(x):
            for _ in range(10):
                x = np.sin(x)
            return x

        def peak(block):
            def f(x):
                for _ in range(10):
                    x = block(x)
                return np.sum(x)

            gc.collect()
            tracemalloc.start()
            try:
                gradient = ad.grad(f)(x)
                return tracemalloc.get_traced_memory()[1], gradient
            finally:
                tracemalloc.stop()

        (stored, want), (recomputed, got) = peak(block), peak(ad.checkpoint(block))
        assert got.tolist() == want.tolist()
        assert stored > 95 * x.nbytes
        assert recomputed < 35 * x.nbytes

    def test_a_tensor_from_outside_is_refused(self):
        w = ad.tensor(2.0, requires_grad=True)
        with pytest.raises(ad.AdiffError, match="gives a tensor") as caught:
            ad.checkpoint(lambda x: w * x)(ad.tensor(1.0))
        assert "as arguments" in caught.value.help

    def test_another_result_the_second_time_is_an_error(self):
        rng = np.random.default_rng(0)
        dropped = ad.checkpoint(lambda x: np.sum(x * rng.uniform(size=3)))
        with pytest.raises(ad.AdiffError, match="another result when it is computed again") as caught:
            ad.grad(dropped)(X)
        assert "random" in caught.value.help


# --- what holds of all transforms

DTYPES = [np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128]
SCALARS = {
    "sum of sines": lambda x: np.sum(np.sin(x) * x),
    "norm": np.linalg.norm,
    "mean": lambda x: np.mean(np.abs(x) ** 2 / 3),
    "ratio": lambda x: np.real(x[0] / (2 + x[1] * x[1])),
    "matrix": lambda x: np.real(np.sum(np.outer(x, x) @ x)),
    "where": lambda x: np.sum(np.where(np.real(x) > 0, x, 2 * x) * 0.5),
    "mixed": lambda x: np.sum(np.real(x) * np.arange(2) + np.float32(2) * np.imag(x)),
    "cast up": lambda x: np.sum((x * np.ones(2)) ** 2),
    "own": lambda x: np.sum(ad.checkpoint(np.sin)(x)),
}


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=3, deadline=None)
@given(numbers=st.tuples(*[st.floats(0.25, 1.5)] * 4))
def test_gradients_have_the_dtype_of_what_they_are_taken_by(name, dtype, numbers):
    f, x = SCALARS[name], np.array(numbers[:2]).astype(dtype)
    if np.iscomplexobj(x):
        x = x + dtype(1j) * np.array(numbers[2:]).astype(dtype)
    gradient = ad.grad(f)(x)
    assert (gradient.dtype, gradient.shape) == (x.dtype, x.shape)
    assert ad.elementwise_grad(f)(x).dtype == x.dtype
    assert ad.vmap(ad.grad(f))(np.stack([x, x])).dtype == x.dtype
    assert ad.vjp(f, x)[1](f(x))[0].dtype == x.dtype
    value, tangent = ad.jvp(f, (x,), (x,))
    assert tangent.dtype == value.dtype
    if not np.iscomplexobj(x):
        assert ad.hessian(f)(x).dtype == x.dtype
        assert ad.hvp(f, (x,), (x,))[0].dtype == x.dtype


def test_a_gradient_is_real_where_the_way_leads_through_complex_numbers():
    def f(x):
        return np.sum(np.abs(np.fft.fft(x) * (1 + 2j)) ** 2)

    x = ad.tensor(X, requires_grad=True)
    f(x).backward()
    for gradient in (ad.grad(f)(X), x.grad, ad.vjp(f, X)[1](1.0)[0]):
        assert gradient.dtype == np.float64
        assert_same(gradient, 30 * X)  # Parseval: 5 * 3 * sum(x^2)


class TestForms:
    def test_vjp_gives_value_and_pullback(self):
        value, pull = ad.vjp(lambda p, y: (p["x"] * y, np.sum(p["x"])), {"x": X}, 2.0)
        assert_same(value[0], 2 * X)
        gradients = pull((np.ones(3), 10.0))
        assert type(gradients) is tuple
        assert_same(gradients[0]["x"], np.full(3, 12.0))
        assert_same(gradients[1], np.sum(X))
        assert_same(pull((X, 0.0))[1], np.sum(X * X))  # as often as wanted

    def test_jvp_gives_value_and_tangent(self):
        value, tangent = ad.jvp(lambda x, y: {"p": x * y, "s": np.sum(x)}, (X, 2.0), (X, 1.0))
        assert_same(value["p"], 2 * X)
        assert_same(tangent["p"], 3 * X)
        assert_same(tangent["s"], np.sum(X))

    def test_the_pullback_is_the_transpose_of_the_pushforward(self):
        def f(x):
            return np.cumprod(np.tanh(x)), np.sum(x**2)

        v, u = np.array([1.0, -2.0, 3.0]), (np.array([0.5, 1.0, -1.0]), 2.0)
        _, (first, second) = ad.jvp(f, (X,), (v,))
        assert_same(np.sum(u[0] * first) + u[1] * second, np.sum(ad.vjp(f, X)[1](u)[0] * v))

    def test_without_arguments(self):
        assert ad.grad(lambda: 1.0)() == ()
        assert ad.vjp(lambda: 2.0)[0] == 2
        assert ad.vjp(lambda: 2.0)[1](1.0) == ()
        assert ad.jvp(lambda: 2.0, (), ()) == (2, 0)
        assert ad.jacobian(lambda: X)() == ()
        assert ad.hessian(lambda: 2.0)() == ()
        assert ad.elementwise_grad(lambda: X)() == ()

    def test_arguments_without_influence_give_zeros_of_their_shape(self):
        a, b = X.astype(np.float32), np.ones((2, 2))
        for gradient in (ad.grad(lambda a, b: 3.0)(a, b), ad.vjp(lambda a, b: X, a, b)[1](X)):
            assert [(g.shape, g.dtype, np.any(g)) for g in gradient] == [
                ((3,), np.float32, False),
                ((2, 2), np.float64, False),
            ]
        assert_same(ad.jacobian(lambda a, b: a * 2)(X, b)[1], np.zeros((3, 2, 2)))
        assert_same(ad.hessian(lambda a: np.sum(a))(X), np.zeros((3, 3)))
        assert_same(ad.jvp(lambda a, b: X, (X, b), (X, b))[1], np.zeros(3))
        assert_same(ad.elementwise_grad(lambda x: np.ones(3))(X), np.zeros(3))
        assert_same(ad.vmap(ad.grad(lambda a: 3.0))(np.stack([X, X])), np.zeros((2, 3)))


FACES = {
    "quotient": lambda x: np.sum(np.exp(x) / (1 + x * x)),
    "branch": lambda x: np.sum(x**3) if x[0] > 0 else np.sum(x),
    "matrix": lambda x: np.linalg.slogdet(np.outer(x, x) + np.eye(3))[1],
    "sorted": lambda x: np.sum(np.sort(x) * np.arange(3.0)),
    "checkpoint": lambda x: np.sum(ad.checkpoint(np.tanh)(x) * x),
}


@pytest.mark.parametrize("name", FACES)
def test_both_faces_agree_to_the_bit(name):
    f = FACES[name]
    x = ad.tensor(X, requires_grad=True)
    f(x).backward()
    (again,) = ad.grad(f(x), [x])
    assert x.grad.tolist() == again.tolist() == ad.grad(f)(X).tolist()
