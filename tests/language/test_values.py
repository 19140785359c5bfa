"""What a value on the command line stands for; spellings and errors are also in tests/cases/commands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.errors import AdiffError
from autodiff_cli.language.values import read_value


def no_expression(text):
    raise AssertionError(f"{text} was taken for an expression")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3.0),
        ("-1.5e3", -1500.0),
        ("1,2,3", [1, 2, 3]),
        ("1,", [1]),
        ("1,2;3,4", [[1, 2], [3, 4]]),
        ("1,2;3,4;", [[1, 2], [3, 4]]),
        ("1,2;", [[1, 2]]),
        ("1;2", [[1], [2]]),
        (" 1 , 2 ", [1, 2]),
        ("1 2 3", [1, 2, 3]),
        ("1 2;3 4", [[1, 2], [3, 4]]),
        ("[1. 2. 3.]", [1, 2, 3]),
        ("[[1,2],[3,4]]", [[1, 2], [3, 4]]),
        ("[[ 1.  2.]\n [-3.  4.]]", [[1, 2], [-3, 4]]),
        ("[[[1],[2]],[[3],[4]]]", [[[1], [2]], [[3], [4]]]),
        ("[]", []),
        ("inf,-inf", [np.inf, -np.inf]),
        ("nan", np.nan),
        ("1e-320", 1e-320),
    ],
)
def test_spellings(text, expected):
    value = read_value(text, no_expression)
    assert value.dtype == np.float64
    assert value.shape == np.shape(expected)
    np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,2;3", "ragged"),
        ("[[1,2],[3]]", "ragged"),
        ("[[[1],[2]],[[3]]]", "ragged"),
        ("[[1],2]", "ragged"),
        ("[1", "value"),
        ("[1]]", "value"),
        ("[1][2]", "value"),
        ("1,,2", "value"),
        ("", "value"),
        ("1e999", "overflow"),
        ("9" * 400, "overflow"),
        ("[" * 100 + "1" + "]" * 100, "value"),
    ],
)
def test_refused(text, code):
    with pytest.raises(AdiffError) as caught:
        read_value(text, no_expression)
    assert caught.value.code == code


@given(st.lists(st.floats(allow_nan=False), min_size=2))
def test_vectors_read_back(numbers):
    for separator in (",", " "):
        text = separator.join(map(repr, numbers))
        assert read_value(text, no_expression).tolist() == numbers


def test_expressions_go_to_the_caller():
    seen = []

    def evaluate(text):
        seen.append(text)
        return np.float64(7)

    assert read_value("pi/2, 1, max(1,2)", evaluate).tolist() == [7, 1, 7]
    assert seen == ["pi/2", "max(1,2)"]


def test_a_million_numbers():
    text = ",".join(["0.5"] * 10**6)
    assert read_value(text, no_expression).shape == (10**6,)


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY\x01", b"\x93NUMPY\x01\0v" + bytes(999), b"not numpy at all", b"PK\x03\x04broken"]
)
def test_broken_numpy_files(tmp_path, content):
    for name in ("a.npy", "a.npz"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AdiffError) as caught:
            read_value(f"@{tmp_path / name}", no_expression)
        assert caught.value.code == "file"


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(AdiffError) as caught:
        read_value(f"@{tmp_path / 'a.csv'}", no_expression)
    assert caught.value.code == "file"


def test_csv_with_quotes_and_byte_order_mark(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbf"a b",c\r\n"1.5",2\r\n\r\n3,4')
    notes = []
    assert read_value(f"@{tmp_path / 'a.csv'}", no_expression, notes).tolist() == [[1.5, 2], [3, 4]]
    assert notes == [f"the header of {tmp_path / 'a.csv'} was skipped: a b,c"]
    assert read_value(f"@{tmp_path / 'a.csv'}:a b", no_expression).tolist() == [1.5, 3]
