"""ad (oelin/ad): an engine of 16 lines; operations are classes with `forward` and `backward`."""

import numpy as np
import pytest

import autodiff_cli as ad


class Dot(ad.Function):
    """README, "Usage": the matrix product."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g @ y.T, x.T @ g


@pytest.fixture
def x():
    return ad.tensor([[1.0, 2.0, 3.0]], requires_grad=True)


@pytest.fixture
def y():
    return ad.tensor([[0.0], [1.0], [1.0]], requires_grad=True)


@pytest.mark.parametrize("dot", [Dot.apply, Dot(), lambda x, y: x @ y], ids=["apply", "instance", "operator"])
class TestUsage:
    def test_gradients(self, dot, x, y):
        z = dot(x, y)
        assert z.value.tolist() == [[5]]
        z.backward()
        assert x.grad.tolist() == [[0, 1, 1]]
        assert y.grad.tolist() == [[1], [2], [3]]

    def test_a_second_call_accumulates(self, dot, x, y):
        dot(x, y).backward()
        dot(x, y).backward()
        assert x.grad.tolist() == [[0, 2, 2]]
        assert y.grad.tolist() == [[2], [4], [6]]

    def test_a_chain(self, dot, x, y):
        """ad hands the gradient on from one function to the next."""
        np.sum(dot(dot(y, x), y)).backward()
        assert x.grad.tolist() == [[0, 2, 2]]
        assert y.grad.tolist() == [[2 * 1 + 5], [2 * 2 + 5], [2 * 3 + 5]]

    def test_shared(self, dot, x, y):
        """A diamond, where ad's own order of visits counts paths twice."""
        z = dot(x, y)
        np.sum(z * z + z).backward()
        assert x.grad.tolist() == [[0, 11, 11]]
        assert y.grad.tolist() == [[11], [22], [33]]


def test_activation():
    """ "Other operations such as activation functions": one that remembers something of its own."""

    class Relu(ad.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mask = x > 0
            return np.where(ctx.mask, x, 0.0)

        @staticmethod
        def backward(ctx, g):
            return g * ctx.mask

    x = ad.tensor([-1.0, 2.0, 3.0], requires_grad=True)
    np.sum(Relu.apply(x) * np.array([10.0, 20.0, 30.0])).backward()
    assert x.grad.tolist() == [0, 20, 30]


def test_none_for_what_has_no_gradient(x):
    class Scale(ad.Function):
        @staticmethod
        def forward(ctx, x, factor):
            ctx.factor = factor
            return x * factor

        @staticmethod
        def backward(ctx, g):
            return g * ctx.factor, None

    np.sum(Scale.apply(x, 3.0)).backward()
    assert x.grad.tolist() == [[3, 3, 3]]


def test_a_wrong_shape_is_named(x, y):
    class Wrong(Dot):
        @staticmethod
        def backward(ctx, g):
            first, second = ctx.saved_tensors
            return g @ second.T, (first.T @ g)[:2]

    with pytest.raises(ad.AdiffError, match=r"Wrong.*\(2, 1\)"):
        np.sum(Wrong.apply(x, y)).backward()
