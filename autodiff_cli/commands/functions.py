"""`adiff functions`: what the language can call."""

from typing import Annotated

import typer

from ..errors import AdiffError, nearest
from ..language.functions import ALIASES, FUNCTIONS, lookup
from .options import Json
from .streams import say

EXAMPLES = """\
  adiff functions
  adiff functions logdet
  adiff functions logdet --json | jq .derivative
"""
USAGE = "[NAME] [options]"

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="a function to be shown alone", show_default=False)]


def functions(context: typer.Context, name: Name = None, json: Json = False):
    """the functions of the language, by family; or all about one of them"""
    if context.obj:
        raise AdiffError("usage", "adiff functions takes no variables", help="adiff functions NAME shows one function")
    row = None if name is None else _row(name)
    from ..render import catalogue

    if row is None:
        say(catalogue.listing_record() if json else catalogue.listing())
    else:
        from ..explaining import explanation

        say((catalogue.page_record if json else catalogue.page)(explanation(row)))


def _row(name):
    row = lookup(name)
    if row is None:
        close = nearest(name, [*FUNCTIONS, *ALIASES])
        help = f"did you mean {' or '.join(close)}?" if close else "adiff functions lists all"
        raise AdiffError("unknown-function", f"there is no function called {name}", help=help)
    return row
