"""Temporary files, which may lie on another disk than what is read and written."""

import tempfile
from contextlib import contextmanager

from ..errors import AdiffError


@contextmanager
def scratch(*kinds):
    """Tell errors of temporary files as such; `kinds` mean them beside OSError."""
    try:
        yield
    except (OSError, *kinds) as error:
        where = f" in {tempfile.tempdir}" if tempfile.tempdir else ""
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        message = f"temporary files cannot be written{where}: {reason}"
        raise AdiffError("file", message, help="TMPDIR=FOLDER before the command puts them elsewhere") from None
