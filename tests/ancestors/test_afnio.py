"""afnio.autodiff (Tellurio-AI/afnio): PyTorch's contract of `backward`, on variables of its own.

The page is afnio.autodiff of its documentation; its words about `backward` and `Variable` are kept here with numbers in
place of texts, parameter by parameter. Its modes are in test_afnio_modes.py.
"""

from contextlib import contextmanager

import numpy as np
import pytest

import autodiff_cli as ad


@pytest.fixture
def x():
    return ad.tensor([1.0, 2.0, 3.0], requires_grad=True)


@pytest.fixture
def y():
    return ad.tensor([4.0, 5.0, 6.0], requires_grad=True)


@contextmanager
def refused(*words):
    """An error that says one of these words: in what is wrong, or in what to do about it."""
    with pytest.raises((RuntimeError, ValueError)) as error:
        yield
    said = f"{error.value} {error.value.help}"
    assert any(word in said for word in words), said


class TestVariables:
    """`backward(variables, ...)`: a variable, or a sequence of them."""

    def test_one(self, x):
        ad.backward(np.sum(x * x))
        assert x.grad.tolist() == [2, 4, 6]

    def test_several_are_summed(self, x, y):
        ad.backward([np.sum(x * y), np.sum(x * x)])
        assert x.grad.tolist() == [6, 9, 12]
        assert y.grad.tolist() == [1, 2, 3]

    def test_gradients_accumulate_in_leaves(self, x):
        for n in (1, 2, 3):
            np.sum(x * x).backward()
            assert x.grad.tolist() == [2 * n, 4 * n, 6 * n]

    def test_set_to_none_before_the_next(self, x):
        np.sum(x * x).backward()
        x.grad = None
        np.sum(3 * x).backward()
        assert x.grad.tolist() == [3, 3, 3]

    def test_zero_grad(self, x):
        np.sum(x * x).backward()
        x.zero_grad()
        np.sum(3 * x).backward()
        assert x.grad.tolist() == [3, 3, 3]

    def test_the_gradient_is_an_array_of_the_leafs_dtype(self):
        for dtype in (np.float16, np.float32, np.float64, np.longdouble):
            x = ad.tensor([1.0, 2.0], requires_grad=True, dtype=dtype)
            np.sum(x * np.array([3.0, 4.0])).backward()
            assert type(x.grad) is np.ndarray and x.grad.dtype == dtype and x.grad.tolist() == [3, 4]

    def test_a_number_has_an_array_too(self):
        x = ad.tensor(3.0, requires_grad=True)
        (x * x).backward()
        assert type(x.grad) is np.ndarray and x.grad.shape == () and x.grad == 6

    def test_a_leaf_itself(self):
        x = ad.tensor(3.0, requires_grad=True)
        x.backward()
        assert x.grad == 1

    def test_what_needs_no_gradient(self, x):
        for constant in (ad.tensor(1.0), np.sum(ad.tensor([1.0, 2.0])), np.sum(x.detach())):
            with refused("requires_grad"):
                constant.backward()
            with refused("requires_grad"):
                ad.backward([constant])


class TestGradVariables:
    """`grad_variables`: the vector in the vector-Jacobian product, of matching length."""

    def test_of_an_array(self, x):
        ad.backward(x * x, np.array([1.0, 10.0, 100.0]))
        assert x.grad.tolist() == [2, 40, 600]

    def test_of_several(self, x, y):
        ad.backward([x * y, x * x], [np.array([1.0, 0, 0]), np.array([0, 0, 1.0])])
        assert x.grad.tolist() == [4, 0, 6] and y.grad.tolist() == [1, 0, 0]

    def test_tensors_and_lists_serve_too(self, x):
        ad.backward([x * x, x], [ad.tensor([1.0, 0.0, 0.0]), [0.0, 0.0, 5.0]])
        assert x.grad.tolist() == [2, 0, 5]

    def test_none_for_a_number(self, x):
        ad.backward([np.sum(x), 2 * x], [None, np.ones(3)])
        assert x.grad.tolist() == [3, 3, 3]

    def test_none_for_what_needs_no_gradient(self, x):
        ad.backward([np.sum(x), ad.tensor([7.0, 8.0])], [None, None])
        assert x.grad.tolist() == [1, 1, 1]

    def test_none_for_an_array_of_one(self, x):
        (2 * x[:1]).backward()
        assert x.grad.tolist() == [2, 0, 0]

    def test_a_number_of_ones_own(self, x):
        np.sum(x).backward(5.0)
        assert x.grad.tolist() == [5, 5, 5]

    def test_an_array_needs_one(self, x):
        for call in (lambda: (x * x).backward(), lambda: ad.backward([x * x], [None])):
            with refused("scalar", "one number"):
                call()
        assert x.grad is None

    def test_lengths_must_match(self, x):
        with refused("2"):
            ad.backward([np.sum(x), np.sum(x)], [None])
        assert x.grad is None

    def test_shapes_must_match(self, x):
        for seed in (np.ones(2), np.ones((1, 3)), np.ones(())):
            with refused("shape"):
                (x * x).backward(seed)
        assert x.grad is None


