"""A call written for NumPy, replayed on tensors: equal values, and derivatives that differences agree with."""

import numpy as np

import autodiff_cli as ad
from autodiff_cli.engine.imperative import gradients
from tests.engine.checks import difference, directions, paired


def value_of(answer):
    """The plain value of what a call gives, in tuples and lists too."""
    if isinstance(answer, (tuple, list)):
        return type(answer)(map(value_of, answer))
    return answer.value if isinstance(answer, ad.Tensor) else answer


def check_value(call, *point):
    """The same values, types and shapes as from arrays, whether or not the tensors carry a derivative."""
    want = call(*map(np.copy, point))
    for requires_grad in {False, all(p.dtype.kind in "fc" for p in point)}:
        got = call(*(ad.tensor(p, requires_grad=requires_grad) for p in point))
        assert_same(value_of(got), want)


def assert_same(got, want):
    if isinstance(want, (tuple, list)):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            assert_same(one, other)
        return
    if isinstance(want, str):
        assert got == want
        return
    got, want = np.asarray(got), np.asarray(want)
    assert got.dtype == want.dtype and got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-14, atol=0)


def check_derivative(call, *point):
    """The gradient, along a random direction, is what differences of the call on arrays say."""
    inputs = [ad.tensor(p, requires_grad=True) for p in point]
    answer = call(*inputs)
    (cotangent,) = directions([answer.value], 1)
    direction = directions(point, 2)
    got = paired(gradients([answer], inputs, [cotangent]), direction)
    want, doubt = difference(call, point, direction, cotangent)
    assert abs(got - want) <= 1e-8 * max(1, abs(want)) + 10 * doubt, f"{got!r}, differences say {want!r} +- {doubt:.1e}"
