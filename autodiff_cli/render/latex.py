"""LaTeX: one display line for each result."""

import numpy as np

from ..lettering import brackets, symbol
from .numbers import cells
from .polynomial import written


def render(report, style):
    """The value and the partial derivatives, arrays as matrices."""
    lines = [" = ".join([block.latex, *_sides(block, report.ranks, style.digits)]) for block in report.results()]
    if report.polynomial:
        name = symbol(report.polynomial.variable)
        series = written(report.polynomial, name, lambda c: _array(np.asarray(c), style.digits), r" \, ", "{}^{{{}}}")
        lines.append(rf"f \approx {series}")
    return "".join(rf"\[ {line} \]" + "\n" for line in lines)


def _sides(block, ranks, digits):
    """The formula, where there is one, and the numbers."""
    if block.formula is not None:
        from ..export.latex import latex  # of no use to numbers

        yield latex(block.formula, ranks)
    if block.array is not None:
        yield _array(np.asarray(block.array), digits)


def _array(array, digits):
    if array.ndim == 0:
        return _number(cells(array, digits)[0])
    if array.ndim > 2:
        return rf"\left( {', '.join(_array(part, digits) for part in array)} \right)"
    return brackets([list(map(_number, cells(row, digits))) for row in np.atleast_2d(array)])


def _number(text):
    mantissa, e, exponent = text.partition("e")
    text = text.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e and exponent else text
