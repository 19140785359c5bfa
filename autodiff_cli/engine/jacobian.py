"""Jacobians and Hessians: many directions pushed through the lines at once, forwards or backwards."""

import numpy as np

from .compiled import compiled
from .differentiate import plain, vjp
from .directions import Unit, directions
from .forward import jvp, push
from .program import Program
from .recording import Recording, modes
from .simplify import recording_of, simplifying
from .tensor import Tensor, variable


@np.errstate(all="ignore")
def jacobian(output, inputs, mode="auto", *, record=False):
    """The derivative of a Line with respect to each input: arrays of shape output.shape + input.shape.

    mode     "forward" pushes a basis of the input through, "reverse" one of the output; "auto" takes the smaller
    record   compute on Tensors, so that the result can be differentiated again
    """
    return [_jacobian(output, line, mode, record) for line in inputs]


def _jacobian(output, line, mode, record):
    n, m = np.size(line.value), np.size(output.value)
    if goes_forward(mode, n, m):
        way = Unit(line, output) if record else directions([output], line)
        (stacks,) = _tangents([output], line, way, record)
        return way.jacobian(stacks)
    return _rows(output, line, record)


def goes_forward(mode, n, m):
    """Whether a mode pushes a basis of the n numbers of an input through, and not one of the m of the output."""
    return mode == "forward" or (mode == "auto" and n <= m)


def _tangents(outputs, line, way, record):
    """Forward: for each output, how it moves along each direction, in stacks."""
    found = [jvp(outputs, [line], [basis], live=[basis != 0], batched=True, record=record) for basis in way.stacks()]
    return zip(*found, strict=True)


def _rows(output, line, record):
    """Reverse: the gradients of the entries of the output, by one recorded sweep."""
    shape = output.value.shape
    with modes.recording or Recording():
        seed, live = variable(np.zeros_like(output.value)), variable(np.ones(shape, bool))
        found = vjp([output], [seed], [line], live=[live], record=True)
    stacks = [
        push(found, [seed.line, live.line], [basis, basis != 0], record=record)[0]
        for basis in Unit(output, line).stacks()
    ]
    return np.reshape(stacks[0] if len(stacks) == 1 else np.concatenate(stacks), shape + line.value.shape)


@np.errstate(all="ignore")
def hessian(output, inputs, *, record=False):
    """The second derivatives of a scalar Line: blocks [i][j] of shape inputs[i].shape + inputs[j].shape.

    Forward over reverse: the gradient is recorded once, and its Jacobian taken forwards. A block below the diagonal
    is the transpose of the one above, and each block on the diagonal is made symmetric.
    """
    columns = []
    with recording_of(output), simplifying():
        gradient = _gradient(output, inputs)
        for j, line in enumerate(inputs):
            way = _way(gradient[: j + 1], line, record)
            # One stack goes through simplified lines; several would keep the values of all of them.
            tangents = _tangents(gradient[: j + 1], line, way, record or way.count == 1)
            columns.append(_column(way, [s if record else [plain(t) for t in s] for s in tangents]))
    return _completed(columns, inputs)


def _gradient(output, inputs):
    """The gradient of a scalar, as lines."""
    found = vjp([output], [np.ones((), output.value.dtype)], inputs, record=True)
    return [(g if isinstance(g, Tensor) and g.line else variable(g)).line for g in found]


def _way(gradient, line, record=False):
    return Unit(line, *gradient) if record else directions(gradient, line, last_is_gradient=True)


def _column(way, tangents):
    """The blocks of a Hessian by one input, down to the diagonal."""
    last = len(tangents) - 1
    return [(way.hessian if i == last else way.jacobian)(stacks, i) for i, stacks in enumerate(tangents)]


def _completed(columns, inputs):
    """All blocks, those below the diagonal as the transposes of those above."""
    size, ranks = len(inputs), [line.value.ndim for line in inputs]
    return [
        [columns[j][i] if i <= j else _transposed(columns[i][j], ranks[j]) for j in range(size)] for i in range(size)
    ]


def _transposed(block, rank):
    """The first `rank` axes behind the others."""
    return np.moveaxis(block, range(rank), range(-rank, 0))


class HessianProgram:
    """A scalar with its gradient and Hessian, recorded at one point, for many of the same shapes.

    output   the scalar, a Line
    point    the input Lines in the order in which the program is called
    inputs   those to differentiate by
    """

    @np.errstate(all="ignore")
    def __init__(self, output, point, inputs):
        self.inputs, self.ways = inputs, []
        with recording_of(output), simplifying():
            gradient = _gradient(output, inputs)
            outputs = [output, *(line if line.operands or line in point else line.value for line in gradient)]
            for j, line in enumerate(inputs):
                way = _way(gradient[: j + 1], line)
                stacks = [t for some in _tangents(gradient[: j + 1], line, way, record=True) for t in some]
                outputs += [t.line if isinstance(t, Tensor) and t.line else plain(t) for t in stacks]
                self.ways.append(way)
        self.run = compiled(Program(point, outputs))

    @np.errstate(all="ignore")
    def __call__(self, *point):
        """(value, gradients, blocks [i][j]) at a point. Raises Elsewhere where the program does not hold there."""
        value, *found = self.run(*point)
        gradient, tangents = found[: len(self.inputs)], iter(found[len(self.inputs) :])
        columns = []
        for j, way in enumerate(self.ways):
            columns.append(_column(way, [[next(tangents) for _ in range(way.count)] for _ in range(j + 1)]))
        return value, gradient, _completed(columns, self.inputs)
