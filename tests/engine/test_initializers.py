import numpy as np
import pytest

from autodiff_cli.engine import initializers
from autodiff_cli.engine.convolution import conv_nd
from autodiff_cli.errors import AdiffError, GraphError

RANDOM = [getattr(initializers, name) for name in
          ("uniform", "normal", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal")]  # fmt: skip


@pytest.mark.parametrize("make", RANDOM, ids=lambda make: make.__name__)
class TestRandom:
    def test_a_seed_repeats_it(self, make):
        one, same, other = (make(3, 4, rng=seed).value for seed in (7, 7, 8))
        assert np.array_equal(one, same) and not np.array_equal(one, other)
        assert not np.array_equal(make(3, 4).value, make(3, 4).value)

    def test_a_generator_goes_on(self, make):
        rng = np.random.default_rng(7)
        first, second = make(3, 4, rng=rng).value, make(3, 4, rng=rng).value
        assert np.array_equal(first, make(3, 4, rng=7).value) and not np.array_equal(first, second)

    def test_shapes_and_types(self, make):
        assert make((2, 3)).shape == make(2, 3).shape == (2, 3)
        assert make(2, 3).dtype == np.float64 and make(2, 3, dtype="float32").dtype == np.float32

    def test_gradients_are_asked_for(self, make):
        weight = make(2, 3, requires_grad=True)
        np.sum(weight * weight).backward()
        assert np.array_equal(weight.grad, 2 * weight.value)
        assert not make(2, 3).requires_grad

    def test_only_floats(self, make):
        with pytest.raises(AdiffError, match="random numbers are floats, not int64"):
            make(2, 3, dtype=np.int64)


# 200 ways into each of 30 channels, and 600 out of each of 10.
SHAPE = (30, 10, 4, 5)


@pytest.mark.parametrize(
    "make, how, mean, std, bound",
    [
        (initializers.uniform, {}, 0.5, 12**-0.5, 1),
        (initializers.uniform, {"lower_bound": -3, "upper_bound": 1}, -1, 4 * 12**-0.5, 3),
        (initializers.normal, {}, 0, 1, None),
        (initializers.normal, {"mean": 2, "std": 0.1}, 2, 0.1, None),
        (initializers.glorot_uniform, {}, 0, 0.0025**0.5, 0.0075**0.5),
        (initializers.glorot_uniform, {"gain": 3}, 0, 3 * 0.0025**0.5, 3 * 0.0075**0.5),
        (initializers.glorot_normal, {}, 0, 0.0025**0.5, None),
        (initializers.he_uniform, {}, 0, 0.01**0.5, 0.03**0.5),
        (initializers.he_uniform, {"gain": 1}, 0, 0.005**0.5, 0.015**0.5),
        (initializers.he_normal, {}, 0, 0.01**0.5, None),
        (initializers.he_normal, {"gain": 1}, 0, 0.005**0.5, None),
    ],
)
def test_moments(make, how, mean, std, bound):
    """6000 numbers: their mean is known to std/77, their standard deviation to 1 %; the seed is fixed."""
    values = make(SHAPE, rng=0, **how).value
    assert abs(values.mean() - mean) < 3 * std / 77 and abs(values.std() / std - 1) < 0.02
    if bound is None:
        assert np.abs(values - mean).max() > 3 * std
    else:
        assert 0.998 * bound < np.abs(values).max() <= bound


class TestDirac:
    def test_a_convolution_with_it_changes_nothing(self):
        x = np.random.default_rng(0).normal(size=(2, 3, 6, 5))
        assert np.array_equal(conv_nd(x, initializers.dirac(3, 3, 3, 5), padding=(1, 2)).value, x)

    def test_as_many_channels_as_there_are(self):
        x = np.arange(6.0).reshape(1, 3, 2)
        assert conv_nd(x, initializers.dirac(2, 3, 1)).value.tolist() == x[:, :2].tolist()
        assert conv_nd(x, initializers.dirac(4, 3, 1)).value.tolist() == [[*x[0].tolist(), [0, 0]]]

    def test_the_middle_of_an_even_window(self):
        """As torch.nn.init.dirac_ has it."""
        assert initializers.dirac(1, 1, 4, 2).value.tolist() == [[[[0, 0], [0, 0], [0, 1], [0, 0]]]]

    def test_types(self):
        assert initializers.dirac(2, 2, dtype=int).value.tolist() == [[1, 0], [0, 1]]
        with pytest.raises(GraphError, match="integer tensors cannot require gradients"):
            initializers.dirac(2, 2, dtype=int, requires_grad=True)


@pytest.mark.parametrize("name", ["glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "dirac"])
@pytest.mark.parametrize("shape", [(3,), (), (2, 0)])
def test_a_weight_has_two_axes(name, shape):
    with pytest.raises(AdiffError, match=r"a weight has the shape \(fan_out, fan_in, \*window\), not"):
        getattr(initializers, name)(shape)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: initializers.uniform(2, lower_bound=1),
            "lower_bound must be below upper_bound, and they are 1 and 1.0",
        ),
        (lambda: initializers.normal(2, std=-1), "std must not be negative, and is -1"),
    ],
)
def test_what_does_not_fit(call, message):
    with pytest.raises(AdiffError, match=message):
        call()
