"""Every rule through every check, and the checks themselves against rules that are slightly wrong."""

from itertools import product

import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.recording import Recording, modes
from autodiff_cli.engine.rules import bilinear, elementwise, general, linear
from autodiff_cli.engine.tensor import Tensor, primitive, variable
from tests.engine import checks
from tests.engine.samples import all_samples, for_each_sample, sample

SAMPLES = all_samples()
DIFFERENTIABLE = ("elementwise", "linear", "bilinear", "general", "composed")


class TestRule:
    @for_each_sample
    def test_differences(self, case):
        checks.check_against_differences(case.call, case.at, case.orders)

    @for_each_sample
    def test_adjoint(self, case):
        checks.check_adjoint(case.call, case.at)

    @for_each_sample
    def test_recorded(self, case):
        checks.check_recorded(case.call, case.at, case.elsewhere)

    @for_each_sample
    def test_eager(self, case):
        checks.check_eager(case.call, case.at)


# --- a rule that does not say `poles` has none

_SIZES = (
    0.0,
    5e-324,
    1e-300,
    1e-8,
    0.5,
    np.nextafter(1, 0),
    1.0,
    np.nextafter(1, 2),
    2.0,
    37.5,
    800.0,
    1e10,
    1e200,
    1e308,
)
EXTREMES = [sign * size for size in _SIZES for sign in (1, -1)]


def claims_no_poles(rule):
    return rule.kind == "elementwise" and not rule.poles and rule.signature.operands and not rule.signature.sequence


@pytest.mark.parametrize("rule", [r for r in rules.RULES.values() if claims_no_poles(r)], ids=lambda rule: rule.name)
def test_partials_without_poles_are_finite(rule):
    operands = np.array(list(product(EXTREMES, repeat=len(rule.signature.operands)))).T
    with np.errstate(all="ignore"):
        y = rule.evaluate(*operands)
        partials = [f(y, *operands) for f in rule.derivatives if f is not None]
    for partial in np.broadcast_arrays(y, *partials)[1:]:
        assert np.all(np.isfinite(partial) | np.isnan(y)), operands[:, ~np.isfinite(partial)]


# --- rules that are slightly wrong, and the check that notices


def copy(function):
    """The same function under another key, so that it can have a rule of its own."""

    @primitive
    def copied(*args, **kwargs):
        return function(*args, **kwargs)

    return copied


def plain(x):
    return x.value if isinstance(x, Tensor) else x


def with_rule(word, function, *derivatives, **marks):
    copied = copy(function)
    word(copied, *derivatives, **marks)
    return copied


def wrong_in_the_second_order():
    slope = with_rule(elementwise, np.cos, lambda y, x: -1.001 * np.sin(x))
    return with_rule(elementwise, np.sin, lambda y, x: slope(x))


def right_where_it_was_recorded(x):
    return 1.0 if np.all(plain(x) > 0) else -1.0


def raw_differs_by_a_bit(y, x):
    return np.cos(x) if isinstance(x, Tensor) else np.nextafter(np.cos(x), 2)


def cubic_in_the_cotangent(g, y, x):
    return g * g * g / np.square(plain(g)) * np.cos(x)


def spread(g, x):
    return np.broadcast_to(g, np.shape(x))


