"""What was found of each claim, as plain data."""

from itertools import chain
from typing import NamedTuple

import numpy as np

from .comparison import KINK, RIGHT, UNDEFINED, UNSURE, WRONG

PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"


class Finding(NamedTuple):
    """What was found of one claimed derivative.

    key          the names that it is by
    label        how it is written: df/dx
    verdict      "pass", "fail" or "inconclusive"
    criterion    how far the two may be apart
    comparisons  what was found at each point; empty where the claim has another shape
    refusal      why nothing could be compared, if so
    cause        a Cause of what is wrong, or None
    remarks      Remarks on kinks, and on derivatives that do not exist
    """

    key: tuple
    label: str
    verdict: str
    criterion: object
    comparisons: tuple = ()
    refusal: str = ""
    cause: object = None
    remarks: tuple = ()

    @property
    def told(self):
        """The statuses of components that decide, and are shown."""
        return {FAIL: (WRONG,), INCONCLUSIVE: (UNSURE, KINK, UNDEFINED)}.get(self.verdict, ())

    @property
    def shown(self):
        """The Comparison that is shown: the first one with what decides; else the first. None where there is none."""
        found = (c for c in self.comparisons if np.isin(c.status, self.told).any())
        doubtful = (c for c in self.comparisons if self.verdict == INCONCLUSIVE and c.is_doubtful)
        return next(chain(found, doubtful, self.comparisons), None)

    @property
    def off(self):
        """How far AD and differences are apart at most, in parts of the largest component; nan where none can tell."""
        known = [c.reference.off for c in self.comparisons if c.reference is not None]
        return np.fmax.reduce(known, initial=np.nan) if known else np.nan

    @property
    def agreeing(self):
        """At how many points every component agrees."""
        return sum(bool((c.status == RIGHT).all()) for c in self.comparisons)


def verdict_of(comparisons):
    """What components at some points amount to."""
    statuses = [c.status for c in comparisons]
    if any((status == WRONG).any() for status in statuses):
        return FAIL
    sure = statuses and all((status == RIGHT).all() for status in statuses)
    return PASS if sure and not any(c.is_doubtful for c in comparisons) else INCONCLUSIVE


def together(verdicts):
    """What several claims amount to."""
    return next((v for v in (FAIL, INCONCLUSIVE) if v in verdicts), PASS)
