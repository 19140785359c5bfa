"""Rows in many files: those of a folder, or those that fit a pattern, in the order of their numbers."""

import re
from pathlib import Path
from typing import NamedTuple

from ..errors import AdiffError
from .files import PACKED, TEXT, format_of

_MAGIC = re.compile(r"[*?[]")


class Partition(NamedTuple):
    """One of many files.

    place  where it is
    name   its path beneath the folder that they have in common
    """

    place: str
    name: str


def are_many(place):
    """Whether a place stands for many files, even if only one is there: a folder, or a pattern that is no file."""
    path = Path(place)
    return place != "-" and (path.is_dir() or (_MAGIC.search(place) is not None and not path.exists()))


def partitions(place):
    """The files of a folder or pattern, or the one file that a place is; AdiffError where there are none.

    Of a folder those are meant that have a format of rows by their names. Names that begin with a dot or an underscore
    are left out: other programs put their remarks there.
    """
    path = Path(place)
    if not are_many(place):
        return [Partition(place, path.name)]
    is_folder = path.is_dir()
    base, pattern = (path, "*") if is_folder else _taken_apart(path.expanduser())
    found = [Partition(str(one), str(one.relative_to(base))) for one in base.glob(pattern) if _is_meant(one, base)]
    if is_folder:
        found = [one for one in found if format_of(one.name)]
    if not found:
        help = f"those of its folders are '{path}/**/*.csv'" if is_folder else ""
        raise AdiffError("file", f"there are no files of rows in {place}", help=help)
    return sorted(found, key=lambda one: _counting(one.name))


def _taken_apart(path):
    """The folder that all files have in common by a pattern, and the rest of that."""
    first = next(i for i, part in enumerate(path.parts) if _MAGIC.search(part))
    return Path(*path.parts[:first]), str(Path(*path.parts[first:]))


def _is_meant(path, base):
    return path.is_file() and not any(part.startswith((".", "_")) for part in path.relative_to(base).parts)


def _counting(name):
    """A key by which part.10 comes after part.9."""
    return [(int(part), part) if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def renamed(name, format):
    """The name of a file in another format, packed as before where it is text."""
    if format is None or format_of(name) == format:
        return name
    *parts, last = name.split(".")
    packed = [last] if last.lower() in PACKED else []
    parts += [] if packed else [last]
    if format_of(".".join(parts)):
        parts.pop()
    return ".".join([*parts, format, *(packed if format in TEXT else [])])
