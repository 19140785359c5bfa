"""The table on a terminal, drawn by Rich."""

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .numbers import array_text, cells

_IN_ROWS = 0  # no width at all: every matrix is written in rows
_MOST_ROWS = 40  # a larger array is folded into its cell


def render(report, style):
    """The value on a line of its own, then a row for each variable: where it is, and the derivative there."""
    console = Console(width=style.width, force_terminal=style.color, color_system="standard" if style.color else None,
                      markup=False, highlight=False, emoji=False, legacy_windows=False)  # fmt: skip
    with console.capture() as capture:
        console.print(Text("f", "bold"), "=", array_text(report.value, style.digits, 4, _IN_ROWS))
        if report.derivatives:
            console.print(_derivatives(report, style))
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")) + "\n"


def _derivatives(report, style):
    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("at", overflow="fold")
    table.add_column("gradient", overflow="fold")
    for name, array in report.derivatives.items():
        for label, at, slope in _rows(f"df/d{name}", report.point[name], array, style):
            table.add_row(Text(label, "cyan"), at, Text(slope, "green"))
    return table


def _rows(label, at, slope, style):
    """One row for a variable; for an array too wide for a cell, one row for each element."""
    room = max(20, (style.width - len(label) - 6) // 2)
    texts = [array_text(array, style.digits, 0, _IN_ROWS) for array in (at, slope)]
    widest = max(len(line) for text in texts for line in text.split("\n"))
    if slope.size > _MOST_ROWS or widest <= room:
        return [(label, *texts)]
    columns = (np.ndindex(slope.shape), cells(at, style.digits), cells(slope, style.digits))
    return [(f"{label}[{', '.join(map(str, index))}]", *pair) for index, *pair in zip(*columns, strict=True)]
