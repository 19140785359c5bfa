"""A trace as a graph, for every notation that graphs are written in."""

from ...export.graph import Node
from .cells import brief, flow, operation

_ARRAY = 30  # columns of an array


def graph(report, style):
    """Nodes of export/graph.py: values and what flows are in them, what flows between them at the arrows."""
    lines = [*report.nodes, *report.backward]
    keys = {node.id: f"v{k}" for k, node in enumerate(lines)}
    added = {node.id for node in report.backward}
    return [_drawn(node, _kind(node, report, added), keys, flow(report), style) for node in lines]


def _kind(node, report, added):
    if node.is_input:
        return "input"
    return "added" if node.id in added else "output" if node is report.nodes[-1] else "call"


def _drawn(node, kind, keys, way, style):
    label = [node.id if node.is_input else f"{node.id} = {operation(node)}", brief(node.value, style, _ARRAY)]
    flowing = way.of(node, lambda array: f"{way.word} {brief(array, style, _ARRAY)}")
    label += [flowing] if flowing else []
    between = way.between(node, style, _ARRAY)
    sources = tuple(keys[arg] for arg in node.args)
    texts = tuple(between.get(arg, "") for arg in node.args)
    return Node(keys[node.id], kind, "\n".join(label), sources, texts, node.text or "")
