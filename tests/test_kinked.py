"""Rows at kinks are those of which an answer at that point alone would warn."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli import analysis
from autodiff_cli.cli import main
from autodiff_cli.engine import trouble
from autodiff_cli.engine.program import Line, Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.rules import RULES
from autodiff_cli.engine.run import Rows
from autodiff_cli.engine.simplify import simplified
from autodiff_cli.engine.tensor import variable
from autodiff_cli.kinked import Kinked
from autodiff_cli.pyfunction import PythonFunction
from autodiff_cli.recorded import Recorded
from autodiff_cli.remarks import of_kinks
from autodiff_cli.runner import Runner
from tests.engine.samples import (
    arithmetic,
    choices,
    complex_linalg,
    complex_numbers,
    elementary,
    linalg,
    nn,
    reductions,
    sample,
    sorting,
    statistics,
)

FAMILIES = arithmetic, choices, complex_linalg, complex_numbers, elementary, linalg, nn, reductions, sorting, statistics
SAMPLES = [
    sample("a step", np.heaviside, (3,), (3,)),
    sample("a sign", np.copysign, (3,), (3,)),
    *(sample for family in FAMILIES for sample in family.SAMPLES),
]


class TestRules:
    """Samples of all functions that have kinks, against a loop over points."""

    def test_all_that_have_a_kink(self):
        told, calls = defaultdict(set), set()
        for case in SAMPLES:
            try:
                for rule, is_told in self.compared(case, calls):
                    told[rule].add(is_told)
            except Exception as error:
                error.add_note(f"of the sample {case.name!r}")
                raise
        with_kinks = {rule for rule in RULES.values() if rule.kink is not None}
        assert {rule.name for rule in with_kinks if told[rule] != {False, True}} == set()

    def compared(self, case, calls):
        """(rule, whether a row is told of) for each row of a sample, and each rule with kinks in it; of samples with
        the same calls only the first is looked at."""
        recorded = record(case.call, case.at)
        if type(recorded.output) is not Line or isinstance(recorded.output.value, tuple):
            return
        lines = trouble.kinked(recorded.simplified, recorded.inputs.values())
        here = {(line.rule, repr(line.params), *(np.ndim(o.value) for o in line.parents)) for line in lines}
        if here <= calls:
            return
        calls |= here
        points = rows_of(case)
        known = found(recorded, points, order=1)
        for row, is_told in known.items():
            assert is_told == bool(of_kinks(record(case.call, [p[row] for p in points]), recorded.inputs, 1)), row
            yield from ((line.rule, is_told) for line in lines)


def record(call, point):
    with Recording(), np.errstate(all="ignore"):
        inputs = {f"x{k}": variable(np.asarray(array)[()]) for k, array in enumerate(point)}
        output = call(*inputs.values())
        output = np.real(output) if np.iscomplexobj(output) else output
    line = getattr(output, "line", None)
    return Recorded("", {name: x.line for name, x in inputs.items()}, line, line and simplified(line))


def rows_of(case):
    """Arrays with rows: the point of a sample, and some at which entries are equal, zero or whole."""
    first = [np.asarray(a) for a in case.at]
    points = [first, [np.round(a, 1) for a in first], [a - a.flat[0] for a in first]]
    points += [[np.full_like(a, number) for a in first] for number in (0, 1)]
    points += [[np.zeros_like(first[0]), *first[1:]]]
    return [np.stack(arrays) for arrays in zip(*points, strict=True)]


def found(recorded, points, order):
    """Whether each row is told of, by its number; without those in which something is not finite."""
    rowed = [True] * len(points)
    kinked = Kinked(recorded, recorded.inputs, order, rowed)
    run = Rows(kinked.beside(Program(recorded.inputs.values(), [recorded.output]), 1), rowed)
    count, value = len(points[0]), recorded.output.value
    kinks = np.zeros(count, bool)
    doubtful = run(points, [np.empty((count, *value.shape), value.dtype), kinks])
    unknown = kinked.settle(points, kinks, np.setdiff1d(np.flatnonzero(kinks), doubtful))
    return {k: bool(kinks[k]) for k in range(count) if k not in {*doubtful, *unknown}}


# --- questions asked of rows, against the warnings of reports of each

WITH_KINKS = [
    # question, text, how many of 40 rows are at a kink at least, what the question takes
    ("grad", "abs(x)*y + relu(y)", 5, {}),
    ("grad", "abs(x)^3 + max([x, y])", 5, {}),
    ("grad", "abs(x - 1)*abs(x - 1) + y", 0, {}),
    ("grad", "x^2*y", 0, {}),
    ("grad", "sqrt(abs(x))*y", 5, {}),
    ("grad", "log(x)*abs(y)", 5, {}),
    ("grad", "where(x > 0, abs(y), y)", 3, {}),
    ("grad", "norm([x, y])*x + median([x, y, 1])", 5, {}),
    ("grad", "clip(x, 0, y + 3) - x % 2", 5, {}),
    ("grad", "x^y", 1, {}),
    ("grad", "std([x, y])*y", 5, {}),
    ("grad", "abs'(x)*y", 5, {}),
    ("value", "abs(x)*y", 0, {}),
    ("value", "D(abs(x)*y, x)", 5, {}),
    ("value", "D(D(abs(x)*y, x)*x, x)", 5, {}),
    ("jac", "[abs(x)*y, max([x, y]), sort([x, y, 1])[1]]", 5, {}),
    ("jac", "[0*abs(x), y]", 0, {}),
    ("jvp", "abs(x)*y", 5, {"tangents": {"y": 1.0}}),
    ("vjp", "[abs(x)*y, relu(y)]", 5, {"cotangent": [0.0, 1.0]}),
    ("hess", "abs(x)^3*y", 5, {}),
    ("hvp", "relu(x)^2*y", 5, {"tangents": {"x": 1.0}}),
    ("deriv", "abs(x)^3*y", 5, {"order": {"x": 2}}),
    ("deriv", "abs(x)^3*y", 0, {"order": {"x": 1}}),
    ("deriv", "abs(x)*abs(y)", 5, {"order": {"x": 1}}),
    ("taylor", "abs(x)*sin(x)", 5, {"order": 3}),
]
ALONE = {"grad": analysis.gradient, "jac": analysis.jacobian, "hess": analysis.hessian, "deriv": analysis.derivative}
ALONE |= {name: getattr(analysis, name) for name in ("value", "jvp", "vjp", "hvp", "taylor")}


def branching(x, y):
    return x * y if x > 1 else abs(x) * np.maximum(y, 0)


def leaving(x, y):
    return x * x.item() + abs(y)


def told(question, target, points, details):
    """Which rows are told of."""
    kinks = np.zeros(len(points["x"]), bool)
    Runner(target, question, None, dict.fromkeys(target.variables, ()), {}, **details)(points, {}, kinks)
    return kinks.tolist()


def alone(question, target, points, details):
    """For each row whether a report of it has a warning beside that it is not finite."""
    rows = ({name: array[k] for name, array in points.items()} for k in range(len(points["x"])))
    reports = (ALONE[question](target, row, **details) for row in rows)
    return [any(r.code not in ("non-finite", "undefined") for r in report.remarks) for report in reports]


def whole_points(names, count=40):
    return {name: np.random.default_rng(3 + k).integers(-1, 3, count) * 1.0 for k, name in enumerate(names)}


@pytest.mark.parametrize(("question", "text", "least", "details"), WITH_KINKS)
def test_rows_are_told_of_as_points_are(question, text, least, details):
    target = ad.parse(text)
    points = whole_points(target.variables)
    expected = alone(question, target, points, details)
    assert told(question, target, points, details) == expected
    assert (sum(expected) >= least) if least else not any(expected)


@pytest.mark.parametrize(("function", "count"), [(branching, 40), (branching, 200), (leaving, 40)])
def test_functions_of_python(function, count):
    target = PythonFunction(function)
    points = whole_points(target.variables, count)
    assert told("grad", target, points, {}) == alone("grad", target, points, {})


# --- commands


@pytest.mark.parametrize("words", [[], ["-o", "out/"], ["-o", "all.csv"]])
def test_rows_are_counted_over_all_files(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    for name, rows in {"1": "2,1\n", "2": "NA,1\n0,2\n1,0\n", "3": "0,0\n0,5\n"}.items():
        Path(f"data/{name}.csv").write_text(f"x,y\n{rows}")
    assert main(["grad", "y*abs(x)", "--rows", "data", "--on-error", "skip", *words]) == 0
    _, bad, kinks = capsys.readouterr().err.split("warning: ")
    assert bad.startswith("1 of 6 rows were left out; the first is data/2.csv, line 2, column x")
    assert kinks == (
        "at 2 of 6 rows there is a kink; the first is data/2.csv, line 3, where abs(x) has a kink at 0: "
        "the slope is -1 on the left and 1 on the right; 0 is used\n  | y*abs(x)\n  |   ^^^^^^\n"
    )
