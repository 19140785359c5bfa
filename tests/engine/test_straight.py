"""Sweeps as straight-line code: the same bits as the sweep, and the sweep wherever it would not be."""

import numpy as np
import pytest

from autodiff_cli.engine import forms, rules, straight
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.rules import general
from autodiff_cli.engine.tensor import Tensor, primitive, variable
from tests.engine.checks import assert_same_bits, directions
from tests.engine.samples import for_each_sample

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.fixture(autouse=True)
def nothing_met(monkeypatch):
    monkeypatch.setattr(forms, "_leaves", {})
    monkeypatch.setattr(forms, "_count", 0)


def gradients(call, points, cotangent=None):
    """One sweep over a graph of its own."""
    inputs = [variable(np.asarray(p)) for p in points]
    answer = call(*inputs)
    seed = directions([answer.value], 1)[0] if cotangent is None else cotangent
    return vjp([answer.line], [np.asarray(seed, answer.dtype)], [x.line for x in inputs])


def written():
    """How many functions there are."""
    return sum(len(form.code) for form in known() if isinstance(form.code, tuple))


def known():
    """All forms that are remembered."""
    found = list(forms._leaves.values())
    for form in found:
        found += form.grown.values()
    return found


@for_each_sample
def test_a_form_met_before_gives_the_same_bits(case):
    forms._leaves.clear()
    if not isinstance(case.call(*map(variable, case.at)), Tensor):
        return  # a derivative that is the same everywhere
    first, second, third = (gradients(case.call, case.at) for _ in range(3))
    for again in (second, third):
        for got, want in zip(again, first, strict=True):
            assert_same_bits(got, want)
    there = gradients(case.call, case.elsewhere)
    forms._leaves.clear()
    for got, want in zip(there, gradients(case.call, case.elsewhere), strict=True):
        assert_same_bits(got, want)


def test_a_function_is_written_when_a_form_is_met_again():
    call = lambda x, y: np.sum(np.sin(x * y) + x / y)  # noqa: E731
    at = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    counts = []
    for _ in range(3):
        gradients(call, at)
        counts.append(written())
    assert counts == [0, 1, 1]


def test_other_values_and_constants_go_through_the_same_function():
    for factor in (2.0, 3.0, -1.5):
        (found,) = gradients(lambda x, c=factor: np.sum(c * x * x), [np.array([1.0, factor])], 1.0)
        assert found.tolist() == [2 * factor, 2 * factor**2]
    assert written() == 1


def test_other_shapes_are_another_form():
    for n in (2, 2, 3, 3):
        (found,) = gradients(lambda x: np.sum(x * x), [np.arange(float(n))], 1.0)
        assert found.tolist() == [2.0 * k for k in range(n)]
    assert written() == 2


def test_other_wiring_is_another_form():
    calls = [lambda x, y: x * y + x, lambda x, y: x * y + y, lambda x, y: x * x + y]
    answers = [(4.0, 2.0), (3.0, 3.0), (4.0, 1.0)]
    for call, answer in zip(calls * 2, answers * 2, strict=True):
        assert tuple(gradients(call, [2.0, 3.0], 1.0)) == answer


def test_inputs_are_part_of_the_form():
    for _ in range(3):
        x, y, z = (variable(np.float64(v)) for v in (2, 3, 4))
        out = (x * y).line
        one = [np.float64(1)]
        assert vjp([out], one, [x.line]) == [3]
        assert vjp([out], one, [y.line, x.line]) == [2, 3]
        assert vjp([out], one, [z.line, x.line]) == [0, 3]
        assert vjp([out, out], one * 2, [x.line]) == [6]
        assert vjp([x.line], one, [x.line, y.line]) == [1, 0]


class TestLeftToTheSweep:
    @pytest.mark.parametrize(
        "call",
        [
            lambda x: np.where(x > 0, np.sqrt(x), 0.0),
            lambda x: np.sqrt(x) * (x > 0),
            lambda x: np.array([0.0, 0.0, 1.0]) * np.sqrt(x),
            lambda x: np.sqrt(x)[1:] * np.array([0.0, 1.0]),
            lambda x: np.maximum(np.log(x), -5.0),
        ],
    )
    def test_a_choice_above_a_pole(self, call):
        for _ in range(3):
            (found,) = gradients(call, [np.array([-1.0, 0.0, 4.0])], np.ones(call(np.ones(3)).shape))
            assert found[0] == found[1] == 0 and np.isfinite(found[2])
        assert written() == 0

    def test_a_factor_that_is_zero(self):
        for factor in (1.0, 1.0, 0.0, 0.0, 0.0):
            (found,) = gradients(lambda x, c=factor: c * np.sqrt(x), [0.0], 1.0)
            assert found == (np.inf if factor else 0)

    def test_other_types(self):
        for _ in range(3):
            (found,) = gradients(lambda x: np.sum(x * x), [np.ones(2, np.float32)], 1.0)
            assert found.dtype == np.float32 and found.tolist() == [2, 2]
        assert written() == 0

    def test_long_graphs(self):
        def chain(x):
            for _ in range(straight._LONGEST):
                x = x * 1.0
            return x

        for _ in range(3):
            assert gradients(chain, [2.0], 1.0) == [1.0]
        assert written() == 0

    def test_a_singular_matrix(self, monkeypatch):
        monkeypatch.setattr(rules, "RULES", dict(rules.RULES))
        total = primitive(lambda a: np.sum(a))
        general(total, lambda g, y, a: g * np.linalg.inv(a), why="a rule that needs an inverse")
        for a in (np.eye(2), np.eye(2), np.zeros((2, 2)), 2 * np.eye(2)):
            (found,) = gradients(lambda a: total(a) * 1.0, [a], 1.0)
            np.testing.assert_array_equal(found, np.linalg.inv(a) if a.any() else np.full((2, 2), np.nan))
        assert written() == 1


def test_the_forms_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr(forms, "_MOST", 10)
    for n in range(1, 30):
        gradients(lambda x: np.sum(x * x), [np.ones(n)], 1.0)
        assert len(known()) <= 25


def test_one_form_has_a_function_for_each_way_of_sharing():
    same, equal = lambda x: (s := np.sin(x)) * s, lambda x: np.sin(x) * np.sin(x)
    for call in (same, equal, equal, same, same, equal):
        (found,) = gradients(call, [0.5], 1.0)
        assert found == 2 * np.sin(0.5) * np.cos(0.5)
    assert written() == 2


def test_what_is_handed_on_is_not_written():
    """A cotangent that goes to two operands unchanged belongs to both."""

    def call(x, y):
        z = x + y
        return np.sum(np.sin(z + x) * z + y)

    at = [np.array([1.0, 2.0]), np.array([3.0, 5.0])]
    first, second, third = (gradients(call, at, 1.0) for _ in range(3))
    for got, again, want in zip(third, second, first, strict=True):
        assert got.tolist() == again.tolist() == want.tolist()
    x, y = map(variable, at)
    seed = np.ones(2)
    for _ in range(3):
        vjp([(x + y * x).line], [seed], [x.line, y.line])
        assert seed.tolist() == [1, 1]
