"""`adiff hvp`: a Hessian times a vector."""

import typer

from . import options, seeds
from .question import Question

EXAMPLES = """\
  adiff hvp "sum(x^3)" --x 1,2,3 --tangent 1,0,0
  adiff hvp "x^2*y" --x 3 --y 5 --tangent x=1
  adiff hvp "logdet(A)" --A "2,1;1,3" --tangent A="1,0;0,0" --digits 4
"""


@options.shared
def hvp(context: typer.Context, target: options.Target, tangent: options.Tangent = None, wrt: options.Wrt = None):
    """Hessian times tangents: how the gradient of a scalar moves when the point moves"""
    from ..analysis import hvp as product

    question = Question(context, target)
    tangents = seeds.tangents(tangent, question.read)
    question.compute("hvp", product, tangents=tangents)
