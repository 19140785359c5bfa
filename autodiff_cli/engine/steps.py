"""What a block of rows is done by: calls that write into memory that is there; the last argument is the output."""

import numpy as np

from . import batch
from .blocks import PIECE
from .compiled import Elsewhere


def copy_to(x, out):
    np.copyto(out, x)


def copy_components(x, out):
    """One after the other: at once NumPy would go from row to row."""
    for component in np.ndindex(out.shape[1:]):
        np.copyto(out[:, *component], x[:, *component])


def sum_of_components(x, out):
    np.add(x[:, 0], x[:, 1], out)
    for k in range(2, x.shape[1]):
        np.add(out, x[:, k], out)


def component(x, at, has_rows):
    """The component of an operand that meets that of the answer."""
    shape = np.shape(x)[has_rows:]
    at = tuple(k if n > 1 else 0 for k, n in zip(at[len(at) - len(shape) :], shape, strict=True))
    return x[:, *at] if has_rows else x[at] if shape else x


# These two want the word to be said.
WITH_OUT = {
    np.maximum: lambda a, b, out: np.maximum(a, b, out=out),
    np.minimum: lambda a, b, out: np.minimum(a, b, out=out),
}


def choose(condition, a, b, out):
    np.copyto(out, b)
    np.copyto(out, a, where=condition)


def calling(rule, flags, params):
    """The function that calls a rule for a block, and writes its answers."""
    count = len(flags)

    def call(*arguments):
        operands, outs = arguments[:count], arguments[count:]
        answers = batch.call(rule, operands, flags, params)
        for answer, out in zip(answers if isinstance(answers, tuple) else (answers,), outs, strict=True):
            if np.shape(answer) != out.shape:
                raise Elsewhere
            np.copyto(out, answer)

    return call


def sum_of_squares(x):
    """It is not finite where an entry is not. In pieces: for longer ones the library that does it starts threads."""
    flat = x.ravel("K")
    flat = flat.reshape(-1, PIECE) if len(flat) % PIECE == 0 else flat
    return np.add.reduce(np.vecdot(flat, flat), None)
