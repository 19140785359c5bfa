"""check_grads: it finds what is wrong, says where, and finds nothing where all is right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff_cli as ad

X = np.array([0.3, -0.5, 1.2])


def slightly(error, of_second=0.0):
    """A cube whose derivative is wrong by a part, or only the derivative of that."""

    @ad.custom_vjp
    def cube(x):
        return x**3

    def backward(x, g):
        still = ad.stop_gradient(x)
        return (g * 3 * (x * x + error + of_second * (x - still) * x),)

    cube.defvjp(lambda x: (x**3, x), backward)
    return cube


class TestFinds:
    @pytest.mark.parametrize("mode", ["rev", "fwd"])
    def test_a_wrong_derivative(self, mode):
        ad.check_grads(slightly(0.0), (X,), modes=mode)
        with pytest.raises(AssertionError, match=rf"cube, order 1, {mode}, .*by input 0\[0\]: .*differences say"):
            ad.check_grads(slightly(1e-5), (X,), modes=mode)

    @pytest.mark.parametrize("mode", ["rev", "fwd"])
    def test_a_wrong_second_derivative(self, mode):
        wrong = slightly(0.0, 1.0)
        ad.check_grads(wrong, (X,), order=1, modes=mode)
        with pytest.raises(AssertionError, match=f"cube, order 2, {mode}"):
            ad.check_grads(wrong, (X,), order=2, modes=mode)

    def test_values_and_component(self):
        class Wrong(ad.Function):
            def forward(self, a, b):
                self.save_for_backward(a, b)
                return a * b

            def backward(self, g):
                a, b = self.saved_tensors
                return g * b, g * a * np.array([[1, 1], [1, 2]])

        with pytest.raises(AssertionError) as caught:
            ad.check_grads(Wrong.apply, (np.ones((2, 2)), np.full((2, 2), 5.0)), order=1, modes=("fwd",))
        message = str(caught.value)
        assert message.startswith("apply, order 1, fwd, result 0[1, 1] by input 1[1, 1]: 2, but differences say 1 +- ")
        assert "1 apart" in message

    def test_an_entry_of_a_large_argument(self):
        wrong = np.ones(1000)
        wrong[712] = 1.1

        @ad.custom_vjp
        def f(x):
            return x * 2

        f.defvjp(lambda x: (x * 2, None), lambda _, g: (2 * g * wrong,))
        with pytest.raises(AssertionError, match="by a random direction"):
            ad.check_grads(f, (np.ones(1000),), order=1, modes="rev")

    def test_a_derivative_that_is_small_on_the_whole(self):
        """1e-12 of an error is seen where all is 1e-12."""
        wrong = slightly(1e-2)
        with pytest.raises(AssertionError):
            ad.check_grads(lambda x: 1e-12 * wrong(x), (X,), order=1, atol=0)

    def test_tolerances(self):
        ad.check_grads(slightly(1e-5), (X,), order=1, rtol=1e-3)
        ad.check_grads(slightly(1e-5), (X,), order=1, atol=1e-3)
        with pytest.raises(AssertionError):
            ad.check_grads(slightly(1e-8), (X,), order=1, rtol=1e-12, atol=0)

    def test_a_nan(self):
        with pytest.raises(AssertionError, match="nan, but differences say"):
            ad.check_grads(slightly(np.nan), (X,), order=1)

    def test_float32(self):
        with pytest.raises(AssertionError):
            ad.check_grads(slightly(1e-2), (X.astype(np.float32),), order=1)

    def test_complex_numbers(self):
        @ad.custom_vjp
        def square(z):
            return z * z

        # The right cotangent is 2 g z: along the real axis its conjugate is as good.
        square.defvjp(lambda z: (z * z, z), lambda z, g: (np.conjugate(2 * g * z),))
        with pytest.raises(AssertionError, match=r"by input 0\[0\] \(imaginary\)"):
            ad.check_grads(square, (np.array([1.0 + 2j]),), order=1, modes="rev")

    def test_where_there_is_nothing_to_compare_with(self):
        with pytest.raises(AssertionError, match=r"not finite around this point, by input 0: there"):
            ad.check_grads(np.log, (0.0,))

    def test_a_kink(self):
        with pytest.raises(AssertionError):
            ad.check_grads(lambda x: np.where(x > 0, x, 0), (0.0,), order=1)

    def test_an_unknown_mode(self):
        with pytest.raises(ValueError, match="'reverse'"):
            ad.check_grads(np.sin, (X,), modes=("reverse",))


SMOOTH = {
    "sines": np.sin,
    "product": np.prod,
    "softmax": lambda x: np.exp(x) / np.sum(np.exp(x)),
    "norm": np.linalg.norm,
    "outer": lambda x: np.outer(x, x) @ np.tanh(x),
    "large": lambda x: 1e3 * np.cumsum(x**3),
    "small": lambda x: 1e-3 * np.log1p(x * x),
    "far from 0": lambda x: (np.sum(x) + 1000) - 1000,
    "steps": lambda x: np.floor(3 * x) * x,
}


class TestFindsNothing:
    @pytest.mark.parametrize("name", SMOOTH)
    @settings(max_examples=3, deadline=None)
    @given(x=st.lists(st.floats(0.05, 2).map(lambda v: round(v, 2) + 0.003), min_size=2, max_size=2), data=st.data())
    def test_where_all_is_right(self, name, x, data):
        dtype = data.draw(st.sampled_from([np.float16, np.float32, np.float64, np.longdouble]))
        ad.check_grads(SMOOTH[name], (np.array(x).astype(dtype),))

    @pytest.mark.parametrize("dtype", [np.float16, np.float32])
    @pytest.mark.parametrize("name", SMOOTH)
    def test_where_little_is_exact(self, name, dtype):
        ad.check_grads(SMOOTH[name], (np.array([0.43, 0.59]).astype(dtype),))

    def test_what_is_lost_in_rounding(self):
        ad.check_grads(lambda x: 1e8 + 1e-8 * x, (0.3,))

    def test_close_to_where_a_function_ends(self):
        ad.check_grads(np.log, (1e-9,))
        ad.check_grads(np.sqrt, (np.array([1e-5, 3.0]),))
        ad.check_grads(np.arcsin, (0.9999,))

    @pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
    def test_complex_numbers(self, dtype):
        z = np.array([0.3 - 0.7j, 1.1 + 0.2j]).astype(dtype)
        for f in (np.exp, lambda z: np.abs(z) ** 2, lambda z: np.outer(z, np.conjugate(z)) @ z):
            ad.check_grads(f, (z,))

    def test_structures_and_constants(self):
        ad.check_grads(lambda p, n: {"y": p["a"] @ p["b"], "n": 3}, ({"a": np.ones((2, 3)), "b": X}, 2))
        ad.check_grads(lambda: 1.0, ())
        ad.check_grads(lambda x: 1.0, (2.0,))
        ad.check_grads(np.sin, 0.3)

    def test_steps_can_be_chosen(self):
        """A wave of length 1e-3 is not seen by steps of 0.02."""
        ad.check_grads(lambda x: np.sin(6000 * x), (0.3,), order=1, eps=1e-5)
