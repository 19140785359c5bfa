"""Derivatives against differences: a test of rules, one's own and those of the house.

The differences know by how much they may be wrong (differences.py).
"""

from typing import NamedTuple

import numpy as np

from .differences import DOUBTS, Slope, slopes, tolerance, wide
from .transforms import flatten, jvp, rebuild, vjp

_MOST = 24  # entries of an argument that are moved one by one; of a larger one so many are drawn


class _Check(NamedTuple):
    """What is asked of every order."""

    name: str
    modes: tuple
    rtol: float
    atol: float
    eps: float | None
    orders: int


@np.errstate(all="ignore")
def check_grads(function, args, order=2, modes=("rev", "fwd"), rtol=None, atol=None, eps=None):
    """Compare the derivatives of a function of arrays with differences; AssertionError where they do not agree.

    args         a tuple with the arguments, which can be nested; integers are taken as float64
    order        1 checks the derivatives, 2 those of the derivatives too, and so on
    modes        "rev" (vjp), "fwd" (jvp), or both
    rtol, atol   how far a derivative may be off: rtol times the largest number that it is made of, plus atol; the
                 coarsest dtype of arguments and results decides by default: 1e-6 and 1e-9 for float64
    eps          the largest step of the differences; by default 0.02 where arguments are below 1

    Each entry is moved alone (of a large argument, some that are drawn), then all of them at once. What the function
    rounds is known to the differences, so that nothing is wrong because it is small or float32; at a kink, derivatives
    and differences do differ. Complex numbers move in both of their directions.
    """
    args = args if isinstance(args, tuple) else (args,)
    unknown = [mode for mode in _listed(modes) if mode not in _MODES]
    if unknown:
        raise ValueError(f"there is no mode {unknown[0]!r}: modes are 'rev' and 'fwd'")
    leaves = [_floats(leaf) for leaf in flatten(args)]

    def of_leaves(*leaves):
        found = flatten(function(*rebuild(args, leaves)))
        return [leaf for leaf in found if np.result_type(leaf).kind in "fc"]

    default = max((tolerance(np.result_type(leaf)) for leaf in [*leaves, *of_leaves(*leaves)]), default=(0, 0))
    rtol, atol = (d if given is None else given for d, given in zip(default, (rtol, atol), strict=True))
    name = getattr(function, "__name__", type(function).__name__)
    _check(of_leaves, leaves, _Check(name, _listed(modes), rtol, atol, eps, order), 1)


def _listed(modes):
    return (modes,) if isinstance(modes, str) else tuple(modes)


def _floats(leaf):
    array = np.asarray(leaf)
    return array.astype(float)[()] if array.dtype.kind in "iu" else array[()]


def _check(function, leaves, check, order):
    """One order, and those above it."""
    rng = np.random.default_rng(order)
    results = function(*leaves)
    cotangents = [_seed(rng, result) for result in results]
    tangents = [_seed(rng, leaf) for leaf in leaves]
    sides = [_MODES[mode](function, leaves, cotangents, check, order) for mode in check.modes]
    for where, direction in _directions(rng, leaves, tangents):
        found = [Slope(*(part[0] for part in s.central)) for s in slopes(function, leaves, [direction], check.eps)]
        if not all(np.isfinite(slope.doubt).all() for slope in found):
            raise AssertionError(f"{check.name} is not finite around this point, by {where}: there are no differences")
        for compare in sides:
            compare(where, direction, found)
    if order < check.orders:
        for mode in check.modes:
            _check(_DERIVED[mode](function, cotangents, tangents), leaves, check, order + 1)


def _seed(rng, like):
    """Numbers about 1 that every dtype has exactly."""
    x = np.round(rng.uniform(-2, 2, np.shape(like)) * 64) / 64
    if np.iscomplexobj(like):
        x = x + 1j * np.round(rng.uniform(-2, 2, np.shape(like)) * 64) / 64
    return x.astype(np.result_type(like))[()]


