"""Programs as JSON: what is loaded again gives the same bits, and what is no program is refused in words."""

import json

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.export.json import dotted, table
from tests.export.expressions import EXPRESSIONS, arrays, of_the_catalogue, of_the_transcripts, text
from tests.export.test_numpy import assert_same

SPECTRAL = [("sum(exp(eigvalsh(A)))", {"A": [[2, 1], [1, 3]]}), ("sum(eigh(A + A')[0]^3)", {"A": [[2, 1], [4, 3]]})]


def check(source, point, factors=(1.0, 1.01)):
    program, expression = ad.load_program(text(source, point, "json")), ad.parse(source)
    for factor in factors:
        given = arrays(point, factor)
        assert_same(program(**given), expression.value_and_grad(given))


def test_expressions():
    for source, point in (*EXPRESSIONS, *SPECTRAL):
        check(source, point)


def test_the_whole_catalogue():
    for source, point in of_the_catalogue():
        check(source, point)


def test_the_record():
    record = json.loads(text("sum(2*x)", {"x": [1, 2]}, "json"))
    assert record == {
        "schema": "adiff/1", "command": "export", "expr": "sum(2*x)", "wrt": ["x"],
        "program": {
            "inputs": [{"name": "x", "shape": [2], "dtype": "float64"}],
            "lines": [{"name": "v0", "function": "numpy.multiply", "args": [2.0, "x"], "span": [4, 7]},
                      {"name": "v1", "function": "numpy.sum", "args": ["v0"], "span": [0, 8]}],
            "outputs": [{"label": "f", "value": "v1"},
                        {"label": "df_dx", "value": {"shape": [2], "dtype": "float64", "data": [2.0, 2.0]}}],
        },
    }  # fmt: skip


def test_files_and_arguments(tmp_path):
    path = tmp_path / "program.json"
    path.write_text(text("sum(x*y)", {"x": [1, 2], "y": 3}, "json"))
    program = ad.load_program(path)
    assert repr(program) == "LoadedProgram('sum(x*y)')"
    assert (program.variables, program.wrt) == (("x", "y"), ("x", "y"))
    value, gradient = program([1, 2], y=3)
    assert (value, gradient["x"].tolist(), gradient["y"].tolist()) == (9, [3, 3], 3)
    gradient["x"][:] = 0  # its own
    for arguments in ([], [[1, 2]], [[1, 2], 3, 4]):
        with pytest.raises(ad.AdiffError, match="this takes x, y, each once"):
            program(*arguments)
    with pytest.raises(ad.AdiffError, match=r"y must have the shape scalar, not \(2\)"):
        program([1, 2], [1, 2])
    with pytest.raises(ad.AdiffError, match=r"nowhere\.json cannot be read: no such file"):
        ad.load_program(tmp_path / "nowhere.json")


def test_names_of_functions_are_unambiguous():
    named = [dotted(rule) for rule in table().values()]
    assert len(named) == len({*named}) == len(table())


def edited(change):
    record = json.loads(text("sum(x[1:]^2)", {"x": [1, 2, 3]}, "json"))
    change(record)
    return json.dumps(record)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r.update(schema="other/1"), "its schema is another one"),
        (lambda r: r.pop("program"), "program is missing"),
        (lambda r: r["program"]["lines"][0].update(function="os.system"), "there is no function called os.system"),
        (lambda r: r["program"]["lines"][0].update(function="numpy.save"), "there is no function called numpy.save"),
        (lambda r: r["program"]["lines"][0].update(function=["numpy.sin"]), "its form is another one"),
        (lambda r: r["program"]["lines"][1].update(params={"out": 1}), "square does not take out"),
        (lambda r: r["program"]["lines"][1].update(args=["v9"]), "v9 is missing"),
        (lambda r: r["program"]["lines"][1].update(name="x"), "x is there twice"),
        (lambda r: r["program"]["inputs"][0].update(dtype="object"), "object is no type of numbers"),
        (lambda r: r["program"]["inputs"][0].update(shape=["3x"]), "its form is another one"),
        (lambda r: r["program"]["inputs"][0].update(shape=[-1]), "its form is another one"),
        (lambda r: r["program"]["lines"][0].update(params={"key": {"pickle": "x"}}), "pickle is missing"),
        (lambda r: r["program"]["outputs"].pop(), "its outputs are not the value and a derivative"),
        (lambda r: r["program"].update(inputs=3), "its form is another one"),
        (lambda r: r["program"].update(inputs=[]), "x is missing"),
    ],
)
def test_what_is_no_program(change, reason):
    with pytest.raises(ad.AdiffError, match=r"^this is no program of adiff: ") as error:
        ad.load_program(edited(change))
    assert reason in error.value.message


def test_what_is_no_json():
    for broken in ("{", "{]", '{"schema": 1}', "{" + '"a":[' * 100_000):
        with pytest.raises(ad.AdiffError, match=r"^this is no program of adiff"):
            ad.load_program(broken)


def test_a_program_that_cannot_be_run():
    program = ad.load_program(edited(lambda r: r["program"]["lines"][0]["params"].update(key={"tuple": [7]})))
    with pytest.raises(ad.AdiffError, match="the program cannot be run: index 7 is out of bounds"):
        program([1, 2, 3])


def test_single_precision():
    x = np.array([0.1, 0.2], np.float32)
    from autodiff_cli.exporting import export

    source = "sum(exp(x)*2.5)"
    program = ad.load_program(export(ad.parse(source), {"x": x}, to="json").record["text"])
    assert_same(program(x), ad.parse(source).value_and_grad(x=x))
    names = {}
    exec(export(ad.parse(source), {"x": x}, to="numpy").record["text"], names)
    assert_same(names["value_and_grad"](x), ad.parse(source).value_and_grad(x=x))


def test_every_gradient_of_the_transcripts_can_be_written():
    for source, point in of_the_transcripts():
        ad.load_program(text(source, point, "json"))
