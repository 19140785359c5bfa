"""Circular and hyperbolic functions and their inverses; angles; and two averages of cosines, sinc and i0."""

from functools import cache

import numpy as np

from ..rules import elementwise, general
from ..tensor import primitive
from .exponential import decay

elementwise(np.sin, lambda y, x: np.cos(x))
elementwise(np.cos, lambda y, x: -np.sin(x))
elementwise(np.tan, lambda y, x: 1 + np.square(y))
# The products keep the digits of 1 - x^2 near 1, and split roots keep those of x^2 - 1 far out.
elementwise(np.arcsin, lambda y, x: 1 / np.sqrt((1 - x) * (1 + x)), poles=True)
elementwise(np.arccos, lambda y, x: -1 / np.sqrt((1 - x) * (1 + x)), poles=True)
elementwise(np.arctan, lambda y, x: 1 / (1 + np.square(x)))
elementwise(np.sinh, lambda y, x: np.cosh(x), poles=True)
elementwise(np.cosh, lambda y, x: np.sinh(x), poles=True)
elementwise(np.arcsinh, lambda y, x: 1 / _root_of_one_and_square(x))
elementwise(np.arccosh, lambda y, x: 1 / (np.sqrt(x - 1) * np.sqrt(x + 1)), poles=True)
elementwise(np.arctanh, lambda y, x: 1 / ((1 - x) * (1 + x)), poles=True)


def _root_of_one_and_square(x):
    """sqrt(1 + x^2), without overflow; of complex numbers with the digits of 1 + x^2 near i and -i."""
    return np.sqrt((1 - 1j * x) * (1 + 1j * x)) if np.iscomplexobj(x) else np.hypot(1.0, x)


@primitive
def sech(x):
    """1 / cosh(x), without overflow: at 710 the answer is as good as 0."""
    if np.iscomplexobj(x):
        decayed = decay(x)
        return 2 * decayed / (1 + np.square(decayed))
    return np.reciprocal(np.cosh(np.minimum(np.abs(x), 710.0)))


# Not 1 - y^2, which is 0 from |x| = 19 on.
elementwise(np.tanh, lambda y, x: np.square(sech(x)))
elementwise(sech, lambda y, x: -y * np.tanh(x))

# --- lengths and angles in the plane


def _unit(x, length):
    """x / length, and 0 for the vector without a direction."""
    return np.where(np.equal(length, 0), 0.0, x / length)


elementwise(
    np.hypot,
    lambda y, x1, x2: _unit(x1, y),
    lambda y, x1, x2: _unit(x2, y),
    kink=(lambda y, x1, x2: np.equal(y, 0), "the slope is -1 on the left and 1 on the right; 0 is used"),
)


def _turn(x, x1, x2):
    """x / (x1^2 + x2^2), without overflow."""
    length = np.hypot(x1, x2)
    return x / length / length


elementwise(
    np.arctan2,
    lambda y, x1, x2: _turn(x2, x1, x2),
    lambda y, x1, x2: -_turn(x1, x1, x2),
    poles=True,
)
elementwise(np.deg2rad, lambda y, x: np.pi / 180)
elementwise(np.rad2deg, lambda y, x: 180 / np.pi)
elementwise(np.radians, lambda y, x: np.pi / 180)
elementwise(np.degrees, lambda y, x: 180 / np.pi)
general(
    np.unwrap,
    lambda g, y, p, discont=None, axis=-1, *, period=2 * np.pi: g,
    why="adds whole periods, which stand still but depend on the neighbours",
)


def _angle_vjp(g, y, z, deg=False):
    """g / (i z) in the convention df = Re(g * dz); a real number only turns where it jumps, at 0."""
    g = g * (180 / np.pi) if deg else g
    return g * -1j / z if np.iscomplexobj(z) else np.zeros(np.shape(z))


general(np.angle, _angle_vjp, why="holomorphic in no direction: only a turn of z changes it")

# --- Averages of cosines: differentiated under the integral they are averages again, and lose no digits.
#
#   sinc(x) = integral of cos(pi x t) over t from 0 to 1
#   i0(x)   = average of cosh(x cos t) over all angles t


@primitive
def sinc_derivative(x, order=1):
    """The derivative of np.sinc of any order: by quadrature near 0, by recursion in z = pi*x farther out."""
    near = np.abs(np.pi * x) < 1 + order / np.e  # the errors of the recursion grow as order! / z^order
    z = np.where(near, np.pi * x, 0.0)
    inside = sum(weight * t**order * _quarter_turns(t * z, order)[1] for t, weight in _gauss_legendre())
    return np.pi**order * np.where(near, inside, _sinc_recursion(np.where(near, 1.0, x), order))


def _sinc_recursion(x, order):
    """From z*sinc = sin(z), differentiated: z*f_k + k*f_(k-1) = sin(z + k*pi/2)."""
    z = np.pi * x
    folded = np.pi * (x - 2 * np.rint(np.real(x) / 2))
    answer = np.sin(folded) / z
    for k in range(1, order + 1):
        answer = (_quarter_turns(folded, k)[0] - k * answer) / z
    return answer


def _quarter_turns(z, k):
    """sin and cos of z + k*pi/2, exact at z = 0."""
    sine, cosine = np.sin(z), np.cos(z)
    return ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[k % 4]


@cache
def _gauss_legendre():
    """Nodes and weights on 0 to 1, enough for a few turns of the cosine."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    return [(0.5 + 0.5 * t, 0.5 * w) for t, w in zip(nodes.tolist(), weights.tolist(), strict=True)]


elementwise(np.sinc, lambda y, x: sinc_derivative(x))
elementwise(sinc_derivative, lambda y, x, order=1: sinc_derivative(x, order=order + 1))

_ANGLES = [np.cos(np.pi * (k + 0.5) / 128).item() for k in range(64)]  # an average over these is exact up to overflow


@primitive
def i0_derivative(x, order=1):
    """The derivative of np.i0 of any order: the average of cos(t)^order * cosh or sinh(x cos t)."""
    part = np.sinh if order % 2 else np.cosh
    return sum(c**order * part(c * x) for c in _ANGLES) / len(_ANGLES)


elementwise(np.i0, lambda y, x: i0_derivative(x), poles=True)
elementwise(i0_derivative, lambda y, x, order=1: i0_derivative(x, order=order + 1), poles=True)
