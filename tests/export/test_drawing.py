"""Graphs of value and gradient: every output is there, calculated or not."""

import shutil
import subprocess

import pytest

from tests.export.expressions import EXPRESSIONS, text


def test_dot():
    assert text("sum(2*x)", {"x": [1, 2]}, "dot") == (
        "digraph {\n"
        "  rankdir=LR;\n"
        '  v0 [label="x: shape (2,)", shape=box];\n'
        '  v1_0 [label="2.0", shape=plaintext];\n'
        '  v1 [label="multiply: shape (2,)", shape=ellipse];\n'
        '  v2 [label="f = sum: number", shape=doubleoctagon];\n'
        '  o1 [label="df_dx = [2.0, 2.0]", shape=doubleoctagon];\n'
        "  v1_0 -> v1;\n"
        "  v0 -> v1;\n"
        "  v1 -> v2;\n"
        "}\n"
    )


def test_mermaid():
    assert text("s = x^2; s*y", {"x": 3, "y": 2}, "mermaid") == (
        "flowchart LR\n"
        '  v0["x: number"]\n'
        '  v1["y: number"]\n'
        '  v2[["df_dy = square: number"]]\n'
        '  v3_0("2.0")\n'
        '  v3(["multiply: number"])\n'
        '  v4[["f = multiply: number"]]\n'
        '  v5[["df_dx = multiply: number"]]\n'
        "  v0 --> v2\n"
        "  v3_0 --> v3\n"
        "  v0 --> v3\n"
        "  v1 --> v4\n"
        "  v2 --> v4\n"
        "  v1 --> v5\n"
        "  v3 --> v5\n"
    )


@pytest.mark.parametrize("to", ["dot", "mermaid"])
def test_every_output_is_there(to):
    for source, point in EXPRESSIONS:
        written = text(source, point, to)
        assert all(f"df_d{name}" in written for name in point)


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_graphviz_takes_it():
    for source, point in EXPRESSIONS:
        written = text(source, point, "dot")
        done = subprocess.run(["dot", "-Tsvg"], input=written, capture_output=True, text=True, check=True)
        assert "<svg" in done.stdout and done.stderr == ""
