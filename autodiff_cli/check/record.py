"""An Outcome as a Report: what the formats show of it."""

import numpy as np

from ..report import Report, Verdict
from .comparison import KINK, RIGHT, UNDEFINED, UNSURE, WRONG, relative
from .findings import PASS
from .wording import lines, sentence

_MOST = 10  # components that are shown
_NAMES = {RIGHT: "right", WRONG: "wrong", KINK: "kink", UNSURE: "unsure", UNDEFINED: "undefined"}


def report(outcome, *, full=False, all_components=False):
    """The Report of an Outcome.

    full            fills the record, which only JSON has
    all_components  shows those that agree as well
    """
    check = outcome.check
    verdicts = [_verdict(finding, all_components) for finding in outcome.findings]
    if outcome.verdict != PASS and outcome.repro:
        verdicts[-1] = verdicts[-1]._replace(lines=(*verdicts[-1].lines, ("redo", outcome.repro)))
    missing = [name for name in check.target.variables if name not in check.point]
    first = next((f.comparisons[0].sample.recorded for f in outcome.findings if f.comparisons and not missing), None)
    value = first.value if full and first is not None else None
    return Report("check", check.target.source, check.wrt, value, np.shape(value), verdicts=tuple(verdicts),
                  record=_record(outcome) if full else {}, notes=outcome.notes, unbound=tuple(missing),
                  function=check.target.function)  # fmt: skip


def _verdict(finding, all_components):
    shown = _shown(finding, all_components)
    columns = _columns(finding, shown)
    told = columns.get("rel err", ())
    closest = min((error for error in told if error), default=1.0)
    digits = max(6, min(17, 2 - int(np.floor(np.log10(closest))))) if np.isfinite(closest) else 6
    rows = tuple(_name(finding.key, finding.shown.true.shape, place) for place in shown)
    return Verdict(finding.verdict, sentence(finding), rows, columns, digits, tuple(lines(finding, len(shown))))


def _shown(finding, all_components):
    """The flat places of the components that are shown, the worst first."""
    if finding.shown is None:
        return []
    if all_components:
        return finding.shown.worst().tolist()
    return [place for status in finding.told for place in finding.shown.worst(status)][:_MOST]


def _columns(finding, places):
    """The numbers that are shown of components, by title."""
    if not len(places):
        return {}
    shown = finding.shown
    yours, true = (part.ravel()[places] for part in (shown.yours, shown.true))
    fd, behind, ahead = np.transpose([shown.by_differences(place) for place in places])
    start = {"yours": yours.tolist(), "ad": true.tolist()}
    if (shown.status.ravel()[places] == UNDEFINED).all():
        return start
    if (shown.status.ravel()[places] == KINK).any():
        return start | {"from the left": behind.tolist(), "from the right": ahead.tolist()}
    ratio = np.divide(yours, true, out=np.full(len(places), np.nan), where=true != 0)
    return start | {"finite diff": fd.tolist(), "rel err": relative(yours, true).tolist(), "yours/ad": ratio.tolist()}


def _name(key, shape, place):
    """x[0], of a Hessian too: the places of the components of a derivative."""
    index = np.unravel_index(place, shape)
    return ",".join(dict.fromkeys(key)) + (f"[{', '.join(map(str, index))}]" if index else "")


# --- what JSON has


def _record(outcome):
    check = outcome.check
    return {
        "verdict": outcome.verdict,
        "of": check.of,
        "criterion": outcome.findings[0].criterion._asdict(),
        "seed": check.seed,
        "points": [point | {} for point in outcome.points],
        "drawn": list(outcome.drawn),
        "redrawn": outcome.refused,
        "claims": {",".join(finding.key): _claim(finding) for finding in outcome.findings},
        "hints": [_hint(finding) for finding in outcome.findings if finding.cause is not None],
        "repro": outcome.repro,
    }


def _claim(finding):
    return {
        "verdict": finding.verdict,
        "refusal": finding.refusal or None,
        "criterion": finding.criterion._asdict(),
        "components": finding.comparisons[0].true.size if finding.comparisons else None,
        "agreeing_points": finding.agreeing,
        "mismatches": [m for i, c in enumerate(finding.comparisons) for m in _mismatches(c, i)],
        "reference": [_reference(c) for c in finding.comparisons],
        "remarks": [remark.message for remark in finding.remarks],
    }


def _mismatches(comparison, point):
    """Each component that is not right at a point, the worst first."""
    for place in [p for status in (WRONG, UNSURE, KINK, UNDEFINED) for p in comparison.worst(status).tolist()]:
        index = np.unravel_index(place, comparison.true.shape)
        yours, true = comparison.yours.flat[place], comparison.true.flat[place]
        fd, behind, ahead = comparison.by_differences(place)
        yield {
            "point": point,
            "index": [int(i) for i in index],
            "status": _NAMES[int(comparison.status.flat[place])],
            "yours": yours,
            "ad": true,
            "fd": None if np.isnan(fd) else fd,
            "slopes": None if behind == ahead or np.isnan(fd) else [behind, ahead],
            "rel": float(relative(yours, true)),
        }


def _reference(comparison):
    known, second = comparison.reference, comparison.second
    if known is None:
        return None
    return {
        "off": None if np.isnan(known.off) else known.off,
        "moved": len(known.places),
        "directions": known.directions,
        "second": None if second is None else second.name,
    }


def _hint(finding):
    return {"claim": ",".join(finding.key)} | finding.cause._asdict()
