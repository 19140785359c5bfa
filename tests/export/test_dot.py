"""Graphviz reads the graphs that are written for it, with every node, arrow and label as it was."""

import html
import re

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.export.dot import dot
from autodiff_cli.export.graph import Node
from tests import graphviz
from tests.export.expressions import EXPRESSIONS, text

pytestmark = graphviz.needed
HOSTILE = ['a"b', "<b>bold</b>", "& &lt; &#60; &amp;amp;", "{x|y} [z]", "θ² − ∂ 漢字 🙂", "//c /* */ # x", "-->",
           "]];}", "'", "%s {0}", "\u2028\ufeff"]  # fmt: skip
CHANGED = {"\\N\\G \\": "∖N∖G ∖", "a\tb": "a b", "\0\x1b[0m\x7f\x85": "��[0m��", "\ud800\uffff": "��"}


@pytest.mark.parametrize(("label", "seen"), [*zip(HOSTILE, HOSTILE, strict=True), *CHANGED.items()])
def test_hostile_labels(label, seen):
    lines = [Node("v0", "input", f"{label}\n{label}\n{label}"), Node("v1", "call", label, ("v0",), (label,), label)]
    picture = graphviz.svg(dot(lines))
    assert graphviz.shown(picture) == ({"v0": (seen,) * 3, "v1": (seen,)}, [("v0", "v1", seen)])
    assert html.unescape(re.search('xlink:title="(.*?)"', picture)[1]) == seen


def test_a_piece_of_several_lines():
    picture = graphviz.svg(dot([Node("v0", "call", "x", piece='a # "<\n+ b')]))
    assert 'xlink:title="a # &quot;&lt;&#10;+ b"' in picture


def test_every_example():
    for source, point in EXPRESSIONS:
        written = text(source, point, "dot")
        nodes, edges = graphviz.shown(graphviz.svg(written))
        assert sorted(nodes) == sorted(re.findall(r"^  (\w+) \[label", written, re.MULTILINE))
        assert len(edges) == written.count(" -> ")
        assert {label[0].partition(" = ")[0] for label in nodes.values()} >= {f"df_d{name}" for name in point}


def test_a_graph_of_tensors():
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    drawn = ad.draw(np.sum(np.linalg.inv(np.outer(x, x) + np.eye(2))), **{'a"b\\': x})
    nodes, edges = graphviz.shown(graphviz.svg(drawn))
    assert nodes["v0"] == ('a"b∖: shape (2,)',)
    assert len(edges) == drawn.count(" -> ")
