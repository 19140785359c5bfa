"""Expressions from Python: values and gradients against numbers from elsewhere."""

import json
import math

import numpy as np
import pytest
from scipy import optimize, stats

import autodiff_cli as ad


def differences(function, point, step=1e-5):
    """The gradient of a scalar function of one array by central differences."""
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def test_the_survey_of_baydin_et_al():
    # Automatic differentiation in machine learning: a survey (2018), tables 2 and 3.
    f = ad.parse("ln(a) + a*b - sin(b)")
    assert f.variables == ("a", "b")
    assert f.value(a=2, b=5) == pytest.approx(11.652, abs=5e-4)
    gradient = f.grad(a=2, b=5)
    assert gradient["a"] == pytest.approx(5.5, abs=5e-4)
    assert gradient["b"] == pytest.approx(1.716, abs=5e-4)


def test_speelpennings_product():
    x = np.random.default_rng(1).uniform(0.9, 1.1, 1000)
    gradient = ad.parse("prod(x)").grad(x=x)["x"]
    np.testing.assert_allclose(gradient, math.prod(x.tolist()) / x, rtol=1e-12)


def test_speelpennings_product_with_a_zero():
    x = np.random.default_rng(1).uniform(0.9, 1.1, 1000)
    x[17] = 0
    expected = np.zeros(1000)
    expected[17] = math.prod(np.delete(x, 17).tolist())
    np.testing.assert_allclose(ad.parse("prod(x)").grad(x=x)["x"], expected, rtol=1e-12)


def test_rosenbrock_in_1000_variables():
    x = np.random.default_rng(2).uniform(-2, 2, 1000)
    f = ad.parse("sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)")
    assert f.value(x=x) == pytest.approx(optimize.rosen(x), rel=1e-13)
    np.testing.assert_allclose(f.grad(x=x)["x"], optimize.rosen_der(x), rtol=1e-12, atol=1e-10)


def test_logistic_regression():
    rng = np.random.default_rng(3)
    X, y, w = rng.normal(size=(40, 3)), rng.choice([-1.0, 1.0], 40), rng.normal(size=3)
    f = ad.parse("mean(log(1 + exp(-y*(X @ w))))")
    expected = differences(lambda w: np.mean(np.log1p(np.exp(-y * (X @ w)))), w)
    gradient = f.grad({"X": X, "y": y, "w": w}, wrt="w")
    assert list(gradient) == ["w"]
    np.testing.assert_allclose(gradient["w"], expected, rtol=1e-8)


def test_gaussian_log_likelihood():
    rng = np.random.default_rng(4)
    m, x, half = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3))
    S = half @ half.T + np.eye(3)
    f = ad.parse("r = x - m; -(r @ solve(S, r) + logdet(S) + size(x)*log(2pi))/2")
    likelihood = stats.multivariate_normal.logpdf
    assert f.value(x=x, m=m, S=S) == pytest.approx(likelihood(x, m, S), rel=1e-12)
    gradient = f.grad(x=x, m=m, S=S)
    np.testing.assert_allclose(gradient["m"], differences(lambda m: likelihood(x, m, S), m), rtol=1e-7)
    # Scipy reads only one triangle of S: compare where both change together.
    symmetric = differences(lambda S: likelihood(x, m, (S + S.T) / 2), S)
    np.testing.assert_allclose((gradient["S"] + gradient["S"].T) / 2, symmetric, rtol=1e-6)


def test_points_are_a_dict_or_keywords():
    f = ad.parse("sum(x*y)")
    assert f.value({"x": [1, 2]}, y=3) == f.value(x=[1, 2], y=3) == 9
    assert f.grad({"x": [1, 2], "y": 3})["x"].tolist() == [3, 3]


def test_gradients_have_shape_and_dtype_of_their_variables():
    f = ad.parse("sum(x*A)")
    gradient = f.grad(x=np.float32([1, 2]), A=[[1, 2], [3, 4]])
    assert gradient["x"].dtype == np.float32
    assert gradient["x"].shape == (2,)
    assert gradient["A"].dtype == np.float64
    assert gradient["A"].shape == (2, 2)


def test_gradients_can_be_written_to():
    gradient = ad.parse("sum(x)").grad(x=[1, 2, 3])["x"]
    gradient[0] = 5
    assert gradient.tolist() == [5, 1, 1]


def test_an_argument_is_not_changed():
    x = np.array([3.0, 1.0])
    ad.parse("sum(sort(x)*x)").grad(x=x)
    assert x.tolist() == [3, 1]


