"""A leading axis is as good as a loop: every sample, and its sweep."""

from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

from autodiff_cli import engine
from autodiff_cli.engine import batch, rules
from autodiff_cli.engine.batchbook import ROWS, row_of
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program, ancestors
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from tests.engine.samples import for_each_sample

# What is looped over, and why.
WITHOUT_A_ROW = {
    **dict.fromkeys(
        ["nonzero", "flatnonzero", "argwhere", "starts", "places", "inside", "ix_"], "as many as there are"
    ),
    **dict.fromkeys(
        ["_places_left", "origins", "last", "ravel_multi_index", "counts"], "places, seldom computed from values"
    ),
    **dict.fromkeys(["allclose", "array_equal", "array_equiv"], "one answer for all entries, and of all shapes"),
    **dict.fromkeys(["weighted_places", "estimated_edges", "roots", "poly"], "loops in NumPy, too"),
    **dict.fromkeys(["lstsq", "spectral_map"], "of one matrix"),
    **dict.fromkeys(["frombuffer", "fromfile", "fromstring", "genfromtxt", "loadtxt"], "files"),
    **dict.fromkeys(["packbits", "unpackbits"], "bits"),
}
DECLINED = {
    **dict.fromkeys(["convolve", "filtered", "spread_back", "matched_filters"], "two batched factors"),
    "searchsorted": "a batched table",
    "isin": "a batched table",
    "index": "a batched mask, which may choose more in one place than in another",
    "scatter": "a batched mask",
    "assign": "index arrays, and what is seen through a view",
    "where": "the condition alone: as many as there are",
}
DERIVED = ("elementwise", "linear", "bilinear", "general")
# How many entries these find is known only where they look.
OF_ANY_LENGTH = {"nonzero", "flatnonzero", "_places_left", "starts", "places", "inside", "isin", "roots"}


def from_elsewhere(rule):
    """Rules that tests and the language add to those of the engine, if they were imported before."""
    return rule.function.__module__.startswith(("tests.", "autodiff_cli.language"))


def is_of_any_length(line):
    return line.rule.name in OF_ANY_LENGTH or (line.rule.name == "where" and len(line.operands) == 1)


def line_of(x):
    return x.line if isinstance(x, Tensor) and x.line is not None else x


def programs(case):
    """(program, a point, another) of the value of a sample, and of its sweep, with the cotangent as an input."""
    rng = np.random.default_rng(4)
    with Recording(), np.errstate(all="ignore"):
        inputs = [variable(p) for p in case.at]
        answer = case.call(*inputs)
        if not isinstance(answer, Tensor):
            return
        lines = [x.line for x in inputs]
        yield Program(lines, [answer.line]), case.at, case.elsewhere
        g, other = (rng.standard_normal(answer.shape)[()] for _ in range(2))
        seed = variable(g)
        gradients = vjp([answer.line], [seed], lines, record=True)
        yield Program([*lines, seed.line], list(map(line_of, gradients))), (*case.at, g), (*case.elsewhere, other)


def choices(count):
    """Which inputs are batched: all of them, and each alone."""
    alone = [tuple(i == k for i in range(count)) for k in range(count)]
    return [(True,) * count, *(alone if count > 1 else [])]


def stacked(point, other, batched):
    return [np.stack([p, q, p]) if b else p for p, q, b in zip(point, other, batched, strict=True)]


def looped(program, points, batched):
    """The outputs at each point."""
    return [program(*(x[k] if b else x for x, b in zip(points, batched, strict=True))) for k in range(3)]


def assert_close(got, want):
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape and got.dtype == want.dtype
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)


def check_batched(program, points, batched):
    want = looped(program, points, batched)
    for k, (value, is_batched) in enumerate(batch.run(program, points, batched)):
        assert_close(value, np.stack([answer[k] for answer in want]) if is_batched else want[0][k])


def check_recorded(program, points, batched):
    """On Tensors the run has the same bits, and can be differentiated."""
    (raw, _), *_ = batch.run(program, points, batched)
    with Recording():
        inputs = [variable(x) for x in points]
        (answer, _), *_ = batch.run(program, inputs, batched)
        assert np.array_equal(answer.value, raw, equal_nan=True)
        g = np.random.default_rng(5).standard_normal(raw.shape)
        gradients = vjp([answer.line], [g], [x.line for x in inputs])
    with Recording():
        inputs = [[variable(x[k]) for x in points] for k in range(3)]
        answers = [program(*point)[0] for point in inputs]
        want = [vjp([y.line], [h[()]], [x.line for x in p]) for y, h, p in zip(answers, g, inputs, strict=True)]
    for got, *parts in zip(gradients, *want, strict=True):
        assert_close(got, np.stack(parts))


def check_empty(program, points, batched):
    full, empty = batch.run(program, points, batched), batch.run(program, [x[:0] for x in points], batched)
    for (some, is_batched), (none, _) in zip(full, empty, strict=True):
        if is_batched:
            assert np.shape(none) == (0, *np.shape(some)[1:])


@pytest.fixture
def loops(monkeypatch):
    """The names of the rules that were looped over."""
    found, loop = set(), batch._loop

    def spy(rule, *args):
        found.add(rule.name)
        return loop(rule, *args)

    monkeypatch.setattr(batch, "_loop", spy)
    return found


@for_each_sample
@np.errstate(all="ignore")
def test_a_batch_equals_a_loop(case, loops):
    for program, point, other in programs(case):
        for batched in choices(len(point)):
            check_batched(program, stacked(point, other, batched), batched)
        everything = choices(len(point))[0]
        points = stacked(point, other, everything)
        if not any(map(is_of_any_length, program.lines)):
            check_empty(program, points, everything)
        if len(program.outputs) == 1 and not isinstance(program.outputs[0], np.ndarray):
            check_recorded(program, points, everything)
    assert loops <= {*WITHOUT_A_ROW, *DECLINED}


# --- outputs of a program


def test_outputs_that_no_batched_input_reaches():
    x, y = variable(np.float64(2)), variable(np.float64(3))
    program = Program([x.line, y.line], [(x * y).line, np.sin(y).line, x.line, 7.0])
    answers = batch.run(program, (np.array([1.0, 2.0]), np.float64(3)), (True, False))
    assert [is_batched for _, is_batched in answers] == [True, False, True, False]
    assert np.array_equal(answers[0][0], [3, 6]) and answers[1][0] == np.sin(3) and answers[3][0] == 7


# --- the table


def test_what_has_no_row():
    """To put something on this list is a decision."""
    for module in iter_modules(engine.__path__):
        import_module(f"{engine.__name__}.{module.name}")
    recorded = {rule for rule in rules.RULES.values() if rule.kind in (*DERIVED, "constant")}
    found = {rule.name for rule in recorded if row_of(rule) is None and not from_elsewhere(rule)}
    assert found == set(WITHOUT_A_ROW)


def test_every_row_is_of_a_function_that_is_recorded():
    recorded = {rule.function for rule in rules.RULES.values() if rule.kind in (*DERIVED, "constant")}
    assert [function.__name__ for function in ROWS if function not in recorded] == []


@pytest.mark.parametrize("batched", [(True, False), (False, True), (True, True)])
def test_a_row_costs_as_many_lines_for_many_points_as_for_few(batched):
    def lines(count):
        with Recording():
            a, b = (variable(np.ones((count, 2, 2) if many else (2, 2))) for many in batched)
            return len(ancestors([batch.call(rules.find(np.matmul), (a, b), batched, {}).line]))

    assert lines(2) == lines(50)
