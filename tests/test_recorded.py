"""Derivatives of expressions from Python, against SymPy, mpmath, SciPy and differences."""

import math

import mpmath
import numpy as np
import pytest
import sympy
from scipy import optimize

import autodiff_cli as ad

ROSENBROCK = "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)"


def along(function, point, tangents, step=1e-6):
    """The derivative of a function of a point along tangents, by central differences."""
    up = {name: np.asarray(v, float) + step * np.asarray(tangents.get(name, 0.0)) for name, v in point.items()}
    down = {name: np.asarray(v, float) - step * np.asarray(tangents.get(name, 0.0)) for name, v in point.items()}
    return (function(up) - function(down)) / (2 * step)


class TestJacobian:
    @pytest.mark.parametrize("ad_mode", ["auto", "forward", "reverse"])
    def test_polar_coordinates(self, ad_mode):
        J = ad.parse("[r*cos(t), r*sin(t)]").jacobian(r=2, t=0.5, ad=ad_mode)
        r, t = sympy.symbols("r t")
        expected = sympy.Matrix([r * sympy.cos(t), r * sympy.sin(t)]).jacobian([r, t]).subs({r: 2, t: 0.5})
        np.testing.assert_allclose(np.stack([J["r"], J["t"]], axis=1), np.array(expected, dtype=float), rtol=1e-15)

    @pytest.mark.parametrize("ad_mode", ["auto", "forward", "reverse"])
    def test_axes_are_those_of_the_value_and_then_of_the_variable(self, ad_mode):
        rng = np.random.default_rng(1)
        A, x = rng.normal(size=(2, 3)), rng.normal(size=3)
        f = ad.parse("outer(A @ x, x)")
        J = f.jacobian(A=A, x=x, ad=ad_mode)
        assert (J["A"].shape, J["x"].shape) == ((2, 3, 2, 3), (2, 3, 3))
        for index in np.ndindex(A.shape):
            tangent = np.zeros_like(A)
            tangent[index] = 1
            np.testing.assert_allclose(
                J["A"][(..., *index)], along(f.value, {"A": A, "x": x}, {"A": tangent}), rtol=1e-8
            )

    def test_undefined_only_where_it_is(self):
        J = ad.parse("log(x)*y").jacobian(x=[-1, 2], y=[3, 4])
        np.testing.assert_array_equal(np.isnan(J["x"]), [[True, False], [False, False]])
        assert J["x"][1].tolist() == [0, 2]

    def test_unknown_mode(self):
        with pytest.raises(ad.AdiffError, match="--ad is forward, reverse or auto"):
            ad.parse("x").jacobian(x=1, ad="sideways")


