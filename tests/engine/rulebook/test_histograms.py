import numpy as np
import pytest

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import value_and_vjp

X = np.array([0.1, 0.9, 0.35, 0.35, 0.6, 1.7, 0.0])
Y = X[::-1] ** 2


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


def plain(x):
    return x.value if isinstance(x, Tensor) else x


def numbers(answer):
    """All arrays of an answer, in a flat list."""
    if isinstance(answer, (tuple, list)):
        return [number for part in answer for number in numbers(part)]
    return [plain(answer)]


ONE = [
    {}, {"bins": 3}, {"bins": 4, "range": (0.1, 0.9)}, {"bins": [0.0, 0.35, 0.6, 1.7]}, {"bins": np.array([0.2, 0.9])},
    {"bins": 3, "density": True}, {"bins": [0.0, 0.35, 0.6], "density": True}, {"bins": 1}, {"bins": [0, 1, 2]},
]  # fmt: skip
TWO = [
    {}, {"bins": 3}, {"bins": [2, 3], "density": True}, {"bins": [[0.0, 0.5, 2], 3], "range": [None, (0, 1)]},
    {"bins": [[0.0, 0.5, 2], [0.0, 0.1, 0.2, 3]], "density": True},
]  # fmt: skip


class TestValues:
    """NumPy's own, with Tensors in every place, eagerly and in a program."""

    @pytest.mark.parametrize("keywords", ONE, ids=str)
    @pytest.mark.parametrize("weights", [None, X + 1, np.arange(7), Y * (1 + 2j)], ids=["", "float", "int", "complex"])
    def test_histogram(self, keywords, weights):
        expected = np.histogram(X, weights=weights, **keywords)
        self.agree(lambda x, w: np.histogram(x, weights=w, **keywords), (X, weights), expected)

    @pytest.mark.parametrize("keywords", TWO, ids=str)
    @pytest.mark.parametrize("weights", [None, X + 1], ids=["", "float"])
    def test_histogram2d(self, keywords, weights):
        expected = np.histogram2d(X, Y, weights=weights, **keywords)
        self.agree(lambda x, y, w: np.histogram2d(x, y, weights=w, **keywords), (X, Y, weights), expected)
        sample = np.stack([X, Y], 1)
        expected = np.histogramdd(sample, weights=weights, **keywords)
        self.agree(lambda x, w: np.histogramdd(x, weights=w, **keywords), (sample, weights), expected)

    def test_histogramdd_of_a_vector(self):
        self.agree(lambda x, w: np.histogramdd([x], 3, weights=w), (X, Y), np.histogramdd([X], 3, weights=Y))

    def test_square_bins(self):
        edges = [0, 0.3, 0.7, 2]
        self.agree(lambda x, y: np.histogram2d(x, y, edges), (X, Y), np.histogram2d(X, Y, edges))

    @pytest.mark.parametrize("data", [X, X.astype(np.float32), np.full(3, 0.3), np.zeros(0), np.arange(6.0)])
    @pytest.mark.parametrize("keywords", [{}, {"bins": 3}, {"bins": 3, "range": (0, 2)}])
    def test_edges(self, data, keywords):
        expected = np.histogram_bin_edges(data, **keywords)
        self.agree(lambda x: np.histogram_bin_edges(x, **keywords), (data,), expected)

    def agree(self, call, operands, expected):
        tensors = [None if x is None else variable(x) for x in operands]
        with Recording():
            recorded = call(*tensors)
        for got in (call(*tensors), recorded):
            for one, other in zip(numbers(got), numbers(expected), strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-6 if other.dtype == np.float32 else 1e-14, atol=1e-15)
                assert (one.shape, one.dtype) == (other.shape, other.dtype)

    def test_of_many(self):
        x = np.random.default_rng(0).standard_normal(10000)
        assert np.array_equal(plain(np.histogram(variable(x), 37)[0]), np.histogram(x, 37)[0])


