"""`--rows` of many files: into one, or each into one of its own, and on from where a run has ended."""

import contextlib
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from autodiff_cli.cli import main

AGAIN = "help: --overwrite answers them again\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for number in range(1, 4):
        put(f"data/{number}.csv", f"x,y\n1,{number}\n3,{number}\n")
    return tmp_path


def put(name, text):
    Path(name).write_text(text)


def texts(folder):
    return {path.name: path.read_text() for path in Path(folder).iterdir() if path.name != ".adiff.json"}


def adiff(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def grad(*words, expression="x^2*y"):
    return adiff("grad", expression, *words)


# --- into one


def test_many_files_are_answered_as_one():
    whole = "x,y\n" + "".join(f"1,{k}\n3,{k}\n" for k in range(1, 4))
    put("whole.csv", whole)
    expected = grad("--rows", "whole.csv")
    assert expected[1].count("\n") == 7
    assert grad("--rows", "data/*.csv") == grad("--rows", "data") == expected
    assert grad("--rows", "data", "-o", "all.csv") == (0, "", "")
    assert Path("all.csv").read_text() == expected[1]


@pytest.mark.parametrize("format", ["jsonl", "tsv", "npy", "npz", "parquet", "arrow"])
def test_in_every_format(format):
    if format in ("parquet", "arrow"):
        pytest.importorskip("polars")
    put("whole.csv", "x,y\n" + "".join(f"1,{k}\n3,{k}\n" for k in range(1, 4)))
    assert grad("--rows", "whole.csv", "-o", f"whole.{format}") == (0, "", "")
    assert grad("--rows", "data", "-o", f"all.{format}") == (0, "", "")
    assert Path(f"all.{format}").read_bytes() == Path(f"whole.{format}").read_bytes()
    assert grad("--rows", "data", "-o", "out/", "-f", format) == (0, "", "")
    assert sorted(path.name for path in Path("out").glob("*")) == [".adiff.json"] + [f"{k}.{format}" for k in (1, 2, 3)]
    again = adiff("value", "f", "--rows", "out", "--prefix", "again_", "-f", "jsonl")
    assert [json.loads(line)["again_f"] for line in again[1].splitlines()] == [1, 9, 2, 18, 3, 27]


def test_rows_are_counted_over_all_files_and_named_with_theirs():
    put("data/2.csv", "x,y\n0,1\n3,NA\n")
    put("data/3.csv", "x,y\n0,4\n1,\n")
    for words in ([], ["-o", "out/"]):
        code, _, err = grad("--rows", "data", "--on-error", "skip", *words, expression="y/x")
        assert code == 0
        first, second = err.split("warning: ")[1:]
        assert first.startswith("2 of 6 rows were left out; the first is data/2.csv, line 3, column y: NA stands")
        assert second.startswith("the results of 2 of 6 rows are not finite; the first is data/2.csv, line 2, where")


def test_a_bad_row_is_named_with_its_file():
    put("data/2.csv", "x,y\n1,2\n3,oops\n")
    code, out, err = grad("--rows", "data")
    assert code == 3
    assert err.startswith("error[bad-row]: data/2.csv, line 3, column y: oops is not a number\n")
    assert out.endswith("3,1,9.0,6.0,9.0\n1,2,2.0,4.0,1.0\n")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("y,x\n1,2\n", "the columns of data/2.csv are not those of data/1.csv: their order is another"),
        ("x,z\n1,2\n", "the columns of data/2.csv are not those of data/1.csv: y is missing"),
        ("x,y,z\n1,2,3\n", "the columns of data/2.csv are not those of data/1.csv: z is not among those"),
        ("", "data/2.csv is empty"),
    ],
)
def test_files_have_the_same_columns(text, what):
    put("data/2.csv", text)
    for words in ([], ["-o", "out/"]):
        code, _, err = grad("--rows", "data", *words)
        assert code == 2
        assert what in err
    assert texts("out").keys() == {"1.csv"}


def test_files_have_the_same_format():
    put("data/2.jsonl", '{"x":1,"y":2}\n')
    code, _, err = grad("--rows", "data")
    assert code == 2
    assert "data/2.jsonl is jsonl, but data/1.csv is csv" in err


