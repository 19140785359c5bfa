"""The expression as a tree, drawn by Rich: each node, with its value and what flows there, above what it is made of."""

from rich.text import Text
from rich.tree import Tree

from ..terminal import drawn
from .cells import brief, flow, operation
from .table import FLOW, INPUT, VALUE

_DEEPEST = 8  # levels of one tree; what is deeper has a tree of its own
_ARRAY = 30  # columns of an array


def render(report, style):
    """The tree of the last node; what is shown already, or is too deep to stand here, is only named."""
    nodes = {node.id: node for node in (*report.nodes, *report.backward)}
    labels = {name: _label(node, flow(report), style) for name, node in nodes.items()}
    roots = [report.nodes[-1].id, *(node.id for node in report.backward if node.id.startswith("df/"))]
    trees, seen = [], set()
    while roots:
        name = roots.pop(0)
        if name not in seen:
            tree, deeper = _grown(name, nodes, labels, seen)
            trees.append(tree)
            roots = deeper + roots
    return drawn(style, *trees)


def _grown(root, nodes, labels, seen):
    """(the tree of a node, the names that were too deep for it). No recursion: a program may be long."""
    top = Tree(labels[root])
    waiting, deeper = [(top, root, 1)], []
    while waiting:
        tree, name, level = waiting.pop()
        seen.add(name)
        below = []
        for arg in nodes[name].args:
            if arg in seen or level == _DEEPEST:
                tree.add(Text(f"{arg} ...", "" if nodes[arg].args else INPUT))
                deeper.append(arg)
            else:
                seen.add(arg)
                below.append((tree.add(labels[arg]), arg, level + 1))
        waiting += reversed(below)
    return top, deeper


def _label(node, way, style):
    color, op = (INPUT, "") if node.is_input else ("", f" = {operation(node)}")
    parts = [(node.id, f"bold {color}"), op, " = ", (brief(node.value, style, _ARRAY), VALUE)]
    flowing = way.of(node, lambda array: brief(array, style, _ARRAY))
    parts += [f"  {way.word} ", (flowing, FLOW)] if flowing else []
    return Text.assemble(*parts)
