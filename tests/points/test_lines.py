"""Bytes to rows: whole ones, whatever the pieces in which the bytes come."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.errors import AdiffError
from autodiff_cli.points import lines
from autodiff_cli.points.lines import Cutter


class Pieces:
    """A source whose bytes come in given pieces."""

    name, may_wait = "pieces", True

    def __init__(self, pieces):
        self.pieces = iter(pieces)

    def read(self, most):
        return next(self.pieces, b"")


def rows(*pieces, separator=b","):
    """(number, text, end) of each row."""
    blocks = list(Cutter(Pieces(pieces), separator))
    return [(n, t, block.end) for block in blocks for n, t in zip(block.numbers, block.texts, strict=True)]


def texts(*pieces, separator=b","):
    return [text for _, text, _ in rows(*pieces, separator=separator)]


def test_lines_are_rows():
    assert rows(b"a\nb\n") == [(1, b"a", b"\n"), (2, b"b", b"\n")]


def test_a_last_line_without_end_ends_as_the_others():
    assert rows(b"a\r\nb") == [(1, b"a", b"\r\n"), (2, b"b", b"\r\n")]
    assert rows(b"a") == [(1, b"a", b"\n")]


def test_each_row_keeps_its_own_end():
    assert rows(b"a\r\nb\nc\r\n") == [(1, b"a", b"\r\n"), (2, b"b", b"\n"), (3, b"c", b"\r\n")]


def test_blank_lines_are_no_rows_but_count():
    assert rows(b"\n\na\n\r\nb\n\n") == [(3, b"a", b"\n"), (5, b"b", b"\n")]


def test_the_byte_order_mark_belongs_to_no_row():
    assert texts(b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n") == [b"a", b"\xef\xbb\xbfb"]


def test_quotes_hold_line_ends():
    assert rows(b'1,"two\nlines"\n3\n') == [(1, b'1,"two\nlines"', b"\n"), (3, b"3", b"\n")]
    assert texts(b'"a""\n""b",1\n2\n') == [b'"a""\n""b",1', b"2"]


def test_quotes_within_a_cell_are_plain():
    assert texts(b'5" pipe,1\n6" pipe,2\n') == [b'5" pipe,1', b'6" pipe,2']


def test_without_a_separator_quotes_are_plain():
    assert texts(b'{"a\n"b\n', separator=None) == [b'{"a', b'"b']


def test_a_quote_that_is_never_closed_ends_with_the_file():
    assert texts(b'1,"a\n2\n', b"3\n") == [b'1,"a\n2\n3']


def test_nothing_is_no_row():
    assert rows() == rows(b"\n") == []


@given(st.lists(st.sampled_from([b"1", b",", b"\n", b"\r\n", b'"', b'""', b"x"]), max_size=40), st.data())
def test_rows_do_not_depend_on_the_pieces(parts, data):
    text = b"".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(len(text) - 1, 1)), max_size=5)))
    pieces = [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert rows(*filter(None, pieces)) == rows(text)


@given(st.lists(st.lists(st.text('ab,"\n', max_size=4), min_size=2, max_size=3), max_size=5))
def test_rows_are_those_of_the_csv_module(table):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    found = [next(csv.reader([row.decode()])) for row in texts(text.getvalue().encode())]
    assert found == table


def test_a_row_has_an_end(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", 100)
    with pytest.raises(AdiffError, match="begins on line 2"):
        rows(b"a\n", *[b"b" * 30] * 5)
    with pytest.raises(AdiffError, match="begins on line 2"):
        rows(b"a\n", b'"', *[b"b" * 20 + b"\n"] * 7)


@pytest.mark.parametrize("text", [b"a\nb\nc\n", b"a\r\nb\r\nc\r\n", b'"a"\nb\nc\n'])
def test_parts_of_rows(text):
    (block,) = Cutter(Pieces([text]), b",")
    assert block.head(2) == block.texts[:2]
    assert block.head(9) == block.texts
    part = block.part(1, 3)
    assert (list(part.numbers), part.texts, part.end) == ([2, 3], [b"b", b"c"], block.end)
    assert (part.data is None) == (block.data is None)
    assert [part.texts for part in block.parts(2)] == [block.texts[:2], [b"c"]]
    assert list(block.parts(3)) == [block]


def test_blocks_grow_where_there_is_more():
    asked = []

    class Full(Pieces):
        def read(self, most):
            asked.append(most)
            return b"1\n" * (most // 2) if len(asked) < 6 else b""

    list(Cutter(Full([])))
    assert asked == [1 << 16, 1 << 18, 1 << 20, 1 << 21, 1 << 21, 1 << 21]
