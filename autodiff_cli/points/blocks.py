"""Some rows, read."""

from typing import NamedTuple

import numpy as np


class Block(NamedTuple):
    """Some rows, read.

    rows     as they came: Rows of text, Records or Frames, with their `numbers`
    cells    the values (n, *shape) of the columns that are used, by place
    bad      Unusable by the place of a row
    """

    rows: object
    cells: dict
    bad: dict

    def take(self, places):
        """Some of its rows, by their places."""
        cells = {column: array[places] for column, array in self.cells.items()}
        bad = {new: self.bad[old] for new, old in enumerate(places) if old in self.bad}
        return Block(self.rows.take(places), cells, bad)


def nonfinite(arrays):
    """Places of rows in which some number of some array is not finite."""
    finite = [np.isfinite(array).all(axis=tuple(range(1, array.ndim))) for array in arrays]
    return np.flatnonzero(~np.logical_and.reduce(finite)).tolist()
