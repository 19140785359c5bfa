"""`adiff trace`: the computation line by line, forwards and backwards."""

import typer

from ..render import OF_TRACES
from . import options, seeds
from .question import Question

EXAMPLES = """\
  adiff trace "ln(a) + a*b - sin(b)" --a 2 --b 5
  adiff trace "ln(a) + a*b - sin(b)" --a 2 --b 5 --tangent a=1
  adiff trace "norm(A @ x)" --A "1,2;3,4" --x 5,6 --format tree
  adiff trace "sin(x)^2" --x 1 --order 2 -o trace.dot && dot -Tsvg trace.dot > trace.svg
"""


@options.shared_but("raw", "shape", "numeric")
def trace(
    context: typer.Context,
    target: options.Target,
    order: options.TraceOrder = 1,
    tangent: options.Tangent = None,
    wrt: options.Wrt = None,
    format: options.TraceFormat = None,
    output: options.TraceOutput = None,
):
    """each line of a scalar expression: its value, its adjoint, and how it moves with its inputs"""
    from ..analysis import trace as traced

    question = Question(context, target, OF_TRACES)
    tangents = seeds.tangents(tangent, question.read)
    report = traced(question.expression, question.point, order=order, tangents=tangents, **question.settings)
    question.answer(report)
