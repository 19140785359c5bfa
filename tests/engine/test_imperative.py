"""Tensors that keep gradients: what tests/ancestors does not say of them. In-place sequences are drawn there."""

import copy
import gc
import pickle
from weakref import ref

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.tensor import View


def leaf(data, **how):
    return ad.tensor(data, requires_grad=True, **how)


class TestTensor:
    @pytest.mark.parametrize(
        ("data", "want"),
        [
            ("[1.0, 2.0]", [1.0, 2.0]),
            ("1,2;3,4", [[1.0, 2.0], [3.0, 4.0]]),
            ([[1, 2], (3, 4)], [[1, 2], [3, 4]]),
            (np.float32(2), 2.0),
            ([ad.tensor(1.0), 2.0], [1.0, 2.0]),
        ],
    )
    def test_of_anything_made_of_numbers(self, data, want):
        made = ad.tensor(data)
        np.testing.assert_array_equal(made.value, want)
        assert isinstance(made.value, np.ndarray) and not made.requires_grad

    def test_has_memory_of_its_own(self):
        data = np.ones(3)
        made, again = ad.tensor(data), ad.tensor(leaf(data))
        data[0] = 5
        assert made.value.tolist() == again.value.tolist() == [1, 1, 1] and not again.requires_grad

    @pytest.mark.parametrize("data", ["sin(1)", "1,a", [[1], [1, 2]], {1: 2}, None, ["a"]])
    def test_of_anything_else_says_so(self, data):
        with pytest.raises((ad.AdiffError, ValueError)):
            ad.tensor(data)

    @pytest.mark.parametrize("data", [1, [True, False]])
    def test_integers_and_truth_values_require_no_gradient(self, data):
        with pytest.raises(ad.GraphError, match="cannot require gradients"):
            leaf(data)
        with pytest.raises(ad.GraphError, match="cannot require gradients"):
            ad.tensor(data).requires_grad_()
        assert leaf(data, dtype=float).requires_grad


class TestMemory:
    def test_numpy_is_shared_and_guarded(self):
        constant = ad.tensor([1.0, 2.0])
        array = constant.numpy()
        array[0] = 5
        constant += 1
        assert constant.value is array and array.tolist() == [6, 3]
        x = leaf([1.0, 2.0])
        for seen in (x, x[1:], x.detach()):
            assert np.shares_memory(seen.numpy(), x.value)
            with pytest.raises(ValueError, match="read-only"):
                seen.numpy()[0] = 5

    def test_a_detached_tensor_sees_updates_and_makes_them(self):
        x = leaf([1.0, 2.0])
        half = x[1:].detach()
        assert not half.requires_grad and (half * 3).line is None
        y = np.sum(x * x)
        x += 1
        assert half.value.tolist() == [3]
        half *= 2
        assert x.value.tolist() == [2, 6]
        y.backward()
        np.sum(x**2).backward()
        assert x.grad.tolist() == [4, 12]  # by the updated value; what came before goes to the value before
        with pytest.raises(ad.GraphError, match="detached"):
            half += leaf(1.0)

    def test_a_detached_tensor_can_be_a_leaf(self):
        x = leaf([1.0, 2.0])
        y = (x * 3).detach().requires_grad_()
        np.sum(y * y).backward()
        assert y.is_leaf and x.grad is None and y.grad.tolist() == [6, 12]
        z = x.detach().requires_grad_()
        z *= 2
        np.sum(z).backward()
        assert z.grad.tolist() == [1, 1] and x.value.tolist() == [1, 2]
        assert z.requires_grad_(False).line is None

    def test_copies(self):
        x = leaf([1.0, 2.0])
        for again in (copy.copy(x), copy.deepcopy([x])[0], pickle.loads(pickle.dumps(x))):
            assert again.requires_grad and again.value.tolist() == [1, 2]
            assert not np.shares_memory(again.value, x.value)
        assert not copy.deepcopy(ad.tensor([1, 2])).requires_grad
        with pytest.raises(ad.GraphError, match="history"):
            copy.deepcopy(x * 2)

    def test_a_detached_tensor_outlives_its_base(self):
        x = leaf([1.0, 2.0])
        seen = x.detach()
        del x
        seen += 1
        seen[0] = 7
        assert seen.value.tolist() == [7, 3]

    @pytest.mark.parametrize("order", ["C", "F"])
    @pytest.mark.parametrize("look", [np.transpose, np.ravel, lambda a: a.reshape(2, 6), lambda a: a[:, ::-1][1:]])
    def test_views_are_where_numpy_has_views(self, order, look):
        array = np.array(np.arange(12.0).reshape(3, 4), order=order)
        x = leaf(array)
        assert isinstance(look(x), View) == np.shares_memory(look(array), array)

    def test_gradients_lie_as_their_tensors_do(self):
        x = leaf(np.array(np.arange(6.0).reshape(2, 3), order="F"))
        view = x.T.reshape(-1)
        np.sum(view**2 * np.arange(6)).backward()
        assert view.grad.tolist() == [0, 6, 4, 24, 16, 50] and np.shares_memory(view.grad, x.grad)

    def test_of_broadcast_entries_none_can_be_written(self):
        with pytest.raises(ValueError, match="read-only"):
            np.broadcast_to(leaf([1.0]), 3)[0] = 5


