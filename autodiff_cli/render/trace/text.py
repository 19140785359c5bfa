"""Plain lines for pipes and files: the forward and adjoint table."""

from ..diagnostic import columns
from .cells import brief, operation, to_inputs

_HEAD = ("node", "operation", "value", "adjoint")
_GAP = 2
_NUMBER = 10  # columns of a number of six digits, with its gap
_ARRAY = 21  # columns of an array; what is longer moves on what follows
_BELOW = 8  # where that stands which has no room on its line


def render(report, style):
    """A line for each node; what it sends to its inputs goes on below where the page is too narrow."""
    rows = [[_cells(node, style) for node in nodes] for nodes in (report.nodes, report.backward)]
    widths = _widths([_HEAD, *rows[0], *rows[1]])
    lines = [_line(_HEAD, ["to inputs"], widths, style)]
    for nodes, title in ((report.nodes, ""), (report.backward, "what the backward pass adds:")):
        lines += ["", title] if nodes and title else []
        lines += [_line(_cells(node, style), _entries(node, style), widths, style) for node in nodes]
    return "\n".join(lines) + "\n"


def _cells(node, style):
    adjoint = "" if node.adjoint is None else brief(node.adjoint, style, _ARRAY)
    return node.id, operation(node), brief(node.value, style, _ARRAY), adjoint


def _entries(node, style):
    return [f"{name} {text}" for name, text in to_inputs(node, style, _ARRAY).items()]


def _widths(rows):
    """Columns for each cell. A minus sign may stand in the gap before it."""
    node, op, *numbers = ([columns(text.removeprefix("-")) for text in column] for column in zip(*rows, strict=True))
    numbers = (max(_NUMBER, min(max(widths), _ARRAY) + _GAP) for widths in numbers)
    return [max(node) + _GAP, max(op) + _GAP, *numbers]


def _line(row, entries, widths, style):
    line = "".join(text + " " * max(1, width - columns(text)) for text, width in zip(row, widths, strict=True))
    whole = (line + ", ".join(entries)).rstrip()
    return whole if columns(whole) <= style.width else "\n".join([line.rstrip(), *_filled(entries, style.width)])


def _filled(entries, width):
    """The entries on as few lines as hold them."""
    lines = []
    for entry in entries:
        longer = f"{lines[-1]}, {entry}" if lines else ""
        if longer and columns(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(" " * _BELOW + entry)
    return lines
