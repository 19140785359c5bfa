"""Standard output for rows: neither a signal nor a full disk leaves half of one."""

import os
import select
import signal
import stat
from contextlib import contextmanager

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 1  # seconds in which a reader may take the rest of a row


class Sink:
    """An open file that takes rows, each `write` whole ones.

    file       its descriptor
    is_quoted  whether a row may hold line ends, in quotes
    """

    def __init__(self, file, is_quoted):
        self.file, self._is_quoted = file, is_quoted
        self._is_file = stat.S_ISREG(os.fstat(file).st_mode)

    def write(self, data):
        """Write rows; a signal that ends the program is answered after the row that is being written."""
        view, done = memoryview(data), 0
        with _patient() as noted:
            try:
                while done < len(view):
                    done += self._some(view[done:])
                    if noted:
                        view = view[: self._next_end(data, done)]
            except OSError:
                self._take_back(done - self._last_end(data, done))
                raise

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


@contextmanager
def _patient():
    """A list of the signals that came and would have ended the program; it is ended when this is left.

    A second one ends it at once, and so does the alarm that the first sets: the reader may have stopped reading.
    """
    noted = []
    before = {number: handler for number in _ENDING if callable(handler := signal.getsignal(number))}

    def note(number, frame):
        if noted:
            before[noted[0]](noted[0], frame)
        noted.append(number)
        signal.signal(signal.SIGALRM, note)
        signal.alarm(_PATIENCE)

    for number in before:
        signal.signal(number, note)
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if noted:
            signal.alarm(0)
    if noted:
        before[noted[0]](noted[0], None)
