import numpy as np
import pytest

from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import value_and_vjp

X = variable(np.arange(6.0).reshape(2, 3))


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


def test_parts_come_as_numpy_gives_them():
    assert isinstance(np.split(X, 3, axis=1), list)
    assert isinstance(np.unstack(X), tuple)
    assert isinstance(np.meshgrid(X[0], X[1]), tuple)
    assert [p.shape for p in np.array_split(X, 4, axis=1)] == [(2, 1), (2, 1), (2, 1), (2, 0)]


def test_what_numpy_refuses():
    for call in (
        lambda: np.split(X, 2, axis=1),
        lambda: np.concatenate([X, X[0]]),
        lambda: np.stack([X, X[0]]),
        lambda: np.block([[X], X]),
        lambda: np.block([X, [X]]),
        lambda: np.meshgrid(X[0], X[1], indexing="yx"),
        lambda: np.apply_along_axis(np.sum, 1, X[:0]),
        lambda: np.apply_over_axes(lambda a, axis: np.sum(a), X, [0]),
    ):
        with pytest.raises(ValueError):
            call()


def test_what_is_copied_counts_as_often():
    assert list(gradient(lambda x: np.concatenate([x, x, np.ones(2)]), [1, 2])) == [2, 2]


def test_with_nothing():
    assert gradient(lambda x: np.concatenate([x, np.zeros(0)]), []).shape == (0,)
    assert gradient(lambda x: np.stack([x, x]), np.zeros((0, 2))).shape == (0, 2)


def test_integers_come_from_astype():
    """A function that joins and truncates would have a slope where there is none."""
    with pytest.raises(NotDifferentiable, match="concatenate: <class 'int'> has no slope"):
        np.concatenate([X, X], dtype=int, casting="unsafe")
    assert np.stack([X, X], dtype=np.float32).dtype == np.float32
    with pytest.raises(TypeError, match="Cannot cast"):
        np.hstack([X, X], dtype=np.float32, casting="safe")


class TestApplying:
    def test_shapes(self):
        """What the function makes of a row stands where the row was."""
        x = np.arange(24.0).reshape(2, 3, 4)
        for function in (np.sum, np.cumsum, np.diag, lambda row: [1.0, row[0]], lambda row: 2.0):
            for axis in (0, 1, 2, -1):
                expected = np.apply_along_axis(function, axis, x)
                got = np.apply_along_axis(function, axis, variable(x))
                np.testing.assert_array_equal(getattr(got, "value", got), expected)

    def test_a_function_that_sorts_out(self):
        """Each row its own: the largest of each column."""
        slopes = gradient(lambda x: np.apply_along_axis(np.max, 0, x), [[1, 5], [2, 3]])
        assert slopes.tolist() == [[0, 1], [1, 0]]
