"""Memory for the values of one block of rows, taken and given back.

Every value has the rows as its first axis. In memory they come last where values are small (`by_component`): each
component is then a run of numbers, and an operation on 3-vectors is three on long arrays.
"""

from math import prod

import numpy as np

_LINE = 64  # bytes of a cache line


class Registers:
    """Arrays of `rows` rows. What is given back is taken first, and nothing is let go of: memory that the system gives
    anew costs more than all else."""

    def __init__(self, rows, by_component):
        self.rows, self.by_component = rows, by_component
        self.all, self.free = [], {}

    @property
    def bytes(self):
        return sum(buffer.size for buffer in self.all)

    def clear(self):
        """Give everything back."""
        self.free = {}
        for buffer in self.all:
            self.give(buffer)

    def take(self, shape, dtype):
        """(buffer to give back, array of shape (rows, *shape))."""
        size = self.rows * prod(shape) * dtype.itemsize
        known = self.free.get(size)
        buffer = known.pop() if known else self._new(size)
        array = buffer.view(dtype)
        if not shape:
            return buffer, array
        if not self.by_component:
            return buffer, array.reshape(self.rows, *shape)
        rank = len(shape)
        return buffer, array.reshape(*shape, self.rows).transpose(rank, *range(rank))

    def give(self, buffer):
        self.free.setdefault(buffer.size, []).append(buffer)

    def _new(self, size):
        """Memory from the beginning of a cache line on."""
        found = np.empty(size + _LINE, np.uint8)
        start = -found.ctypes.data % _LINE
        self.all.append(found[start : start + size])
        return self.all[-1]


class Base:
    """Memory that places share, and how many uses of it are to come; results and inputs have no buffer."""

    __slots__ = ("buffer", "uses")

    def __init__(self, buffer=None, uses=0):
        self.buffer, self.uses = buffer, uses


class Place:
    """Where a value is: an array, whether that is of all rows (`whole`) or of one block, and the memory behind it."""

    __slots__ = ("array", "base", "whole")

    def __init__(self, array, whole=False, base=None):
        self.array, self.whole, self.base = array, whole, base or Base()
