"""Functions that choose: where, the larger, the smaller, the absolute value."""

import numpy as np

from ..creation import asarray
from ..rules import composed, constant, elementwise, linear
from ..tensor import primitive

constant(np.isnan, np.isinf, np.isfinite, np.isposinf, np.isneginf, np.signbit, np.isreal, np.iscomplex)
constant(np.isclose, np.allclose, np.array_equal, np.array_equiv, np.isin)

# With the condition alone it tells places, as np.nonzero does, and nothing flows.
linear(
    np.where,
    None,
    lambda g, condition, x=..., y=...: np.where(condition, g, 0.0),
    lambda g, condition, x=..., y=...: np.where(condition, 0.0, g),
    chooses=True,
)


# --- one of two

for larger in (np.maximum, np.minimum, np.fmax, np.fmin):
    # Said through y, so that fmax and fmin pass by a nan as they do.
    elementwise(
        larger,
        lambda y, x1, x2: np.where(np.equal(x1, x2), 0.5, np.equal(x1, y)),
        lambda y, x1, x2: np.where(np.equal(x1, x2), 0.5, np.equal(x2, y)),
        chooses=True,
        kink=(lambda y, x1, x2: np.equal(x1, x2), "the two are equal; each has half of the slope"),
    )


@primitive
def clip(a, a_min, a_max):
    """np.clip, with both bounds in their places; None is no bound."""
    return np.clip(a, a_min, a_max)


def _bound_slope(y, a, bound, other):
    """1 where the bound is the answer, and half of it where both are."""
    return np.where(np.equal(y, a), 0.0, np.where(np.equal(bound, other), 0.5, np.equal(y, bound)))


def _at_bound(y, a, a_min, a_max):
    return np.logical_or(*(np.equal(a, np.nan if bound is None else bound) for bound in (a_min, a_max)))


elementwise(
    clip,
    lambda y, a, a_min, a_max: np.equal(y, a),
    lambda y, a, a_min, a_max: _bound_slope(y, a, a_min, a_max),
    lambda y, a, a_min, a_max: _bound_slope(y, a, a_max, a_min),
    chooses=True,
    kink=(_at_bound, "the value is at a bound; the slope is 1 inside and 0 outside, and 1 is used"),
)


def _clip(a, a_min=None, a_max=None, *, min=None, max=None):
    return clip(a, min if a_min is None else a_min, max if a_max is None else a_max)


composed(np.clip, _clip)


# --- signs


def _direction(y, x):
    """The sign; of a complex number conj(z)/|z|, for the cotangent is that of df = Re(g * dz)."""
    if np.iscomplexobj(x):
        return np.conjugate(x) / np.where(np.equal(y, 0), 1.0, y)
    return np.sign(x)


for absolute in (np.absolute, np.fabs):
    elementwise(
        absolute,
        _direction,
        kink=(lambda y, x: np.equal(x, 0), "the slope is -1 on the left and 1 on the right; 0 is used"),
    )

elementwise(
    np.copysign,
    lambda y, x1, x2: np.sign(x1) * np.copysign(1.0, x2),
    None,
    kink=(lambda y, x1, x2: np.equal(x1, 0), "the slopes on the left and on the right are opposite; 0 is used"),
)


# --- one of many

elementwise(
    np.nan_to_num,
    lambda y, x, copy=True, nan=0.0, posinf=None, neginf=None: np.isfinite(x),
    chooses=True,
)


def _select(condlist, choicelist, default=0):
    """The first choice whose condition holds."""
    answer = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        answer = np.where(condition, choice, answer)
    return answer


def _choose(a, choices, *, mode="raise"):
    """From a stack of choices, whose broadcast shapes are one."""
    a, *choices = np.broadcast_arrays(a, *choices)
    if mode == "raise":
        a = np.where(np.less(a, 0), len(choices), a)  # which no index is; as an index -1 would be the last
    else:
        a = np.remainder(a, len(choices)) if mode == "wrap" else np.clip(a, 0, len(choices) - 1)
    return np.take_along_axis(np.stack(choices), np.expand_dims(a, 0), 0)[0]


def _piecewise(x, condlist, funclist, *args, **kw):
    """The last function whose condition holds; one function more than conditions is for the rest.

    Each is computed everywhere, for the conditions may hold elsewhere at other points.
    """
    are_several = isinstance(condlist, (list, tuple)) or np.ndim(condlist) > 0
    are_several = are_several and (np.ndim(x) == 0 or np.ndim(condlist[0]) > 0)
    conditions = list(condlist) if are_several else [condlist]
    if len(funclist) not in (len(conditions), len(conditions) + 1):
        raise ValueError(f"piecewise has {len(conditions)} conditions and {len(funclist)} functions")
    with np.errstate(all="ignore"):
        values = [f(x, *args, **kw) if callable(f) else f for f in funclist]
    answer = values.pop() if len(values) > len(conditions) else 0.0
    for condition, value in zip(conditions, values, strict=True):
        answer = np.where(condition, value, answer)
    return asarray(answer, x.dtype)


composed(np.select, _select)
composed(np.choose, _choose)
composed(np.piecewise, _piecewise)
