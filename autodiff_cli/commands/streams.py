"""Standard output, standard error and files: where text goes, and whether it has colours."""

import os
import sys
from contextlib import contextmanager, suppress
from errno import EACCES

from ..errors import AdiffError

_OPEN_ALREADY = ("/dev/std", "/dev/fd/", "/proc/self/fd/")


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


def is_folder(path):
    """Whether --output means a folder: one that is there, or is to be made, with a slash at its end."""
    return bool(path) and (path.endswith(os.sep) or os.path.isdir(path))  # noqa: PTH112


def write_file(path, text):
    """Write a text as a whole."""
    if is_folder(path):
        raise AdiffError("file", f"{path} is a folder", help="name a file in it")
    with whole_file(path) as file:
        file.write(text.encode())


def _take_over(path, partial):
    """Give a file the rights of the one whose place it takes; PermissionError where that must not be written."""
    if path.exists():
        if not os.access(path, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
        partial.chmod(path.stat().st_mode)


@contextmanager
def whole_file(path, mark=None):
    """A binary file that is written whole or not at all: a reader never sees half of it.

    mark  a word in the name that it has until then, where processes of other machines may write it as well
    """
    from pathlib import Path  # not needed by those who only write to the terminal

    path = Path(path)
    target = path.resolve()  # a link stays one: what it leads to is written
    partial = target.with_name(f".{path.name}.{mark or ''}{os.getpid()}")
    try:
        if path.exists() and (not path.is_file() or str(path).startswith(_OPEN_ALREADY)):
            from ..points.sink import Sink

            with path.open("ab", 0) as file:  # a device or a pipe, or a file to which it is added
                yield Sink(file.fileno(), True)
            return
        with partial.open("wb") as file:
            _take_over(target, partial)
            yield file
        partial.replace(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AdiffError("file", f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