def test_a_file_without_rows_has_the_shapes_of_the_others():
    for number, rows in ((1, ""), (2, "1;2;3\n"), (3, "1;2\n")):
        put(f"data/{number}.csv", f"x\n{rows}")
    _, out, err = grad("--rows", "data", "--on-error", "null", expression="sum(x^2)")
    assert out == "x,f,df_dx_0,df_dx_1,df_dx_2\n1;2;3,14.0,2.0,4.0,6.0\n1;2,,,,\n"
    assert "data/3.csv, line 2, column x: this is an array of shape (2), but" in err
    assert grad("--rows", "data", "-o", "out/", "--on-error", "null", "-q", expression="sum(x^2)")[0] == 0
    assert texts("out")["1.csv"] == "x,f,df_dx_0,df_dx_1,df_dx_2\n"


def test_objects_may_have_keys_of_their_own():
    Path("lines").mkdir()
    put("lines/1.jsonl", '{"x":1,"id":"a"}\n')
    put("lines/2.jsonl", "")
    put("lines/3.jsonl", '{"more":true,"x":3}\n')
    expected = '{"x":1,"id":"a","f":1.0,"df_dx":2.0}\n{"more":true,"x":3,"f":9.0,"df_dx":6.0}\n'
    assert grad("--rows", "lines", expression="x^2") == (0, expected, "")
    assert grad("--rows", "lines", "-o", "out/", expression="x^2") == (0, "", "")
    assert "".join(text for _, text in sorted(texts("out").items())) == expected
    assert texts("out")["2.jsonl"] == ""


def test_a_constant_is_one_in_all_files_or_in_none():
    Path("lines").mkdir()
    put("lines/1.jsonl", '{"x":1,"e":2}\n')
    put("lines/2.jsonl", '{"x":1}\n')
    code, _, err = grad("--rows", "lines", expression="e*x")
    assert (code, err) == (2, "error[files-differ]: lines/2.jsonl has no column e, as lines/1.jsonl has\n")
    code, _, err = grad("--rows", "lines", "--header", "x", expression="e*x")
    assert (code, err.partition(":")[0]) == (2, "error[usage]")


def test_arrays_have_the_same_shape():
    Path("arrays").mkdir()
    np.save("arrays/1.npy", np.ones((2, 3)))
    np.save("arrays/2.npy", np.ones((2, 2)))
    code, _, err = grad("--rows", "arrays", "-f", "csv", expression="sum(x^2)")
    assert code == 2
    assert err == "error[files-differ]: x has shape (2) in arrays/2.npy, but (3) in arrays/1.npy\n"


def test_nothing_in_any_file():
    Path("lines").mkdir()
    put("lines/1.jsonl", "")
    assert grad("--rows", "lines", expression="x^2") == (0, "", "")
    assert grad("--rows", "lines", "-o", "out/", expression="x^2") == (0, "", "")
    assert texts("out") == {"1.jsonl": ""}


