"""What can be wrong with rows."""

from ..errors import UNDEFINED, AdiffError


class BadRow(AdiffError):
    """A row that has no answer, where that ends the run (exit code 3)."""

    exit_code = UNDEFINED


class Unusable(Exception):
    """Why a row has no answer.

    reason   in a sentence
    column   the name of the column, where it lies in one
    missing  how many cells the row lacks; None where results cannot be appended to it, for they would stand in
             wrong columns
    """

    def __init__(self, reason, column=None, missing=0):
        super().__init__(reason)
        self.reason, self.column, self.missing = reason, column, missing


def shortened(text, most=40):
    """A text that may be quoted in a sentence."""
    return text if len(text) <= most else f"{text[: most - 13]}...{text[-10:]}"
