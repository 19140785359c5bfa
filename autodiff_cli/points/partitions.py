"""Rows in many files: those of a folder, or those that fit a pattern, in the order of their numbers."""

import os
import re
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..errors import AdiffError
from . import keys, stretches
from .files import FRAMES, PACKED, TEXT, format_of, reader_of

_MAGIC = re.compile(r"[*?[]")


class Partition(NamedTuple):
    """One of many files, or a stretch of it.

    place    where it is
    name     its path beneath the folder that they have in common
    keys     Keys that the folders in its name tell of all its rows
    stretch  a Stretch of its rows; None for all
    """

    place: str
    name: str
    keys: tuple = ()
    stretch: stretches.Stretch | None = None

    @property
    def whole(self):
        """The file."""
        return self._replace(stretch=None)

    @property
    def begins(self):
        """Whether it has the first rows of its file."""
        return self.stretch is None or self.stretch.start == 0

    def split(self, format, header):
        """A large file in stretches, where these can be put together again; else itself alone.

        format   of the answers
        header   as Readers have it
        """
        if Path(self.place).stat().st_size < 2 * stretches.SIZE:
            return [self]
        with closing(reader_of(self.place, header)) as reader:
            found = reader.stretches() if _can_be_split(reader, format) else []
        return [self._replace(stretch=one) for one in found] or [self]


def _can_be_split(reader, format):
    """Whether answers of stretches can be put together: of text, types of columns are known at its end only."""
    is_known = reader.format in FRAMES or (reader.format in TEXT and format not in FRAMES)
    return is_known and format in (*TEXT, *FRAMES) and not reader.source.is_packed


def are_many(place):
    """Whether a place stands for many files, even if only one is there: a folder, or a pattern that is no file."""
    # Not by Path, which raises errors where folders are closed.
    is_there, is_folder = os.path.exists(place), os.path.isdir(place)  # noqa: PTH110, PTH112
    return place != "-" and (is_folder or (_MAGIC.search(place) is not None and not is_there))


def partitions(place):
    """The files of a folder or pattern, or the one file that a place is; AdiffError where there are none.

    Of a folder those are meant that have a format of rows by their names, also where they lie in folders that are
    called KEY=VALUE. Names that begin with a dot or an underscore are left out: other programs put their remarks there.
    """
    path = Path(place)
    if not are_many(place):
        return [Partition(place, path.name)]
    is_folder = os.path.isdir(place)  # noqa: PTH112
    base, pattern = (path, None) if is_folder else _taken_apart(path.expanduser())
    files = _of_folder(path) if is_folder else base.glob(pattern)
    try:
        found = [str(one.relative_to(base)) for one in files if _is_meant(one, base)]
    except OSError as error:
        raise AdiffError("file", f"{error.filename} cannot be read: {error.strerror.lower()}") from None
    if not found:
        help = f"those of its folders are '{path}/**/*.csv'" if is_folder else ""
        raise AdiffError("file", f"there are no files of rows in {place}", help=help)
    found.sort(key=_counting)
    told = keys.told(found)
    return [Partition(str(base / name), name, told.get(name, ())) for name in found]


def _of_folder(path):
    for one in path.iterdir():
        if one.is_dir() and keys.KEY.fullmatch(one.name):
            yield from _of_folder(one)
        elif format_of(one.name):
            yield one


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
