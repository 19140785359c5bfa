"""Why a claimed derivative is wrong: one reason that explains every component at every point, or none."""

from importlib import import_module

from ..evidence import UNEXPLAINED
from .case import Case

# Families of reasons, the simplest explanation first; each is a module with `find(case) -> Cause | None`.
FAMILIES = ("whole", "slips", "branches", "chain", "constants", "paths", "loops", "terms", "uses", "special",
            "parentheses", "insertions")  # fmt: skip


def likely(evidence):
    """The Cause of a claim that is wrong; where no single reason explains all of it, one of the kind UNEXPLAINED with
    the derivative, and None where that is no formula either.

    evidence   an Evidence whose claim does not hold at one of its points at least
    """
    case = Case(evidence)
    try:
        found = (import_module(f".{family}", __name__).find(case) for family in FAMILIES if case.is_telling)
        return next((cause for cause in found if cause is not None), None) or _unexplained(case)
    except RecursionError:
        return None  # a formula that is nested too deeply to be written again


def _unexplained(case):
    return None if case.truth is None else case.cause(UNEXPLAINED, "", case.truth)
