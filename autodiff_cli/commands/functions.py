"""`adiff functions`: what the language can call."""

from typing import Annotated

import typer

from ..errors import AdiffError, nearest
from ..language.functions import ALIASES, FUNCTIONS, lookup
from .streams import say

EXAMPLES = """\
  adiff functions
  adiff functions logdet
"""
_NOTATION_COLUMNS = 46

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="a function to be shown alone", show_default=False)]


def functions(context: typer.Context, name: Name = None):
    """the functions of the language, by family"""
    if context.obj:
        raise AdiffError("usage", "adiff functions takes no variables", help="adiff functions NAME shows one function")
    say(_catalogue() if name is None else _one(name))


def _catalogue():
    lines, family = [], None
    for row in FUNCTIONS.values():
        if row.family != family:
            family = row.family
            lines += [""] * bool(lines) + [family]
        lines.append(f"  {row.notation:{_NOTATION_COLUMNS}}  {row.summary}")
    return "\n".join(lines) + "\n"


def _one(name):
    row = lookup(name)
    if row is None:
        close = nearest(name, [*FUNCTIONS, *ALIASES])
        help = f"did you mean {close[0]}?" if close else "adiff functions lists all"
        raise AdiffError("unknown-function", f"there is no function called {name}", help=help)
    others = [alias for alias, target in ALIASES.items() if target == row.name]
    spelt = f"also written {', '.join(others)}\n" if others else ""
    return f"{row.notation}\n{row.summary}\n{spelt}"
