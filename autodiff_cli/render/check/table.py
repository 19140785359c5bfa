"""The report on a terminal: the lines of a pipe, with colours."""

from . import text

_COLORS = {"pass": "1;32", "fail": "1;31", "inconclusive": "1;33", "title": "2", "row": "36", "yours": "31", "ad": "32",
           "word": "1;36", "likely": "1"}  # fmt: skip


def render(report, style):
    """As text, painted where colours are wanted; lines are never broken, so that they can be copied."""
    return text.layout(report, style, _painted if style.color else lambda kind, piece: piece)


def _painted(kind, piece):
    return f"\x1b[{_COLORS[kind]}m{piece}\x1b[0m" if kind in _COLORS and piece.strip() else piece
