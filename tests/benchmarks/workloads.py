"""Four functions whose gradients are asked for over many rows, and these gradients by hand.

Each hand-written gradient is there twice: for whole arrays (or, compiled by numba, for the numbers of one row), and in
blocks, with memory of its own that is used again and again, in the order that needs least of it.
"""

from collections.abc import Callable
from math import sqrt, tau
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

ROOT_TAU = sqrt(tau)


class Workload(NamedTuple):
    """text      in the language of adiff
    shapes    of one row's value, by variable
    function  of the modules of NumPy's functions, and the normal distribution function: of one row, for peers
    hand      value and gradient of whole arrays
    blocked   the same of one block, into given arrays, with scratch(k) for the k-th piece of memory
    terms     value and gradient as numexpr writes them; () where it lacks a function
    """

    text: str
    shapes: dict
    function: Callable
    hand: Callable
    blocked: Callable
    terms: tuple = ()

    def points(self, count, seed=0):
        draw = np.random.default_rng(seed)
        return {name: draw.uniform(0.5, 2.0, (count, *shape)) for name, shape in self.shapes.items()}


# --- Rosenbrock's function of two variables


def rosenbrock(np, ndtr, x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def rosenbrock_by_hand(x, y):
    d, u = y - x * x, 1 - x
    return u * u + 100 * d * d, -400 * x * d - 2 * u, 200 * d


def rosenbrock_in_blocks(scratch, x, y, f, gx, gy):
    d, t = scratch(0), scratch(1)
    np.multiply(x, x, d)
    np.subtract(y, d, d)
    np.multiply(d, 200.0, gy)
    np.subtract(1.0, x, t)
    np.multiply(t, t, f)
    np.multiply(t, 2.0, gx)
    np.multiply(x, d, t)
    np.multiply(t, -400.0, t)
    np.subtract(t, gx, gx)
    np.multiply(d, d, d)
    np.multiply(d, 100.0, d)
    np.add(f, d, f)


# --- the price of an option by Black and Scholes


def black_scholes(np, ndtr, S, K, r, sigma, T):
    spread = sigma * np.sqrt(T)
    d1 = (np.log(S / K) + (r + sigma * sigma / 2) * T) / spread
    return S * ndtr(d1) - K * np.exp(-r * T) * ndtr(d1 - spread)


def black_scholes_by_hand(S, K, r, sigma, T):
    root = np.sqrt(T)
    spread = sigma * root
    d1 = (np.log(S / K) + (r + 0.5 * sigma * sigma) * T) / spread
    delta = ndtr(d1)
    discounted = np.exp(-r * T) * ndtr(d1 - spread)
    vega = S * root * np.exp(-0.5 * d1 * d1) / ROOT_TAU
    dr = K * T * discounted
    return (S * delta - K * discounted, delta, -discounted, dr, vega, 0.5 * vega * sigma / T + r * K * discounted)


def black_scholes_in_blocks(scratch, S, K, r, sigma, T, f, dS, dK, dr, dsigma, dT):
    root, spread, d1, t = map(scratch, range(4))
    np.sqrt(T, root)
    np.multiply(sigma, root, spread)
    np.divide(S, K, d1)
    np.log(d1, d1)
    np.multiply(sigma, sigma, t)
    np.multiply(t, 0.5, t)
    np.add(t, r, t)
    np.multiply(t, T, t)
    np.add(d1, t, d1)
    np.divide(d1, spread, d1)
    ndtr(d1, dS)
    np.subtract(d1, spread, t)
    ndtr(t, dK)
    np.multiply(r, T, t)
    np.negative(t, t)
    np.exp(t, t)
    np.multiply(dK, t, dK)
    np.multiply(d1, d1, d1)
    np.multiply(d1, -0.5, d1)
    np.exp(d1, d1)
    np.multiply(d1, 1 / ROOT_TAU, d1)
    np.multiply(d1, S, d1)
    np.multiply(d1, root, dsigma)
    np.multiply(K, dK, t)
    np.multiply(t, T, dr)
    np.multiply(S, dS, f)
    np.subtract(f, t, f)
    np.multiply(t, r, t)
    np.multiply(dsigma, sigma, dT)
    np.divide(dT, T, dT)
    np.multiply(dT, 0.5, dT)
    np.add(dT, t, dT)
    np.negative(dK, dK)


# --- ten variables


def ten(np, ndtr, a, b, c, d, p, q, g, h, u, v):
    return (np.sin(a) * np.exp(b) + np.log(1 + c * c + d * d) + np.tanh(p * q) + np.sqrt(1 + g * g) * np.cos(h)
            + np.exp(-u * u) * np.arctan(v) + a * c * p * g * u)  # fmt: skip


def ten_by_hand(a, b, c, d, p, q, g, h, u, v):
    sine, growth, inside, slope = np.sin(a), np.exp(b), 1 + c * c + d * d, np.tanh(p * q)
    root, cosine, bell, angle = np.sqrt(1 + g * g), np.cos(h), np.exp(-u * u), np.arctan(v)
    ac, pg = a * c, p * g
    pgu, acu = pg * u, ac * u
    value = sine * growth + np.log(inside) + slope + root * cosine + bell * angle + ac * pgu
    rest = 1 - slope * slope
    return (value, np.cos(a) * growth + c * pgu, sine * growth, 2 * c / inside + a * pgu, 2 * d / inside,
            q * rest + acu * g, p * rest, g * cosine / root + acu * p, -root * np.sin(h),
            -2 * u * bell * angle + ac * pg, bell / (1 + v * v))  # fmt: skip


def ten_in_blocks(scratch, a, b, c, d, p, q, g, h, u, v, f, da, db, dc, dd, dp, dq, dg, dh, du, dv):
    t, s, ac, pg, pgu, acu = map(scratch, range(6))
    np.multiply(a, c, ac)
    np.multiply(p, g, pg)
    np.multiply(pg, u, pgu)
    np.multiply(ac, u, acu)
    np.multiply(ac, pgu, f)
    np.exp(b, t)
    np.sin(a, s)
    np.multiply(s, t, db)
    np.add(f, db, f)
    np.cos(a, s)
    np.multiply(s, t, da)
    np.multiply(c, pgu, t)
    np.add(da, t, da)
    np.multiply(c, c, t)
    np.add(t, 1.0, t)
    np.multiply(d, d, s)
    np.add(t, s, t)
    np.log(t, s)
    np.add(f, s, f)
    np.divide(2.0, t, t)
    np.multiply(d, t, dd)
    np.multiply(c, t, dc)
    np.multiply(a, pgu, s)
    np.add(dc, s, dc)
    np.multiply(p, q, t)
    np.tanh(t, t)
    np.add(f, t, f)
    np.multiply(t, t, t)
    np.subtract(1.0, t, t)
    np.multiply(p, t, dq)
    np.multiply(q, t, dp)
    np.multiply(acu, g, t)
    np.add(dp, t, dp)
    np.multiply(g, g, t)
    np.add(t, 1.0, t)
    np.sqrt(t, t)
    np.sin(h, dh)
    np.multiply(dh, t, dh)
    np.negative(dh, dh)
    np.cos(h, s)
    np.divide(g, t, dg)
    np.multiply(dg, s, dg)
    np.multiply(acu, p, acu)
    np.add(dg, acu, dg)
    np.multiply(t, s, t)
    np.add(f, t, f)
    np.multiply(u, u, t)
    np.negative(t, t)
    np.exp(t, t)
    np.multiply(v, v, s)
    np.add(s, 1.0, s)
    np.divide(t, s, dv)
    np.arctan(v, s)
    np.multiply(t, s, t)
    np.add(f, t, f)
    np.multiply(t, u, t)
    np.multiply(t, 2.0, t)
    np.multiply(ac, pg, du)
    np.subtract(du, t, du)


# --- the cosine similarity of two vectors


def cosine(np, ndtr, x, y):
    return np.dot(x, y) / np.sqrt(np.dot(x, x) * np.dot(y, y))


def cosine_by_hand(x, y):
    xx, yy, xy = np.sum(x * x, -1), np.sum(y * y, -1), np.sum(x * y, -1)
    inverse = 1 / np.sqrt(xx * yy)
    value = xy * inverse
    of_x, of_y = value / xx, value / yy
    gx = y * inverse[..., None] - x * of_x[..., None]
    return value, gx, x * inverse[..., None] - y * of_y[..., None]


def cosine_in_blocks(scratch, x, y, f, gx, gy):
    """On separate components."""
    xs, ys = [scratch(k) for k in range(3)], [scratch(k) for k in range(3, 6)]
    xx, yy, xy, t, s = map(scratch, range(6, 11))
    for k in range(3):
        np.copyto(xs[k], x[:, k])
        np.copyto(ys[k], y[:, k])
    for total, one, other in ((xx, xs, xs), (yy, ys, ys), (xy, xs, ys)):
        np.multiply(one[0], other[0], total)
        for k in (1, 2):
            np.multiply(one[k], other[k], t)
            np.add(total, t, total)
    np.multiply(xx, yy, t)
    np.sqrt(t, t)
    np.divide(1.0, t, t)
    np.multiply(xy, t, f)
    np.divide(f, xx, xx)
    np.divide(f, yy, yy)
    for k in range(3):
        np.multiply(ys[k], t, s)
        np.multiply(xs[k], xx, xy)
        np.subtract(s, xy, gx[:, k])
        np.multiply(xs[k], t, s)
        np.multiply(ys[k], yy, xy)
        np.subtract(s, xy, gy[:, k])


WORKLOADS = {
    "Rosenbrock, 2 variables": Workload(
        "(1-x)^2 + 100*(y-x^2)^2", {"x": (), "y": ()}, rosenbrock, rosenbrock_by_hand, rosenbrock_in_blocks,
        ("(1-x)**2 + 100*(y-x*x)**2", "-400*x*(y-x*x) - 2*(1-x)", "200*(y-x*x)"),
    ),
    "Black-Scholes, 5 variables": Workload(
        "d1 = (log(S/K) + (r + sigma^2/2)*T)/(sigma*sqrt(T)); S*ndtr(d1) - K*exp(-r*T)*ndtr(d1 - sigma*sqrt(T))",
        dict.fromkeys(["S", "K", "r", "sigma", "T"], ()), black_scholes, black_scholes_by_hand, black_scholes_in_blocks,
    ),
    "ten variables, transcendental": Workload(
        "sin(a)*exp(b) + log(1 + c^2 + d^2) + tanh(p*q) + sqrt(1 + g^2)*cos(h) + exp(-u^2)*atan(v) + a*c*p*g*u",
        dict.fromkeys("abcdpqghuv", ()), ten, ten_by_hand, ten_in_blocks,
        ("sin(a)*exp(b) + log(1+c*c+d*d) + tanh(p*q) + sqrt(1+g*g)*cos(h) + exp(-u*u)*arctan(v) + a*c*p*g*u",
         "cos(a)*exp(b) + c*p*g*u", "sin(a)*exp(b)", "2*c/(1+c*c+d*d) + a*p*g*u", "2*d/(1+c*c+d*d)",
         "q*(1-tanh(p*q)**2) + a*c*g*u", "p*(1-tanh(p*q)**2)", "g*cos(h)/sqrt(1+g*g) + a*c*p*u",
         "-sqrt(1+g*g)*sin(h)", "-2*u*exp(-u*u)*arctan(v) + a*c*p*g", "exp(-u*u)/(1+v*v)"),
    ),
    "cosine similarity of 3-vectors": Workload(
        "dot(x, y)/(norm(x)*norm(y))", {"x": (3,), "y": (3,)}, cosine, cosine_by_hand, cosine_in_blocks,
    ),
}  # fmt: skip
