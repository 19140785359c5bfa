"""The functional library, as its docstrings promise it: against mathematics, differences and SymPy."""

from collections import OrderedDict, namedtuple
from math import factorial

import numpy as np
import pytest
import sympy

import autodiff_cli as ad
from autodiff_cli.engine.recording import modes
from autodiff_cli.engine.tensor import Tensor

X = np.array([0.5, -1.0, 2.0])
Pair = namedtuple("Pair", "a b")


def slope(f, x, h=1e-6):
    """Of a function of a number, by differences."""
    return (f(x + h) - f(x - h)) / (2 * h)


def assert_same(got, want):
    """The same structure, of arrays that are the same to rounding."""
    assert type(got) is type(want) or not isinstance(want, (tuple, list, dict))
    if isinstance(want, dict):
        assert list(got) == list(want)
        got, want = list(got.values()), list(want.values())
    if isinstance(want, (tuple, list)):
        for one, other in zip(got, want, strict=True):
            assert_same(one, other)
    else:
        assert np.shape(got) == np.shape(want)
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


class TestArguments:
    def f(self, x, y, z):
        return np.sum(x * y) * z

    DX, DY, DZ = 2.0 * np.array([3.0, 4.0]), 2.0 * np.array([1.0, 2.0]), 11.0
    POINT = np.array([1.0, 2.0]), np.array([3.0, 4.0]), 2.0

    @pytest.mark.parametrize(
        ("argnums", "expected"),
        [
            (None, (DX, DY, DZ)),
            (0, DX),
            (2, DZ),
            (-1, DZ),
            ((1,), (DY,)),
            ([0, 2], (DX, DZ)),
            ((2, 0), (DZ, DX)),
        ],
    )
    def test_argnums(self, argnums, expected):
        assert_same(ad.grad(self.f, argnums)(*self.POINT), expected)
        assert_same(ad.value_and_grad(self.f, argnums)(*self.POINT), (22.0, expected))
        assert_same(ad.jacobian(self.f, argnums)(*self.POINT), expected)

    def test_one_argument_gives_an_array_and_not_a_tuple(self):
        assert_same(ad.grad(lambda x: np.sum(x**2))(X), 2 * X)
        assert_same(ad.hessian(lambda x: np.sum(x**2))(X), 2 * np.eye(3))

    def test_argnums_of_a_hessian(self):
        found = ad.hessian(self.f, (0, 2))(*self.POINT)
        assert_same(found, ((np.zeros((2, 2)), self.POINT[1]), (self.POINT[1], 0.0)))
        assert_same(ad.hessian(self.f, 1)(*self.POINT), np.zeros((2, 2)))

    @pytest.mark.parametrize("argnums", [3, -4, (0, 5)])
    def test_an_argument_that_is_not_there(self, argnums):
        with pytest.raises(ad.AdiffError, match="there is no argument") as caught:
            ad.grad(self.f, argnums)(*self.POINT)
        assert caught.value.code == "argnums"

    def test_keywords_are_passed_on(self):
        def f(x, *, power, scale=1):
            return np.sum(x**power) * scale

        assert_same(ad.grad(f)(X, power=3), 3 * X**2)
        assert_same(ad.grad(f)(X, power=2, scale=10), 20 * X)

    def test_what_is_not_differentiated_can_be_anything(self):
        f = ad.grad(lambda x, how, flag: getattr(np, how)(x) if flag else x, 0)
        assert f(0.3, "sin", True) == np.cos(0.3)
        assert f(0.3, None, False) == 1

    def test_the_name_of_the_function_is_kept(self):
        def loss(w):
            """Says what it is."""
            return np.sum(w)

        assert (ad.grad(loss).__name__, ad.grad(loss).__doc__) == ("loss", "Says what it is.")
        assert_same(ad.grad(np.linalg.norm)(np.array([3.0, 4.0])), np.array([0.6, 0.8]))


