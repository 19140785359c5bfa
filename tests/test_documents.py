"""What README and the examples show is what is printed, and what they say in Python is true."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.function import WHY
from autodiff_cli.engine.rules import RULES
from tests import transcripts

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "examples").rglob("*.md"))]
SECTIONS = re.split(r"^## ", (ROOT / "docs" / "library.md").read_text(), flags=re.MULTILINE)[1:]
TOOLS = ("mlr", "jq", "duckdb", "sqlite3", "column", "split")  # which are not everywhere
LONGEST = 60  # seconds for a command
SHOWN = [(path.name, *pair) for path in DOCUMENTS for pair in transcripts.in_document(path)]


@pytest.fixture(autouse=True)
def rules_of_the_house():
    """What a document says of a function of NumPy's is not so for the tests that follow."""
    kept = dict(RULES)
    yield
    for function in [f for f, rule in RULES.items() if f not in kept and rule.reason == WHY]:
        del RULES[function]
    RULES.update(kept)


@pytest.fixture(scope="module")
def path_with_adiff(tmp_path_factory):
    """A folder with an `adiff` that runs this checkout, first on the PATH."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "adiff").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m autodiff_cli "$@"\n')
    (folder / "adiff").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize(("document", "command", "output"), SHOWN, ids=lambda value: value[:60])
def test_transcript(document, command, output, path_with_adiff, tmp_path):
    for entry in ("README.md", "docs", "examples"):
        (tmp_path / entry).symlink_to(ROOT / entry)  # what a command writes is none of theirs
    missing = [tool for tool in TOOLS if re.search(rf"(^|\| *){tool} ", command) and not shutil.which(tool)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    env = {"PATH": path_with_adiff, "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=LONGEST)  # fmt: skip
    assert transcripts.settled(done.stdout.rstrip("\n")) == transcripts.settled(output)


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))
def test_python_of_the_readme(code):
    names = {}
    exec(code, names)
    for line in code.splitlines():
        expression, _, shown = line.partition("  # ")
        if shown:
            assert_shows(eval(expression, names), shown.strip())


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_session_of_the_library_page(section):
    """The Python blocks of a section that are sessions, run one after the other; they print what they show."""
    session = "".join(re.findall(r"```python\n(>>> .*?)```", section, re.DOTALL))
    names = {"np": np, "ad": ad}
    examples = doctest.DocTestParser().get_doctest(session, names, section.partition("\n")[0], "library.md", 0)
    assert len(examples.examples) == len(re.findall(r"^>>> ", section, re.MULTILINE)) > 0
    said = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=said.append)
    assert not failed, "".join(said)


def assert_shows(value, shown):
    value = value.item() if hasattr(value, "item") and not hasattr(value, "keys") and value.ndim == 0 else value
    assert doctest.OutputChecker().check_output(shown + "\n", repr(value) + "\n", doctest.NORMALIZE_WHITESPACE)


def test_readme_names_every_function_it_lists():
    from autodiff_cli.language.functions import lookup

    text = (ROOT / "README.md").read_text()
    listed = re.search(r"exponentials(.*?)\n\n", text, re.DOTALL)[1]
    names = [name for quoted in re.findall(r"`([^`]*)`", listed) for name in quoted.split()]
    assert len(names) > 60
    assert [name for name in names if lookup(name) is None] == []


def test_ci_runs_the_test_command_of_the_readme():
    commands = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1].splitlines()
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text().splitlines()
