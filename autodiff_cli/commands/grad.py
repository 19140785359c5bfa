"""`adiff grad`: the gradient of a scalar."""

import typer

from . import options
from .question import Question

EXAMPLES = """\
  adiff grad "sum(x*y)" --x 1,2,3 --y 4,5,6
  adiff grad "logdet(A)" --A "2,1;1,3" --digits 6
  adiff grad "sqrt(sum(x^2))" --x 3,4 --json | jq .grad.x
  adiff grad "x^2*sin(x)"
  adiff grad "x^2*y" --rows points.csv > gradients.csv
  adiff grad model.py:loss --w @w.npy --wrt w
"""


@options.shared
def grad(context: typer.Context, target: options.Target, wrt: options.Wrt = None, formula: options.Formula = False):
    """the gradient of a scalar expression at a point"""
    from ..analysis import gradient

    Question(context, target).derive("grad", gradient)
