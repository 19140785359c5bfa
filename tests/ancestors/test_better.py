"""What the five ancestors get wrong is right here; what graphs cost is in test_better_graphs.py."""

import gc

import numpy as np
import pytest

import autodiff_cli as ad


def leaf(value):
    return ad.tensor(value, requires_grad=True)


class TestBroadcasting:
    """ad and Easygrad give a gradient of the broadcast shape."""

    @pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 3), (2, 1), (1, 1, 1), (4, 2, 3)])
    @pytest.mark.parametrize(
        "operation", [np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.arctan2]
    )
    def test_is_undone(self, operation, shape):
        other = 1.5 + np.arange(6.0).reshape(2, 3) / 7
        value = 2.0 + np.arange(np.prod(shape, dtype=int)).reshape(shape) / 5
        for arguments in (lambda x: (x, other), lambda x: (other, x)):
            x = leaf(value)
            np.sum(operation(*arguments(x))).backward()
            assert x.grad.shape == shape
            ahead, behind = (np.sum(operation(*arguments(value + h))) for h in (1e-6, -1e-6))
            assert np.sum(x.grad) == pytest.approx((ahead - behind) / 2e-6, rel=1e-7, abs=1e-7)

    def test_of_a_target(self):
        x, total = leaf(3.0), ad.tensor(np.zeros((2, 3)))
        total += x
        np.sum(total * np.arange(6.0).reshape(2, 3)).backward()
        assert x.grad == 15


class TestExponents:
    """Easygrad has no derivative by the exponent."""

    def test_by_the_exponent(self):
        x, y = leaf(2.0), leaf(3.0)
        (x**y).backward()
        assert x.grad == 12 and y.grad == pytest.approx(8 * np.log(2), rel=1e-15)

    @pytest.mark.parametrize("base", [2, 2.0, np.array([2.0]), np.float64(2)])
    def test_of_a_plain_base(self, base):
        y = leaf(3.0)
        np.sum(base**y).backward()
        assert y.grad == pytest.approx(5.545177444479562, rel=1e-15)

    def test_of_zero(self):
        """0**y is 0 for all positive y: it has the slope 0 there, not 0 * log(0)."""
        y = leaf([0.5, 1.0, 2.0])
        np.sum(0.0**y).backward()
        assert y.grad.tolist() == [0, 0, 0]
        x, y = leaf([0.0, 0.0]), leaf([1.0, 2.0])
        np.sum(x**y).backward()
        assert x.grad.tolist() == [1, 0] and y.grad.tolist() == [0, 0]


class TestDiamonds:
    """In ad each path costs anew: 60 diamonds on top of each other would take 2**60 steps."""

    def test_are_exact(self):
        x = leaf(1.0)
        y = x
        for _ in range(60):
            y = y + y
        y.backward()
        assert x.grad == 2.0**60

    def test_cost_one_call_of_each_rule(self):
        calls = []

        class Double(ad.Function):
            @staticmethod
            def forward(ctx, a, b):
                return a + b

            @staticmethod
            def backward(ctx, g):
                calls.append(1)
                return g, g

        x = leaf(1.0)
        y = x
        for _ in range(60):
            y = Double.apply(y, y)
        y.backward()
        assert x.grad == 2.0**60 and len(calls) == 60

    def test_in_forward_mode(self):
        def tower(x):
            for _ in range(60):
                x = x + x
            return x

        assert ad.jvp(tower, (1.0,), (1.0,)) == (2.0**60, 2.0**60)

    def test_shared_parts_accumulate(self):
        x = leaf(2.0)
        shared = x * x
        (shared * shared + 3 * shared + x).backward()
        assert x.grad == 4 * 2**3 + 3 * 2 * 2 + 1

    def test_the_same_argument_twice(self):
        x = leaf([1.0, 2.0])
        np.sum(x * x * x + np.stack([x, x])).backward()
        assert x.grad.tolist() == [2 * 3 + 2, 2 * 12 + 2]


class TestArguments:
    """Functions that do not use what they are given."""

    def test_no_argument(self):
        assert ad.grad(lambda: 3.0)() == ()
        assert ad.value_and_grad(lambda: 3.0)() == (3, ())

    def test_one_that_does_not_matter(self):
        x, y = np.ones((2, 3)), np.float32(2)
        by_x, by_y = ad.grad(lambda x, y: 3.0)(x, y)
        assert by_x.tolist() == [[0] * 3] * 2 and by_y == 0 and by_y.dtype == np.float32
        assert ad.jacobian(lambda x: np.arange(2.0))(x).shape == (2, 2, 3)
        assert ad.hessian(lambda x: np.sum(x))(x).shape == (2, 3, 2, 3)

    def test_an_input_of_which_nothing_is_made(self):
        x, y = leaf([1.0, 2.0]), leaf([[3.0]])
        by_x, by_y = ad.grad(np.sum(x), [x, y])
        assert by_x.tolist() == [1, 1] and by_y.tolist() == [[0]]


