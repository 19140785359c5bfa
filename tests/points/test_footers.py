"""Parquet files put together as they are, read again by a library that knows the format."""

import datetime

import pytest

from autodiff_cli.points import footers

polars = pytest.importorskip("polars")


def frame(start, count):
    rows = range(start, start + count)
    return polars.DataFrame(
        {
            "number": [float(k) for k in rows],
            "some": [k if k % 3 else None for k in rows],
            "text": [f"row {k}" for k in rows],
            "few": polars.Series([("a", "b")[k % 2] for k in rows], dtype=polars.Categorical),
            "list": [[float(k)] * (k % 4) for k in rows],
            "struct": [{"day": datetime.date(2024, 1, 1 + k % 28), "flag": k % 2 == 0} for k in rows],
        },
        schema_overrides={"list": polars.List(polars.Float64)},
    )


def joined(folder, frames, **options):
    """The frames written to files, and these put together: the file."""
    parts = [folder / str(number) for number in range(len(frames))]
    for one, part in zip(frames, parts, strict=True):
        one.write_parquet(part, **options)
    with (folder / "whole").open("wb") as file:
        footers.join(parts, file)
    return folder / "whole"


@pytest.mark.parametrize("counts", [[5], [20, 3], [50] * 4, [7, 0, 9]])
def test_the_rows_are_those_of_all_files(tmp_path, counts):
    frames = [frame(100 * number, count) for number, count in enumerate(counts)]
    whole = joined(tmp_path, frames, row_group_size=4, statistics="full")
    expected = polars.concat(frames)
    assert polars.read_parquet(whole).equals(expected)
    scanned, is_last = polars.scan_parquet(whole), polars.col("number") == expected["number"][-1]
    assert scanned.select(polars.len()).collect().item() == sum(counts)
    assert scanned.slice(3, 11).collect().equals(expected[3:14])
    assert scanned.filter(is_last).collect().equals(expected[-1:])  # by what the footer tells of groups


def test_wide_tables(tmp_path):
    frames = [polars.DataFrame({f"column {k}": [k + n] for k in range(300)}) for n in range(3)]
    assert polars.read_parquet(joined(tmp_path, frames)).equals(polars.concat(frames))


def test_a_file_alone_keeps_its_footer_but_for_the_indices(tmp_path):
    """What is read and written again is the same, where there is nothing to be left out."""
    frame(0, 30).write_parquet(tmp_path / "0")
    with (tmp_path / "0").open("rb") as file:
        start, footer = footers._footer(file)
        file.seek(start)
        assert footers._struct(footer) == file.read()[: -footers._TAIL]


def groups(path):
    """The groups of rows of a file, each as columns with their metadata, all as numbers by field; and its bytes."""
    with path.open("rb") as file:
        found = footers._footer(file)[1][4][1][1]
    return [(_numbers(g), [(_numbers(c), _numbers(c[3][1])) for c in g[1][1][1]]) for g in found], path.read_bytes()


def _numbers(struct):
    return {field: value // 2 for field, (kind, value) in struct.items() if kind == 6}


def test_what_footers_point_to_is_where_it_was(tmp_path):
    """Fields as parquet.thrift numbers them; those that say sizes stay as they are."""
    whole, data = groups(joined(tmp_path, [frame(0, 9), frame(9, 9)], row_group_size=5))
    parts = [(*group, part) for number in "01" for found, part in [groups(tmp_path / number)] for group in found]
    assert len(whole) == len(parts) == 4

    def check(moved, before, part, places, gone=()):
        assert moved.keys() == before.keys() - gone
        for field, place in moved.items():
            if field in places:
                assert data[place : place + 20] == part[before[field] : before[field] + 20]
            else:
                assert place == before[field]

    for (group, columns), (group_before, columns_before, part) in zip(whole, parts, strict=True):
        check(group, group_before, part, {5})
        for (column, metadata), (column_before, metadata_before) in zip(columns, columns_before, strict=True):
            check(column, column_before, part, {2}, gone={4, 6})
            check(metadata, metadata_before, part, {9, 11})
