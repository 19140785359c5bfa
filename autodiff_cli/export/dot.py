"""Graphviz's notation: https://graphviz.org/doc/info/lang.html"""

from .drawing import nodes_of

_SHAPES = {"input": "box", "constant": "plaintext", "call": "ellipse", "output": "doubleoctagon",
           "added": "ellipse, style=dashed"}  # fmt: skip


def write(exported):
    """The graph of value and gradient."""
    return dot(nodes_of(exported))


def dot(nodes):
    """The graph from left to right."""
    rows = [f"  {n.key} [label={_quoted(n.label)}, shape={_SHAPES[n.kind]}{_tooltip(n)}];" for n in nodes]
    rows += [f"  {source} -> {n.key}{_label(text)};" for n in nodes for source, text in n.edges()]
    return "\n".join(["digraph {", "  rankdir=LR;", *rows, "}", ""])


def _tooltip(node):
    return f", tooltip={_quoted(node.piece)}" if node.piece else ""


def _label(text):
    return f" [label={_quoted(text)}]" if text else ""


def _quoted(label):
    escaped = label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
