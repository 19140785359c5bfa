"""How far it is, on a terminal, where it takes long."""

import time

_PATIENCE = 2.0  # seconds in which nothing is shown
_PAUSE = 0.2


class Progress:
    """A line that tells how many rows are done, and how much of a file that is.

    show   writes to the terminal
    """

    def __init__(self, show, source):
        self._show, self._source = show, source
        self._next, self._is_shown = time.monotonic() + _PATIENCE, False

    def __call__(self, rows):
        """Tell it, where it is time."""
        if time.monotonic() >= self._next:
            share = f", {100 * self._source.taken // self._source.size} %" if self._source.size else ""
            self._show(f"\r{rows:,} rows{share}")
            self._next, self._is_shown = time.monotonic() + _PAUSE, True

    def end(self):
        """Leave nothing of it."""
        if self._is_shown:
            self._show("\r\x1b[K")
