"""The table on a terminal, drawn by Rich: inputs, values and adjoints each in their colour."""

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from ..terminal import drawn
from .cells import in_rows, operation, to_inputs

INPUT, VALUE, ADJOINT = "cyan", "green", "magenta"
_COLUMNS = (("node", ""), ("operation", ""), ("value", VALUE), ("adjoint", ADJOINT), ("to inputs", ADJOINT))
_ARRAY = 22  # columns of an array at least
_OTHERS = 36  # columns of a page that are not for arrays


def render(report, style):
    """A row for each node; those of the backward pass under a title."""
    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    for name, color in _COLUMNS:
        table.add_column(Text(name, f"bold {color}"), overflow="fold")
    for node in report.nodes:
        table.add_row(*_row(node, style))
    if report.backward:
        table.add_row()
        table.add_row("", Text("backward pass:", "italic"))
    for node in report.backward:
        table.add_row(*_row(node, style))
    return drawn(style, table)


def _row(node, style):
    color, room = INPUT if node.is_input else "", max(_ARRAY, (style.width - _OTHERS) // 3)
    adjoint = "" if node.adjoint is None else in_rows(node.adjoint, style, room)
    entries = [f"{name} {text}" for name, text in to_inputs(node, style, room).items()]
    separator = "\n" if "[" in "".join(entries) else ", "
    yield Text(node.id, f"bold {color}")
    yield Text(operation(node), color)
    yield Text(in_rows(node.value, style, room), VALUE)
    yield Text(adjoint, ADJOINT)
    yield Text(separator.join(entries), ADJOINT)