class TestRetainGraph:
    """`retain_graph`: if False, the graph is freed; it defaults to the value of `create_graph`."""

    def test_a_freed_graph(self, x):
        y = np.sum(x * x)
        y.backward()
        with refused("retain_graph"):
            y.backward()
        assert x.grad.tolist() == [2, 4, 6]

    def test_a_part_of_a_freed_graph(self, x):
        inner = x * x
        np.sum(inner).backward()
        with refused("retain_graph"):
            np.sum(inner * 2).backward()

    def test_a_retained_graph(self, x):
        y = np.sum(x * x)
        y.backward(retain_graph=True)
        y.backward()
        assert x.grad.tolist() == [4, 8, 12]
        with refused("retain_graph"):
            y.backward()

    def test_two_losses_of_one_part(self, x):
        """Multi-task learning, for which the page recommends it."""
        shared = x * x
        first, second = np.sum(shared), np.sum(shared * 10)
        ad.backward(first, retain_graph=True)
        ad.backward(second)
        assert x.grad.tolist() == [22, 44, 66]

    def test_create_graph_retains(self, x):
        y = np.sum(x * x)
        y.backward(create_graph=True)
        y.backward()
        assert np.array_equal(x.grad, [4, 8, 12])

    def test_grad_frees_too(self, x):
        y = np.sum(x * x)
        ad.grad(y, x)
        with refused("retain_graph"):
            ad.grad(y, x)
        z = np.sum(x * x)
        assert ad.grad(z, x, retain_graph=True).tolist() == ad.grad(z, x).tolist() == [2, 4, 6]

    def test_leaves_outlive_the_graph(self, x):
        for _ in range(2):
            np.sum(x * x).backward()
        assert x.grad.tolist() == [4, 8, 12]


class TestCreateGraph:
    """`create_graph`: the graph of the derivative is constructed, to compute higher order products."""

    def test_gradient_of_a_gradient(self, x):
        np.sum(x**3).backward(create_graph=True)
        slope, x.grad = x.grad, None
        np.sum(slope * np.array([1.0, 10.0, 100.0])).backward()
        assert slope.value.tolist() == [3, 12, 27]
        assert x.grad.tolist() == [6, 120, 1800]

    def test_a_third_one(self, x):
        first = ad.grad(np.sum(x**4), x, create_graph=True)
        second = ad.grad(np.sum(first), x, create_graph=True)
        assert ad.grad(np.sum(second), x).tolist() == [24, 48, 72]

    def test_otherwise_it_is_plain(self, x):
        np.sum(x**3).backward()
        assert type(x.grad) is np.ndarray

    def test_a_penalty_on_the_slope(self, x, y):
        """The gradient of |df/dx|^2 by what f is made of."""
        slope = ad.grad(np.sum(x * x * y), x, create_graph=True)
        np.sum(slope**2).backward()
        assert x.grad.tolist() == [8 * 16, 16 * 25, 24 * 36]
        assert y.grad.tolist() == [8 * 4, 8 * 20, 8 * 54]


