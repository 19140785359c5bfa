"""Plain lines for pipes and files: `f = 32`, `df/dx = [4, 5, 6]`."""

from .numbers import array_text, is_summarised
from .polynomial import polynomial_text


def render(report, style):
    """One result after the other; ASCII only, except for names of variables."""
    lines = []
    for block in report.results():
        start = f"{block.label} = "
        if block.array is not None:
            lines.append(start + array_text(block.array, style.digits, len(start), style.width))
            start = " " * len(block.label) + " = "  # the formula, if any, is the same under another sign
        if block.formula is not None:
            lines.append(start + block.formula)
    if report.polynomial and not is_summarised(report.polynomial.coefficients):
        lines.append(f"polynomial = {polynomial_text(report.polynomial, style.digits)}")
    return "\n".join(lines) + "\n"