def test_more_files_than_can_be_open():
    import resource

    Path("small").mkdir()
    for number in range(40):
        put(f"small/{number}.csv", "x,y\n1,2\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) + 20, hard))
    try:
        assert grad("--rows", "small")[1].count("\n") == 41
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# --- into a folder


def test_each_file_has_its_answer_under_the_same_name(folder):
    assert grad("--rows", "data/*.csv", "-o", "out/") == (0, "", "")
    assert texts("out") == {f"{k}.csv": grad("--rows", f"data/{k}.csv")[1] for k in (1, 2, 3)}
    (folder / "there").mkdir()
    assert grad("--rows", "data/1.csv", "-o", "there") == (0, "", "")
    assert texts("there") == {"1.csv": texts("out")["1.csv"]}


def test_folders_of_a_pattern_are_made(folder):
    (folder / "data" / "more").mkdir()
    put("data/more/1.csv", "x,y\n5,6\n")
    assert grad("--rows", "data/**/*.csv", "-o", "out/a/b/") == (0, "", "")
    assert Path("out/a/b/more/1.csv").read_text() == grad("--rows", "data/more/1.csv")[1]


def test_what_folders_tell_is_a_column():
    polars = pytest.importorskip("polars")
    for year in (9, 10):
        Path(f"parted/year={year}").mkdir(parents=True)
        polars.DataFrame({"x": [1.0, 2.0]}).write_parquet(f"parted/year={year}/a.parquet")
    rows = ["1.0,9,9.0,18.0,1.0", "2.0,9,36.0,36.0,4.0", "1.0,10,10.0,20.0,1.0", "2.0,10,40.0,40.0,4.0"]
    words = ["grad", "x^2*year", "--rows", "parted"]
    table = "\n".join(["x,year,f,df_dx,df_dyear", *rows]) + "\n"
    assert adiff(*words, "-f", "csv") == adiff(*words[:2], "--rows", "parted/*/*", "-f", "csv") == (0, table, "")
    assert adiff(*words, "-o", "out/") == (0, "", "")
    columns = polars.read_parquet("out/year=10/a.parquet", hive_partitioning=False).columns
    assert columns == ["x", "f", "df_dx", "df_dyear"]
    assert polars.read_parquet("out/**/*.parquet", hive_partitioning=True)["year"].to_list() == [10, 10, 9, 9]
    again = adiff("value", "f+year", "--rows", "out", "--prefix", "v_", "-f", "csv")
    assert again[1].endswith("\n2.0,40.0,40.0,4.0,10,50.0\n")
    for format in ("csv", "npz"):
        assert adiff(*words, "-o", f"{format}/", "-f", format) == (0, "", "")
    assert Path("csv/year=9/a.csv").read_text() == "x,f,df_dx,df_dyear\n1.0,9.0,18.0,1.0\n2.0,36.0,36.0,4.0\n"
    assert sorted(np.load("npz/year=9/a.npz")) == ["df_dx", "df_dyear", "f", "x"]


def test_a_column_goes_before_what_folders_tell():
    polars = pytest.importorskip("polars")
    Path("parted/x=9").mkdir(parents=True)
    polars.DataFrame({"x": [1.0, 2.0]}).write_ipc("parted/x=9/a.arrow")
    table = "x,f,df_dx\n1.0,1.0,2.0\n2.0,4.0,4.0\n"
    assert grad("--rows", "parted", "-f", "csv", expression="x^2") == (0, table, "")


def test_folders_tell_nothing_that_is_no_number():
    polars = pytest.importorskip("polars")
    for place in ("north", "__HIVE_DEFAULT_PARTITION__"):
        Path(f"parted/place={place}").mkdir(parents=True)
        polars.DataFrame({"x": [1.0]}).write_parquet(f"parted/place={place}/a.parquet")
    assert "the column place does not hold numbers" in grad("--rows", "parted", expression="x*place")[2]
    table = "x,place,f,df_dx\n1.0,,1.0,2.0\n1.0,north,1.0,2.0\n"
    assert grad("--rows", "parted", "-f", "csv", expression="x^2") == (0, table, "")
    Path("parted/place=north").rename("parted/place=7")
    code, _, err = grad("--rows", "parted", "-f", "csv", expression="x*place")
    assert code == 3
    assert "row 1, column place: there is no value" in err


def test_packed_files_stay_packed():
    assert grad("--rows", "data/1.csv", "-o", "packed/1.csv.gz")[0] == 2  # there is no such folder
    Path("packed").mkdir()
    assert adiff("value", "x+y", "--rows", "data/1.csv", "-o", "packed/1.csv.gz") == (0, "", "")
    assert grad("--rows", "packed", "-o", "out/", "--prefix", "d_") == (0, "", "")
    assert adiff("value", "d_f", "--rows", "out/1.csv.gz", "--prefix", "v_")[1].endswith(",9.0\n")


def test_a_run_goes_on_where_answers_are_missing():
    assert grad("--rows", "data", "-o", "out/") == (0, "", "")
    whole = texts("out")
    Path("out/2.csv").unlink()
    put("out/1.csv", "kept\n")
    note = f"note: 2 of 3 files are answered already, and left as they are\n{AGAIN}"
    assert grad("--rows", "data", "-o", "out/") == (0, "", note)
    assert texts("out") == whole | {"1.csv": "kept\n"}
    assert grad("--rows", "data", "-o", "out/", "-q") == (0, "", "")
    assert grad("--rows", "data", "-o", "out/", "--overwrite") == (0, "", "")
    assert texts("out") == whole


def test_rows_that_were_changed_are_answered_again():
    assert grad("--rows", "data", "-o", "out/") == (0, "", "")
    put("data/2.csv", "x,y\n5,6\n")
    later = Path("out/2.csv").stat().st_mtime_ns + 1
    os.utime("data/2.csv", ns=(later, later))
    assert "2 of 3 files" in grad("--rows", "data", "-o", "out/")[2]
    assert texts("out")["2.csv"] == "x,y,f,df_dx,df_dy\n5,6,150.0,60.0,25.0\n"


def test_answers_to_another_question_are_not_mixed():
    assert grad("--rows", "data", "-o", "out/", "--wrt", "x") == (0, "", "")
    for words, differs in (
        (["grad", "x^3*y", "--wrt", "x"], "target"),
        (["grad", "x^2*y"], "wrt"),
        (["value", "x^2*y"], "question and wrt"),
        (["grad", "x^2*y", "--wrt", "x", "--prefix", "d_"], "prefix"),
    ):
        code, _, err = adiff(*words, "--rows", "data", "-o", "out/")
        assert code == 2
        assert f"error[file]: out holds the answers to another question: {differs} differ\n" in err
    assert grad("--rows", "data", "-o", "out/", "--overwrite") == (0, "", "")
    assert texts("out")["1.csv"] == grad("--rows", "data/1.csv")[1]


def test_values_and_code_are_part_of_the_question():
    put("model.py", "def f(x, y, a):\n    return a*x*y\n")
    words = ["grad", "model.py:f", "--rows", "data", "-o", "out/", "-q", "--wrt", "x"]
    assert adiff(*words, "--a", "2") == (0, "", "")
    assert adiff(*words, "--a", "2") == (0, "", "")
    assert "values differ" in adiff(*words, "--a", "3")[2]
    put("model.py", "def f(x, y, a):\n    return a*x*y**2\n")
    assert "code differ" in adiff(*words, "--a", "2")[2]


def test_after_a_bad_row_a_run_goes_on_without_it():
    put("data/2.csv", "x,y\n1,2\n3,oops\n")
    assert grad("--rows", "data", "-o", "out/")[0] == 3
    assert texts("out").keys() == {"1.csv"}
    code, _, err = grad("--rows", "data", "-o", "out/", "--on-error", "null")
    assert code == 0
    assert err.startswith(f"note: 1 of 3 files are answered already, and left as they are\n{AGAIN}warning: 1 of 4 rows")
    assert texts("out")["2.csv"].endswith("3,oops,,,\n")
    assert "on_error differ" in grad("--rows", "data", "-o", "out/", "--on-error", "skip")[2]


def test_files_of_others_are_not_overwritten():
    Path("out").mkdir()
    put("out/2.csv", "mine\n")
    code, _, err = grad("--rows", "data", "-o", "out/")
    assert code == 2
    assert "out/2.csv is there already, and out/.adiff.json does not tell of it" in err
    assert texts("out") == {"2.csv": "mine\n"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rows", "data", "-o", "data"], "the answers would take the place of their rows in data"),
        (["--rows", "data/1.csv", "-o", "data/"], "the answers would take the place of their rows in data"),
        (["--rows", "data", "-o", "data/2.csv"], "data/2.csv is one of the files that are read"),
        (["--rows", "-", "-o", "out/"], "standard input is one file without a name"),
        (["--rows", "data", "--scheduler", "local"], "--scheduler writes a file for each file of rows, into a folder"),
        (["--rows", "data", "-o", "o/", "--scheduler", "tcp://h:1", "--jobs", "2"], "--jobs is for this machine"),
        (["--rows", "data", "-o", "/dev/null/out/"], "/dev/null/out cannot be made: not a directory"),
        (["--rows", "data/1.csv", "data/2.csv"], "adiff grad takes one, but there are 2"),
        (["--rows", "none*"], "there are no files of rows in none*"),
    ],
)
def test_what_cannot_be(words, message):
    before = texts("data")
    code, out, err = grad(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert texts("data") == before


def test_two_files_with_one_answer():
    put("data/1.csv", "x,y\n1,1\n")
    Path("data/2.csv").rename("data/1.ndjson")
    code, _, err = grad("--rows", "data", "-o", "out/", "-f", "npy")
    assert code == 2
    assert "data/1.csv and data/1.ndjson would both be answered in out/1.npy" in err
