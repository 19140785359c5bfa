"""Easygrad (lujiazho/Easygrad): functional, nested to any order, primitives that are easily added."""

import mpmath
import numpy as np
import pytest

import autodiff_cli as ad


class TestReadme:
    def test_what_went_wrong_before_it(self):
        """Section "Difference": second derivatives of 2/x, which its own forerunner got wrong; at 1 it is 4."""
        assert ad.grad(ad.grad(lambda x: 2 / x))(1) == 4
        assert ad.elementwise_grad(ad.elementwise_grad(lambda x: 2 / x))(np.array([1])).tolist() == [4]

    def test_nested(self):
        """Section "Q&A", TraceStack: x stands still for the inner derivative, and moves for the outer one."""

        def f(x):
            return ad.grad(lambda y: x * y)(x)

        assert f(5.0) == 5
        assert ad.grad(f)(5.0) == 1

    def test_a_tensor_on_the_right_of_an_array(self):
        """Section "Q&A", __array_priority__: one tensor, not an array of tensors."""
        x = ad.tensor([1.0, 2.0], requires_grad=True)
        quotient = np.array([1, 2]) / x
        assert isinstance(quotient, type(x)) and quotient.value.tolist() == [1, 1]
        np.sum(quotient).backward()
        assert x.grad.tolist() == [-1, -0.5]

    def test_a_tensor_on_the_left_of_an_array(self):
        x = ad.tensor([1.0, 2.0], requires_grad=True)
        quotient = x / np.array([1, 2])
        assert quotient.value.tolist() == [1, 1]
        np.sum(quotient).backward()
        assert x.grad.tolist() == [1, 0.5]


# The functions of the notebook, in NumPy's names; its pictures are of their derivatives up to the given order.
NOTEBOOK = {
    "Ricker": (lambda x: (1 - 2 * (9.42 * x) ** 2) * np.exp(-((9.42 * x) ** 2)),
               lambda x: (1 - 2 * (mpmath.mpf(9.42) * x) ** 2) * mpmath.exp(-((mpmath.mpf(9.42) * x) ** 2)), 1),
    "exponential": (lambda x: 1 - np.exp(-x / 1), lambda x: 1 - mpmath.exp(-x), 1),
    "Cauchy": (lambda x: 1 / 2 + np.arctan((x - 0) / 1) / np.pi, lambda x: mpmath.atan(x) / mpmath.pi, 1),
    "random": (lambda x: np.sin(x) * np.cos(x / 4), lambda x: mpmath.sin(x) * mpmath.cos(x / 4), 1),
    "tanh": (lambda x: (1.0 - np.exp(-x)) / (1.0 + np.exp(-x)), lambda x: mpmath.tanh(x / 2), 6),
    "fraction": (lambda x: x / (1 + x**2), lambda x: x / (1 + x**2), 3),
    "sine": (np.sin, mpmath.sin, 3),
    "exp sin": (lambda x: np.exp(x) * np.sin(x), lambda x: mpmath.exp(x) * mpmath.sin(x), 3),
    "Witch": (lambda x: 1 / (1 + x**2), lambda x: 1 / (1 + x**2), 3),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTEBOOK)
def test_notebook(name):
    """Derivatives of derivatives, as the notebook nests them, at many points at once and beside mpmath's."""
    function, exact, order = NOTEBOOK[name]
    x = np.linspace(-2.0, 2.0, 5)
    derivative = function
    for n in range(1, order + 1):
        derivative = ad.elementwise_grad(derivative)
        with mpmath.workdps(40):
            want = [float(mpmath.diff(exact, mpmath.mpf(point), n)) for point in x]
        np.testing.assert_allclose(derivative(x), want, rtol=1e-11, atol=1e-13)


def test_densities_are_slopes_of_distributions():
    """Testcases 2 and 3 of the notebook: the known densities, to the last digits."""
    assert ad.grad(NOTEBOOK["exponential"][0])(0.0) == 1
    assert ad.grad(NOTEBOOK["Cauchy"][0])(0.0) == pytest.approx(0.3183098861837907, rel=1e-15)
    assert ad.grad(NOTEBOOK["Cauchy"][0])(1.0) == pytest.approx(0.15915494309189535, rel=1e-15)


class TestPrimitives:
    """ "Only some basic functions are implemented, which can be easily extended": its `primitive` and `defvjp`."""

    @pytest.fixture
    def tan(self):
        """Whose rule of the notebook is written of the function itself."""

        @ad.primitive
        def tan(x):
            return np.sin(x) / np.cos(x)

        return ad.defvjp(tan, lambda g, ans, x: g * (1 + tan(x) ** 2))

    def test_on_arrays(self, tan):
        assert type(tan(0.5)) is np.float64 and tan(0.5) == np.sin(0.5) / np.cos(0.5)

    def test_on_tensors(self, tan):
        x = ad.tensor([0.25, 0.5], requires_grad=True)
        np.sum(tan(x)).backward()
        np.testing.assert_allclose(x.grad, [1.06519949673285, 1.2984464104095248], rtol=1e-14)

    def test_nested(self, tan):
        derivative = tan
        for n in range(1, 5):
            derivative = ad.elementwise_grad(derivative)
            with mpmath.workdps(40):
                want = [float(mpmath.diff(mpmath.tan, mpmath.mpf(point), n)) for point in (0.25, 0.5)]
            np.testing.assert_allclose(derivative(np.array([0.25, 0.5])), want, rtol=1e-12)

    def test_one_rule_for_each_argument(self):
        @ad.primitive
        def quotient(x, y):
            return x / y

        ad.defvjp(quotient, lambda g, ans, x, y: g / y, lambda g, ans, x, y: -g * x / y**2)
        assert ad.grad(quotient)(6.0, 2.0) == (0.5, -1.5)
        assert ad.grad(ad.grad(lambda x: quotient(2, x)))(1.0) == 4
        assert ad.check_grads(quotient, (6.0, 2.0)) is None

    def test_one_line_for_all_modes(self):
        """As one of the four words, from which forward mode and series follow."""

        @ad.primitive
        def square(x):
            return x * x

        ad.elementwise(square, lambda y, x: 2 * x)
        assert ad.grad(square)(3.0) == 6
        assert ad.jvp(square, (3.0,), (5.0,)) == (9, 30)
        assert ad.derivatives(square, 3.0, 3).tolist() == [9, 6, 2, 0]

    def test_a_function_of_which_nothing_depends_on_its_argument(self):
        """The notebook's make_vjp answers zeros of the argument's shape."""
        assert ad.grad(lambda x: np.sum(np.ones(3)))(np.ones((2, 2))).tolist() == [[0, 0], [0, 0]]
