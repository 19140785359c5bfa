"""Files that answers are written to: whole or not at all, with the rights that they had, links and devices as such."""

import os

import pytest

from autodiff_cli.commands.streams import write_file
from autodiff_cli.errors import AdiffError


def test_a_link_stays_one(tmp_path):
    file, link = tmp_path / "real.txt", tmp_path / "link.txt"
    file.write_text("before")
    link.symlink_to(file)
    write_file(str(link), "after")
    assert link.is_symlink()
    assert file.read_text() == "after"


def test_a_file_keeps_its_rights(tmp_path):
    file = tmp_path / "secret.txt"
    file.touch(0o600)
    write_file(str(file), "1")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_must_not_be_written_stays(tmp_path, monkeypatch):
    file = tmp_path / "kept.txt"
    file.write_text("before")
    file.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # as it is for all but the superuser
    with pytest.raises(AdiffError, match=r"kept\.txt cannot be written: permission denied"):
        write_file(str(file), "after")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    assert file.read_text() == "before"


@pytest.mark.parametrize("name", ["", "/", "/new/"])
def test_a_folder_is_no_file(tmp_path, name):
    with pytest.raises(AdiffError, match="is a folder"):
        write_file(f"{tmp_path}{name}", "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="this system has no /dev/fd")  # noqa: PTH110
def test_what_is_open_already_is_added_to(tmp_path):
    file = tmp_path / "log.txt"
    with file.open("wb", 0) as log:
        log.write(b"before\n")
        write_file(f"/dev/fd/{log.fileno()}", "after\n")
    assert file.read_text() == "before\nafter\n"
    assert [path.name for path in tmp_path.iterdir()] == ["log.txt"]
