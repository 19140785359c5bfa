"""MyGrad (rsokl/MyGrad): drop-in NumPy, with views and in-place updates that mean what they mean there.

Two things are PyTorch's here and not MyGrad's: an array has no gradient of its own, so `np.sum(y).backward()` stands
where MyGrad's page has `y.backward()`; and gradients accumulate, where MyGrad's start anew with each graph.
"""

import numpy as np
import pytest

import autodiff_cli as ad


def grid():
    return ad.tensor(np.arange(9.0).reshape(3, 3), requires_grad=True)


class TestFrontPage:
    """README, in its order."""

    def test_numpy_on_tensors(self):
        x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        np.sum(x * x).backward()
        assert x.grad.tolist() == [2, 4, 6]

    def test_masked_ufunc_with_a_target(self):
        x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = np.zeros_like(x)
        returned = np.multiply(x, x, where=[True, False, True], out=y)
        assert returned is y and y.value.tolist() == [1, 0, 9]
        np.sum(y).backward()
        assert x.grad.tolist() == [2, 0, 6]

    def test_diagonal_view(self):
        x = grid()
        diagonal = np.einsum("ii->i", x)
        assert diagonal.value.tolist() == [0, 4, 8]
        assert np.shares_memory(x, diagonal)

        same = diagonal
        diagonal *= -1
        assert diagonal is same
        assert x.value.tolist() == [[0, 1, 2], [3, -4, 5], [6, 7, -8]]
        assert np.shares_memory(x, diagonal)

        np.sum(x**2).backward()
        assert x.grad.tolist() == [[0, 2, 4], [6, -8, 10], [12, 14, -16]]
        assert diagonal.grad.tolist() == [0, -8, -16]
        assert np.shares_memory(x.grad, diagonal.grad)

        # The page goes on with the same x: its mask now takes the negated entries in, too.
        x.grad = None
        np.sum(x[x < 4] ** 2).backward()
        assert x.grad.tolist() == [[0, 2, 4], [6, -8, 0], [0, 0, -16]]

    def test_mask(self):
        """The numbers that the page prints, which are those of a new x."""
        x = grid()
        np.sum(x[x < 4] ** 2).backward()
        assert x.grad.tolist() == [[0, 2, 4], [6, 0, 0], [0, 0, 0]]

    def test_arrays_are_constants(self):
        x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        np.sum(x * np.array([-1.0, 0.0, 10])).backward()
        assert x.grad.tolist() == [-1, 0, 10]

    def test_hinge_loss(self):
        """The "Advanced Example": 0.01 for each class within the margin, and as many less for the right one."""
        rng = np.random.default_rng(0)
        scores = ad.tensor(10 * rng.random((100, 10)), requires_grad=True)
        labels = (range(100), rng.integers(0, 10, 100))
        right = scores[labels]
        margins = scores - right[:, np.newaxis] + 1.0
        margins[margins <= 0] = 0
        margins[labels] = 0
        loss = margins.sum() / scores.shape[0]
        loss.backward()

        within = margins.value > 0
        assert 300 < within.sum() < 600
        assert np.all(scores.grad[within] == 0.01)
        np.testing.assert_allclose(scores.grad[labels], -0.01 * within.sum(axis=1), rtol=1e-14, atol=0)
        assert np.count_nonzero(scores.grad) == within.sum() + np.count_nonzero(within.sum(axis=1))


class TestIntroduction:
    """docs/source/intro.rst."""

    def test_a_simple_application(self):
        x = ad.tensor(3.0, requires_grad=True)
        f = np.square(x)
        assert f.item() == 9
        f.backward()
        assert x.grad == 6

    def test_gradient_descent(self):
        w, seen = ad.tensor(10.0, requires_grad=True), []
        for _ in range(10):
            (w**2).backward()
            with ad.no_grad():
                w -= 0.3 * w.grad
            w.grad = None
            seen.append(w.item())
        printed = [4.0, 1.6, 0.64, 0.256, 0.1024, 0.04096, 0.016384, 0.0065536, 0.00262144, 0.00104858]
        assert seen == pytest.approx(printed, rel=1e-5)

    def test_powers(self):
        x = ad.tensor([2.0, 2.0, 2.0], requires_grad=True)
        np.sum(x ** np.array([1.0, 2.0, 3.0])).backward()
        assert x.grad.tolist() == [1, 4, 12]


