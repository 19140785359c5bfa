"""The calls of a program on one block of rows, each into memory that is there already.

A value's memory is given to the next one after its last use, so that what a block touches stays in the cache. Arrays of
all rows, inputs and results, stand in the calls as slices, which are exchanged before each block.
"""

from collections import Counter
from math import isfinite

import numpy as np

from . import batch, mkl
from .batchbook import aligned, from_end
from .program import PART, Line
from .registers import Base, Place
from .rulebook.indexing import index
from .steps import WITH_OUT, calling, choose, component, copy_components, copy_to, sum_of_components, sum_of_squares

_FEW = 8  # components whose sum is written out
# What may answer with a view of its first operand.
_VIEWS = {np.reshape, np.transpose, np.matrix_transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.ravel,
          np.broadcast_to, np.flip, np.diagonal, np.real, index}  # fmt: skip


class Binding:
    """The calls of a plan (see run.py) for blocks of one size.

    registers   Registers for that many rows
    known       the values that are there already: the inputs, of all rows, and all that does not depend on rows
    results     the arrays, of all rows, that the outputs are written to
    """

    def __init__(self, plan, registers, known, results):
        self.plan, self.registers, self.known = plan, registers, known
        self.uses = Counter(plan.uses)
        self.places = {line: Place(known[line], whole=True) for line in plan.inputs}
        self.results = dict(zip(plan.written, results, strict=False))
        self.steps, self.guards = [], []
        self.holes = {}  # by the id of an array of all rows: the array, and where its slices stand
        self._gather()
        for line in [*plan.inputs, *plan.lines]:
            if line not in self.places:
                self._bind(line)
            if line in plan.guarded:
                self._guard(line)
        self._finish(results)

    def run(self, start, stop):
        """Do the rows from start to stop; whether all that is looked at is finite."""
        for array, places in self.holes.values():
            part = array[start:stop]
            for arguments, position in places:
                arguments[position] = part
        self.is_finite = True
        for function, arguments in self.steps:
            function(*arguments)
        return self.is_finite

    def wrong(self):
        """For each row of the block that was done last whether something is not finite."""
        seen = [array.reshape(len(array), -1) for (array,) in self.guards]
        return np.any([~np.isfinite(array).all(1) for array in seen], 0)

    def sums(self, done):
        """The sums of the outputs without results over the block that was done last, but for its first rows."""
        return [np.add.reduce(array[done:]) for array in self.unwritten]

    @property
    def row_bytes(self):
        """How much of inputs and results a row has."""
        return sum([array[:1].nbytes for array, _ in self.holes.values()])

    def _guard(self, line):
        """Look at what was just written, while it is in the cache."""
        self._add(self._look, [self.places[line].array], [self.places[line].whole], [])
        self.guards.append(self.steps[-1][1])

    def _look(self, array):
        if not isfinite(sum_of_squares(array)):
            self.is_finite = False

    # --- what each line becomes

    def _bind(self, line):
        function = line.rule.function
        if line.rule is PART:
            self._alias(line, self.places[line.operands[0]][line.params["index"]])
        elif function in _VIEWS and self._is_view(line):
            pass
        elif _goes_by_element(line.rule) and not line.params:
            self._elementwise(line)
        elif function is np.where and self._chooses(line):
            self._where(line)
        elif function is np.stack and self.plan.by_component and line.value.ndim == 1:
            self._stack(line)
        elif function is np.sum and line.params.keys() <= {"axis", "keepdims"} and np.shape(line.operands[0].value):
            self._sum(line)
        else:
            self._call(line)

    def _alias(self, line, place, array=None):
        """A line whose value lies in the memory of another."""
        self.places[line] = place if array is None else Place(array, place.whole, place.base)
        place.base.uses += self.uses[line]
        self._used(line)

    def _is_view(self, line):
        """Whether the answer is a view, which is then made now."""
        first, *rest = line.operands
        if any([o in self.plan.moving for o in rest if type(o) is Line]):
            return False
        place = self.places[first]
        answer = batch.call(line.rule, [place.array, *map(self._see, rest)], self.plan.flags(line), line.params)
        if not np.may_share_memory(answer, place.array):
            return False
        self._alias(line, place, answer)
        return True

    def _elementwise(self, line):
        """The memory of an operand that is used for the last time may be that of the answer."""
        arrays, wholes = self._aligned(line), self._wholes(line)
        function = self._function(line.rule.function)
        if function is np.reciprocal and line.value.dtype.kind == "f":
            function, arrays, wholes = np.true_divide, [1.0, *arrays], [False, *wholes]  # in half the time
        if self.plan.by_component and line in self.results and self.uses[line] == 1 and line.value.shape:
            self._components(line, function, arrays, wholes)
            self._used(line)
        else:
            self._used(line)
            self._add(function, arrays, wholes, [self._out(line)])

    def _function(self, function):
        """What does the same, faster in blocks of this size or with its output as the last argument."""
        if function in WITH_OUT:
            return WITH_OUT[function]
        return mkl.functions().get(function, function) if self.registers.rows >= mkl.LEAST else function

    def _components(self, line, function, arrays, wholes):
        """Write a result component by component: at once NumPy would go from row to row."""
        result = self.results[line]
        self.places[line] = Place(result, whole=True)
        flags = [False] * (len(arrays) - len(line.operands)) + list(self.plan.flags(line))
        for at in np.ndindex(line.value.shape):
            parts = [component(a, at, has_rows) for a, has_rows in zip(arrays, flags, strict=True)]
            self._add(function, parts, wholes, [Place(result[:, *at], whole=True)])

    def _stack(self, line):
        """Numbers beside each other, which are runs in memory."""
        self.places[line] = place = self._new(line.value, self.uses[line])
        for k, (number, is_whole) in enumerate(zip(line.operands, self._wholes(line), strict=True)):
            self._add(copy_to, [self._see(number)], [is_whole], [Place(place.array[:, k])])
        self._used(line)

    def _chooses(self, line):
        condition = line.operands[0]
        return len(line.operands) == 3 and (condition.value if type(condition) is Line else condition).dtype == bool

    def _where(self, line):
        self._add(choose, self._aligned(line), self._wholes(line), [self._out(line)])
        self._used(line)

    def _sum(self, line):
        x = self._see(line.operands[0])
        axis = from_end(line.params.get("axis"), x.ndim - 1)
        keepdims = line.params.get("keepdims", False)

        def total(x, out):
            np.add.reduce(x, axis, None, out, keepdims)

        few = self.plan.by_component and x.ndim == 2 and 1 < x.shape[1] <= _FEW and not keepdims
        self._add(sum_of_components if few else total, [x], self._wholes(line), [self._out(line)])
        self._used(line)

    def _call(self, line):
        """Anything else: the answer is copied to where the next line expects it."""
        several = isinstance(line.value, tuple)
        outs = tuple(self._new(part, self.uses[line]) for part in line.value) if several else [self._out(line)]
        if several:
            self.places[line] = outs
        operands = [self._see(o) for o in line.operands]
        self._add(calling(line.rule, self.plan.flags(line), line.params), operands, self._wholes(line), outs)
        self._used(line)

    def _add(self, function, arrays, wholes, outs):
        """A step, and the holes in it: what is exchanged for each block."""
        arguments = [*arrays, *(out.array for out in outs)]
        wholes = [*wholes, *(out.whole for out in outs)]
        self._open(arguments, wholes)
        self.steps.append((function, arguments))

    def _open(self, arguments, wholes):
        for k, is_whole in enumerate(wholes):
            if is_whole:
                self.holes.setdefault(id(arguments[k]), (arguments[k], []))[1].append((arguments, k))

    # --- places

    def _see(self, operand):
        """The array of an operand, or what stands for it as it is."""
        if type(operand) is not Line:
            return operand
        return self.places[operand].array if operand in self.places else self.known[operand]

    def _aligned(self, line):
        """The arrays of operands, so that they broadcast."""
        arrays = [self._see(o) for o in line.operands]
        return arrays if line.value.shape == () else aligned(arrays, self.plan.flags(line))

    def _wholes(self, line):
        return [type(o) is Line and o in self.places and self.places[o].whole for o in line.operands]

    def _new(self, value, uses):
        """A place for a value of this form."""
        buffer, array = self.registers.take(value.shape, value.dtype)
        return Place(array, base=Base(buffer, uses))

    def _out(self, line):
        """A place for the answer of a line: the result itself, where its rows lie in one run."""
        result = self.results.get(line)
        is_result = result is not None and result.dtype == line.value.dtype
        is_result = is_result and (result.ndim == 1 or not self.plan.by_component)
        self.places[line] = Place(result, whole=True) if is_result else self._new(line.value, self.uses[line])
        return self.places[line]

    def _used(self, line):
        """Give back the memory of operands that were used for the last time."""
        for operand in line.parents:
            places = self.places.get(operand, ())
            for place in places if isinstance(places, tuple) else (places,):
                place.base.uses -= 1
                if not place.base.uses and place.base.buffer is not None:
                    self.registers.give(place.base.buffer)

    def _gather(self):
        """Bring the components of inputs that are read more than once together."""
        for line, place in list(self.places.items()):
            apart = self.plan.by_component and place.array.strides[0] != place.array.itemsize
            if apart and self.uses[line] > 1:
                self.places[line] = new = self._new(line.value, self.uses[line])
                self._add(copy_to, [place.array], [True], [new])

    def _finish(self, results):
        """Write the outputs that are not where they belong."""
        for output, result in zip(self.plan.program.outputs, results, strict=False):
            place = self.places.get(output) if type(output) is Line else None
            if place is not None and place.array is not result:
                copy = copy_components if result.ndim > 1 and self.plan.by_component else copy_to
                self._add(copy, [place.array], [place.whole], [Place(result, whole=True)])
        places = [self.places[o] for o in self.plan.outputs[len(results) :] if type(o) is Line and o in self.places]
        self.unwritten = [place.array for place in places]
        self._open(self.unwritten, [place.whole for place in places])


def _goes_by_element(rule):
    """Whether a rule is a ufunc with one result, and none of vectors or matrices."""
    return isinstance(rule.evaluate, np.ufunc) and rule.function.signature is None and rule.function.nout == 1
