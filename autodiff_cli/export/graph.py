"""A graph of lines as nodes and arrows, before it is written in any notation."""

from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ..engine.program import INPUT, Line

_SHORT = 4  # numbers of a constant that are written out


class Node(NamedTuple):
    """One node.

    kind     input, constant, call, output, or added: by a backward pass
    label    may have several lines
    sources  the keys of what it is made of
    arrows   what stands at the arrows from there
    piece    of the expression that it computes
    """

    key: str
    kind: str
    label: str
    sources: tuple = ()
    arrows: tuple = ()
    piece: str = ""

    def edges(self):
        """(source, text) of each arrow that leads here."""
        return zip_longest(self.sources, self.arrows, fillvalue="")


def graph(lines, outputs, names, form=None):
    """The nodes of lines, in order; a constant is one for each use. `names` calls lines by names of their own, and
    form(value) says what is told of a value: by default a number itself, and an array's shape."""
    form = form or _form
    nodes, keys = [], {line: f"v{k}" for k, line in enumerate(lines)}
    inputs = 0
    for line in lines:
        sources = []
        for i, operand in enumerate(line.operands):
            if type(operand) is Line:
                sources.append(keys[operand])
            else:
                sources.append(f"{keys[line]}_{i}")
                nodes.append(Node(sources[-1], "constant", _constant(operand)))
        name = names.get(line, line.name)
        if line.rule is INPUT:
            name, inputs = name or f"x{inputs}", inputs + (name is None)
            nodes.append(Node(keys[line], "input", f"{name}: {form(line.value)}"))
        else:
            label = f"{_call(line)}: {form(line.value)}"
            kind = "output" if line in outputs else "call"
            nodes.append(Node(keys[line], kind, f"{name} = {label}" if name else label, tuple(sources)))
    return nodes


def _call(line):
    params = ", ".join(f"{key}={_constant(value)}" for key, value in line.params.items())
    return f"{line.rule.name}({params})" if params else line.rule.name


def _form(value):
    """A number itself, an array's shape."""
    if isinstance(value, tuple):
        return ", ".join(map(_form, value))
    return _constant(value) if np.ndim(value) == 0 else f"shape {np.shape(value)}"


def _constant(value):
    if not isinstance(value, (np.ndarray, np.generic)):
        return str(value)
    if value.ndim == 0:
        return f"{value[()]:.6g}" if value.dtype.kind in "fc" else str(value)
    if value.size > _SHORT:
        return f"shape {value.shape}"
    return np.array2string(value, precision=6, separator=", ").replace("\n", "")
