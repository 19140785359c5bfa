import numpy as np
import pytest

from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import slopes, value_and_vjp


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


def test_questions_are_answered():
    with Recording():
        x = variable(np.zeros((2, 3), np.float32))
        assert np.shape(x) == (2, 3)
        assert (np.ndim(x), np.size(x), np.size(x, 1)) == (2, 6, 3)
        assert np.result_type(x, np.float64) == np.float64
        assert np.iscomplexobj(x) is False
        assert np.array2string(np.sum(x)) == "0."


def test_an_order_that_depends_on_memory_is_refused():
    x = variable(np.zeros((2, 3)))
    for call in (lambda: np.ravel(x, order="K"), lambda: np.reshape(x, 6, order="A"), lambda: x.reshape(6, order="A")):
        with pytest.raises(NotDifferentiable, match="depends on how memory lies"):
            call()


def test_an_integer_stands_still():
    assert slopes(lambda x: 3.0 * x.astype(int), [2.5], 1) == [0]
    assert slopes(lambda x: 3.0 * x.astype(np.float32), [2.5], 1) == [3]
    assert slopes(lambda x: x * np.astype(x, int), [2.5], 1) == [2]


def test_other_types_of_numbers():
    """The tangent of float32 numbers is of float32, and a real number that became complex has a real slope."""
    gradient = value_and_vjp(lambda x: np.astype(x, np.float32) * np.float32(3), [np.ones(2)])[2][0]
    assert gradient.dtype == np.float64
    assert slopes(lambda x: np.real(np.astype(x, complex) * (2 + 1j)), [2.5], 1) == [2]
    assert slopes(lambda x: np.astype(x, bool) * x + np.astype(x, "i4"), [2.5], 1) == [1]


def test_full_like_passes_on_what_it_is_full_of():
    """Where a library makes a constant of it, the slope is silently 0."""
    assert slopes(lambda t: np.sum(np.full_like(t, t**2, shape=(3, 2))), [5.0], 1) == [60]


def test_several_at_once():
    ones = np.atleast_1d(variable(np.float64(1)), 2.0)
    assert isinstance(ones, tuple)
    assert [np.shape(a) for a in ones] == [(1,), (1,)]
    assert isinstance(ones[0], Tensor)


def test_of_nothing():
    for call in (np.ravel, np.transpose, lambda x: np.tile(x, 2), lambda x: np.repeat(x, 2), lambda x: np.repeat(x, 0)):
        assert gradient(call, np.zeros((0, 2))).shape == (0, 2)
    assert gradient(lambda x: np.repeat(x, 0) + 1, [1, 2]).tolist() == [0, 0]
    assert gradient(lambda x: np.tile(x, 0), [1, 2]).tolist() == [0, 0]
    assert gradient(lambda x: np.broadcast_to(x, (0, 2)), [1, 2]).tolist() == [0, 0]
