"""What is written down: the program of a value and its gradient, and what its lines are called."""

from typing import NamedTuple

import numpy as np

from ..engine.compiled import lean
from ..engine.program import INPUT, Line, Program
from ..engine.recording import Recording
from ..engine.rulebook.shapes import cast
from ..engine.rules import find
from ..engine.simplify import identity, rewritten
from ..engine.slopes import alias
from ..errors import AdiffError
from ..language.values import as_floats


class Exported(NamedTuple):
    """A scalar expression with its gradient, ready to be written in another language.

    source    the text
    recorded  the expression at a point of the shapes that it is written for
    wrt       names of the variables of the gradient
    program   a Program: of the inputs the value, then the derivative by each of `wrt`
    called    names that the text itself gives to lines
    """

    source: str
    recorded: object
    wrt: tuple
    program: object
    called: dict

    @property
    def names(self):
        """The names of the inputs."""
        return tuple(self.recorded.inputs)

    @property
    def forms(self):
        """Shape and type of each input, by name."""
        return {name: (line.value.shape, line.value.dtype) for name, line in self.recorded.inputs.items()}

    @property
    def labels(self):
        """What the outputs are: f, df_dx, ..."""
        return ("f", *(f"df_d{name}" for name in self.wrt))


def exported(definitions, recorded, wrt):
    """Value and gradient by `wrt` of a recorded expression, which has names for pieces of itself, by Span."""
    program = recorded.gradient_program(wrt)
    value, *gradient = rewritten(program.outputs, {alias: (identity,)})
    program = lean(Program(program.inputs, [_as_float(value), *gradient]))
    computed = {line.span: line for line in program.lines if line.span in definitions}  # the last of each counts
    called = {line: definitions[span] for span, line in computed.items()}
    return Exported(recorded.function or recorded.source, recorded, tuple(wrt), program, called)


def _as_float(value):
    """A count or a truth value as the number that it is printed as."""
    if type(value) is not Line:
        return as_floats(value)[()]
    if value.value.dtype.kind == "f":
        return value
    with Recording() as recording:
        return recording.line(find(cast), (value,), {"dtype": np.dtype(np.float64)})


def is_view(output, program):
    """Whether what a call gives may lie in the memory of something else: an input, a constant, another output."""
    if type(output) is not Line:
        return isinstance(output, np.ndarray)
    if output.rule is INPUT or sum(o is output for o in program.outputs) > 1:
        return True
    return isinstance(output.value, np.ndarray) and not output.value.flags.owndata


def unwritable(what, how, span=None):
    """The error for what cannot be said `how`: in C, as a formula."""
    help = "--to json writes every program"
    return AdiffError("export", f"{what} cannot be written {how}", span=span, help=help)
