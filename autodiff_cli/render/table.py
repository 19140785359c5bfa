"""The table on a terminal, drawn by Rich."""

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from .numbers import array_text, cells, is_summarised
from .polynomial import polynomial_text
from .terminal import drawn

_IN_ROWS = 0  # no width at all: every matrix is written in rows
_MOST_ROWS = 40  # a larger array is folded into its cell


def render(report, style):
    """The value on a line of its own, a row for each derivative, and below what else is known."""
    parts = []
    if report.value is not None:
        value = array_text(report.value, style.digits, 4, _IN_ROWS)
        parts.append(Text.assemble(("f", "bold"), " = ", value))
    if report.blocks:
        parts.append(_derivatives(report, style))
    details = _details(report, style)
    return drawn(style, *parts, *(["", details] if details.row_count else []))


def _derivatives(report, style):
    placed = any(block.at is not None for block in report.blocks)
    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    table.add_column("")
    if placed:
        table.add_column("at", overflow="fold")
    table.add_column(report.title, overflow="fold")
    for block in report.blocks:
        for label, *at, slope in _rows(block, placed, style):
            table.add_row(Text(label, "cyan"), *at, Text(slope, "green"))
    return table


def _rows(block, placed, style):
    """One row for a block; for an array too wide for a cell, one row for each element."""
    if block.array is None:
        return [(block.label, block.formula)]
    arrays = [block.at, block.array] if placed else [block.array]
    room = max(20, (style.width - len(block.label) - 6) // len(arrays))
    texts = [array_text(array, style.digits, 0, _IN_ROWS) for array in arrays]
    widest = max(len(line) for text in texts for line in text.split("\n"))
    shapes = {np.shape(array) for array in arrays}
    if np.size(block.array) > _MOST_ROWS or widest <= room or len(shapes) > 1:
        return [(block.label, *texts)]
    columns = (cells(array, style.digits) for array in arrays)
    places = (f"{block.label}[{', '.join(map(str, index))}]" for index in np.ndindex(np.shape(block.array)))
    return list(zip(places, *columns, strict=True))


def _details(report, style):
    """What is known beside the derivatives: a name and some words or numbers on each line."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    if report.polynomial and not is_summarised(report.polynomial.coefficients):
        table.add_row("polynomial", Text(polynomial_text(report.polynomial, style.digits), "green"))
    for block in report.blocks:
        if block.formula is not None and block.array is not None:
            table.add_row(block.label, Text(block.formula, "green"))
    for name in report.details:
        content = report.record[name]
        if content is not None:
            table.add_row(
                name.replace("_", " "), content if isinstance(content, str) else array_text(content, style.digits)
            )
    return table
