"""The functions of the language: the list of all, and the page of one."""

from textwrap import wrap

from ..language.functions import FUNCTIONS
from ..report import SCHEMA
from . import Style
from .json import dumps
from .text import render

_NOTATION = 46  # columns
_TITLE = 12
_TEXT = 68  # columns of a sentence
_OF_SMOOTH = ("derivative", "kinks")  # of what moves with its arguments
_DIGITS = 6


def listing():
    """Every function with a sentence, by family."""
    lines, family = [], None
    for row in FUNCTIONS.values():
        if row.family != family:
            family = row.family
            lines += [""] * bool(lines) + [family]
        lines.append(f"  {row.notation:{_NOTATION}}  {row.summary}")
    return "\n".join(lines) + "\n"


def page(explained):
    """All that is known of one."""
    heading = [explained.notation, explained.summary]
    heading += [f"also written {', '.join(explained.also)}"] if explained.also else []
    rows = {
        "family": [explained.family],
        "shapes": wrap(explained.shapes, _TEXT),
        "derivative": _derivative(explained),
        "kinks": [line for kink in explained.kinks for line in wrap(kink, _TEXT)] or ["none"],
        "example": [_command(explained), *_output(explained).splitlines()],
    }
    shown = [_row(title, texts) for title, texts in rows.items() if explained.derivative or title not in _OF_SMOOTH]
    return "\n".join([*heading, "", *shown]) + "\n"


def _row(title, texts):
    return f"{title:{_TITLE}}" + ("\n" + " " * _TITLE).join(texts)


def _derivative(explained):
    label = "adjoint of {}" if explained.by_adjoint else "d/d{}"
    lines = [f"{label.format(name)} = {text}" for name, text in explained.derivative.items() if text]
    said = (f"{label.format(name)}: {words}" for name, words in explained.words.items())
    lines += [line for text in said for line in wrap(text, _TEXT, subsequent_indent="  ")]
    return [f"where g is the adjoint of {explained.call}:", *lines] if explained.by_adjoint else lines


def _command(explained):
    return f"{explained.command} --digits {_DIGITS}"


def _output(explained):
    return render(explained.report, Style(_DIGITS))


def listing_record():
    """The list as JSON."""
    rows = [{key: getattr(row, key) for key in ("name", "notation", "family", "summary")} for row in FUNCTIONS.values()]
    return dumps({"schema": SCHEMA, "command": "functions", "functions": rows}) + "\n"


def page_record(explained):
    """What the page says as JSON."""
    kept = ("name", "notation", "family", "summary", "also", "shapes", "derivative", "words", "by_adjoint", "kinks")
    record = {key: getattr(explained, key) for key in kept}
    example = {"command": _command(explained), "output": _output(explained)}
    return dumps({"schema": SCHEMA, "command": "functions", **record, "example": example}) + "\n"
