"""Functions that the notation cannot say in any other way, as atoms."""

import numpy as np

from ...engine.linalg import logdet
from ...engine.nn import softmax
from ...engine.rulebook.arithmetic import sign
from ...engine.rules import NO_PARAMS, Rule
from .algebra import ONE, Applied, Literal, Sum, Unsaid, fresh
from .naming import row_of
from .products import constant, narrowed, numeral, product, single, termwise

_SMALL = 12  # numbers of an array that are written out

# Functions of the language that are composed of others, and are read as one.
LOGDET = Rule(logdet, "logdet")
SOFTMAX = Rule(softmax, "softmax")


def literal(value):
    """The sum that a constant is: a number, a diagonal matrix of ones, or an array written out."""
    array = np.asarray(value, float)
    if array.size and np.all(array == array.flat[0]):
        return numeral(array.flat[0].item(), array.shape)
    if array.ndim == 2 and np.array_equal(array, np.eye(len(array))):
        return identity(len(array))
    if array.size > _SMALL:
        raise Unsaid("a large array")
    return single(Literal(array))


def identity(n):
    """The matrix that is one on its diagonal."""
    (axis,) = fresh((n,))
    one = constant(ONE, (n, n))
    return Sum([one.terms[0]._replace(axes=(axis, axis))], (n, n))


def call(rule, operands, params=NO_PARAMS):
    """A function of sums as an atom; what is the same along an axis is so after a function of entries."""
    if any(not isinstance(o, Sum) for o in operands):
        raise Unsaid("an argument that is no array")
    if not is_entrywise(rule):
        return single(applied(rule, operands, params))
    axes = fresh(np.broadcast_shapes(*[o.shape for o in operands]))
    wide = [_along(o, axes) for o in operands]
    used = sorted({k for part in wide for k in part.used})
    arguments = [narrowed(part, used) for part in wide]
    atom = applied(rule, arguments, params)
    if atom.shape != arguments[0].shape:
        raise Unsaid("structure with axes of its own")
    return product([(single(atom), [axes[k] for k in used])], axes)


def applied(rule, arguments, params=NO_PARAMS):
    """The atom of a function, with its value."""
    row_of(rule)  # or nothing can be said
    with np.errstate(all="ignore"):
        value = np.asarray(rule.evaluate(*map(_value, arguments), **params))
    return Applied(rule, tuple(arguments), params, value)


def is_entrywise(rule):
    """Whether a function goes entry by entry."""
    return rule.kind == "elementwise" or isinstance(rule.function, np.ufunc) or rule.function in (np.where, sign)


def _value(argument):
    """The value of an argument, as truth where it is a condition."""
    atom = argument.bare
    return atom.value if atom is not None and atom.truth else argument.value


def aligned(shape, axes):
    """The axes that an operand has among those of the answer: counted from the last; of length 1 it has its own."""
    own = axes[len(axes) - len(shape) :]
    return tuple(a if a.size == n else fresh((n,))[0] for n, a in zip(shape, own, strict=True))


def spread(part, shape):
    """A sum in a larger shape."""
    return part if part.shape == tuple(shape) else _along(part, fresh(shape))


def _along(part, axes):
    """A sum repeated along more axes."""
    return termwise([(part, aligned(part.shape, axes))], axes)
