"""Tangents, orders and shapes as they are typed."""

import pytest

from autodiff_cli.commands.seeds import orders, shapes, tangents
from autodiff_cli.errors import AdiffError


def read(option, text):
    return option, text


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (None, None),
        ([], None),
        (["1,0"], ("tangent", "1,0")),
        (["x=1,0"], {"x": ("tangent x", "1,0")}),
        (["x=1", "θ=-2"], {"x": ("tangent x", "1"), "θ": ("tangent θ", "-2")}),
        (["x=ones(2)"], {"x": ("tangent x", "ones(2)")}),
    ],
)
def test_tangents(texts, expected):
    assert tangents(texts, read) == expected


@pytest.mark.parametrize("texts", [["1", "2"], ["x=1", "2"], ["x=1", "x=2"]])
def test_tangents_refused(texts):
    with pytest.raises(AdiffError):
        tangents(texts, read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", 5), ("0", 0), ("-1", -1), ("x=2,y=1", {"x": 2, "y": 1}), (" x=2, y=1 ", {"x": 2, "y": 1})],
)
def test_orders(text, expected):
    assert orders(text) == expected


@pytest.mark.parametrize("text", ["", "1.5", "x", "x=", "x=1.5", "x=1,2", "1,2", "x=1,x=2", "x==1", "5,"])
def test_orders_refused(text):
    with pytest.raises(AdiffError):
        orders(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (None, {}),
        (["x=3"], {"x": (3,)}),
        (["x=3x2", "y=scalar"], {"x": (3, 2), "y": ()}),
        (["x=3, θ_1=2x3x4"], {"x": (3,), "θ_1": (2, 3, 4)}),
        (["x=()"], {"x": ()}),
    ],
)
def test_shapes(texts, expected):
    assert shapes(texts) == expected


@pytest.mark.parametrize(
    "texts", [[""], ["3"], ["x="], ["x=3,4"], ["x=-3"], ["x=3x"], ["x=1.5"], ["x=3", "x=3"], ["x=3,x=4"]]
)
def test_shapes_refused(texts):
    with pytest.raises(AdiffError):
        shapes(texts)
