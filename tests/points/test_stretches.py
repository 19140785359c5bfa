"""Large files in stretches: of rows, or of whole lines of text."""

from itertools import pairwise

import pytest

from autodiff_cli.points import stretches


@pytest.fixture(autouse=True)
def size(monkeypatch):
    monkeypatch.setattr(stretches, "SIZE", 10)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 1000, 3 * stretches._MOST])
@pytest.mark.parametrize("size", [1, 10, 25, 99])
def test_all_rows_are_in_one_stretch(count, size):
    found = stretches.of_rows(count, size)
    assert (found[0].start, found[-1].stop) == (0, count)
    assert all(one.stop == next.start for one, next in pairwise(found))
    assert all(one.number == one.start + 1 and one.start < one.stop for one in found)
    assert sum(one.share for one in found) == pytest.approx(1)
    assert max(one.stop - one.start for one in found) <= stretches._MOST
    assert len(found) <= max(1, size // 10, -(-count // stretches._MOST))


def test_no_rows():
    assert stretches.of_rows(0, 100) == []


@pytest.mark.parametrize(
    "text", ["", "a\n", "a", "\n" * 30, "a,b\n1,2\n" * 9, "x" * 50 + "\ny\n", "a,b\r\n1,2\r\n" * 5 + "3", "\n\nx" * 20]
)
def test_all_lines_are_in_one_stretch(tmp_path, text):
    data = text.encode()
    (tmp_path / "text").write_bytes(data)
    found = stretches.of_lines(tmp_path / "text", len(data), is_quoted=True)
    parts = [data[one.start : one.stop] for one in found]
    assert b"".join(parts) == data
    assert all(part.endswith(b"\n") and len(part) >= 10 for part in parts[:-1])
    assert [one.number for one in found] == [data.count(b"\n", 0, one.start) + 1 for one in found]


def test_lines_that_may_end_in_quotes_stay_together(tmp_path):
    (tmp_path / "text").write_text('a,b\n1,2\n3,4\n5,"\n"\n')
    assert stretches.of_lines(tmp_path / "text", 19, is_quoted=True) == []
    assert len(stretches.of_lines(tmp_path / "text", 19, is_quoted=False)) == 2