class TestBincount:
    def test_a_number_that_comes_twice_counts_twice(self):
        assert list(gradient(lambda w: np.bincount([2, 0, 2], w) * [3, 5, 7], [1, 1, 1])) == [7, 3, 7]

    @pytest.mark.parametrize("minlength", [0, 2, 9])
    def test_value(self, minlength):
        x, w = np.array([3, 1, 3, 0]), np.array([0.1, 0.2, 0.3, 0.4], np.float32)
        got, expected = np.bincount(x, variable(w), minlength), np.bincount(x, w, minlength)
        np.testing.assert_array_equal(got.value, expected, strict=True)
        assert np.array_equal(np.bincount(variable(x), minlength=minlength), np.bincount(x, minlength=minlength))

    def test_of_nothing(self):
        assert np.bincount(np.zeros(0, int), variable(np.zeros(0))).shape == (0,)

    def test_what_numpy_refuses(self):
        w = variable(np.ones(2))
        for x in ([1, 2, 3], [-1, 2]):
            with pytest.raises(ValueError):
                np.bincount(x, w)

    def test_a_larger_number_elsewhere(self):
        with Recording():
            x = variable(np.array([0.5, 1.5, 2.5]))
            total = np.bincount(np.searchsorted([1, 2, 3, 4], x), x)
        program = Program([x.line], [total.line])
        assert program(np.array([0.1, 2.1, 2.2]))[0].tolist() == [0.1, 0, 2.1 + 2.2]
        with pytest.raises(IndexError):
            program(np.array([0.1, 2.1, 3.5]))


class TestHistogram:
    def test_counts_are_linear_in_weights(self):
        """Each weight goes to its bin; the last bin has both of its edges; what is outside goes nowhere."""
        slope = gradient(lambda w: np.histogram([0, 1, 2, 3, 0.5], [0, 1, 2], weights=w)[0] * [3, 5], [1] * 5)
        assert list(slope) == [3, 5, 5, 0, 3]

    def test_edges_move_with_the_extremes(self):
        assert list(gradient(lambda x: np.histogram(x, 2)[1] * [1, 10, 100], [3, 1, 2])) == [105, 6, 0]
        assert list(gradient(lambda x: np.histogram(x, 2)[1] * [1, 10, 100], [3, 1, 1])) == [105, 3, 3]

    def test_counts_stand_still(self):
        assert isinstance(np.histogram(variable(X), 3)[0], np.ndarray)

    def test_density_moves_with_the_width(self):
        """Of one bin it is 1/(greatest - least)."""
        assert gradient(lambda x: np.histogram(x, 1, density=True)[0], [0, 1, 4]).tolist() == [1 / 16, 0, -1 / 16]

    def test_bins_that_are_estimated(self):
        got, expected = np.histogram(variable(X), "auto"), np.histogram(X, "auto")
        np.testing.assert_array_equal(got[0], expected[0])
        np.testing.assert_allclose(got[1].value, expected[1], rtol=1e-15)
        with Recording(), pytest.raises(NotDifferentiable, match="another number of bins") as error:
            np.histogram(variable(X), "auto")
        assert "number of bins" in error.value.help

    @pytest.mark.parametrize(
        "keywords, error",
        [
            ({"weights": X[1:]}, ValueError),
            ({"bins": [1, 0]}, ValueError),
            ({"bins": 0}, ValueError),
            ({"bins": 2.5}, TypeError),
            ({"bins": [[1, 2]]}, ValueError),
            ({"range": (1, 0)}, ValueError),
            ({"bins": "auto", "weights": X}, TypeError),
        ],
    )
    def test_what_numpy_refuses(self, keywords, error):
        for x in (X, variable(X)):
            with pytest.raises(error):
                np.histogram(x, **keywords)

    def test_shapes_that_do_not_fit(self):
        with pytest.raises(ValueError):
            np.histogram2d(variable(X), Y[1:])
        with pytest.raises(ValueError):
            np.histogramdd([variable(X), Y], bins=[1, 2, 3])

    def test_a_program_counts_anew(self):
        with Recording():
            x = variable(X)
            hist = np.histogram(x, [0, 0.5, 1, 2], weights=x)[0]
            (slope,) = vjp([hist.line], [np.array([1.0, 10.0, 100.0])], [x.line], record=True)
        program = Program([x.line], [hist.line, slope.line])
        value, slope = program(Y)
        np.testing.assert_array_equal(value, np.histogram(Y, [0, 0.5, 1, 2], weights=Y)[0])
        assert slope.tolist() == [1, 0, 1, 1, 1, 10, 1]  # 2.89 is in no bin