M = (3, 3)
# What is wrong, how to make it, the shapes of its operands, the check that must fail, and what that check needs.
WRONG = {
    "elementwise off by a thousandth": (
        lambda: with_rule(elementwise, np.sin, lambda y, x: 1.001 * np.cos(x)), [(3,)], "differences", 1),
    "elementwise off in sign": (
        lambda: with_rule(elementwise, np.cos, lambda y, x: np.sin(x)), [(3,)], "differences", 1),
    "one of two partials off": (
        lambda: with_rule(elementwise, np.multiply, lambda y, a, b: b, lambda y, a, b: 1.001 * a),
        [(3,), (3,)], "differences", 1),
    "elementwise off in the second derivative": (wrong_in_the_second_order, [(3,)], "differences", 2),
    "linear off by a thousandth": (
        lambda: with_rule(linear, np.sum, lambda g, x: 1.001 * spread(g, x)), [(3,)], "differences", 1),
    "a transpose that forgets a factor": (
        lambda: with_rule(linear, np.mean, lambda g, x: spread(g, x)), [(3,)], "differences", 1),
    "bilinear off by a thousandth": (
        lambda: with_rule(bilinear, np.multiply, lambda g, a, b: g * b, lambda g, a, b: 1.001 * g * a),
        [(3,), (3,)], "differences", 1),
    "a transpose that is not transposed": (
        lambda: with_rule(bilinear, np.matmul, lambda g, a, b: g @ b, lambda g, a, b: a.T @ g),
        [M, M], "differences", 1),
    "general off by a thousandth": (
        lambda: with_rule(general, np.square, lambda g, y, x: 2.002 * x * g, why=""), [(3,)], "differences", 1),
    "general with its operands swapped": (
        lambda: with_rule(general, np.true_divide, lambda g, y, a, b: (-g * y / b, g / b), why=""),
        [(3,), (3,)], "differences", 1),
    "a partial frozen at the recording point, next order": (
        lambda: with_rule(elementwise, np.exp, lambda y, x: plain(y)), [(3,)], "differences", 2),
    "a partial frozen at the recording point, elsewhere": (
        lambda: with_rule(elementwise, np.exp, lambda y, x: plain(y)), [(3,)], "recorded", None),
    "a branch frozen at the recording point": (
        lambda: with_rule(elementwise, np.abs, lambda y, x: right_where_it_was_recorded(x)), [(3,)], "recorded", None),
    "raw and recorded differ in the last bit": (
        lambda: with_rule(elementwise, np.sin, raw_differs_by_a_bit), [(3,)], "recorded", None),
    "a vjp that is not linear in its cotangent": (
        lambda: with_rule(general, np.sin, cubic_in_the_cotangent, why=""), [(3,)], "adjoint", None),
    "a computed index frozen in the program": (
        lambda: lambda x: x * (plain(x) == np.max(plain(x))), [(3,)], "recorded", None),
    "a value frozen by an eager branch": (
        lambda: lambda x: x * (2.0 if modes.recording is None else 1.0), [(3,)], "eager", None),
}  # fmt: skip


@pytest.fixture
def table(monkeypatch):
    """Rules that are declared in a test are gone after it."""
    monkeypatch.setattr(rules, "RULES", dict(rules.RULES))


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_noticed(name, table):
    make, shapes, check, orders = WRONG[name]
    call = make()
    case = sample(name, call, *shapes)
    elsewhere = tuple(-p for p in case.at)
    if orders is not None and orders > 1:
        checks.check_against_differences(call, case.at, orders - 1)
    with pytest.raises(AssertionError):
        {
            "differences": lambda: checks.check_against_differences(call, case.at, orders),
            "adjoint": lambda: checks.check_adjoint(call, case.at),
            "recorded": lambda: checks.check_recorded(call, case.at, elsewhere),
            "eager": lambda: checks.check_eager(call, case.at),
        }[check]()


# --- every rule has a sample

WITHOUT_SAMPLE = {
    # function: why no sample can reach it
}


def from_a_test(function):
    return (getattr(function, "__module__", None) or "").startswith("tests.")


def test_every_rule_has_a_sample(monkeypatch):
    found, find = set(), rules.find

    def spy(function):
        found.add(function)
        return find(function)

    monkeypatch.setattr(rules, "find", spy)
    for case in SAMPLES:
        with Recording() as recording:
            case.call(*map(variable, case.at))
        found.update(line.rule.function for line in recording.known.values())
    wanted = [f for f, rule in rules.RULES.items() if rule.kind in DIFFERENTIABLE and not from_a_test(f)]
    assert [rules.RULES[f].name for f in wanted if f not in found and f not in WITHOUT_SAMPLE] == []
