"""Graphviz's notation: https://graphviz.org/doc/info/lang.html"""

import re
from html import escape

from .drawing import nodes_of

_HEAD = """\
digraph adiff {
  rankdir=LR;
  node [fontname="Helvetica", fontsize=12, shape=box, style=rounded, color="#78909c"];
  edge [fontname="Helvetica", fontsize=10, color="#78909c", fontcolor="#ad1457", arrowsize=0.7];"""
_LOOKS = {"input": 'style="rounded,filled", fillcolor="#e0f7fa", color="#00838f", fontcolor="#006064"',
          "constant": "shape=plaintext", "call": "", "output": 'peripheries=2, color="#37474f"',
          "added": 'style="rounded,dashed"'}  # fmt: skip
_COLORS = ("#2e7d32", "#ad1457")  # of the lines of a label below the first: values and what flows, as on a terminal
_UNSEEN = re.compile("[^\n -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # nothing that XML can hold, or a page


def write(exported):
    """The graph of value and gradient."""
    return dot(nodes_of(exported))


def dot(nodes):
    """The graph from left to right."""
    rows = [f"  {n.key} [{', '.join(filter(None, _attributes(n)))}];" for n in nodes]
    rows += [f"  {source} -> {n.key}{_arrow(text)};" for n in nodes for source, text in n.edges()]
    return "\n".join([_HEAD, *rows, "}", ""])


def _attributes(node):
    """What is in the node, how it looks, and what a pointer on it shows."""
    first, *others = (_plain(line) for line in node.label.split("\n"))
    colored = (f'<FONT COLOR="{color}">{line}</FONT>' for color, line in zip(_COLORS, others, strict=False))
    return f"label=<{'<BR/>'.join([first, *colored])}>", _LOOKS[node.kind], _tooltip(node)


def _tooltip(node):
    return f'tooltip="{_plain(node.piece)}"' if node.piece else ""


def _arrow(text):
    return f" [label=<{_plain(text)}>]" if text else ""


def _plain(text):
    """A text in which nothing means anything. No escape of a backslash holds in every version, so it is another's."""
    seen = _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))
    return escape(seen).replace("\\", "\N{SET MINUS}").replace("\n", "&#10;")
