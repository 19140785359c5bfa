"""Numbers as text: what is shown is short, and what is read back is the same number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autodiff_cli.language.values import read_value
from autodiff_cli.render.numbers import array_text, number, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [(32.0, "32"), (0.1, "0.1"), (1e-05, "1e-05"), (1e16, "1e+16"), (-2.5, "-2.5"), (np.float32(0.1), "0.1"),
     (float("inf"), "inf"), (float("nan"), "nan"), (True, "True"), (3, "3"), (100.0, "100")],
)  # fmt: skip
def test_number(value, text):
    assert number(value) == text


def test_digits():
    assert number(1.6094379, 6) == "1.60944"
    assert number(0.6000000000000001, 6) == "0.6"
    assert number(123456.0, 3) == "1.23e+05"


@given(
    arrays.arrays(
        st.sampled_from([np.float64]),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
        elements=st.floats(allow_nan=True, width=64),
    )
)
def test_value_text_reads_back_bit_for_bit(array):
    from autodiff_cli import parse

    back = read_value(value_text(array), lambda text: parse(text).value())
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)
    np.testing.assert_array_equal(np.signbit(back[~np.isnan(back)]), np.signbit(array[~np.isnan(array)]))


def test_float32_reads_back():
    values = np.float32([0.1, 1 / 3, 1e-30])
    assert np.array_equal(np.float32(read_value(value_text(values), None)), values)


def test_vector_on_one_line():
    assert array_text(np.arange(30.0), width=20).count("\n") == 0


def test_matrix_on_one_line_lines_up_signs():
    assert array_text(np.array([[0.6, -0.2], [-0.2, 0.4]])) == "[[ 0.6, -0.2], [-0.2,  0.4]]"
    assert array_text(np.array([[1330.0, 480], [480, 200]])) == "[[1330, 480], [480, 200]]"


def test_wide_matrix_in_aligned_rows():
    text = array_text(np.array([[1.0, 200], [3000, 4]]), indent=4, width=10)
    assert text == "[[   1, 200],\n     [3000,   4]]"


def test_large_arrays_are_shown_by_their_edges():
    assert array_text(np.arange(1001.0)) == "[0, 1, 2, ..., 998, 999, 1000]"
    rows = array_text(np.zeros((2, 600))).splitlines()
    assert rows == ["[[0, 0, 0, ..., 0, 0, 0],", " [0, 0, 0, ..., 0, 0, 0]]"]
    assert len(array_text(np.zeros((2000, 2))).splitlines()) == 7
    assert "..." in array_text(np.zeros((20, 20, 20)))


def test_empty_arrays():
    assert array_text(np.zeros(0)) == "[]"
    assert array_text(np.zeros((0, 3))) == "zeros(0, 3)"


def test_negative_zero_is_zero_to_read_and_itself_to_compute():
    assert array_text(np.array([-0.0])) == "[0]"
    assert value_text(np.array([-0.0, 1])) == "-0,1"
