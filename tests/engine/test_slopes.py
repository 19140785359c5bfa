"""Derivatives inside of what is being recorded: whose uses of a value are meant, and of what shape they are."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.slopes import derivative, renamed, slope
from autodiff_cli.engine.tensor import Tensor, variable

V = np.array([1.0, 2.0, 3.0])


def plain(y):
    return y.value if isinstance(y, Tensor) else y


class TestRenamed:
    def test_only_the_uses_of_the_new_name_move(self):
        with Recording():
            x = variable(np.float64(3))
            t = renamed(x)
            assert plain(derivative(t * t * x, t)) == 18
            assert plain(derivative(t * t * x, x)) == 27

    def test_two_of_one_value_are_two(self):
        with Recording():
            x = variable(np.float64(3))
            t, u = renamed(x), renamed(x)
            assert t.line is not u.line
            assert plain(derivative(t * t * u, u)) == 9

    def test_of_a_number(self):
        with Recording():
            t = renamed(4.0)
            assert plain(derivative(t * t, t)) == 8
            u = renamed(V)
            assert plain(derivative(np.sum(u * u), u)).tolist() == [2, 4, 6]

    def test_the_value_and_the_dtype_are_kept(self):
        with Recording():
            x = variable(V.astype(np.float32))
            assert renamed(x).dtype == np.float32
            assert renamed(x).value is x.value


class TestDerivative:
    @pytest.mark.parametrize("order", [1, 2, 3])
    def test_shapes(self, order):
        """Axes of the answer, and then as many times those of the variable."""
        cases = [((), ()), ((), (3,)), ((2, 1), ()), ((3,), (3,)), ((2, 3), (2, 3))]
        for out, of in cases:
            with Recording():
                x = variable(np.full(of, 0.5))
                y = np.sum(np.exp(x)) * np.ones(out)
                found = derivative(y, x, order)
            assert np.shape(found) == out + of * order

    def test_of_what_does_not_move(self):
        with Recording():
            x, v = variable(np.float64(1)), variable(V)
            for y in (2.0, V, v, np.floor(v), x > 0):
                assert plain(derivative(y, x)).tolist() == np.zeros(np.shape(y)).tolist()
            assert plain(derivative(3.0, v, 2)).tolist() == np.zeros((3, 3)).tolist()

    def test_it_can_be_differentiated_from_outside(self):
        with Recording():
            x = variable(np.float64(2))
            first = derivative(np.power(x, 5.0), x)
            assert plain(derivative(first, x, 2)) == 5 * 4 * 3 * 4

    def test_the_lines_are_simplified(self):
        """The second derivative of 1*x^2 + 0 needs no lines."""
        with Recording():
            x = variable(np.float64(2))
            found = derivative(1.0 * np.square(x) + 0.0, x, 2)
        output = found.line if isinstance(found, Tensor) and found.line else plain(found)
        assert len(Program([x.line], [output]).lines) == 0
        assert plain(found) == 2


class TestSlope:
    def test_a_curve_has_a_velocity(self):
        with Recording():
            t = variable(np.float64(0.5))
            curve = np.stack([np.cos(t), np.sin(t), t])
            assert plain(slope(curve, t, 2)).tolist() == [-np.cos(0.5), -np.sin(0.5), 0]

    def test_entry_by_entry(self):
        with Recording():
            x = variable(V)
            np.testing.assert_allclose(plain(slope(np.where(x > 1, x**3, np.exp(x)), x, 2)), [np.e, 12, 18])

    def test_a_number_from_an_array_has_a_gradient(self):
        with Recording():
            x = variable(V)
            assert plain(slope(np.sum(x * x), x)).tolist() == [2, 4, 6]

    @pytest.mark.parametrize("call", [np.cumsum, np.flip, np.outer, lambda x, y=None: x * np.sum(x), np.sort])
    def test_what_mixes_has_none(self, call):
        with Recording():
            x = variable(V)
            with pytest.raises(ad.AdiffError, match="mixes the elements"):
                slope(call(x, x) if call is np.outer else call(x), x)
