"""The expression as a target: parsed once, recorded at any point, with programs that are kept."""

import numpy as np

from .engine.creation import asarray, holds_tensor
from .engine.program import Line
from .engine.recording import Recording
from .engine.simplify import simplified
from .engine.tensor import Tensor, variable
from .errors import AdiffError
from .kept import OF_TENSORS, Forms
from .language.evaluate import Evaluator, product_help
from .language.functions import CONSTANTS, lookup
from .language.mismatches import shape_text
from .language.parser import parse as parse_script
from .language.syntax import called_names, free_names
from .recorded import Recorded
from .target import Target


class Expression(Target):
    """An expression of the language: its arguments are its free variables, in order of appearance, and the constants
    that it uses (pi, e)."""

    def __init__(self, source):
        self.script = parse_script(source)
        self._free = {name.name: name for name in free_names(self.script)}
        self._called = {name.name: name for name in called_names(self.script)}
        variables = tuple(name for name in self._free if name not in CONSTANTS)
        super().__init__(source, variables, tuple(name for name in self._free if name in CONSTANTS))
        self._forms = Forms()

    def __reduce__(self):
        return Expression, (self.source,)  # the programs that are kept do not travel

    def __call__(self, *arrays, **named):
        """The value at arrays in the order of `variables`, or by name. Of Tensors it is a Tensor, as from any function
        of NumPy's: it can be differentiated to any order."""
        point = self.point(arrays, named)
        return self._of_tensors(point) if any(map(holds_tensor, point.values())) else self.value(point)

    def point(self, arrays, named):
        """The point of a call: arrays in the order of `variables`, and others by name."""
        if len(arrays) > len(self.variables):
            message = f"this takes {len(self.variables)} arrays ({', '.join(self.variables)}), not {len(arrays)}"
            raise AdiffError("arguments", message)
        point = dict(zip(self.variables, arrays, strict=False))
        for name in point.keys() & named.keys():
            raise AdiffError("arguments", f"{name} is given twice")
        return point | named

    def _answer(self, question, point, wrt=None):
        """The answer by a program that is kept, where there is one and it holds here; else the point is recorded."""
        wrt = wrt if wrt is None or type(wrt) is str else tuple(wrt)
        names, arrays = self._arrays(point)
        form = self._forms.find(question, wrt, names, arrays)
        form.spread(self, question, wrt, names, arrays)
        found = form.run(arrays)
        if found is None:
            recorded, names = self.ask(point, wrt, scalar=question.scalar)
            found = question.answer(recorded, names)
            form.learn(question, recorded, names, found)
        return found

    def _of_tensors(self, point):
        """The value at Tensors: the lines of the expression, made again on them."""
        point = {name: asarray(v) if holds_tensor(v) else v for name, v in point.items()}
        names, arrays = self._arrays({name: v.value if isinstance(v, Tensor) else v for name, v in point.items()})
        inputs = [_in_type(point[name], array) for name, array in zip(names, arrays, strict=True)]
        form = self._forms.find(OF_TENSORS, None, names, arrays)
        found = form.run(inputs)
        if found is None:
            recorded = self.record(dict(zip(names, arrays, strict=True)))
            found = recorded.at_tensors(inputs)
            form.learn(OF_TENSORS, recorded, None, recorded.value)
        return found

    def record(self, point, seed=0, wrt=None):
        """The expression at a point, recorded with all its variables. `seed` is that of rand and randn."""
        names, arrays = self._arrays(point)
        with Recording() as recording:
            inputs = {n: variable(array, n, self._free[n].span) for n, array in zip(names, arrays, strict=True)}
            evaluator = Evaluator(self.source, recording, seed)
            result = evaluator.script(self.script, inputs)
        output = self._checked_result(result)
        inputs = {name: tensor.line for name, tensor in inputs.items()}
        better = simplified(output) if type(output) is Line else output
        derived = [(y.line, x.line) for y, x in evaluator.derived if isinstance(y, Tensor) and y.line is not None]
        return Recorded(self.source, inputs, output, better, derived=tuple(derived), unbounded=evaluator.unbounded)

    def _unknown(self, name, options=()):
        if name not in self._called:
            return super()._unknown(name, options)
        span = self._called[name].span
        message = f"{name} is a variable, but is called here like a function"
        help = product_help(self.source, name, span)
        return AdiffError("not-a-function", message, span=span, help=help, source=self.source)

    @property
    def definitions(self):
        return {d.body.span: d.name for d in self.script.definitions if not d.parameters}

    def shapes(self, given, shapes, *, scalar=False, level=None, seed=0):
        """The shapes of the variables without values, worked out: `shapes` has those that are known, and None."""
        from .language.shapes import infer

        return infer(self.source, self.script, given, shapes, scalar=scalar, level=level, seed=seed)

    def unbound(self, name):
        """The error for a variable without a value."""
        row = lookup(name)
        message = f"{name} has no value" if row is None else f"{name} is a function"
        help = "" if row is None else f"call it, as in {row.notation}; or "
        help += f"add --{name} VALUE, as in --{name} 1,2,3"
        return AdiffError("unbound", message, span=self._free[name].span, help=help, source=self.source)

    def _checked_result(self, result):
        if isinstance(result, Tensor):
            return result.value if result.line is None else result.line
        if isinstance(result, tuple):
            help = "take one of them with [0], or join them as [a, b]"
            message = f"this gives {len(result)} results, not one array"
            raise AdiffError("not-a-value", message, span=self.script.result.span, help=help).at(self.source)
        if isinstance(result, (str, type(None))):
            raise AdiffError("not-a-value", "this is not a number", span=self.script.result.span).at(self.source)
        return np.asarray(result)[()]

    def check_scalar(self, recorded, wrt, command):
        """Raise AdiffError (not-scalar), with advice, unless the value is one number."""
        shape = np.shape(recorded.value)
        if shape == ():
            return
        from .advice import not_scalar

        inputs = {name: line.value for name, line in recorded.inputs.items()}
        message = f"{command} needs a scalar, but this has shape {shape_text(shape)}"
        raise AdiffError(
            "not-scalar",
            message,
            span=self.script.result.span,
            label=f"shape {shape_text(shape)}",
            help=not_scalar(command, self.source, self.script, inputs, wrt, shape),
            source=self.source,
        )


def _in_type(value, array):
    """What was given for an input, in the type of its array, in which it is computed with."""
    if not isinstance(value, Tensor):
        return array
    return value if value.dtype == array.dtype else np.astype(value, array.dtype)


def constant(text):
    """The value of an expression without variables; AdiffError (value) for any other."""
    expression = Expression(text)
    if expression.variables:
        raise AdiffError("value", f"{expression.variables[0]} is not a number", source=text)
    return expression.value()


def parse(text):
    """An expression of the language as an Expression; raises AdiffError where the text is not one."""
    return Expression(text)
