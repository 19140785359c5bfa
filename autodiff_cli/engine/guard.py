"""Plain arrays in a graph: what a derivative will be computed from must still be there when it is.

Code that knows only NumPy writes into its arrays again and again. A line therefore gets a small array as a copy. A
large one it shares, and the array can only be read for as long as the line needs it: writing to it is NumPy's error
(assignment destination is read-only), never a wrong derivative.
"""

from weakref import finalize

import numpy as np

_SMALL = 2**14  # bytes: to copy them takes less time than to compute with them

_locked = {}  # by id: [array, how many lines need it]
_waiting = []  # arrays that nothing needs, in memory that is still needed through others


def kept(array):
    """An array with the entries that `array` has now, for a line to hold."""
    if array.nbytes <= _SMALL:
        return array.copy()
    held, chain = array.view(), []
    while isinstance(array, np.ndarray):
        if id(array) in _locked:
            _locked[id(array)][1] += 1
            chain.append(array)
        elif array.flags.writeable:
            array.flags.writeable = False
            _locked[id(array)] = [array, 1]
            chain.append(array)
        array = array.base
    if chain:
        finalize(held, _release, chain).atexit = False
    return held


def _release(chain):
    """One line fewer needs these arrays."""
    for array in chain:
        entry = _locked[id(array)]
        entry[1] -= 1
        if entry[1] == 0:
            del _locked[id(array)]
            _waiting.append(array)
    # An owner can be written before what looks at its memory can.
    for array in sorted(_waiting, key=lambda a: isinstance(a.base, np.ndarray)):
        if not isinstance(array.base, np.ndarray) or array.base.flags.writeable:
            array.flags.writeable = True
    _waiting[:] = [array for array in _waiting if not array.flags.writeable]
