"""What a report says of a claim, in words."""

import numpy as np

from ..render.numbers import number, value_text
from .comparison import KINK, RIGHT, UNDEFINED, UNSURE, WRONG
from .evidence import UNEXPLAINED
from .findings import FAIL, PASS
from .patterns import pattern
from .redo import quoted

_MOST = 60  # numbers of a point that are written out
_DOUBTS = {
    UNDEFINED: "there is no derivative at {}",
    KINK: "there is a kink at {}",
    UNSURE: "AD and {} disagree at {}",
}


def sentence(finding):
    """What stands behind the verdict."""
    if finding.refusal:
        return f"{finding.label}: {finding.refusal}"
    size, points = finding.shown.status.size, len(finding.comparisons)
    if finding.verdict == PASS:
        agree = f"{_counted(size, size)} agree{'s' * (size == 1)}"
        return f"{finding.label}: {agree} at {points} of {points} point{'s' * (points > 1)}"
    if finding.verdict == FAIL:
        count = np.count_nonzero(finding.shown.status == WRONG)
        differ = f"{_counted(count, size)} differ{'s' * (size == 1)}"
        return f"{finding.label}: {differ}  (|yours-ad| > {finding.criterion})"
    return f"{finding.label}: {_doubt(finding.shown, size)}"


def _counted(count, size):
    return f"{count} of {size} component{'s' * (size != 1)}"


def _doubt(shown, size):
    """Why there is no verdict."""
    found = [(status, np.count_nonzero(shown.status == status)) for status in _DOUBTS]
    parts = [_told(shown, status).format(_counted(count, size)) for status, count in found if count]
    along = (
        "there is a kink along" if shown.is_doubtful and shown.reference.bent else "AD and differences disagree along"
    )
    return " and ".join(parts) or f"{along} a random direction"


def _told(shown, status):
    if status != UNSURE:
        return _DOUBTS[status]
    return _DOUBTS[status].format(shown.against, "{}")


def lines(finding, shown):
    """(word, text) of what else there is to say; `shown` components are in the table."""
    comparison = finding.shown
    if comparison is None:
        yield from _of_cause(finding)
        return
    told = np.isin(comparison.status, finding.told)
    hidden = int(np.count_nonzero(told)) - shown
    where = ", ".join(filter(None, [f"{hidden} more" * (hidden > 0), pattern(told)]))
    if where:
        yield "where", where
    if finding.verdict != PASS and comparison.sample.drawn:
        yield "at", _written(comparison.sample.point)
    if finding.verdict == FAIL:
        yield from _of_points(finding)
    for remark in finding.remarks:
        yield ("kink" if remark.code == "kink" else "why"), _placed(remark)
    yield from _of_cause(finding)
    if comparison.reference is not None and (finding.verdict != PASS or _is_remarkable(finding)):
        yield from _of_reference(finding, comparison)


def _of_cause(finding):
    if finding.cause is not None:
        yield "right" if finding.cause.kind == UNEXPLAINED else "likely", finding.cause.text


def _placed(remark):
    return f"{remark.label}: {remark.message}" if remark.label else remark.message


def _written(point):
    """The values of a point as options, if they are few."""
    if sum(array.size for array in point.values()) > _MOST:
        return "a point that was drawn"
    return " ".join(f"--{name} {quoted(value_text(array))}" for name, array in point.items())


def _of_points(finding):
    """At how many points it is so, where it is not so everywhere."""
    count, points = sum(bool((c.status == WRONG).any()) for c in finding.comparisons), len(finding.comparisons)
    first = finding.comparisons[0]
    given = "; at the given one all agree" if not first.sample.drawn and (first.status == RIGHT).all() else ""
    if count < points:
        yield "points", f"they differ at {count} of {points} points{given}"


def _is_remarkable(finding):
    """Whether the reference was checked in another way than component by component."""
    return finding.shown.reference.directions > 0 or (finding.shown.true.size > 0 and np.isnan(finding.off))


def _of_reference(finding, comparison):
    """How AD and other ways to the derivative compare."""
    known, second = comparison.reference, comparison.second
    seen = f", and at {len(known.places)} of {comparison.status.size} components" if len(known.places) else ""
    seen = f" (along {known.directions} random directions{seen})" if known.directions else ""
    if (comparison.status == UNSURE).any() or known.disagree:
        yield "ref", _disagreeing(comparison)
    elif not np.isnan(finding.off):
        yield "ref", f"AD and finite differences agree to {finding.off:.1e}{seen}"
    elif second is not None:
        yield "ref", f"AD and {second.name} agree; finite differences tell nothing here"
    elif (comparison.status <= WRONG).any():
        yield "ref", "finite differences tell nothing here"


def _disagreeing(comparison):
    second = comparison.second
    if second is None or comparison.against != second.name:
        return f"AD and finite differences are {comparison.reference.off:.1e} apart, as a part of the largest component"
    place = comparison.worst(UNSURE)[0] % second.values.shape[1]
    return f"{second.name} gives {number(float(second.values.flat[place]))}"
