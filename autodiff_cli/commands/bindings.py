"""Bindings and options share one line: `--x 1,2` is a variable, `--wrt x` an option.

The line is split before Typer sees it, because only the declared options tell the two apart.
"""

import re
from typing import NamedTuple

from ..errors import AdiffError, shortened

_FLAG = re.compile(r"--([^\W\d]\w*)(?:=(.*))?", re.DOTALL)
ASSIGNMENT = re.compile(r"([^\W\d]\w*)=(?!=)(.*)", re.DOTALL)
_DEFINITIONS = re.compile(r"[;\n].*[^\s\d.,;+eE-]", re.DOTALL)  # a statement after the first, no rows of numbers


class Line(NamedTuple):
    """A command line, taken apart: variables with their texts, what Typer gets, and positional words."""

    bindings: dict
    options: list
    positional: list


def split(words, takes_value):
    """Take a command line apart.

    words        what follows the command
    takes_value  for each declared option, `-w` and `--wrt` alike, whether a value follows it
    Raises AdiffError for a variable without a value or with two.
    """
    line = Line({}, [], [])
    words = list(words)
    while words:
        word = words.pop(0)
        flag, assignment = _FLAG.fullmatch(word), ASSIGNMENT.fullmatch(word)
        if word == "--":
            line.positional.extend(words)
            break
        if word.partition("=")[0] in takes_value and word.startswith("-"):
            _take_option(line, word, words, takes_value)
        elif flag:
            _bind(line, flag[1], _value_of(flag, words))
        elif assignment:
            _bind(line, assignment[1], assignment[2])
        elif word.startswith("--") and len(word) > 2:
            help = "an expression that begins with -- goes last, behind another --"
            raise AdiffError("usage", f"{shortened(word)} is neither an option nor --VARIABLE", help=help)
        else:
            line.positional.append(word)
    return _with_target(line)


def _take_option(line, word, words, takes_value):
    name, equals, value = word.partition("=")
    if equals and not takes_value[name]:
        raise AdiffError("usage", f"{name} takes no value")
    if takes_value[name] and not equals and not words:
        raise AdiffError("usage", f"{name} needs a value")
    line.options.append(name)
    if takes_value[name]:
        line.options.append(value if equals else words.pop(0))


def _value_of(flag, words):
    """The value of --NAME: what follows the = or the next word, which may begin with one dash."""
    if flag[2] is not None:
        return flag[2]
    if not words or (words[0].startswith("--") and len(words[0]) > 2):
        help = f"there is no such option here; for a variable write --{flag[1]} 1,2,3 or {flag[1]}=1,2,3"
        raise AdiffError("usage", f"--{flag[1]} needs a value", help=help)
    return words.pop(0)


def _bind(line, name, text):
    if name in line.bindings:
        first, second = shortened(line.bindings[name]), shortened(text)
        raise AdiffError("bound-twice", f"{name} is given two values: {first} and {second}", help="keep one of them")
    line.bindings[name] = text


def _with_target(line):
    """`s=x*y; s^2` looks like a binding, but where no expression is left it is the expression."""
    if line.positional:
        return line
    for name, text in line.bindings.items():
        if _DEFINITIONS.search(text):
            line.positional.append(f"{name}={text}")
            del line.bindings[name]
            break
    return line
