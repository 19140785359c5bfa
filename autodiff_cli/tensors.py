"""ad.tensor: a Tensor of numbers in any form, text included."""

from .engine.imperative import leaf
from .errors import AdiffError
from .language.values import read_value


def tensor(data, requires_grad=False, dtype=None):
    """A Tensor in memory of its own.

    data            a number, nested lists of numbers (or of Tensors, which give their values), an array, a Tensor, or
                    text as on the command line: "[1.0, 2.0]", "1,2;3,4"; text becomes float64
    requires_grad   whether backward passes keep a gradient in `.grad`; not for integers and truth values
    dtype           as for np.array

    Raises AdiffError where data is not made of numbers, GraphError (a RuntimeError) for integers that shall require a
    gradient.
    """
    if isinstance(data, str):
        data = read_value(data, _only_numbers)
    return leaf(data, requires_grad, dtype)


def _only_numbers(text):
    raise AdiffError("value", f"{text} is not a number", help="ad.parse(text).value() evaluates expressions")
