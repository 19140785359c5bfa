import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import value_and_vjp

X = variable(np.arange(6.0).reshape(2, 3))


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


def keywords(mode):
    """Some keywords of a mode, most often none."""
    pair = st.integers(-9, 9) | st.tuples(st.integers(-9, 9), st.integers(-9, 9))
    own = {
        "constant": {"constant_values": pair},
        "linear_ramp": {"end_values": pair},
        "reflect": {"reflect_type": st.sampled_from(["even", "odd"])},
        "symmetric": {"reflect_type": st.sampled_from(["even", "odd"])},
    }
    statistic = {"stat_length": st.integers(1, 5) | st.tuples(st.integers(1, 5), st.integers(1, 5))}
    is_statistic = mode in ("maximum", "mean", "median", "minimum")
    return st.fixed_dictionaries({}, optional=own.get(mode, statistic if is_statistic else {}))


MODES = ("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap")


@settings(deadline=None)
@given(st.data())
def test_values_are_those_of_numpy(data):
    mode = data.draw(st.sampled_from(MODES))
    how = data.draw(keywords(mode))
    shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    width = st.integers(0, 9)
    widths = data.draw(width | st.tuples(width, width) | st.tuples(*[st.tuples(width, width) for _ in shape]))
    array = (np.arange(np.prod(shape)) ** 2 % 11).reshape(shape)
    for x in (array.astype(float), array):  # an array of integers has means that are rounded, and ramps of integers
        padded = np.pad(variable(x), widths, mode, **how)
        expected = np.pad(x, widths, mode, **how)
        assert padded.dtype == expected.dtype
        np.testing.assert_allclose(padded.value, expected, rtol=1e-14, atol=1e-13)


def test_what_is_copied_counts_as_often():
    assert list(gradient(lambda x: np.pad(x, 2, "edge"), [1, 2, 3])) == [3, 1, 3]
    assert list(gradient(lambda x: np.pad(x, 2, "wrap"), [1, 2, 3])) == [2, 3, 2]
    assert list(gradient(lambda x: np.pad(x, (1, 4), constant_values=9), [1, 2, 3])) == [1, 1, 1]
    # 2a - b, a, b, c, 2c - b
    assert list(gradient(lambda x: np.pad(x, 1, "reflect", reflect_type="odd"), [1, 2, 3])) == [3, -1, 3]
    assert list(gradient(lambda x: np.pad(x, (0, 2), "maximum"), [1, 2, 3])) == [1, 1, 3]
    # The mean of three, twice.
    np.testing.assert_allclose(gradient(lambda x: np.pad(x, 1, "mean"), [1, 2, 3]), [5 / 3] * 3)
    # Steps of halves from the edge to 0.
    assert list(gradient(lambda x: np.pad(x, 2, "linear_ramp"), [1, 2, 3])) == [1.5, 1, 1.5]


def test_with_nothing():
    assert gradient(lambda x: np.pad(x, 1), []).shape == (0,)
    assert gradient(lambda x: np.pad(x, ((0, 0), (1, 1)), "edge"), np.zeros((0, 2))).shape == (0, 2)
    assert gradient(lambda x: np.pad(x, ((0, 0), (1, 1)), "mean"), np.zeros((0, 2))).shape == (0, 2)


def test_what_stands_in_an_empty_frame_has_no_slope():
    assert list(gradient(lambda x: np.pad(x, 1, "empty")[1:-1], [1, 2])) == [1, 1]
    assert np.pad(X, 1, "empty").shape == (4, 5)


@pytest.mark.parametrize(
    "width, mode, how",
    [
        (1, "linear", {}),
        (1, "edge", {"constant_values": 1}),
        (1, "constant", {"reflect_type": "odd"}),
        (1, "maximum", {"stat_length": 0}),
        (-1, "constant", {}),
        (((1, 2), (3, 4), (5, 6)), "constant", {}),
        (1, "mean", {"end_values": 1}),
        (1, "linear_ramp", {"stat_length": 1}),
        (0.5, "edge", {}),
        ({0: 0.5}, "constant", {}),
    ],
)
def test_what_numpy_refuses(width, mode, how):
    refused = Exception if isinstance(width, dict) else (ValueError, TypeError)
    with pytest.raises(refused):
        np.pad(X.value, width, mode, **how)
    with pytest.raises((ValueError, TypeError)):
        np.pad(X, width, mode, **how)


def test_an_empty_axis_cannot_be_extended_by_copies():
    for mode in ("edge", "mean", "linear_ramp", "wrap"):
        with pytest.raises(ValueError, match="can't extend empty axis 0"):
            np.pad(variable(np.zeros((0, 2))), 1, mode)


def test_a_mode_that_is_a_function_is_refused():
    with pytest.raises(NotDifferentiable, match="writes into an array"):
        np.pad(X, 1, lambda vector, width, axis, keywords: None)