class TestNumbers:
    def test_integers_become_floats(self):
        for x in (3, np.int32(3), np.array(3), np.float64(3)):
            found = ad.grad(lambda x: x**2)(x)
            assert found == 6
            assert found.dtype == np.float64
        assert_same(ad.grad(lambda x: np.sum(x**3))(np.array([1, 2])), np.array([3.0, 12.0]))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_dtype_is_kept(self, dtype):
        x = X.astype(dtype)
        for found in (ad.grad(lambda x: np.sum(np.exp(x)))(x), ad.jacobian(np.exp)(x), ad.hessian(np.linalg.norm)(x)):
            assert found.dtype == dtype
        assert ad.taylor(np.exp, x, 3, direction=x).dtype == dtype

    def test_complex_numbers(self):
        """df = Re(g dz), here of |z|^2."""
        z = np.array([1 + 2j, -1j])
        assert_same(ad.grad(lambda z: np.sum(np.abs(z) ** 2))(z), 2 * np.conjugate(z))

    @pytest.mark.parametrize("x", ["text", None, True, object(), np.array(["a"])])
    def test_what_is_no_number(self, x):
        with pytest.raises(ad.AdiffError, match="cannot differentiate by") as caught:
            ad.grad(lambda x: 1.0)(x)
        assert caught.value.code == "not-a-number"
        assert "argnums" in caught.value.help

    def test_empty(self):
        assert ad.grad(np.sum)(np.ones(0)).shape == (0,)
        assert ad.hessian(np.sum)(np.ones((2, 0))).shape == (2, 0, 2, 0)
        assert ad.grad(lambda p: 1.0)({}) == {}

    def test_an_array_that_is_given_is_left_alone(self):
        x = np.ones(3)
        ad.grad(lambda x: np.sum(x * x))(x)
        assert x.tolist() == [1, 1, 1]


class TestStructures:
    TREE = {"w": (np.array([1.0, 2.0]), 3.0), "b": [np.array([[4.0]]), Pair(5.0, np.array([6.0]))]}

    def f(self, tree):
        (w, s), (m, pair) = tree["w"], tree["b"]
        return np.sum(w**2) * s + np.sum(m) * pair.a + np.sum(pair.b) ** 3

    GRADIENT = {"w": (np.array([6.0, 12.0]), 5.0), "b": [np.array([[5.0]]), Pair(4.0, np.array([108.0]))]}

    def test_gradient_has_the_structure_of_the_argument(self):
        assert_same(ad.grad(self.f)(self.TREE), self.GRADIENT)
        assert_same(ad.value_and_grad(self.f)(self.TREE), (15.0 + 20 + 216, self.GRADIENT))

    def test_order_of_keys_is_kept(self):
        tree = OrderedDict(z=1.0, a=2.0)
        found = ad.grad(lambda t: t["z"] * t["a"] ** 2)(tree)
        assert type(found) is OrderedDict
        assert list(found.items()) == [("z", 4), ("a", 4)]

    def test_a_list_of_numbers_is_a_structure(self):
        assert ad.grad(lambda p: p[0] * p[1])([2.0, 3.0]) == [3, 2]

    def test_jacobian_has_the_structure_of_result_and_argument(self):
        def f(p):
            return {"sum": p["x"] + p["s"], "pair": (p["s"] ** 2, np.sum(p["x"]))}

        x, s = np.array([1.0, 2.0]), 3.0
        expected = {
            "sum": {"x": np.eye(2), "s": np.ones(2)},
            "pair": ({"x": np.zeros(2), "s": 6.0}, {"x": np.ones(2), "s": 0.0}),
        }
        for mode in ("auto", "forward", "reverse"):
            assert_same(ad.jacobian(f, mode=mode)({"x": x, "s": s}), expected)

    def test_jacobian_of_several_arguments(self):
        found = ad.jacobian(lambda x, y: (x * y, x))(2.0, np.array([3.0, 4.0]))
        assert_same(found, ((np.array([3.0, 4.0]), 2 * np.eye(2)), (1.0, np.zeros(2))))

    def test_hessian_has_the_structure_twice(self):
        def f(p):
            return np.sum(p["x"] ** 2) * p["s"]

        x = np.array([1.0, 2.0])
        assert_same(
            ad.hessian(f)({"x": x, "s": 3.0}),
            {"x": {"x": 6 * np.eye(2), "s": 2 * x}, "s": {"x": 2 * x, "s": 0.0}},
        )

    def test_products(self):
        def f(p, q):
            return [p["x"] * q, np.sum(p["x"])]

        point, tangent = ({"x": X}, 2.0), ({"x": np.ones(3)}, 1.0)
        assert_same(ad.jvp(f, point, tangent), ([2 * X, 1.5], [2 + X, 3.0]))
        value, pullback = ad.vjp(f, *point)
        assert_same(value, [2 * X, 1.5])
        assert_same(pullback([np.ones(3), 10.0]), ({"x": np.full(3, 12.0)}, 1.5))

    def test_the_same_array_twice_has_two_gradients(self):
        assert ad.grad(lambda p: p[0] ** 2 * p[1])([3.0, 3.0]) == [18, 9]


