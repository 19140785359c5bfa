"""The trace as a Mermaid flowchart, which GitHub draws in Markdown."""

from ...export.mermaid import mermaid
from .drawing import graph


def render(report, style):
    """As for Graphviz."""
    return mermaid(graph(report, style))
