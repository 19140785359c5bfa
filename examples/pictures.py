"""The pictures of README: what adiff prints on a terminal, and the graph of a trace, as SVG from its real output.

    python examples/pictures.py

writes examples/pictures/*.svg; those of graphs need Graphviz.
"""

import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

FOLDER = Path(__file__).parent / "pictures"
SURVEY = 'adiff trace "ln(a) + a*b - sin(b)" --a 2 --b 5'
TERMINALS = {
    "trace": SURVEY,
    "tree": 'adiff trace "norm(A @ x)" --A "1,2;3,4" --x 1,-1 --format tree',
}
GRAPHS = {
    "graph": f"{SURVEY} --format dot",
    "backward": 'adiff trace "sin(x)^2" --x 1 --order 2 --format dot',
}
# Rich's page for a terminal, without the fonts that it would fetch, and with blanks that no viewer may drop.
PAGE = re.sub(r"\s*@font-face \{\{.*?\}\}|\s*<!--.*?-->", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
PAGE = PAGE.replace('<g class="{unique_id}-matrix">', '<g class="{unique_id}-matrix" xml:space="preserve">')


def terminal(name, command):
    """A command and its answer on a terminal."""
    shown = Text.assemble(("$ ", "dim"), f"{command}\n", Text.from_ansi(answer(command, "--color", "always")))
    width = max(line.cell_len for line in shown.split("\n"))
    console = Console(width=width, record=True, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(shown)
    return console.export_svg(title="", code_format=PAGE, unique_id=f"adiff-{name}")


def graph(command):
    """What Graphviz draws of a command's answer, without the comments that it adds."""
    drawn = subprocess.run(["dot", "-Tsvg"], input=answer(command), capture_output=True, text=True, check=True).stdout
    return re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)


def answer(command, *options):
    """What a command prints; where no format is asked for, as on a terminal."""
    words = [*shlex.split(command)[1:], *options]
    words += [] if "--format" in words else ["--format", "table"]
    called = [sys.executable, "-m", "autodiff_cli", *words]
    return subprocess.run(called, capture_output=True, check=True, encoding="utf-8").stdout.rstrip("\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, command in TERMINALS.items():
        (FOLDER / f"{name}.svg").write_text(terminal(name, command), encoding="utf-8")
    for name, command in GRAPHS.items() if shutil.which("dot") else ():
        (FOLDER / f"{name}.svg").write_text(graph(command), encoding="utf-8")


if __name__ == "__main__":
    main()
