"""Which columns make which variable: `x`, or `x_0`, `x_1`, `x_2` for a vector, `A_0_0`, `A_0_1` ... for a matrix."""

import re
from math import prod
from typing import NamedTuple

import numpy as np

from ..errors import AdiffError, nearest
from .trouble import shortened

_INDEX = re.compile(r"_\d+(?:_\d+)*")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_NAMED = 12  # columns that a sentence lists


class Slot(NamedTuple):
    """Where a variable comes from.

    columns   their places, one for each element
    shape     that of the variable; None where its one column says it
    """

    columns: tuple
    shape: tuple | None

    def array(self, cells):
        """The values (n, *shape) of the variable, from those of the columns by place."""
        if self.shape is None:
            return cells[self.columns[0]]
        return np.stack([cells[place] for place in self.columns], axis=1).reshape(-1, *self.shape)


def chosen(target, names, constants, file):
    """A Slot for each variable of a target that has columns.

    names      of the columns
    constants  names of the variables that were given values
    file       the name of the file
    Raises AdiffError for a variable without column and value, or with both.
    """
    slots = {}
    for name in (*target.variables, *target.constants):
        if name in constants:
            _check_single(name, names, file)
        elif slot := _slot(name, names):
            slots[name] = slot
        elif name in target.variables:
            raise _missing(target, name, names, file)
    if not slots:
        message = f"{shortened(target.source)} uses no column of {file}"
        raise AdiffError("no-column", message, help=f"columns here: {_listed(names)}")
    return slots


def shapes(slots, reader, known):
    """The shape of each variable in one row, after the first one; the reader is told which columns are used.

    known  shapes of variables, as other files have them
    """
    of_columns = {slot.columns[0]: known[name] for name, slot in slots.items() if slot.shape is None and name in known}
    cells = reader.use([place for slot in slots.values() for place in slot.columns], of_columns)
    for slot in slots.values():
        for place in slot.columns:
            if slot.shape is not None and cells[place]:
                message = f"the column {reader.names[place]} holds arrays, where it should be one element"
                raise AdiffError("shape", message)
    return {name: cells[slot.columns[0]] if slot.shape is None else slot.shape for name, slot in slots.items()}


def _check_single(name, names, file):
    if name in names:
        message = f"{name} is given a value, but {file} has a column of that name"
        raise AdiffError("bound-twice", message, help="leave the value out, or rename the column")


def _slot(name, names):
    """The columns of a variable; None where it has none."""
    count = names.count(name)
    if count > 1:
        help = "the one that is meant must have a name of its own"
        raise AdiffError("no-column", f"{count} columns are called {name}", help=help)
    return Slot((names.index(name),), None) if count else _elements(name, names)


def _elements(name, names):
    """The columns name_0, name_1 ... or name_0_0, name_0_1 ..., which must be all there, and once."""
    found = [
        (tuple(map(int, column[len(name) + 1 :].split("_"))), place)
        for place, column in enumerate(names)
        if column.startswith(name) and _INDEX.fullmatch(column, len(name))
    ]
    if not found:
        return None
    places = dict(found)
    ranks = {len(index) for index in places}
    shape = tuple(max(axis) + 1 for axis in zip(*places, strict=False))
    if len(ranks) > 1 or len(found) > len(places) or len(places) < prod(shape):
        columns = _listed([names[place] for _, place in found])
        message = f"{columns} are not all elements of an array {name}, each of them once"
        raise AdiffError("no-column", message, help=f"elements count from 0: {name}_0, {name}_1, {name}_2")
    return Slot(tuple(places[index] for index in np.ndindex(shape)), shape)


def _missing(target, name, names, file):
    """The error for a variable that has neither column nor value, with what may have been meant."""
    error = target.unbound(name)
    error.code, error.message = "no-column", f"{file} has no column {name}"
    error.help = f"{_meant(target, name, names)}\na value that is the same in all rows is given by --{name} VALUE"
    return error


def _meant(target, name, names):
    if names == [""]:
        return "it holds one array without a name; --header a,b,c names its columns, --header a its rows"
    if all(map(_is_number, names)):
        columns = ",".join(target.variables) if len(names) == len(target.variables) else "NAME,NAME,..."
        line = shortened(",".join(names))
        return f"its first line is {line}, which are no names; if it has no header, add --header {columns}"
    if len(names) == 1 and (found := [word for mark, word in _SEPARATORS.items() if mark in names[0]]):
        return f"its first line is {shortened(names[0])}; columns are separated by commas, not by {found[0]}"
    alike = [column for column in names if column.strip().casefold() == name.casefold()]
    alike = alike or nearest(name, names)
    meant = f"did you mean {_quoted(alike[0])}?  " if alike else ""
    return f"{meant}columns here: {_listed(names)}"


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _quoted(name):
    """A name, in quotes where blanks beside it would not be seen."""
    return name if name == name.strip() and name else f'"{name}"'


def _listed(names):
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(_quoted(shortened(name)) for name in names[:_MOST_NAMED]) + more
