"""What in-place functions leave; that slopes are right is in the samples."""

import numpy as np
import pytest

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable

T = variable(np.float64(7))
# One call of each function, on a destination of six entries.
CALLS = {
    "copyto": lambda x, v: np.copyto(x, v),
    "copyto where": lambda x, v: np.copyto(x, v, where=np.arange(6) % 2 == 0),
    "put": lambda x, v: np.put(x, [5, 0, -2], v),
    "place": lambda x, v: np.place(x, np.arange(6) > 2, v),
    "putmask": lambda x, v: np.putmask(x, np.arange(6) > 2, v),
    "put_along_axis": lambda x, v: np.put_along_axis(x, np.array([1, 4]), v, 0),
}


@pytest.mark.parametrize("name", CALLS)
class TestEach:
    def test_leaves_what_numpy_leaves(self, name):
        for value in (7.0, 7):
            for dtype in (float, np.float32, complex):
                plain, tensor = np.arange(6).astype(dtype), Tensor(np.arange(6).astype(dtype))
                assert CALLS[name](plain, value) is CALLS[name](tensor, variable(np.array(value))) is None
                assert tensor.dtype == plain.dtype
                np.testing.assert_array_equal(tensor.value, plain)

    def test_writes_into_no_memory_of_others(self, name):
        mine, values = np.arange(6.0), np.array(7.0)
        x = variable(mine)
        before = x * x
        CALLS[name](x, values)
        assert mine.tolist() == [0, 1, 2, 3, 4, 5]
        values[...] = -1
        assert x.value.max() == 7
        assert vjp([np.sum(before).line], [np.float64(1)], before.line.parents[:1])[0].tolist() == [0, 2, 4, 6, 8, 10]

    def test_a_plain_destination_says_what_to_do(self, name):
        with pytest.raises(NotDifferentiable, match="would write a tensor into a plain array") as error:
            CALLS[name](np.zeros(6), T)
        assert "np.zeros(shape, like=x)" in error.value.help


def test_fill_diagonal():
    """A destination that is plain is not asked, and leaks as any array does into which a tensor is written."""
    x = Tensor(np.zeros((5, 2)))
    np.fill_diagonal(x, variable(np.array([1.0, 2.0])), wrap=True)
    assert x.value.tolist() == [[1, 0], [0, 2], [0, 0], [1, 0], [0, 2]]
    with pytest.raises(NotDifferentiable, match="lose the derivative"):
        np.fill_diagonal(np.zeros((2, 2)), T)


def test_what_is_written_over_counts_no_more():
    x = variable(np.array([1.0, 2.0, 3.0]))
    y = x * x
    np.put(y, [0, 2], [10.0, x[1]])
    assert y.value.tolist() == [10, 4, 2]
    (slope,) = vjp([np.sum(y).line], [np.float64(1)], [x.line])
    assert slope.tolist() == [0, 5, 0]


def test_of_two_values_for_one_place_the_last_counts():
    x = variable(np.zeros(2))
    v = variable(np.array([1.0, 2.0]))
    np.put(x, [1, 1], v)
    (slope,) = vjp([np.sum(x * 3.0).line], [np.float64(1)], [v.line])
    assert slope.tolist() == [0, 3]


def test_a_nan_that_is_written_over_is_gone():
    """The slope of the root at 0 is infinite, and 0 * inf must not come back."""
    x = variable(np.array([0.0, 4.0]))
    root = np.sqrt(x)
    np.put(root, 0, 5.0)
    (slope,) = vjp([np.sum(root).line], [np.float64(1)], [x.line])
    assert slope.tolist() == [0, 0.25]


def test_a_program_writes_where_it_has_to_at_its_point():
    with Recording():
        x = variable(np.array([1.0, 5.0, 2.0]))
        y = x * 1.0
        np.put(y, np.argmax(y), 0.0)
        np.putmask(y, y < 1.5, -y)
        (slope,) = vjp([np.sum(y).line], [np.float64(1)], [x.line], record=True)
    program = Program([x.line], [y.line, slope.line])
    assert [a.tolist() for a in program(np.array([1.0, 5.0, 2.0]))] == [[-1, 0, 2], [-1, 0, 1]]
    assert [a.tolist() for a in program(np.array([9.0, 5.0, 1.0]))] == [[0, 5, -1], [0, 1, -1]]


def test_numbers_that_become_integers_stand_still():
    whole, t = Tensor(np.zeros(3, int)), variable(np.float64(2.7))
    np.put(whole, 0, t)
    assert whole.value.tolist() == [2, 0, 0]
    assert vjp([np.sum(whole * t).line], [np.float64(1)], [t.line])[0] == 2


def test_what_numpy_refuses():
    x = variable(np.zeros((2, 3)))
    for call in (
        lambda: np.copyto(x, variable(np.zeros(2))),
        lambda: np.copyto(Tensor(np.zeros(3, int)), T),
        lambda: np.copyto(x, T + 1j),
        lambda: np.copyto(x, T, where=np.ones((4, 2, 3), bool)),
        lambda: np.put(x, 6, T),
        lambda: np.place(x, np.ones((2, 3)), variable(np.zeros(0))),
        lambda: np.putmask(x, [True], T),
        lambda: np.fill_diagonal(variable(np.zeros(3)), T),
        lambda: np.put_along_axis(x, np.zeros((2, 1), int), variable(np.zeros((2, 2))), 1),
    ):
        with pytest.raises((ValueError, IndexError, TypeError)):
            call()
    assert x.value.tolist() == [[0, 0, 0], [0, 0, 0]]
