"""Drawings of graphs: what is in them, and that the notations' own readers take them."""

import shutil
import subprocess

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.export.graph import Node
from autodiff_cli.export.mermaid import mermaid


@pytest.fixture
def x():
    return ad.tensor([1.0, 2.0], requires_grad=True)


def test_dot(x):
    loss = np.sum(2.0 * np.sin(x))
    assert ad.draw(loss, x=x, loss=loss) == (
        "digraph {\n"
        "  rankdir=LR;\n"
        '  v0 [label="x: shape (2,)", shape=box];\n'
        '  v1 [label="sin: shape (2,)", shape=ellipse];\n'
        '  v2_0 [label="2.0", shape=plaintext];\n'
        '  v2 [label="multiply: shape (2,)", shape=ellipse];\n'
        f'  v3 [label="loss = sum: {np.sum(2 * np.sin([1.0, 2.0])):.6g}", shape=doubleoctagon];\n'
        "  v0 -> v1;\n"
        "  v2_0 -> v2;\n"
        "  v1 -> v2;\n"
        "  v2 -> v3;\n"
        "}\n"
    )


def test_mermaid(x, tmp_path):
    path = tmp_path / "graph.mmd"
    text = ad.draw(np.sum(x, axis=0), to="mermaid", path=path)
    assert text == ('flowchart LR\n  v0["x0: shape (2,)"]\n  v1[["sum(axis=0): 3"]]\n  v0 --> v1\n')
    assert path.read_text() == text


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_graphviz_takes_it(x):
    text = ad.draw(np.sum(np.linalg.inv(np.outer(x, x) + np.eye(2))), **{'a"b\\': x})
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True)
    assert "<svg" in done.stdout and done.stderr == ""


def test_labels_are_escaped(x):
    assert r'label="a\"b\\: shape (2,)"' in ad.draw(x * x, **{'a"b\\': x})
    assert mermaid([Node("v0", "input", 'a"#b')]) == 'flowchart LR\n  v0["a#quot;#35;b"]\n'


def test_errors(x):
    loss = np.sum(x * x)
    with pytest.raises(ad.AdiffError, match="cannot be drawn as 'svg'") as error:
        ad.draw(loss, to="svg")
    assert error.value.help == "there is dot, mermaid"
    for nothing in ([], [ad.tensor(1.0)], [3.0]):
        with pytest.raises(ad.GraphError, match="no graph"):
            ad.draw(*nothing)
    loss.backward()
    with pytest.raises(ad.GraphError, match="freed"):
        ad.draw(loss)
