"""Drawings of graphs: what is in them."""

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
    text = ad.draw(loss, x=x, loss=loss)
    assert text.startswith("digraph adiff {\n  rankdir=LR;\n  node [")
    assert text.endswith(
        '  v0 [label=<x: shape (2,)>, style="rounded,filled", fillcolor="#e0f7fa", color="#00838f", '
        'fontcolor="#006064"];\n'
        "  v1 [label=<sin: shape (2,)>];\n"
        "  v2_0 [label=<2.0>, shape=plaintext];\n"
        "  v2 [label=<multiply: shape (2,)>];\n"
        f'  v3 [label=<loss = sum: {np.sum(2 * np.sin([1.0, 2.0])):.6g}>, peripheries=2, color="#37474f"];\n'
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


def test_labels_are_escaped(x):
    assert "label=<a&quot;b\N{SET MINUS}: shape (2,)>" in ad.draw(x * x, **{'a"b\\': x})
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
