"""`adiff export`: value and gradient for other programs."""

import typer

from ..render import TARGETS
from . import options
from .question import Question

EXAMPLES = """\
  adiff export "mean(log(1 + exp(-y*(X @ w))))" --X @X.csv --y @y.csv --wrt w --to numpy
  adiff export "sum((A@x - b)^2)" --to latex
  adiff export "x^3*y^2" -o gradient.c
"""


@options.shared_but("raw", "digits", "strict", "numeric")
def export(
    context: typer.Context,
    target: options.Target,
    wrt: options.Wrt = None,
    format: options.To = None,
    output: options.ExportOutput = None,
):
    """value and gradient of a scalar expression as formulas, as code, or as a graph"""
    from ..exporting import export as exported

    question = Question(context, target, TARGETS)
    seed, wrt = question.params["seed"], question.settings["wrt"]
    report = exported(question.expression, question.point, wrt, to=question.format, shapes=question.shapes, seed=seed)
    question.write(report.record["text"], report)
