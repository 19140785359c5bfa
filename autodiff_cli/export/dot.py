"""Graphviz's notation: https://graphviz.org/doc/info/lang.html"""

_SHAPES = {"input": "box", "constant": "plaintext", "call": "ellipse", "output": "doubleoctagon"}


def dot(nodes):
    """The graph from left to right."""
    rows = [f"  {n.key} [label={_quoted(n.label)}, shape={_SHAPES[n.kind]}];" for n in nodes]
    rows += [f"  {source} -> {n.key};" for n in nodes for source in n.sources]
    return "\n".join(["digraph {", "  rankdir=LR;", *rows, "}", ""])


def _quoted(label):
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
