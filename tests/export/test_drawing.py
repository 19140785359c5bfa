"""Graphs of value and gradient: every output is there, calculated or not."""

import re

import pytest

from tests.export.expressions import EXPRESSIONS, text


def test_dot():
    written = text("sum(2*x)", {"x": [1, 2]}, "dot")
    assert re.findall(r"  (\w+) \[label=<(.*?)>", written) == [
        ("v0", "x: shape (2,)"),
        ("v1_0", "2.0"),
        ("v1", "multiply: shape (2,)"),
        ("v2", "f = sum: number"),
        ("o1", "df_dx = [2.0, 2.0]"),
    ]
    assert re.findall(r"(\w+) -> (\w+);", written) == [("v1_0", "v1"), ("v0", "v1"), ("v1", "v2")]


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
