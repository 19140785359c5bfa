"""Python functions as targets: called on Tensors, whose graph is right at this point, whatever branches led there."""

from contextlib import contextmanager, suppress
from inspect import Parameter, isasyncgenfunction, isclass, iscoroutinefunction, isgeneratorfunction, signature, unwrap
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .engine import imperative, program  # noqa: F401  Tensors have the methods of the imperative face
from .engine.creation import asarray
from .engine.modes import enable_grad
from .engine.program import Line, ancestors, input_line
from .engine.recording import modes
from .engine.simplify import simplified
from .engine.tensor import Tensor
from .errors import AdiffError, UserError
from .expression import Expression
from .language.mismatches import shape_text
from .recorded import Recorded
from .report import Remark
from .target import Target
from .usercode.failures import user_error
from .usercode.loading import folder_of, load, surroundings
from .usercode.naming import named
from .usercode.places import Places

_LONGEST = 20_000  # lines of a route
_LEFT = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)  # parameters to which nothing is given


def read(text):
    """The Target that a text stands for: a function where it is FILE.py:NAME or MODULE:NAME, else an expression.

    Raises AdiffError where it is neither, and UserError where the code of the file or module fails.
    """
    place = named(text)
    return Expression(text) if place is None else PythonFunction(load(place), str(place), folder_of(place))


class Route(NamedTuple):
    """The way that a function takes at a point, and at others where what decides about it is the same.

    recorded   what it computes on the way
    decisions  the truth of the lines that it asked for theirs
    fixed      arrays by name: arguments that it took as they are
    """

    recorded: Recorded
    decisions: dict
    fixed: dict


