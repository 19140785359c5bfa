"""What went wrong in the user's code, as an error of ours: the user's own lines, and none of anybody else's."""

import linecache
import re
from os.path import relpath
from pathlib import Path
from typing import NamedTuple

from ..errors import AdiffError, Span, UserError

_PACKAGE = Path(__file__).parents[1]
_MOST_FRAMES = 4  # calls on the way to the place that are told of
_LONGEST = 60  # characters of a piece of code that are repeated in a sentence
_LONGEST_MESSAGE = 500

# Where a function of math has another name in NumPy or SciPy.
_OF_MATH = {"fsum": "np.sum", "pow": "np.power", "fabs": "np.abs", "gamma": "scipy.special.gamma",
            "lgamma": "scipy.special.gammaln", "erf": "scipy.special.erf", "erfc": "scipy.special.erfc",
            "dist": "np.linalg.norm of the difference"}  # fmt: skip


class Frame(NamedTuple):
    """A place in the user's code.

    function  the name of the function that it is in
    line      its number, from 1
    start     columns of the piece that is at work; it may end in a later line
    stores    whether that writes into an array: out[i] = x
    """

    file: str
    function: str
    line: int
    start: int
    end: int
    stores: bool

    @property
    def text(self):
        """The line, as it stands in the file."""
        return linecache.getline(self.file, self.line).rstrip("\n")

    @property
    def piece(self):
        """The code that is at work, shortened to a line."""
        piece = self.text[self.start : self.end].strip()
        return piece if len(piece) <= _LONGEST else piece[:_LONGEST] + "..."

    @property
    def where(self):
        return f"{shown(self.file)}:{self.line}"


def user_error(error, folder, when=""):
    """An exception from the user's code as a UserError with the user's line.

    folder  where that code lies; what is installed elsewhere is somebody else's
    when    what was being done, in the words that follow `SystemExit`
    Errors of our own keep their codes: they tell what cannot be differentiated.
    """
    if isinstance(error, SyntaxError) and error.filename and error.text:
        return _of_syntax(error)
    frames = own_frames(error.__traceback__, folder)
    if isinstance(error.__cause__, AdiffError):
        error = error.__cause__  # which NumPy met, and made another one of
    ours = isinstance(error, AdiffError)
    code, help = (error.code, error.help) if ours else ("python", "")
    message = error.message if ours else _told(error, when)
    if not frames:
        return UserError(code, message, help=help)
    frame = frames[-1]
    if code == "leak":
        message, help = _leak(frame, message, help)
    help = "\n".join([*([help] if help else []), *_calls(frames[:-1])])
    source = frame.text.lstrip()
    start, end = (max(column - (len(frame.text) - len(source)), 0) for column in (frame.start, frame.end))
    span = Span(start, max(end, start + 1))
    return UserError(code, f"{frame.where}: {message}", span=span, label=_within(frame), help=help, source=source)


def own_frames(traceback, folder):
    """The Frames of the user's code, the innermost one last."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if is_own(code.co_filename, str(folder)):
            frames.append(_frame(code, traceback.tb_lasti))
        traceback = traceback.tb_next
    return frames


def is_own(file, folder):
    """Whether a file is the user's: in that folder, or at least not an installed one."""
    if file.startswith(("<", str(_PACKAGE))):
        return False
    return _is_in(file, folder) or not any(_is_in(file, place) for place in _installed())


def _is_in(file, folder):
    return Path(file).absolute().is_relative_to(folder)


def _installed():
    from sysconfig import get_paths

    paths = get_paths()
    return {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}


def position(code, at):
    """(line, start, last line, end) of the piece of code that an instruction belongs to, with columns in characters."""
    line, last, start, end = list(code.co_positions())[at // 2]
    first = linecache.getline(code.co_filename, line or 0)
    if start is None:
        return line or code.co_firstlineno, 0, line or code.co_firstlineno, len(first.rstrip())
    return line, _characters(first, start), last, _characters(linecache.getline(code.co_filename, last), end)


def _characters(line, count):
    """How many characters so many bytes of a line are."""
    return len(line.encode()[:count].decode(errors="ignore"))


def _frame(code, at):
    from opcode import opname

    line, start, last, end = position(code, at)
    end = end if last == line else len(linecache.getline(code.co_filename, line).rstrip())
    stores = opname[code.co_code[at]] == "STORE_SUBSCR"
    return Frame(code.co_filename, code.co_name, line, start, end, stores)


def shown(file):
    """A path as it is told: from the present folder, if it lies in it."""
    near = relpath(file)
    return file if near.startswith("..") else near


def _within(frame):
    return "" if frame.function.startswith("<") else f"in {frame.function}"


def _calls(frames):
    """How the code came to the place, from the nearest call outwards."""
    frames = frames[::-1]
    lines = [f"called at {f.where}: {f.piece}" for f in frames[:_MOST_FRAMES]]
    return lines + ([f"and {len(frames) - _MOST_FRAMES} calls more"] if len(frames) > _MOST_FRAMES else [])


def _told(error, when):
    """What an exception says, in one line."""
    try:
        said = " ".join(str(error).split())[:_LONGEST_MESSAGE]
    except Exception:
        said = ""
    what = type(error).__qualname__ + (f": {said}" if said else "")
    return f"{what} {when}" if when and isinstance(error, SystemExit) else what


def _of_syntax(error):
    start = max((error.offset or 1) - 1, 0)
    same = error.end_lineno == error.lineno and error.end_offset
    span = Span(start, max(error.end_offset - 1 if same else 0, start + 1))
    message = f"{shown(error.filename)}:{error.lineno}: {type(error).__name__}: {error.msg}"
    return UserError("python", message, span=span, source=error.text.rstrip("\n"))


def _leak(frame, message, help):
    """What loses a derivative is the piece of code itself; and what to write in its place."""
    piece = frame.piece
    if frame.stores:
        name = re.split(r"[\[.]", piece)[0]
        message = f"{piece} = ... would write what has a derivative into a plain array, and lose it"
        return message, f"make {name} like an argument x: np.zeros(shape, like=x), or np.zeros_like(x)"
    if "would lose" not in message:
        return message, help
    return f"{piece} would lose the derivative of what it is given", _instead(piece) or help


def _instead(piece):
    """What to write for a piece of code that wants plain numbers; empty where that is an array function of NumPy's."""
    function = piece.partition("(")[0]
    of_math = re.fullmatch(r"c?math\.(\w+)", function)
    if of_math:
        return f"write {_OF_MATH.get(of_math[1], f'np.{of_math[1]}')} for {function}"
    if function in ("float", "int", "complex"):
        return f"leave {function} out: what it is given is computed with as it stands"
    if re.match(r"""[rbu]*["'].*%""", piece):
        return 'write an f-string, as in f"{x:.3g}"'
    if re.match(r"(np|numpy)\.", piece):
        return ""
    return "differentiated are NumPy's functions and those of scipy.special: write it with them, or see ad.custom_vjp"
