"""The way from a Check to its Outcome."""

import numpy as np

from .. import remarks
from ..assumptions import of_shapes
from ..engine.differences import tolerance
from ..report import Remark, partial
from ..symbols import symbols
from .claims import TRANSPOSED, Formula, Numbers, misshapen
from .comparison import KINK, UNDEFINED, WRONG, Criterion, compare
from .edges import of_edges
from .evidence import Cause, Evidence, agrees
from .findings import FAIL, INCONCLUSIVE, PASS, Finding, together, verdict_of
from .outcome import Outcome
from .redo import redo
from .samples import collect


def outcome(check):
    """The Outcome of a Check."""
    shapes, notes = _shapes(check)
    samples = collect(check, shapes)
    findings = [_finding(check, key, samples.used) for key in check.keys]
    findings = tuple(_with_cause(check, finding, findings) for finding in findings)
    notes = (*notes, *_notes(check, samples, findings))
    points, drawn = tuple(s.point for s in samples.used), tuple(s.drawn for s in samples.used)
    return Outcome(check, together([f.verdict for f in findings]), findings, points, drawn,
                   {reason: n for reason, n in samples.refused.items() if n}, notes, redo(check, findings))  # fmt: skip


def verdicts(check):
    """The verdict of each claim by its key, of a Check whose point is whole."""
    samples = collect(check, {})
    return {key: _finding(check, key, samples.used).verdict for key in check.keys}


def _shapes(check):
    """(the shapes of the variables without values, Remarks on what was assumed)."""
    missing = [name for name in check.target.variables if name not in check.point]
    if all(name in check.shapes for name in missing):
        return {name: check.shapes[name] for name in missing}, ()
    known = symbols(check.target, check.point, check.shapes, scalar=check.of != "jac")
    assumed = of_shapes(known)
    return known.shapes, () if assumed is None else (assumed,)


# --- one claim


def _finding(check, key, samples):
    label = _label(key)
    if not samples:
        refusal = "no point was found at which it has a derivative"
        return Finding(key, label, INCONCLUSIVE, criterion_of(check, np.float64), refusal=refusal)
    criterion = criterion_of(check, samples[0].yours[key].dtype)
    ways = [_shape(sample, key, criterion) for sample in samples]
    if ways[0][0]:
        return Finding(key, label, FAIL, criterion, refusal=ways[0][0], cause=_turned(check, key, ways))
    comparisons = tuple(compare(check, sample, key, criterion) for sample in samples)
    found = Finding(key, label, verdict_of(comparisons), criterion, comparisons)
    return found._replace(remarks=_remarks(key, found) if found.verdict == INCONCLUSIVE else ())


def _shape(sample, key, criterion):
    """What is wrong with the shape of a claim, and how it would be right."""
    true = sample.true[key]
    return misshapen(sample.yours[key], true, lambda array: agrees(array, true, *criterion).all())


def _turned(check, key, ways):
    """The transpose of a formula as its correction, where that agrees at every point."""
    claim = next(claim for claim in check.claims if key in claim.keys)
    if not isinstance(claim, Formula) or any(way != TRANSPOSED for _, way in ways):
        return None
    formula = f"({claim.text})'"
    return Cause(
        "transposed", f"the result is transposed: {formula} matches at {len(ways)} of {len(ways)} points", formula
    )


def _label(key):
    return partial({name: key.count(name) for name in key})[0]


def criterion_of(check, dtype):
    """What was asked for, and else what the precision of the claim allows."""
    rtol, atol = tolerance(dtype)
    return Criterion(rtol if check.rtol is None else check.rtol, atol if check.atol is None else check.atol)


def _remarks(key, finding):
    """What stands in the way of a derivative at the point that is shown."""
    recorded, status = finding.shown.sample.recorded, finding.shown.status
    found = []
    if (status == UNDEFINED).any():
        found += remarks.of_value(recorded) or remarks.of_derivatives(recorded, key, len(key))
    if (status == KINK).any() or finding.shown.is_doubtful:
        found += remarks.of_kinks(recorded, key, len(key)) or of_edges(recorded, key)
    return tuple(remarks.placed(found, recorded))


# --- why it is wrong


def _with_cause(check, finding, findings):
    if finding.verdict != FAIL or not finding.comparisons:
        return finding
    from .causes import likely

    return finding._replace(cause=likely(_evidence(check, finding, findings)))


def _evidence(check, finding, findings):
    """What is known where nothing but the claim is in doubt: at a kink a wrong claim may be right by accident."""
    smooth = [i for i, c in enumerate(finding.comparisons) if (c.status <= WRONG).all()]
    smooth = smooth or range(len(finding.comparisons))
    claims = {",".join(f.key): [f.comparisons[i].yours for i in smooth] for f in findings if f.comparisons}
    trues = {",".join(f.key): [f.comparisons[i].true for i in smooth] for f in findings if f.comparisons}
    claim = next(claim for claim in check.claims if finding.key in claim.keys)
    name = ",".join(finding.key)
    return Evidence(
        target=check.target,
        claim=claim.expression if isinstance(claim, Formula) else None,
        name=name,
        of=check.of,
        wrt=check.wrt,
        points=[finding.comparisons[i].sample.point for i in smooth],
        yours=claims[name],
        true=trues[name],
        claims=claims,
        trues=trues,
        rtol=finding.criterion.rtol,
        atol=finding.criterion.atol,
    )


# --- what was assumed


def _notes(check, samples, findings):
    if any(isinstance(claim, Numbers) for claim in check.claims) and check.random:
        yield Remark("numbers", "what is claimed are numbers, which hold at the given point only: no others are drawn")
    for reason, count in samples.refused.items():
        if count:
            points = f"{count} drawn point{'s' * (count > 1)} {'were' if count > 1 else 'was'}"
            yield Remark("redrawn", f"{points} not used, because {reason}")
    coarse = Criterion(*tolerance(np.float32))
    if check.rtol is None and check.atol is None and any(f.criterion == coarse for f in findings):
        yield Remark("float32", f"yours is computed in float32, so rtol is {coarse.rtol:g} and atol is {coarse.atol:g}")
    for finding in findings:
        if _is_below(finding):
            small = f"{finding.label} is below atol = {finding.criterion.atol:g} everywhere, where all agrees"
            yield Remark("small", small, help="--atol 0 looks closer")


def _is_below(finding):
    """Whether a claim passes only because its numbers are small."""
    rtol, atol = finding.criterion
    if finding.verdict != PASS:
        return False
    small = all((np.maximum(np.abs(c.yours), np.abs(c.true)) <= atol).all() for c in finding.comparisons)
    return small and not all(agrees(c.yours, c.true, rtol, 0).all() for c in finding.comparisons)
