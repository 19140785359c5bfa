"""All of NumPy's public names that have a derivative, and all that NumPy lets one intercept: what we do with each.

`python -m tests.test_census` prints the count, and what is missing.
"""

import warnings
from collections import defaultdict
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import overrides

from autodiff_cli.engine import creation, rules
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import check_against_differences
from tests.engine.samples import all_samples, sample

# Names that have a derivative, as a comparison of array libraries found them.
NAMES = (Path(__file__).parent / "cases" / "numpy_differentiable.txt").read_text().split()
GONE = {"np.row_stack"} if not hasattr(np, "row_stack") else set()  # ended with NumPy 2.5; np.vstack is the same

# NumPy turns what these are given into arrays before a Tensor hears of it: the call that raises, and the counterpart,
# with a sample of it.
COUNTERPARTS = {
    "np.array": (lambda t: np.array([t, t]), "array", lambda x: creation.array([x, x * x])),
    "np.asarray": (lambda t: np.asarray([t, t]), "asarray", lambda x: creation.asarray([x, x * x])),
    "np.asanyarray": (lambda t: np.asanyarray([t, t]), "asarray", lambda x: creation.asarray([x, x * x])),
    "np.asarray_chkfinite": (np.asarray_chkfinite, "asarray", lambda x: creation.asarray(x) ** 2),
    "np.ascontiguousarray": (np.ascontiguousarray, "asarray", lambda x: creation.asarray(x) ** 2),
    "np.asfortranarray": (np.asfortranarray, "asarray", lambda x: creation.asarray(x) ** 2),
    "np.require": (np.require, "asarray", lambda x: creation.asarray(x) ** 2),
    "np.full": (lambda t: np.full((2, 3), t), "full", lambda x: creation.full((2, 3), x) ** 2),
    "np.kaiser": (lambda t: np.kaiser(5, t[0]), "kaiser", lambda x: creation.kaiser(5, x[0])),
    "np.r_": (lambda t: np.r_[t, t], "r_", lambda x: creation.r_[x, x * x]),
    "np.c_": (lambda t: np.c_[t, t], "c_", lambda x: creation.c_[x, x * x]),
}
# Names that no sample calls directly: the last three only say what they do in functions that are intercepted.
CALLS = {
    "np.divmod": lambda x: np.divmod(x * x, 0.3)[1] ** 2,
    "np.row_stack": lambda x: np.row_stack([x, x * x]),
    "np.fft.fftfreq": lambda x: np.fft.fftfreq(4, x[0]),
    "np.fft.rfftfreq": lambda x: np.fft.rfftfreq(4, x[0]),
}


def find(name):
    found = np
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


class _Calls:
    """The functions that NumPy hands to a Tensor, without those that our definitions call in turn."""

    def __init__(self, monkeypatch):
        self.found, self.inside = set(), False
        for door, position in (("__array_ufunc__", 0), ("__array_function__", 0)):
            monkeypatch.setattr(Tensor, door, self.listen(getattr(Tensor, door), position))

    def listen(self, door, position):
        def listening(tensor, *args, **kwargs):
            if self.inside:
                return door(tensor, *args, **kwargs)
            self.found.add(args[position])
            self.inside = True
            try:
                return door(tensor, *args, **kwargs)
            finally:
                self.inside = False

        return listening


@cache
def samples_by_function():
    """For each function, the samples that call it on Tensors, the shortest point first."""
    by_function = defaultdict(list)
    with pytest.MonkeyPatch.context() as monkeypatch, np.errstate(all="ignore"):
        calls = _Calls(monkeypatch)
        for case in sorted(all_samples(), key=lambda case: sum(map(np.size, case.at))):
            calls.found.clear()
            case.call(*map(variable, case.at))
            for function in calls.found:
                by_function[function].append(case)
    return by_function


def cases_of(name):
    """Sample calls of a name, or of its counterpart."""
    if name in COUNTERPARTS:
        return [sample(name, COUNTERPARTS[name][2], (3,))]
    if name in CALLS:
        return [sample(name, CALLS[name], (3,))]
    function = find(name)
    return samples_by_function().get(function, [])


def problem(name):
    """What is wrong with a name, in words; None where nothing is."""
    cases = cases_of(name)
    if not cases:
        return "no sample calls it"
    try:
        with warnings.catch_warnings(category=DeprecationWarning, action="ignore"):
            for case in cases[:3]:
                check_against_differences(case.call, case.at, 1)
    except Exception as error:  # whatever it is, it is what the report has to say
        return f"{type(error).__name__}: {error}"
    return None


def report():
    """The count, and a line for each name that is missing."""
    problems = {name: found for name in NAMES if name not in GONE and (found := problem(name))}
    lines = [f"{len(NAMES) - len(problems)} of {len(NAMES)} names of NumPy are differentiated rightly,"]
    lines += [f"{len(COUNTERPARTS)} of them through a counterpart: {', '.join(COUNTERPARTS)}"]
    return "\n".join(lines + [f"{name}: {found}" for name, found in problems.items()])


def test_the_names_are_all_there():
    assert len(set(NAMES)) == 277


@pytest.mark.parametrize("name", [name for name in NAMES if name not in GONE])
def test_gradient(name):
    assert problem(name) is None


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_what_cannot_be_intercepted_names_its_counterpart(name):
    call, counterpart, _ = COUNTERPARTS[name]
    with pytest.raises(NotDifferentiable) as caught:
        call(variable(np.array([0.5, 0.7])))
    assert f"ad.{counterpart}" in caught.value.help
    assert callable(find_ours(counterpart)) or hasattr(find_ours(counterpart), "__getitem__")


def find_ours(name):
    import autodiff_cli

    return getattr(autodiff_cli, name)


# --- what can be intercepted


def interceptable():
    """All functions that NumPy asks a Tensor about, as the Tensor is told of them."""
    for module in ("fft", "strings", "char", "polynomial"):
        import_module(f"numpy.{module}")
    functions = overrides.get_overridable_numpy_array_functions() | overrides.get_overridable_numpy_ufuncs()
    return sorted(map(_public, functions), key=_label)


def _public(function):
    """Functions that take like= are listed as a twin without a name of its own."""
    return getattr(np, function.__name__, function) if getattr(function, "__module__", "") == "numpy" else function


def _label(function):
    return f"{getattr(function, '__module__', 'ufunc')}.{function.__name__}"


@pytest.mark.parametrize("function", interceptable(), ids=_label)
def test_everything_is_decided(function):
    try:
        rule = rules.find(function)
    except NotDifferentiable as error:
        assert error.code == "refused" and error.help and len(str(error)) > len(function.__name__) + 10
    else:
        assert rule.kind in ("elementwise", "linear", "bilinear", "general", "composed", "constant", "question")


if __name__ == "__main__":
    print(report())