class PythonFunction(Target):
    """A function of Python: its arguments are its parameters; those with a default that is a number have a value.

        PythonFunction(lambda x, k=3: np.sum(x**k)).grad(x=[1, 2])

    function  anything that can be called; it sees Tensors, of those arguments that are differentiated by, and copies
              of the other arrays. A parameter with the type int or bool gets one of those
    source    how it is called in messages
    folder    where its code lies, whose lines are shown when it fails
    """

    general = False

    def __init__(self, function, source=None, folder=None):
        self.call = function
        source = source or getattr(function, "__qualname__", repr(function))
        self.parameters = {p.name: p for p in _parameters(function, source)}
        bound = [p for p in self.parameters.values() if p.kind not in _LEFT]
        variables = tuple(p.name for p in bound if p.default is Parameter.empty)
        constants = tuple(p.name for p in bound if p.default is not Parameter.empty and _is_numeric(p.default))
        super().__init__(source, variables, constants)
        self.function = source
        self.counts = tuple(p.name for p in bound if self._whole(p.name))
        code = getattr(unwrap(function), "__code__", None)
        self.places = Places(code.co_filename if code else "")
        self.folder = folder or Path(self.places.file).absolute().parent

    def record(self, point, seed=0, wrt=None):
        """The function at a point, recorded with all its variables; UserError where it fails.

        wrt  the names that derivatives will be asked by, by default all. If the function cannot take Tensors for the
             others, it gets plain arrays for them
        """
        arrays = dict(zip(*self._arrays(point), strict=True))
        inputs = {n: input_line(np.array(a), n) for n, a in arrays.items() if not self._whole(n)}
        moving = inputs.keys() if wrt is None else inputs.keys() & wrt
        if moving and moving < inputs.keys():
            try:
                return self._recorded(arrays, inputs, inputs, moving)
            except UserError:
                pass  # it is shown if it happens again
        return self._recorded(arrays, inputs, moving, moving)

    def _recorded(self, arrays, inputs, tensors, wrt):
        """The function on Tensors for some names; what leaves the graph is told of where it depends on one of `wrt`."""
        given = {name: Tensor(inputs[name].value, inputs[name]) for name in tensors}
        given |= {name: self._plain(name, array) for name, array in arrays.items() if name not in given}
        delicate, left = modes.delicate, []
        with self._watched(left):
            output = self._output(self._called(given))
        better = simplified(output) if type(output) is Line and modes.delicate > delicate else output
        moving = {inputs[name] for name in wrt}
        remarks = tuple(remark for line, remark in dict.fromkeys(left) if not moving.isdisjoint(ancestors([line])))
        return Recorded(self.places.text, inputs, output, better, self.function, remarks)

    def route(self, point, wrt):
        """The way that the code takes at a point, as a Route; AdiffError where it cannot be followed to other points.

        wrt  the names that derivatives will be asked by
        """
        arrays = dict(zip(*self._arrays(point), strict=True))
        inputs = {n: input_line(np.array(a), n) for n, a in arrays.items() if not self._whole(n)}
        for tensors in dict.fromkeys([tuple(inputs), tuple(n for n in inputs if n in wrt)]):
            given = {n: Tensor(inputs[n].value, inputs[n]) for n in tensors}
            given |= {n: self._plain(n, a) for n, a in arrays.items() if n not in tensors}
            with suppress(AdiffError):
                output, decisions = self._followed(given)
                better = simplified(output) if type(output) is Line else output
                recorded = Recorded(self.places.text, inputs, output, better, self.function)
                return Route(recorded, decisions, {n: a for n, a in arrays.items() if n not in tensors})
        raise AdiffError("leak", f"{self} takes values out of what is recorded")

    def _followed(self, given):
        """(what the function returns, what it decides by) as a program; AdiffError where it takes values out of it."""
        from .engine.decisions import Branching

        with Branching(_LONGEST) as branching:
            modes.released = branching.refuse
            try:
                output = self._output(self._called(given))
            finally:
                modes.released = None
            branching.check_failing(output)
        return output, branching.decisions

    def state(self):
        """What the function depends on beside its arguments, to be compared; None where that cannot be said."""
        from .usercode.state import Unsure, state

        with suppress(Unsure):
            return state(self.call, self.folder)

    def value(self, point=None, /, **named):
        """The value at a point, from plain arrays: whatever the function does, it can do."""
        return np.array(self.record({**(point or {}), **named}, wrt=()).value)[()]

    def returned(self, point):
        """What the function returns at a point, from plain arrays, as it stands: one array, or several in any form."""
        names, arrays = self._arrays(point)
        return self._called({n: self._plain(n, a) for n, a in zip(names, arrays, strict=True)})

    def shapes(self, given, shapes, *, scalar=False, seed=0):
        """A function that lacks an argument cannot be called: UserError."""
        raise self.unbound(next(iter(shapes)))

    def unbound(self, name):
        """The error for a parameter without a value."""
        help = f"{self} needs it: add --{name} VALUE, as in --{name} 1,2,3"
        if name == "self":
            help = f"{self} is a method of a class: name that of an object"
        return AdiffError("unbound", f"{name} has no value", help=help)

    def check_scalar(self, recorded, wrt, command):
        """Raise AdiffError (not-scalar) unless what is returned is one number."""
        shape = np.shape(recorded.value)
        if shape != ():
            message = f"{command} needs a scalar, but {self.source} returns shape {shape_text(shape)}"
            help = f"return np.sum(...) of it for one number, or adiff jac {self.source} for all derivatives"
            raise AdiffError("not-scalar", message, help=help)

    def __str__(self):
        shown = [p.replace(annotation=Parameter.empty) for p in self.parameters.values()]
        return f"{self.source}({', '.join(map(str, shown))})"

    def _unknown(self, name, options=()):
        parameter = self.parameters.get(name)
        if parameter is None:
            left = [str(p) for p in self.parameters.values() if p.kind in _LEFT]
            if left and not self.variables:
                help = f"it says only {', '.join(left)}; a decorator tells more with functools.wraps"
                return AdiffError("unknown-name", f"{self.source} has no parameter {name}", help=help)
            return super()._unknown(name, options)
        if parameter.kind in _LEFT:
            help = "name a function whose parameters have names"
            return AdiffError("unknown-name", f"nothing can be given to {parameter} of {self}", help=help)
        if self._whole(name):
            return AdiffError("not-a-number", f"{name} of {self} is a whole number: there is no derivative by it")
        if name in self.constants:
            help = f"add --{name} {'VALUE' if parameter.default is None else parameter.default}"
            return AdiffError("unbound", f"{name} of {self} has no value but its default", help=help)
        return AdiffError("not-a-number", f"{name} of {self} is no number: it stays as it is")

    def _whole(self, name):
        """int or bool, where a parameter says that it is one of these; else None."""
        parameter = self.parameters[name]
        if isinstance(parameter.default, bool) or parameter.annotation in (bool, "bool"):
            return bool
        return int if parameter.annotation in (int, "int") else None

    def _plain(self, name, array):
        """What the function gets for an argument that is not differentiated by."""
        whole = self._whole(name)
        if whole is None:
            return np.array(array)[()]
        if np.ndim(array) or array != int(array):
            raise AdiffError("not-a-number", f"{name} of {self} is a whole number, and not {array}")
        return whole(array)

    def _called(self, given):
        """What the function returns, as it stands."""
        first = [p for p in self.parameters.values() if p.kind is Parameter.POSITIONAL_ONLY]
        known = [p for p in first if p.name in given or p.default is not Parameter.empty]
        args = [given.pop(p.name, p.default) for p in known]
        try:
            with surroundings(self.folder), enable_grad(), np.errstate(all="ignore"):
                return self.call(*args, **given)
        except (Exception, SystemExit) as error:
            raise user_error(error, self.folder) from error

    @contextmanager
    def _watched(self, left):
        """Lines know the code that they come from, and what is taken out of the graph is told of."""

        def released(line, what, why):
            place = self.places.now()
            piece = self.places.text[place.start : place.end] if place else what
            left.append((line, Remark("released", f"{piece} {why}", place)))

        program.place, modes.released = self.places.now, released
        try:
            yield
        finally:
            program.place = modes.released = None

    def _output(self, result):
        """A Line, or a plain array where nothing that moves is in it."""
        if isinstance(result, (list, tuple)):
            result = _joined(result, self.source)
        if isinstance(result, Tensor):
            return result.value if result.line is None else result.line
        if result is None:
            raise AdiffError("not-a-value", f"{self.source} returns None", help="is a return missing?")
        array = np.asarray(result)
        if array.dtype.kind not in "fiub":
            what = f"complex numbers (of type {array.dtype})" if array.dtype.kind == "c" else _kind(result)
            raise AdiffError("not-a-value", f"{self.source} returns {what}", help="it has to be a number or an array")
        return array[()]