class TestViews:
    """docs/source/views.rst, and the docstrings of `Tensor.base` and `Tensor.grad`."""

    def test_slice(self):
        x = ad.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
        y = x[:2]
        assert y.base is x and x.base is None
        assert np.shares_memory(x, y)

        y *= -1
        assert x.value.tolist() == [-1, -2, 3, 4] and y.value.tolist() == [-1, -2]

        np.sum(x**2).backward()
        assert x.grad.tolist() == [-2, -4, 6, 8] and y.grad.tolist() == [-2, -4]
        assert np.shares_memory(x.grad, y.grad)

    def test_a_view_of_a_view_has_the_same_base(self):
        x = ad.tensor(np.arange(5.0))
        y = x[2:]
        assert y.base is x and y[:].base is x

    def test_what_owns_its_memory_has_none(self):
        x = grid()
        owners = (x, x * 2, x[[0, 1]], x[x > 1], ad.tensor(x), x.flatten(), np.copy(x))
        assert [owner.base is None for owner in owners] == [True] * 7

    def test_the_gradient_of_a_view_that_took_no_part(self):
        base = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        view = base[:2]
        assert view.grad is None
        np.sum(base**2).backward()
        assert base.grad.tolist() == [2, 4, 6] and view.grad.tolist() == [2, 4]
        assert view.grad.base is base.grad

    @pytest.mark.parametrize(
        "look",
        [
            lambda x: x[1:],
            lambda x: x[::-1, ::2],
            lambda x: x[..., 1],
            lambda x: x[np.newaxis],
            lambda x: x.T,
            lambda x: x.mT,
            lambda x: x.reshape(9),
            lambda x: np.reshape(x, (1, 9)),
            lambda x: x.ravel(),
            lambda x: x.swapaxes(0, 1),
            lambda x: np.moveaxis(x, 0, 1),
            lambda x: np.expand_dims(x, 1),
            lambda x: np.squeeze(x[:1]),
            lambda x: np.diagonal(x),
            lambda x: np.flip(x, 0),
            lambda x: np.rot90(x),
            lambda x: np.atleast_3d(x),
            lambda x: np.split(x, 3)[1],
            lambda x: np.einsum("ij->ji", x),
            lambda x: np.einsum("ii->i", x),
            lambda x: np.broadcast_to(x, (2, 3, 3)),
        ],
    )
    def test_what_is_a_view_in_numpy_is_one_here(self, look):
        plain, x = np.arange(9.0).reshape(3, 3), grid()
        view = look(x)
        assert np.shares_memory(look(plain), plain)
        assert view.base is x and np.shares_memory(view, x)
        x[1, 1] = 40.0
        plain[1, 1] = 40.0
        assert np.array_equal(view.value, look(plain))
        np.sum(x**2).backward()
        assert np.array_equal(view.grad, look(2 * plain)) and np.shares_memory(view.grad, x.grad)

    def test_a_number_taken_out_is_no_view(self):
        """As in NumPy, where it is no array."""
        x = ad.tensor([1.0, 2.0], requires_grad=True)
        first = x[0] * 1
        x[0] = 5.0
        assert first.item() == 1


