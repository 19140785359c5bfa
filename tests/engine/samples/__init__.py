"""Sample calls of every rule, one file a family as in the rulebook; `test_rules.py` runs them all."""

from functools import cache, wraps
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

_TOGETHER = 10  # samples of one test: to report a test for each would take as long as to run it


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


@cache
def all_samples():
    """The samples of all families: each module's list SAMPLES."""
    here = Path(__file__).parent
    modules = [import_module(f"{__name__}.{p.stem}") for p in sorted(here.glob("*.py")) if p.stem != "__init__"]
    return [s for module in modules for s in module.SAMPLES]


def for_each_sample(test):
    """Makes a test of one sample, `case`, a test of all: pytest's are of some each, and a failure names its sample."""

    @wraps(test)
    def of_some(*args, cases, **kwargs):
        for case in cases:
            try:
                test(*args, case=case, **kwargs)
            except Exception as error:
                error.add_note(f"of the sample {case.name!r}")
                raise

    parameters = [p for name, p in signature(test).parameters.items() if name != "case"]
    of_some.__signature__ = signature(test).replace(
        parameters=[*parameters, Parameter("cases", Parameter.KEYWORD_ONLY)]
    )
    samples = all_samples()
    some = [samples[k : k + _TOGETHER] for k in range(0, len(samples), _TOGETHER)]
    return pytest.mark.parametrize("cases", some, ids=lambda cases: cases[0].name)(of_some)