class TestInputs:
    """`inputs`: the gradient goes into these leaves, and all others are left out."""

    def test_only_these(self, x, y):
        np.sum(x * y).backward(inputs=[x])
        assert x.grad.tolist() == [4, 5, 6] and y.grad is None

    def test_one_alone(self, x, y):
        ad.backward(np.sum(x * y), inputs=y)
        assert y.grad.tolist() == [1, 2, 3] and x.grad is None

    def test_must_be_leaves(self, x):
        middle = x * x
        with refused("leaf"):
            np.sum(middle).backward(inputs=[middle])
        with refused("leaf"):
            np.sum(middle).backward(inputs=[x, middle])
        assert x.grad is None

    def test_none_at_all(self, x):
        with refused("inputs"):
            np.sum(x * x).backward(inputs=[])


class TestGradOutputs:
    """What `grad` of outputs by inputs promises beside, as PyTorch's page says it."""

    def test_of_an_array(self, x):
        assert ad.grad(x * x, x, grad_outputs=np.array([1.0, 10.0, 100.0])).tolist() == [2, 40, 600]

    def test_of_several(self, x, y):
        by_x, by_y = ad.grad([x * y, np.sum(x)], [x, y], grad_outputs=[np.array([1.0, 0, 0]), None])
        assert by_x.tolist() == [5, 1, 1] and by_y.tolist() == [1, 0, 0]

    def test_by_a_middle(self, x):
        middle = x * x
        assert ad.grad(np.sum(middle * 3), middle).tolist() == [3, 3, 3]

    def test_grads_stay_untouched(self, x, y):
        np.sum(x * y).backward()
        ad.grad(np.sum(x * y), [x, y])
        assert x.grad.tolist() == [4, 5, 6] and y.grad.tolist() == [1, 2, 3]

    def test_an_array_needs_them(self, x):
        with refused("scalar", "one number"):
            ad.grad(x * x, x)

    def test_lengths_must_match(self, x):
        with refused("2"):
            ad.grad([np.sum(x), np.sum(x)], x, grad_outputs=[None])

    def test_an_input_that_needs_no_gradient(self, x):
        with refused("requires_grad"):
            ad.grad(np.sum(x), ad.tensor(1.0))


class TestLeaves:
    """`Variable.is_leaf`, `requires_grad_`, `retain_grad`: the examples of its page, with numbers."""

    def test_is_leaf(self, x):
        assert x.is_leaf
        assert not np.exp(x).is_leaf
        assert not (x + 1).is_leaf
        assert np.exp(ad.tensor([1.0])).is_leaf
        assert np.exp(ad.tensor([1.0])).requires_grad_().is_leaf
        assert x.detach().is_leaf

    def test_requires_grad_(self):
        x = ad.tensor([1.0, 2.0]) * 3  # preprocessing, without a graph
        assert not x.requires_grad
        assert x.requires_grad_() is x and x.requires_grad
        np.sum(x * x).backward()
        assert x.grad.tolist() == [6, 12]
        assert not x.requires_grad_(False).requires_grad

    def test_a_middle_cannot_stop(self, x):
        with refused("leaf", "detach"):
            (x * x).requires_grad_(False)

    def test_only_leaves_are_populated(self, x):
        middle = x * x
        np.sum(middle * middle).backward()
        assert middle.grad is None and x.grad.tolist() == [4, 32, 108]

    def test_retain_grad(self, x):
        middle = x * x
        middle.retain_grad()
        np.sum(middle * middle).backward()
        assert middle.grad.tolist() == [2, 8, 18] and x.grad.tolist() == [4, 32, 108]

    def test_integers_cannot(self):
        for data in ([1, 2], [True, False], 3):
            with refused("float"):
                ad.tensor(data, requires_grad=True)
            with refused("float"):
                ad.tensor(data).requires_grad_()

    def test_adding_in_place_takes_over_the_history(self, x):
        """`Variable.__iadd__`: the sum needs a gradient if the other one does."""
        total = ad.tensor([0.0, 0.0, 0.0])
        total += x * x
        assert total.requires_grad
        np.sum(total).backward()
        assert x.grad.tolist() == [2, 4, 6]


def test_detach_and_numpy_share_memory(x):
    assert not x.detach().requires_grad
    assert np.shares_memory(x.detach().value, x.value) and np.shares_memory(x.numpy(), x.value)
    assert x.detach().value.tolist() == [1, 2, 3] and x[1].item() == 2 and type(x[1].item()) is float
    np.sum(x * x.detach()).backward()
    assert x.grad.tolist() == [1, 2, 3]
