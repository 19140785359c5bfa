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


@pytest.fixture
def parted(tmp_path):
    """What makes a folder of files, by their names: what folders tell of each."""

    def keys(*found):
        for name in found:
            path = tmp_path / "parted" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return {one.name: {key.name: key.value for key in one.keys} for one in partitions("parted")}

    return keys


def test_a_folder_has_what_lies_in_folders_that_are_called_key_value(parted):
    there = ["year=9/month=01/a.parquet", "year=10/month=1/a.parquet", "b.csv", "year=10/c.csv"]
    others = ["year=9/more/a.parquet", "year=9/_temporary/x=1/a.parquet", "_x=1/a.parquet", "=1/a.csv", "x=/a.csv"]
    assert sorted(parted(*there, *others)) == sorted(there)
    assert names("parted") == ["b.csv", "year=9/month=01/a.parquet", "year=10/c.csv", "year=10/month=1/a.parquet"]


def test_keys_are_numbers_where_all_are(parted):
    folders = ["i=1/f=1/s=1/w=x=y", "i=-02/f=1.5e3/s=1a/w=a%20b%2Fc", "i=__HIVE_DEFAULT_PARTITION__/f=2/s=2/w=1"]
    first, second, third = (parted(*[f"{folder}/a.arrow" for folder in folders])[f"{f}/a.arrow"] for f in folders)
    assert first == {"i": 1, "f": 1.0, "s": "1", "w": "x=y"}
    assert second == {"i": -2, "f": 1500.0, "s": "1a", "w": "a b/c"}
    assert third == {"i": None, "f": 2.0, "s": "2", "w": "1"}
    assert type(first["f"]) is float


def test_keys_are_those_of_files_with_columns(parted):
    assert parted("i=1/a.parquet", "i=x/a.csv") == {"i=1/a.parquet": {"i": 1}, "i=x/a.csv": {}}
    assert [one.keys for one in partitions("parted/i=1/*.parquet")] == [()]  # which all of them have in common
    assert [one.keys[0].value for one in partitions("parted/*/*.parquet")] == [1]


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