def test_undefined_only_where_it_is():
    gradient = ad.parse("sum(log(x)*y)").grad(x=[-1, 2, 0], y=[1, 1, 1])
    assert np.isnan(gradient["x"][0])
    assert gradient["x"][1] == 0.5
    assert gradient["x"][2] == np.inf
    assert np.isnan(gradient["y"][0])


def test_a_branch_not_taken_is_not_undefined():
    gradient = ad.parse("sum(where(x > 0, log(x), x)) + sqrt(y)").grad(x=[-1, 2], y=-1)
    assert gradient["x"].tolist() == [1, 0.5]
    assert np.isnan(gradient["y"])


@pytest.mark.parametrize(
    ("text", "point", "code"),
    [
        ("x*y", {"x": 1}, "unbound"),
        ("x", {"x": 1, "z": 2}, "unknown-name"),
        ("x", {"x": "abc"}, "value"),
        ("x", {"x": [[1, 2], [3]]}, "ragged"),
        ("x", {"x": 1j}, "value"),
        ("x", {"x": None}, "value"),
        ("x[", {"x": 1}, "syntax"),
    ],
)
def test_errors(text, point, code):
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse(text).value(point)
    assert caught.value.code == code


def test_gradient_of_an_array_is_an_error():
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse("x^2").grad(x=[1, 2])
    assert caught.value.code == "not-scalar"
    assert caught.value.help == 'sum(x^2) for one number, or adiff jac "x^2" for all 2 x 2 derivatives'


def test_wrt_that_is_no_variable():
    with pytest.raises(ad.AdiffError) as caught:
        ad.parse("x^2").grad(x=1, wrt="y")
    assert caught.value.code == "unknown-name"


def test_deep_and_long_expressions():
    depth = 20_000
    for text in (
        "(" * depth + "x" + ")" * depth,
        "-" * depth + "x",
        "+".join(["x"] * depth),
        "sin(" * 10**4 + "x" + ")" * 10**4,
    ):
        assert np.isfinite(ad.parse(text).grad(x=0.5)["x"])


def test_functions_of_functions_stay_linear():
    text = "f0(t) = t + 1; " + "".join(f"f{i}(t) = f{i - 1}(f{i - 1}(t)); " for i in range(1, 14))
    assert ad.parse(text + "f13(x)").value(x=0) == 2**13
    doubling = "f0(t) = t; " + "".join(f"f{i}(t) = f{i - 1}(t) + f{i - 1}(t); " for i in range(1, 60))
    assert ad.parse(doubling + "f59(x)").grad(x=1)["x"] == 2.0**59


def test_logistic_regression_from_files():
    """What the command line reads from X.npy, against differences of the same formula in NumPy."""
    from tests import transcripts

    X, y, w = np.load(transcripts.FILES / "X.npy"), np.load(transcripts.FILES / "y.npy"), np.array([0.1, -0.2])
    command = 'adiff grad "mean(log(1+exp(-y*(X@w))))" --X @X.npy --y @y.npy --w 0.1,-0.2 --wrt w --json'
    gradient = json.loads(transcripts.run(command).stdout)["grad"]["w"]
    np.testing.assert_allclose(gradient, differences(lambda w: np.mean(np.log1p(np.exp(-y * (X @ w)))), w), rtol=1e-8)


def test_value_and_gradient_together():
    f, point = ad.parse("sum(x^2*y)"), {"x": [1, 2], "y": 3}
    value, gradient = f.value_and_grad(point)
    assert value == f.value(point) == 15
    assert list(gradient) == ["x", "y"]
    assert gradient["x"].tolist() == [6, 12] and gradient["y"] == 5
    assert list(f.value_and_grad(x=[1, 2], y=3, wrt="y")[1]) == ["y"]


