"""From a question to a Report of formulas, alone or beside the numbers."""

import numpy as np

from . import asked, remarks
from .assumptions import examples, note, spelt
from .errors import AdiffError
from .report import Block, Remark, Report, partial
from .symbols import symbols

_TITLES = {"grad": "gradient", "jac": "Jacobian", "hess": "Hessian", "deriv": "derivative"}
_OF_NUMBERS = {"hess": ("eigenvalues", "definiteness", "classification"), "deriv": ("trusted_digits", "directions")}


def formulas(command, expression, point, wrt=None, *, shapes=None, order=None, seed=0):
    """The derivatives as formulas of variables without values, by those that have values, or else by all.

    command  grad, jac, hess or deriv
    point    values by name; those of some variables are missing
    shapes   shapes by name, of variables without values; those that are missing too are worked out
    order    of deriv, as `asked.orders` takes it
    Raises AdiffError (formula) where a derivative cannot be written as one.
    """
    shapes, wrt = shapes or {}, wrt or [n for n in (*expression.variables, *expression.constants) if n in point] or None
    scalar = command in ("grad", "hess")
    known = symbols(expression, point, _numbers(expression, order, wrt) | shapes, scalar=scalar, seed=seed)
    recorded = known.record(seed, wrt)
    wrt = tuple(wrt or recorded.inputs)
    expression.check_wrt([*wrt, *(order if isinstance(order, dict) else ())], recorded)
    if scalar:
        expression.check_scalar(recorded, wrt, command)
    orders = None if order is None else asked.orders(order, recorded, wrt, command)
    texts, blocks = _written(command, recorded, wrt, orders)
    for block in blocks:
        if block.formula is None:
            raise _unwritten(block, known)
    return _report(command, known, recorded, tuple(orders or wrt), blocks, _record(command, texts, orders), shapes)


def with_formulas(report, expression, point, *, seed=0):
    """A Report of numbers with the formulas of its derivatives; where one cannot be written, a note says so."""
    recorded = symbols(expression, point).record(seed, report.wrt)
    texts, written = _written(report.command, recorded, report.wrt, report.record.get("order"))
    blocks = [block._replace(formula=w.formula) for block, w in zip(report.blocks, written, strict=True)]
    notes = [Remark("formula", f"{b.label} cannot be written as a formula") for b in blocks if b.formula is None]
    record, notes = report.record | {"formula": texts}, (*notes, *remarks.of_one_point(expression))
    return report._replace(blocks=tuple(blocks), record=record, notes=notes, ranks=_ranks(recorded))


def _numbers(expression, order, wrt):
    """The variables of which the derivative is of some order are numbers."""
    names = () if order is None else order if isinstance(order, dict) else wrt or expression.variables
    return dict.fromkeys(names, ())


def _written(command, recorded, wrt, orders):
    """The formulas as they stand in JSON, and as blocks."""
    from .export import formula

    if command == "deriv":
        text = formula.derivative_formula(recorded, orders)
        return text, [_block(orders, text)]
    if command == "hess":
        rows = formula.hessian_formulas(recorded, wrt)
        return rows, [_block({x: 1, y: 1} if x != y else {x: 2}, rows[x][y]) for x in wrt for y in wrt]
    texts = (formula.gradient_formulas if command == "grad" else formula.jacobian_formulas)(recorded, wrt)
    return texts, [_block({name: 1}, texts[name]) for name in wrt]


def _block(orders, text):
    return Block(*partial(orders), None, formula=text)


def _unwritten(block, known):
    message = f"{block.label} cannot be written as a formula"
    if not known.is_singular():
        return AdiffError("formula", message, help=f"for numbers add {examples(known.shapes, 4 if known.given else 1)}")
    message += ": a matrix is singular here, whatever the values of these shapes are"
    free = symbols(known.expression, known.given, scalar=known.scalar)
    return AdiffError("formula", message, help="" if free.is_singular() else f"leave out --shape, or say {spelt(free)}")


def _record(command, texts, orders):
    """What JSON has: all that it has of numbers too, with nothing in their place."""
    record = {} if orders is None else {"order": orders}
    return record | {command: _emptied(texts), "formula": texts} | dict.fromkeys(_OF_NUMBERS.get(command, ()))


def _ranks(recorded):
    return {name: line.value.ndim for name, line in recorded.inputs.items()}


def _emptied(texts):
    return {name: _emptied(part) for name, part in texts.items()} if isinstance(texts, dict) else None


def _report(command, known, recorded, wrt, blocks, record, said):
    remark = note(known)
    return Report(
        command,
        recorded.source,
        wrt,
        value=None,
        shape=np.shape(recorded.value),
        title=_TITLES[command],
        blocks=tuple(blocks),
        record=record,
        notes=() if remark is None else (remark,),
        ranks=_ranks(recorded),
        unbound=tuple(known.shapes),
        assumed={name: shape for name, shape in known.shapes.items() if name not in said},
        function=recorded.function,
    )
