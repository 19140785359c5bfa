"""All that is known of one function: what it means, its shapes, its derivative, its kinks, and how it is used."""

import re
from typing import NamedTuple

import numpy as np

from .analysis import gradient, value, vjp
from .engine.program import Line, ancestors, between
from .export.formula import gradient_formulas
from .expression import Expression
from .language.about import FORMULAS, WORDS, call, shapes
from .language.functions import ALIASES
from .language.values import read_value

_ADJOINT = "g"  # of the call; no function has an argument of this name
_JUMPS = ("where it jumps there is no slope; 0 is used",)
_LONGEST = 120  # characters of a formula that is of use to somebody
_NUMBERS = re.compile(r"(?<![\w\])'])\[[\s[]*[\d-]")  # the start of an array that is written out


class Explanation(NamedTuple):
    """A function, explained.

    also         its other spellings
    derivative   a formula for each variable of the call: its derivative; or, `by_adjoint`, where that would have the
                 axes of both, what the adjoint g of the call adds to the adjoint of the variable. None where the
                 language has none
    words        the same in words, of the variables without a formula
    kinks        what is answered where it has no derivative
    call         the example: an expression
    command      the same as it is typed
    report       its answer
    """

    name: str
    notation: str
    family: str
    summary: str
    also: tuple
    shapes: str
    derivative: dict
    words: dict
    by_adjoint: bool
    kinks: tuple
    call: str
    command: str
    report: object


def explanation(row):
    """The Explanation of a row of the catalogue."""
    text, typed = call(row)
    point = {name: read_value(value, None) for name, value in typed.items()}
    recorded = Expression(text).record(point)
    lines = ancestors([recorded.output]) if type(recorded.output) is Line else []
    flows = recorded.varies and bool(between([recorded.output], recorded.inputs.values()))
    by_adjoint = flows and np.ndim(recorded.value) > 0
    return Explanation(
        row.name, row.notation, row.family, row.summary,
        also=tuple(alias for alias, target in ALIASES.items() if target == row.name),
        shapes=shapes(row),
        derivative=_derivative(row, text, recorded, by_adjoint) if flows else dict.fromkeys(typed, "0"),
        words=WORDS.get(row.name, {}),
        by_adjoint=by_adjoint,
        kinks=tuple(dict.fromkeys(line.rule.kink[1] for line in lines if line.rule.kink)) if flows else _JUMPS,
        call=text,
        **_example(text, typed, point, recorded, flows),
    )  # fmt: skip


def _derivative(row, text, recorded, by_adjoint):
    """The formulas of the derivative of a call."""
    wrt = tuple(recorded.inputs)
    if by_adjoint:
        point = {name: line.value for name, line in recorded.inputs.items()}
        recorded = Expression(f"sum({text}*{_ADJOINT})").record(point | {_ADJOINT: np.cos(recorded.value)})
    found, known = gradient_formulas(recorded, wrt), FORMULAS.get(row.name, {})
    return {name: _general(formula) or known.get(name) for name, formula in found.items()}


def _general(formula):
    """A formula that holds for other arrays too and can be read; None for any other."""
    return formula if formula and len(formula) <= _LONGEST and not _NUMBERS.search(formula) else None


def _example(text, typed, point, recorded, flows):
    """The call as a command that shows as much as possible: its value, and if it moves, a derivative."""
    expression, options = Expression(text), "".join(f" --{name} {_typed(value)}" for name, value in typed.items())
    if not flows:
        return {"command": f"adiff value {_quoted(text)}{options}", "report": value(expression, point)}
    if not np.ndim(recorded.value):
        return {"command": f"adiff grad {_quoted(text)}{options}", "report": gradient(expression, point)}
    weights = _weights(np.shape(recorded.value))
    report = vjp(expression, point, cotangent=read_value(weights, None))
    return {"command": f"adiff vjp {_quoted(text)}{options} --cotangent {_typed(weights)}", "report": report}


def _weights(shape):
    """1, 4, 9, ... in a shape, as an array is typed: with them hardly anything cancels."""
    numbers = np.square(np.arange(1, np.prod(shape) + 1)).reshape(shape).tolist()
    if len(shape) > 2:
        return str(numbers)
    rows = [",".join(map(str, row)) for row in numbers] if len(shape) == 2 else [",".join(map(str, numbers))]
    return ";".join(rows) + "," * (shape == (1,)) + ";" * (shape[0] == 1 and len(shape) == 2)


def _typed(value):
    return f'"{value}"' if set(value) & set("; []") else value


def _quoted(text):
    return f"'{text}'" if '"' in text else f'"{text}"'
