"""Endia (endia-ai/Endia, Mojo): one library with an imperative and a functional face."""

import numpy as np
import pytest

import autodiff_cli as ad


def foo(x):
    return np.sum(x**2)


def two(x, y):
    return np.sum(x * x + y * y)


@pytest.fixture
def x():
    return ad.tensor("[1.0, 2.0, 3.0]", requires_grad=True)


@pytest.fixture
def y():
    return ad.tensor("[4.0, 5.0, 6.0]", requires_grad=True)


class TestFourExamples:
    """The page "Autograd" of endia.vercel.app/docs: two imperative calls and two functional ones."""

    def test_backward(self, x, y):
        z = np.sum(x * y)
        ad.backward(z, retain_graph=False)
        assert z.item() == 32
        assert x.grad.tolist() == [4, 5, 6]
        assert y.grad.tolist() == [1, 2, 3]

    def test_grad_of_outputs_by_inputs(self, x, y):
        dx, dy = ad.grad(np.sum(x * y), [x, y])
        assert dx.tolist() == [4, 5, 6] and dy.tolist() == [1, 2, 3]
        assert type(dx) is np.ndarray
        assert x.grad is None and y.grad is None

    def test_grad_of_a_function(self):
        x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
        dx, dy = ad.grad(lambda x, y: np.sum(x * y))(x, y)
        assert dx.tolist() == [4, 5, 6] and dy.tolist() == [1, 2, 3]

    def test_value_and_grad(self):
        x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
        value, (dx, dy) = ad.value_and_grad(lambda x, y: np.sum(x * y))(x, y)
        assert value == 32
        assert dx.tolist() == [4, 5, 6] and dy.tolist() == [1, 2, 3]


class TestReadme:
    """README of version 24.6, "A Simple Example": value 14, gradient [2, 4, 6], twice the unit matrix."""

    def test_the_pytorch_way(self, x):
        y = foo(x)
        y.backward(create_graph=True)
        slope = x.grad
        (curvature,) = ad.grad(np.sum(slope), [x])
        assert y.item() == 14
        assert slope.value.tolist() == [2, 4, 6]
        assert curvature.tolist() == [2, 2, 2]

    def test_the_jax_way(self):
        x = np.arange(1.0, 4.0)
        assert foo(x) == 14
        assert ad.grad(foo)(x).tolist() == [2, 4, 6]
        assert ad.jacobian(ad.grad(foo))(x).tolist() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
        assert ad.hessian(foo)(x).tolist() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]


class TestExamplesFolder:
    """examples/: two variables and their second derivatives; an operation of one's own."""

    ROWS = "[[1.0,2.0,3.0],[1.0,2.0,3.0]]"

    def test_example2_imperative(self):
        x, y = ad.tensor(self.ROWS, requires_grad=True), ad.tensor(self.ROWS, requires_grad=True)
        by_x, by_y = ad.grad(two(x, y), [x, y], create_graph=True)
        assert by_x.value.tolist() == by_y.value.tolist() == [[2, 4, 6], [2, 4, 6]]
        for first, second in ((by_x, 0), (by_y, 1)):
            found = ad.grad(np.sum(first), [x, y])
            assert found[second].tolist() == [[2, 2, 2], [2, 2, 2]]
            assert found[1 - second].tolist() == [[0, 0, 0], [0, 0, 0]]

    def test_example2_functional(self):
        x = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
        by_x, by_y = ad.grad(two, argnums=(0, 1))(x, x)
        assert by_x.tolist() == by_y.tolist() == [[2, 4, 6], [2, 4, 6]]
        (xx, xy), (yx, yy) = ad.hessian(two, argnums=(0, 1))(x, x)
        assert np.array_equal(xx, 2 * np.eye(6).reshape(2, 3, 2, 3)) and np.array_equal(xx, yy)
        assert not xy.any() and not yx.any()

    def test_custom_mul(self):
        """Its vjp(primals, grad, out) is written of the operation itself, and so can be differentiated again."""

        class CustomMul(ad.Function):
            @staticmethod
            def forward(ctx, a, b):
                ctx.save_for_backward(a, b)
                return a * b

            @staticmethod
            def backward(ctx, g):
                a, b = ctx.saved_tensors
                return CustomMul.apply(g, b), CustomMul.apply(g, a)

        a, b = ad.tensor([1.0, 2, 3], requires_grad=True), ad.tensor([4.0, 5, 6], requires_grad=True)
        c = np.sum(CustomMul.apply(a, b))
        c.backward()
        assert c.item() == 32
        assert a.grad.tolist() == [4, 5, 6] and b.grad.tolist() == [1, 2, 3]
        by_a = ad.grad(np.sum(CustomMul.apply(a, b)), a, create_graph=True)
        assert ad.grad(np.sum(by_a * by_a), b).tolist() == [8, 10, 12]

    def test_single_layer(self):
        """viz_examples/single_layer_nn: two layers with biases; here with gradients, beside central differences."""
        rng = np.random.default_rng(0)
        values = [rng.random(shape) for shape in ((3, 4), (4,), (4, 5), (5,))]

        def loss(w1, b1, w2, b2):
            return np.mean((np.maximum(np.ones((2, 3)) @ w1 + b1, 0) @ w2 + b2) ** 2)

        tensors = [ad.tensor(value, requires_grad=True) for value in values]
        loss(*tensors).backward()
        for i, tensor in enumerate(tensors):
            step = 1e-6 * rng.standard_normal(tensor.shape)
            ahead, behind = (loss(*values[:i], values[i] + s * step, *values[i + 1 :]) for s in (1, -1))
            assert np.sum(tensor.grad * step) == pytest.approx((ahead - behind) / 2, rel=1e-7)
