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
    ):
        with pytest.raises(ValueError):
            call()


def test_modes_of_pad():
    with pytest.raises(NotDifferentiable, match="no rule for mode linear_ramp"):
        np.pad(X, 1, "linear_ramp")
    with pytest.raises(NotDifferentiable, match="pad takes no reflect_type"):
        np.pad(X, 1, "reflect", reflect_type="odd")


def test_what_is_copied_counts_as_often():
    assert list(gradient(lambda x: np.pad(x, 2, "edge"), [1, 2, 3])) == [3, 1, 3]
    assert list(gradient(lambda x: np.pad(x, 2, "wrap"), [1, 2, 3])) == [2, 3, 2]
    assert list(gradient(lambda x: np.pad(x, (1, 4), constant_values=9), [1, 2, 3])) == [1, 1, 1]
    assert list(gradient(lambda x: np.concatenate([x, x, np.ones(2)]), [1, 2])) == [2, 2]


def test_with_nothing():
    assert gradient(lambda x: np.concatenate([x, np.zeros(0)]), []).shape == (0,)
    assert gradient(lambda x: np.stack([x, x]), np.zeros((0, 2))).shape == (0, 2)
    assert gradient(lambda x: np.pad(x, 1), []).shape == (0,)
