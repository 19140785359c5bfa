"""A use of a variable that the derivation by hand forgot, or counted twice or by half."""

from .paths import mistaken


def find(case):
    """The first use, which need not have a text as a term of the formula that adiff prints."""
    return mistaken(case, _MISTAKES)


def _forgotten(line, operand, g, sent):
    return -sent


def _doubled(line, operand, g, sent):
    return sent


def _halved(line, operand, g, sent):
    return -sent / 2


_MISTAKES = (
    ("term", "a term is missing, that of {operand} in {line}", _forgotten),
    ("term", "the term of {operand} in {line} is counted twice", _doubled),
    ("factor", "a factor 2 is missing in the derivative of {line} by {operand}", _halved),
)
