"""Plain lines for pipes and files: the table of values, and of adjoints or tangents."""

from ..diagnostic import columns
from .cells import brief, flow, operation

_GAP = 2
_NUMBER = 10  # columns of a number of six digits, with its gap
_ARRAY = 21  # columns of an array; what is longer moves on what follows
_BELOW = 8  # where that stands which has no room on its line


def render(report, style):
    """A line for each node; what flows between it and its inputs goes on below where the page is too narrow."""
    way = flow(report)
    head = ("node", "operation", "value", way.word)
    widths = _widths([head, *(_cells(node, way, style) for node in (*report.nodes, *report.backward))])
    lines = [_line(head, [way.title], widths, style)]
    for nodes, title in ((report.nodes, ""), (report.backward, "what the backward pass adds:")):
        lines += ["", title] if nodes and title else []
        lines += [_line(_cells(node, way, style), _entries(node, way, style), widths, style) for node in nodes]
    return "\n".join(lines) + "\n"


def _cells(node, way, style):
    flowing = way.of(node, lambda array: brief(array, style, _ARRAY))
    return node.id, operation(node), brief(node.value, style, _ARRAY), flowing


def _entries(node, way, style):
    return [f"{name} {text}" for name, text in way.between(node, style, _ARRAY).items()]


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
