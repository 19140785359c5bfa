"""Rules of one's own: custom_vjp, defvjp, and the four words with `primitive`."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.rules import RULES

X = np.array([0.3, -0.5, 1.2])


def assert_same(got, want, rtol=1e-12):
    np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-14)


class TestCustomVjp:
    def logsumexp(self):
        @ad.custom_vjp
        def logsumexp(x, scale):
            """Says what it is."""
            return np.log(np.sum(np.exp(scale * x)))

        def forward(x, scale):
            y = logsumexp(x, scale)
            return y, (x, y)

        def backward(residuals, g):
            x, y = residuals
            return g * 2 * np.exp(2 * x - y), None

        logsumexp.defvjp(forward, backward)
        return logsumexp

    def test_it_differentiates_to_any_order(self):
        own = self.logsumexp()

        def known(x):
            return np.log(np.sum(np.exp(2 * x)))

        def f(x):
            return own(x, 2.0)

        assert_same(f(X), known(X))
        assert_same(ad.grad(own, 0)(X, 2.0), ad.grad(known)(X))
        assert_same(ad.hessian(f)(X), ad.hessian(known)(X))
        ad.check_grads(f, (X,))

    def test_its_rule_is_the_one_that_is_used(self):
        @ad.custom_vjp
        def clipped(x):
            return x

        clipped.defvjp(lambda x: (x * 1, None), lambda _, g: (np.clip(g, -1, 1),))
        assert ad.grad(lambda x: 5 * clipped(x))(2.0) == 1

    def test_several_results_come_back_as_a_tuple(self):
        @ad.custom_vjp
        def both(x):
            return np.sin(x), np.cos(x)

        both.defvjp(lambda x: ((np.sin(x), np.cos(x)), x), lambda x, g: (g[0] * np.cos(x) - g[1] * np.sin(x),))
        assert_same(ad.jacobian(both)(0.3), (np.cos(0.3), -np.sin(0.3)))

    def test_name_and_function_are_kept(self):
        own = self.logsumexp()
        assert (own.__name__, own.__doc__) == ("logsumexp", "Says what it is.")
        assert type(own(X, 2.0)) is np.float64

    def test_errors(self):
        @ad.custom_vjp
        def f(x):
            return x

        with pytest.raises(ad.AdiffError, match="f has no derivative yet") as caught:
            ad.grad(f)(1.0)
        assert "f.defvjp" in caught.value.help
        f.defvjp(lambda x: (x, None), lambda _, g: (g, g))
        with pytest.raises(ad.AdiffError, match=r"f\.backward gives 2 gradients for 1 input"):
            ad.grad(f)(1.0)


@pytest.fixture
def rules():
    """Rules that a test makes are gone after it."""
    before = dict(RULES)
    yield
    RULES.update(before)
    for function in [f for f in RULES if getattr(f, "__module__", None) == __name__]:
        del RULES[function]


@pytest.mark.usefixtures("rules")
class TestDefvjp:
    def hypotenuse(self):
        @ad.primitive
        def hypotenuse(a, b, scale=1.0):
            return scale * np.sqrt(a * a + b * b)

        return ad.defvjp(
            hypotenuse,
            lambda g, ans, a, b, scale=1.0: g * a * scale**2 / ans,
            lambda g, ans, a, b, scale=1.0: g * b * scale**2 / ans,
        )

    def test_it_differentiates_to_any_order(self):
        own = self.hypotenuse()
        assert ad.grad(own)(3.0, 4.0) == (0.6, 0.8)
        assert ad.grad(own)(3.0, b=4.0) == 0.6
        assert_same(ad.hessian(own)(0.3, 0.7), ad.hessian(np.hypot)(0.3, 0.7))
        assert_same(
            ad.hessian(lambda a, b: own(a, b, scale=2.0))(0.3, 0.7), 2 * np.array(ad.hessian(np.hypot)(0.3, 0.7))
        )
        ad.check_grads(own, (X, X**2), order=2)

    def test_none_and_rules_that_are_left_out(self):
        @ad.primitive
        def first(a, b, c):
            return a * 1

        ad.defvjp(first, lambda g, ans, a, b, c: g, None)
        assert ad.grad(first)(1.0, 2.0, 3.0) == (1, 0, 0)

    def test_any_number_of_arguments(self):
        @ad.primitive
        def total(*arrays):
            return sum(arrays)

        ad.defvjp(total, *[lambda g, ans, *arrays, k=k: (k + 1) * g for k in range(3)])
        assert ad.grad(total)(1.0, 2.0, 3.0) == (1, 2, 3)

    def test_a_ufunc(self):
        ad.defvjp(np.cbrt, lambda g, ans, x: 5 * g)
        assert ad.grad(np.cbrt)(2.0) == 5

    def test_errors(self):
        def plain(x):
            return x

        with pytest.raises(ad.AdiffError, match="plain is a plain Python function") as caught:
            ad.defvjp(plain, lambda g, ans, x: g)
        assert "ad.primitive" in caught.value.help
        with pytest.raises(ad.AdiffError, match="f is given 2 rules for 1 arguments"):

            @lambda f: ad.defvjp(ad.primitive(f), lambda g, ans, x: g, lambda g, ans, x: g)
            def f(x):
                return x

        @ad.primitive
        def twice(x):
            return np.stack([x, x])

        ad.defvjp(twice, lambda g, ans, x: g[0, :2])
        with pytest.raises(ad.AdiffError, match=r"the rule of twice gives a gradient of shape \(2,\) for input 0"):
            ad.grad(lambda x: np.sum(twice(x)))(X)


@pytest.mark.usefixtures("rules")
class TestWords:
    """The four words for functions of one's own, each with everything that follows from it."""

    def test_elementwise(self):
        @ad.primitive
        def logistic(x):
            return 1 / (1 + np.exp(-x))

        ad.elementwise(logistic, lambda y, x: y * (1 - y))

        def known(x):
            return 1 / (1 + np.exp(-x))

        assert_same(ad.derivatives(logistic, 0.3, 5), ad.derivatives(known, 0.3, 5), rtol=1e-9)
        assert_same(ad.vmap(ad.grad(logistic))(X), ad.elementwise_grad(known)(X))
        ad.check_grads(logistic, (X,))

    def test_linear(self):
        @ad.primitive
        def total(x):
            return np.sum(x)

        ad.linear(total, lambda g, x: np.broadcast_to(g, np.shape(x)))
        assert_same(ad.hessian(lambda x: total(x) ** 2)(X), 2 * np.ones((3, 3)))
        ad.check_grads(lambda x: total(np.sin(x)), (X,), order=2)

    def test_bilinear(self):
        @ad.primitive
        def inner(a, b):
            return np.dot(a, b)

        ad.bilinear(inner, lambda g, a, b: g * b, lambda g, a, b: g * a)
        assert_same(ad.hessian(lambda x: inner(x, x))(X), 2 * np.eye(3))
        ad.check_grads(inner, (X, X**2), order=2)

    def test_general(self):
        @ad.primitive
        def power_sum(x, n=2):
            return np.sum(x**n)

        ad.general(power_sum, lambda g, y, x, n=2: g * n * x ** (n - 1), why="not elementwise: it sums")
        assert_same(ad.grad(power_sum)(X), 2 * X)
        assert_same(ad.hessian(lambda x: power_sum(x, n=4))(X), np.diag(12 * X**2))
        ad.check_grads(power_sum, (X,), order=2)

    def test_constant(self):
        @ad.primitive
        def rank(x):
            return np.argsort(np.argsort(x)) * 1.0

        ad.constant(rank)
        assert_same(ad.grad(lambda x: np.sum(rank(x) * x))(X), [1.0, 0.0, 2.0])

    def test_without_a_rule_there_is_no_silent_zero(self):
        @ad.primitive
        def unknown(x):
            return x

        with pytest.raises(ad.NotDifferentiable, match="no derivative rule for unknown"):
            ad.grad(unknown)(1.0)
