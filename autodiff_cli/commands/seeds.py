"""Tangents, orders and shapes as they are typed: `x=1,0`, `x=2,y=1` and `x=3x2`."""

import re

from ..errors import AdiffError
from .bindings import ASSIGNMENT

_SHAPE = re.compile(r"\s*([^\W\d]\w*)=(\d+(?:x\d+)*|scalar|\(\))\s*")


def tangents(texts, read):
    """The arrays of --tangent by variable; one array where a single tangent has no name, None where there is none.

    read   called as read(option, text) to turn a text into an array
    """
    if not texts:
        return None
    named = [ASSIGNMENT.fullmatch(text) for text in texts]
    if len(texts) == 1 and not named[0]:
        return read("tangent", texts[0])
    if not all(named):
        raise AdiffError("usage", "several tangents need the names of their variables", help="--tangent x=1,2,3")
    for match in named:
        if [m[1] for m in named].count(match[1]) > 1:
            raise AdiffError("bound-twice", f"{match[1]} is given two tangents", help="keep one of them")
    return {match[1]: read(f"tangent {match[1]}", match[2]) for match in named}


def orders(text):
    """`5` as 5, `x=2,y=1` as a dict."""
    named = [ASSIGNMENT.fullmatch(part.strip()) for part in text.split(",")]
    if len(named) == 1 and not named[0]:
        return _whole(text)
    if not all(named):
        raise AdiffError("usage", f"--order {text} is not understood", help="write --order 5, or --order x=2,y=1")
    if len({match[1] for match in named}) < len(named):
        raise AdiffError("bound-twice", f"--order {text} names a variable twice", help="add the orders up")
    return {match[1]: _whole(match[2]) for match in named}


def shapes(texts):
    """`x=3x2`, `x=3` and `x=scalar` as a dict of tuples, from one text or several; `x=3,y=2` is two."""
    found = {}
    for typed, part in ((text, part) for text in texts or () for part in text.split(",")):
        match = _SHAPE.fullmatch(part)
        if not match:
            help = "write --shape x=3 for a vector, --shape x=3x2 for a matrix, --shape x=scalar for a number"
            raise AdiffError("usage", f"--shape {typed} is not understood", help=help)
        if match[1] in found:
            raise AdiffError("bound-twice", f"--shape names {match[1]} twice", help="keep one of them")
        found[match[1]] = tuple(map(int, re.findall(r"\d+", match[2])))
    return found


def _whole(text):
    try:
        return int(text)
    except ValueError:
        message = f"--order: {text.strip() or 'nothing'} is not a whole number"
        raise AdiffError("usage", message, help="write --order 5, or --order x=2,y=1") from None
