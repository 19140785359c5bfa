"""What can go wrong, as data: an error carries its code, place and cure; one place draws it."""

import copyreg
from typing import NamedTuple

BAD_INPUT = 2
UNDEFINED = 3
USER_CODE = 4
BUG = 70
INTERRUPTED = 130
PIPE_CLOSED = 141


class Span(NamedTuple):
    """Characters `start` up to `end` of a source text."""

    start: int
    end: int


class AdiffError(Exception):
    """One thing that is wrong with the input, and what to do about it.

    `code` is the stable name printed in brackets. `span` and `label` are drawn under the
    source text, `help` after it. Whoever knows the text fills in `source` (see `at`).
    """

    exit_code = BAD_INPUT

    def __init__(self, code, message, *, span=None, label="", help="", source=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.label = label
        self.help = help
        self.source = source

    def __reduce__(self):
        return copyreg.__newobj__, (type(self), *self.args), vars(self)

    def at(self, source, span=None):
        """This error with the text it speaks of; a place it already has is kept."""
        if self.source is None:
            self.source = source
            self.span = self.span or span
        return self


class Undefined(AdiffError):
    """A value or derivative does not exist where it was asked for (exit code 3)."""

    exit_code = UNDEFINED


class UserError(AdiffError):
    """The user's Python failed, or cannot be differentiated (exit code 4)."""

    exit_code = USER_CODE


class NotDifferentiable(AdiffError, TypeError):
    """A function without a rule, refused with a reason, or used where a derivative would be lost."""


class GraphError(AdiffError, RuntimeError):
    """A backward pass that cannot be: through a freed graph, without a seed, to what is no leaf."""

    def __str__(self):
        return f"{self.message}: {self.help}" if self.help else self.message


class Ended(KeyboardInterrupt):
    """A signal that ends the program, as an interrupt does: nothing is left half done."""

    def __init__(self, number):
        self.exit_code = 128 + number


def shortened(text, most=60):
    """A text as it is repeated in a sentence: without the rest, where it is longer."""
    return text if len(text) <= most else f"{text[:most]}..."


def nearest(name, candidates):
    """The candidates that look like `name`, best first: what may have been meant."""
    from difflib import get_close_matches

    return get_close_matches(name, list(candidates), n=2, cutoff=0.6)
