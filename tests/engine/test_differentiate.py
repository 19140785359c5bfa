import gc
import sys
import time
import weakref

import numpy as np
import pytest

from autodiff_cli.engine.differentiate import unbroadcast, vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.rules import elementwise, general
from autodiff_cli.engine.tensor import Tensor, primitive, variable
from tests.engine.checks import check_recorded

# Functions are taken where they are infinite, and Tensors warn of that as arrays do.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def gradients(call, *points, record=False):
    """The gradients of the sum of an answer, with Tensors made plain."""
    with Recording():
        inputs = [variable(np.asarray(p, float) if np.ndim(p) == 0 else np.asarray(p)) for p in points]
        answer = call(*inputs)
        seed = np.ones(answer.shape, answer.dtype)
        found = vjp([answer.line], [seed], [x.line for x in inputs], record=record)
    return [g.value if isinstance(g, Tensor) else g for g in found]


def gradient(call, point, **how):
    (found,) = gradients(call, point, **how)
    return found


BOTH = pytest.mark.parametrize("record", [False, True], ids=["raw", "recorded"])
X = np.array([-1.0, 0.0, 4.0])


@BOTH
class TestStrongZero:
    """A branch that was not taken contributes nothing, even where its slope is infinite."""

    def test_where(self, record):
        assert list(gradient(lambda x: np.where(x > 0, np.sqrt(x), 0), X, record=record)) == [0, 0, 0.25]
        assert list(gradient(lambda x: np.where(x > 0, np.log(x), x), X, record=record)) == [1, 1, 0.25]

    def test_with_a_pole_farther_down(self, record):
        assert list(gradient(lambda x: np.where(x > 0, np.sqrt(np.sin(x) / 2), 0), [0.0], record=record)) == [0]
        assert list(gradient(lambda x: np.where(x > 0, 3 * np.square(1 / x), 0), X, record=record)) == [0, 0, -6 / 64]

    def test_after_an_overflow(self, record):
        call = lambda x: np.where(x < 700, np.exp(x), 0.0)  # noqa: E731
        assert list(gradient(call, [0.0, 800.0], record=record)) == [1, 0]

    def test_through_a_sum(self, record):
        """Where the whole sum is not taken nothing flows into any of its terms."""
        call = lambda x: np.where(np.sum(x) > 3, np.sum(np.sqrt(x)), 0.0)  # noqa: E731
        assert list(gradient(call, [0.0, 1.0], record=record)) == [0, 0]
        assert list(gradient(call, [0.0, 4.0], record=record)) == [np.inf, 0.25]

    def test_through_broadcasting(self, record):
        """One root serves three places; it is live if it is in one of them."""
        call = lambda s, c: np.sum(np.where(c > 0, np.sqrt(s), 1.0))  # noqa: E731
        assert gradients(call, 0.0, [-1.0, -1.0, -1.0], record=record)[0] == 0
        assert gradients(call, 0.0, [-1.0, 1.0, -1.0], record=record)[0] == np.inf
        assert gradients(call, 4.0, [-1.0, 1.0, 1.0], record=record)[0] == 0.5

    def test_through_broadcasting_of_rows(self, record):
        call = lambda x, c: np.where(c > 0, np.sqrt(x), 0.0)  # noqa: E731
        mask = np.array([[1.0, -1.0], [1.0, -1.0]])
        assert list(gradients(call, [4.0, 0.0], mask, record=record)[0]) == [0.5, 0]

    def test_a_mask_times_a_root(self, record):
        mask = np.array([0.0, 0.0, 1.0])
        assert list(gradient(lambda x: mask * np.sqrt(x), X, record=record)) == [0, 0, 0.25]
        assert list(gradient(lambda x: np.sqrt(x) * mask, X, record=record)) == [0, 0, 0.25]
        assert list(gradient(lambda x: np.sqrt(x) * (x > 0), X, record=record)) == [0, 0, 0.25]

    def test_two_uses_of_which_one_is_live(self, record):
        call = lambda x: np.where(x > 0, np.sqrt(x), 0) + np.sqrt(x)  # noqa: E731
        assert gradient(call, 0.0, record=record) == np.inf

    def test_a_zero_that_only_happens_is_no_choice(self, record):
        """sqrt(x)^2 at 0 is 0 * inf: not known, and not claimed to be 0."""
        assert np.isnan(gradient(lambda x: np.sqrt(x) * np.sqrt(x), 0.0, record=record))
        assert np.isnan(gradient(lambda x: np.square(np.sqrt(x)), 0.0, record=record))

    def test_nested_choices(self, record):
        call = lambda x: np.where(x > -2, np.where(x > 0, np.sqrt(x), x), np.log(x))  # noqa: E731
        assert list(gradient(call, X, record=record)) == [1, 1, 0.25]

    def test_a_general_rule_behind_a_choice(self, record):
        root = primitive(lambda x: np.sqrt(x))
        general(root, lambda g, y, x: g * 0.5 / y, why="a root, said the long way")
        assert gradient(lambda x: np.where(np.sum(x) > 1, root(x), 0.0), 0.0, record=record) == 0
        assert gradient(lambda x: np.where(np.sum(x) > 1, root(3 * x), 0.0), 0.0, record=record) == 0


