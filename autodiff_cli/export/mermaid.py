"""Mermaid's notation for flowcharts: https://mermaid.js.org/syntax/flowchart.html"""

_SHAPES = {"input": ("[", "]"), "constant": ("(", ")"), "call": ("([", "])"), "output": ("[[", "]]")}


def mermaid(nodes):
    """The graph from left to right."""
    rows = [f"  {n.key}{_SHAPES[n.kind][0]}{_quoted(n.label)}{_SHAPES[n.kind][1]}" for n in nodes]
    rows += [f"  {source} --> {n.key}" for n in nodes for source in n.sources]
    return "\n".join(["flowchart LR", *rows, ""])


def _quoted(label):
    """A label in quotes, in which only # and quotes themselves mean something."""
    escaped = label.replace("#", "#35;").replace('"', "#quot;")
    return f'"{escaped}"'
