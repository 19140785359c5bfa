"""One cell to a number or an array, with care: what is not a number is told."""

import math
import re

import numpy as np

from ..errors import AdiffError
from ..language.values import read_value
from .trouble import Unusable, shortened

_SPELLED = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")  # as JSON does
_MISSING = {"na", "n/a", "null", "none", "-", ".", "?"}


class Number(str):
    """A number of a row, as it is spelled there."""


def spelled(cell):
    """A cell of a table as JSON knows it: a number, a text, or None for an empty one."""
    return Number(cell) if _SPELLED.fullmatch(cell) else cell or None


def read_cell(text):
    """The array that a cell stands for: 3, 1;2;3, and, as values are written elsewhere, "1,2;3,4" or [[1,2],[3,4]].

    Raises Unusable.
    """
    text = text.strip()
    if text.startswith("[") or ("," in text and ";" in text and "@" not in text):
        try:
            return read_value(text, read_number)
        except AdiffError as error:
            raise Unusable(f"{shortened(text)}: {error.message}") from None
    if ";" in text:
        return np.array([read_number(part) for part in text.removesuffix(";").split(";")])
    return np.array(read_number(text))


def read_number(text):
    """The number that a text spells; raises Unusable."""
    try:
        number = float(text.replace("_", "?"))  # Python's digits may be grouped by underscores
    except ValueError:
        raise Unusable(_complaint(text.strip())) from None
    if math.isinf(number) and "inf" not in text.lower():
        raise Unusable(f"{shortened(text)} is too large for a 64-bit number")
    return number


def _complaint(text):
    if not text:
        return "the cell is empty"
    if text.lower() in _MISSING:
        return f"{text} stands for a missing number"
    vector = "; decimals have a point, and a vector is written 1;2;3" if "," in text else ""
    return f"{shortened(text)} is not a number{vector}"
