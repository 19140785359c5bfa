"""Only the derivatives (of `value`: only the value), in value syntax, one line each: to be fed back.

Where formulas are asked for, they are the derivatives.
"""

from .numbers import value_text


def render(report, style):
    """`--x "$(adiff grad ... --raw)"` reads the same numbers again."""
    if report.command == "value":
        return value_text(report.value) + "\n"
    texts = (value_text(block.array) if block.formula is None else block.formula for block in report.blocks)
    return "".join(text + "\n" for text in texts)
