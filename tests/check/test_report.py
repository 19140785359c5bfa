"""The report: what is shown, in which order; the line that repeats the check; and all of it as JSON."""

import json
import shlex

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.check.redo import quoted
from autodiff_cli.render import Style, render
from tests import transcripts


def lines(outcome, **options):
    return render(outcome.report(**options), "text", Style()).splitlines()


def as_json(outcome):
    return json.loads(render(outcome.report(full=True), "json", Style()), parse_constant=pytest.fail)


class TestTable:
    def test_only_wrong_components_worst_first(self):
        outcome = ad.check("sum(x^2)", "2*x*[1, 2, 1, 4, 3]", x=np.ones(5))
        assert [line.split()[0] for line in lines(outcome)[2:5]] == ["x[3]", "x[4]", "x[1]"]

    def test_at_most_ten_and_then_the_pattern(self):
        outcome = ad.check("sum(A^2)", "2*A + tril(A)", A=np.ones((9, 9)))
        shown = [line for line in lines(outcome) if line.startswith("A[")]
        assert len(shown) == 10
        assert "where   35 more, the lower triangle" in lines(outcome)

    def test_all_components_where_asked_for(self):
        outcome = ad.check("sum(x^2)", "2*x*[1, 2, 1]", x=np.ones(3))
        shown = lines(outcome, all_components=True)[2:5]
        assert [line.split()[0] for line in shown] == ["x[1]", "x[0]", "x[2]"]
        assert shown[1].split()[1:] == ["2", "2", "2", "0.0e+00", "1.000"]

    def test_as_many_digits_as_tell_the_two_apart(self):
        row = lines(ad.check("x^2", "2*x*(1 + 3e-6)", x=1))[2].split()
        assert row[1] == "2.000006"

    def test_an_undefined_claim_is_shown_as_such(self):
        assert lines(ad.check("sum(x^2)", "2*x^2/x", x=[0, 1]))[2].split()[:3] == ["x[0]", "nan", "0"]

    def test_a_point_that_was_drawn_is_written_out(self):
        outcome = ad.check("sum(x^2)", "2*x^2", x=[1, 1])
        text = str(outcome)
        assert "\nat      --x " in text
        assert "points  they differ at 3 of 4 points; at the given one all agree" in text

    def test_colours_change_nothing_else(self):
        report = ad.check("sum(x^2)", "x", x=[1, 2]).report()
        painted = render(report, "table", Style(color=True))
        import re

        assert re.sub(r"\x1b\[[\d;]*m", "", painted) == render(report, "text", Style())
        assert painted != render(report, "text", Style())

    def test_digits(self):
        report = ad.check("sum(x^2)", "x", x=[1 / 3, 2]).report()
        assert "0.33  0.67" in render(report, "text", Style(digits=2))


class TestRedo:
    @pytest.mark.parametrize(
        "command",
        [
            'adiff check "x @ A @ x" --against "2*A@x" --wrt x --x 1,2,3 --A "1,2,0;0,3,1;4,0,1"',
            'adiff check "sum(x*y)" --against "x=-y" --against "y=2*x" --x 1,2 --y 3,4',
            'adiff check "sum(x^3)" --against "2*x^2" --seed 5 --random 2',
            'adiff check "sum(x^3)" --against "2*x^2" --shape x=2x2 --rtol 1e-8',
            'adiff check "x^2*y" --of hess --against "x,y=-2*x" --x 2 --y 3',
            "adiff check 'where(x != 0, sin(x)/x, 1)' --against 'where(x != 0, -cos(x)/x + sin(x)/x^2, 0)' --x 2",
            'adiff check "sum(of*seed^2)" --against "seed=of*seed" of=1,2 seed=3,4',
            'adiff check "A@x" --of jac --against "x=-A" --x 1,2 --A "1,2;3,4"',
        ],
    )
    def test_it_passes(self, command):
        first = transcripts.run(command)
        assert first.exit_code == 1
        redo = first.stdout.splitlines()[-1].removeprefix("redo    ")
        assert redo.startswith("adiff check ")
        assert transcripts.run(redo).exit_code == 0

    def test_it_says_the_same_where_nothing_is_known_to_be_better(self):
        first = transcripts.run('adiff check "sum(abs(x))" --against "sign(x)" --x 1,0 --atol 1e-3 --seed 2')
        redo = first.stdout.splitlines()[-1].removeprefix("redo    ")
        assert transcripts.run(redo) == first._replace(command=redo)

    def test_a_function_without_a_name_cannot_be_repeated(self):
        assert ad.check(lambda x: x**2, "x", x=1).repro == ""
        assert ad.check("x^2", lambda x: x, x=1).repro == ""

    def test_nor_many_numbers(self):
        assert ad.check("sum(x^2)", "x", x=np.ones(1000)).repro == ""

    @pytest.mark.parametrize("word", ["x", "2*x", "A'", 'a"b', "$x", "`x`", "x != y", "", "a\\b", "x; y", "1,2"])
    def test_words_survive_the_shell(self, word):
        assert shlex.split(quoted(word)) == [word]

    def test_words_that_need_no_quotes_have_none(self):
        assert quoted("1,2,3") == "1,2,3"
        assert quoted("2*A' @ x") == '"2*A\' @ x"'


