import subprocess
import sys

import mpmath
import numpy as np
import pytest
from scipy import special

from autodiff_cli.engine.rulebook.special import hazard, polygamma
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import check_against_mpmath, slopes


def normal(x):
    return mpmath.ncdf(x)


def regularized_gamma(x):
    return mpmath.gammainc(1.5, 0, x, regularized=True)


@pytest.mark.parametrize(
    "call, reference, points, orders, digits",
    [
        (special.erf, mpmath.erf, [1e-60, 0.5, -3, 20], 3, 900),
        (special.erfc, mpmath.erfc, [0.5, -3, 20], 3, 150),
        (special.erfcx, lambda x: mpmath.exp(x * x) * mpmath.erfc(x), [0.5, -3], 3, 150),
        (
            special.dawsn,
            lambda x: mpmath.exp(-x * x) * mpmath.erfi(x) * mpmath.sqrt(mpmath.pi) / 2,
            [0.5, -1.5],
            3,
            150,
        ),
        (special.ndtr, normal, [0.5, -5, -20], 3, 900),
        (special.log_ndtr, lambda x: mpmath.log(normal(x)), [0.5, -3, -30, 20], 2, 150),
        (special.gamma, mpmath.gamma, [0.5, 4.5, -1.5, 20], 3, 150),
        (special.gammaln, mpmath.loggamma, [0.5, 4.5, 1e10], 3, 150),
        (special.digamma, mpmath.digamma, [0.5, 4.5, 1e10], 2, 150),
        (lambda x: polygamma(2, x), lambda x: mpmath.polygamma(2, x), [0.5, 4.5], 2, 150),
        (special.expit, lambda x: 1 / (1 + mpmath.exp(-x)), [-600, -40, 0.5, 40, 600], 3, 900),
        (special.log_expit, lambda x: -mpmath.log1p(mpmath.exp(-x)), [-600, -40, 0.5, 40, 600], 3, 900),
        (special.logit, lambda p: mpmath.log(p / (1 - p)), [1e-70, 0.3, np.nextafter(1, 0)], 3, 900),
        (special.entr, lambda x: -x * mpmath.log(x), [1e-70, 0.3, 1e70], 3, 900),
        (special.exp1, mpmath.e1, [0.01, 1, 30], 2, 150),
        (special.expi, mpmath.ei, [0.01, 2, 30, -2], 2, 150),
        (special.j0, mpmath.j0, [0.5, 3.3], 3, 150),
        (special.j1, mpmath.j1, [0.5, 3.3], 3, 150),
        (special.y0, lambda x: mpmath.bessely(0, x), [0.5, 3.3], 2, 150),
        (special.i0, lambda x: mpmath.besseli(0, x), [0.5, 30], 2, 150),
        (lambda x: special.jv(1.5, x), lambda x: mpmath.besselj(1.5, x), [0.5, 3.3], 2, 150),
        (lambda x: special.gammainc(1.5, x), regularized_gamma, [1e-20, 0.7, 20], 2, 150),
    ],
)
def test_accuracy(call, reference, points, orders, digits):
    for x in points:
        check_against_mpmath(call, reference, x, orders=orders, rtol=4e-13, digits=digits)


@pytest.mark.parametrize(
    "call, reference, point, digits",
    [
        (special.beta, mpmath.beta, (0.5, 3.0), 150),
        (special.betaln, lambda a, b: mpmath.log(mpmath.beta(a, b)), (0.5, 3.0), 150),
        (special.xlogy, lambda x, y: x * mpmath.log(y), (0.5, 1e-60), 900),
        (special.xlog1py, lambda x, y: x * mpmath.log1p(y), (0.5, 1e-60), 900),
        (special.rel_entr, lambda x, y: x * mpmath.log(x / y), (0.5, 0.25), 900),
        (special.kl_div, lambda x, y: x * mpmath.log(x / y) - x + y, (0.5, 0.25), 900),
    ],
)
def test_two_operands(call, reference, point, digits):
    check_against_mpmath(call, reference, *point, orders=2, rtol=4e-14, digits=digits)


