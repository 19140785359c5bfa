"""Transcripts: commands beside their exact output, as tests replay them.

A case file holds one command and what it prints:

    $ adiff grad "abs(x)" --x 0
    f = 0
    df/dx = 0
    # stderr
    warning: ...
    # exit 2

Lines after `# stderr` are standard error; `# exit` is left out for 0. Run `python -m tests.transcripts FILE...`
to rewrite case files from what is printed now, and review the difference.
"""

import contextlib
import io
import os
import re
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parent / "cases" / "commands"
FILES = Path(__file__).parent / "cases" / "files"


class Transcript(NamedTuple):
    """What one command printed."""

    command: str
    stdout: str
    stderr: str
    exit_code: int

    def text(self):
        parts = [f"$ {self.command}\n", self.stdout]
        parts += ["# stderr\n", self.stderr] if self.stderr else []
        parts += [f"# exit {self.exit_code}\n"] if self.exit_code else []
        return "".join(parts)


def read(path):
    """The transcript of a case file."""
    command, _, rest = path.read_text(encoding="utf-8").removeprefix("$ ").partition("\n")
    rest, _, code = rest.partition("# exit ")
    stdout, _, stderr = rest.partition("# stderr\n")
    return Transcript(command, stdout, stderr, int(code or 0))


def run(command):
    """The transcript of a command line that begins with adiff, run in this process among the case files' data."""
    from autodiff_cli.cli import main

    words = shlex.split(command)
    assert words[0] == "adiff"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(FILES), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), plain_terminal():
        code = main(words[1:])
    return Transcript(command, out.getvalue(), err.getvalue(), code)


def settled(text):
    """A text without what differs from run to run: how far AD and finite differences are apart where they agree, which
    is rounding alone; and of --verbose times and versions."""
    text = re.sub(r"(AD and finite differences agree to )[\d.e+-]+", r"\1...", text)
    return re.sub(r"(?m)^(info: .*?)\b(?:\d+(?:\.\d+)+ ms|\d+(?:\.\d+)+\w*, Python .*)", r"\1...", text)


@contextlib.contextmanager
def plain_terminal():
    """An environment that asks for no colours."""
    kept = {name: os.environ.pop(name, None) for name in ("NO_COLOR", "FORCE_COLOR", "ADIFF_DEBUG")}
    try:
        yield
    finally:
        os.environ.update({name: value for name, value in kept.items() if value is not None})


def in_document(path):
    """The (command, output) pairs of the console blocks of a Markdown file."""
    for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = entry.partition("\n")
            while command.endswith("\\"):
                more, _, output = output.partition("\n")
                command = command[:-1] + more.strip()
            yield command, output.rstrip("\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        case = Path(name)
        first_line = case.read_text(encoding="utf-8").partition("\n")[0]
        case.write_text(run(first_line.removeprefix("$ ")).text(), encoding="utf-8")
