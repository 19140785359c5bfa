"""`adiff value`: what an expression is worth."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff value "sqrt(2)"
  adiff value "A @ x" --A "1,2;3,4" --x 5,6
  adiff value "mean(X, axis=0)" --X @data.csv --raw
"""


@options.shared
def value(context: typer.Context, target: options.Target):
    """the value of an expression at a point"""
    from ..analysis import value as value_of

    Question(context, target).compute("value", value_of)
