"""A program as straight-line Python: for what runs again and again at points of one form.

Lines first lose what costs time and changes no bit: 1*x, -(-x), a*b beside b*a, what is repeated only to meet an array.
Each that is left becomes one statement, `v7 = f2(v3, c1)`. All names in it are made here; functions, constants and
keywords are bound to names, so that nothing of anyone's text is in the code. A value is let go of after its last use:
its memory, which is still in the cache, is then that of the next.

A program holds where its values have the shapes and types that they had where it was recorded. Those of x[x > 0]
depend on the point; so what does not go element by element is looked at as it runs.
"""

from functools import cached_property

import numpy as np

from . import simplify
from .program import INPUT, PART, Line, Program
from .rulebook.indexing import index
from .rules import find

_FLOAT = np.dtype(np.float64)


class Elsewhere(ValueError):
    """A value has another shape or type here than where the program was recorded."""


def compiled(program):
    """The function of arrays that a program is, with the same bits.

    Called with arrays in the shapes, types and memory layouts of the inputs where the program was recorded, it gives
    a tuple of the outputs, as arrays of their own, which can be written to. Raises Elsewhere, or what NumPy raises,
    such as LinAlgError. NumPy's warnings are the caller's to silence.
    """
    return _Writer(lean(program)).function()


def compiled_for_tensors(program):
    """The same of Tensors (and arrays), to be differentiated through; outputs are as they come."""
    return _TensorWriter(program).function()


def lean(program):
    """The program without what changes no bit."""
    return Program(program.inputs, simplify.rewritten(program.outputs, _EXACT))


# --- statements


class _Writer:
    """Writes the function of one program: the k-th of its inputs and lines has the value v<k>.

    An input without axes is also at hand as a scalar s<k>: what is computed from scalars alone takes a tenth of the
    time with them; what meets other arrays takes two thirds of it with arrays without axes, and numbers are made so.
    """

    def __init__(self, program):
        self.program = program
        self.places = {line: f"v{k}" for k, line in enumerate((*program.inputs, *program.lines))}
        self.names = {"Elsewhere": Elsewhere, "array": np.array}  # what the code knows
        self.bound = {}  # the name of each value in it, by id
        self.scalars = {}  # the statements that make scalars of inputs, by what they make

    def function(self):
        body = [statement for line in self.program.lines for statement in self.statements(line)]
        returned = "".join(self.output(o) + ", " for o in self.program.outputs)
        given = ", ".join(self.places[line] for line in self.program.inputs)
        code = [f"def run({given}):", *self.scalars.values(), *body, f"return ({returned})"]
        exec("\n ".join(code), self.names)  # nothing but names made here is in it
        return self.names["run"]

    def statements(self, line):
        yield f"{self.places[line]} = {self.call(line)}"
        yield from self.check(line)
        done = [self.places[o] for o in dict.fromkeys(line.parents) if self.last.get(o) is line]
        if done:
            yield f"del {', '.join(done)}"

    @cached_property
    def last(self):
        """The line that needs a line last; outputs and inputs are needed after that."""
        found = {operand: line for line in self.program.lines for operand in line.parents}
        return found | dict.fromkeys((*self.program.inputs, *(o for o in self.program.outputs if type(o) is Line)))

    def name(self, value):
        """The name to which a value is bound."""
        if id(value) not in self.bound:
            self.bound[id(value)] = name = f"c{len(self.bound)}"
            self.names[name] = value  # and so keeps its id
        return self.bound[id(value)]

    def call(self, line):
        """The right side of a line's statement."""
        arguments = [self.argument(o, line) for o in line.operands]
        quick = _part if line.rule is PART else _QUICK.get(line.rule.function, _operator)
        return quick(self, line, *arguments) or self.called(line.rule.evaluate, arguments, line.params)

    def called(self, function, arguments, params):
        params = [f"{key}={self.name(value)}" for key, value in params.items()]
        return f"{self.name(function)}({', '.join([*arguments, *params])})"

    def argument(self, operand, line):
        """The name of an operand, in the form in which the function of the line takes it at once."""
        is_ufunc = isinstance(line.rule.function, np.ufunc)
        if type(operand) is not Line:
            return self.name(np.array(operand) if is_ufunc and _is_double(operand, line) else operand)
        place = self.places[operand]
        if is_ufunc and operand.rule is INPUT and np.shape(operand.value) == np.shape(line.value) == ():
            scalar = f"s{place[1:]}"
            self.scalars[scalar] = f"{scalar} = {place}[()]"
            return scalar
        return place

    def check(self, line):
        """A statement that shape and type of a value are as they were, where its rule does not say so."""
        value, rule = line.value, line.rule
        if rule.kind != "elementwise" and not isinstance(rule.function, np.ufunc) and hasattr(value, "dtype"):
            place, shape, dtype = self.places[line], self.name(value.shape), self.name(value.dtype)
            yield f"if {place}.shape != {shape} or {place}.dtype is not {dtype}: raise Elsewhere"

    def output(self, output):
        """An output as an array of its own."""
        if type(output) is not Line:
            return f"array({self.name(output)})"
        fresh = isinstance(output.rule.evaluate, np.ufunc) and output.value.shape != ()
        alone = sum([o is output for o in self.program.outputs]) == 1
        return self.places[output] if fresh and alone else f"array({self.places[output]})"


