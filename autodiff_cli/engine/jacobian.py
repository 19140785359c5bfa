"""Jacobians and Hessians: a basis pushed through the lines all at once, forwards or backwards."""

import numpy as np

from .differentiate import vjp
from .forward import jvp, push
from .tensor import Recording, Tensor, modes, variable

# Elements of one array of tangents: more directions than fit into this are pushed one block after the other.
_BLOCK = 2**22


@np.errstate(all="ignore")
def jacobian(output, inputs, mode="auto", *, record=False):
    """The derivative of a Line with respect to each input: arrays of shape output.shape + input.shape.

    mode     "forward" pushes a basis of the input through, "reverse" one of the output; "auto" takes the smaller
    record   compute on Tensors, so that the result can be differentiated again
    """
    return [_jacobian(output, line, mode, record) for line in inputs]


def _jacobian(output, line, mode, record):
    n, m = np.size(line.value), np.size(output.value)
    if mode == "forward" or (mode == "auto" and n <= m):
        return _columns([output], line, record)[0]
    return _rows(output, line, record)


def _columns(outputs, line, record):
    """Forward: the derivatives of the outputs along one entry of the input after the other."""
    stacks = [
        jvp(outputs, [line], [basis], live=[basis != 0], batched=True, record=record)
        for basis in _bases(line.value, *(o.value for o in outputs))
    ]
    form, rank = line.value.shape, line.value.ndim
    answers = (_joined(blocks) for blocks in zip(*stacks, strict=True))
    return [np.moveaxis(np.reshape(a, form + a.shape[1:]), range(rank), range(-rank, 0)) for a in answers]


def _rows(output, line, record):
    """Reverse: the gradient of one entry of the output after the other, by one recorded sweep."""
    shape = output.value.shape
    with modes.recording or Recording():
        seed, live = variable(np.zeros_like(output.value)), variable(np.ones(shape, bool))
        found = vjp([output], [seed], [line], live=[live], record=True)
    stacks = [
        push(found, [seed.line, live.line], [basis, basis != 0], record=record)[0]
        for basis in _bases(output.value, line.value)
    ]
    return np.reshape(_joined(stacks), shape + line.value.shape)


def _joined(blocks):
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _bases(value, *others):
    """The unit arrays of the form of `value`, in stacks; an empty stack where it has no entries."""
    n = value.size
    size = max(1, _BLOCK // max(1, n, *(other.size for other in others)))
    for start in range(0, max(n, 1), size):
        count = min(size, n - start)
        basis = np.zeros((count, n), value.dtype)
        basis[np.arange(count), np.arange(start, start + count)] = 1
        yield basis.reshape((count, *value.shape))


@np.errstate(all="ignore")
def hessian(output, inputs, *, record=False):
    """The second derivatives of a scalar Line: blocks [i][j] of shape inputs[i].shape + inputs[j].shape.

    Forward over reverse: the gradient is recorded once, and its Jacobian taken forwards. A block below the diagonal
    is the transpose of the one above, and each block on the diagonal is made symmetric.
    """
    with modes.recording or Recording():
        gradient = vjp([output], [np.ones((), output.value.dtype)], inputs, record=True)
    gradient = [g if isinstance(g, Tensor) else variable(g) for g in gradient]
    blocks = [[None] * len(inputs) for _ in inputs]
    for j, line in enumerate(inputs):
        column = _columns([g.line for g in gradient[: j + 1]], line, record)
        for i, block in enumerate(column):
            blocks[i][j] = block
            blocks[j][i] = _transposed(block, inputs[i].value.ndim)
        blocks[j][j] = 0.5 * (blocks[j][j] + column[j])
    return blocks


def _transposed(block, rank):
    """The first `rank` axes behind the others."""
    return np.moveaxis(block, range(rank), range(-rank, 0))
