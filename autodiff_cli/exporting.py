"""From an expression to its value and gradient in another language."""

import numpy as np

from .assumptions import of_shapes
from .export import write
from .export.exported import exported
from .remarks import of_one_point
from .report import Report
from .symbols import symbols


def export(expression, point, wrt=None, *, to, shapes=None, seed=0):
    """A Report whose record has a text: value and gradient of a scalar expression, written for arrays of these shapes.

    to      a target: the name of a file in export/
    point   values by name; only their shapes count, and some may be missing
    wrt     names; by default the variables with values, or else all
    shapes  shapes by name, of variables without values; those that are missing too are worked out
    Raises AdiffError (not-scalar), and (export) for what cannot be said in that language.
    """
    known = symbols(expression, point, shapes or {}, scalar=True, seed=seed)
    recorded = _recorded(expression, point, known, wrt, seed)
    wrt = tuple(wrt or [name for name in recorded.inputs if name in point] or recorded.inputs)
    expression.check_wrt(wrt, recorded)
    expression.check_scalar(recorded, wrt, "export")
    text = write(exported(expression.definitions, recorded, wrt), to)
    remark = of_shapes(known)
    return Report("export", expression.source, wrt, None, (), record={"text": text}, unbound=tuple(known.shapes),
                  assumed=known.assumed, function=recorded.function,
                  notes=(*([remark] if remark else ()), *of_one_point(expression)))  # fmt: skip


def _recorded(expression, point, known, wrt, seed):
    """The expression at the point, or where not all is finite there, as at a pole, at another one of these shapes."""
    if not known.shapes:
        recorded = expression.record(point, seed, wrt)
        if np.shape(recorded.value) or _is_finite(recorded):
            return recorded
    return known.record(seed, wrt)


def _is_finite(recorded):
    return all(np.isfinite(array).all() for array in (recorded.value, *recorded.gradient(recorded.inputs).values()))