class _TensorWriter(_Writer):
    """By the functions that take Tensors."""

    def call(self, line):
        return self.called(line.rule.call, [self.argument(o, line) for o in line.operands], line.params)

    def argument(self, operand, line):
        return self.places[operand] if type(operand) is Line else self.name(operand)

    def output(self, output):
        return self.argument(output, None)


def _is_double(operand, line):
    """Whether a constant is a number beside arrays that are all of float64: then it is one of these, too."""
    dtypes = [o.value.dtype for o in (line, *line.parents)]
    return type(operand) is float and line.value.shape != () and all([dtype is _FLOAT for dtype in dtypes])


# --- what is written in another way than as a call: quick(writer, line, *arguments) is the expression, or None


def _operator(writer, line, *arguments):
    """Python's operators take scalars in a tenth of the time."""
    template = _OPERATORS.get(line.rule.function)
    return template.format(*arguments) if template and all(map(_is_scalar, line.operands)) else None


def _is_scalar(operand):
    if type(operand) is Line:
        return operand.value.shape == () and operand.value.dtype.kind == "f"
    return isinstance(operand, (float, int, np.floating))


def _part(writer, line, results):
    return f"{results}[{writer.name(line.params['index'])}]"


def _reduction(ufunc):
    """np.sum and the like are a way of two thirds of their time to the ufunc's reduce."""

    def quick(writer, line, x):
        if line.params.keys() <= {"axis", "keepdims"}:
            return writer.called(ufunc.reduce, [x], {"axis": None} | line.params)
        return None

    return quick


def _mean(writer, line, x):
    if line.value.dtype != _FLOAT or line.operands[0].value.dtype != _FLOAT or not line.value.size:
        return None
    total, count = _reduction(np.add)(writer, line, x), line.operands[0].value.size / line.value.size
    return total and f"{total} / {writer.name(np.array(count) if line.value.shape else count)}"


def _reshape(writer, line, x):
    return f"{x}.reshape({writer.name(line.params['shape'])})" if line.params.keys() == {"shape"} else None


def _index(writer, line, x, *arrays):
    return f"{x}[{writer.name(line.params['key'])}]" if not arrays and line.operands[0].value.shape else None


_OPERATORS = {np.add: "{} + {}", np.subtract: "{} - {}", np.multiply: "{} * {}", np.true_divide: "{} / {}",
              np.negative: "-{}", np.square: "{0} * {0}", np.reciprocal: "1.0 / {}"}  # fmt: skip
_QUICK = {np.sum: _reduction(np.add), np.max: _reduction(np.maximum), np.min: _reduction(np.minimum),
          np.prod: _reduction(np.multiply), np.mean: _mean, np.reshape: _reshape, index: _index}  # fmt: skip


# --- rows (see simplify.py) that change no bit


def unrepeated(function):
    """What is broadcast only to meet an array of that shape need not be: the function does so itself."""

    def row(build, params, a, b):
        if _is_repeated(a, b):
            return build(function, a.operands[0], b)
        return build(function, a, b.operands[0]) if _is_repeated(b, a) else None

    return row


def _is_repeated(a, b):
    shape = np.shape(b.value if type(b) is Line else b)
    return type(a) is Line and a.rule.function is np.broadcast_to and a.value.shape == shape


def _exactly(function, row):
    """A row, used only for real numbers, of which a*b is b*a to the last bit, and where what it finds lies in memory as
    the answer of the call does: the order in which it is added up later is that of memory."""

    def exact(build, params, *operands):
        found = row(build, params, *operands)
        if type(found) is not Line or found.value.dtype.kind != "f":
            return None
        values = [o.value if type(o) is Line else o for o in operands]
        with np.errstate(all="ignore"):
            answer = find(function).evaluate(*values, **params)
        return found if _layout(found.value) == _layout(answer) else None

    return exact


def _layout(value):
    return value.dtype, value.shape, value.strides


_ROWS = {
    np.multiply: (simplify.product_with_itself, simplify.product_in_order, simplify.product_with_uniform,
                  simplify.product_with_one, simplify.product_with_minus_one, simplify.product_of_negatives),
    np.add: (simplify.sum_in_order, simplify.sum_with_negative),
    np.negative: (simplify.negative_of_negative,),
    np.positive: (simplify.identity,),
    np.true_divide: (simplify.quotient_by_one, simplify.quotient_of_negatives),
    np.reshape: (simplify.same_form,),
    np.moveaxis: (simplify.same_axes,),
}  # fmt: skip
_ROWS |= {f: (*_ROWS.get(f, ()), unrepeated(f)) for f in (np.add, np.subtract, np.multiply, np.true_divide)}
_EXACT = {function: [_exactly(function, row) for row in rows] for function, rows in _ROWS.items()}