def test_strong_zeros_hold_in_higher_orders():
    with Recording():
        x = variable(0.0)
        (first,) = vjp([np.where(x > 0, np.sqrt(x) * x, 0.0).line], [np.float64(1)], [x.line], record=True)
        (second,) = vjp([first.line], [np.float64(1)], [x.line], record=True)
    assert (first.value, second.value) == (0, 0)
    program = Program([x.line], [first.line, second.line])
    assert program(np.float64(4.0)) == (3.0, 0.375)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sqrt(x) * (x > 0),
        lambda x: np.sign(x) * np.log(x),
        lambda x: np.where(x > 0, 1.0, 0.0) * np.sqrt(x),
        lambda x: np.where(x > 0, np.sqrt(x), 0.0),
        lambda x: np.where(np.sum(x) > 2, np.sum(np.sqrt(x)), 0.0),
        lambda x: np.maximum(np.log(x), -5.0),
    ],
)
def test_strong_zeros_hold_where_a_program_was_not_recorded(call):
    """Recorded where nothing is masked, it must mask elsewhere; the raw sweep there says what is right."""
    at, elsewhere = np.array([1.0, 2.0]), np.array([0.0, 2.0])
    check_recorded(call, [at], [elsewhere])
    assert np.all(np.isfinite(gradient(call, elsewhere)))


class TestUnbroadcast:
    @pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1, 1, 3), (4, 2, 3), (4, 1, 1)])
    def test_what_was_repeated_is_summed(self, shape):
        full = np.broadcast_shapes(shape, (4, 2, 3))
        assert np.array_equal(
            unbroadcast(np.ones(full), shape), np.full(shape, np.ones(full).size / np.ones(shape).size)
        )

    def test_a_smaller_cotangent_is_repeated(self):
        assert unbroadcast(np.float64(2), (2, 2)).tolist() == [[2, 2], [2, 2]]

    def test_in_a_sweep(self):
        a, b = gradients(lambda a, b: a * b, np.ones((2, 1)), np.array([1.0, 2.0, 3.0]))
        assert a.tolist() == [[6], [6]] and b.tolist() == [2, 2, 2]

    def test_empty_arrays(self):
        a, b = gradients(lambda a, b: a * b, np.ones((0, 3)), np.ones(3))
        assert a.shape == (0, 3) and b.tolist() == [0, 0, 0]


@BOTH
class TestFormOfTheAnswer:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("shape", [(), (1,), (2, 3), (0,)])
    def test_dtype_and_shape_are_those_of_the_input(self, record, dtype, shape):
        g = gradient(lambda x: np.sum(np.tanh(x) * 2.0 + x**2 / 3), np.ones(shape, dtype), record=record)
        assert g.shape == shape and (g.dtype == dtype or shape == ())

    def test_mixed_dtypes(self, record):
        a, b = gradients(lambda a, b: a * b, np.ones(3, "float32"), np.ones(3), record=record)
        assert (a.dtype, b.dtype) == (np.float32, np.float64)

    def test_what_nothing_depends_on_gets_zeros(self, record):
        call = lambda a, b, c: np.sin(a) + np.floor(c)  # noqa: E731
        _, b, c = gradients(call, [1.0], np.ones((2, 2), "float32"), [3.0], record=record)
        assert b.tolist() == [[0, 0], [0, 0]] and b.dtype == np.float32
        assert c.tolist() == [0]

    def test_an_output_that_is_an_input(self, record):
        assert gradient(lambda x: x, [1.0, 2.0], record=record).tolist() == [1, 1]


class TestSweep:
    def test_several_outputs(self):
        x = variable(2.0)
        outputs = [np.square(x), x * x * x, x]
        (g,) = vjp([o.line for o in outputs], [np.float64(1), np.float64(10), np.float64(100)], [x.line])
        assert g == 4 + 120 + 100

    def test_by_a_value_in_between(self):
        """An input may be any line; what lies before it is not looked at."""
        x = variable(2.0)
        y = np.square(x)
        assert vjp([np.sin(y).line], [np.float64(1)], [y.line, x.line]) == [np.cos(4), 4 * np.cos(4)]

    def test_watch_sees_every_contribution(self):
        x = variable(3.0, "x")
        y = np.sin(x)
        z = x * y + y
        seen = []
        (g,) = vjp([z.line], [np.float64(1)], [x.line], watch=lambda *what: seen.append(what))
        steps = [(line.rule.name, operand.rule.name, value) for line, operand, value in seen]
        assert steps == [
            ("add", "multiply", 1),
            ("add", "sin", 1),
            ("multiply", "input", np.sin(3)),
            ("multiply", "sin", 3),
            ("sin", "input", 4 * np.cos(3)),
        ]
        assert g == sum(value for _, operand, value in seen if operand is x.line)

    def test_partials_that_nobody_asks_for_are_not_computed(self):
        def never(y, a, b):
            raise AssertionError

        pair = primitive(lambda a, b: a * b)
        elementwise(pair, lambda y, a, b: b, never)
        x = variable(2.0)
        assert vjp([pair(x, variable(3.0)).line], [np.float64(1)], [x.line]) == [3]

    def test_a_raw_sweep_makes_no_lines(self):
        with Recording() as recording:
            x = variable(2.0)
            y = np.sin(x) * x**x
            before = len(recording.known)
            vjp([y.line], [np.float64(1)], [x.line])
            assert len(recording.known) == before


