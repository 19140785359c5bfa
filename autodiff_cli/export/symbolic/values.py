"""What sums are at the point where they were recorded."""

import numpy as np


@np.errstate(all="ignore")
def value_of(part):
    """The array that a sum is."""
    result = np.zeros(part.shape)
    for term in part.terms:
        result = result + _term(term, part.shape)
    return np.asarray(result)


def _term(term, shape):
    letters = {}
    for axis in (*term.axes, *term.summed):
        letters.setdefault(axis, len(letters))
    operands = []
    for atom, axes, power in term.factors:
        operands += [np.asarray(atom.value, float) ** (int(power) if power == int(power) else float(power)),
                     [letters[a] for a in axes]]  # fmt: skip
    own = list(dict.fromkeys(term.axes))
    kept = [letters[a] for a in own if any(a in f.axes for f in term.factors)]
    found = np.einsum(*operands, kept) if operands else np.ones(())
    found = float(term.coefficient) * np.reshape(found, [a.size if letters[a] in kept else 1 for a in own])
    if len(own) == len(term.axes):
        return np.broadcast_to(found, shape)
    result = np.zeros(shape)
    np.einsum(result, [letters[a] for a in term.axes], [letters[a] for a in own])[...] = found
    return result
