"""`adiff jvp`: a Jacobian times a vector."""

import typer

from . import options, seeds
from .question import Question

EXAMPLES = """\
  adiff jvp "A @ x" --A "1,2;3,4" --x 5,6 --tangent x=1,0
  adiff jvp "x*exp(y)" --x 2 --y 0 --tangent x=1 --tangent y=3
  adiff jvp "sort(x)" --x 3,1,2 --tangent 1,10,100
"""


@options.shared
def jvp(context: typer.Context, target: options.Target, tangent: options.Tangent = None, wrt: options.Wrt = None):
    """Jacobian times tangents: how the value moves when the point moves"""
    from ..analysis import jvp as product

    question = Question(context, target)
    tangents = seeds.tangents(tangent, question.read)
    question.compute("jvp", product, tangents=tangents)