def _directions(rng, leaves, tangents):
    """(which entry, a tangent for each leaf): one entry at a time, then all."""
    for n, leaf in enumerate(leaves):
        entries = rng.permutation(leaf.size)[:_MOST] if leaf.size > _MOST else range(leaf.size)
        for entry in entries:
            place = np.unravel_index(entry, leaf.shape)
            for unit in (1, 1j) if np.iscomplexobj(leaf) else (1,):
                direction = [np.zeros_like(x) for x in leaves]
                direction[n] = np.zeros(leaf.shape, leaf.dtype)
                direction[n][place] = unit
                yield f"input {n}{_index(place)}{' (imaginary)' * (unit == 1j)}", direction
    if leaves:
        yield "a random direction", tangents


def _index(place):
    return f"[{', '.join(map(str, place))}]" if place else ""


# --- the two modes, each as what compares the slopes along a direction with the derivative


def _reverse(function, leaves, cotangents, check, order):
    """By the gradient, which is taken once."""
    gradients = vjp(function, *leaves)[1](cotangents)
    for n, (gradient, leaf) in enumerate(zip(gradients, leaves, strict=True)):
        if np.shape(gradient) != np.shape(leaf) or gradient.dtype != leaf.dtype:
            found = f"{gradient.dtype} of shape {np.shape(gradient)}"
            message = f"{check.name}, order {order}, rev: the gradient by input {n} is {found}"
            raise AssertionError(f"{message}, but the input {leaf.dtype} of shape {np.shape(leaf)}")

    def compare(where, direction, slopes):
        got = sum(np.real(np.sum(wide(g) * d)) for g, d in zip(gradients, direction, strict=True))
        pairs = list(zip(cotangents, slopes, strict=True))
        want = sum(np.real(np.sum(u * slope.value)) for u, slope in pairs)
        scale = sum(np.sum(np.abs(u * slope.value)) for u, slope in pairs)
        doubt = sum(np.sum(np.abs(u) * slope.doubt) for u, slope in pairs)
        _compare(f"{check.name}, order {order}, rev, by {where}", got, Slope(want, doubt), scale, check)

    return compare


def _forward(function, leaves, cotangents, check, order):
    """By the tangents, which are taken for each direction."""

    def compare(where, direction, slopes):
        tangents = jvp(function, leaves, tuple(direction))[1]
        for n, (tangent, slope) in enumerate(zip(tangents, slopes, strict=True)):
            if np.shape(tangent) != np.shape(slope.value):
                message = f"{check.name}, order {order}, fwd: the tangent of result {n} has shape {np.shape(tangent)}"
                raise AssertionError(f"{message}, but the result has shape {np.shape(slope.value)}")
            scale = np.max(np.abs(slope.value), initial=0)
            for place in np.ndindex(np.shape(tangent)):
                what = f"{check.name}, order {order}, fwd, result {n}{_index(place)} by {where}"
                one = Slope(slope.value[place], slope.doubt[place])
                _compare(what, np.asarray(tangent)[place], one, scale, check)

    return compare


def _compare(what, got, slope, scale, check):
    allowed = check.atol + check.rtol * scale + DOUBTS * slope.doubt
    off = abs(got - slope.value)
    if not off <= allowed:
        message = f"{what}: {got:.10g}, but differences say {slope.value:.10g} +- {slope.doubt:.1e}"
        raise AssertionError(f"{message}; they are {off:.3g} apart, where {allowed:.3g} is allowed")


_MODES = {"rev": _reverse, "fwd": _forward}


# --- the next order: the derivative with fixed seeds, as a function of the same leaves


def _of_reverse(function, cotangents, tangents):
    return lambda *leaves: list(vjp(function, *leaves)[1](cotangents))


def _of_forward(function, cotangents, tangents):
    return lambda *leaves: jvp(function, leaves, tuple(tangents))[1]


_DERIVED = {"rev": _of_reverse, "fwd": _of_forward}
