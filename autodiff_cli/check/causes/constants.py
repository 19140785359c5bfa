"""Constant factors that no size of the problem and no slip explains: pi, ln 10, 180/pi."""

from .factors import factor_of, times, words


def find(case):
    """The factor, if the claim differs by one."""
    factor = factor_of(case)
    if factor is None:
        return None
    formula = case.simplest(case.claim and times(factor, case.claim.script))
    return case.cause("factor", words(factor), formula, f"{factor:.10g}*yours")
