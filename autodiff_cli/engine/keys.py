"""Keys of x[key], taken apart: what stands still in a template, index arrays (which may be Tensors) beside it."""

import operator

import numpy as np

from .creation import asarray

# In a template this stands for an index array. The arrays themselves are operands, so that computed ones are
# computed again at other points.
ARRAY = "array"


def parted(key):
    """(template, arrays) of a key."""
    arrays = []
    return tuple(_entry(k, arrays) for k in (key if isinstance(key, tuple) else (key,))), arrays


def _entry(entry, arrays):
    """One entry of a key in its plainest form; an index array goes to `arrays`."""
    if entry is None or entry is Ellipsis:
        return entry
    if isinstance(entry, slice):
        return slice(*(None if k is None else operator.index(k) for k in (entry.start, entry.stop, entry.step)))
    if isinstance(entry, (int, np.integer)) and not isinstance(entry, bool):
        return int(entry)
    # An empty list would be an array of floats, which is no index.
    arrays.append(np.empty(0, np.intp) if isinstance(entry, list) and not entry else asarray(entry))
    return ARRAY


def filled(template, arrays):
    """The key with its arrays in their places."""
    arrays = iter(arrays)
    return tuple(next(arrays) if k == ARRAY else k for k in template)
