"""What must hold of every rule, as functions that raise AssertionError.

References are differences of the plain NumPy function, never a formula of our own.

A complex number moves in both of its directions at once. What belongs to a change dz is df = Re(sum of g * dz), and so
a cotangent of real numbers is that of a real answer.
"""

import mpmath
import numpy as np

from autodiff_cli.engine.compiled import compiled
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable


def directions(arrays, seed):
    rng = np.random.default_rng(seed)
    return [_normal(rng, a) for a in arrays]


def _normal(rng, a):
    x = rng.standard_normal(np.shape(a))
    return x + 1j * rng.standard_normal(np.shape(a)) if np.iscomplexobj(a) else x


def paired(cotangents, changes):
    """Re(sum of g * dz), over all arrays."""
    total = sum((np.sum(g * d) for g, d in zip(cotangents, changes, strict=True)), start=np.float64(0))
    return np.real(total) if np.iscomplexobj(total) else total


def value_and_vjp(call, point, cotangent=None, record=False):
    """The plain value, the cotangent used, and the gradients; Tensors and their inputs where `record`."""
    with Recording(), np.errstate(all="ignore"):
        inputs = [variable(p) for p in point]
        answer = call(*inputs)
        if not isinstance(answer, Tensor):
            answer = variable(answer)  # a derivative that is the same everywhere
        if cotangent is None:
            cotangent = directions([answer.value], 1)[0]
        lines = [x.line for x in inputs]
        gradients = vjp([answer.line], [np.asarray(cotangent)], lines, record=record)
    return answer, cotangent, gradients, lines


def gradient_call(call, cotangent, direction):
    """The next order as a function of arrays again: the directional derivative of <cotangent, call>."""

    def directional(*point):
        if not any(isinstance(p, Tensor) for p in point):
            _, _, gradients, _ = value_and_vjp(call, point, cotangent)
        else:
            with_lines = [p.line for p in point]
            answer = call(*point)
            if not isinstance(answer, Tensor):
                return np.float64(0)
            gradients = vjp([answer.line], [cotangent], with_lines, record=True)
        return paired(gradients, direction)

    return directional


def difference(call, point, direction, cotangent):
    """d/dt <cotangent, call(point + t*direction)> by Richardson's extrapolation, with its own error estimate."""

    def slope(h):
        up, down = (call(*[p + s * h * d for p, d in zip(point, direction, strict=True)]) for s in (1, -1))
        return paired([cotangent], [np.asarray(up) - np.asarray(down)]) / (2 * h)

    h = 2e-3
    coarse, middle, fine = slope(h), slope(h / 2), slope(h / 4)
    first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
    best = (16 * second - first) / 15
    return best, abs(best - second)


def check_against_differences(call, point, orders):
    """Orders 1 to `orders`, each against differences of the order below, in a random direction."""
    for order in range(1, orders + 1):
        _, cotangent, gradients, _ = value_and_vjp(call, point)
        direction = directions(point, 10 + order)
        got = paired(gradients, direction)
        expected, doubt = difference(call, point, direction, cotangent)
        tolerance = 1e-7 * max(1, abs(expected)) + 10 * doubt
        assert abs(got - expected) <= tolerance, f"order {order}: {got!r}, differences say {expected!r} +- {doubt:.1e}"
        for gradient, p in zip(gradients, point, strict=True):
            assert np.shape(gradient) == np.shape(p) and gradient.dtype == np.asarray(p).dtype
        call = gradient_call(call, cotangent, direction)


def check_adjoint(call, point):
    """<J v, u> = <v, J'u>, with J v from the sweep through the recorded sweep."""
    _, u, gradients, _ = value_and_vjp(call, point)
    v = directions(point, 3)
    with Recording():
        inputs = [variable(p) for p in point]
        seed = variable(np.asarray(u))
        back = vjp([call(*inputs).line], [seed], [x.line for x in inputs], record=True)
        pairs = [(b.line, d) for b, d in zip(back, v, strict=True) if isinstance(b, Tensor)]
        (forward,) = vjp([line for line, _ in pairs], [d for _, d in pairs], [seed.line])
    left, right = paired([forward], [u]), paired(gradients, v)
    assert np.isclose(left, right, rtol=1e-9, atol=1e-12), f"<Jv,u> = {left!r}, <v,J'u> = {right!r}"