class TestJson:
    def test_every_mismatch_at_every_point(self):
        record = as_json(ad.check("sum(x^2)", "2*x*[1, 2, 1]", x=[1, 2, 3]))
        assert record["verdict"] == record["claims"]["x"]["verdict"] == "fail"
        assert record["criterion"] == {"rtol": 1e-6, "atol": 1e-9}
        assert (record["seed"], len(record["points"]), record["drawn"]) == (0, 4, [False, True, True, True])
        assert record["points"][0] == {"x": [1.0, 2.0, 3.0]}
        mismatches = record["claims"]["x"]["mismatches"]
        assert [(m["point"], m["index"], m["status"]) for m in mismatches] == [(k, [1], "wrong") for k in range(4)]
        assert (mismatches[0]["yours"], mismatches[0]["ad"], mismatches[0]["rel"]) == (8.0, 4.0, 0.5)
        assert mismatches[0]["fd"] == pytest.approx(4, rel=1e-9)
        assert record["repro"].startswith("adiff check")

    def test_hints_have_the_corrected_formula(self):
        (hint,) = as_json(ad.check("x^3", "3*x", x=2))["hints"]
        assert hint["claim"] == "x"
        assert ad.check("x^3", hint["formula"], x=2).verdict == "pass"

    def test_slopes_at_a_kink(self):
        (mismatch,) = as_json(ad.check("abs(x)", np.array(1.0), x=0))["claims"]["x"]["mismatches"]
        assert (mismatch["status"], mismatch["slopes"]) == ("kink", [-1.0, 1.0])

    def test_what_is_not_finite_is_null_and_named(self):
        record = as_json(ad.check("x^2", "x/0*0", x=1, random=0))
        assert record["claims"]["x"]["mismatches"][0]["yours"] is None
        assert {"path": "claims.x.mismatches[0].yours", "value": "nan"} in record["nonfinite"]

    def test_a_claim_of_another_shape(self):
        record = as_json(ad.check("sum(x^2)", "2", x=[1, 2]))
        assert record["claims"]["x"]["refusal"].startswith("yours is one number")

    def test_the_reference(self):
        (here,) = as_json(ad.check("sum(x^2)", "x", x=[1, 2], random=0))["claims"]["x"]["reference"]
        assert here["off"] < 1e-10
        assert (here["moved"], here["directions"], here["second"]) == (2, 0, "the complex step")


class TestAtScale:
    COUNT = 3000

    def test_it_passes_along_random_directions_and_says_so(self):
        outcome = ad.check("sum(x*sin(x))", "sin(x) + x*cos(x)", x=np.linspace(-1, 1, self.COUNT), random=1)
        assert outcome.verdict == "pass"
        assert "(along 20 random directions)" in str(outcome)

    def test_the_worst_components_are_looked_at_one_by_one(self):
        x = np.linspace(-1, 1, self.COUNT)
        claim = lambda x: np.sin(x) + x * np.cos(x) + np.where(np.arange(x.size) % 100 == 7, 0.1, 0)  # noqa: E731
        outcome = ad.check("sum(x*sin(x))", claim, x=x, random=0)
        assert outcome.verdict == "fail"
        assert "every 100th from [7] on" in str(outcome)
        assert f"(along 20 random directions, and at 10 of {self.COUNT} components)" in str(outcome)
        assert all(row.split()[3] != "-" for row in lines(outcome)[2:12])

    def test_kinks_are_met_in_the_worst_components(self):
        x = np.linspace(0.5, 1, self.COUNT)
        x[5] = 0
        outcome = ad.check("sum(relu(x))", "x >= 0", x=x, random=0)
        assert outcome.verdict == "inconclusive"
        assert ad.check("sum(relu(x))", "2*(x >= 0)", x=x, random=0).verdict == "fail"

    def test_memory_is_linear(self):
        import tracemalloc

        def peak(count):
            x = np.linspace(-1, 1, count)
            tracemalloc.start()
            ad.check("sum(x^2)", lambda x: x, x=x, random=0)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return found / x.nbytes

        assert peak(100_000) < 60


class TestOnTheLine:
    def test_a_definition_is_no_name(self):
        assert transcripts.run('adiff check "x^2" --against "s = 2*x; s" --x 1').exit_code == 0

    def test_numbers_in_all_spellings(self):
        for claim in ("2,4", "[2, 4]", "x=2,4", "x=[2,4]"):
            assert transcripts.run(f'adiff check "sum(x^2)" --against "{claim}" --x 1,2').exit_code == 0

    def test_numbers_from_a_file(self, tmp_path):
        np.save(tmp_path / "g.npy", np.array([2.0, 4]))
        assert transcripts.run(f'adiff check "sum(x^2)" --against @{tmp_path}/g.npy --x 1,2').exit_code == 0

    def test_a_claim_may_begin_with_a_minus(self):
        assert transcripts.run('adiff check "-x^2" --against "-2*x" --x 1').exit_code == 0
