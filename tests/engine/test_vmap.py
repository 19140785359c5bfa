"""vmap is as good as a loop: around derivatives, inside of them, along any axes."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import vmap as module

X = np.linspace(0.1, 1.3, 12).reshape(4, 3)
W = np.array([1.0, -2.0, 0.5])


def smooth(x):
    return np.sum(np.sin(x) * np.exp(x[0])) / (1 + np.max(x))


def choosing(x):
    """Keeps away from poles by a mask."""
    return np.sum(np.where(x > 0.5, np.sqrt(np.abs(x - 0.5)), x))


def matrix(x):
    return np.linalg.det(np.outer(x, x) + np.eye(3))


def branching(x):
    return np.sum(x**3) if np.sum(x) > 1.5 else np.sum(np.cos(x))


def counting(x):
    """The mean of those that are large, however many they are."""
    large = x[x > 0.5]
    return np.sum(large) / max(1, large.size)


FUNCTIONS = [smooth, choosing, matrix, branching, counting]


def looped(f, *stacks):
    return np.stack([f(*point) for point in zip(*stacks, strict=True)])


def assert_same(got, want):
    assert type(got) is type(want)
    np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-13)


@pytest.fixture
def loops(monkeypatch):
    """How often a function was called at one point after the other."""
    found, loop = [], module._Batch.looped
    monkeypatch.setattr(module._Batch, "looped", lambda self: found.append(self) or loop(self))
    return found


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
class TestLoop:
    def test_values(self, f):
        assert_same(ad.vmap(f)(X), looped(f, X))

    @pytest.mark.parametrize("derivative", [ad.grad, ad.hessian])
    def test_derivatives_inside(self, f, derivative):
        assert_same(ad.vmap(derivative(f))(X), looped(derivative(f), X))

    @pytest.mark.parametrize("derivative", [ad.grad, ad.hessian])
    def test_derivatives_outside(self, f, derivative):
        def total(map):
            return lambda x: np.sum(map(f)(x) ** 2)

        assert_same(derivative(total(ad.vmap))(X), derivative(total(lambda f: lambda x: np.stack([*map(f, x)])))(X))

    def test_both(self, f):
        """Differences of the loop over gradients."""
        weights, v = np.arange(12).reshape(4, 3), np.cos(X)
        found = ad.grad(lambda x: np.sum(ad.vmap(ad.grad(f))(x) * weights))(X)
        h = 1e-5
        up, down = (np.sum(looped(ad.grad(f), X + s * h * v) * weights) for s in (1, -1))
        assert np.sum(found * v) == pytest.approx((up - down) / (2 * h), rel=1e-6)

    def test_nested(self, f):
        stack = np.stack([X, X + 0.3])
        assert_same(ad.vmap(ad.vmap(f))(stack), np.stack([looped(f, x) for x in stack]))
        assert_same(
            ad.vmap(ad.grad(lambda x: np.sum(ad.vmap(f)(x))))(stack), np.stack([looped(ad.grad(f), x) for x in stack])
        )


def test_what_can_be_recorded_is_not_looped_over(loops):
    for f in (smooth, choosing, matrix):
        ad.vmap(ad.grad(f))(X)
    assert not loops
    for f in (branching, counting):
        ad.vmap(ad.grad(f))(X)
    assert len(loops) == 2


def test_jacobian():
    def f(x):
        return np.cumprod(np.tanh(x))

    _, pull = ad.vjp(f, W)
    assert_same(ad.vmap(lambda g: pull(g)[0])(np.eye(3)), ad.jacobian(f)(W))
    assert_same(ad.vmap(lambda v: ad.jvp(f, (W,), (v,))[1], out_axes=1)(np.eye(3)), ad.jacobian(f)(W))


class TestAxes:
    def test_of_arguments(self):
        assert_same(ad.vmap(smooth, 1)(X.T), looped(smooth, X))
        assert_same(ad.vmap(smooth, -1)(X.T), looped(smooth, X))
        assert_same(ad.vmap(np.dot, (0, None))(X, W), X @ W)
        assert_same(ad.vmap(np.dot, [None, 1])(W, X.T), X @ W)
        assert_same(ad.vmap(np.outer, (0, 0))(X, X), looped(np.outer, X, X))

    def test_of_results(self):
        assert ad.vmap(np.outer, (0, None), 1)(X, W).shape == (3, 4, 3)
        assert_same(ad.vmap(np.outer, (0, None), -1)(X, W), np.moveaxis(looped(lambda x: np.outer(x, W), X), 0, -1))
        found = ad.vmap(lambda x: (x, {"s": np.sum(x)}), out_axes=(1, {"s": 0}))(X)
        assert_same(found[0], X.T)
        assert_same(found[1]["s"], np.sum(X, axis=1))

    def test_none_for_what_is_the_same_at_all_points(self):
        value, double = ad.vmap(lambda x, w: (np.sum(x), 2 * w), (0, None), (0, None))(X, W)
        assert_same(value, np.sum(X, axis=1))
        assert_same(double, 2 * W)
        assert_same(ad.vmap(lambda x: W)(X), np.broadcast_to(W, (4, 3)))

    def test_structures(self):
        def f(p):
            return {"y": p["x"] @ p["w"][0]}

        assert_same(ad.vmap(f, ({"x": 0, "w": [None]},))({"x": X, "w": [W]})["y"], X @ W)
        assert_same(ad.vmap(f)({"x": X, "w": [X]})["y"], np.sum(X * X, axis=1))
        assert_same(ad.vmap(f, ({"w": 1, "x": 0},))({"x": X, "w": [X.T]})["y"], np.sum(X * X, axis=1))

    def test_keywords_lie_along_their_first_axis(self):
        assert_same(ad.vmap(lambda x, w: x @ w)(X, w=X), np.sum(X * X, axis=1))

    def test_other_arguments(self):
        assert_same(ad.vmap(lambda x, how: getattr(np, how)(x), (0, None))(X, "sum"), np.sum(X, axis=1))

    def test_integers_choose(self):
        i = np.array([0, 2, 1, 1])
        assert_same(ad.vmap(lambda x, i: x[i])(X, i), X[np.arange(4), i])
        assert_same(ad.grad(lambda x: np.sum(ad.vmap(lambda i: x[i])(i)))(W), np.array([1.0, 2.0, 1.0]))

    def test_no_points(self):
        assert ad.vmap(np.sin)(X[:0]).shape == (0, 3)
        assert ad.vmap(ad.grad(smooth))(X[:0]).shape == (0, 3)
        with pytest.raises(ad.AdiffError, match="no point") as caught:
            ad.vmap(branching)(X[:0])
        assert "where" in caught.value.help

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: ad.vmap(smooth)(1.0), r"no axis 0 in an argument: shape \(\)"),
            (lambda: ad.vmap(smooth, 2)(X), r"no axis 2 in an argument: shape \(4, 3\)"),
            (lambda: ad.vmap(smooth)("text"), "no axis 0 in an argument: str 'text'"),
            (lambda: ad.vmap(smooth, None)(X), "one number of points, but its arguments have no"),
            (lambda: ad.vmap(np.dot)(X, X.T), "one number of points, but its arguments have 3 and 4"),
            (lambda: ad.vmap(smooth, (0, 0))(X), "in_axes has 2 axes for 1 parts"),
            (lambda: ad.vmap(smooth, ((0,),))(X), "for what has no such structure"),
            (lambda: ad.vmap(smooth, 0, 1)(X), "axis 1 of a result with 1 axes"),
            (lambda: ad.vmap(smooth, 0, None)(X), "out_axes=None is not the same"),
        ],
    )
    def test_errors(self, call, message):
        with pytest.raises(ad.AdiffError, match=message) as caught:
            call()
        assert caught.value.help


class TestTensors:
    def test_what_stands_still_does_so_at_its_own_point(self):
        """Of what is read off a tensor while a program is recorded, nothing may stay as it was at the first point."""

        def without_gradient(x):
            with ad.no_grad():
                return np.sin(x)

        for still in (
            lambda x: x.detach() if isinstance(x, ad.Tensor) else x,
            lambda x: x.numpy() if isinstance(x, ad.Tensor) else x,
            lambda x: x.item(),
            ad.stop_gradient,
            without_gradient,
        ):
            x = X[:, 0]
            assert_same(ad.vmap(ad.grad(lambda x, still=still: still(x) * x))(x), np.array([still(v) for v in x]))

    def test_backward(self):
        x = ad.tensor(X, requires_grad=True)
        np.sum(ad.vmap(smooth)(x)).backward()
        np.testing.assert_allclose(x.grad, looped(ad.grad(smooth), X), rtol=1e-12)

    def test_tensors_from_outside(self):
        w = ad.tensor(W, requires_grad=True)
        np.sum(ad.vmap(lambda x: smooth(w * x) * w)(X)).backward()
        want = ad.grad(lambda w: sum(np.sum(smooth(w * x) * w) for x in X))(W)
        np.testing.assert_allclose(w.grad, want, rtol=1e-12)
        assert_same(ad.grad(lambda w: np.sum(ad.vmap(lambda x: w)(X)))(W), np.full(3, 4.0))

    def test_without_gradients(self):
        x = ad.tensor(X, requires_grad=True)
        with ad.no_grad():
            assert not ad.vmap(smooth)(x).requires_grad
            assert_same(ad.vmap(ad.grad(smooth))(X), looped(ad.grad(smooth), X))

    def test_operations_of_ones_own(self):
        class Sine(ad.Function):
            def forward(self, x):
                self.slope = np.cos(x)
                return np.sin(x)

            def backward(self, g):
                return g * self.slope

        for f in (Sine.apply, ad.checkpoint(np.sin)):

            def total(x, f=f):
                return np.sum(f(x) ** 2)

            assert_same(ad.vmap(total)(X), np.sum(np.sin(X) ** 2, axis=1))
            assert_same(ad.vmap(ad.grad(total))(X), np.sin(2 * X))
            assert_same(ad.vmap(ad.hessian(total))(X), np.stack([np.diag(2 * np.cos(2 * x)) for x in X]))


def test_it_is_faster_than_a_loop_by_as_much_as_there_are_points():
    """In calls of NumPy's functions, which do not depend on the number of points."""
    calls = []

    @ad.primitive
    def counted(x):
        calls.append(np.shape(x))
        return np.sin(x)

    ad.elementwise(counted, lambda y, x: np.cos(x))
    from autodiff_cli.engine.rules import RULES

    try:
        ad.vmap(lambda x: np.sum(counted(x)))(np.ones((1000, 3)))
    finally:
        del RULES[counted]
    assert calls == [(3,), (1000, 3)]


def test_the_name_of_the_function_is_kept():
    assert ad.vmap(smooth).__name__ == "smooth"
