"""Programs as straight-line Python: the bits of the program, wherever its shapes hold, and arrays of one's own.

Every rule is run so with the other checks of it (see checks.check_recorded).
"""

import numpy as np
import pytest

from autodiff_cli.engine.compiled import Elsewhere, compiled, compiled_for_tensors, lean
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable
from tests.engine.checks import assert_same_bits

A = np.array([[0.3, 1.7], [2.9, -0.4]])
X = np.array([0.1, 0.7, 1.3])


def recorded(call, *point):
    """The program of a function, recorded at a point."""
    with Recording(), np.errstate(all="ignore"):
        inputs = [variable(np.asarray(p)) for p in point]
        found = call(*inputs)
    outputs = [t.line if isinstance(t, Tensor) else t for t in (found if isinstance(found, tuple) else (found,))]
    return Program([x.line for x in inputs], outputs)


def assert_alike(program, *points):
    """At each point the function has the bits of the program."""
    run = compiled(program)
    for point in points:
        point = tuple(map(np.asarray, point))
        with np.errstate(all="ignore"):
            for got, want in zip(run(*point), program(*point), strict=True):
                assert_same_bits(got, want)


# --- what it gives


def test_outputs_are_arrays_of_their_own():
    constant = np.arange(3.0)
    program = recorded(lambda x, s: (x, x.T, x * 2, x * 2, constant, s, s * 1.0), X, 0.5)
    run, point = compiled(program), (X.copy(), np.array(0.5))
    for _ in range(2):
        found = run(*point)
        for got, want in zip(found, [X, X, X * 2, X * 2, constant, 0.5, 0.5], strict=True):
            assert type(got) is np.ndarray
            assert_same_bits(got, want)
            got[...] = -1  # and the next answer is none the worse
    assert point[0].tolist() == X.tolist() and point[1] == 0.5


def test_on_tensors():
    program = recorded(lambda x, s: np.sum(np.sin(x * s)[1:]), X, 0.5)
    run = compiled_for_tensors(program)
    x, s = variable(X + 1), variable(np.array(0.25))
    (y,) = run(x, s)
    assert_same_bits(y.value, program(X + 1, np.array(0.25))[0])
    (by_x,) = vjp([y.line], [np.float64(1)], [x.line])
    np.testing.assert_allclose(by_x, [0, *(0.25 * np.cos(0.25 * (X + 1)))[1:]], rtol=1e-15)
    (plain,) = run(X + 1, s)
    assert_same_bits(plain.value, y.value)


def test_a_long_program():
    def chain(x):
        for _ in range(1000):
            x = np.sin(x) + 0.5
        return x

    assert_alike(recorded(chain, X), (X,), (X[::-1],))


# --- where it holds


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.mean(x[x > 0.5]),
        lambda x: np.sum(x[np.nonzero(x > 0.5)]) / 2,
        lambda x: np.linalg.eigvals(np.outer(x, X) - np.outer(X, x) + np.diag(x)),
    ],
)
def test_shapes_and_types_that_depend_on_values(call):
    run = compiled(recorded(call, X))
    assert_same_bits(run(X)[0], call(X))
    with pytest.raises(Elsewhere):
        run(np.array([0.1, -0.7, 0.6]))


def test_what_numpy_raises():
    run = compiled(recorded(np.linalg.inv, A))
    with pytest.raises(np.linalg.LinAlgError):
        run(np.ones((2, 2)))


# --- how it is written


@pytest.mark.parametrize(
    ("call", "count"),
    [
        (lambda x: (1.0 * x, x), 0),
        (lambda x: np.negative(-x), 0),
        (lambda x: +x / 1.0, 0),
        (lambda x: np.ones(3) * np.sin(x), 1),
        (lambda x: np.broadcast_to(x[0], (3,)) * x, 2),
        (lambda x: x + np.broadcast_to(x[0], (3,)), 2),
        (lambda x: np.sin(x) * np.cos(x) - np.cos(x) * np.sin(x), 4),
        (lambda x: x * x - np.square(x), 2),
        (lambda x: np.exp(-x / 4.0) + np.exp(-(x / 4.0)), 4),
        (lambda x: np.sin(x) + -np.cos(x), 3),
        # These would be other bits.
        (lambda x: 2.5 * (0.3 * x), 2),
        (lambda x: 0.0 + x, 1),
        (lambda x: -(x - X), 2),
        (lambda x: np.sqrt(x) ** 2.0, 2),
    ],
)
def test_what_changes_no_bit_is_left_out(call, count):
    program = recorded(call, X)
    assert len(lean(program).lines) == count
    assert_alike(program, (X,), (-X,), (np.array([0.0, -0.0, np.inf]),), (np.array([np.nan, 1e300, 1e-310]),))


def test_memory_layouts_are_part_of_the_bits():
    """Sums follow the order of memory: a*b may stand for b*a only where both lie in memory alike."""
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(37, 41)), np.asfortranarray(rng.normal(size=(37, 41)))
    for call in (
        lambda a, b: np.sum(b * a) + np.sum(a * b),
        lambda a, b: np.sum(np.ones((37, 41)) * b) + np.sum(-(-b * a)) + np.sum(-a * -b),
        lambda a, b: np.sum(np.broadcast_to(a[:, :1], b.shape) * b + np.broadcast_to(b[0], a.shape)),
    ):
        for point in ((a, b), (b, a), (a.T.copy().T, b), (a[::-1], b[:, ::-1])):
            assert_alike(recorded(call, *point), point, [1 / x for x in point])


@pytest.mark.parametrize(
    "call",
    [
        lambda x, s: (s + s, s - 2.0 * s, -s / s, np.square(s), np.reciprocal(s), s * np.float64(3), 2 * s),
        lambda x, s: (s * x, x * (s * s), np.sin(s) * x, s * np.sum(x), np.power(s, 3.0), np.power(x, 3)),
        lambda x, s: (np.where(s > 0.4, s, -s) * 2.0, np.where(s > 0.4, s, -s) * x, np.maximum(s, 0.4) + s),
        lambda x, s: (np.broadcast_to(s, (3,)), np.stack([s, s]), x[1] * s, np.sum(s) * x[None]),
        lambda x, s: (np.sum(x, keepdims=True), np.max(x, axis=0), np.min(x), np.prod(x), np.sum(x > 0.5)),
        lambda x, s: (np.mean(x), np.mean(x, keepdims=True), np.mean(x > 0.5), np.mean(np.outer(x, x), axis=(1,))),
        lambda x, s: (np.reshape(x, (3, 1)), np.reshape(x, -1, order="F"), np.divmod(x, 0.3)[1]),
        lambda x, s: (x[1:], x[-1], x[None, ::2], x[np.array([2, 0])], np.asarray(A)[0, 1] * x),
        lambda x, s: (np.greater(x, 0.5) * 1.0, np.ldexp(x, 2), np.arctan2(x, 0.5), np.hypot(0.5, s)),
        lambda x, s: (np.nan_to_num(x), np.clip(x, 0.2, None), np.sort(x), np.cumsum(x), np.linalg.norm(x)),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.longdouble])
def test_every_way_to_write_a_call(call, dtype):
    x, s = X.astype(dtype), np.array(0.75, dtype)
    assert_alike(recorded(call, x, s), (x, s), (x[::-1].copy() - 1, s / 3), (x * 0, -s), (x * dtype(np.inf), s * 0))
