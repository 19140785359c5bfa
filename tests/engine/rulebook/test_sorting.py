import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import value_and_vjp

NAN = np.nan


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


class TestTies:
    def test_sort_goes_by_the_permutation_and_equal_ones_share(self):
        assert list(gradient(lambda x: np.sort(x) * [1, 2, 3, 4], [7, 5, 7, 1])) == [3.5, 2, 3.5, 1]
        assert list(gradient(lambda x: np.sort(x) * [1, 2, 3], [4, 4, 4])) == [2, 2, 2]

    def test_along_each_axis(self):
        x = [[2, 1, 2], [2, 3, 0]]
        assert gradient(lambda x: np.sort(x, axis=0) * [[1], [2]], x).tolist() == [[1.5, 1, 2], [1.5, 2, 1]]
        assert gradient(lambda x: np.sort(x, axis=None) * np.arange(6), x).tolist() == [[3, 1, 3], [3, 5, 0]]

    def test_partition(self):
        assert list(gradient(lambda x: np.partition(x, 1)[:2] * [1, 3], [5, 1, 9, 1])) == [0, 2, 0, 2]

    def test_median(self):
        """Each of two equal middles has the same share, whichever of them NumPy takes."""
        assert list(gradient(np.median, [1, 2, 2, 3])) == [0, 0.5, 0.5, 0]
        assert list(gradient(np.median, [1, 2, 2, 2, 3])) == [0, 1 / 3, 1 / 3, 1 / 3, 0]
        assert list(gradient(lambda x: np.quantile(x, [0, 1]), [1, 1, 4])) == [0.5, 0.5, 1]

    def test_zeros_of_both_signs_are_equal(self):
        assert list(gradient(lambda x: np.sort(x)[:1], [0.0, -0.0, 1])) == [0.5, 0.5, 0]

    def test_kinks_are_noticed(self):
        for function, *rest in ((np.sort,), (np.partition, 1)):
            rule = rules.find(function)
            for x, met in (([3, 1, 3], [True]), ([3, 1, 2], [False])):
                y = rule.evaluate(np.array(x), *rest)
                assert [np.any(rule.kink[0](y, np.array(x)))] == met


class TestNan:
    def test_a_nan_is_the_last_and_spoils_the_median(self):
        assert list(gradient(lambda x: np.sort(x)[:2], [NAN, 2, 1])) == [0, 1, 1]
        value = value_and_vjp(lambda x: np.median(x, axis=1), [np.array([[1, NAN, 2], [3, 1, 2]])])[0].value
        assert np.isnan(value[0])
        assert value[1] == 2

    def test_nanmedian(self):
        assert list(gradient(np.nanmedian, [NAN, 3, 1, NAN, 2])) == [0, 0, 0, 0, 1]
        assert list(gradient(np.nanmedian, [NAN, 3, 1])) == [0, 0.5, 0.5]
        assert np.isnan(value_and_vjp(np.nanmedian, [np.array([NAN, NAN])])[0].value)


def test_of_nothing():
    for call in (np.sort, lambda x: np.sort(x, axis=None), lambda x: np.sort(x, axis=0)):
        assert gradient(call, np.zeros((2, 0))).shape == (2, 0)


def test_unique_is_refused():
    with pytest.raises(NotDifferentiable, match="equal entries that move apart") as error:
        np.unique(variable(np.ones(3)))
    assert "np.sort" in error.value.help