class TestValues:
    def test_results_are_plain(self):
        value, gradient = ad.value_and_grad(lambda x: np.sum(x))(X)
        assert not isinstance(value, Tensor) and not isinstance(gradient, Tensor)
        value, tangent = ad.jvp(lambda x: (x, 1.0), (X,), (X,))
        assert_same((value, tangent), ((X, 1.0), (X, 0.0)))

    def test_a_constant_function(self):
        assert_same(ad.grad(lambda x: 3.0)(X), np.zeros(3))
        assert_same(ad.jacobian(lambda x: np.ones(2))(X), np.zeros((2, 3)))
        assert_same(ad.hessian(lambda x: np.sum(x))(X), np.zeros((3, 3)))
        assert_same(ad.derivatives(lambda x: 3.0, 1.0, 2), np.array([3.0, 0, 0]))

    def test_branches_and_loops_of_python(self):
        def f(x):
            while x < 100:
                x = x * x if x > 2 else 3 * x
            return x

        for x in (0.4, 1.5, 3.0, 200.0):
            assert ad.grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)

        def collatz(x, n):
            for k in range(n):
                x = x / 2 if k % 2 else 3 * x + 1
            return x

        assert ad.grad(collatz, 0)(1.0, 6) == 27 / 8

    def test_recursion(self):
        def power(x, n):
            return x * power(x, n - 1) if n else 1.0

        assert ad.grad(power, 0)(2.0, 5) == 80

    def test_a_function_that_raises_leaves_nothing_behind(self):
        def broken(x):
            raise KeyError("x")

        for _ in range(2):
            with pytest.raises(KeyError):
                ad.grad(lambda x: ad.grad(broken)(x))(1.0)
        assert modes.depth == 0
        assert not isinstance(ad.grad(lambda x: x * x)(1.0), Tensor)

    def test_strong_zeros_and_kinks(self):
        guarded = ad.grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)))
        assert_same(guarded(np.array([0.0, 4.0])), np.array([0, 0.25]))
        assert ad.grad(np.abs)(0.0) == 0
        assert_same(ad.grad(np.linalg.norm)(np.zeros(2)), np.zeros(2))
        assert ad.grad(lambda x: np.sqrt(x * x))(0.0) == 0
        assert ad.grad(lambda x: np.sqrt(x) ** 2)(0.0) == 1


