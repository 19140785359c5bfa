"""The answer to a check."""

from typing import NamedTuple

from ..render import Style, render
from .record import report


class Outcome(NamedTuple):
    """The answer to a Check.

    check      what was asked
    verdict    "pass", "fail" or "inconclusive": of all claims together
    findings   a Finding for each claim
    points     dicts of arrays by name, the given point first
    drawn      for each of them whether it was drawn
    refused    how many others were drawn and not used, by the reason
    notes      Remarks on what was assumed
    repro      the command line that repeats the check, with corrected claims where there are some
    """

    check: object
    verdict: str
    findings: tuple
    points: tuple
    drawn: tuple
    refused: dict
    notes: tuple
    repro: str

    def __str__(self):
        return render(self.report(), "text", Style()).rstrip()

    def report(self, **options):
        """The Report that is rendered, with the options of record.report."""
        return report(self, **options)
