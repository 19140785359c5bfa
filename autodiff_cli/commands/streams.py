"""Standard output, standard error and files: where text goes, and whether it has colours."""

import os
import sys

from ..errors import AdiffError


def is_terminal(stream):
    """Whether a stream is a terminal; a closed one is not."""
    return stream is not None and stream.isatty()


def use_color(when, stream):
    """--color, then NO_COLOR, then FORCE_COLOR, then whether the stream is a terminal that can."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def say(text):
    """Write to standard output at once, so that remarks come after it where both go to one place."""
    if sys.stdout is None:
        raise BrokenPipeError  # closed by the caller: >&-
    sys.stdout.write(text)
    sys.stdout.flush()


def complain(text):
    """Write to standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(text)


def write_file(path, text):
    """The whole file or nothing: a reader never sees half of it."""
    from pathlib import Path  # not needed by those who only write to the terminal

    path = Path(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe
            return
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise AdiffError("file", f"{path} cannot be written: {(error.strerror or '').lower()}") from None