class TestNesting:
    def test_order_four(self):
        f = np.sin
        for expected in (np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin):
            f = ad.grad(f)
            assert f(0.3) == pytest.approx(expected(0.3), rel=1e-14)

    def test_all_ways_to_a_second_derivative(self):
        def f(x):
            return np.sum(np.sin(x) * np.cumsum(x)) + np.linalg.norm(x)

        expected = ad.hessian(f)(X)
        for outer in ("forward", "reverse"):
            assert_same(ad.jacobian(ad.grad(f), mode=outer)(X), expected)
            for inner in ("forward", "reverse"):
                assert_same(ad.jacobian(ad.jacobian(f, mode=inner), mode=outer)(X), expected)
        columns = [ad.hvp(f, (X,), (v,))[0] for v in np.eye(3)]
        assert_same(np.stack(columns), expected)
        columns = [ad.grad(lambda x, v=v: ad.jvp(f, (x,), (v,))[1])(X) for v in np.eye(3)]
        assert_same(np.stack(columns), expected)

    def test_third_derivatives(self):
        """Of x0^2 x1 + x1^3 x2, by SymPy, through different orders of forwards and backwards."""

        def f(x):
            return x[0] ** 2 * x[1] + x[1] ** 3 * np.exp(x[2])

        s = sympy.symbols("x0:3")
        formula = s[0] ** 2 * s[1] + s[1] ** 3 * sympy.exp(s[2])
        point = dict(zip(s, X, strict=True))
        expected = [[[float(formula.diff(a, b, c).subs(point)) for c in s] for b in s] for a in s]
        for third in (
            ad.jacobian(ad.hessian(f)),
            ad.jacobian(ad.jacobian(ad.grad(f), mode="reverse"), mode="forward"),
            ad.hessian(lambda x: ad.grad(f)(x)[0]),
        ):
            found = third(X)
            np.testing.assert_allclose(found, expected if found.ndim == 3 else expected[0], rtol=1e-12, atol=1e-12)

    def test_hessian_of_a_hessian(self):
        """sum(x^4) has fourth derivatives of 24 on the diagonal."""
        found = ad.hessian(lambda x: np.trace(ad.hessian(lambda x: np.sum(x**4))(x)))(X)
        np.testing.assert_allclose(found, 24 * np.eye(3), rtol=1e-12)

    def test_grad_of_every_transform(self):
        def f(a):
            return np.exp(a * 0.5) * a

        transforms = {
            "value_and_grad": lambda a: ad.value_and_grad(f)(a)[0] * ad.value_and_grad(f)(a)[1],
            "jacobian": lambda a: np.sum(ad.jacobian(lambda x: np.stack([f(x), x]))(a) * a),
            "hessian": lambda a: ad.hessian(f)(a),
            "jvp": lambda a: ad.jvp(f, (a,), (a,))[1],
            "vjp": lambda a: ad.vjp(f, a)[1](a)[0],
            "hvp": lambda a: ad.hvp(f, (a,), (a,))[0],
            "derivatives": lambda a: np.sum(ad.derivatives(f, a, 4)),
            "taylor": lambda a: ad.taylor(f, a, 3)[3],
            "taylor along": lambda a: np.sum(ad.taylor(lambda x: f(x) * a, np.stack([a, a * a]), 3, direction=X[:2])),
        }
        for name, transform in transforms.items():
            assert ad.grad(transform)(0.7) == pytest.approx(slope(transform, 0.7), rel=1e-7), name
            assert ad.jvp(transform, (0.7,), (1.0,))[1] == pytest.approx(slope(transform, 0.7), rel=1e-7), name

    def test_tangents_that_are_differentiated(self):
        """Inside of another, a tangent or cotangent may be what the other differentiates by."""
        assert_same(ad.grad(lambda v: np.sum(ad.jvp(np.sin, (X,), (v,))[1] ** 2))(X), 2 * np.cos(X) ** 2 * X)
        assert_same(ad.grad(lambda v: np.sum(ad.vjp(np.sin, X)[1](v)[0] ** 2))(X), 2 * np.cos(X) ** 2 * X)
        assert ad.grad(lambda v: ad.taylor(np.exp, 0.0, 3, direction=v)[3])(2.0) == pytest.approx(2.0)

    def test_a_pullback_kept_for_later(self):
        _, pullback = ad.vjp(lambda x: x**3, 2.0)
        assert pullback(1.0) == (12,)
        assert ad.grad(lambda g: pullback(g * g)[0])(3.0) == 72

    def test_with_an_expression(self):
        f = ad.parse("sum(x^3)")
        assert f.value(x=ad.grad(lambda x: np.sum(x * x))(X)) == pytest.approx(np.sum((2 * X) ** 3))


class TestConfusion:
    """Derivatives of one level are not those of another (Siskind and Pearlmutter, "Perturbation confusion", 2005)."""

    def test_siskind_and_pearlmutter(self):
        for inner in (lambda f: ad.grad(f), lambda f: lambda y: ad.jvp(f, (y,), (1.0,))[1]):
            for outer in (lambda f: ad.grad(f), lambda f: lambda x: ad.jvp(f, (x,), (1.0,))[1]):
                assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1  # noqa: B023
                assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6  # noqa: B023
                assert outer(lambda x: inner(lambda y: x * y * y)(x))(3.0) == 12  # noqa: B023

    def test_the_variable_itself_inside(self):
        assert ad.grad(lambda x: ad.grad(lambda y: x * y)(x))(5.0) == 1
        assert ad.grad(lambda x: ad.grad(lambda x: x * x)(x) * x)(5.0) == 20

    def test_three_levels(self):
        def f(x):
            return ad.grad(lambda y: y * ad.grad(lambda z: x * y * z * z)(y))(x)

        assert f(2.0) == pytest.approx(48)  # y * 2xy^2 has the slope 6xy^2, which is 6x^3 at y = x
        assert ad.grad(f)(2.0) == pytest.approx(72)

    def test_a_derivative_by_nothing(self):
        assert ad.grad(lambda x: ad.grad(lambda y: x)(x))(2.0) == 0

    def test_closures_over_outer_arrays(self):
        def f(w):
            def g(x):
                return np.sum(np.tanh(w * x) ** 2)

            return np.sum(ad.grad(g)(X) ** 2)

        w = np.array([0.3, 0.7, -0.2])
        for k in range(3):
            unit = np.eye(3)[k]
            assert ad.grad(f)(w)[k] == pytest.approx(slope(lambda t, u=unit: f(w + t * u), 0.0), rel=1e-6)

    def test_a_step_of_learning_that_is_differentiated(self):
        """d/dlr of the loss after gradient steps, by differences."""

        def loss_after(rate):
            w = np.array([1.0, -2.0])
            for _ in range(5):
                w = w - rate * ad.grad(lambda w: np.sum(w**4) + w[0] * w[1])(w)
            return np.sum(w * w)

        assert ad.grad(loss_after)(0.01) == pytest.approx(slope(loss_after, 0.01), rel=1e-6)


