"""The directions along which a Jacobian is taken: unit arrays, or fewer where most derivatives are zero at any point.

The *pattern* of a line says, for each entry of an input, on which entries of the line it has an influence: truth
values with the input's entries along the first axis, read off the lines. An elementwise line has the patterns of its
operands together; a linear one carries them as it carries ones; what mixes, depends on all. Columns of a Jacobian
that meet in no row can share a direction, which is a colouring of a graph (Curtis, Powell, Reid, "On the estimation of
sparse Jacobian matrices", 1974; Gebremedhin, Manne, Pothen, "What color is your Jacobian?", 2005).
"""

import numpy as np

from . import batch
from .program import Line, between

_FEW = 32  # with fewer columns, nothing is gained by looking for a pattern
_BLOCK = 2**22  # entries of one stack of arrays


class Unit:
    """One unit array for each entry of the input, in stacks that do not take too much room."""

    def __init__(self, line, *outputs):
        self.value = line.value
        self.height = max(1, _BLOCK // max(1, *(each.value.size for each in (line, *outputs))))

    @property
    def count(self):
        """How many stacks there are."""
        return max(1, -(-self.value.size // self.height))

    def stacks(self):
        """Arrays with the directions along a first axis; an empty one where the input has no entries."""
        n = self.value.size
        for start in range(0, max(n, 1), self.height):
            count = min(self.height, n - start)
            basis = np.zeros((count, n), self.value.dtype)
            basis[np.arange(count), np.arange(start, start + count)] = 1
            yield basis.reshape(count, *self.value.shape)

    def jacobian(self, stacks, output=0):
        """The Jacobian of an output from its tangents in all stacks: axes of the output, then those of the input."""
        tangents = stacks[0] if len(stacks) == 1 else np.concatenate(stacks)
        form, rank = self.value.shape, self.value.ndim
        return np.moveaxis(np.reshape(tangents, form + tangents.shape[1:]), range(rank), range(-rank, 0))

    def hessian(self, stacks, output=0):
        """The same for the output that is the gradient by the input itself, made symmetric."""
        found, rank = self.jacobian(stacks), self.value.ndim
        return 0.5 * (found + np.moveaxis(found, range(rank), range(-rank, 0)))


class Compressed:
    """Few directions, in each of which many entries of the input move, no two of them with a row in common.

    patterns   for each output truth values of shape (entries of the input, entries of the output)
    """

    count = 1

    def __init__(self, line, patterns):
        self.value = line.value
        self.colors = _colors(np.concatenate(patterns, axis=1))
        self.outputs = [_Places(pattern, self.colors) for pattern in patterns]

    def stacks(self):
        moving = np.arange(np.max(self.colors) + 1)[:, None] == self.colors
        yield moving.astype(self.value.dtype).reshape(-1, *self.value.shape)

    def jacobian(self, stacks, output=0):
        (tangents,) = stacks
        places = self.outputs[output]
        return places.spread(np.reshape(tangents, -1)[places.sources], tangents.shape[1:] + self.value.shape)

    def hessian(self, stacks, output=0):
        places = self.outputs[output]
        found = np.reshape(stacks[0], -1)[places.sources]
        return places.spread(0.5 * (found + found[places.mirrored]), self.value.shape * 2)


class _Places:
    """Where the entries of a Jacobian that can be different from zero are found, and where they belong."""

    def __init__(self, pattern, colors):
        n, m = pattern.shape
        columns, rows = np.nonzero(pattern)
        self.sources = colors[columns] * m + rows
        self.targets = rows * n + columns
        # Of a symmetric pattern: the place of entry (j, i) in the list, for each entry (i, j).
        self.mirrored = np.searchsorted(columns * n + rows, self.targets) if n == m else None

    def spread(self, found, shape):
        answer = np.zeros(shape, found.dtype)
        answer.reshape(-1)[self.targets] = found
        return answer


def directions(outputs, line, last_is_gradient=False):
    """Unit or Compressed directions for the Jacobians of some outputs.

    last_is_gradient   the last output is the gradient by `line` itself, so that its Jacobian is symmetric
    """
    n = line.value.size
    if n < _FEW or any(output.value.size == 0 for output in outputs):
        return Unit(line, *outputs)
    patterns = [_pattern(output, line).reshape(n, -1) for output in outputs]
    if last_is_gradient:
        patterns[-1] = patterns[-1] & patterns[-1].T
    most = max(int(np.max(np.count_nonzero(pattern, axis=0))) for pattern in patterns)
    return Compressed(line, patterns) if most <= n // 4 else Unit(line, *outputs)


def _colors(pattern):
    """A color for each column, greedily: the first that no column with a common row has."""
    n = len(pattern)
    columns, rows = np.nonzero(pattern)
    ends = np.searchsorted(columns, np.arange(n + 1)).tolist()
    rows = rows.tolist()
    taken = [0] * pattern.shape[1]  # the colors in each row, as bits
    colors = np.zeros(n, int)
    for j in range(n):
        mine = rows[ends[j] : ends[j + 1]]
        used = 0
        for row in mine:
            used |= taken[row]
        free = ~used & (used + 1)  # the lowest bit that is not set
        colors[j] = free.bit_length() - 1
        for row in mine:
            taken[row] |= free
    return colors


def _pattern(output, line):
    """Truth values of shape (entries of the line, *shape of the output)."""
    n = line.value.size
    moving = between([output], [line])
    largest = max([n, *(_size(found) for found in moving)])
    size = max(1, _BLOCK // largest)
    blocks = [_block(output, line, moving, range(start, min(start + size, n))) for start in range(0, n, size)]
    return np.concatenate(blocks)


def _size(line):
    return 1 if isinstance(line.value, tuple) else line.value.size


def _block(output, line, moving, entries):
    """The pattern of some entries of the line."""
    seed = np.arange(line.value.size) == np.array(entries)[:, None]
    found = {line: seed.reshape(len(entries), *line.value.shape)}
    for each, positions in moving.items():
        if each is not line:
            found[each] = _carried(each, positions, [found[each.operands[i]] for i in positions])
    if output not in found:
        return np.zeros((len(entries), *output.value.shape), bool)
    return np.broadcast_to(found[output], (len(entries), *output.value.shape))


def _carried(line, positions, patterns):
    """The pattern of a line from those of its operands; where each entry is alike, its axes have length 1."""
    rule, value = line.rule, line.value
    if rule.kind == "elementwise":
        total = _aligned(patterns[0], value)
        for pattern in patterns[1:]:
            total = total | _aligned(pattern, value)
        return total
    full = len(patterns) == 1 and patterns[0].size == len(patterns[0])
    if full or rule.kind not in ("linear", "bilinear") or rule.signed:
        return _on_everything(patterns, value)
    total = False
    for i, pattern in zip(positions, patterns, strict=True):
        total = total | _through(line, i, pattern)
    return _on_everything([total], value) if total.all() else total


def _aligned(pattern, value):
    """With axes of length 1 where an operand has fewer than the line."""
    return pattern.reshape(len(pattern), *(1,) * (value.ndim - pattern.ndim + 1), *pattern.shape[1:])


def _on_everything(patterns, value):
    """Every entry of the line depends on all that any operand has."""
    some = [p.reshape(len(p), -1).any(axis=1) for p in patterns]
    rank = 0 if isinstance(value, tuple) else value.ndim
    return np.any(some, axis=0).reshape(-1, *(1,) * rank)


def _through(line, position, pattern):
    """A linear function of the pattern, with ones in place of the other factors of a product."""
    rule, operands = line.rule, []
    for i, operand in enumerate(line.operands):
        value = operand.value if type(operand) is Line else operand
        if i == position:
            value = np.broadcast_to(pattern, (len(pattern), *np.shape(value))).astype(np.float32)
        elif rule.kind == "bilinear":
            value = np.ones(np.shape(value), np.float32) if type(operand) is Line else np.not_equal(value, 0) * 1.0
        elif rule.passes(i):
            value = np.zeros(np.shape(value), np.float32)
        operands.append(value)
    flags = [i == position for i in range(len(operands))]
    return np.not_equal(batch.call(rule, operands, flags, line.params), 0)