class TestHessian:
    def test_rosenbrock(self):
        x = np.random.default_rng(2).uniform(-2, 2, 30)
        np.testing.assert_allclose(
            ad.parse(ROSENBROCK).hessian(x=x)["x"]["x"], optimize.rosen_hess(x), rtol=1e-13, atol=1e-12
        )

    def test_blocks_of_several_variables(self):
        s, a, b = sympy.symbols("s a b")
        formula = sympy.exp(s * a) * b**3 + a * b
        expected = np.array(sympy.hessian(formula, [s, a, b]).subs({s: 0.5, a: 1.5, b: -2}), dtype=float)
        H = ad.parse("exp(s*x[0])*x[1]^3 + x[0]*x[1]").hessian(s=0.5, x=[1.5, -2])
        assert H["s"]["s"].shape == ()
        np.testing.assert_allclose(H["s"]["s"], expected[0, 0], rtol=1e-14)
        np.testing.assert_allclose(H["s"]["x"], expected[0, 1:], rtol=1e-14)
        np.testing.assert_allclose(H["x"]["s"], expected[1:, 0], rtol=1e-14)
        np.testing.assert_allclose(H["x"]["x"], expected[1:, 1:], rtol=1e-14)

    def test_blocks_have_the_axes_of_both_variables(self):
        H = ad.parse("sum(A @ x)").hessian(A=np.ones((2, 3)), x=[1, 2, 3])
        assert H["A"]["x"].shape == (2, 3, 3)
        assert H["x"]["A"].shape == (3, 2, 3)
        np.testing.assert_array_equal(H["A"]["x"], np.stack([np.eye(3)] * 2))

    def test_logistic_regression(self):
        """X' diag(p (1 - p)) X / n (McCullagh and Nelder, Generalized Linear Models, section 4.4)."""
        rng = np.random.default_rng(3)
        X, y, w = rng.normal(size=(40, 4)), rng.choice([-1.0, 1.0], 40), rng.normal(size=4)
        p = 1 / (1 + np.exp(-X @ w))
        expected = X.T @ (X * (p * (1 - p))[:, None]) / 40
        H = ad.parse("mean(log(1 + exp(-y*(X @ w))))").hessian({"X": X, "y": y, "w": w}, wrt="w")
        np.testing.assert_allclose(H["w"]["w"], expected, rtol=1e-12)

    def test_logdet(self):
        """The second differential of log det A is -tr(inv(A) dA inv(A) dA) (Petersen and Pedersen, formula 59)."""
        rng = np.random.default_rng(4)
        half, d, e = rng.normal(size=(3, 3, 3))
        A = half @ half.T + np.eye(3)
        H = ad.parse("logdet(A)").hessian(A=A)["A"]["A"]
        inverse = np.linalg.inv(A)
        expected = -np.trace(inverse @ d @ inverse @ e)
        np.testing.assert_allclose(np.einsum("ij,ijkl,kl", d, H, e), expected, rtol=1e-10)

    def test_undefined_between_variables_that_are(self):
        H = ad.parse("log(x) + y^2").hessian(x=-1, y=2)
        assert np.isnan(H["x"]["x"])
        assert (H["x"]["y"], H["y"]["y"]) == (0, 2)

    def test_strong_zero(self):
        assert ad.parse("sum(where(x > 0, x^1.5, 0))").hessian(x=[0, 4])["x"]["x"].tolist() == [[0, 0], [0, 0.375]]

    def test_of_an_array_is_an_error(self):
        with pytest.raises(ad.AdiffError) as caught:
            ad.parse("x^2").hessian(x=[1, 2])
        assert caught.value.code == "not-scalar"


