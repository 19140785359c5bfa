"""`adiff jac`: the Jacobian of an array."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff jac "[r*cos(t), r*sin(t)]" --r 2 --t 0.5
  adiff jac "A @ x" --A "1,2;3,4" --x 5,6 --wrt x
  adiff jac "softmax(x)" --x 1,2,3 --digits 4
"""


@options.shared
def jac(
    context: typer.Context,
    target: options.Target,
    wrt: options.Wrt = None,
    formula: options.Formula = False,
    ad: options.Ad = "auto",
):
    """the Jacobian of an expression: axes of the value first, then those of the variable"""
    from ..analysis import jacobian

    Question(context, target).derive("jac", jacobian, ad=ad)
