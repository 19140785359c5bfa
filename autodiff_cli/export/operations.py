"""One line as it is written in the language, with names in place of what it is made of: `ln(a)`, `v1 + v2`, `x[1:]`."""

import numpy as np

from ..engine.keys import filled
from ..engine.program import PART, Line
from ..engine.rulebook.contractions import contract
from ..engine.rulebook.indexing import index, scatter
from ..engine.rulebook.trigonometry import sech
from ..language.functions import ALIASES, behind

_EDGE = 2  # entries of a constant array that are written before and after the dots
_MOST = 6  # entries of a constant array that are all written

_SYMBOLS = {
    np.add: "{} + {}", np.subtract: "{} - {}", np.multiply: "{}*{}", np.true_divide: "{}/{}", np.power: "{}^{}",
    np.remainder: "{} % {}", np.matmul: "{} @ {}", np.matvec: "{} @ {}", np.vecmat: "{} @ {}", sech: "1/cosh({})",
    np.negative: "-{}", np.positive: "{}", np.square: "{}^2", np.reciprocal: "1/{}",
    np.transpose: "{}'", np.matrix_transpose: "{}'", np.less: "{} < {}", np.less_equal: "{} <= {}",
    np.greater: "{} > {}", np.greater_equal: "{} >= {}", np.equal: "{} == {}", np.not_equal: "{} != {}",
    np.logical_and: "{} and {}", np.logical_or: "{} or {}", np.logical_not: "not {}",
}  # fmt: skip


def operation(line, names, source=""):
    """The call that a line is.

    names   by Line: what its operands are called
    source  the text that the line's span counts in: a function keeps the name that it has there, ln or log
    """
    if line.rule is PART:
        return f"{operation(line.operands[0], names, source)}[{line.params['index']}]"
    operands = [names[o] if type(o) is Line else constant(o) for o in line.operands]
    function = line.rule.function
    if function in _SYMBOLS and not line.params:
        return _SYMBOLS[function].format(*map(_atom, operands))
    if function in (index, scatter):
        key = f"[{_key(line.params['key'], operands[1:])}]"
        return f"{operands[0]}{key}" if function is index else f"scatter({operands[0]}, {key})"
    if line.rule.signature and line.rule.signature.sequence == "list":
        operands = [f"[{', '.join(operands)}]"]
        if function is np.stack and not line.params:
            return operands[0]
    written = source[line.span.start : line.span.end] if line.span else ""
    return _called(line, operands, written)


def _called(line, operands, written):
    row, params = behind("einsum" if line.rule.function is contract else line.rule.name), dict(line.params)
    first = [f'"{params.pop("subscripts")}"'] if "subscripts" in params else []
    name = _spelling(row, written) if row else line.rule.name
    return f"{name}({', '.join([*first, *operands, *_structure(row, params)])})"


def constant(value):
    """A constant of at most six digits; a long array by its ends."""
    if not isinstance(value, (np.ndarray, np.generic, float)):
        return str(value)
    if np.ndim(value):
        parts = [*map(constant, value)] if len(value) <= _MOST else _ends(value)
        return f"[{', '.join(parts)}]"
    return f"{float(value):.6g}" if np.asarray(value).dtype.kind == "f" else str(value)


def _ends(array):
    return [*map(constant, array[:_EDGE]), "...", *map(constant, array[-_EDGE:])]


def _atom(operand):
    return f"({operand})" if operand.startswith("-") else operand


def _key(template, arrays):
    return ", ".join(map(_entry, filled(template, arrays)))


def _entry(entry):
    if isinstance(entry, slice):
        start, stop = ("" if k is None else k for k in (entry.start, entry.stop))
        return f"{start}:{stop}" + (f":{entry.step}" if entry.step is not None else "")
    return "..." if entry is ... else str(entry)


def _structure(row, params):
    """What is no array: by position where the function has no default for it, else by name."""
    required = [n.removeprefix("*") for n, default in row.parameters if default is None] if row else ()
    shown = {key: str(value) for key, value in params.items()}
    return [shown.pop(n) for n in required if n in shown] + [f"{key}={text}" for key, text in shown.items()]


def _spelling(row, written):
    """The name as the source has it."""
    found = written.partition("(")[0].strip()
    return found if ALIASES.get(found) == row.name else row.name