class TestTensor:
    """docs/source/tensor.rst, and docstrings of Tensor."""

    def test_creation(self):
        assert ad.tensor(2.3).item() == 2.3 and ad.tensor(2.3).shape == ()
        assert ad.tensor(np.array([1.2, 3.0])).value.tolist() == [1.2, 3.0]
        assert ad.tensor([[1, 2], [3, 4]]).value.tolist() == [[1, 2], [3, 4]]
        assert ad.tensor([1, 2, 3], dtype="float32").dtype == np.float32
        assert ad.tensor([1, 2, 3.0]).dtype == np.float64
        assert ad.tensor([1, 2]).dtype.kind == "i"

    def test_the_data_is_copied(self):
        data = np.arange(3.0)
        x = ad.tensor(data, requires_grad=True)
        y = np.sum(x * x)
        data[:] = 0
        y.backward()
        assert x.value.tolist() == [0, 1, 2] and x.grad.tolist() == [0, 2, 4]
        assert not np.shares_memory(ad.tensor(x), x)

    def test_integers_are_constants(self):
        x = ad.tensor(np.arange(9).reshape(3, 3))
        y = x[x == 4] ** 2
        assert y.value.tolist() == [16] and y.dtype.kind == "i"
        assert not x.requires_grad and not ad.tensor(1, dtype=np.int8).requires_grad
        assert ad.tensor(1, dtype=np.float32, requires_grad=True).requires_grad

    def test_forward_and_back(self):
        x, y = ad.tensor(3.0, requires_grad=True), ad.tensor(2.0, requires_grad=True)
        loss = 2 * x + y**2
        loss.retain_grad()
        loss.backward()
        assert (x.grad, y.grad, loss.grad) == (2, 4, 1)
        y.grad = None
        assert y.grad is None

    def test_all_that_was_met(self):
        """Docstring of `backward`: with `retain_grad`, what lies between has its gradient too."""
        x, y = ad.tensor(2.0, requires_grad=True), ad.tensor(3.0, requires_grad=True)
        w = x * y
        loss = 2 * w
        w.retain_grad()
        loss.backward()
        assert (w.grad, y.grad, x.grad) == (2, 4, 6)

    def test_reversed(self):
        x = ad.tensor([2.0, 4.0, 8.0], requires_grad=True)
        np.sum(x * x[::-1]).backward()
        assert x.grad.tolist() == [16, 8, 4]

    def test_a_seed(self):
        x = ad.tensor(1.0, requires_grad=True)
        x.backward(2.0)
        assert x.grad == 2

    def test_constants(self):
        x, y = ad.tensor([1.0, 2.0]), ad.tensor([0.0, 3.0], requires_grad=True)
        f = x * y
        assert f.requires_grad and not ((x + x) ** 2 - np.array([8.0, 7.0])).requires_grad
        np.sum(f).backward()
        assert x.grad is None and y.grad.tolist() == [1, 2]

    def test_item(self):
        assert ad.tensor([22.2]).item() == 22.2 and type(ad.tensor([22.2]).item()) is float
        with pytest.raises(ValueError, match="size 1"):
            ad.tensor([1.0, 2.0]).item()

    def test_where(self):
        a = ad.tensor(np.arange(10))
        assert np.where(a < 5, a, 10 * a).value.tolist() == [0, 1, 2, 3, 4, 50, 60, 70, 80, 90]
        b = ad.tensor([[0.0, 1, 2], [0, 2, 4], [0, 3, 6]], requires_grad=True)
        chosen = np.where(b < 4, b, -1)
        assert chosen.value.tolist() == [[0, 1, 2], [0, 2, -1], [0, 3, -1]]
        np.sum(chosen).backward()
        assert b.grad.tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]


class TestOwnOperation:
    """docs/source/operation.rst: a product with two gradients; broadcasting is undone by the sweep, not by it."""

    def test_custom_multiply(self):
        class CustomMultiply(ad.Function):
            @staticmethod
            def forward(ctx, x, y):
                ctx.save_for_backward(x, y)
                return x * y

            @staticmethod
            def backward(ctx, g):
                x, y = ctx.saved_tensors
                return g * y, g * x

        x, y = ad.tensor(2.0, requires_grad=True), ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        np.sum(CustomMultiply.apply(x, y)).backward()
        assert x.grad == 6 and y.grad.tolist() == [2, 2, 2]
