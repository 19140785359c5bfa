"""`adiff taylor`: a Taylor series."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff taylor "exp(x)" --x 0 --order 4
  adiff taylor "log(x)" --x 1 --order 8 --raw
  adiff taylor "x^3" --x 2 --order 3 --json | jq .coefficients
"""


@options.shared
def taylor(context: typer.Context, target: options.Target, order: options.Degree = 5, wrt: options.Wrt = None):
    """the Taylor series about a point, in one variable that is a number"""
    from ..analysis import taylor as series

    Question(context, target).compute("taylor", series, order=order)