class TestProducts:
    POINT = {"A": np.array([[1.0, 2], [3, 5]]), "x": np.array([0.5, -1])}

    def test_jvp(self):
        f = ad.parse("tanh(A @ x)*x")
        rng = np.random.default_rng(5)
        tangents = {"A": rng.normal(size=(2, 2)), "x": rng.normal(size=2)}
        for chosen in (tangents, {"x": tangents["x"]}):
            expected = along(f.value, self.POINT, chosen)
            np.testing.assert_allclose(f.jvp(self.POINT, tangents=chosen), expected, rtol=1e-8)

    def test_vjp(self):
        """<g, J t> by differences is <g J, t>."""
        f = ad.parse("tanh(A @ x)*x")
        rng = np.random.default_rng(6)
        tangents = {"A": rng.normal(size=(2, 2)), "x": rng.normal(size=2)}
        g = rng.normal(size=2)
        product = f.vjp(self.POINT, cotangent=g)
        found = sum(np.sum(product[name] * tangents[name]) for name in tangents)
        assert found == pytest.approx(g @ along(f.value, self.POINT, tangents), rel=1e-8)

    def test_hvp(self):
        f = ad.parse("sum(tanh(A @ x)*x)")
        rng = np.random.default_rng(7)
        tangents = {"A": rng.normal(size=(2, 2)), "x": rng.normal(size=2)}
        product = f.hvp(self.POINT, tangents=tangents)
        for name in tangents:
            expected = along(lambda point, name=name: f.grad(point)[name], self.POINT, tangents)
            np.testing.assert_allclose(product[name], expected, rtol=1e-7)

    def test_hvp_of_rosenbrock(self):
        rng = np.random.default_rng(8)
        x, v = rng.normal(size=(2, 50))
        expected = optimize.rosen_hess_prod(x, v)
        np.testing.assert_allclose(ad.parse(ROSENBROCK).hvp(x=x, tangents=v)["x"], expected, rtol=1e-12)

    def test_nothing_moves_where_a_seed_is_zero(self):
        assert ad.parse("sqrt(x)").vjp(x=[0, 4], cotangent=[0, 1])["x"].tolist() == [0, 0.25]
        assert ad.parse("sum(sqrt(x))").jvp(x=[0, 4], tangents=[0, 1]) == 0.25
        assert ad.parse("sum(x^1.5)").hvp(x=[0, 4], tangents=[0, 1])["x"].tolist() == [0, 0.375]

    def test_undefined_along_what_moves(self):
        f = ad.parse("log(x) + y^2")
        assert np.isnan(f.jvp(x=-1, y=3, tangents={"x": 1}))
        assert f.jvp(x=-1, y=3, tangents={"y": 1}) == 6
        assert np.isnan(f.hvp(x=-1, y=3, tangents={"x": 1})["x"])
        assert f.hvp(x=-1, y=3, tangents={"y": 1}) == {"x": 0, "y": 2}

    @pytest.mark.parametrize(
        ("tangents", "code"),
        [(None, "usage"), ({}, "usage"), (1.0, "usage"), ({"z": 1}, "unknown-name"), ({"x": [1, 2]}, "shape")],
    )
    def test_tangents_refused(self, tangents, code):
        for product in (ad.parse("x*y").jvp, ad.parse("x*y").hvp):
            with pytest.raises(ad.AdiffError) as caught:
                product(x=1, y=2, tangents=tangents)
            assert caught.value.code == code

    @pytest.mark.parametrize(("cotangent", "code"), [(None, "usage"), ([1, 2], "shape"), (1, "shape")])
    def test_cotangents_refused(self, cotangent, code):
        with pytest.raises(ad.AdiffError) as caught:
            ad.parse("x^2").vjp(x=[1, 2, 3], cotangent=cotangent)
        assert caught.value.code == code


