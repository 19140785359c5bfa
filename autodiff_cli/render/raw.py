"""Only the derivatives (of `value`: only the value), in value syntax, one line each: to be fed back."""

from .numbers import value_text


def render(report, style):
    """`--x "$(adiff grad ... --raw)"` reads the same numbers again."""
    arrays = [report.value] if report.command == "value" else [block.array for block in report.blocks]
    return "".join(value_text(array) + "\n" for array in arrays)