class TestErrors:
    @pytest.mark.parametrize("transform", [ad.grad, ad.value_and_grad, ad.hessian])
    @pytest.mark.parametrize("f", [lambda x: x, lambda x: (np.sum(x), 1.0), lambda x: x[:1]])
    def test_not_a_number(self, transform, f):
        with pytest.raises(ad.AdiffError, match="returns one number") as caught:
            transform(f)(X)
        assert caught.value.code == "not-scalar"
        assert "jacobian" in caught.value.help

    @pytest.mark.parametrize("tangents", [(np.ones(2),), (X, X), (1.0,), ()])
    def test_tangents_of_another_shape(self, tangents):
        for product in (ad.jvp, ad.hvp):
            with pytest.raises(ad.AdiffError, match="tangent has shape") as caught:
                product(lambda x: np.sum(x), (X,), tangents)
            assert caught.value.code == "shape"

    def test_cotangents_of_another_shape(self):
        _, pullback = ad.vjp(lambda x: x * x, X)
        with pytest.raises(ad.AdiffError, match=r"cotangent has shape \(2,\), not \(3,\)"):
            pullback(np.ones(2))

    def test_taylor_of_an_array_needs_a_direction(self):
        with pytest.raises(ad.AdiffError, match="needs a number") as caught:
            ad.taylor(np.sin, X, 3)
        assert "direction" in caught.value.help
        with pytest.raises(ad.AdiffError, match="needs a number"):
            ad.derivatives(np.sin, X, 3)
        with pytest.raises(ad.AdiffError, match="one result"):
            ad.derivatives(lambda x: (x, x), 1.0, 3)

    def test_what_loses_the_derivative(self):
        import math

        with pytest.raises(ad.AdiffError, match="would lose the derivative"):
            ad.grad(lambda x: math.sin(x))(1.0)
        with pytest.raises(ad.AdiffError, match="would lose the derivative"):
            ad.grad(lambda x: np.sum(np.array([x, x])))(1.0)


class TestHigherOrders:
    def test_derivatives(self):
        found = ad.derivatives(lambda x: np.sin(2 * x), 0.3, 5)
        expected = [2**k * np.sin(0.6 + k * np.pi / 2) for k in range(6)]
        np.testing.assert_allclose(found, expected, rtol=1e-13)

    def test_derivatives_of_an_array(self):
        found = ad.derivatives(lambda t: np.stack([t**3, np.exp(t)]), 2.0, 3)
        np.testing.assert_allclose(found, [[8, np.e**2], [12, np.e**2], [12, np.e**2], [6, np.e**2]], rtol=1e-14)

    def test_taylor(self):
        found = ad.taylor(np.exp, 0.0, 6)
        np.testing.assert_allclose(found, [1 / factorial(k) for k in range(7)], rtol=1e-14)
        assert ad.taylor(lambda x: x[0] * x[1], X[:2], 3, direction=np.ones(2)).tolist() == [-0.5, -0.5, 1, 0]
        assert ad.taylor(np.exp, 0.0, 0).tolist() == [1]

    def test_they_agree_with_nested_gradients(self):
        def f(x):
            return np.sin(x) * np.exp(x * x) / (1 + x * x)

        found = ad.derivatives(f, 0.3, 5)
        for derivative in found[:5]:
            assert derivative == pytest.approx(f(0.3), rel=1e-11)
            f = ad.grad(f)

    def test_a_far_order_in_range(self):
        assert ad.derivatives(lambda x: np.exp(x / 1e4), 0.0, 60)[60] == pytest.approx(1e-240, rel=1e-10)
