"""A line of code that is run again and again, derived each time as if one of its operands stood still."""

from collections import defaultdict

import numpy as np

from ...engine.differentiate import vjp
from ...engine.program import Line, ancestors, lines_among
from .sweeps import quoted_piece

_MOST = 60  # pieces of code that are tried


def find(case):
    """A piece of code one of whose operands was forgotten at every turn of a loop."""
    if not case.sweeps:
        return None
    sweep = case.sweeps[0]
    # What is used elsewhere too comes first: there one way of several was forgotten.
    turns = sorted(_turns(sweep)[:_MOST], key=lambda turns: _is_used_once(sweep, *_step(sweep, turns[0])))
    found = next((t for t in turns if all(_explains(case, k, t) for k in case.order)), None)
    if found is None:
        return None
    line, i = _step(sweep, found[0])
    whole, operand = quoted_piece(case, _whole(sweep, line)), quoted_piece(case, line.operands[i])
    words = f"what {whole} moves by {operand} is forgotten, each time that it is computed"
    return case.cause("chain", words, None)


def _users(sweep, line):
    return [user for user in sweep.lines if any(operand is line for operand in user.operands)]


def _is_used_once(sweep, line, i):
    return len(_users(sweep, line.operands[i])) == 1


def _whole(sweep, line):
    """The term that a line is a part of: it goes nowhere else."""
    users = _users(sweep, line)
    while len(users) == 1 and users[0].span is not None and users[0].rule.function not in (np.add, np.subtract):
        line, users = users[0], _users(sweep, users[0])
    return line


def _turns(sweep):
    """The steps of the sweep that come from one place in the code: lists of (number of a line, position of an operand),
    of those that are more than one."""
    found = defaultdict(list)
    for number, line in enumerate(sweep.lines):
        for i in line.moving if line.span is not None else ():
            found[line.span, line.rule, i].append((number, i))
    return [turns for turns in found.values() if len(turns) > 1]


def _step(sweep, turn):
    number, i = turn
    return sweep.lines[number], i


@np.errstate(all="ignore")
def _explains(case, k, turns):
    """Whether the claim at point k is the derivative where these operands stand still."""
    sweep, output = case.sweeps[k], case.recorded[k].output
    still = {_step(sweep, turn) for turn in turns}
    return case.is_like(case.yours[k], _derivative(output, sweep.input, still))


def _derivative(output, variable, still):
    """The derivative of a line by a variable, where some operands are constants: (line, position)."""
    made = {}
    for line in ancestors([output]):
        if line.operands:
            operands = [made.get(o, o) if type(o) is Line else o for o in line.operands]
            operands = tuple(getattr(o, "value", o) if (line, i) in still else o for i, o in enumerate(operands))
            made[line] = Line(line.rule, operands, line.params, line.value, lines_among(line.rule, operands))
    return vjp([made[output]], [np.ones((), output.value.dtype)], [variable])[0]
