"""A program as JSON, which `load_program` makes a function again: functions by name, every number in full.

What stands at a place of an array or a param:

    3, 2.5, true, null         itself; a text among arguments is the name of a line
    {"float": "nan"}           a number that JSON has no word for
    {"shape": [2], "dtype": "float64", "data": [1.0, 2.0]}   an array; "order": "F" where columns lie together
    {"tuple": [..]}, {"slice": [start, stop, step]}, {"ellipsis": true}, {"dtype": ..}, {"elementwise": program}
"""

import json
import sys

import numpy as np

from ..engine import nn  # noqa: F401  whose rules are in the table then
from ..engine.program import PART, Line
from ..engine.rules import RULES
from ..engine.spectral import Elementwise
from .exported import unwritable

SCHEMA = "adiff/1"
_MODULES = ("numpy", "numpy.linalg", "numpy.fft", "scipy.special")


def write(exported):
    """One object on one line."""
    source = "function" if exported.recorded.function else "expr"
    record = {"schema": SCHEMA, "command": "export", source: exported.source, "wrt": list(exported.wrt)}
    record["program"] = encoded_program(exported.program, exported.labels)
    return json.dumps(record, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n"


def encoded_program(program, labels):
    """Inputs with their forms, calls in order, and what is given out."""
    names = program.names()
    inputs = [{"name": names[line], "shape": list(np.shape(line.value)), "dtype": line.value.dtype.name}
              for line in program.inputs]  # fmt: skip
    lines = [_encoded_line(line, names) for line in program.lines]
    outputs = [{"label": label, "value": _argument(o, names)} for label, o in zip(labels, program.outputs, strict=True)]
    return {"inputs": inputs, "lines": lines, "outputs": outputs}


def _encoded_line(line, names):
    record = {"name": names[line], "function": dotted(line.rule), "args": [_argument(o, names) for o in line.operands]}
    if record["function"] is None:
        raise unwritable(line.rule.name, "in JSON", line.span)
    if line.params:
        record["params"] = {key: encoded(value) for key, value in line.params.items()}
    return record | ({"span": list(line.span)} if line.span else {})


def _argument(operand, names):
    return names[operand] if type(operand) is Line else encoded(operand)


def dotted(rule):
    """The name under which a rule can be found again; None for one that has none."""
    if rule is PART:
        return "part"
    function, name = rule.function, rule.name
    if hasattr(function, "raw"):
        return f"adiff.{name}"
    places = (place for place in _MODULES if getattr(sys.modules.get(place), name, None) is function)
    return next((f"{place}.{name}" for place in places), None)


def table():
    """The rules that lines may have, by name."""
    found = {dotted(rule): rule for rule in RULES.values() if rule.recorded or rule.kind == "constant"}
    return {name: rule for name, rule in found.items() if name} | {"part": PART}


def encoded(value):
    """A constant or a param."""
    if isinstance(value, (np.ndarray, np.generic)):
        return _encoded_array(np.asarray(value))
    if isinstance(value, float) and not np.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, (tuple, range)):
        return {"tuple": [*map(encoded, value)]}
    if isinstance(value, list):
        return [*map(encoded, value)]
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, (np.dtype, type)):
        return {"dtype": np.dtype(value).name}
    if isinstance(value, Elementwise):
        return {"elementwise": encoded_program(value.program, ["f"])}
    if isinstance(value, (str, int, float, type(None))):
        return value
    raise unwritable(type(value).__name__, "in JSON")


def _encoded_array(array):
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    record = {"shape": list(array.shape), "dtype": array.dtype.name}
    record |= {"order": "F"} if order == "F" else {}
    return record | {"data": [*map(encoded, array.ravel(order).tolist())]}
