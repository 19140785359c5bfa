"""Forward mode through every rule, against reverse mode, which is held against differences elsewhere."""

import numpy as np
import pytest

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.forward import jvp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from tests.engine.checks import assert_same_bits, directions, paired, value_and_vjp
from tests.engine.samples import for_each_sample

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def recorded(call, *points):
    """The line of an answer, and those of its inputs."""
    with Recording(), np.errstate(all="ignore"):
        inputs = [variable(np.asarray(p, float) if np.ndim(p) == 0 else np.asarray(p)) for p in points]
        answer = call(*inputs)
        answer = answer if isinstance(answer, Tensor) else variable(np.asarray(answer))
    return answer.line, [x.line for x in inputs]


def tangent(call, points, tangents, **how):
    output, inputs = recorded(call, *points)
    (found,) = jvp([output], inputs, tangents, **how)
    return found


class TestRule:
    @for_each_sample
    def test_adjoint(self, case):
        """<J v, u> = <v, J' u>."""
        answer, u, gradients, lines = value_and_vjp(case.call, case.at)
        v = directions(case.at, 3)
        (forward,) = jvp([answer.line], lines, v)
        assert forward.shape == answer.shape and forward.dtype == answer.dtype
        left, right = paired([forward], [u]), paired(gradients, v)
        assert np.isclose(left, right, rtol=1e-9, atol=1e-12), f"<Jv,u> = {left!r}, <v,J'u> = {right!r}"

    @for_each_sample
    def test_recorded(self, case):
        """The recorded sweep gives the bits of the raw one, and its program holds at another point."""
        output, inputs = recorded(case.call, *case.at)
        v = directions(case.at, 3)
        (raw,) = jvp([output], inputs, v)
        with Recording():
            symbols = [variable(d) for d in v]
            (found,) = jvp([output], inputs, symbols, record=True)
        program = Program(inputs + [s.line for s in symbols], [found.line if isinstance(found, Tensor) else found])
        for point in (case.at, case.elsewhere):
            with np.errstate(all="ignore"):
                (got,) = program(*point, *v)
            assert_same_bits(got, tangent(case.call, point, v))
        assert_same_bits(found.value if isinstance(found, Tensor) else found, raw)

    @for_each_sample
    def test_batched(self, case):
        """Many directions at once are as good as one after the other."""
        output, inputs = recorded(case.call, *case.at)
        stacks = [np.stack(d) for d in zip(*(directions(case.at, seed) for seed in range(3)), strict=True)]
        (batched,) = jvp([output], inputs, stacks, batched=True)
        loop = [jvp([output], inputs, [s[k] for s in stacks])[0] for k in range(3)]
        assert batched.dtype == loop[0].dtype
        np.testing.assert_allclose(batched, np.stack(loop), rtol=1e-11, atol=1e-12)


ROOT = np.array([-1.0, 0.0, 4.0])


class TestStrongZero:
    """What stands still says nothing about a slope, be it infinite."""

    @pytest.mark.parametrize(
        "call",
        [
            lambda x: np.where(x > 0, np.sqrt(x), 0),
            lambda x: np.sqrt(np.where(x > 0, x, 0)),
            lambda x: np.where(x > 0, 1.0, 0.0) * np.sqrt(x),
            lambda x: np.sqrt(x) * (x > 0),
            lambda x: np.sqrt((x > 0) * x),
            lambda x: np.sqrt(np.maximum(x, 0.0) * (x > 0)),
        ],
    )
    def test_a_branch_that_is_not_taken(self, call):
        assert tangent(call, [ROOT], [np.ones(3)]).tolist() == [0, 0, 0.25]
        stack = np.stack([np.ones(3), 2 * np.ones(3)])
        assert tangent(call, [ROOT], [stack], batched=True).tolist() == [[0, 0, 0.25], [0, 0, 0.5]]

    def test_an_entry_that_is_not_chosen(self):
        assert tangent(lambda x: np.sqrt(x)[2], [ROOT], [np.ones(3)]) == 0.25
        assert tangent(lambda x: np.sqrt(x[1:])[1], [ROOT], [np.ones(3)]) == 0.25

    def test_an_entry_that_does_not_move(self):
        """Along the second unit vector only the second root moves."""
        basis = np.eye(3)
        found = tangent(np.sqrt, [np.array([0.0, 1.0, 4.0])], [basis], live=[basis != 0], batched=True)
        assert found.tolist() == [[np.inf, 0, 0], [0, 0.5, 0], [0, 0, 0.25]]

    def test_a_zero_that_only_happens_is_no_choice(self):
        assert np.isnan(tangent(lambda x: np.square(np.sqrt(x)), [0.0], [np.ones(())]))
        assert np.isnan(tangent(np.sqrt, [0.0], [np.zeros(())]))

    def test_after_a_sum(self):
        call = lambda x: np.sqrt(np.sum(np.where(x > 9, x, 0.0)))  # noqa: E731
        assert tangent(call, [ROOT], [np.ones(3)]) == 0


def test_an_output_that_does_not_move_has_a_tangent_of_zeros():
    output, inputs = recorded(lambda x, y: np.sin(y), np.ones(2), np.ones(3))
    (found,) = jvp([output], inputs[:1], [np.ones(2)])
    assert found.tolist() == [0, 0, 0]
    (found,) = jvp([output], inputs[:1], [np.ones((4, 2))], batched=True)
    assert found.tolist() == np.zeros((4, 3)).tolist()


def test_an_input_is_its_own_tangent():
    output, inputs = recorded(lambda x: x, np.ones(2))
    assert jvp([output], inputs, [np.array([3.0, 4.0])])[0].tolist() == [3, 4]


def test_with_respect_to_a_value_in_between():
    with Recording():
        x = variable(np.float64(2))
        y = x * x
        z = y * x
    found = jvp([z.line], [y.line], [np.float64(1)])
    assert found[0] == 2  # x, with y moved and x standing still
    both = jvp([z.line], [x.line, y.line], [np.float64(1), np.float64(0)])
    assert both[0] == 4  # y, standing still though x moves


def test_forward_over_reverse_over_forward():
    """Third derivatives, through all modes: d3/dx3 of x^4 is 24x."""
    with Recording():
        x = variable(np.float64(0.5))
        y = np.power(x, 4.0)
        one = np.ones(())
        (first,) = jvp([y.line], [x.line], [one], record=True)
        (second,) = vjp([first.line], [one], [x.line], record=True)
        (third,) = jvp([second.line], [x.line], [one], record=True)
    assert third.value == 12
