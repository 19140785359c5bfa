"""Mermaid's notation for flowcharts: https://mermaid.js.org/syntax/flowchart.html"""

from .drawing import nodes_of

_SHAPES = {"input": ("[", "]"), "constant": ("(", ")"), "call": ("([", "])"), "output": ("[[", "]]"),
           "added": ("{{", "}}")}  # fmt: skip
_ESCAPES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "\n": "<br/>"}


def write(exported):
    """The graph of value and gradient."""
    return mermaid(nodes_of(exported))


def mermaid(nodes):
    """The graph from left to right."""
    rows = [f"  {n.key}{_SHAPES[n.kind][0]}{_quoted(n.label)}{_SHAPES[n.kind][1]}" for n in nodes]
    rows += [f"  {source} -->{_label(text)} {n.key}" for n in nodes for source, text in n.edges()]
    return "\n".join(["flowchart LR", *rows, ""])


def _label(text):
    return f"|{_quoted(text)}|" if text else ""


def _quoted(label):
    """A label in quotes: in them only # and quotes mean something, and what HTML gives a meaning."""
    return f'"{"".join(_ESCAPES.get(char, char) for char in label)}"'
