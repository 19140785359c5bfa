"""Programs that are kept for the next point of the same form, and run there at the speed of NumPy.

A form is all that decides which lines an expression has, and how the result of each lies in memory: what is asked, and
the shape, type and strides of each array. The first point of a form is recorded and answered, for there may never
be another. At the second one a program is made, in some times as long; from then on it answers alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .engine.uniform import LARGE, uniformly
from .errors import AdiffError
from .language.mismatches import CAUGHT
from .language.values import as_floats
from .recorded import Recorded

_MOST = 64  # forms that are remembered for one expression
_FLOAT = np.dtype(np.float64)


@dataclass(frozen=True, eq=False)
class Question:
    """What can be asked of an expression again and again.

    answer    answer(recorded, wrt)
    program   program(recorded, wrt): a function of the inputs' arrays; None where there cannot be one. It gives the
              answer with the same bits, or None at a point where only the other way does.
    scalar    the name of the command, where the value must be one number
    blocks    like `program`, for arrays that are large
    """

    answer: Callable
    program: Callable
    scalar: str = ""
    blocks: Callable = None


VALUE = Question(lambda recorded, _: np.array(recorded.value)[()], lambda recorded, _: recorded.value_program())
GRADIENT = Question(Recorded.value_and_gradient, Recorded.value_and_gradient_program, "grad",
                    Recorded.value_and_gradient_in_blocks)  # fmt: skip
HESSIAN = Question(Recorded.hessian, Recorded.hessian_program, "hess")
OF_TENSORS = Question(None, lambda recorded, _: recorded.tensor_program())


class Forms:
    """The forms of points at which one expression was asked."""

    def __init__(self):
        self.known = lru_cache(_MOST)(lambda *form: _Form())

    def find(self, question, wrt, names, arrays):
        """What is known of a form: of a question by `wrt`, at arrays by name."""
        form = [question, wrt, names]
        for array in arrays:
            form += array.shape, array.strides
            if array.dtype is not _FLOAT:
                form.append(array.dtype)
        return self.known(*form)


class _Form:
    """Whether points of one form were met before, and the program for them, once it has been made."""

    __slots__ = ("met", "program")

    def __init__(self):
        self.met, self.program = False, None

    def spread(self, expression, question, wrt, names, arrays):
        """Make the program for large arrays, of which what is computed on the way would not fit into the cache, nor
        many of them into memory: it goes from block to block. There is one for what goes element by element, and sums
        up. It gives the answer to rounding: sums are taken in another order."""
        if self.met or question.blocks is None or max([a.size for a in arrays], default=0) < LARGE:
            return
        try:
            with uniformly(arrays) as points:
                found, wrt = expression.ask(dict(zip(names, points, strict=True)), wrt, scalar=question.scalar)
                self.program = question.blocks(found, wrt)
        except (AdiffError, *CAUGHT):
            return  # it is asked in the way that holds for all

    def run(self, inputs):
        """The answer at a point by the program; None where there is none, or where it does not hold."""
        if self.program is None:
            return None
        try:
            return self.program(*inputs)
        except (AdiffError, *CAUGHT):
            return None  # it is asked again, in the way that can say what is wrong

    def learn(self, question, recorded, wrt, answer):
        """Make the program where the answer of this point, at least the second one, is finite: at a pole or a singular
        matrix derivatives may be recorded as the constants that they are only there."""
        if self.met and self.program is None and recorded.varies and _is_finite(answer):
            self.program = question.program(recorded, wrt)
        self.met = True


def _is_finite(answer):
    if isinstance(answer, dict):
        return all(map(_is_finite, answer.values()))
    return all(map(_is_finite, answer)) if isinstance(answer, tuple) else np.isfinite(answer).all()


def as_array(value):
    """A number or array as it is computed with; for what is a double already, nothing is asked."""
    if type(value) is np.ndarray and value.dtype is _FLOAT:
        return value
    return np.array(value) if type(value) is float else as_floats(value)
