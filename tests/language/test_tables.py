"""The tables: what is built, where it is kept, and that nothing about the keeping can stop an answer."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autodiff_cli.language import tables
from autodiff_cli.language.builder import Builder

ROOT = Path(__file__).parents[2]
PARSE = "from autodiff_cli.language.parser import parse; print(parse('2x + 1'))"


@pytest.fixture(scope="module")
def built():
    return tables.build_tables(tables.read_grammar())


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache and no packaged tables: where a grammar's tables will be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(tables, "PACKAGED", str(tmp_path / "none.json"))
    return Path(tables.cache_file(tables.fingerprint(tables.read_grammar())))


@pytest.fixture
def no_lark(monkeypatch):
    def build_tables(grammar):
        raise AssertionError("built although there was no need")

    monkeypatch.setattr(tables, "build_tables", build_tables)


def run(code, **environment):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


# What is built


def test_tables_are_plain_data(built):
    assert json.loads(json.dumps(built)) == built
    assert built.keys() == tables.PARTS


def test_every_action_has_its_method(built):
    actions = {action for _, _, _, action in built["rules"] if action}
    assert [action for action in actions if not callable(getattr(Builder, action, None))] == []


def test_only_the_documented_conflicts(caplog):
    """A call and an index go on where a product could begin; anything else undecided is a mistake in the grammar."""
    with caplog.at_level(logging.DEBUG, logger="lark"):
        tables.build_tables(tables.read_grammar())
    conflicts = [line for line in caplog.messages if "conflict" in line]
    assert {line.split()[4].rstrip(":") for line in conflicts} == {"LPAR", "LSQB"}


def test_every_build_is_the_same(tmp_path):
    code = "import json; from autodiff_cli.language.tables import *; print(json.dumps(build_tables(read_grammar())))"
    first, second = (run(code, PYTHONHASHSEED=seed).communicate()[0] for seed in "12")
    assert first == second != ""


# Where it is kept


def test_a_second_start_reads_the_cache(cache, built, request):
    assert tables.load_tables() == built
    assert cache.exists()
    request.getfixturevalue("no_lark")
    assert tables.load_tables() == built


def test_packaged_tables_come_first(cache, built, monkeypatch, tmp_path, no_lark):
    packaged = tmp_path / "tables.json"
    packaged.write_text(json.dumps(built))
    monkeypatch.setattr(tables, "PACKAGED", str(packaged))
    assert tables.load_tables() == built
    assert not cache.exists()


def test_stale_packaged_tables_are_noticed(cache, built, monkeypatch, tmp_path):
    packaged = tmp_path / "tables.json"
    packaged.write_text(json.dumps({**built, "key": "1-2-3"}))
    monkeypatch.setattr(tables, "PACKAGED", str(packaged))
    assert tables.load_tables()["key"] == built["key"]


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"key": "1-2-3"}', b"[" * 100_000],
    ids=["empty", "truncated", "list", "null", "binary", "other key", "nested"],
)
def test_a_damaged_cache_is_rebuilt(cache, built, damage):
    cache.parent.mkdir()
    cache.write_bytes(damage)
    assert tables.load_tables() == built
    assert json.loads(cache.read_text()) == built


def test_a_cache_that_lacks_a_part_is_rebuilt(cache, built):
    cache.parent.mkdir()
    cache.write_text(json.dumps({name: part for name, part in built.items() if name != "rules"}))
    assert tables.load_tables() == built


def test_a_cache_that_cannot_be_made(monkeypatch, tmp_path, cache, built):
    occupied = tmp_path / "a_file"
    occupied.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    assert tables.load_tables() == built


def test_a_full_disk_leaves_nothing_behind(monkeypatch, cache, built):
    def replace(source, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", replace)
    assert tables.load_tables() == built
    assert list(cache.parent.iterdir()) == []


def test_without_a_home_there_is_no_cache(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert tables.cache_file("key") is None


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "/home/me/.cache/adiff"),
        ("linux", {"XDG_CACHE_HOME": "/var/me"}, "/var/me/adiff"),
        ("darwin", {}, "/home/me/Library/Caches/adiff"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/adiff"),
    ],
)
def test_the_cache_of_each_system(monkeypatch, platform, environment, folder):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert tables.cache_file("key") == f"{folder}/grammar-key.json"


def test_first_starts_at_the_same_time(tmp_path):
    processes = [run(PARSE, XDG_CACHE_HOME=str(tmp_path)) for _ in range(4)]
    outputs = [process.communicate()[0] for process in processes]
    assert outputs == ["(script (+ (* 2 x) 1))\n"] * 4
    assert [path.suffix for path in (tmp_path / "adiff").iterdir()] in ([".json"], [])


def test_a_start_loads_little(tmp_path):
    """What is imported for one expression: the clock of a one-shot command."""
    heavy = "{'lark', 'numpy', 'dataclasses', 'pathlib', 'tempfile', 'unicodedata'}"
    code = f"import sys; {PARSE}; print(sorted({heavy} & sys.modules.keys()))"
    run(PARSE, XDG_CACHE_HOME=str(tmp_path)).communicate()
    assert run(code, XDG_CACHE_HOME=str(tmp_path)).communicate()[0].splitlines()[-1] == "[]"
