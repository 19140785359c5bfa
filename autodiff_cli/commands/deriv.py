"""`adiff deriv`: one derivative of any order."""

import typer

from . import options, seeds
from .question import Question

EXAMPLES = """\
  adiff deriv "sin(x)*exp(x^2)" --x 0 --order 5
  adiff deriv "x^3*y^2" --x 1 --y 2 --order x=2,y=1
  adiff deriv "[cos(t), sin(t)]" --t 0 --order 3
"""


@options.shared
def deriv(
    context: typer.Context,
    target: options.Target,
    order: options.Order = "1",
    wrt: options.Wrt = None,
    formula: options.Formula = False,
):
    """one derivative of any order, mixed ones too, by variables that are numbers"""
    from ..analysis import derivative

    question = Question(context, target)
    question.derive("deriv", derivative, order=seeds.orders(order))
