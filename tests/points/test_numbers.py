"""Text to numbers and back: by Python alone, and by Polars, with the same bits and bytes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.points import fast, plain
from autodiff_cli.points.lines import Rows
from autodiff_cli.points.plain import Written
from autodiff_cli.points.table import Reader

pytest.importorskip("polars", reason="without it there is one way only")
CELLS = ["1", "-1.5", "1e5", "1E-5", "+1", ".5", "5.", "1e400", "-1e400", "1e-400", "nan", "NaN", "inf", "-Infinity",
         "", " 1", "1 ", "1_0", "NA", "true", "0x10", "1d5", "1e", "--1", "1,5", "1;2", "١", "\xa01", "é", "1\r",
         "\x00",
         "12345678901234567890", "0.1000000000000000055511151231257827", "4.9e-324", "2.2250738585072011e-308",
         "9007199254740993", "1e23", "0e0", "-0", "00012", "1.7976931348623159e308"]  # fmt: skip
NUMBERS = [0.0, -0.0, 1.0, 1e15, 1e16, 1.5e16, 9007199254740993.0, 1e17, 1e22, 1e100, 1e-4, 9.99e-5, 1e-5, 1.2e-5, 1e-6,
           -1e-7, 1e-9, 1e-10, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 0.1 + 0.2]  # fmt: skip


@pytest.fixture
def always(monkeypatch):
    """Polars for however little."""
    monkeypatch.setattr(fast, "_ENOUGH", 0)


class Text:
    """A source of one text."""

    name, may_wait = "text", True

    def __init__(self, text):
        self.start, self.parts = text[:64], [text]

    def read(self, most):
        return self.parts.pop() if self.parts else b""


def blocks(text, format="csv"):
    reader = Reader(Text(text), format)
    reader.use([0])
    reader.keep_to(1 << 20)
    return list(reader)


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_are_read_alike(always, monkeypatch, separator, end):
    format = "csv" if separator == "," else "tsv"
    for cell in CELLS:
        text = f"x{separator}s{end}7{separator}a{end}{cell}{separator}b{end}2{separator}{end}".encode()
        one, two = blocks(text, format), None
        with monkeypatch.context() as without:
            without.setattr(fast, "_polars", lambda: None)
            two = blocks(text, format)
        assert [b.cells[0].tobytes() for b in one] == [b.cells[0].tobytes() for b in two], cell
        assert [b.bad.keys() for b in one] == [b.bad.keys() for b in two], cell


@given(st.lists(st.floats(), min_size=1, max_size=20))
def test_numbers_come_back(values):
    text = b"x\n" + b"".join(b"%a\n" % value for value in values)
    (block,) = blocks(text)
    assert block.cells[0].tolist() == values or any(map(math.isnan, values))
    assert not block.bad


def test_polars_reads_where_there_is_much():
    text = b"x,s\n" + b"1.25,a\n" * 200_000
    found = fast.numbers(Rows(range(200_000), b"\n", data=text[4:]), b",", 2, {0: ()})
    assert found[0].tolist() == [1.25] * 200_000


def both(rows, separator, columns):
    found = fast.joined(rows, separator, columns)
    assert found is not None
    assert found == plain.joined(rows, separator, columns)
    return found


def test_numbers_are_written_alike(always):
    values = np.array(NUMBERS)
    rows = Rows(range(len(values)), b"\n", data=b"a,b\n" * len(values))
    found = both(rows, b",", [Written(values), Written(-values)])
    assert found.decode().splitlines() == [f"a,b,{value!r},{-value!r}" for value in NUMBERS]


@given(st.lists(st.floats(), min_size=1, max_size=30), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_all_numbers_are_written_alike(values, end, is_data):
    texts = [f"é {k}".encode() for k in range(len(values))]
    data = b"".join(text + end for text in texts)
    rows = Rows(range(len(values)), end, data=data) if is_data else Rows(range(len(values)), end, texts=texts)
    columns = [Written(np.array(values)), Written(np.array(values), b'"f":[', b"]}", {0: b"null"})]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "_ENOUGH", 0)
        both(rows, b"\t", columns)


def test_a_million_random_bits(always):
    values = np.random.default_rng(0).integers(-(2**63), 2**63, 100_000).view(float)
    small = 10.0 ** np.random.default_rng(1).uniform(-12, 20, 100_000)
    rows = Rows(range(100_000), b"\n", data=b"x\n" * 100_000)
    both(rows, b",", [Written(values), Written(small)])


def test_texts_that_are_not_utf_8_are_left_to_python(always):
    rows = Rows(range(1), b"\n", data=b"\xff\n")
    assert fast.joined(rows, b",", [Written(np.ones(1))]) is None


def test_odd_characters_pass(always):
    rows = Rows(range(3), b"\n", data=b"\x01a\n b \n\x00%s\n")
    both(rows, b",", [Written(np.ones(3), b"%d", b"%")])


def test_under_a_ceiling_polars_stays_out(monkeypatch):
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (1 << 30, 1 << 30))
    assert not fast._has_room()


def test_a_polars_that_writes_otherwise_stays_out(monkeypatch):
    monkeypatch.setattr(fast, "_SPELLINGS", [])
    fast._polars.cache_clear()
    try:
        assert fast._polars() is None
    finally:
        fast._polars.cache_clear()
