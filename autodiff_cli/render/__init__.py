"""A Report to characters: one module for each format, each with `render(report, style) -> str`."""

from importlib import import_module
from typing import NamedTuple

FORMATS = ("table", "text", "json", "raw", "latex")
OF_TRACES = ("table", "text", "tree", "dot", "mermaid", "json")
OF_CHECKS = ("table", "text", "json")
TARGETS = ("formula", "latex", "numpy", "jax", "torch", "c", "dot", "mermaid", "json")  # of export, which has the texts


class Style(NamedTuple):
    """How an answer is to look: significant digits (None: all), columns, and whether with colour."""

    digits: int | None = None
    width: int = 80
    color: bool = False


def render(report, name, style):
    """The report in a format of FORMATS, or of OF_TRACES or OF_CHECKS if it is one, ending in a line break."""
    folder = "" if name == "json" else ".trace" if report.nodes else ".check" if report.verdicts else ""
    return import_module(f"{__name__}{folder}.{name}").render(report, style)
