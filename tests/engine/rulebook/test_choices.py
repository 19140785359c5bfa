import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.rulebook.choices import clip
from autodiff_cli.engine.rules import find
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import slopes

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_share_equally(function):
    assert slopes(function, [2.0, 2.0], 1) == [0.5, 0.5]
    assert slopes(lambda x: function(x, x), [2.0], 1) == [1]
    assert slopes(function, [INF, INF], 1) == [0.5, 0.5]


def test_fmax_passes_by_a_nan():
    assert slopes(np.fmax, [2.0, NAN], 1) == [1, 0]
    assert slopes(np.fmin, [NAN, 2.0], 1) == [0, 1]


class TestClip:
    def test_at_a_bound_it_passes(self):
        assert [slopes(lambda x: np.clip(x, 1, 3), [x], 1) for x in (0.0, 1.0, 2.0, 3.0, 4.0)] == [
            [0], [1], [1], [1], [0]]  # fmt: skip

    def test_the_bounds(self):
        assert slopes(np.clip, [0.0, 1.0, 3.0], 1) == [0, 1, 0]
        assert slopes(np.clip, [4.0, 1.0, 3.0], 1) == [0, 0, 1]
        assert slopes(np.clip, [2.0, 1.0, 3.0], 1) == [1, 0, 0]

    def test_bounds_that_meet_or_cross(self):
        """clip(x, t, t) is t, and clip(x, 2t, t) too."""
        assert slopes(lambda t: np.clip(7.0 * t, t, t), [1.0], 1) == [1]
        assert slopes(lambda t: np.clip(0.5 * t, 2 * t, t), [1.0], 1) == [1]

    def test_all_spellings(self):
        for call in (
            lambda x: np.clip(x, None, 3),
            lambda x: np.clip(x, a_max=3, a_min=None),
            lambda x: np.clip(x, max=3),
            lambda x: np.clip(x, min=None, max=3.0),
            lambda x: x.clip(max=3),
        ):
            assert slopes(call, [2.0], 1) == [1]
            assert slopes(call, [4.0], 1) == [0]
        assert slopes(lambda x: np.clip(x, None, None), [4.0], 1) == [1]


@pytest.mark.parametrize("call", [np.abs, np.fabs, abs, lambda x: np.copysign(x, -1.0)])
def test_absolute_at_zero(call):
    assert slopes(call, [0.0], 1) == [0]
    assert slopes(call, [0.0], 2) == [0]


def test_nan_to_num_stands_still_where_it_replaces():
    assert [slopes(np.nan_to_num, [x], 1) for x in (NAN, INF, -INF, 3.0)] == [[0], [0], [0], [1]]


def test_what_only_happens_to_be_zero_hides_nothing():
    assert np.isnan(slopes(lambda x: np.sqrt(x) ** 2, [0.0], 1)[0])
    assert np.isnan(slopes(lambda x: abs(np.sqrt(x)), [0.0], 1)[0])


@pytest.mark.parametrize(
    "function, met, not_met",
    [
        (np.absolute, (0.0,), (1.0,)),
        (np.maximum, (1.0, 1.0), (1.0, 2.0)),
        (clip, (3.0, 1.0, 3.0), (2.0, 1.0, 3.0)),
        (clip, (3.0, None, 3.0), (2.0, None, 3.0)),
        (np.copysign, (0.0, 1.0), (1.0, 0.0)),
    ],
)
def test_kinks_are_noticed(function, met, not_met):
    rule = rules.find(function)
    predicate, _ = rule.kink
    assert predicate(rule.evaluate(*met), *met)
    assert not predicate(rule.evaluate(*not_met), *not_met)


class TestWhere:
    def test_alone_it_tells_places(self):
        with Recording():
            x = variable(np.array([1.0, 5.0, 2.0]))
            (places,) = np.where(x > 1.5)
            chosen = x[places]
            (slope,) = vjp([np.sum(chosen**2).line], [np.float64(1)], [x.line])
        assert slope.tolist() == [0, 10, 4]
        assert Program([x.line], [chosen.line])(np.array([7.0, 8.0, 1.0]))[0].tolist() == [7, 8]

    def test_its_arguments(self):
        with pytest.raises(NotDifferentiable, match="where needs the argument condition"):
            find(np.where).bind((), {})
        with pytest.raises(ValueError):
            np.where(variable(1.0) > 0, 1.0)


class TestChoose:
    X = variable(np.array([[1.0, 2.0], [3.0, 4.0]]))

    def test_what_numpy_refuses(self):
        for index in ([0, 2], [-1, 0]):
            with pytest.raises((ValueError, IndexError)):
                np.choose(index, self.X)

    def test_modes(self):
        assert np.choose([-1, 2], self.X, mode="wrap").value.tolist() == [3, 2]
        assert np.choose([-1, 2], self.X, mode="clip").value.tolist() == [1, 4]


class TestPiecewise:
    def test_conditions_in_all_their_spellings(self):
        x = np.array([0.2, 0.6, 0.9])
        functions = [lambda x: x**2, lambda x: -x]
        for conditions in (
            x < 0.5,
            [x < 0.5],
            np.array([x < 0.5, x >= 0.5]),
            [True, False, False],
            [[True, False, True]],
        ):
            got = np.piecewise(variable(x), conditions, functions)
            np.testing.assert_array_equal(got.value, np.piecewise(x, conditions, functions))

    def test_where_a_function_ends(self):
        """The logarithm is computed everywhere, and its nan and its pole stay where its condition does not hold."""
        call = lambda x: np.piecewise(x, [x > 0], [np.log, lambda x: x**2])  # noqa: E731
        assert [slopes(call, [x], 1) for x in (2.0, 0.0, -1.0)] == [[0.5], [0], [-2]]

    def test_the_type_is_that_of_x(self):
        assert np.piecewise(variable(np.array([1.0, 2.0], np.float32)), [[True, False]], [1.5]).dtype == np.float32

    def test_too_few_functions(self):
        with pytest.raises(ValueError, match="1 conditions and 3 functions"):
            np.piecewise(variable(np.ones(2)), [[True, False]], [1, 2, 3])
