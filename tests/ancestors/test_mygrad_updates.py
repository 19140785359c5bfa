"""MyGrad's updates in place: each kind of them, their mode, and arrays that a graph needs (its performance tips)."""

import numpy as np
import pytest

import autodiff_cli as ad


class TestInPlace:
    """Each kind of update, on a leaf, beside what NumPy does; the gradient is by what was there afterwards."""

    UPDATES = {
        "number": lambda x, v: x.__setitem__(1, 7.0),
        "slice": lambda x, v: x.__setitem__(slice(1, 3), 7.0),
        "array": lambda x, v: x.__setitem__(slice(1, 3), np.array([7.0, 8.0])),
        "mask": lambda x, v: x.__setitem__(x > 2, 0.5),
        "mask *=": lambda x, v: x.__setitem__(x > 2, x[x > 2] * 2),
        "indices": lambda x, v: x.__setitem__([0, 0, 3], [1.5, 2.5, 3.5]),
        "ellipsis": lambda x, v: x.__setitem__(..., 1.5),
        "+=": lambda x, v: x.__iadd__(1),
        "-=": lambda x, v: x.__isub__(1),
        "*=": lambda x, v: x.__imul__(2),
        "/=": lambda x, v: x.__itruediv__(2),
        "**=": lambda x, v: x.__ipow__(2),
        "out=": lambda x, v: np.exp(x, out=x),
        "out= where=": lambda x, v: np.exp(x, out=x, where=np.array([True, False, True, False])),
        "at": lambda x, v: np.add.at(x, [0, 0, 2], 1.0),
        "copyto": lambda x, v: np.copyto(x, 3.0),
        "put": lambda x, v: np.put(x, [0, -1], 3.0),
        "fill": lambda x, v: x.fill(3.0),
    }

    @pytest.mark.parametrize("name", UPDATES)
    def test_of_a_leaf(self, name):
        update, plain = self.UPDATES[name], np.array([1.0, 2.0, 3.0, 4.0])
        x = ad.tensor(plain, requires_grad=True)
        view, before = x[::-1], np.sum(x * 100)
        update(plain, None), update(x, None)
        np.testing.assert_array_equal(x.value, plain)
        np.testing.assert_array_equal(view.value, plain[::-1])
        np.sum(x * x).backward()
        np.testing.assert_array_equal(x.grad, 2 * plain)
        np.testing.assert_array_equal(view.grad, 2 * plain[::-1])
        assert before.item() == 1000

    def test_of_a_middle(self):
        """Through the update, to what was there before and to what was written."""
        x, v = ad.tensor([1.0, 2.0, 3.0], requires_grad=True), ad.tensor(5.0, requires_grad=True)
        y = x * x
        y[1] = v
        y[2:] *= v
        np.sum(y * np.array([1.0, 10.0, 100.0])).backward()
        assert y.value.tolist() == [1, 5, 45]
        assert x.grad.tolist() == [2, 0, 3000] and v.grad == 10 + 900

    def test_old_values_are_kept_for_who_used_them(self):
        x = ad.tensor([1.0, 2.0], requires_grad=True)
        y = x * 1
        squares = y * y
        y[:] = 0
        np.sum(squares).backward()
        assert x.grad.tolist() == [2, 4]

    def test_the_shape_must_fit(self):
        x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
        for update in (
            lambda: x.__setitem__(slice(None), np.ones(2)),
            lambda: x.__iadd__(np.ones((2, 3))),
            lambda: np.add(x, np.ones((2, 1)), out=x),
            lambda: np.copyto(x, np.ones(4)),
        ):
            with pytest.raises(ValueError):
                update()
        assert x.value.tolist() == [1, 2, 3]

    def test_the_type_is_kept(self):
        x = ad.tensor([1.0, 2.0], dtype="float32", requires_grad=True)
        x += np.array([1.0, 1.0])
        x[0] = 3
        assert x.dtype == np.float32
        whole = ad.tensor([1, 2])
        whole[0] = 2.7
        assert whole.value.tolist() == [2, 2]
        with pytest.raises(TypeError):
            whole += 0.5

    def test_a_tensor_does_not_go_into_an_array(self):
        """Nor is its derivative lost without a word; NumPy itself puts its own error above ours for an entry."""
        plain, x = np.zeros(2), ad.tensor([1.0, 2.0], requires_grad=True)
        with pytest.raises(ad.AdiffError, match="derivative"):
            np.add(x, 1, out=plain)
        with pytest.raises(ValueError) as error:
            plain[0] = x[0]
        assert isinstance(error.value.__cause__, ad.AdiffError)
        assert plain.tolist() == [0, 0]


class TestNoAutodiff:
    """docs/source/performance_tips.rst: `no_autodiff`, a context manager and a decorator."""

    def test_context(self):
        x = ad.tensor(np.arange(4.0), requires_grad=True)
        with ad.no_grad():
            y = 4 * x
        assert y.value.tolist() == [0, 4, 8, 12] and not y.requires_grad and x.grad is None

    def test_decorator(self):
        @ad.no_grad
        def twice(x):
            return 2 * x

        assert not twice(ad.tensor(1.0, requires_grad=True)).requires_grad

    def test_updates_write_values_only(self):
        x = ad.tensor([1.0, 2.0], requires_grad=True)
        view = x[1:]
        with ad.no_grad():
            x *= 10
            view += 1
        assert x.value.tolist() == [10, 21] and x.is_leaf and x.requires_grad
        np.sum(x * x).backward()
        assert x.grad.tolist() == [20, 42] and view.grad.tolist() == [42]


class TestMemoryGuarding:
    """The same page: an array that a graph needs cannot be changed behind its back, and can again when it is done."""

    @pytest.mark.parametrize("size", [3, 300, 30_000])
    @pytest.mark.parametrize("look", [lambda x: x, lambda x: x[::-1], lambda x: x.reshape(3, -1)[1]])
    def test_a_derivative_is_of_what_was_there(self, size, look):
        """Either the array is locked or the graph has a copy."""
        x = np.arange(float(size))
        y = ad.tensor(np.ones_like(look(x)), requires_grad=True)
        z, want = np.sum(look(x) * y), look(x).copy()
        try:
            x[:] = 0
        except ValueError as error:
            assert "read-only" in str(error)
        z.backward()
        assert np.array_equal(y.grad, want)
        x[:] = 0
        assert not x.any()

    def test_a_graph_that_is_dropped_lets_go(self):
        x = np.ones(30_000)
        y = ad.tensor(x, requires_grad=True)
        first, second = x * y, x * y
        del first
        with pytest.raises(ValueError, match="read-only"):
            x += 1
        del second
        x += 1
        assert x[0] == 2

    def test_no_grad_locks_nothing(self):
        x = np.ones(30_000)
        with ad.no_grad():
            held = x * ad.tensor(x, requires_grad=True)
        x += 1
        assert held.value[0] == 1
