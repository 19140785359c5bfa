"""What can be wrong with rows."""

from contextlib import contextmanager

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


@contextmanager
def readable(name):
    """Raise AdiffError for text of a file that is not UTF-8, where a format must have it so."""
    try:
        yield
    except UnicodeEncodeError:
        help = "iconv -f LATIN1 -t UTF-8 makes it so, if it is Latin-1"
        raise AdiffError("encoding", f"{name} is not UTF-8", help=help) from None


def shortened(text, most=40):
    """A text that may be quoted in a sentence."""
    return text if len(text) <= most else f"{text[: most - 13]}...{text[-10:]}"
