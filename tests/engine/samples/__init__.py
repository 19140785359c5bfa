"""Sample calls of every rule, one file a family as in the rulebook; `test_rules.py` runs them all."""

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Sample(NamedTuple):
    """One way of calling a function, at two points.

    name      what the test is called
    call      a function of arrays, written with NumPy
    at        the arrays at which it is recorded
    elsewhere other arrays of the same shapes, at which the recorded program must hold too
    orders    how many derivatives are compared with differences
    """

    name: str
    call: object
    at: tuple
    elsewhere: tuple
    orders: int = 3


def sample(name, call, *shapes, low=0.3, high=0.9, orders=3, seed=0):
    """A sample at random points of the given shapes, uniform between low and high."""
    rng = np.random.default_rng([seed, *map(ord, name)])
    at, elsewhere = (tuple(rng.uniform(low, high, shape) for shape in shapes) for _ in range(2))
    return Sample(name, call, at, elsewhere, orders)


def all_samples():
    """The samples of all families: each module's list SAMPLES."""
    here = Path(__file__).parent
    modules = [import_module(f"{__name__}.{p.stem}") for p in sorted(here.glob("*.py")) if p.stem != "__init__"]
    return [s for module in modules for s in module.SAMPLES]
