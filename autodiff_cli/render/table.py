"""The table on a terminal, drawn by Rich."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .numbers import array_text


def render(report, style):
    """The value on a line of its own, then a row for each variable: where it is, and the derivative there."""
    console = Console(width=style.width, force_terminal=style.color, color_system="standard" if style.color else None,
                      markup=False, highlight=False, emoji=False, legacy_windows=False)  # fmt: skip
    with console.capture() as capture:
        console.print(Text("f", "bold"), "=", array_text(report.value, style.digits, 4, style.width))
        if report.derivatives:
            console.print(_derivatives(report, style))
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")) + "\n"


def _derivatives(report, style):
    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("at", overflow="fold")
    table.add_column("gradient", overflow="fold")
    room = max(20, (style.width - 12) // 2)
    for name, array in report.derivatives.items():
        at = Text(array_text(report.point[name], style.digits, 0, room))
        table.add_row(Text(f"df/d{name}", "cyan"), at, Text(array_text(array, style.digits, 0, room), "green"))
    return table
