"""The table on a terminal, drawn by Rich: inputs, values, and what flows between them each in their colour."""

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from ..terminal import drawn
from .cells import flow, in_rows, operation

INPUT, VALUE, FLOW = "cyan", "green", "magenta"
_ARRAY = 22  # columns of an array at least
_OTHERS = 36  # columns of a page that are not for arrays


def render(report, style):
    """A row for each node; those of the backward pass under a title."""
    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    way = flow(report)
    heads = (("node", ""), ("operation", ""), ("value", VALUE), (way.word, FLOW), (way.title, FLOW))
    for name, color in heads:
        table.add_column(Text(name, f"bold {color}"), overflow="fold")
    for node in report.nodes:
        table.add_row(*_row(node, way, style))
    if report.backward:
        table.add_row()
        table.add_row("", Text("backward pass:", "italic"))
    for node in report.backward:
        table.add_row(*_row(node, way, style))
    return drawn(style, table)


def _row(node, way, style):
    color, room = INPUT if node.is_input else "", max(_ARRAY, (style.width - _OTHERS) // 3)
    entries = [f"{name} {text}" for name, text in way.between(node, style, room).items()]
    separator = "\n" if "[" in "".join(entries) else ", "
    yield Text(node.id, f"bold {color}")
    yield Text(operation(node), color)
    yield Text(in_rows(node.value, style, room), VALUE)
    yield Text(way.of(node, lambda array: in_rows(array, style, room)), FLOW)
    yield Text(separator.join(entries), FLOW)
