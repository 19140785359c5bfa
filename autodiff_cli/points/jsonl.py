"""JSON lines: an object on each line, whose keys are the columns."""

import json
from functools import partial
from itertools import chain

import numpy as np

from .cells import Number, read_number
from .extras import optional
from .text import TextReader
from .trouble import BadRow, Unusable, shortened

_LACKING = object()
_WORDS = {bool: "true or false", str: "a text", dict: "an object", type(None): "null"}


class Reader(TextReader):
    """The rows of a file of JSON lines. The columns are the keys of the first object."""

    def __init__(self, source, format, header=None):
        super().__init__(source, format)
        orjson = optional("orjson")
        self._loads = orjson.loads if orjson else partial(json.loads, parse_int=float)  # -0 has a sign
        self.names = self._first_keys()

    def _first_keys(self):
        reasons = []
        for text in self.first_texts():
            try:
                return list(_object(text))
            except Unusable as why:
                reasons.append(why.reason)
        if reasons:
            raise BadRow("bad-row", f"{self.name} has no object of JSON in its first rows: {reasons[0]}")
        return []

    def split(self, text):
        """The values of the columns of a row."""
        found = _object(text)
        if clash := sorted(self.results & found.keys()):
            raise Unusable(f"there is a key {clash[0]} already, and a result is called so", missing=None)
        if self.is_closed and (more := [key for key in found if key not in self.names]):
            raise Unusable(f"there is a key {more[0]}, which the first row has not", missing=None)
        return [found.get(name, _LACKING) for name in self.names]

    def read(self, value):
        """The array that a value is."""
        if value is _LACKING:
            raise Unusable("there is no such key")
        flat, shape = _flat(value)
        return np.array([_number(part) for part in flat]).reshape(shape)

    def records(self, block):
        """The values of the columns in each row, for another format."""
        rows = map(self.split, block.rows.texts)
        return [[None if value is _LACKING else value for value in row] for row in rows]

    def typed(self, block):
        """The same, with numbers as Python has them."""
        return [[found.get(name) for name in self.names] for found in map(json.loads, block.rows.texts)]

    def numbers(self, rows):
        """The values of the columns that are used, by place."""
        names = {place: self.names[place] for place in self.shapes}
        try:
            objects = list(map(self._loads, rows.texts))
            if not all(map(self.results.isdisjoint, objects)) or (
                self.is_closed and not all(map(frozenset(self.names).issuperset, objects))
            ):
                raise ValueError
            return {place: _stacked([o[name] for o in objects], self.shapes[place]) for place, name in names.items()}
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return {place: np.full((len(rows), *shape), np.nan) for place, shape in self.shapes.items()}


def _object(text):
    """A row as a dict, its numbers as they are spelled."""
    try:
        found = json.loads(text.decode(), parse_float=Number, parse_int=Number)
    except (ValueError, RecursionError):
        raise Unusable(f"{shortened(text.decode(errors='replace'))} is not JSON", missing=None) from None
    if not isinstance(found, dict):
        raise Unusable("this is not an object", missing=None)
    if not found:
        raise Unusable("this object is empty", missing=None)
    return found


def _stacked(values, shape):
    """Numbers or nested lists of them as an array (n, *shape); ValueError where they are anything else."""
    flat = values
    for size in shape:
        if set(map(type, flat)) != {list} or set(map(len, flat)) != {size}:
            raise ValueError
        flat = list(chain.from_iterable(flat))
    if not set(map(type, flat)) <= {int, float}:
        raise ValueError
    return np.array(flat, float).reshape(-1, *shape)


def _flat(value):
    """The leaves and the shape of nested lists."""
    flat, shape = [value], []
    while flat and isinstance(flat[0], list):
        if {type(part) for part in flat} != {list} or len(set(map(len, flat))) > 1:
            raise Unusable("its inner lists differ in length")
        shape.append(len(flat[0]))
        flat = list(chain.from_iterable(flat))
    return flat, shape


def _number(value):
    if isinstance(value, Number):
        return read_number(value)
    if isinstance(value, float):  # NaN or Infinity, which JSON has not, but Python writes
        return value
    raise Unusable(f"this is {_WORDS.get(type(value), 'no number')}, not a number")