def _parameters(function, source):
    """The parameters of what can be called with arrays; AdiffError (import) for anything else."""
    if isclass(function):
        help = "name a function, a method of an object (object.method), or a static one (Class.method)"
        raise AdiffError("import", f"{source} is a class", help=help)
    if not callable(function):
        raise AdiffError("import", f"{source} is not a function, but {_kind(function)}")
    for is_kind, kind in ((iscoroutinefunction, "a coroutine"), (isgeneratorfunction, "a generator"),
                          (isasyncgenfunction, "a generator")):  # fmt: skip
        if is_kind(unwrap(function)):
            raise AdiffError("import", f"{source} is {kind}: calling it computes nothing", help="name a function")
    try:
        return signature(function).parameters.values()
    except (ValueError, TypeError):
        help = "write a function that calls it: def f(x): return ..."
        raise AdiffError("import", f"{source} does not tell its parameters", help=help) from None


def _is_numeric(default):
    """Whether a value can be given in place of a default: not that of a word, or of a function."""
    return default is None or np.asarray(default).dtype.kind in "fiub"


def _joined(parts, source):
    """A list of numbers or arrays of one shape as one array."""
    try:
        return asarray(list(parts))
    except ValueError:
        several = f"{source} returns {len(parts)} results that are not one array"
        raise AdiffError("not-a-value", several, help="return one of them, or np.concatenate of them") from None


def _kind(thing):
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
