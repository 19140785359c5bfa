"""Bytes as they come: from a file or standard input, unpacked, as many as are there and never a wait for more."""

import os
import select
import stat
import sys
import time
from tempfile import NamedTemporaryFile

from ..errors import AdiffError
from .extras import extra
from .scratch import scratch

_STEP = 1 << 16  # bytes that are asked for at first, and as many as a pipe holds
_PAUSE = 0.001  # seconds in which a process that writes fast has written more
_PATIENCE = 0.05  # seconds for which the first bytes wait for others
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


class Source:
    """Where rows come from.

    place  the name of a file, or `-` for standard input
    name   what to call it
    size   in bytes; None where it has none, as a pipe
    taken  how many of them were taken
    start  the first bytes, unpacked
    """

    def __init__(self, place):
        self.place, self.name = place, "standard input" if place == "-" else place
        self.file = self._opened()
        status = os.fstat(self.file)
        self._is_file = stat.S_ISREG(status.st_mode)
        self.size, self.taken = status.st_size if self._is_file else None, 0
        self._unpack = self._copy = None
        self._left = sys.maxsize
        self.start = self._next(_STEP)
        kind = next((kind for mark, kind in _PACKED.items() if self.start.startswith(mark)), None)
        if kind is not None:
            self._unpack = Unpacker(kind, self.name)
            self.start = self._unpack(self.start) or self._next(_STEP)
        self._ahead = self.start

    def read(self, most):
        """Some bytes: about `most` where so many are there at once, at least one unless it is the end."""
        ahead, self._ahead = self._ahead, b""
        parts = [ahead or self._next(most)]
        count, until = len(parts[0]), time.monotonic() + _PATIENCE
        while parts[-1] and count < most and time.monotonic() < until and self._has_more():
            parts.append(self._next(most - count))
            count += len(parts[-1])
        return b"".join(parts)

    def path(self):
        """The name of a file with all that comes: its own, or that of a temporary one that lives as long as this."""
        if self._is_file and self.place != "-" and self._unpack is None:
            return self.place
        with scratch():
            self._copy = NamedTemporaryFile()  # noqa: SIM115
            while data := self.read(_STEP):
                self._copy.write(data)
            self._copy.flush()
        return self._copy.name

    def only(self, start, stop):
        """Read what lies between two places of a file that is not packed, and nothing else."""
        os.lseek(self.file, start, os.SEEK_SET)
        self._ahead, self._left = b"", stop - start

    @property
    def is_packed(self):
        """Whether what is read is not what the file holds."""
        return self._unpack is not None

    @property
    def may_wait(self):
        """Whether the next bytes may never come."""
        return not self._is_file

    def close(self):
        """Close what was opened here."""
        if self.place != "-":
            os.close(self.file)
        if self._copy is not None:
            self._copy.close()

    def is_written_by(self, file):
        """Whether an open file is this one: what is written there would be read again."""
        return self._is_file and os.path.sameopenfile(self.file, file)

    def _opened(self):
        if self.place == "-" and sys.stdin is None:
            raise AdiffError("file", "standard input is closed")
        try:
            return sys.stdin.fileno() if self.place == "-" else os.open(self.place, os.O_RDONLY)
        except (OSError, ValueError) as error:  # ValueError: a null character in the name
            raise self._unreadable(error) from None

    def _has_more(self):
        return self._is_file or bool(select.select([self.file], [], [], _PAUSE)[0])

    def _next(self, most):
        """Some bytes by one read, or by several where what is read unpacks to nothing; b"" at the end."""
        if self._unpack is None:
            return self._raw(most)
        while data := self._raw(_STEP):
            if found := self._unpack(data):
                return found
        self._unpack.finish()
        return b""

    def _raw(self, most):
        try:
            data = os.read(self.file, min(most, self._left))
        except OSError as error:
            raise self._unreadable(error) from None
        self.taken += len(data)
        self._left -= len(data)
        return data

    def _unreadable(self, error):
        reason = getattr(error, "strerror", None) or str(error)
        return AdiffError("file", f"{self.name} cannot be read: {reason.lower()}")


class Unpacker:
    """gzip or zstd data as they come, one packed stream after the other."""

    def __init__(self, kind, name):
        self._what = f"{name} is damaged: its {kind} data are"
        self._make, self._error = _gunzip() if kind == "gzip" else _unzstd()
        self._stream = self._make()

    def __call__(self, data):
        """What some bytes unpack to."""
        parts = []
        while data and not (self._stream.eof and not data.strip(b"\0")):  # zeros may fill up a last block
            if self._stream.eof:
                self._stream = self._make()
            try:
                parts.append(self._stream.decompress(data))
            except self._error:
                raise AdiffError("file", f"{self._what} wrong") from None
            data = self._stream.unused_data
        return b"".join(parts)

    def finish(self):
        """Raise unless the last stream is whole."""
        if not self._stream.eof:
            raise AdiffError("file", f"{self._what} cut off")


def _gunzip():
    import zlib

    return lambda: zlib.decompressobj(31), zlib.error


def _unzstd():
    zstandard = extra("zstandard", "zstd data")
    return zstandard.ZstdDecompressor().decompressobj, zstandard.ZstdError
