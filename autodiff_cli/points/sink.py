"""Standard output for rows: neither an interrupt nor a full disk leaves half of one."""

import os
import select
import signal
import stat
from contextlib import contextmanager


class Sink:
    """An open file that takes rows, each `write` whole ones.

    file       its descriptor
    is_quoted  whether a row may hold line ends, in quotes
    """

    def __init__(self, file, is_quoted):
        self.file, self._is_quoted = file, is_quoted
        self._is_file = stat.S_ISREG(os.fstat(file).st_mode)
        self._is_interrupted = False

    def write(self, data):
        """Write rows; an interrupt is answered after the row that is being written."""
        view, done = memoryview(data), 0
        with self._patient():
            try:
                while done < len(view):
                    done += self._some(view[done:])
                    if self._is_interrupted:
                        view = view[: self._next_end(data, done)]
            except OSError:
                self._take_back(done - self._last_end(data, done))
                raise
        if self._is_interrupted:
            raise KeyboardInterrupt

    @contextmanager
    def _patient(self):
        """Where an interrupt would end the program at once, it is only noted."""
        before = signal.getsignal(signal.SIGINT)
        if before is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _interrupt(self, *_):
        if self._is_interrupted:
            raise KeyboardInterrupt  # asked twice: the reader may have stopped reading
        self._is_interrupted = True

    def _some(self, view):
        try:
            return os.write(self.file, view)
        except BlockingIOError:  # another process has made the pipe so
            select.select([], [self.file], [])
            return 0

    def _take_back(self, excess):
        """Remove the beginning of a row that did not fit on the disk."""
        if self._is_file and excess:
            os.ftruncate(self.file, os.lseek(self.file, 0, os.SEEK_CUR) - excess)

    def _next_end(self, data, place):
        """The end of the row that is begun at a place; that of all where ends are hidden in quotes."""
        return len(data) if self._hides_ends(data) else data.find(b"\n", max(place - 1, 0)) + 1

    def _last_end(self, data, place):
        """The end of the last row that is whole at a place."""
        return 0 if self._hides_ends(data) else data.rfind(b"\n", 0, place) + 1

    def _hides_ends(self, data):
        return self._is_quoted and b'"' in data
