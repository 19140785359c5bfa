import mpmath
import numpy as np
import pytest

from autodiff_cli.engine.rulebook.exponential import sigmoid
from tests.engine.checks import check_against_mpmath, slopes


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


ALMOST_1 = np.nextafter(1, 0)


@pytest.mark.parametrize(
    "call, reference, points",
    [
        (np.exp, mpmath.exp, [-700, 1e-10, 700]),
        (np.exp2, lambda x: mpmath.mpf(2) ** x, [-1000, 0.3, 1000]),
        (np.expm1, mpmath.expm1, [-600, -40, 1e-90, 1e-10, 700]),
        (np.log, mpmath.log, [1e-90, 1, 1e90]),
        (np.log2, lambda x: mpmath.log(x, 2), [1e-90, 1, 1e90]),
        (np.log10, mpmath.log10, [1e-90, 1, 1e90]),
        (np.log1p, mpmath.log1p, [-ALMOST_1, -0.5, 1e-90, 1e-10, 1e90]),
        (sigmoid, logistic, [-600, -40, 0.1, 40, 300, 600]),
    ],
)  # fmt: skip
def test_full_accuracy(call, reference, points):
    for x in points:
        check_against_mpmath(call, reference, x)


def test_sigmoid_far_out():
    """Published digits of exp(-40) and exp(-700)."""
    assert sigmoid(-700.0) == pytest.approx(9.859676543759770e-305, rel=1e-14)
    assert slopes(sigmoid, [40.0], 1) == [pytest.approx(4.248354255291589e-18, rel=1e-14)]
    assert list(sigmoid(np.array([-np.inf, 0, np.inf]))) == [0, 0.5, 1]
    assert np.isnan(sigmoid(np.nan))


def logaddexp(a, b):
    return mpmath.log(mpmath.exp(a) + mpmath.exp(b))


def logaddexp2(a, b):
    two = mpmath.mpf(2)
    return mpmath.log(two**a + two**b, 2)


@pytest.mark.parametrize("a, b", [(300, -300), (0, 50), (-700, -700.5), (2, 2), (1e6, 1e6 + 1)])
def test_logaddexp(a, b):
    check_against_mpmath(np.logaddexp, logaddexp, a, b, orders=2)
    check_against_mpmath(np.logaddexp2, logaddexp2, a, b, orders=2, rtol=4e-14)


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_logaddexp_of_infinities(function):
    """An infinite lead takes all; equal infinities share; and the slopes always add up to 1."""
    inf = np.inf
    for a, b, expected in [(inf, 3, [1, 0]), (3, inf, [0, 1]), (-inf, 3, [0, 1]), (-inf, inf, [0, 1]),
                           (-inf, -inf, [0.5, 0.5]), (inf, inf, [0.5, 0.5])]:  # fmt: skip
        assert slopes(function, [a, b], 1) == expected
        assert np.all(np.isfinite(slopes(function, [a, b], 2)))
    assert np.all(np.isnan(slopes(function, [np.nan, 0.0], 1)))
