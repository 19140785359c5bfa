"""Constant factors: which one there is between a claim and the derivative, and what it is called."""

import math
from fractions import Fraction

import numpy as np

from ...engine.program import Line, ancestors
from ...export.symbolic.figures import CONSTANTS
from ...export.symbolic.spelling import NOWHERE, spelled
from ...export.symbolic.trees import quotient, scaled
from ...language.syntax import Call, Number, Unary, walk
from .texts import script_text, tree_of

_SAME = 1e-9  # by how much the ratios of components may differ
_LARGEST = 1000  # numerator of a factor that is a fraction
_DENOMINATOR = 100
_SIZE = 4  # a number up to this may be a size by chance
_MEANS = ("mean", "average", "var", "std")


def factor_of(case):
    """The number c for which c*yours is the derivative everywhere; None where there is none."""
    ratios = [_ratio(yours, true) for yours, true in zip(case.yours, case.true, strict=True)]
    known = [r for r in ratios if r is not None]
    same = _SAME if case.true[0].dtype == float else case.evidence.rtol
    if not known or not np.isfinite(known).all() or not all(math.isclose(r, known[0], rel_tol=same) for r in known):
        return None
    factor = _rounded(known[0], same)
    return factor if factor and case.holds(lambda k: factor * case.yours[k]) else None


def _ratio(yours, true):
    """true/yours by least squares; None where the two are 0."""
    if not yours.any() and not true.any():
        return None
    with np.errstate(all="ignore"):
        return float(np.vdot(yours, true) / np.vdot(yours, yours))


def _rounded(ratio, same):
    """A ratio without its rounding, where it is a fraction."""
    if not math.isfinite(ratio):
        return None
    fraction = Fraction(ratio).limit_denominator(_DENOMINATOR)
    return float(fraction) if math.isclose(fraction, ratio, rel_tol=same) else ratio


def words(factor):
    """What is wrong, of a claim that is to be multiplied by a factor."""
    fraction, constant, power = _figure(abs(factor))
    if factor > 0 and (fraction.numerator, fraction.denominator > 1 or power < 0) == (1, True):
        return f"a factor {spelled(_written(1 / fraction, constant, -power))} too many"
    sign = "-" * (factor < 0)
    return f"a factor {sign}{spelled(_written(fraction, constant, power))} is missing"


def times(factor, script):
    """The text of a script times a number."""
    fraction, constant, power = _figure(abs(factor))
    over, under = _sides(constant, power)
    tree = scaled(over, under, script.result, fraction)
    return script_text(script._replace(result=tree if factor > 0 else Unary("-", tree, NOWHERE)))


def _figure(factor):
    """(fraction, constant, power): a positive factor as fraction * CONSTANTS[constant]^power."""
    for name, power in [(None, 1), *((name, power) for name in CONSTANTS for power in (1, -1))]:
        rest = factor / CONSTANTS[name] ** power if name else factor
        fraction = Fraction(rest).limit_denominator(_DENOMINATOR)
        if 0 < fraction.numerator <= _LARGEST and math.isclose(fraction, rest, rel_tol=_SAME):
            return fraction, name, power
    return Fraction(f"{factor:.10g}"), None, 1


def _sides(constant, power):
    """The constant above or below the line of a fraction."""
    tree = [tree_of(constant)] if constant else []
    return (tree, []) if power > 0 else ([], tree)


def _written(fraction, constant, power):
    return quotient(*_sides(constant, power), fraction)


def sized(case, factor):
    """What is said of a factor that is a size of the problem, or one over it; None for others.

    Small numbers are sizes by chance, unless the formulas have to do with means.
    """
    n = max(factor, 1 / factor)
    name = _sizes(case.points[0]).get(n)
    if name is None or n < 3 or (n <= _SIZE and not _averages(case, n)):
        return None
    mistake = "a mean was taken for a sum" if factor > 1 else "a sum was taken for a mean"
    return f"a factor {n:g} {'is missing' if factor > 1 else 'too many'} ({n:g} is {name}: {mistake})"


def _sizes(point):
    """The sizes of the variables by number: rows and columns first, which are what is summed over."""
    found = {}
    arrays = sorted(point.items(), key=lambda item: -np.ndim(item[1]))
    for place in range(2):
        for name, array in arrays:
            if place < array.ndim:
                what = "the length" if array.ndim == 1 else ("the number of rows", "the number of columns")[place]
                found.setdefault(array.shape[place], f"{what} of {name}")
    for name, array in arrays:
        found.setdefault(array.size, f"the number of elements of {name}")
    return found


def _averages(case, n):
    """Whether the target or the claim has to do with a mean over n."""
    output = case.recorded[case.probe].output
    lines = ancestors([output]) if type(output) is Line else ()
    if any(line.rule.name in _MEANS for line in lines):
        return True
    scripts = [e.script for e in (case.target, case.claim) if hasattr(e, "script")]
    nodes = [node for script in scripts for node in walk(script)]
    return any(getattr(n, "name", "") in _MEANS for n in nodes if type(n) is Call) or any(
        node.value == n for node in nodes if type(node) is Number
    )
