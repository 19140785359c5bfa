"""What must hold of every rule, as functions that raise AssertionError.

References are differences of the plain NumPy function, never a formula of our own.
"""

import numpy as np

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.tensor import Recording, Tensor, variable


def directions(arrays, seed):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(np.shape(a)) for a in arrays]


def value_and_vjp(call, point, cotangent=None, record=False):
    """The plain value, the cotangent used, and the gradients; Tensors and their inputs where `record`."""
    with Recording():
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
        return sum((np.sum(g * d) for g, d in zip(gradients, direction, strict=True)), start=np.float64(0))

    return directional


def difference(call, point, direction, cotangent):
    """d/dt <cotangent, call(point + t*direction)> by Richardson's extrapolation, with its own error estimate."""

    def slope(h):
        up, down = (call(*[p + s * h * d for p, d in zip(point, direction, strict=True)]) for s in (1, -1))
        return np.sum(cotangent * (np.asarray(up) - np.asarray(down))) / (2 * h)

    h = 2e-3
    coarse, middle, fine = slope(h), slope(h / 2), slope(h / 4)
    first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
    best = (16 * second - first) / 15
    return best, abs(best - second)


def check_against_differences(call, point, orders):
    """Orders 1 to `orders`, each against differences of the order below, in a random direction."""
    for order in range(1, orders + 1):
        answer, cotangent, gradients, _ = value_and_vjp(call, point)
        direction = directions(point, 10 + order)
        got = sum(np.sum(g * d) for g, d in zip(gradients, direction, strict=True))
        expected, doubt = difference(call, point, direction, cotangent)
        tolerance = 1e-7 * max(1, abs(expected)) + 10 * doubt
        assert abs(got - expected) <= tolerance, f"order {order}: {got!r}, differences say {expected!r} +- {doubt:.1e}"
        for gradient, p in zip(gradients, point, strict=True):
            assert np.shape(gradient) == np.shape(p) and gradient.dtype == np.asarray(p).dtype
        call = gradient_call(call, cotangent, direction)


def check_adjoint(call, point):
    """<J v, u> = <v, J'u>, with J v from the sweep through the recorded sweep."""
    answer, u, gradients, _ = value_and_vjp(call, point)
    v = directions(point, 3)
    with Recording():
        inputs = [variable(p) for p in point]
        seed = variable(np.asarray(u))
        back = vjp([call(*inputs).line], [seed], [x.line for x in inputs], record=True)
        pairs = [(b.line, d) for b, d in zip(back, v, strict=True) if isinstance(b, Tensor)]
        (forward,) = vjp([line for line, _ in pairs], [d for _, d in pairs], [seed.line])
    left = np.sum(forward * u)
    right = sum(np.sum(g * d) for g, d in zip(gradients, v, strict=True))
    assert np.isclose(left, right, rtol=1e-9, atol=1e-12), f"<Jv,u> = {left!r}, <v,J'u> = {right!r}"


def check_recorded(call, point, elsewhere):
    """The recorded sweep gives the same bits as the raw one, and its program holds at another point."""
    _, cotangent, raw, _ = value_and_vjp(call, point)
    answer, _, recorded, lines = value_and_vjp(call, point, cotangent, record=True)
    outputs = [t.line if isinstance(t, Tensor) else t for t in (answer, *recorded)]
    program = Program(lines, outputs)
    for other in (point, elsewhere):
        expected_answer, _, expected, _ = value_and_vjp(call, other, cotangent)
        with np.errstate(all="ignore"):
            value, *gradients = program(*other)
        assert_same_bits(value, expected_answer.value)
        for got, want in zip(gradients, expected, strict=True):
            assert_same_bits(got, want)
    for got, want in zip(recorded, raw, strict=True):
        assert_same_bits(got.value if isinstance(got, Tensor) else got, want)


def assert_same_bits(got, want):
    got, want = np.asarray(got), np.asarray(want)
    assert got.dtype == want.dtype and got.shape == want.shape
    assert np.array_equal(got, want, equal_nan=True), f"{got!r} is not {want!r}"