class TestUpdates:
    def test_a_step_downhill(self):
        w = leaf([3.0, -4.0])
        for _ in range(3):
            w.zero_grad()
            np.sum(w * w).backward()
            with ad.no_grad():
                w -= 0.25 * w.grad
        assert w.is_leaf and w.requires_grad and w.value.tolist() == [0.375, -0.5]

    def test_what_no_grad_writes_is_constant(self):
        x = leaf([1.0, 2.0])
        y = x * 3
        with ad.no_grad():
            y[0] = 7.0
        np.sum(y * y).backward()
        assert x.grad.tolist() == [0, 36]

    def test_numbers_are_bound_anew(self):
        def total(x):
            found = before = np.sum(x)
            found += 1
            return found * before

        assert total(np.ones(2)) == 6 and ad.grad(total)(np.ones(2)).tolist() == [5, 5]

    def test_of_what_was_written_twice_the_last_stays(self):
        x, v = leaf(np.zeros(3)), leaf([1.0, 2.0, 3.0])
        x[[1, 1, 0]] = v
        np.sum(x * [10.0, 20, 30]).backward()
        assert v.grad.tolist() == [0, 20, 10] and x.grad.tolist() == [10, 20, 30]

    def test_casts_as_numpy_does(self):
        whole = ad.tensor([1, 2])
        with pytest.raises(TypeError, match="cannot cast"):
            whole += 0.5
        whole[0] = 3.7
        assert whole.value.tolist() == [3, 2] and whole.dtype.kind == "i"
        single = leaf([1.0], dtype=np.float32)
        single *= np.float64(2)
        assert single.dtype == np.float32

    def test_shapes_that_do_not_fit(self):
        x = leaf([1.0, 2.0])
        for update in (lambda: x.__iadd__(np.ones((3, 2))), lambda: x.__setitem__(0, [1.0, 2.0])):
            with pytest.raises(ValueError, match=r"broadcast|sequence|shape"):
                update()
        assert x.value.tolist() == [1, 2]

    def test_another_tensors_gradient_stays_its_own(self):
        x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
        x[...] = y
        np.sum(x * x).backward()
        assert y.grad.tolist() == x.grad.tolist() == [6, 8]

    def test_an_argument_of_a_transform_is_not_written(self):
        def total(x):
            x[0] = x[1] ** 2
            return np.sum(x)

        array = np.array([1.0, 3.0])
        assert ad.grad(total)(array).tolist() == [0, 7] and array.tolist() == [1, 3]
        assert ad.jacobian(total)(array).tolist() == [0, 7] and ad.hessian(total)(array).tolist() == [[0, 0], [0, 2]]


def test_a_kept_gradient_of_a_middle_that_goes_through_a_known_form():
    for _ in range(4):
        x = leaf([1.0, 2.0])
        y = x * x
        z = np.sum(np.sin(y))
        y.retain_grad()
        z.backward()
        np.testing.assert_allclose(y.grad, np.cos([1.0, 4.0]), rtol=1e-15)


def test_the_norm_has_its_slope_at_zero():
    """As in functions of arrays: the root of a sum of squares is a norm."""
    x = leaf(np.zeros(3))
    np.sqrt(np.sum(x**2)).backward()
    assert x.grad.tolist() == [0, 0, 0]


def test_a_freed_graph_lets_go_of_what_functions_saved():
    class Twice(ad.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.large = np.full(1000, 2.0)
            held.append(ref(ctx.large))
            return ctx.large * x

        @staticmethod
        def backward(ctx, g):
            return ctx.large * g

    held, kept = [], []
    for _ in range(4):
        x = leaf(np.ones(1000))
        kept.append(np.sum(Twice.apply(x)))
        kept[-1].backward()
    gc.collect()
    assert [array() for array in held] == [None] * 4
