"""The package as it is installed: wheel, sdist and editable, each used from another folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
QUESTION = ["grad", "sum(x*y)", "--x", "1,2,3", "--y", "4,5,6"]
ANSWER = "f = 32\ndf/dx = [4, 5, 6]\ndf/dy = [1, 2, 3]\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the project without its history: builds must not depend on this checkout."""
    copy = tmp_path_factory.mktemp("source") / "adiff"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist"))
    return copy


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    return build(source, "wheel", tmp_path_factory.mktemp("wheel"))


def build(source, target, folder):
    """The path of a wheel or sdist built by hatchling."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.iterdir())


def run_in(environment, folder, cache):
    """The answer of an environment's own `adiff`, asked from another folder, and where it was imported from."""
    env = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache), "HOME": str(folder)}
    script = subprocess.run(
        [environment / "bin" / "adiff", *QUESTION], cwd=folder, env=env, capture_output=True, text=True
    )
    assert (script.stdout, script.stderr, script.returncode) == (ANSWER, "", 0)
    where = [environment / "bin" / "python", "-c", "import autodiff_cli; print(autodiff_cli.__file__)"]
    return Path(subprocess.run(where, cwd=folder, env=env, capture_output=True, text=True).stdout.strip())


def virtual_environment(folder):
    """A fresh virtual environment that finds the packages of this one, but not this project."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def install(environment, *what):
    pip = [
        environment / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*pip, *what], check=True, capture_output=True)


def test_wheel(wheel, tmp_path):
    environment = virtual_environment(tmp_path / "venv")
    install(environment, str(wheel))
    home = run_in(environment, tmp_path, tmp_path / "cache")
    assert home.is_relative_to(environment)
    assert not (tmp_path / "cache").exists()  # the tables came with the wheel


def test_editable(source, tmp_path):
    environment = virtual_environment(tmp_path / "venv")
    install(environment, "-e", str(source))
    assert run_in(environment, tmp_path, tmp_path / "cache") == source / "autodiff_cli" / "__init__.py"
    assert list((tmp_path / "cache").rglob("*.json"))


def test_sdist_builds_the_same_wheel(source, wheel, tmp_path):
    sdist = build(source, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    again = build(next((tmp_path / "unpacked").iterdir()), "wheel", tmp_path / "again")
    assert contents(again) == contents(wheel)


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("RECORD")}


def test_plain_checkout(tmp_path):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "autodiff_cli", *QUESTION]
    assert subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True).stdout == ANSWER
