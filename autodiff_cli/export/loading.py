"""Programs from JSON, as functions. Nothing in a file reaches Python: functions are looked up in the table of rules."""

import json
from pathlib import Path

import numpy as np

from ..engine.nn import special
from ..engine.program import Line, Program, input_line
from ..engine.spectral import Elementwise
from ..errors import AdiffError
from ..language.mismatches import CAUGHT, shape_text
from ..language.values import as_floats
from .json import SCHEMA, table

_MALFORMED = (IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
_DTYPES = ("float64", "float32", "int64", "bool", "int32")


class _Wrong(Exception):
    """What is wrong with a record, in words."""


class LoadedProgram:
    """Value and gradient of an expression, as a function of arrays.

    source     the expression that it was made of
    variables  names of the inputs, in order
    wrt        names of the variables of the gradient

    Called with arrays in this order, or by name, it gives (value, {name: derivative}) with the bits that the expression
    itself gives. It holds for the shapes that it was written for; others raise AdiffError (shape).
    """

    def __init__(self, source, wrt, program):
        self.source, self.wrt, self._program = source, wrt, program
        self.variables = tuple(line.name for line in program.inputs)

    def __repr__(self):
        return f"LoadedProgram({self.source!r})"

    def __call__(self, *arrays, **named):
        given = dict(zip(self.variables, arrays, strict=False)) | named
        if len(arrays) + len(named) != len(given) or given.keys() != set(self.variables):
            raise AdiffError("arguments", f"this takes {', '.join(self.variables) or 'nothing'}, each once")
        point = [_fitting(line, given[line.name]) for line in self._program.inputs]
        try:
            with np.errstate(all="ignore"):
                value, *gradient = self._program(*point)
        except CAUGHT as error:
            raise AdiffError("program", f"the program cannot be run: {error}") from None
        return as_floats(value)[()], {name: np.array(g) for name, g in zip(self.wrt, gradient, strict=True)}


def load_program(source):
    """The function that `adiff export --to json` wrote: a LoadedProgram.

    source   a path, or the text itself
    Raises AdiffError (file, program) for what cannot be read or is no such program.
    """
    text = source if isinstance(source, str) and source.lstrip().startswith("{") else _read(source)
    try:
        record = json.loads(text)
        if record["schema"] != SCHEMA or record["command"] != "export":
            raise _Wrong("its schema is another one")
        wrt, program = tuple(map(str, record["wrt"])), _Reader().program(record["program"])
        if len(program.outputs) != 1 + len(wrt):
            raise _Wrong("its outputs are not the value and a derivative by each variable")
        return LoadedProgram(str(record.get("function") or record["expr"]), wrt, program)
    except KeyError as error:
        raise _not_a_program(f"{error.args[0]} is missing") from None
    except _Wrong as error:
        raise _not_a_program(str(error)) from None
    except _MALFORMED:
        raise _not_a_program("its form is another one") from None


def _not_a_program(reason):
    help = "adiff export --to json writes one"
    return AdiffError("program", f"this is no program of adiff: {reason}", help=help)


def _read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise AdiffError("encoding", f"{path} is not valid UTF-8") from None
    except OSError as error:
        raise AdiffError("file", f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None


def _fitting(line, value):
    """What was given for an input, in its form."""
    array = as_floats(value).astype(line.value.dtype)
    if array.shape != line.value.shape:
        message = f"{line.name} must have the shape {shape_text(line.value.shape)}, not {shape_text(array.shape)}"
        raise AdiffError("shape", message)
    return array


class _Reader:
    """Reads programs; raises _Wrong, KeyError or one of _MALFORMED for what is none."""

    def __init__(self):
        self.rules = table()

    def program(self, record):
        lines = {}
        for i in record["inputs"]:
            form = np.broadcast_to(np.zeros((), _dtype(i["dtype"])), i["shape"])
            lines[_new(str(i["name"]), lines)] = input_line(form, str(i["name"]))
        inputs = [*lines.values()]
        for i in record["lines"]:
            lines[_new(str(i["name"]), lines)] = self.line(i, lines)
        return Program(inputs, [self.argument(o["value"], lines) for o in record["outputs"]])

    def line(self, record, lines):
        rule = self.rule(record["function"])
        operands = tuple([self.argument(a, lines) for a in record["args"]])
        params = {str(key): self.value(value) for key, value in record.get("params", {}).items()}
        if rule.signature is not None and not params.keys() <= rule.signature.defaults.keys():
            raise _Wrong(f"{rule.name} does not take {', '.join(params)}")
        return Line(rule, operands, params, None, ())

    def rule(self, name):
        if name not in self.rules and str(name).startswith(("scipy.special.", "adiff.")):
            special("erf", name)  # which needs SciPy
            self.rules = table()
        if name not in self.rules:
            raise _Wrong(f"there is no function called {name}")
        return self.rules[name]

    def argument(self, record, lines):
        return lines[record] if isinstance(record, str) else self.value(record)

    def value(self, record):
        """A constant or a param."""
        if isinstance(record, list):
            return [*map(self.value, record)]
        if not isinstance(record, dict):
            return record
        if "data" in record:
            return self.array(record)
        ((kind, value),) = record.items()
        return _KINDS[kind](self, value)

    def array(self, record):
        data = np.array([*map(self.value, record["data"])], _dtype(record["dtype"]))
        array = data.reshape(record["shape"], order=record.get("order", "C"))
        return array if array.ndim else array[()]


_KINDS = {
    "float": lambda reader, value: float(value),
    "tuple": lambda reader, value: tuple(map(reader.value, value)),
    "slice": lambda reader, value: slice(*value),
    "ellipsis": lambda reader, value: ...,
    "dtype": lambda reader, value: np.dtype(_dtype(value)),
    "elementwise": lambda reader, value: Elementwise(reader.program(value)),
}


def _new(name, lines):
    if name in lines:
        raise _Wrong(f"{name} is there twice")
    return name


def _dtype(name):
    if name not in _DTYPES:
        raise _Wrong(f"{name} is no type of numbers here")
    return name
