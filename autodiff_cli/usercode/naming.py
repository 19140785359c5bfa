"""Functions of Python as they are named on the command line: FILE.py:NAME and package.module:NAME.

What a file has is read off its text: nothing here runs the user's code, so completion can ask as well.
"""

import re
from typing import NamedTuple

_NAME = r"[^\W\d]\w*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_FUNCTION = re.compile(rf"(?:(?P<file>.+\.py)|(?P<module>{_DOTTED}))::?(?P<name>{_DOTTED})", re.DOTALL)
_FILE = re.compile(r"(?P<file>[^()\n]+\.py):{0,2}")


class Place(NamedTuple):
    """Where a function is: in a file, or in a module that is imported (the other is None).

    name   its own, with a class or object before the dot; empty where only the file is named
    """

    file: str | None
    module: str | None
    name: str

    @property
    def home(self):
        """The file or module as it was typed."""
        return self.file or self.module

    def __str__(self):
        return f"{self.home}:{self.name}"


def named(text):
    """The Place that a text names; None where it is an expression."""
    match = _FUNCTION.fullmatch(text.strip()) or _FILE.fullmatch(text.strip())
    if match is None:
        return None
    found = match.groupdict()
    return Place(found["file"], found.get("module"), found.get("name", ""))


class Parameters(NamedTuple):
    """The parameters of a function: as they are written, without their types, and the names of those in it that can be
    bound."""

    text: str
    names: tuple


def functions(code):
    """The Parameters of each function at the top of a file, by name, in order.

    code   the text of the file, or its bytes
    Empty where that is not Python. Functions whose name begins with an underscore are left out.
    """
    import ast

    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError):
        return {}
    found = [node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {node.name: _parameters(node.args) for node in found if not node.name.startswith("_")}


def _parameters(arguments):
    import ast

    for node in ast.walk(arguments):
        if isinstance(node, ast.arg):
            node.annotation = None
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return Parameters(ast.unparse(arguments), tuple(node.arg for node in named))