def check_recorded(call, point, elsewhere):
    """The recorded sweep gives the same bits as the raw one, and its program, compiled too, holds at another point."""
    _, cotangent, raw, _ = value_and_vjp(call, point)
    answer, _, recorded, lines = value_and_vjp(call, point, cotangent, record=True)
    outputs = [t.line if isinstance(t, Tensor) else t for t in (answer, *recorded)]
    program = Program(lines, outputs)
    for other in (point, elsewhere):
        expected_answer, _, expected, _ = value_and_vjp(call, other, cotangent)
        for run in (program, compiled(program)):
            with np.errstate(all="ignore"):
                value, *gradients = run(*map(np.asarray, other))
            assert_same_bits(value, expected_answer.value)
            for got, want in zip(gradients, expected, strict=True):
                assert_same_bits(got, want)
    for got, want in zip(recorded, raw, strict=True):
        assert_same_bits(got.value if isinstance(got, Tensor) else got, want)


def check_eager(call, point):
    """Outside of a recording, where values are plain and lines are not shared, the gradient is the same."""
    _, cotangent, recorded, _ = value_and_vjp(call, point)
    inputs = [variable(p) for p in point]
    eager = vjp([call(*inputs).line], [np.asarray(cotangent)], [x.line for x in inputs])
    for got, want in zip(eager, recorded, strict=True):
        assert np.allclose(got, want, rtol=1e-11, atol=1e-13, equal_nan=True), f"{got!r} is not {want!r}"


def assert_same_bits(got, want):
    """Equal to the last bit, signs of zeros included; any nan is as good as another."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.dtype == want.dtype and got.shape == want.shape
    assert np.array_equal(got, want, equal_nan=True), f"{got!r} is not {want!r}"
    if got.dtype.kind in "fc":
        for one, other in ((got.real, want.real), (got.imag, want.imag)):
            zero = one == 0
            assert np.array_equal(np.signbit(one[zero]), np.signbit(other[zero])), f"a zero of {got!r} has another sign"


# --- at extreme points, where plain differences see nothing


@np.errstate(all="ignore")  # they are asked for at poles
def slopes(call, point, order):
    """All derivatives of one order of a function of numbers, by repeated recorded sweeps, as a flat list.

    Two operands and order 2 give d2/da2, d2/da db, d2/db da, d2/db2.
    """
    with Recording():
        inputs = [variable(np.float64(p)) for p in point]
        answers = [call(*inputs)]
        for _ in range(order):
            answers = [g for answer in answers for g in _gradient(answer, inputs)]
    return [float(a.value if isinstance(a, Tensor) else a) for a in answers]


def _gradient(answer, inputs):
    if not isinstance(answer, Tensor):
        return [0.0] * len(inputs)
    return vjp([answer.line], [np.float64(1)], [x.line for x in inputs], record=True)


def exact_slopes(reference, point, order, digits):
    """The same by differences of an mpmath function, in so many digits that they are exact for us."""
    with mpmath.workdps(digits):
        step = mpmath.mpf(10) ** (-digits // 15)
        calls = [reference]
        for _ in range(order):
            calls = [_exact_slope(call, i, step) for call in calls for i in range(len(point))]
        return [call(*map(mpmath.mpf, map(float, point))) for call in calls]


def _exact_slope(call, i, step):
    def slope(*point):
        h = (abs(point[i]) or 1) * step
        up, down = ((*point[:i], point[i] + s * h, *point[i + 1 :]) for s in (1, -1))
        return mpmath.re(call(*up) - call(*down)) / (2 * h)

    return slope


def check_against_mpmath(call, reference, *point, orders=3, rtol=1e-14, digits=900):
    """Derivatives to full *relative* accuracy, however small they are (down to 1e-300)."""
    for order in range(1, orders + 1):
        expectations = exact_slopes(reference, point, order, digits)
        for got, expected in zip(slopes(call, point, order), expectations, strict=True):
            error = abs(mpmath.mpf(got) - expected)
            assert error <= rtol * abs(expected) + 1e-300, f"order {order}: {got!r}, not {float(expected)!r}"
