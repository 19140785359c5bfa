"""`adiff hess`: the Hessian of a scalar."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff hess "(1-x[0])^2+100*(x[1]-x[0]^2)^2" --x -1.2,1
  adiff hess "x^3*y^2" --x 1 --y 2
  adiff hess "x^2 - y^2" --x 0 --y 0 --format table
"""


@options.shared
def hess(context: typer.Context, target: options.Target, wrt: options.Wrt = None, formula: options.Formula = False):
    """the Hessian of a scalar expression: second derivatives by all pairs of variables"""
    from ..analysis import hessian

    question = Question(context, target)
    judged = question.format in ("table", "json")  # the others do not show it, and eigenvalues take time
    question.derive("hess", hessian, judged=judged)
