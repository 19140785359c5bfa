"""A claim that is wrong only where a branch is taken: at some entries, which a condition of the target tells."""

import numpy as np

from ...engine.program import Line, ancestors
from ...export.operations import constant
from ...export.symbolic.spelling import NOWHERE
from ...export.symbolic.trees import call
from ...language.syntax import Unary
from ..evidence import agrees
from .slips import number
from .sweeps import piece
from .texts import quoted, script_text, shortened, tree_of

_DIGITS = 9  # after the point, of a number that the derivative is somewhere
_FEWEST = 6  # entries that a condition has to tell apart: of fewer it may do so by chance
_POSITIVE = ("{} > 0", lambda x, *_: x > 0)
# Functions that choose, by the names of their rules: the condition in words and as a function of the operands.
_CHOICES = {
    "maximum": ("{} > {}", np.greater),
    "minimum": ("{} < {}", np.less),
} | dict.fromkeys(("absolute", "relu", "leaky_relu", "elu", "selu"), _POSITIVE)  # fmt: skip
_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)


def find(case):
    """The first condition that tells where the claim is wrong from where it is right, at every point."""
    criterion = case.evidence.rtol, case.evidence.atol
    wrong = [~agrees(yours, true, *criterion) for yours, true in zip(case.yours, case.true, strict=True)]
    entries = np.concatenate([np.ravel(w) for w in wrong])
    if entries.size < _FEWEST or entries.all():
        return None
    for text, masks in _conditions(case):
        for truth in (True, False):
            if all(_is_mask(m == truth, w) for m, w in zip(masks, wrong, strict=True)):
                return _cause(case, text, masks, truth) if _is_informed(case, wrong) else None
    return None


def _is_informed(case, wrong):
    """Whether something other than 0 is right: where a branch is 0, most mistakes stand in the other one."""
    return any(true[~w].any() for true, w in zip(case.true, wrong, strict=True))


def _is_mask(condition, wrong):
    return np.ndim(condition) in (0, wrong.ndim) and np.array_equal(np.broadcast_to(condition, wrong.shape), wrong)


def _conditions(case):
    """(text, the condition at each point) for all that the target chooses by; none where points differ in them."""
    found = [list(_chosen(case, k)) for k in range(len(case.points))]
    if len(set(map(len, found))) == 1:
        for same in zip(*found, strict=True):
            yield same[0][0], [mask for _, mask in same]


def _chosen(case, k):
    output = case.recorded[k].output
    for line in ancestors([output]) if type(output) is Line else ():
        function, operands = line.rule.function, [getattr(o, "value", o) for o in line.operands]
        if function in _COMPARISONS and line.value.dtype == bool:
            yield piece(case, line), line.value
        elif line.rule.name in _CHOICES:
            words, condition = _CHOICES[line.rule.name]
            texts = [piece(case, o) if type(o) is Line else constant(o) for o in line.operands]
            yield words.format(*texts), condition(*operands)
        elif function is np.where and type(line.operands[0]) is not Line:
            yield f"the condition of {piece(case, line)}", np.asarray(operands[0])


def _cause(case, text, masks, truth):
    """What is right where the claim is wrong is told as well: the other sign of it, or one number."""
    there = [np.broadcast_to(m == truth, t.shape) for m, t in zip(masks, case.true, strict=True)]
    pairs = [(-yours[w], true[w]) for yours, true, w in zip(case.yours, case.true, there, strict=True)]
    opposite = all(case.is_like(*pair) for pair in pairs)
    single = None if opposite else _number(np.concatenate([true for _, true in pairs]))
    words = f"wrong only where {shortened(text)} is {'true' if truth else 'false'}"
    words += ", where the sign is wrong" * opposite + (f", where it is {quoted(single)}" if single else "")
    return case.cause("branch", words, _formula(case, text, truth, single, opposite))


def _number(entries):
    """The tree of the number that all entries are; None where they differ."""
    first = round(float(entries[0]), _DIGITS) + 0.0  # which is no -0.0
    return number(first) if np.allclose(entries, first, rtol=0, atol=10.0**-_DIGITS) else None


def _formula(case, text, truth, single, opposite):
    """The claim with another branch."""
    if case.claim is None:
        return None
    script = case.claim.script
    other = Unary("-", script.result, NOWHERE) if opposite else single
    condition = tree_of(text)
    if other is None or condition is None:
        return case.simplest()
    branches = (other, script.result) if truth else (script.result, other)
    return case.simplest(script_text(script._replace(result=call("where", condition, *branches))))
