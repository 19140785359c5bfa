import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import check_against_mpmath, slopes, value_and_vjp


def gradient(call, *point):
    return value_and_vjp(call, [np.asarray(p, float) for p in point], 1.0)[2]


FULL_ACCURACY = [
    (np.sqrt, mpmath.sqrt, (1e-90,)),
    (np.sqrt, mpmath.sqrt, (1e90,)),
    (np.cbrt, mpmath.cbrt, (1e-90,)),
    (np.cbrt, lambda x: -mpmath.cbrt(-x), (-5,)),
    (np.reciprocal, lambda x: 1 / x, (1e-70,)),
    (np.true_divide, lambda a, b: a / b, (1e70, -1e-70)),
    (np.power, mpmath.power, (1e-50, 1.5)),
    (np.power, mpmath.power, (1e10, 5)),
    (np.power, mpmath.power, (2, 0)),
    (np.power, mpmath.power, (2, -3)),
    (lambda a: a**3, lambda a: a**3, (-2,)),
    (lambda a: a**-2, lambda a: a**-2, (-3,)),
    (lambda b: 2**b, lambda b: mpmath.mpf(2) ** b, (-1000,)),
    (lambda x: x**x, lambda x: x**x, (1e-90,)),
]


@pytest.mark.parametrize("call, reference, point", FULL_ACCURACY)
def test_full_accuracy(call, reference, point):
    check_against_mpmath(call, reference, *point, orders=2)


class TestPowersOfZero:
    def test_a_constant_exponent(self):
        for exponent, slope in [(0, 0), (0.0, 0), (1, 1), (2, 0), (3.0, 0), (0.5, np.inf), (-1, -np.inf)]:
            assert slopes(lambda x, b=exponent: x**b, [0.0], 1) == [slope]

    def test_an_array_of_exponents(self):
        """The monomials at 0: 1, x, x^2, x^3."""
        monomials = lambda x: np.sum(np.power(x, np.arange(4.0)))  # noqa: E731
        assert [slopes(monomials, [0.0], order) for order in (1, 2, 3)] == [[1], [2], [6]]

    def test_a_variable_exponent(self):
        assert slopes(np.power, [0.0, 2.0], 1) == [0, 0]
        assert slopes(np.power, [0.0, 2.0], 2) == [2, 0, 0, 0]
        assert slopes(np.power, [0.0, 0.0], 1) == [0, -np.inf]

    def test_a_base_of_zero(self):
        assert slopes(lambda b: np.power(0, b), [2.0], 1) == [0]
        assert slopes(lambda b: 0.0**b, [2.0], 2) == [0]

    def test_x_to_the_x(self):
        assert slopes(lambda x: x**x, [0.0], 1) == [-np.inf]

    def test_mixed_slopes_at_exponent_zero(self):
        """d2/da db of a^b at b = 0 is 1/a, from both sides."""
        assert slopes(np.power, [4.0, 0.0], 2)[1:3] == [0.25, 0.25]

    def test_the_kink(self):
        predicate, _ = rules.find(np.power).kink
        assert list(predicate(None, np.array([0.0, 0, 1]), np.array([0.0, 1, 0]))) == [True, False, False]


def test_negative_base_and_variable_exponent():
    """a^b is not real beside an integer b: there is no slope to give, unless nobody asks for it."""
    base, exponent = slopes(np.power, [-2.0, 3.0], 1)
    assert base == 12 and np.isnan(exponent)
    assert slopes(lambda a: np.power(a, np.array(3.0)), [-2.0], 2) == [-12]


class TestRemainders:
    @pytest.mark.parametrize("function", [np.remainder, np.fmod])
    @pytest.mark.parametrize("a, b", [(1.0, 0.1), (7.3, 2.0), (-7.3, 2.0), (7.3, -2.0), (6.0, 1.1)])
    def test_the_count_that_was_taken_away(self, function, a, b):
        """y = a - n*b with a whole n, so the slope by b is -n; 1.0 holds 9 times 0.1, as 0.1 is a little more."""
        slope_a, slope_b = slopes(function, [a, b], 1)
        assert slope_a == 1 and slope_b == round(slope_b)
        assert a + slope_b * b == pytest.approx(function(a, b), abs=1e-15)

    def test_divmod(self):
        assert slopes(lambda a, b: np.divmod(a, b)[1], [7.3, 2.0], 1) == [1, -3]
        assert slopes(lambda a, b: np.divmod(a, b)[0], [7.3, 2.0], 1) == [0, 0]

    def test_the_jump_is_a_kink(self):
        for function in (np.remainder, np.fmod):
            predicate, _ = rules.find(function).kink
            a, b = np.array([6.0, 0.0, 5.0]), np.array([3.0, 3.0, 3.0])
            assert list(predicate(function(a, b), a, b)) == [True, False, False]


class TestParts:
    def test_modf_and_frexp(self):
        assert slopes(lambda x: np.modf(x)[0], [-2.75], 1) == [1]
        assert slopes(lambda x: np.modf(x)[1], [-2.75], 1) == [0]
        assert slopes(lambda x: np.frexp(x)[0], [5.0], 1) == [0.125]
        assert slopes(lambda x: np.frexp(x)[1] * x, [5.0], 1) == [3]

    def test_heaviside(self):
        assert slopes(np.heaviside, [0.0, 0.5], 1) == [0, 1]
        assert slopes(np.heaviside, [2.0, 0.5], 1) == [0, 0]

    def test_ldexp(self):
        assert slopes(lambda x: np.ldexp(x, 3), [5.0], 1) == [8]

    def test_parts_of_a_complex_number(self):
        """|z|^2 and the real part of z^2 at z = x + iy, against what is written in x and y."""
        z = lambda x, y: x + 1j * y  # noqa: E731
        assert slopes(lambda x, y: np.real(z(x, y) * np.conj(z(x, y))), [3.0, 4.0], 1) == [6, 8]
        assert slopes(lambda x, y: np.real(z(x, y) * z(x, y)), [3.0, 4.0], 1) == [6, -8]
        assert slopes(lambda x, y: np.imag(z(x, y) * z(x, y)), [3.0, 4.0], 1) == [8, 6]


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")
@pytest.mark.parametrize("function", [np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.sign, np.spacing])
def test_steps_stand_still(function):
    assert list(gradient(lambda x: np.sum(function(x)) + np.sum(x), [1.3, -2.6])[0]) == [1, 1]


def test_nextafter_is_refused():
    with pytest.raises(NotDifferentiable, match="next float") as error:
        np.nextafter(variable(1.0), 2.0)
    assert error.value.help


@pytest.mark.parametrize("function", [np.gcd, np.lcm])
def test_integers_stand_still(function):
    whole = variable(np.array([4, 6]))
    assert list(np.asarray(function(whole, 10))) == list(function([4, 6], 10))
