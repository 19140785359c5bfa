"""Plain lines: the verdict, a table of components, and what else there is to say."""

import math

from ..diagnostic import columns, printable
from ..numbers import number

_WORD = 8  # columns that a word takes before its text
_RIGHT = ("yours", "ad")  # columns that are aligned by their last digits, to be compared


def render(report, style):
    """One claim after the other."""
    return layout(report, style, lambda kind, text: text)


def layout(report, style, paint):
    """The lines of a report; `paint` is called with what a piece is and its text."""
    blocks = [_block(verdict, style, paint) for verdict in report.verdicts]
    gap = "\n\n" if any(len(block) > 1 for block in blocks) else "\n"
    return gap.join("\n".join(block) for block in blocks) + "\n"


def _block(verdict, style, paint):
    head = paint(verdict.verdict, verdict.verdict.upper())
    lines = [f"{head}  {printable(verdict.sentence)}", *_table(verdict, style, paint)]
    return [*lines, *(_line(word, text, paint) for word, text in verdict.lines)]


def _line(word, text, paint):
    return paint("word", word.ljust(_WORD)) + paint(word, printable(text))


def _table(verdict, style, paint):
    """Names and numbers of components, under the titles of their columns."""
    if not verdict.rows:
        return
    digits = style.digits or verdict.digits
    titles = ["", *verdict.columns]
    cells = [verdict.rows, *([_cell(title, n, digits) for n in numbers] for title, numbers in verdict.columns.items())]
    widths = [max(map(columns, (title, *column))) for title, column in zip(titles, cells, strict=True)]
    for k, row in enumerate((titles, *zip(*cells, strict=True))):
        texts = [_padded(cell, title, width) for cell, title, width in zip(row, titles, widths, strict=True)]
        texts[-1] = texts[-1].rstrip()
        painted = [paint(_kind(k, title), text) for title, text in zip(titles, texts, strict=True)]
        yield "  ".join(painted)


def _kind(k, title):
    return "title" if k == 0 else title or "row"


def _padded(cell, title, width):
    blanks = " " * (width - columns(cell))
    return blanks + cell if title in _RIGHT else cell + blanks


def _cell(title, value, digits):
    if value is None or (math.isnan(value) and title not in _RIGHT):
        return "-"
    if title == "rel err":
        return f"{value:.1e}"
    if title == "yours/ad":
        return f"{value:.3f}" if 1e-3 <= abs(value) < 1e5 else f"{value:.2e}"
    return "0" if value == 0 else number(value, digits)
