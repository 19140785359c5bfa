"""`--rows`: files of points in, their derivatives out, in every format and with everything that can be odd in a row."""

import contextlib
import gzip
import io
import json
import math

import numpy as np
import pytest

from autodiff_cli.cli import main
from autodiff_cli.points import extras, fast, jsonl, run

TABLE = "id,x,y\na,1,2\nb,3,4\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plain(monkeypatch):
    """Neither Polars nor orjson nor zstandard."""
    for module in (extras, jsonl, fast):
        monkeypatch.setattr(module, "optional", lambda name: None)
    fast._polars.cache_clear()
    yield
    fast._polars.cache_clear()


def put(folder, name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def adiff(*words):
    """What a command prints, where it ends well."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def rows(folder, expression, text, *words, command="grad", name="in.csv"):
    put(folder, name, text)
    code, out, err = adiff(command, expression, "--rows", name, *words)
    assert (code, err) == (0, "")
    return out


# --- what comes out


def test_original_cells_are_verbatim(folder):
    out = rows(folder, "x*y", '"id" ,x,y\n"a, b" ,001.50, 2e0 \n,+1,"3"\n')
    assert out.splitlines() == ['"id" ,x,y,f,df_dx,df_dy', '"a, b" ,001.50, 2e0 ,3.0,2.0,1.5', ',+1,"3",3.0,3.0,1.0']


def test_derivatives_are_those_of_the_function(folder):
    """Against central differences, in three variables of which one is a vector."""
    points = np.random.default_rng(0).uniform(0.5, 2, (50, 4))
    lines = [",".join(map(repr, point)) for point in points.tolist()]
    text = "a,x_0,x_1,b\n" + "\n".join(lines) + "\n"
    out = rows(folder, "sin(a)*exp(-x@x) + log(b)*x[0]", text)
    found = np.loadtxt(io.StringIO(out), delimiter=",", skiprows=1)
    f = lambda p: np.sin(p[:, 0]) * np.exp(-(p[:, 1] ** 2 + p[:, 2] ** 2)) + np.log(p[:, 3]) * p[:, 1]  # noqa: E731
    assert np.allclose(found[:, 4], f(points))
    steps = 1e-6 * np.eye(4)
    slopes = np.stack([(f(points + step) - f(points - step)) / 2e-6 for step in steps], axis=1)
    assert np.allclose(found[:, 5:], slopes, atol=1e-8)
    assert out.partition("\n")[0] == "a,x_0,x_1,b,f,df_da,df_dx_0,df_dx_1,df_db"


@pytest.mark.parametrize(
    ("command", "words", "header", "first"),
    [
        ("value", [], "f", [2.0]),
        ("grad", ["-w", "x"], "f,df_dx", [2.0, 4.0]),
        ("jac", [], "f,df_dx,df_dy", [2.0, 4.0, 1.0]),
        ("hess", [], "f,d2f_dx2,d2f_dxdy,d2f_dydx,d2f_dy2", [2.0, 4.0, 2.0, 2.0, 0.0]),
        ("jvp", ["--tangent", "x=1", "--tangent", "y=3"], "f,jvp", [2.0, 7.0]),
        ("vjp", ["--cotangent", "10"], "f,vjp_x,vjp_y", [2.0, 40.0, 10.0]),
        ("hvp", ["--tangent", "x=1"], "f,hvp_x,hvp_y", [2.0, 4.0, 2.0]),
        ("deriv", ["--order", "x=2,y=1"], "f,d3f_dx2dy", [2.0, 2.0]),
        (
            "taylor",
            ["--wrt", "x", "--order", "2"],
            "f,coefficients_0,coefficients_1,coefficients_2",
            [2.0, 2.0, 4.0, 2.0],
        ),
    ],
)
def test_every_command(folder, command, words, header, first):
    out = rows(folder, "x^2*y", TABLE, *words, command=command).splitlines()
    assert out[0] == f"id,x,y,{header}"
    assert out[1] == ",".join(map(str, ["a", 1, 2, *first]))
    assert len(out) == 3


def test_constants_come_from_options(folder):
    assert rows(folder, "a@[x, y]", TABLE, "--a", "10,100").splitlines()[1] == "a,1,2,210.0,10.0,100.0"
    assert rows(folder, "a*x", TABLE, "--a", "3", "--wrt", "a").splitlines()[2] == "b,3,4,9.0,3.0"


def test_vectors_and_matrices_in_cells(folder):
    out = rows(folder, "sum(x^2)", "x\n1;2\n3;4\n")
    assert out.splitlines()[1:] == ["1;2,5.0,2.0,4.0", "3;4,25.0,6.0,8.0"]
    out = rows(folder, "det(A)", 'A\n"1,2;3,4"\n"[[1,0],[0,2]]"\n')
    assert [float(row.rsplit(",", 4)[1]) for row in out.splitlines()[1:]] == [4.0, 2.0]
    assert rows(folder, "sum(x)", "x\n5;\n").splitlines()[1] == "5;,5.0,1.0"


def test_json_has_arrays(folder):
    text = '{"x": [1, 2], "k":"v" }\n{"x":[3,4]}  \n'
    out = rows(folder, "sum(x^2)", text, name="in.jsonl")
    assert out == '{"x": [1, 2], "k":"v" ,"f":5.0,"df_dx":[2.0,4.0]}\n{"x":[3,4],"f":25.0,"df_dx":[6.0,8.0]}\n'
    out = rows(folder, "sum(x^2)", text, name="in.jsonl", command="hess")
    assert json.loads(out.splitlines()[0])["d2f_dx2"] == [[2.0, 0.0], [0.0, 2.0]]


def test_python_functions(folder):
    put(folder, "model.py", "import numpy as np\ndef f(x, y, k=2.0):\n    return k * x if x > 2 else np.sin(x) * y\n")
    out = rows(folder, "model.py:f", TABLE).splitlines()
    assert out[0] == "id,x,y,f,df_dx,df_dy"
    assert [float(cell) for cell in out[1].split(",")[3:]] == pytest.approx(
        [2 * math.sin(1), 2 * math.cos(1), math.sin(1)]
    )
    assert out[2] == "b,3,4,6.0,2.0,0.0"


def test_a_header_on_the_line(folder):
    assert rows(folder, "x*y", "1,2\n", "--header", "x,y") == "x,y,f,df_dx,df_dy\n1,2,2.0,2.0,1.0\n"


def test_a_prefix_makes_a_chain(folder):
    first = rows(folder, "x*y", TABLE)
    second = rows(folder, "x+y", first, "--prefix", "s_", command="value")
    assert second.splitlines()[1] == "a,1,2,2.0,2.0,1.0,3.0"
    assert second.splitlines()[0].endswith(",s_f")


def test_a_header_alone(folder):
    assert rows(folder, "x*y", "x,y\n") == "x,y,f,df_dx,df_dy\n"
    assert rows(folder, "x*y", "", name="in.jsonl") == ""


def test_thousands_of_columns(folder):
    names, cells = [f"c{k}" for k in range(5000)], [str(k) for k in range(5000)]
    out = rows(folder, "c17*c4999", "\n".join([",".join(names), ",".join(cells), ",".join(cells)]))
    assert out.splitlines()[2].split(",")[5000:] == ["84983.0", "4999.0", "17.0"]


def test_many_results_in_small_blocks(folder, monkeypatch):
    monkeypatch.setattr(run, "_MOST_NUMBERS", 100)
    text = "x\n" + "".join(f"{k};1;2;3\n" for k in range(20_000))
    out = rows(folder, "sum(x^2)", text, command="hess")
    assert out.count("\n") == 20_001
    assert out.splitlines()[-1].startswith(f"19999;1;2;3,{19999**2 + 14}.0,2.0,0.0,")


# --- formats


FORMATS = ["csv", "tsv", "jsonl", "npy", "npz", "parquet", "arrow"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("via", FORMATS)
def test_every_format_to_every_other(folder, via, format):
    if {via, format} & {"parquet", "arrow"}:
        pytest.importorskip("polars")
    put(folder, "in.csv", "x,y\n1,2\n0.1,4\n")
    assert adiff("grad", "x^2*y", "--rows", "in.csv", "-o", f"via.{via}") == (0, "", "")
    total = "x + y + f + df_dx + df_dy"  # uses all columns
    assert adiff("value", total, "--rows", f"via.{via}", "--prefix", "g", "-o", f"out.{format}") == (0, "", "")
    code, out, err = adiff("value", f"gf - ({total})", "--rows", f"out.{format}", "--prefix", "h", "-f", "jsonl")
    assert (code, err) == (0, "")
    for line, (x, y) in zip(out.splitlines(), [(1, 2), (0.1, 4)], strict=True):
        row = {"x": x, "y": y, "f": x**2 * y, "df_dx": 2 * x * y, "df_dy": x**2}
        assert json.loads(line) == pytest.approx(row | {"gf": sum(row.values()), "hf": 0}, abs=1e-15)


def test_what_a_format_of_arrays_leaves_out_is_told(folder):
    put(folder, "in.csv", TABLE)
    assert adiff("value", "x", "--rows", "in.csv", "-o", "out.npz") == (
        0, "", "note: npz holds numbers: 2 columns that are not used were left out\n")  # fmt: skip
    assert dict(np.load("out.npz")).keys() == {"x", "f"}


def test_texts_of_other_columns_survive(folder):
    pytest.importorskip("polars")
    put(folder, "in.csv", 'name,x\n"a ""b"", c",1\n,2\n')
    for name in ("a.jsonl", "b.tsv", "c.parquet", "d.arrow", "e.csv"):
        assert adiff("value", "x", "--rows", "in.csv", "-o", name)[0] == 0
        (folder / name).rename(folder / f"in{name[1:]}")
    assert (folder / "in.csv").read_text() == 'name,x,f\n"a ""b"", c",1,1.0\n,2,2.0\n'
    assert (folder / "in.jsonl").read_text().splitlines()[1] == '{"name":null,"x":2,"f":2.0}'
    assert (folder / "in.tsv").read_text().splitlines()[1] == '"a ""b"", c"\t1\t1.0'
    for name in ("in.parquet", "in.arrow"):
        out = adiff("value", "x", "--rows", name, "--prefix", "g", "-f", "jsonl")[1]
        assert json.loads(out.splitlines()[0]) == {"name": 'a "b", c', "x": 1.0, "f": 1.0, "gf": 1.0}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("in.csv", "id,x\n" + ",1\n" * 40 + "007,2\n", "String"),
        ("in.jsonl", '{"id":null,"x":1}\n' * 40 + '{"id":7,"x":2}\n', "Int64"),
        ("in.jsonl", '{"id":7,"x":1}\n' * 40 + '{"id":7.5,"x":2}\n', "Float64"),
    ],
)
def test_types_of_columns_that_are_not_used(folder, monkeypatch, name, text, kind):
    """They are those of the file, and of all of its rows, where the first ones tell less."""
    polars = pytest.importorskip("polars")
    monkeypatch.setattr(run, "_MOST_NUMBERS", 100)
    put(folder, name, text)
    assert adiff("value", "x", "--rows", name, "-o", "out.parquet") == (0, "", "")
    found = polars.read_parquet("out.parquet")
    assert found["f"].to_list() == [1.0] * 40 + [2.0]
    assert str(found["id"].dtype) == kind


@pytest.mark.parametrize("count", [1, 40])
def test_a_column_of_many_kinds_fits_no_type(folder, monkeypatch, count):
    pytest.importorskip("polars")
    monkeypatch.setattr(run, "_MOST_NUMBERS", 100)
    put(folder, "in.jsonl", '{"id":7,"x":1}\n' * count + '{"id":[1,2],"x":2}\n')
    code, _, err = adiff("value", "x", "--rows", "in.jsonl", "-o", "out.parquet")
    assert (code, err.partition(":")[0]) == (2, "error[value]") and "cannot put in one column" in err
    assert not (folder / "out.parquet").exists()


def test_rows_of_one_array(folder):
    np.save("in.npy", np.arange(6.0).reshape(2, 3))
    assert adiff("grad", "sum(x^2)", "--rows", "in.npy", "-f", "jsonl")[1].splitlines()[1] == (
        '{"x":[3.0,4.0,5.0],"f":50.0,"df_dx":[6.0,8.0,10.0]}'
    )
    assert adiff("value", "a*b*c", "--rows", "in.npy", "--header", "a,b,c", "-f", "csv")[1] == (
        "a,b,c,f\n0.0,1.0,2.0,0.0\n3.0,4.0,5.0,60.0\n"
    )
    assert "--header a,b,c names" in adiff("value", "a*b", "--rows", "in.npy")[2]


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(3, complex), "does not hold numbers"),
        (np.zeros(3, "U2"), "does not hold numbers"),
        (np.zeros((3, 2), order="F"), "one after the other"),
        (np.float64(1), "one after the other"),
        (np.array([None, 1]), "objects of Python"),
    ],
)
def test_arrays_that_are_no_rows(folder, array, said):
    np.save("in.npy", array)
    code, out, err = adiff("value", "x", "--rows", "in.npy")
    assert (code, out) == (2, "")
    assert said in err


def test_files_that_are_cut(folder):
    np.save("in.npy", np.zeros(1000))
    put(folder, "cut.npy", (folder / "in.npy").read_bytes()[:-1])
    put(folder, "cut.npz", b"PK\x03\x04")
    put(folder, "cut.parquet", b"PAR1")
    for name in ("cut.npy", "cut.npz", "cut.parquet"):
        if name != "cut.parquet" or extras.optional("polars"):
            assert adiff("value", "x", "--rows", name, "-o", "out.csv")[0] == 2
            assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_packed_files(folder, suffix):
    if suffix == "zst":
        pytest.importorskip("zstandard")
    put(folder, "in.csv", TABLE)
    assert adiff("grad", "x*y", "--rows", "in.csv", "-o", f"a.csv.{suffix}") == (0, "", "")
    packed = (folder / f"a.csv.{suffix}").read_bytes()
    put(folder, f"twice.csv.{suffix}", packed + packed)
    out = adiff("value", "x", "--rows", f"twice.csv.{suffix}", "--prefix", "g", "--on-error", "skip", "-q")[1]
    assert [row[0] for row in out.splitlines()] == ["i", "a", "b", "a", "b"]
    put(folder, f"cut.csv.{suffix}", packed[:-5])
    assert "are cut off" in adiff("value", "x", "--rows", f"cut.csv.{suffix}", "--prefix", "g")[2]


def test_a_damaged_file(folder):
    put(folder, "in.csv.gz", gzip.compress(TABLE.encode())[:15] + b"garbage of some length")
    assert "data are wrong" in adiff("value", "x", "--rows", "in.csv.gz")[2]


def test_the_format_is_seen_in_the_data(folder):
    for text, out in (('{"x":1}\n', '{"x":1,"f":1.0}\n'), ("x\ty\n1\t2\n", "x\ty\tf\n1\t2\t1.0\n")):
        assert rows(folder, "x", text, name="data", command="value") == out


def test_line_ends_and_marks(folder):
    put(folder, "in.csv", b"\xef\xbb\xbfx,y\r\n1,2\r\n\r\n3,4")
    assert adiff("value", "x*y", "--rows", "in.csv", "-o", "out.csv")[0] == 0
    assert (folder / "out.csv").read_bytes() == b"\xef\xbb\xbfx,y,f\r\n1,2,2.0\r\n3,4,12.0\r\n"


# --- what can be odd


BAD = "x,y\n1,2\nNA,3\n4,5\n"


def test_a_bad_row_ends_the_run(folder):
    put(folder, "in.csv", BAD)
    code, out, err = adiff("value", "x*y", "--rows", "in.csv")
    assert (code, out) == (3, "x,y,f\n1,2,2.0\n")
    assert err.startswith("error[bad-row]: line 3, column x: NA stands for a missing number\n")
    assert adiff("value", "x*y", "--rows", "in.csv", "-o", "out.csv")[0] == 3
    assert not (folder / "out.csv").exists()


def test_a_bad_row_has_no_results(folder):
    put(folder, "in.csv", BAD)
    code, out, err = adiff("value", "x*y", "--rows", "in.csv", "--on-error", "null")
    assert (code, out) == (0, "x,y,f\n1,2,2.0\nNA,3,\n4,5,20.0\n")
    assert (
        err == "warning: 1 of 3 rows have no results; the first is line 3, column x: NA stands for a missing number\n"
    )
    out = adiff("value", "x*y", "--rows", "in.csv", "--on-error", "null", "-f", "jsonl", "-q")
    assert out == (0, '{"x":1,"y":2,"f":2.0}\n{"x":"NA","y":3,"f":null}\n{"x":4,"y":5,"f":20.0}\n', "")


def test_a_bad_row_is_left_out(folder):
    put(folder, "in.csv", BAD)
    code, out, err = adiff("value", "x*y", "--rows", "in.csv", "--on-error", "skip")
    assert (code, out) == (0, "x,y,f\n1,2,2.0\n4,5,20.0\n")
    assert err.startswith("warning: 1 of 3 rows were left out; ")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("abc,1", "column x: abc is not a number"),
        (",1", "column x: the cell is empty"),
        ("1", "it has 1 cell, but there are 2 columns"),
        ("1,2,3", "it has 3 cells, but there are 2 columns"),
        ('"1,5",2', "column x: 1,5 is not a number; decimals have a point"),
        ("1_0,2", "column x: 1_0 is not a number"),
        ("1e999,2", "column x: 1e999 is too large"),
        ("1;2,2", "column x: this is an array of shape (2), but in the first row it is one number"),
        ('"[1,",2', "column x: [1,: a bracket is never closed"),
        ('"@in.csv;,",2', "column x: @in.csv is not a number"),
        ("x" * 99 + ",2", "is not a number"),
        ('"1"2,2', "its quotes do not fit"),
        ('"1,2', "its quotes do not fit"),
        ("1\r2,2", "column x"),
    ],
)
def test_bad_rows_of_a_table(folder, row, said):
    put(folder, "in.csv", f"x,y\n1,2\n{row}\n".encode())
    code, out, err = adiff("value", "x*y", "--rows", "in.csv")
    assert (code, out) == (3, "x,y,f\n1,2,2.0\n")
    assert said in err
    assert "line 3" in err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nope", "nope is not JSON"),
        ("[1]", "this is not an object"),
        ("{}", "this object is empty"),
        ('{"y":1}', "column x: there is no such key"),
        ('{"x":null}', "column x: this is null"),
        ('{"x":true}', "column x: this is true or false"),
        ('{"x":"1"}', "column x: this is a text"),
        ('{"x":{"a":1}}', "column x: this is an object"),
        ('{"x":[1]}', "column x: this is an array of shape (1)"),
        ('{"x":[[1],2]}', "column x: its inner lists differ"),
        ('{"x":1e999}', "column x: 1e999 is too large"),
        ('{"x":1},{"x":2}', "is not JSON"),
        ('{"x":1,"f":2}', "there is a key f already"),
        ('{"x":' + "[" * 100_000, "is not JSON"),
        ('{"x":"\\ud800', "is not JSON"),
    ],
)
@pytest.mark.parametrize("is_plain", [False, True])
def test_bad_rows_of_json(folder, row, said, is_plain, request):
    if is_plain:
        request.getfixturevalue("plain")
    put(folder, "in.jsonl", f'{{"x":1}}\n{row}\n')
    code, out, err = adiff("value", "x", "--rows", "in.jsonl")
    assert (code, out) == (3, '{"x":1,"f":1.0}\n')
    assert said in err


@pytest.mark.parametrize("name", ["orjson", "none"])
def test_numbers_of_json(folder, monkeypatch, name):
    """By orjson, where it is installed, and by Python."""
    monkeypatch.setattr(jsonl, "optional", lambda _: extras.optional(name))
    text = '{"x":1.50}\n{"x":-0}\n{"x":NaN}\n{"x":12345678901234567890}\n'
    put(folder, "in.jsonl", text)
    code, out, _ = adiff("value", "x", "--rows", "in.jsonl", "-f", "csv")
    assert (code, out) == (
        0,
        "x,f\n1.50,1.5\n-0,-0.0\nnan,nan\n12345678901234567890,1.2345678901234567e+19\n",
    )


def test_keys_that_the_first_row_lacks(folder):
    put(folder, "in.jsonl", '{"x":1}\n{"x":2,"z":3}\n')
    assert adiff("value", "x", "--rows", "in.jsonl")[:2] == (0, '{"x":1,"f":1.0}\n{"x":2,"z":3,"f":2.0}\n')
    code, out, err = adiff("value", "x", "--rows", "in.jsonl", "-f", "csv")
    assert (code, out) == (3, "x,f\n1,1.0\n")
    assert "line 2: there is a key z, which the first row has not" in err


def test_short_rows_keep_their_columns(folder):
    put(folder, "in.csv", "x,y\n1,2\n3\n1,2,3\n")
    code, out, err = adiff("value", "x*y", "--rows", "in.csv", "--on-error", "null")
    assert (code, out) == (3, "x,y,f\n1,2,2.0\n3,,\n")  # a row that is too long has no place for results
    assert "line 4" in err


def test_results_that_are_not_finite(folder):
    put(folder, "in.csv", "x\n1\n0\n-1\n")
    code, out, err = adiff("grad", "log(x)", "--rows", "in.csv")
    assert (code, out) == (0, "x,f,df_dx\n1,0.0,1.0\n0,-inf,inf\n-1,nan,nan\n")
    said = "the results of 2 of 3 rows are not finite; the first is line 3, where log(x) is -inf at 0"
    assert err == f"warning: {said}\n  | log(x)\n  | ^^^^^^\n"
    out = adiff("grad", "log(x)", "--rows", "in.csv", "-f", "jsonl", "-q")[1]
    assert out.splitlines()[1] == '{"x":0,"f":null,"df_dx":null}'
    code, out, err = adiff("grad", "log(x)", "--rows", "in.csv", "--strict")
    assert (code, out) == (3, "x,f,df_dx\n1,0.0,1.0\n")
    assert "line 3: its results are not finite" in err
    assert adiff("grad", "log(x)", "--rows", "in.csv", "--strict", "--on-error", "null", "-q")[1].endswith(
        "\n0,,\n-1,,\n"
    )


def test_a_row_for_which_there_is_no_answer(folder):
    put(folder, "in.csv", "A_0_0,A_0_1,A_1_0,A_1_1\n1,0,0,2\n1,1,1,1\n4,0,0,2\n")
    code, out, err = adiff("value", "inv(A)[0, 0]", "--rows", "in.csv", "--on-error", "null")
    assert (code, [row.rpartition(",")[2] for row in out.splitlines()]) == (0, ["f", "1.0", "", "0.25"])
    assert "the first is line 3: inv needs a matrix that can be inverted" in err
    code, out, err = adiff("value", "inv(A)[0, 0]", "--rows", "in.csv")
    assert (code, out.count("\n")) == (3, 2)


def test_a_header_that_cannot_be_read(folder):
    put(folder, "in.csv", '"x"1,y\n1,2\n')
    assert "the header of in.csv cannot be read: its quotes do not fit" in adiff("value", "y", "--rows", "in.csv")[2]


def test_long_cells(folder):
    text = ";".join(["1"] * 100_000)
    assert rows(folder, "sum(x)", f'k,x\n"a",{text}\n', command="value").endswith(",100000.0\n")


def test_the_input_may_be_the_output(folder):
    put(folder, "in.csv", TABLE)
    assert adiff("value", "x*y", "--rows", "in.csv", "-o", "in.csv")[0] == 0
    assert (folder / "in.csv").read_text() == "id,x,y,f\na,1,2,2.0\nb,3,4,12.0\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--raw"], "--raw means nothing with --rows"),
        (["--digits", "3"], "--digits means nothing"),
        (["--formula"], "--formula means nothing"),
        (["--on-error", "ignore"], "--on-error is stop, null or skip"),
        (["--jobs", "0"], "--jobs"),
        (["-f", "table"], "rows have no format called table"),
        (["--json", "-f", "csv"], "--json is --format jsonl"),
        (["-o", "out.json"], "no format of rows is known by .json"),
        (["--wrt", "z"], "z is not a variable"),
        (["--z", "1"], "z is neither a variable"),
        (["--x", "1"], "x is given a value, but in.csv has a column"),
    ],
)
def test_options_that_do_not_fit(folder, words, said):
    put(folder, "in.csv", TABLE)
    code, out, err = adiff("grad", "x*y", "--rows", "in.csv", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_headers_of_text_that_has_names(folder):
    put(folder, "in.jsonl", '{"x":1}\n')
    assert "--header is for files without names" in adiff("value", "x", "--rows", "in.jsonl", "--header", "x")[2]


def test_utf_16_is_told(folder):
    put(folder, "in.csv", "x,y\n1,2\n".encode("utf-16"))
    assert "iconv" in adiff("value", "x", "--rows", "in.csv")[2]


# --- two ways, the same bytes


@pytest.mark.parametrize(("end", "suffix"), [("\n", "csv"), ("\r\n", "tsv"), ("\n", "jsonl")])
def test_large_files_are_the_same_without_the_extra(folder, monkeypatch, request, end, suffix):
    """Over several blocks, with everything in them."""
    pytest.importorskip("polars")
    monkeypatch.setattr(fast, "_ENOUGH", 1 << 15)
    draw = np.random.default_rng(0)
    numbers = np.concatenate([draw.normal(size=8000), 10.0 ** draw.uniform(-12, 18, 4000), [0.0, 1e300, 1e-320]])
    lines = [f"{x!r},{y!r},t{k}" for k, (x, y) in enumerate(zip(numbers.tolist(), numbers[::-1].tolist(), strict=True))]
    lines[5000] = "NA,1,é"
    put(folder, "in.csv", end.join(["x,y,name", *lines, ""]))
    words = ("grad", "x^2*y", "--rows", "in.csv", "--on-error", "null", "-o")
    assert adiff(*words, f"fast.{suffix}")[0] == 0
    request.getfixturevalue("plain")
    assert adiff(*words, f"plain.{suffix}")[0] == 0
    assert (folder / f"plain.{suffix}").read_bytes() == (folder / f"fast.{suffix}").read_bytes()
