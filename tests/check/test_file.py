"""Checks that are listed in a file: what can be said there, and what comes of them."""

import json
from xml.etree import ElementTree

import pytest

from autodiff_cli.check import junit, suite
from autodiff_cli.check.file import read
from autodiff_cli.cli import main
from autodiff_cli.errors import AdiffError

GOOD = '[[check]]\nname = "good"\ntarget = "sum(x^3)"\nagainst = "3*x^2"\npoint = {x = [1, 2]}\n'
BAD = '[[check]]\nname = "bad <&> \\u0007"\ntarget = "sum(x^3)"\nagainst = "x^2"\npoint = {x = "1,2"}\n'
KINK = '[[check]]\ntarget = "abs(x)"\nagainst = "sign(x)"\npoint = {x = 0}\n'
BROKEN = '[[check]]\ntarget = "abs(x"\nagainst = "1"\n'


@pytest.fixture
def write(tmp_path):
    def write(text, name="checks.toml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "checks.toml lists no checks"),
        ("check = 3", "checks.toml lists no checks"),
        ("rtoll = 3\n" + GOOD, "checks.toml has a key rtoll"),
        ('[[check]]\ntarget = "x"', "checks.toml, check 1 has no against"),
        (GOOD + '[[check]]\ntaget = "x"', "checks.toml, check 2 has a key taget"),
        ('[[check]]\ntarget = 3\nagainst = "x"', "checks.toml, check 1 has a target of another kind: 3"),
        (GOOD + "random = true", "checks.toml, check 1 has a random of another kind: True"),
        (GOOD + "points = [{x = 1}]", "checks.toml, check 1 has a point as well as points"),
        ('[[check]]\ntarget = "x"\nagainst = "1"\npoints = [3]', "checks.toml, check 1 has points that are no tables"),
        (GOOD + 'shape = {x = "3"}', "checks.toml, check 1 has a shape of x"),
        ("x = ", "checks.toml is not TOML: invalid value"),
    ],
)
def test_what_is_not_understood(write, text, said):
    with pytest.raises(AdiffError) as error:
        read(write(text), {})
    assert error.value.message.startswith(said)
    assert error.value.exit_code == 2


def test_settings_come_from_the_check_then_the_file_then_the_line(write):
    cases = read(write("rtol = 1e-3\nseed = 5\n" + GOOD + "seed = 7\n" + BAD), {"rtol": 1.0, "seed": 1, "random": 2})
    assert cases[0].settings == {"rtol": 1e-3, "seed": 7, "random": 2}
    assert cases[1].settings == {"rtol": 1e-3, "seed": 5, "random": 2}


def test_wrt_and_shapes(write):
    text = '[[check]]\ntarget = "sum(x*y)"\nagainst = "x"\nwrt = "y"\nshape = {x = 3, y = [3]}\nof = "grad"'
    (case,) = read(write(text), {})
    assert case.settings == {"wrt": ("y",), "shapes": {"x": (3,), "y": (3,)}, "of": "grad"}
    assert case.run().verdict == "pass"


def test_paths_begin_in_the_folder_of_the_file(write, tmp_path, monkeypatch, capsys):
    write("import numpy as np\ndef f(x): return np.sum(x**2)\ndef g(x): return 2*x", "target_of_checks.py")
    write("1,2\n3,4\n", "x.csv")
    path = write(
        '[[check]]\ntarget = "target_of_checks.py:f"\nagainst = "target_of_checks.py:g"\npoint = {x = "@x.csv"}'
    )
    monkeypatch.chdir(tmp_path.parent)
    assert main(["check", "--file", path]) == 0
    assert capsys.readouterr().out.endswith("\n1 check: 1 passed\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [(GOOD, 0), (GOOD + BAD, 1), (KINK + GOOD, 3), (KINK + BROKEN, 2), (BROKEN + BAD + KINK, 1)],
)
def test_exit_codes(write, capsys, text, code):
    assert main(["check", "--file", write(text), "--here-only"]) == code


def test_a_function_that_fails_is_an_error_of_its_check_alone(write, capsys):
    write("def f(x): return 1/0\ndef g(x): return x", "failing_in_checks.py")
    text = '[[check]]\ntarget = "failing_in_checks.py:f"\nagainst = "failing_in_checks.py:g"\npoint = {x = 1}\n'
    assert main(["check", "--file", write(text + GOOD)]) == 4
    out = capsys.readouterr().out
    assert "ERROR  failing_in_checks.py:f: " in out
    assert "ZeroDivisionError" in out
    assert out.endswith("2 checks: 1 passed, 1 could not be run\n")


def test_json_has_every_check(write, capsys):
    main(["check", "--file", write(GOOD + BAD + BROKEN), "--json"])
    record = json.loads(capsys.readouterr().out)
    assert record["verdicts"] == {"pass": 1, "fail": 1, "inconclusive": 0, "error": 1}
    good, bad, broken = record["checks"]
    assert good["claims"]["x"]["verdict"] == "pass"
    assert bad["claims"]["x"]["mismatches"][0]["ad"] == pytest.approx(3 * bad["claims"]["x"]["mismatches"][0]["yours"])
    assert broken["error"]["code"] == "syntax"


def test_junit(write, tmp_path, capsys):
    report = tmp_path / "report.xml"
    assert main(["check", "--file", write(GOOD + BAD + KINK + BROKEN), "--junit", str(report)]) == 1
    said = capsys.readouterr().out
    (listed,) = ElementTree.parse(report).getroot()
    assert [listed.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "2"]
    good, bad, kink, broken = listed
    assert good.get("name") == "good"
    assert list(good) == []
    assert bad.get("name") == "bad <&> \N{REPLACEMENT CHARACTER}"
    assert bad.find("failure").get("message").startswith("FAIL  df/dx: 2 of 2 components differ")
    for line in bad.find("failure").text.splitlines()[1:]:
        assert line in said
    assert kink.find("error").get("type") == "inconclusive"
    assert broken.find("error").text == "error[syntax]: this parenthesis is never closed\nhelp: add ) at the end"
    assert float(listed.get("time")) == pytest.approx(sum(float(case.get("time")) for case in listed), abs=0.01)


def test_junit_of_a_single_check(tmp_path, capsys):
    report = tmp_path / "report.xml"
    assert main(["check", "x^2", "--against", "x", "--x", "3", "--junit", str(report)]) == 1
    assert ElementTree.parse(report).getroot().find(".//testcase").get("name") == "x^2"


def test_no_checks_make_an_empty_document():
    assert ElementTree.fromstring(junit.text([], "nothing").encode()).get("tests") == "0"
    assert suite.exit_code([]) == 0
