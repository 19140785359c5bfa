"""The pictures of README are what the program prints now."""

import re
import runpy

import pytest

from tests import graphviz
from tests.test_documents import ROOT

PICTURES = runpy.run_path(str(ROOT / "examples" / "pictures.py"))


def kept(name):
    return (PICTURES["FOLDER"] / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PICTURES["TERMINALS"])
def test_terminals_are_drawn_again_byte_for_byte(name):
    assert PICTURES["terminal"](name, PICTURES["TERMINALS"][name]) == kept(name)


@graphviz.needed
@pytest.mark.parametrize("name", PICTURES["GRAPHS"])
def test_graphs_are_drawn_again_with_the_same_nodes_and_edges(name):
    assert graphviz.shown(PICTURES["graph"](PICTURES["GRAPHS"][name])) == graphviz.shown(kept(name))


def test_pictures_need_nothing_from_elsewhere():
    names = {path.stem for path in PICTURES["FOLDER"].iterdir()}
    assert names == {*PICTURES["TERMINALS"], *PICTURES["GRAPHS"]}
    for name in names:
        assert set(re.findall(r"\w://([\w.]+)", kept(name))) <= {"www.w3.org"}


def test_readme_shows_a_terminal_and_a_graph():
    shown = re.findall(r"\(examples/pictures/(\w+)\.svg\)", (ROOT / "README.md").read_text())
    assert PICTURES["TERMINALS"].keys() & shown and PICTURES["GRAPHS"].keys() & shown
    assert {*shown} <= {*PICTURES["TERMINALS"], *PICTURES["GRAPHS"]}
