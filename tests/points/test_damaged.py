"""Files that are damaged, odd, closed or in the way: each has its error, and what is written is whole or not there."""

import contextlib
import gzip
import io
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from autodiff_cli.cli import main
from autodiff_cli.points.files import reader_of
from autodiff_cli.points.table import Reader

BINARY = ("npy", "npz", "parquet", "arrow")
FORMATS = ("csv", "jsonl", *BINARY)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("x,y\n1,a\n2,b\n")
    return tmp_path


def needs(*names):
    """Skip where packages are missing that some files need."""
    packages = {"parquet": "polars", "arrow": "polars", "zst": "zstandard"}
    for name in names:
        if name.rpartition(".")[2] in packages:
            pytest.importorskip(packages[name.rpartition(".")[2]])


def grad(place, *words, expression="x^2"):
    """(exit code, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["grad", expression, "--rows", place, *words])
    return code, out.getvalue(), err.getvalue()


def put(name, data):
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return name


# --- damaged


@pytest.mark.parametrize("name", ["csv.gz", "jsonl.zst", *BINARY])
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: data[:9] + bytes(999)])
def test_damaged_files(name, damage):
    needs(name)
    put("many.csv", "x\n" + "".join(f"{k}\n" for k in range(5000)))
    assert grad("many.csv", "-o", f"whole.{name}")[0] == 0
    put(f"bad.{name}", damage(Path(f"whole.{name}").read_bytes()))
    code, _, err = grad(f"bad.{name}", "--prefix", "p_", "-o", "out.csv")
    assert code == 2
    assert err.startswith(f"error[file]: bad.{name} is ")
    assert not Path("out.csv").exists()


@pytest.mark.parametrize("format", BINARY)
def test_files_of_nothing(format):
    needs(format)
    code, out, err = grad(put(f"none.{format}", b""), "-f", "csv")
    assert (code, out, err.partition(":")[0]) == (2, "", "error[file]")
    assert f"none.{format}" in err


def test_numbers_that_are_damaged_in_the_middle():
    np.savez("in.npz", x=np.arange(100_000.0))
    data = bytearray(Path("in.npz").read_bytes())
    data[-9000] ^= 1
    code, _, err = grad(put("bad.npz", bytes(data)), "-o", "out.csv")
    assert (code, err) == (2, "error[file]: bad.npz is no npz file that can be read: Bad CRC-32 for file 'x.npy'\n")
    assert not Path("out.csv").exists()


def test_a_stream_that_is_cut_after_its_last_row():
    put("cut.csv.gz", gzip.compress(b"x\n1\n2\n")[:-4])
    assert grad("cut.csv.gz")[::2] == (2, "error[file]: cut.csv.gz is damaged: its gzip data are cut off\n")


# --- odd


@pytest.mark.parametrize(
    ("text", "rows", "message"),
    [
        ("x,y\n1,2\n1,2,3\n4,5\n", 1, "line 3: it has 3 cells, but there are 2 columns"),
        ("x,y\n1,2\n1\n4,5\n", 1, "line 3: it has 1 cell, but there are 2 columns"),
        ("x,y\n1,2\n\0,3\n", 1, "line 3, column x: "),
        ("x,y\n1,2\n3,4\n5", 2, "line 4: it has 1 cell"),
    ],
)
def test_rows_that_end_a_run(text, rows, message):
    code, out, err = grad(put("odd.csv", text))
    assert (code, out.count("\n")) == (3, 1 + rows)
    assert message in err
    assert "\0" not in err


def test_names_that_are_there_twice():
    """They stay in a table; where a name can be there but once, no column takes the place of another in silence."""
    assert grad(put("twice.csv", "x,a,a,,\n1,2,3,4,5\n"))[:2] == (0, "x,a,a,,,f,df_dx\n1,2,3,4,5,1.0,2.0\n")
    for format in ("jsonl", "parquet", "arrow"):
        needs(format)
        code, out, err = grad("twice.csv", "-f", format)
        assert (code, out) == (2, "")
        assert f"2 columns of twice.csv are called a, and {format} has one of a name" in err
    assert grad("twice.csv", "-o", "out.npy", "-q")[0] == 0


def test_bytes_that_are_no_text():
    """They go on as they came where the format allows it."""
    put("latin.csv", "x,name\n1,Müller\n2,é\n".encode("latin-1"))
    assert grad("latin.csv", "-o", "out.csv")[0] == 0
    assert Path("out.csv").read_bytes() == "x,name,f,df_dx\n1,Müller,1.0,2.0\n2,é,4.0,4.0\n".encode("latin-1")
    for format in ("jsonl", "parquet"):
        needs(format)
        code, _, err = grad("latin.csv", "-o", f"out.{format}")
        assert (code, err.splitlines()[0]) == (2, "error[encoding]: latin.csv is not UTF-8")
        assert not Path(f"out.{format}").exists()
    put("utf8.csv", "x,größe\n1,ü\n")
    assert grad("utf8.csv", "-f", "jsonl")[1] == '{"x":1,"größe":"ü","f":1.0,"df_dx":2.0}\n'


def test_cells_of_other_types():
    """Decimals and dates of a Parquet file, which are no floats, are spelled as they are."""
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"x": [2.0], "d": ["1.50"], "day": ["2020-01-31"]})
    frame = frame.with_columns(polars.col("d").cast(polars.Decimal(6, 2)), polars.col("day").str.to_date())
    frame.write_parquet("in.parquet")
    assert grad("in.parquet", "-f", "csv")[1] == "x,d,day,f,df_dx\n2.0,1.50,2020-01-31,4.0,4.0\n"
    expected = '{"x":2.0,"d":1.50,"day":"2020-01-31","f":4.0,"df_dx":4.0}\n'
    assert grad("in.parquet", "-f", "jsonl")[1] == expected


def test_thousands_of_elements_are_each_split_once(monkeypatch):
    size, calls = 3000, []
    split = Reader.split
    monkeypatch.setattr(Reader, "split", lambda self, text: calls.append(text) or split(self, text))
    names = ",".join(f"x_{k}" for k in range(size))
    put("wide.csv", f"{names}\n{','.join(['2'] * size)}\n")
    code, out, _ = grad("wide.csv", expression="sum(x^2)")
    assert (code, out.splitlines()[1].split(",")[size:]) == (0, [f"{4.0 * size}", *["4.0"] * size])
    assert len(calls) < 10


@pytest.mark.parametrize("name", ["long.csv", "long.jsonl"])
def test_a_row_longer_than_a_block(name):
    long = "a" * 6_000_000
    row = f'{{"x":3,"y":"{long}"}}' if name.endswith("jsonl") else f"3,{long}"
    put(name, row + "\n" if name.endswith("jsonl") else f"x,y\n{row}\n")
    code, out, _ = grad(name)
    expected = f'{row[:-1]},"f":9.0,"df_dx":6.0}}\n' if name.endswith("jsonl") else f"{row},9.0,6.0\n"
    assert code == 0
    assert out.endswith(expected)


def test_a_file_that_is_removed_while_it_is_read():
    put("in.csv", "x\n" + "".join(f"{k}\n" for k in range(700_000)))
    with contextlib.closing(reader_of("in.csv")) as reader:
        Path("in.csv").unlink()
        reader.use([0])
        reader.keep_to(100_000)
        assert sum(len(block.rows) for block in reader) == 700_000


# --- in the way


def test_an_answer_in_the_place_of_its_rows():
    assert grad("in.csv", "-o", "./in.csv")[0] == 0
    assert Path("in.csv").read_text() == "x,y,f,df_dx\n1,a,1.0,2.0\n2,b,4.0,4.0\n"


@pytest.mark.parametrize(
    ("place", "words", "message"),
    [
        ("in.csv", ["-o", "none/out.csv"], "none/out.csv cannot be written: no such file or directory"),
        ("in.csv", ["-o", ""], "--output needs the name of a file"),
        ("", [], "--rows needs the name of a file"),  # as from a variable of the shell that is not set
        ("none.csv", [], "none.csv cannot be read: no such file or directory"),
        ("in.csv/more.csv", [], "in.csv/more.csv cannot be read: not a directory"),
    ],
)
def test_places_that_cannot_be(place, words, message):
    code, out, err = grad(place, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


@pytest.mark.parametrize("name", [*FORMATS, "csv.gz", "jsonl.zst"])
def test_full_disks(name):
    needs(name)
    Path(f"full.{name}").symlink_to("/dev/full")
    code, _, err = grad("in.csv", "-o", f"full.{name}", "-q")
    assert (code, err) == (2, f"error[file]: full.{name} cannot be written: no space left on device\n")


@pytest.mark.parametrize("format", BINARY)
def test_temporary_files_that_cannot_be(format, monkeypatch):
    """Which is told of them, and not of the file that is asked for."""
    needs(format)
    assert grad("in.csv", "-o", f"in.{format}", "-q")[0] == 0
    put(f"in.{format}.gz", gzip.compress(Path(f"in.{format}").read_bytes()))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    expected = "error[file]: temporary files cannot be written in /nowhere: no such file or directory\n"
    for place, words in (("in.csv", ["-o", f"out.{format}", "-q"]), (f"in.{format}.gz", ["--prefix", "p_"])):
        code, out, err = grad(place, *words)
        assert (code, out, err.splitlines(True)[0]) == (2, "", expected)
    assert not Path(f"out.{format}").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_closed_files_and_folders():
    Path("closed").mkdir()
    put("closed/in.csv", "x\n1\n")
    for path in ("closed/in.csv", "closed"):
        Path(path).chmod(0)
        for place in ("closed/in.csv", "closed", "closed/*.csv"):
            code, out, err = grad(place)
            assert (code, out) == (2, "")
            assert "cannot be written" not in err
    for output in ("closed/out.csv", "closed/"):
        code, _, err = grad("in.csv", "-o", output)
        assert (code, "permission denied" in err) == (2, True)
    Path("closed").chmod(0o755)