class TestHigherOrders:
    FUNCTIONS = {
        "sin(x)*exp(x^2)/(1+x^2)": lambda x: mpmath.sin(x) * mpmath.exp(x**2) / (1 + x**2),
        "tanh(x)": mpmath.tanh,
        "sqrt(1 + x)": lambda x: mpmath.sqrt(1 + x),
        "log(x + 2)^2": lambda x: mpmath.log(x + 2) ** 2,
        "x^x": lambda x: x**x,
        "atan(3x)": lambda x: mpmath.atan(3 * x),
    }

    @pytest.mark.parametrize("text", FUNCTIONS)
    def test_against_mpmath(self, text):
        """mpmath differentiates numerically, with digits enough."""
        with mpmath.workdps(60):
            expected = [float(c) for c in mpmath.taylor(self.FUNCTIONS[text], mpmath.mpf(0.3), 6)]
        f = ad.parse(text)
        np.testing.assert_allclose(f.taylor(x=0.3, order=6), expected, rtol=1e-12)
        for k in (1, 4, 6):
            assert f.partial(x=0.3, wrt=["x"] * k) == pytest.approx(expected[k] * math.factorial(k), rel=1e-12)
        slopes = [c * math.factorial(k) for k, c in enumerate(expected)]
        np.testing.assert_allclose(f.derivatives(x=0.3, order=6), slopes, rtol=1e-12)

    @pytest.mark.parametrize("wrt", ["z", ["x", "y"], ["x", "x", "y"], ["y", "x", "z", "y"], ["z", "z"]])
    def test_mixed_against_sympy(self, wrt):
        x, y, z = sympy.symbols("x y z")
        formula = sympy.sin(x * y) * sympy.exp(z * x) + z**2 / y
        for name in wrt:
            formula = formula.diff(name)
        expected = float(formula.subs({x: 0.5, y: 1.5, z: -0.25}))
        f = ad.parse("sin(x*y)*exp(z*x) + z^2/y")
        assert f.partial(x=0.5, y=1.5, z=-0.25, wrt=wrt) == pytest.approx(expected, rel=1e-12)

    def test_arrays(self):
        f = ad.parse("[[t^2, t^3], [exp(t), 7]]")
        assert f.taylor(t=1, order=3).shape == (4, 2, 2)
        assert f.partial(t=1, wrt=["t"] * 3)[0].tolist() == [0, 6]
        assert f.derivatives(t=1, order=3).shape == (4, 2, 2)
        assert f.derivatives(t=1, order=2)[2, 1] == pytest.approx([math.e, 0], rel=1e-15)

    def test_order_zero_is_the_value(self):
        f = ad.parse("x^3*y")
        assert f.partial(x=2, y=5) == f.partial(x=2, y=5, wrt=[]) == 40
        assert f.derivatives(x=2, y=5, wrt="x", order=0).tolist() == [40]
        assert f.taylor(x=2, y=5, wrt="x", order=0).tolist() == [40]

    def test_undefined(self):
        assert np.isnan(ad.parse("log(x)").partial(x=-1, wrt=["x"] * 3))
        assert np.isnan(ad.parse("log(x)").derivatives(x=-1, order=3)).all()
        assert np.isnan(ad.parse("log(x)").taylor(x=-1, order=3)).all()
        assert ad.parse("log(x) + y^2").partial(x=-1, y=3, wrt=["y", "y"]) == 2

    @pytest.mark.parametrize("order", [-1, 1.5, True, 10**6])
    def test_orders_refused(self, order):
        with pytest.raises(ad.AdiffError) as caught:
            ad.parse("x*y").derivatives(x=1, y=2, order=order, wrt="x")
        assert caught.value.code == "order"
        with pytest.raises(ad.AdiffError, match="order 1800 is out of reach"):
            ad.parse("x*y").partial(x=1, y=2, wrt=["x", "y"] * 900)

    def test_variables_refused(self):
        with pytest.raises(ad.AdiffError, match="single number"):
            ad.parse("sum(x)").partial(x=[1, 2], wrt="x")
        with pytest.raises(ad.AdiffError, match="z is not a variable"):
            ad.parse("sum(x)").partial(x=[1, 2], wrt="z")
        for ask in (ad.parse("sum(x)").derivatives, ad.parse("sum(x)").taylor):
            with pytest.raises(ad.AdiffError, match="single number"):
                ask(x=[1, 2], order=2)
        for ask in (ad.parse("x*y").derivatives, ad.parse("x*y").taylor):
            with pytest.raises(ad.AdiffError, match="by one variable"):
                ask(x=1, y=2, order=2)


def test_a_constant_has_no_slope():
    f = ad.parse("floor(x)*2 > 1")
    assert f.jacobian(x=[1.5, 2.5])["x"].tolist() == [[0, 0], [0, 0]]
    assert f.partial(x=1.5, wrt=["x", "x"]) == 0
    assert f.derivatives(x=1.5, order=2).tolist() == [1, 0, 0]
    assert f.taylor(x=1.5, order=2).tolist() == [1, 0, 0]
    assert f.hessian(x=1.5) == {"x": {"x": 0}}
    assert f.jvp(x=1.5, tangents=1) == 0
    assert f.hvp(x=1.5, tangents=1) == {"x": 0}


def test_too_large_to_be_written_down():
    for ask in (ad.parse("x").jacobian, ad.parse("sum(x)").hessian):
        with pytest.raises(ad.AdiffError, match=r"would have 10\^10 elements"):
            ask(x=np.zeros(10**5))
