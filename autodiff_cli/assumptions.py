"""What is said beside a formula: that it is one, what was assumed, and how to ask for something else."""

from math import prod

import numpy as np

from .render.numbers import value_text
from .report import Remark

_MOST_VALUES = 6  # of an example that is written out


def note(symbols):
    """A Remark; None where numbers without values have no shape to speak of and no other variable has a value."""
    if not symbols.shapes or not (symbols.given or any(symbols.assumed.values())):
        return None
    names, taken = list(symbols.shapes), _assumed(symbols)
    said = f"{_listed(names)} {'have' if len(names) > 1 else 'has'} no value, so the answer is a formula"
    another = _another_shape(symbols)
    more = f"for numbers add {examples(symbols.shapes, 4 if symbols.given else 1)}"
    return Remark("formula", said + (f" ({taken})" if taken else ""),
                  more=more + (f"; for another shape --shape {another}" if another else ""))  # fmt: skip


def of_shapes(symbols):
    """A Remark on what is written for shapes that nobody said; None where numbers are taken for numbers."""
    if not any(symbols.assumed.values()) and not (symbols.given and symbols.assumed):
        return None
    another = _another_shape(symbols)
    return Remark("shape", _assumed(symbols), more=f"for another shape --shape {another}" if another else "")


def _assumed(symbols):
    return "; ".join(f"{name} taken to {_taken(symbols, name)}" for name in symbols.assumed)


def examples(shapes, start=1):
    """Values to begin with, as options: `--y 4,5,6`."""
    words = []
    for name, shape in shapes.items():
        if len(shape) < 3 and 0 < prod(shape) <= _MOST_VALUES:
            text = value_text(np.arange(start, start + prod(shape)).reshape(shape))
            start += prod(shape)
        else:
            text = f"randn({','.join(map(str, shape))})"
        words.append(f'--{name} "{text}"' if set(text) & set(";()") else f"--{name} {text}")
    return " ".join(words)


def spelt(symbols):
    """The shapes as options: `--shape X=3x3`."""
    return " ".join(f"--shape {name}={_word(shape) or 'scalar'}" for name, shape in symbols.shapes.items())


def _listed(names):
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _taken(symbols, name):
    """`have the shape of x: 3`."""
    shape = symbols.shapes[name]
    if not shape:
        return "be a number"
    shapes = {other: array.shape for other, array in symbols.given.items()} | symbols.shapes
    like = next(other for other in shapes if shapes[other] == shape)
    if like != name:
        return f"have the shape of {like}: {_word(shape)}"
    return f"be {('a vector', 'a matrix')[len(shape) - 1] if len(shape) < 3 else 'an array'}: {_word(shape)}"


def _another_shape(symbols):
    """`y=1`: the first that could have been otherwise; nothing where all shapes follow."""
    for name, shape in symbols.assumed.items():
        follows = any(array.shape == shape for array in symbols.given.values())
        other = (1,) if shape and follows else tuple(n + 1 for n in shape) or (3,)
        if symbols.fits(name, other):
            return f"{name}={_word(other)}"
    return ""


def _word(shape):
    return "x".join(map(str, shape))
