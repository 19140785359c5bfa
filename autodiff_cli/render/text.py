"""Plain lines for pipes and files: `f = 32`, `df/dx = [4, 5, 6]`."""

from .numbers import array_text


def render(report, style):
    """One result after the other; ASCII only, except for names of variables."""
    lines = []
    for label, array in report.results():
        start = f"{label} = "
        lines.append(start + array_text(array, style.digits, len(start), style.width))
    return "\n".join(lines) + "\n"
