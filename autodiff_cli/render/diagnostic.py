"""Errors and warnings as text: what, where with a caret, and how to mend it. The one place that draws them."""

import unicodedata

from ..errors import shortened

_MOST = 1000  # characters of a message: what is quoted in it may be long
_ROOM = 100  # columns of source text shown around a place
_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1;36m", "help": "\x1b[1;32m"}


def draw(kind, remark, source, *, color=False):
    """The text of an error or Remark, ending in a line break.

    kind     "error", "warning" or "note"
    remark   has code, message, span, label and help; a note may have `more`, a second line
    source   the text that the span counts in, or None
    """
    head = f"error[{remark.code}]" if kind == "error" else kind
    lines = [f"{_painted(kind, head, color)}: {printable(shortened(remark.message, _MOST))}"]
    if kind == "note" and remark.more:
        lines.append(" " * len("note: ") + printable(remark.more))
    if source is not None and remark.span is not None:
        lines += _excerpt(source, remark.span, remark.label)
    if remark.help:
        first, *rest = remark.help.splitlines()
        lines += [f"{_painted('help', 'help', color)}: {printable(first)}", *(f"      {printable(r)}" for r in rest)]
    return "\n".join(lines) + "\n"


def _painted(kind, text, color):
    return f"{_COLORS[kind]}{text}\x1b[0m" if color else text


def _excerpt(source, span, label):
    """The line of the source that the span is on, and carets under it."""
    start = source.rfind("\n", 0, span.start) + 1
    stop = source.find("\n", span.start)
    stop = len(source) if stop < 0 else stop
    line = source[start:stop]
    left, right = span.start - start, max(min(span.end, stop) - start, span.start - start + 1)
    line, left, right = _window(line, left, right)
    carets = "^" * max(1, columns(line[left:right]))
    margin = " " * columns(line[:left])
    return [f"  | {printable(line)}", f"  | {margin}{carets}{' ' + printable(label) if label else ''}"]


def _window(line, left, right):
    """The part of a long line around a place, with dots for what is cut."""
    if len(line) <= _ROOM:
        return line, left, right
    right = min(right, left + _ROOM // 2)
    first = max(0, min(left - _ROOM // 4, len(line) - _ROOM))
    last = min(len(line), first + _ROOM)
    head, tail = "..." if first else "", "..." if last < len(line) else ""
    shift = len(head) - first
    return head + line[first:last] + tail, left + shift, right + shift


def columns(text):
    """How many columns a terminal gives to a text."""
    return sum(_columns_of(char) for char in text)


def _columns_of(char):
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def printable(text):
    """Text without characters that move the cursor or cannot be encoded."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