class TestCost:
    def test_a_long_chain(self):
        """100,000 operations forwards, backwards and freed, where recursion would overflow the stack."""
        x = variable(0.5)
        y = x
        for _ in range(50_000):
            y = np.sin(y) + 1.0
        assert sys.getrecursionlimit() < 10_000
        (g,) = vjp([y.line], [np.float64(1)], [x.line])
        assert np.isfinite(g)
        first, last = weakref.ref(x.line), weakref.ref(y.line)
        del x, y
        assert first() is None and last() is None  # at once: there are no cycles to collect

    def test_a_long_chain_is_recorded_and_run(self):
        with Recording():
            x = variable(0.5)
            y = x
            for _ in range(10_000):
                y = np.sin(y) + 1.0
            (g,) = vjp([y.line], [np.float64(1)], [x.line], record=True)
            program = Program([x.line], [g.line])
        assert program(np.float64(0.5))[0] == g.value

    @BOTH
    def test_diamonds_take_linear_time(self, record):
        """x + x sixty times over has 2^60 paths and 60 lines."""

        def doubled(x):
            for _ in range(60):
                x = x + x
            return x

        start = time.perf_counter()
        assert gradient(doubled, 1.0, record=record) == 2.0**60
        assert time.perf_counter() - start < 5

    def test_values_are_freed_with_their_tensors(self):
        x = variable(np.ones(3))
        y = np.sin(x)
        inner = weakref.ref(y.line)
        gc.disable()
        try:
            vjp([np.sum(y).line], [np.float64(1)], [x.line])
            del y
            assert inner() is None
        finally:
            gc.enable()


class TestNesting:
    def test_derivatives_are_not_confused(self):
        """d/dx [x * (d/dy x*y at y = x)] is 2x, and d/dx [d/dy (x*y) at y = 1] is 1."""
        with Recording():
            x = variable(3.0)
            y = variable(3.0)
            (inner,) = vjp([(x * y).line], [np.float64(1)], [y.line], record=True)
            (outer,) = vjp([(x * inner).line], [np.float64(1)], [x.line])
            (mixed,) = vjp([inner.line], [np.float64(1)], [x.line])
        assert (outer, mixed) == (6, 1)

    def test_the_inner_variable_may_be_the_outer_one(self):
        """y = x itself, as one line: d/dy (x*y) is then 2x, and d/dx [x * 2x] is 4x."""
        with Recording():
            x = variable(3.0)
            (inner,) = vjp([(x * x).line], [np.float64(1)], [x.line], record=True)
            (outer,) = vjp([(x * inner).line], [np.float64(1)], [x.line])
        assert outer == 12

    @pytest.mark.parametrize("eager", [False, True])
    def test_ten_orders_of_a_polynomial(self, eager):
        def orders(x):
            y = x**10
            for _ in range(10):
                (y,) = vjp([y.line], [np.float64(1)], [x.line], record=True)
            return y.value

        if eager:
            assert orders(variable(2.0)) == 3628800
        else:
            with Recording():
                assert orders(variable(2.0)) == 3628800

    def test_cotangents_can_be_differentiated(self):
        """The vjp is linear in its cotangent: transposed, it is the jvp."""
        with Recording():
            x, u = variable(np.array([1.0, 2.0])), variable(np.array([1.0, 1.0]))
            (back,) = vjp([(x[0] * x).line], [u], [x.line], record=True)
            (forward,) = vjp([back.line], [np.array([1.0, 10.0])], [u.line])
        assert list(forward) == [2, 12]


def test_a_derivative_that_needs_a_singular_inverse_is_nan():
    """log|det| is -inf there, and R of a QR is 0: neither has a derivative, and neither is an error of the program."""
    for call in (lambda a: np.linalg.slogdet(a)[1], lambda a: np.sum(np.linalg.qr(a)[1])):
        with Recording():
            a = variable(np.zeros((2, 2)))
            (gradient,) = vjp([call(a).line], [np.float64(1)], [a.line])
        assert np.isnan(gradient).all()


@pytest.mark.parametrize("function", [np.prod, np.cumprod, np.sum, np.cumsum, np.max])
def test_axis_0_of_a_number(function):
    """NumPy lets it pass."""
    with Recording():
        x = variable(np.float64(0.7))
        (gradient,) = vjp([np.sum(function(x, axis=0)).line], [np.float64(1)], [x.line])
    assert gradient == 1
