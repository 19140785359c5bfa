"""The graph of an exported program: of its lines, and of outputs that are no calls."""

import numpy as np

from ..engine.program import INPUT, Line, ancestors
from .graph import Node, graph

_SHORT = 4  # numbers of a constant that are written out


def nodes_of(exported):
    """The nodes of value and gradient. What a value is at one point is not told: the program is for all."""
    outputs = list(zip(exported.labels, exported.program.outputs, strict=True))
    computed = {line: label for label, line in reversed(outputs) if type(line) is Line and line.rule is not INPUT}
    lines = ancestors([*exported.program.inputs, *computed])
    nodes = graph(lines, computed, exported.called | computed, _form)
    keys = {line: f"v{k}" for k, line in enumerate(lines)}
    for k, (label, output) in enumerate(outputs):
        if type(output) is not Line:
            nodes.append(Node(f"o{k}", "output", f"{label} = {_numbers(np.asarray(output))}"))
        elif computed.get(output) != label:
            nodes.append(Node(f"o{k}", "output", label, (keys[output],)))
    return nodes


def _numbers(array):
    return array.tolist() if array.size <= _SHORT else f"shape {array.shape}"


def _form(value):
    if isinstance(value, tuple):
        return ", ".join(map(_form, value))
    return f"shape {np.shape(value)}" if np.ndim(value) else "number"