class TestRightOfArrays:
    """NumPy's own operators ask a tensor first, whatever stands on the left."""

    @pytest.mark.parametrize(
        "left",
        [np.array([6.0, 8.0]), np.array([[6.0], [8.0]]), np.float64(6), np.float32(6), np.int64(6), 6, 6.0, [6.0, 8.0]],
    )
    def test_operators(self, left):
        for operation in (
            lambda a, b: a + b,
            lambda a, b: a - b,
            lambda a, b: a * b,
            lambda a, b: a / b,
            lambda a, b: a**b,
            lambda a, b: a % b,
        ):
            x = leaf([2.0, 4.0])
            answer = operation(left, x)
            assert type(answer) is type(x)
            np.testing.assert_array_equal(answer.value, operation(np.asarray(left), x.value))
            np.sum(answer).backward()
            assert x.grad.shape == (2,)

    def test_products(self):
        x = leaf([2.0, 4.0])
        answer = np.array([[1.0, 2.0], [3.0, 4.0]]) @ x
        np.sum(answer).backward()
        assert type(answer) is type(x) and x.grad.tolist() == [4, 6]

    def test_comparisons(self):
        x = leaf([2.0, 4.0])
        assert (np.array([3.0, 3.0]) < x).tolist() == [False, True]
        assert np.float64(3) in ad.tensor([3.0]) and 5 not in x

    def test_an_array_that_is_updated_by_a_tensor(self):
        """No array of objects, and no value whose derivative is gone without a word."""
        array = np.array([1.0, 2.0])
        with pytest.raises(ad.AdiffError, match="derivative"):
            array += leaf([1.0, 1.0])


class TestConsistency:
    """A view and its base say the same after any update of either; test_updates.py draws sequences of them."""

    def test_of_two_views_and_their_base(self):
        x = leaf(np.arange(6.0))
        front, back = x[:4], x[2:]
        front *= 10
        back += front[:4]
        x[0] = back[0]
        plain = np.arange(6.0)
        plain[:4] *= 10
        plain[2:] += plain[:4].copy()
        plain[0] = plain[2]
        assert x.value.tolist() == plain.tolist()
        assert front.value.tolist() == plain[:4].tolist() and back.value.tolist() == plain[2:].tolist()

    def test_overlaps(self):
        """The right side is read before the left is written, as in NumPy."""
        x = leaf([1.0, 2.0, 3.0])
        y = x * 1
        y[1:] = y[:-1]
        np.sum(y * np.array([1.0, 10.0, 100.0])).backward()
        assert y.value.tolist() == [1, 1, 2] and x.grad.tolist() == [11, 100, 0]

    def test_a_value_handed_out_is_not_written(self):
        """An update binds anew: an array that a graph or a person holds stays as it was."""
        x = leaf([1.0, 2.0])
        view, held = x[:1], x.value
        x += 1
        view *= 5
        assert held.tolist() == [1, 2] and x.value.tolist() == [10, 3]

    def test_a_view_outlives_its_base(self):
        x = leaf([1.0, 2.0, 3.0])
        view = (x * 2)[1:]
        gc.collect()
        view *= 2
        np.sum(view).backward()
        assert view.value.tolist() == [8, 12] and x.grad.tolist() == [0, 4, 4]

    @pytest.mark.parametrize(
        "update",
        [
            lambda c: c.__setitem__(0, 0.0),
            lambda c: c.__imul__(2),
            lambda c: c[::-1].__iadd__(1),
            lambda c: np.exp(c, out=c),
            lambda c: np.copyto(c, 0.0),
            lambda c: np.add.at(c, [0], 1.0),
            lambda c: c.fill(0.0),
        ],
    )
    def test_a_constant_that_a_graph_uses(self, update):
        """Its array is remembered by the graph, as any other is."""
        x, c = leaf([1.0, 2.0]), ad.tensor([3.0, 4.0])
        y, z = np.sum(x * c), np.sum(x * c[:1])
        update(c)
        assert c.value.tolist() != [3, 4]
        y.backward()
        assert x.grad.tolist() == [3, 4]
        z.backward()
        assert x.grad.tolist() == [6, 7]

    def test_an_updated_leaf_is_a_leaf_again(self):
        """Once the graph of the update is freed."""
        x = leaf([1.0, 2.0])
        x *= 3
        view = x[1:]
        np.sum(x * x).backward()
        assert x.is_leaf and x.grad.tolist() == [6, 12]
        x.grad = None
        np.sum(view * view).backward()
        assert x.grad.tolist() == [0, 12] and view.grad.tolist() == [12]
        with ad.no_grad():
            x -= x
        assert view.value.tolist() == [0]

    def test_an_updated_leaf_is_an_input(self):
        x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
        x *= y
        np.sum(x * y).backward(inputs=[x])
        assert x.grad.tolist() == [3, 4] and y.grad is None
        x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
        x *= y
        assert [g.tolist() for g in ad.grad(np.sum(x * y), [x, y])] == [[3, 4], [1 * 3 + 3 * 1, 2 * 4 + 4 * 2]]

    def test_what_is_retained_is_of_the_last_value(self):
        x = leaf([1.0, 2.0])
        y = x * 1
        y.retain_grad()
        y[0] = 5.0
        np.sum(y * y).backward()
        assert y.grad.tolist() == [10, 4] and x.grad.tolist() == [0, 4]