class TestCalls:
    """An expression as a function of arrays and of tensors."""

    def test_arrays_in_order_or_by_name(self):
        f = ad.parse("sum(x)/y*pi")
        assert f([1, 2], 4) == f([1, 2], y=4) == f(y=4, x=[1, 2]) == 0.75 * math.pi
        assert f([1, 2], 4, pi=3) == 2.25
        assert ad.parse("2 + 3")() == 5

    @pytest.mark.parametrize(
        ("arrays", "named", "code"),
        [((1, 2, 3), {}, "arguments"), ((1,), {"x": 2}, "arguments"), ((1,), {}, "unbound"),
         ((1, 2), {"z": 3}, "unknown-name"), (({"x": 1}, 2), {}, "value")],
    )  # fmt: skip
    def test_errors(self, arrays, named, code):
        tensors = [ad.tensor(1.0) if a == 1 else a for a in arrays]
        for given in (arrays, tensors):
            with pytest.raises(ad.AdiffError) as caught:
                ad.parse("x*y")(*given, **named)
            assert caught.value.code == code

    def test_transforms(self):
        cube, product = ad.parse("x^3"), ad.parse("sum(x^2*y)")
        assert ad.grad(cube)(2.0) == 12
        assert ad.grad(ad.grad(ad.grad(cube)))(2.0) == 6
        assert ad.derivatives(cube, 2.0, 4).tolist() == [8, 12, 12, 6, 0]
        x, y = np.array([1.0, 2]), np.array([3.0, 4])
        for _ in range(3):
            assert ad.hessian(product, 0)(x, y).tolist() == [[6, 0], [0, 8]]
            assert ad.jacobian(ad.parse("A @ x"), 1)(np.eye(2) * 3, x).tolist() == [[3, 0], [0, 3]]
            value, (by_x, by_y) = ad.value_and_grad(product)(x, y)
            assert (value, by_x.tolist(), by_y.tolist()) == (19, [6, 16], [1, 4])
            assert ad.grad(lambda s: np.sin(product(s * x, y)))(0.5) == pytest.approx(19 * math.cos(19 / 4))

    def test_inside_of_other_code(self):
        """Backward passes through several calls, at points of which some are alike."""
        f = ad.parse("sum(sin(x)*y)")
        for start in (0.0, 1.0, 2.0, 3.0):
            x = ad.tensor([start, 0.5], requires_grad=True)
            y = f(x * 2, [3, 4]) ** 2
            y.backward()
            inner = 3 * math.sin(2 * start) + 4 * math.sin(1)
            assert y.item() == pytest.approx(inner**2)
            expected = [2 * inner * 6 * math.cos(2 * start), 2 * inner * 8 * math.cos(1)]
            np.testing.assert_allclose(x.grad, expected, rtol=1e-13)

    def test_the_value_is_that_of_arrays(self):
        f = ad.parse("0.3*(0.7*sum(x)*y) + sqrt(y)^2")
        for y in (0.1, 0.2, 0.3, 0.7):
            x = np.array([y, 1.1])
            assert f(ad.tensor(x, requires_grad=True), ad.tensor(y)).item() == f(x, y)

    def test_shapes_that_depend_on_values(self):
        f = ad.parse("sum(x[x > 0]^2)/size(x[x > 0])")
        for x in ([1.0, 2, -1], [1.0, 2, -2], [1.0, 2, 3], [-1.0, 2, -3], [4.0, 2, -3]):
            x, positive = np.array(x), np.array(x) > 0
            np.testing.assert_allclose(ad.grad(f)(x), np.where(positive, 2 * x, 0) / positive.sum(), rtol=1e-15)

    def test_kinks_and_poles(self):
        for _ in range(3):
            assert ad.grad(ad.parse("sqrt(x^2)"))(0.0) == 0
            assert ad.grad(ad.parse("sqrt(x)^2"))(0.0) == 1
            assert ad.grad(ad.parse("where(x > 0, sqrt(x), 0)"))(0.0) == 0

    def test_types(self):
        f = ad.parse("sum(x*x)")
        for _ in range(3):
            single = ad.tensor([1, 2], requires_grad=True, dtype=np.float32)
            f(single).backward()
            assert f(single).dtype == np.float32 and single.grad.dtype == np.float32
            half = ad.tensor([1, 2], requires_grad=True, dtype=np.float16)
            f(half).backward()
            assert f(half).dtype == np.float64 and half.grad.dtype == np.float16
            assert f(ad.tensor([1, 2])).item() == 5
            with pytest.raises(ad.AdiffError, match="complex"):
                f(ad.tensor([1j]))

    def test_lists_of_tensors(self):
        x = ad.tensor(3.0, requires_grad=True)
        ad.parse("sum(v^2)")([x, 2 * x]).backward()
        assert x.grad == 30

    def test_what_does_not_depend_on_the_tensor(self):
        for _ in range(3):
            assert ad.parse("size(x) + 1")(ad.tensor([1.0, 2], requires_grad=True)) == 3
            assert ad.grad(ad.parse("0*floor(x)"))(1.5) == 0

    def test_no_grad(self):
        x = ad.tensor([1.0, 2], requires_grad=True)
        with ad.no_grad():
            assert not ad.parse("sum(x^2)")(x).requires_grad