class TestEdges:
    def test_terms_that_are_0(self):
        assert slopes(special.xlogy, [0.0, 0.0], 1) == [-np.inf, 0]
        assert slopes(special.xlogy, [0.0, 2.0], 2)[1:3] == [0.5, 0.5]
        assert slopes(special.xlog1py, [0.0, -1.0], 1) == [-np.inf, 0]
        assert slopes(special.rel_entr, [0.0, 0.0], 1)[1] == 0
        assert slopes(special.kl_div, [0.0, 0.0], 1)[1] == 1

    def test_bessel_functions_at_0(self):
        """J1 = x/2 - x^3/16 + ..., I1 = x/2 + x^3/16 + ...: no division by x."""
        assert [slopes(special.j1, [0.0], k) for k in (1, 2, 3)] == [[0.5], [0], [-0.375]]
        assert [slopes(special.i1, [0.0], k) for k in (1, 2, 3)] == [[0.5], [0], [0.375]]

    def test_the_hazard_far_out(self):
        """About -x on the left, where density and distribution both underflow; 0 on the right."""
        assert hazard(-1e6) == pytest.approx(1e6 + 1e-6, rel=1e-15)
        assert slopes(special.log_ndtr, [-1e6], 1) == [hazard(-1e6)]
        assert [slopes(special.log_ndtr, [60.0], k) for k in (1, 2)] == [[0], [0]]

    def test_inverse_functions(self):
        """The slope of an inverse is one over that of the function."""
        for function, inverse, p in [(special.erf, special.erfinv, 0.9), (special.erfc, special.erfcinv, 1e-30),
                                     (special.ndtr, special.ndtri, 1e-30)]:  # fmt: skip
            (there,), (back,) = slopes(function, [inverse(p)], 1), slopes(inverse, [p], 1)
            assert there * back == pytest.approx(1, rel=1e-12)

    def test_density_of_the_beta_distribution(self):
        """6 x (1 - x) for a = b = 2."""
        assert slopes(lambda x: special.betainc(2.0, 2.0, x), [0.25], 1) == [pytest.approx(1.125, rel=1e-14)]
        assert slopes(lambda x: special.betainc(1.0, 1.0, x), [0.0], 1) == [1]


class TestRefused:
    @pytest.mark.parametrize("call", [
        lambda t: special.jv(t, 1.5), lambda t: special.kn(t, 1.5), lambda t: special.gammainc(t, 1.5),
        lambda t: special.gammaincc(t, 1.5), lambda t: special.betainc(t, 1.0, 0.5),
        lambda t: special.betainc(1.0, t, 0.5), lambda t: polygamma(t, 1.5),
    ])  # fmt: skip
    def test_orders_and_parameters(self, call):
        with pytest.raises(NotDifferentiable, match="with respect to") as error:
            slopes(call, [2.0], 1)
        assert "constant" in error.value.help

    def test_an_order_that_nobody_asks_about(self):
        n = variable(np.float64(2.0))
        assert slopes(lambda x: special.jv(n, x), [1.5], 1) == slopes(lambda x: special.jv(2.0, x), [1.5], 1)

    @pytest.mark.parametrize("call", [
        special.lambertw, special.zeta, lambda t: special.zeta(2.0, t), special.softmax, special.logsumexp,
        special.airy, lambda t: special.polygamma(1, t),
    ])  # fmt: skip
    def test_what_has_no_rule_raises(self, call):
        with pytest.raises(NotDifferentiable):
            call(variable(np.array([0.3, 0.4])))


def test_rules_are_found_when_scipy_was_imported_first():
    program = (
        "import sys\n"
        "from scipy import special\n"
        "from autodiff_cli.engine.tensor import variable\n"
        "from autodiff_cli.engine import differentiate\n"
        "assert 'autodiff_cli.engine.rulebook.special' not in sys.modules\n"
        "print(special.erf(variable(0.5)).value == special.erf(0.5))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "True\n"
