"""What was computed, written down for other programs: one file for each target, found by its name."""

from importlib import import_module
from pathlib import Path

from ..engine.program import ancestors
from ..engine.tensor import Tensor
from ..errors import AdiffError, GraphError
from .graph import graph

# What graphs can be drawn as. Every other file here with a function `write` is a target of programs too.
DRAWINGS = ("dot", "mermaid")


def draw(*tensors, to="dot", path=None, **names):
    """The graph that leads to tensors, as text: inputs and constants, the calls on them, and how they are wired.

    to      "dot" (for Graphviz: `dot -Tsvg`) or "mermaid"
    path    a file to write it to as well
    names   what tensors are to be called: draw(loss, x=x, w=w)

    Raises AdiffError for another target, GraphError where a backward pass has freed the graph.
    """
    if to not in DRAWINGS:
        raise AdiffError("target", f"graphs cannot be drawn as {to!r}", help=f"there is {', '.join(DRAWINGS)}")
    outputs = [t.line for t in tensors if isinstance(t, Tensor) and t.line is not None]
    if len(outputs) < len(tensors) or not tensors:
        raise GraphError("no-graph", "there is no graph to draw",
                         help="give tensors that were computed from what requires a gradient")  # fmt: skip
    lines = ancestors(outputs)
    if any(line.freed for line in lines):
        raise GraphError("freed", "the graph was freed by a backward pass", help="give that one retain_graph=True")
    called = {tensor.line: name for name, tensor in names.items() if isinstance(tensor, Tensor)}
    text = getattr(import_module(f".{to}", __name__), to)(graph(lines, outputs, called))
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def write(exported, to):
    """An Exported as the text of a target: formula, latex, numpy, jax, torch, c, dot, mermaid or json.

    Raises AdiffError (export) for what that language cannot say.
    """
    return import_module(f".{to}", __name__).write(exported)
