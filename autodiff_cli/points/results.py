"""What the results are called: f, df_dx, d2f_dxdy, and with elements df_dx_0 ..."""

from math import prod
from typing import NamedTuple

import numpy as np

from ..errors import AdiffError


class Result(NamedTuple):
    """What a question gives for each row, under a name that is an identifier.

    words   what texts have in place of the numbers 0, 1, ... and, the last one, of nan
    """

    name: str
    shape: tuple
    words: tuple = ()

    @property
    def size(self):
        return prod(self.shape)

    @property
    def columns(self):
        """A name for each element."""
        return ["_".join(map(str, (self.name, *index))) for index in np.ndindex(self.shape)]


def named(question, answers, names, prefix=""):
    """Results for what a Runner gives, ((key, shape), ...); none may be called like a column, or like another."""
    results = [Result(prefix + _name(question, key), shape) for key, shape in answers]
    taken = set(names)
    for column in (column for result in results for column in result.columns):
        if column in taken:
            message = f"there is a column {column} already, and a result is called so"
            raise AdiffError("column-clash", message, help="--prefix new_ puts new_ before the names of the results")
        taken.add(column)
    return results


def _name(question, key):
    if key == "value":
        return "f"
    if isinstance(key, str):
        return "coefficients" if key == "taylor" else key
    return f"{question}_{key[0]}" if question in ("vjp", "hvp") else _partial(key)


def _partial(names):
    """df_dx, d2f_dx2, d2f_dxdy; d2f_dx1dx1 where the power would be read as part of the name."""
    order = "" if len(names) == 1 else len(names)
    counts = {name: names.count(name) for name in names}
    return f"d{order}f_" + "".join(_power(name, count) for name, count in counts.items())


def _power(name, count):
    return f"d{name}" * count if count == 1 or name[-1].isdigit() else f"d{name}{count}"
