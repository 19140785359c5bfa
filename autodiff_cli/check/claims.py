"""Derivatives as somebody claims them: by formulas, by functions, or in plain numbers."""

from typing import NamedTuple

import numpy as np

from ..errors import AdiffError, nearest
from ..expression import Expression
from ..language.mismatches import shape_text
from ..language.syntax import free_names
from ..language.values import as_floats

TRANSPOSED = "transposed"


class Formula(NamedTuple):
    """The derivative by the names of a key, written in the language."""

    key: tuple
    expression: Expression

    @property
    def keys(self):
        return (self.key,)

    @property
    def text(self):
        return self.expression.source

    def at(self, point):
        """The claimed arrays at a point, by key."""
        claim = self.expression
        names = [*claim.variables, *(name for name in claim.constants if name in point)]
        return {self.key: np.asarray(claim.value({name: point[name] for name in names}))}

    def check(self, target, names):
        """Raise unless all of its variables are known."""
        for name in self.expression.variables:
            if name not in names:
                self._refuse(name, target, names)

    def _refuse(self, name, target, names):
        close = nearest(name, names)[:1]
        help = "".join(f"did you mean {found}?  " for found in close) + f"variables here: {', '.join(names)}"
        message = f"{name} of the claim is not a variable of {target.source}"
        raise AdiffError("unknown-name", message, span=_place(self.expression, name), help=help, source=self.text)


class Numbers(NamedTuple):
    """The derivative by the names of a key at the one point that is given."""

    key: tuple
    array: np.ndarray
    text: str | None = None

    @property
    def keys(self):
        return (self.key,)

    def at(self, point):
        """The claimed arrays, by key."""
        return {self.key: self.array}

    def check(self, target, names):
        """Numbers need no variables."""


class Function(NamedTuple):
    """The derivatives of some keys as a function returns them: an array, a tuple in their order, or a dict by name.

    call   gives what the function returns at a point, a dict of arrays by name
    text   its name
    """

    keys: tuple
    call: object
    text: str | None

    def at(self, point):
        """The claimed arrays at a point, by key."""
        found = self.call(point)
        if found is None:
            raise self._error("returns None", "is a return missing?")
        if isinstance(found, dict):
            return {key: self._array(self._entry(found, key)) for key in self.keys}
        if isinstance(found, tuple):
            return dict(zip(self.keys, map(self._array, self._flat(found)), strict=True))
        if len(self.keys) > 1:
            raise self._error(f"returns one array, but {self._wanted}",
                              "return a tuple in that order or a dict by name, or choose one with --wrt")  # fmt: skip
        return {self.keys[0]: self._array(found)}

    def check(self, target, names):
        """That its parameters have values is seen when it is called."""

    def _entry(self, found, key):
        """The part of a dict that belongs to a key; of a Hessian also as a dict of dicts."""
        for part in (key, ",".join(key), *(key if len(set(key)) == 1 else ())):
            if part in found and not isinstance(found[part], dict):
                return found[part]
        if key[0] in found and isinstance(found[key[0]], dict) and key[-1] in found[key[0]]:
            return found[key[0]][key[-1]]
        known = ", ".join(map(str, found)) or "nothing"
        raise self._error(f"returns a dict without {','.join(key)}", f"it has {known}")

    def _flat(self, found):
        """The parts of a tuple; of a Hessian also as a tuple of tuples. Numbers may be the components of one array."""
        parts = [part for row in found for part in (row if isinstance(row, tuple) else (row,))]
        if len(self.keys) == 1 and len(parts) > 1 and all(np.shape(part) == () for part in parts):
            parts = [parts]
        if len(parts) != len(self.keys):
            raise self._error(f"returns {len(parts)} arrays, but {self._wanted}",
                              "choose them with --wrt, in the order in which they are returned")  # fmt: skip
        return parts

    @property
    def _wanted(self):
        names = ", ".join(map(",".join, self.keys))
        return f"{len(self.keys)} derivative{'s are' if len(self.keys) > 1 else ' is'} asked for: {names}"

    def _array(self, part):
        if part is None or isinstance(part, (str, dict, set)):
            raise self._error(f"returns {type(part).__name__} where an array belongs")
        try:
            return as_floats(part)
        except AdiffError as error:
            raise self._error(f"returns what is no array of numbers: {error.message}") from None

    def _error(self, what, help=""):
        return AdiffError("claim", f"{self.text or 'the claim'} {what}", help=help)


def _place(expression, name):
    return next(node.span for node in free_names(expression.script) if node.name == name)


def misshapen(yours, true, fits):
    """(what is wrong with the shape of a claim, and how it would be right); both empty where it is that of the truth.

    fits   whether an array of the right shape is the derivative
    """
    if yours.shape == true.shape:
        return "", ""
    mine = f"has shape {shape_text(yours.shape)}" if yours.shape else "is one number"
    right = f"shape {shape_text(true.shape)}" if true.shape else "one number"
    way, reshaped = _reshaped(yours, true.shape)
    agrees = way and fits(reshaped)
    end = f"; {way}, it {'agrees' if agrees else 'differs as well'}" if way else ""
    return f"yours {mine}, where {right} belongs{end}", way if agrees else ""


def _reshaped(yours, shape):
    """(how a claim comes to a shape, the claim in it); an empty word where there is no way."""
    if yours.ndim > 1 and yours.shape[::-1] == shape:
        return TRANSPOSED, yours.T
    if yours.size == np.prod(shape):
        return "reshaped", yours.reshape(shape)
    try:
        return "spread out", np.broadcast_to(yours, shape)
    except ValueError:
        return "", None
