"""The functions of scipy.special. Imported when one of them is first met: SciPy is an extra.

Orders and other real parameters without a known derivative (the `v` of jv, the `a` of gammainc)
are refused when asked for, not answered with 0.
"""

import math

import numpy as np
from scipy import special

from ...errors import NotDifferentiable
from ..rules import elementwise
from ..tensor import primitive

_SQRT_PI = math.sqrt(math.pi)
_SQRT_2PI = math.sqrt(2 * math.pi)


def _unknown(function, parameter):
    raise NotDifferentiable(
        "refused",
        f"{function} has no derivative rule with respect to {parameter}",
        help=f"keep {parameter} constant: differentiate with respect to the other arguments only",
    )


# --- error functions and the normal distribution

elementwise(special.erf, lambda y, x: 2 / _SQRT_PI * np.exp(-np.square(x)))
elementwise(special.erfc, lambda y, x: -2 / _SQRT_PI * np.exp(-np.square(x)))
elementwise(special.erfcx, lambda y, x: 2.0 * (x * y - 1 / _SQRT_PI), poles=True)
elementwise(special.dawsn, lambda y, x: 1 - 2.0 * (x * y))
elementwise(special.erfinv, lambda y, x: 0.5 * _SQRT_PI * np.exp(np.square(y)), poles=True)
elementwise(special.erfcinv, lambda y, x: -0.5 * _SQRT_PI * np.exp(np.square(y)), poles=True)


@primitive
def hazard(x):
    """The normal density over its distribution function, also where both underflow."""
    return math.sqrt(2 / math.pi) / special.erfcx(-x / math.sqrt(2))


elementwise(special.ndtr, lambda y, x: np.exp(-0.5 * np.square(x)) / _SQRT_2PI)
elementwise(special.log_ndtr, lambda y, x: hazard(x))
elementwise(hazard, lambda y, x: -y * (x + y), poles=True)
elementwise(special.ndtri, lambda y, p: _SQRT_2PI * np.exp(0.5 * np.square(y)), poles=True)

# --- gamma, beta and what is made of them


@primitive
def polygamma(n, x):
    """scipy.special.polygamma, which is no ufunc and cannot meet Tensors itself."""
    return special.polygamma(n, x)


elementwise(special.gamma, lambda y, x: y * special.digamma(x), poles=True)
elementwise(special.gammaln, lambda y, x: special.digamma(x), poles=True)
elementwise(special.loggamma, lambda y, x: special.digamma(x), poles=True)
elementwise(special.digamma, lambda y, x: polygamma(1, x), poles=True)
elementwise(polygamma, lambda y, n, x: _unknown("polygamma", "n"), lambda y, n, x: polygamma(n + 1, x), poles=True)


def _log_beta_slope(a, b):
    return special.digamma(a) - special.digamma(a + b)


elementwise(
    special.beta,
    lambda y, a, b: y * _log_beta_slope(a, b),
    lambda y, a, b: y * _log_beta_slope(b, a),
    poles=True,
)
elementwise(
    special.betaln,
    lambda y, a, b: _log_beta_slope(a, b),
    lambda y, a, b: _log_beta_slope(b, a),
    poles=True,
)


def _gamma_density(a, x):
    return np.exp(special.xlogy(a - 1.0, x) - x - special.gammaln(a))


def _beta_density(a, b, x):
    return np.exp(special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) - special.betaln(a, b))


elementwise(
    special.gammainc,
    lambda y, a, x: _unknown("gammainc", "a"),
    lambda y, a, x: _gamma_density(a, x),
    poles=True,
)
elementwise(
    special.gammaincc,
    lambda y, a, x: _unknown("gammaincc", "a"),
    lambda y, a, x: -_gamma_density(a, x),
    poles=True,
)
elementwise(
    special.betainc,
    lambda y, a, b, x: _unknown("betainc", "a"),
    lambda y, a, b, x: _unknown("betainc", "b"),
    lambda y, a, b, x: _beta_density(a, b, x),
    poles=True,
)

# --- logistic functions and entropies

elementwise(special.expit, lambda y, x: y * special.expit(-x))
elementwise(special.log_expit, lambda y, x: special.expit(-x))
elementwise(special.logit, lambda y, x: 1 / (x * (1 - x)), poles=True)


def _ratio(x, y, limit=0.0):
    """x / y, and the limit for 0 / 0: a term with the factor 0 does not move with y."""
    return np.where(np.logical_and(np.equal(x, 0), np.equal(y, 0)), limit, x / y)


elementwise(special.xlogy, lambda f, x, y: np.log(y), lambda f, x, y: _ratio(x, y), poles=True)
elementwise(special.xlog1py, lambda f, x, y: np.log1p(y), lambda f, x, y: _ratio(x, 1 + y), poles=True)
elementwise(special.entr, lambda y, x: -1 - np.log(x), poles=True)
elementwise(special.rel_entr, lambda f, x, y: 1 + np.log(x / y), lambda f, x, y: -_ratio(x, y), poles=True)
elementwise(special.kl_div, lambda f, x, y: np.log(x / y), lambda f, x, y: _ratio(y - x, y, 1.0), poles=True)

# --- Bessel functions: DLMF 10.6.1 and 10.29.1, in the form without a division by x

elementwise(special.j0, lambda y, x: -special.j1(x))
elementwise(special.j1, lambda y, x: 0.5 * (special.j0(x) - special.jv(2, x)))
elementwise(special.y0, lambda y, x: -special.y1(x), poles=True)
elementwise(special.y1, lambda y, x: 0.5 * (special.y0(x) - special.yv(2, x)), poles=True)
elementwise(special.i0, lambda y, x: special.i1(x), poles=True)
elementwise(special.i1, lambda y, x: 0.5 * (special.i0(x) + special.iv(2, x)), poles=True)
elementwise(special.k0, lambda y, x: -special.k1(x), poles=True)
elementwise(special.k1, lambda y, x: -0.5 * (special.k0(x) + special.kv(2, x)), poles=True)


def _neighbours(function, sign, scale):
    """The partials of a Bessel function by its order (none is known) and by its argument."""
    return (
        lambda y, v, x: _unknown(function.__name__, "v"),
        lambda y, v, x: scale * (function(v - 1, x) + sign * function(v + 1, x)),
    )


elementwise(special.jv, *_neighbours(special.jv, -1, 0.5), poles=True)
elementwise(special.yv, *_neighbours(special.yv, -1, 0.5), poles=True)
elementwise(special.yn, *_neighbours(special.yn, -1, 0.5), poles=True)
elementwise(special.iv, *_neighbours(special.iv, 1, 0.5), poles=True)
elementwise(special.kv, *_neighbours(special.kv, 1, -0.5), poles=True)
elementwise(special.kn, *_neighbours(special.kn, 1, -0.5), poles=True)

# --- exponential integrals

elementwise(special.exp1, lambda y, x: -np.exp(-x) / x, poles=True)
elementwise(special.expi, lambda y, x: np.exp(x) / x, poles=True)
