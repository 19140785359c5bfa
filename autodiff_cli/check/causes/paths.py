"""One step of the derivation by hand, done with a mistake."""

import numpy as np

from .sweeps import carried, piece, quoted_piece
from .texts import shortened


def find(case):
    """A step that was derived with a mistake."""
    return mistaken(case, _MISTAKES)


def mistaken(case, mistakes):
    """The first step of the backward sweep that gives the claim at every point, done with one of some mistakes.

    mistakes  (kind, words, the error in what a line sends to an operand, where it has the adjoint g; or None)
    """
    if not case.sweeps or not any(yours.any() for yours in case.yours):
        return None
    for kind, words, error in mistakes:
        for j, (line, operand, _) in enumerate(case.sweeps[0].sent):
            pieces = {"line": quoted_piece(case, line), "operand": shortened(piece(case, operand))}
            within = len(set(pieces.values())) == 1  # a step inside of one call, which has no text
            if not within and all(_explains(case, k, j, error) for k in case.order):
                words = words.format(**pieces)
                return case.cause(kind, words, case.simplest())
    return None


@np.errstate(all="ignore")
def _explains(case, k, j, error):
    """Whether the claim at point k is the derivative with an error in what step j of the sweep sends on."""
    sweep = case.sweeps[k]
    line, operand, sent = sweep.sent[j]
    wrong = error(line, operand, sweep.adjoint(line), sent)
    return wrong is not None and case.is_like(case.yours[k], case.true[k] + carried(sweep, operand, wrong))


def _reversed(line, operand, g, sent):
    return -2 * sent


def _skipped(line, operand, g, sent):
    return g - sent if np.shape(g) == np.shape(sent) else None


def _untransposed(line, operand, g, sent):
    """A matrix, or what is linear without one, as it stands where its transpose should be."""
    operands = [getattr(o, "value", o) for o in line.operands]
    try:
        if line.rule.function in (np.matmul, np.matvec, np.vecmat):
            wrong = g @ operands[1] if operand is line.operands[0] else operands[0] @ g
        elif line.rule.kind == "linear" and np.shape(line.value) == np.shape(operand.value):
            wrong = line.rule.evaluate(*[g if o is operand else getattr(o, "value", o) for o in line.operands],
                                       **line.params)  # fmt: skip
        else:
            return None
    except ValueError:
        return None
    return wrong - sent if np.shape(wrong) == np.shape(sent) else None


_MISTAKES = (
    ("chain", "the derivative of {line} by {operand} is missing", _skipped),
    ("sign", "the sign of the derivative of {line} by {operand} is wrong", _reversed),
    ("transpose", "a transpose is missing in the derivative of {line} by {operand}", _untransposed),
)
