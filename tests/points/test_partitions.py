"""Which files a folder or a pattern stands for, and what their answers are called."""

import pytest

from autodiff_cli.errors import AdiffError
from autodiff_cli.points.partitions import are_many, partitions, renamed


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (
        "part.10.csv",
        "part.9.csv",
        "_SUCCESS",
        ".part.9.csv.crc",
        "notes.txt",
        "deep/a.csv",
        "deep/er/b.csv",
    ):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(place):
    return [one.name for one in partitions(place)]


def test_a_folder_has_the_files_with_rows_in_the_order_of_their_numbers():
    assert names("data") == names("data/") == ["part.9.csv", "part.10.csv"]
    assert [one.place for one in partitions("data")] == ["data/part.9.csv", "data/part.10.csv"]


def test_a_pattern_has_what_fits_beneath_its_fixed_part(folder):
    assert names("data/part.?.csv") == ["part.9.csv"]
    assert names("data/*") == ["notes.txt", "part.9.csv", "part.10.csv"]
    assert names("data/**/*.csv") == ["deep/a.csv", "deep/er/b.csv", "part.9.csv", "part.10.csv"]
    assert names("*/deep/*.csv") == ["data/deep/a.csv"]
    assert names(f"{folder}/data/de*/a.csv") == ["deep/a.csv"]


def test_a_file_is_itself_whatever_it_is_called(folder):
    (folder / "what[1].csv").touch()
    assert not are_many("what[1].csv")
    assert names("what[1].csv") == ["what[1].csv"]
    assert not are_many("-")
    assert are_many("data/part.1?.csv")


@pytest.mark.parametrize("place", ["data/*.tsv", "data/deep/er/er*", "nowhere/*.csv"])
def test_a_pattern_that_fits_nothing(place):
    with pytest.raises(AdiffError, match="there are no files of rows"):
        partitions(place)


@pytest.mark.parametrize(
    ("name", "format", "expected"),
    [
        ("a.csv", None, "a.csv"),
        ("a.csv", "csv", "a.csv"),
        ("a.ndjson.gz", "jsonl", "a.ndjson.gz"),
        ("a.csv", "jsonl", "a.jsonl"),
        ("b/a.1.csv.gz", "jsonl", "b/a.1.jsonl.gz"),
        ("a.csv.gz", "parquet", "a.parquet"),
        ("a.b", "csv", "a.b.csv"),
        ("a", "npy", "a.npy"),
        ("a.gz", "csv", "a.csv.gz"),
    ],
)
def test_answers_in_another_format_have_its_name(name, format, expected):
    assert renamed(name, format) == expected
