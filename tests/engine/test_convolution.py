"""Convolutions and pooling: against SciPy, loops, and answers that PyTorch 2.13 printed for small whole numbers."""

import numpy as np
import pytest
from scipy import signal

from autodiff_cli.engine import convolution
from autodiff_cli.engine.convolution import conv_nd, max_pool
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from autodiff_cli.engine.transforms import grad, hvp
from autodiff_cli.errors import AdiffError


def squares(*shape, modulus=7, shift=0):
    """0, 1, 4, 9, ... as remainders: whole numbers without a pattern."""
    return ((np.arange(np.prod(shape), dtype=float) ** 2) % modulus - shift).reshape(shape)


def filters(*shape):
    return squares(*shape, modulus=5, shift=2)


# torch.nn.functional.conv1d, conv2d, conv3d of squares(...) and filters(...), and the gradients of the sum of squares
PYTORCH = {
    "one axis": (
        (1, 2, 5), (3, 2, 2), {"stride": 2, "padding": 1, "dilation": 2},
        [[[1, 0, -2], [0, -4, -3], [-2, -3, 2]]],
        [[[0, -2, 0, 44, 0], [0, 28, 0, -20, 0]]],
        [[[-8, 2], [-4, 2]], [[-20, -16], [-14, -8]], [[2, -16], [-2, -10]]],
    ),
    "two axes": (
        (1, 2, 4, 3), (1, 2, 2, 2), {"stride": (2, 1), "padding": (0, 1)},
        [[[[-2, 8, 5, -2], [3, 2, 8, -3]]]],
        [[[[-28, -36, -2], [24, 52, 12], [-14, -36, -4], [20, 40, 20]],
          [[-8, -42, -16], [-24, 22, 24], [-16, -24, -26], [8, -8, 38]]]],
        [[[[-8, 78], [72, 128]], [[140, 44], [40, 148]]]],
    ),
    "three axes": (
        (1, 1, 2, 3, 2), (1, 1, 2, 2, 2), {},
        [[[[[17], [-5]]]]],
        [[[[[-68, -34], [88, 78], [-20, -20]], [[-34, -68], [-24, 88], [10, -20]]]]],
        [[[[[-40, 14], [116, 28]], [[24, -40], [14, 116]]]]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PYTORCH)
def test_pytorch(name):
    data, bank, how, value, by_x, by_w = PYTORCH[name]
    x, w = squares(*data), filters(*bank)
    gradients = grad(lambda x, w: np.sum(conv_nd(x, w, **how) ** 2))(x, w)
    for got, want in zip((conv_nd(x, w, **how), *gradients), (value, by_x, by_w), strict=True):
        assert got.tolist() == want


@pytest.mark.parametrize(
    "shape, window", [((9,), (3,)), ((7, 6), (2, 3)), ((4, 5, 3), (2, 2, 3)), ((2, 3, 2, 3), (1, 2, 2, 1))]
)
def test_scipy(shape, window):
    """Any number of axes: scipy.signal.correlate of each channel with each filter."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, *shape)), rng.normal(size=(4, 3, *window))
    want = [[sum(signal.correlate(x[n, c], w[f, c], "valid") for c in range(3)) for f in range(4)] for n in range(2)]
    np.testing.assert_allclose(conv_nd(x, w), want, rtol=1e-11, atol=1e-12)


def test_many_data_are_taken_some_at_a_time(monkeypatch):
    """The blocks change nothing, be they of one datum, of some, or of all."""
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(7, 2, 6)), rng.normal(size=(3, 2, 3))
    answers = []
    for cached in (1, 50, 2**18):
        monkeypatch.setattr(convolution, "_CACHED", cached)
        answers.append([conv_nd(x, w), *grad(lambda x, w: np.sum(conv_nd(x, w) ** 3))(x, w)])
    for other in answers[1:]:
        for got, want in zip(other, answers[0], strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_second_derivatives():
    """The Hessian of sum(conv^2) by filters is twice that of a least-squares problem, whatever they are."""
    rng = np.random.default_rng(2)
    x, w, v = rng.normal(size=(2, 2, 5)), rng.normal(size=(2, 2, 3)), rng.normal(size=(2, 2, 3))
    along_v = hvp(lambda w: np.sum(conv_nd(x, w) ** 2), (w,), (v,))[0]
    matrix = np.stack([conv_nd(x, e.reshape(2, 2, 3)).ravel() for e in np.eye(12)])
    np.testing.assert_allclose(along_v.ravel(), 2 * matrix @ matrix.T @ v.ravel(), rtol=1e-12)


def test_a_square_wave():
    """The example in MyGrad's documentation of conv_nd."""
    x = np.zeros((1, 1, 16))
    x[..., 5:11] = 1
    by_x, by_k = grad(lambda x, k: np.sum(conv_nd(x, k, stride=1)))(x, np.ones((1, 1, 5)))
    assert by_x.ravel().tolist() == [1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 4, 3, 2, 1]
    assert by_k.ravel().tolist() == [6] * 5


def test_no_data():
    by_x, by_w = grad(lambda x, w: np.sum(conv_nd(x, w)))(np.zeros((0, 2, 5)), np.ones((3, 2, 2)))
    assert conv_nd(np.zeros((0, 2, 5)), np.ones((3, 2, 2))).shape == (0, 3, 4)
    assert by_x.shape == (0, 2, 5) and not by_w.any()


def test_a_filter_of_the_size_of_the_data():
    """One window of many places is put back as one, not place by place."""
    x = np.random.default_rng(3).normal(size=(2, 3, 4, 4))
    assert np.array_equal(convolution.overlap(x[..., None, None], stride=(1, 1), dilation=(1, 1)), x)


def test_it_is_one_line():
    with Recording() as recording:
        conv_nd(variable(np.ones((1, 1, 4))), variable(np.ones((1, 1, 2))))
    assert [line.rule.name for line in recording.known.values()] == ["filtered"]


@pytest.mark.parametrize(
    "data, bank, how, message",
    [
        ((2, 5), (1, 2), {}, "conv_nd needs data"),
        ((1, 2, 5), (1, 2, 2, 2), {}, "conv_nd needs data"),
        ((1, 2, 5), (1, 3, 2), {}, r"the filters have 3 channels \(axis 1\), and the data 2"),
        (
            (1, 2, 5),
            (1, 2, 2),
            {"stride": 2},
            r"windows of 2 \(stride 2, dilation 1\) do not cover an axis of length 5",
        ),
        ((1, 2, 5), (1, 2, 4), {"dilation": 2}, "do not cover an axis of length 5 exactly"),
        ((1, 2, 5), (1, 2, 0), {}, "do not cover"),
        ((1, 2, 5), (1, 2, 2), {"stride": 0}, "stride must be integers from 1 on, not 0"),
        ((1, 2, 5), (1, 2, 2), {"stride": (1, 1)}, r"stride must be integers from 1 on, not \(1, 1\)"),
        ((1, 2, 5), (1, 2, 2), {"dilation": 1.5}, "dilation must be integers from 1 on, not 1.5"),
        ((1, 2, 5), (1, 2, 2), {"padding": -1}, "padding must be integers from 0 on, not -1"),
    ],
)
def test_what_does_not_fit(data, bank, how, message):
    with pytest.raises(AdiffError, match=message) as error:
        conv_nd(np.ones(data), np.ones(bank), **how)
    assert error.value.help


class TestMaxPool:
    def test_two_axes(self):
        """The first example in MyGrad's documentation of max_pool."""
        x = np.array([[0.0, 10, 8], [2, 7, 3], [5, 7, 20]])
        assert max_pool(x, pool=(2, 2), stride=1).tolist() == [[10, 10], [7, 20]]
        slopes = grad(lambda x: np.sum(max_pool(x, (2, 2), 1)))(x)
        assert slopes.tolist() == [[0, 2, 0], [0, 0.5, 0], [0, 0.5, 1]]  # 7 and 7 share, where MyGrad takes the first

    def test_one_axis_of_two(self):
        x = np.array([[0.0, 10, 8], [9, 7, 3], [5, 0, 20]])
        assert max_pool(x, pool=(2,), stride=1).tolist() == [[10, 10], [9, 7], [5, 20]]

    def test_three_axes_with_strides(self):
        x = np.random.default_rng(0).normal(size=(2, 5, 4, 6))
        want = [[[[x[n, 2 * i : 2 * i + 3, j : j + 2, 3 * k : 3 * k + 3].max() for k in range(2)] for j in range(3)]
                 for i in range(2)] for n in range(2)]  # fmt: skip
        assert max_pool(x, (3, 2, 3), (2, 1, 3)).tolist() == want

    def test_ties_share_equally(self):
        slopes = grad(lambda x: np.sum(max_pool(x, (4,), 4)))(np.array([1.0, 1, 0, 1, 2, 2, 2, 2]))
        np.testing.assert_allclose(slopes, [1 / 3, 1 / 3, 0, 1 / 3, 0.25, 0.25, 0.25, 0.25], rtol=1e-15)

    @pytest.mark.parametrize(
        "pool, stride, message",
        [
            (2, 1, "pool must have a length for each axis that is pooled, of 2 at most, not 2"),
            ((1, 1, 1), 1, "of 2 at most"),
            ((), 1, "of 2 at most"),
            ((0,), 1, "pool must be integers from 1 on"),
            ((2,), 0, "stride must be integers from 1 on, not 0"),
            ((2, 2), (1, 1, 1), "stride must be integers from 1 on"),
            ((2,), 2, "windows of 2 .* do not cover an axis of length 3 exactly"),
            ((4,), 1, "do not cover"),
        ],
    )
    def test_what_does_not_fit(self, pool, stride, message):
        with pytest.raises(AdiffError, match=message) as error:
            max_pool(np.ones((3, 3)), pool, stride)
        assert error.value.help
