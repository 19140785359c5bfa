"""What is asked of a check: a target, what is claimed of it, where, and how closely the two have to agree."""

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from ..errors import AdiffError, nearest
from ..expression import Expression
from ..language.values import as_floats
from ..pyfunction import PythonFunction, read
from ..target import Target
from .claims import Formula, Function, Numbers
from .running import outcome

_MOST_POINTS = 10_000
KINDS = ("grad", "jac", "hess")


@dataclass(frozen=True)
class Check:
    """A question that can be asked: `run()` gives its Outcome.

    target      a Target
    claims      Formulas, Numbers and Functions, whose keys are names, of a Hessian pairs of names
    point       arrays by name; those that are missing are drawn
    of          "grad", "jac" or "hess"
    rtol, atol  of the criterion; None for those of the dtype in which the claim is computed
    random      how many points are drawn
    seed        of those points
    shapes      tuples by name, of variables without values
    words       what was typed on the command line, that it can be repeated: target, against, values by name, wrt; and
                the names that are `taken` by options
    """

    target: Target
    claims: tuple
    point: dict
    of: str = "grad"
    rtol: float | None = None
    atol: float | None = None
    random: int = 3
    seed: int = 0
    shapes: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)

    @property
    def keys(self):
        """What is claimed: names, of a Hessian pairs of names."""
        return tuple(key for claim in self.claims for key in claim.keys)

    @property
    def wrt(self):
        """The names that derivatives are taken by."""
        return tuple(dict.fromkeys(name for key in self.keys for name in key))

    def run(self):
        """The Outcome. Raises AdiffError where the target or a claim cannot be computed at the given point."""
        return outcome(self)


def question(target, against, point, *, wrt=None, of="grad", rtol=None, atol=None, random=3, seed=0, shapes=None,
             words=None):  # fmt: skip
    """The Check of a target as `ad.check` takes it."""
    target = _target(target)
    wrt = (wrt,) if isinstance(wrt, str) else wrt
    point = {name: as_floats(value) for name, value in point.items()}
    _check_settings(of, rtol, atol, random)
    target.check_names(point)
    target.check_names(wrt or ())
    claims = _claims(against, target, wrt, point, of)
    check = Check(target, claims, point, of, rtol, atol, random, seed, shapes or {}, words or {})
    for key in check.keys:
        if check.keys.count(key) > 1:
            raise AdiffError("bound-twice", f"two claims are made for {','.join(key)}", help="keep one of them")
    names = [*target.variables, *(name for name in target.constants if name in point)]
    target.check_names(check.wrt)
    for claim in claims:
        claim.check(target, names)
    return check


def _target(thing):
    if isinstance(thing, Target):
        return thing
    return read(thing) if isinstance(thing, str) else PythonFunction(thing)


def _check_settings(of, rtol, atol, random):
    if of not in KINDS:
        close = "".join(f"did you mean {kind}?" for kind in nearest(str(of), KINDS)[:1])
        raise AdiffError("usage", f"--of is {', '.join(KINDS[:-1])} or {KINDS[-1]}, and not {of}", help=close)
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value is not None and not 0 <= value < np.inf:
            raise AdiffError("usage", f"--{name} is a number from 0 on, and not {value}")
    if not 0 <= random <= _MOST_POINTS:
        raise AdiffError("usage", f"--random is a number of points, up to {_MOST_POINTS}, and not {random}")


# --- claims in all the forms in which they are given


def _claims(against, target, wrt, point, of):
    if isinstance(against, dict):
        return tuple(_claim((_key(name, of),), _understood(part)) for name, part in against.items())
    moving = [n for n in (*target.variables, *target.constants) if n in point and n not in target.counts]
    chosen = tuple(wrt or moving or target.variables)
    if not chosen:
        raise AdiffError("usage", f"{target.source} has no variable to differentiate by")
    claimed = _understood(against)
    if len(chosen) > 1 and not isinstance(claimed, PythonFunction):
        help = f"add --wrt {chosen[0]}, or name it: --against {chosen[0]}=FORMULA"
        raise AdiffError("usage", f"by which variable is this the derivative? there are {', '.join(chosen)}", help=help)
    return (_claim(tuple(product(chosen, repeat=2 if of == "hess" else 1)), claimed),)


def _understood(part):
    """What is claimed as an Expression, a PythonFunction, or an array."""
    if isinstance(part, str):
        return read(part)
    if isinstance(part, Target):
        return part
    return PythonFunction(part) if callable(part) else as_floats(part)


def _claim(keys, claimed):
    if isinstance(claimed, PythonFunction):
        return Function(keys, claimed.returned, claimed.source)
    return Formula(keys[0], claimed) if isinstance(claimed, Expression) else Numbers(keys[0], claimed)


def _key(name, of):
    names = tuple(part.strip() for part in name.split(",")) if isinstance(name, str) else tuple(name)
    names = names * 2 if of == "hess" and len(names) == 1 else names
    if len(names) != (2 if of == "hess" else 1):
        wanted = "x,y=FORMULA for the derivative by x and y" if of == "hess" else "x=FORMULA"
        raise AdiffError("usage", f"{name} does not name a derivative", help=f"write --against {wanted}")
    return names
