"""Where a choice stands at its edge: a condition whose two sides are equal, a number that is about to be rounded.

No derivative flows through these, so that they are no kinks of the trace; but what depends on them may jump there.
"""

import numpy as np

from ..engine.program import Line, ancestors
from ..report import Remark

_COMPARISONS = {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}
_ROUNDING = {"floor": 1.0, "ceil": 1.0, "trunc": 1.0, "rint": 0.5, "floor_divide": 1.0, "sign": np.inf,
             "heaviside": np.inf, "signbit": np.inf}  # fmt: skip


def of_edges(recorded, wrt):
    """Remarks on what stands at an edge and depends on some of the inputs."""
    return [_remark(recorded, line) for line in choices(recorded, wrt) if _is_at_edge(line)]


def choices(recorded, wrt):
    """The lines that depend on some of the inputs and may stand at an edge."""
    if type(recorded.output) is not Line:
        return []
    moving, found = {recorded.inputs[name] for name in wrt}, []
    for line in ancestors([recorded.output]):
        if any(operand in moving for operand in line.parents):
            moving.add(line)
            found += [line] if line.rule.name in _COMPARISONS or line.rule.name in _ROUNDING else []
    return found


def _is_at_edge(line):
    return bool(np.any(at_edge(line.rule.name, [o.value if type(o) is Line else o for o in line.operands])))


@np.errstate(all="ignore")
def at_edge(name, operands):
    """Where the operands of one of `choices`, by the name of its rule, are at an edge."""
    if name in _COMPARISONS:
        return np.equal(*operands[:2])
    unit = _ROUNDING[name]
    number = np.divide(*operands) if name == "floor_divide" else operands[0]
    return np.equal(number, 0) if np.isinf(unit) else np.equal(np.mod(number - unit, 1), 0)


def _remark(recorded, line):
    text = recorded.source[line.span.start : line.span.end] if line.span else line.rule.name
    what = "is at its edge here: its two sides are equal" if line.rule.name in _COMPARISONS else "jumps here"
    return Remark("kink", f"{text} {what}", line.span)
