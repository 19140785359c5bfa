"""Which components are meant, in words: all of row 2, every third, the diagonal."""

import numpy as np

_FEW = 3  # components of which nothing is said, for they are read as fast


def pattern(mask):
    """What the components under a mask have in common; empty where nothing, or nothing worth a word."""
    mask = np.asarray(mask)
    if np.count_nonzero(mask) < _FEW or mask.all():
        return ""
    if mask.ndim == 2:
        return _of_matrix(mask) or _of_lines(mask)
    return _of_vector(mask) if mask.ndim == 1 else _of_lines(mask)


def _of_matrix(mask):
    rows, columns = np.indices(mask.shape)
    triangles = {
        "the diagonal": rows == columns,
        "all but the diagonal": rows != columns,
        "the lower triangle": rows >= columns,
        "the lower triangle without the diagonal": rows > columns,
        "the upper triangle": rows <= columns,
        "the upper triangle without the diagonal": rows < columns,
    }
    return next((name for name, places in triangles.items() if np.array_equal(mask, places)), "")


def _of_lines(mask):
    """`all of row 2`: along one axis only some places are met, and these wholly."""
    for axis, size in enumerate(mask.shape):
        whole = np.moveaxis(mask, axis, 0).reshape(size, -1)
        if (whole.all(axis=1) == whole.any(axis=1)).all():
            name = ("row", "column")[axis] if mask.ndim == 2 else f"axis {axis}, place"
            return _listed(name, np.flatnonzero(whole.any(axis=1)))
    return ""


def _listed(name, places):
    places = places.tolist()
    if len(places) == 1:
        return f"all of {name} {places[0]}"
    return f"all of {name}s {places[0]} to {places[-1]}" if places[-1] - places[0] == len(places) - 1 else ""


def _of_vector(mask):
    places = np.flatnonzero(mask)
    steps = set(np.diff(places).tolist())
    if len(steps) != 1:
        return ""
    step, first, last = steps.pop(), int(places[0]), int(places[-1])
    if step == 1:
        return f"from [{first}] to [{last}]"
    to = "on" if first < step and last + step >= mask.size else f"to [{last}]"
    return f"every {_ordinal(step)} from [{first}] {to}"


def _ordinal(n):
    return {2: "second", 3: "third"}.get(n, f"{n}th")
