"""What Graphviz draws, read back from its SVG."""

import shutil
import subprocess
from xml.etree import ElementTree

import pytest

needed = pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
_SVG = "{http://www.w3.org/2000/svg}"


def svg(text):
    """The picture of a graph, of which Graphviz has nothing to complain."""
    done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def shown(picture):
    """({key: lines of its label}, [(source, target, label)]) of an SVG that Graphviz made."""
    groups = ElementTree.fromstring(picture).iter(f"{_SVG}g")
    parts = [(g.get("class"), g.findtext(f"{_SVG}title"), tuple(map(_words, g.iter(f"{_SVG}text")))) for g in groups]
    nodes = {title: label for kind, title, label in parts if kind == "node"}
    return nodes, [(*title.split("->"), "".join(label)) for kind, title, label in parts if kind == "edge"]


def _words(text):
    return text.text.replace("\N{NO-BREAK SPACE}", " ")
