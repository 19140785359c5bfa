"""`adiff vjp`: a vector times a Jacobian."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff vjp "A @ x" --A "1,2;3,4" --x 5,6 --cotangent 1,0
  adiff vjp "x*y" --x 1,2,3 --y 4,5,6 --cotangent "ones(3)"
  adiff vjp "softmax(x)" --x 1,2,3 --cotangent 0,0,1 --raw
"""


@options.shared
def vjp(context: typer.Context, target: options.Target, cotangent: options.Cotangent = None, wrt: options.Wrt = None):
    """a cotangent times the Jacobian: the gradient of a weighted sum of the value"""
    from ..analysis import vjp as product

    question = Question(context, target)
    weights = None if cotangent is None else question.read("cotangent", cotangent)
    question.compute("vjp", product, cotangent=weights)
