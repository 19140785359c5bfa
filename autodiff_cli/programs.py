"""What is asked of a target, in two ways: answered at one point, and as a program that answers at others.

A program's first output is the value; then come the answers in the order in which they are given at a point; and then
what else has to be finite where the program holds: the gradient, where second derivatives are asked.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import asked
from .engine.program import Line, Program, ancestors
from .engine.recording import Recording
from .engine.simplify import simplifying
from .engine.tensor import Tensor

_LONGEST = 10_000  # lines of a series, which take a second to make


class Question(NamedTuple):
    """answer    answer(recorded, wrt, **details): arrays by key
    outputs   outputs(recorded, wrt, **details): the same, and what must be finite, as lines
    scalar    whether the value must be one number
    series    whether it is a Taylor series: one that leaves the range of numbers is scaled at a point, but not as lines
    slope     slope(recorded, wrt, **details): (names, order) of the derivatives that are taken
    """

    answer: Callable
    outputs: Callable
    scalar: bool = False
    series: bool = False
    slope: Callable = lambda recorded, wrt, **_: (wrt, 1)


def program(question, recorded, wrt, **details):
    """The Program of a question. Raises TooLong, where that is a series."""
    recording = Recording(_LONGEST if question.series else None)
    with recording, simplifying(), np.errstate(all="ignore"):
        recording.adopt(ancestors([o for o in (recorded.output, recorded.simplified) if type(o) is Line]))
        if recorded.varies or (question.series and type(recorded.output) is Line):
            found = question.outputs(recorded, wrt, **details)
        else:
            found = question.answer(recorded, wrt, **details).values()
    return Program(recorded.inputs.values(), [recorded.output, *map(_output, found)])


def _output(x):
    return x if not isinstance(x, Tensor) else x.value if x.line is None else x.line


def _by_name(arrays):
    return {(name,): array for name, array in arrays.items()}


def _lines(recorded, names):
    return [recorded.inputs[name] for name in names]


# --- at a point


def _jac(recorded, wrt, mode="auto"):
    return _by_name(recorded.jacobian(wrt, asked.mode(mode)))


def _hess(recorded, wrt):
    return {(x, y): block for x, row in recorded.hessian(wrt).items() for y, block in row.items()}


def _jvp(recorded, wrt, tangents=None):
    return {"jvp": recorded.jvp(asked.tangents(tangents, recorded, wrt, "jvp"))}


def _vjp(recorded, wrt, cotangent=None):
    return _by_name(recorded.vjp(asked.cotangent(cotangent, recorded), wrt))


def _hvp(recorded, wrt, tangents=None):
    return _by_name(recorded.hvp(asked.tangents(tangents, recorded, wrt, "hvp"), wrt))


def _deriv(recorded, wrt, order=1):
    orders = asked.orders(order, recorded, wrt, "deriv")
    return {tuple(name for name, n in orders.items() for _ in range(n)): recorded.derivative(orders, judged=False)[0]}


def _taylor(recorded, wrt, order=5):
    name = asked.only_variable(recorded, wrt, "taylor")
    return {"taylor": recorded.taylor(name, asked.degree(order), judged=False)[0]}


# --- what is differentiated by, and how often


def _twice(recorded, wrt, **_):
    return wrt, 2


def _deriv_slope(recorded, wrt, order=1):
    orders = asked.orders(order, recorded, wrt, "deriv")
    return tuple(orders), sum(orders.values())


def _taylor_slope(recorded, wrt, order=5):
    return wrt, asked.degree(order)


# --- as lines


def _swept(recorded, wrt, cotangent=None):
    """Cotangent @ Jacobian."""
    from .engine.differentiate import vjp

    seed = np.asarray(asked.cotangent(cotangent, recorded))
    live = None if np.all(seed) else np.not_equal(seed, 0)
    lines = _lines(recorded, wrt)
    return vjp([recorded.simplified], [seed], lines, live=[live], record=True, given=recorded.inputs.values())


def _gradient(recorded, wrt):
    return _swept(recorded, wrt, np.ones((), recorded.output.value.dtype))


def _jacobian(recorded, wrt, mode="auto"):
    from .engine.jacobian import jacobian

    return jacobian(recorded.simplified, _lines(recorded, wrt), mode, record=True)


def _hessian(recorded, wrt):
    from .engine.jacobian import hessian

    rows = hessian(recorded.simplified, _lines(recorded, wrt), record=True)
    return [block for row in rows for block in row] + _gradient(recorded, wrt)


def _pushed(recorded, outputs, tangents):
    from .engine.forward import jvp

    live = [None if np.all(t) else np.not_equal(t, 0) for t in tangents.values()]
    return jvp(outputs, _lines(recorded, tangents), list(tangents.values()), live=live, record=True)


def _along(recorded, wrt, tangents=None):
    return _pushed(recorded, [recorded.simplified], asked.tangents(tangents, recorded, wrt, "jvp"))


def _gradient_along(recorded, wrt, tangents=None):
    tangents = asked.tangents(tangents, recorded, wrt, "hvp")
    gradient = _gradient(recorded, wrt)
    outputs = [_output(g) for g in gradient]
    lines = [o for o in outputs if type(o) is Line]
    moved = iter(_pushed(recorded, lines, tangents))
    return [next(moved) if type(o) is Line else np.zeros_like(o) for o in outputs] + gradient


def _derivative(recorded, wrt, order=1):
    from .engine.derivatives import recorded_derivative

    orders = asked.orders(order, recorded, wrt, "deriv")
    orders = {recorded.inputs[name]: n for name, n in orders.items() if n}
    return [recorded_derivative(recorded.simplified, orders) if orders else recorded.output]


def _coefficients(recorded, wrt, order=5):
    from .engine.derivatives import recorded_taylor

    name = asked.only_variable(recorded, wrt, "taylor")
    return [recorded_taylor(recorded.simplified, recorded.inputs[name], asked.degree(order))]


QUESTIONS = {
    "value": Question(lambda recorded, wrt: {}, lambda recorded, wrt: [], slope=lambda recorded, wrt: ((), 1)),
    "grad": Question(lambda recorded, wrt: _by_name(recorded.gradient(wrt)), _gradient, scalar=True),
    "jac": Question(_jac, _jacobian),
    "hess": Question(_hess, _hessian, scalar=True, slope=_twice),
    "jvp": Question(_jvp, _along),
    "vjp": Question(_vjp, _swept),
    "hvp": Question(_hvp, _gradient_along, scalar=True, slope=_twice),
    "deriv": Question(_deriv, _derivative, slope=_deriv_slope, series=True),
    "taylor": Question(_taylor, _coefficients, slope=_taylor_slope, series=True),
}
