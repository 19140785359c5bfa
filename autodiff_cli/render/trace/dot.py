"""The trace for Graphviz: `adiff trace ... --format dot | dot -Tsvg > trace.svg`."""

from ...export.dot import dot
from .drawing import graph


def render(report, style):
    """Inputs are boxes; the lines that the backward pass adds are dashed."""
    return dot(graph(report, style))
