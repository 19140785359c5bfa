"""LaTeX: one display line for each result."""

import numpy as np

from .numbers import cells


def render(report, style):
    """The value and the partial derivatives, arrays as matrices."""
    lines = []
    for label, array in report.results():
        name = "f" if label == "f" else rf"\frac{{\partial f}}{{\partial {_name(label.removeprefix('df/d'))}}}"
        lines.append(rf"\[ {name} = {_array(np.asarray(array), style.digits)} \]")
    return "\n".join(lines) + "\n"


def _name(name):
    escaped = name.replace("_", r"\_")
    return name if len(name) == 1 else rf"\mathrm{{{escaped}}}"


def _array(array, digits):
    if array.ndim == 0:
        return _number(cells(array, digits)[0])
    if array.ndim > 2:
        return rf"\left( {', '.join(_array(part, digits) for part in array)} \right)"
    rows = (" & ".join(map(_number, cells(row, digits))) for row in np.atleast_2d(array))
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def _number(text):
    mantissa, e, exponent = text.partition("e")
    text = text.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e and exponent else text
