"""Where a claim is tried: near the point that is given, or anywhere, for numbers that stand out hide mistakes."""

import numpy as np

from ..language.shapes import generic

_SPREAD = 0.5  # how far a point is drawn from the given one, in parts of its numbers and of their typical size
_WIDE = 2.0  # numbers without an example are drawn between this and its opposite
_WIDE_TRIES = 4  # after which they are drawn between 0 and 1, and then above 1, where more functions are defined


class Draws:
    """Points that are drawn, the same ones again for the same seed.

    given      arrays by name
    shapes     tuples by name, of the variables without values
    moving     the names that derivatives are by
    held       names that stay as they are given
    symmetric  names of matrices that stay symmetric
    """

    def __init__(self, given, shapes, seed, moving, held=(), symmetric=()):
        self.given, self.shapes, self.moving = given, shapes, moving
        self.held, self.symmetric = held, symmetric
        self.numbers = np.random.default_rng(seed)

    def point(self, tries=0):
        """A point; after `tries` that were of no use, one that is closer, or where more functions are defined.

        Every second one of these leaves whole numbers as they are, which may count something, if they are not among
        those that the derivative is by.
        """
        found = {name: self._near(name, array, tries) for name, array in self.given.items()}
        found |= {name: self._anywhere(shape, tries) for name, shape in self.shapes.items()}
        return {name: _mirrored(array) if name in self.symmetric else array for name, array in found.items()}

    def _near(self, name, array, tries):
        if name in self.held or (tries % 2 and np.all(array == np.round(array)) and name not in self.moving):
            return array
        reach = _SPREAD / 2 ** (tries // 2)
        size = np.abs(array) + _typical(array)
        with np.errstate(invalid="ignore"):  # an infinity stays one
            drawn = array + reach * size * self.numbers.uniform(-1, 1, array.shape)
        return np.where(np.isfinite(array), drawn, array).astype(array.dtype)

    def _anywhere(self, shape, tries):
        if tries < _WIDE_TRIES:
            return self.numbers.uniform(-_WIDE, _WIDE, shape)
        return np.asarray(generic(shape, self.numbers) + tries % 2)


def _typical(array):
    """The size of a usual number of an array; 1 where all are zero."""
    sizes = np.abs(array[np.isfinite(array) & (array != 0)])
    return np.mean(sizes) if sizes.size else 1.0


def _mirrored(matrix):
    return (matrix + np.swapaxes(matrix, -1, -2)) / 2
