"""From a question to a Report."""

import numpy as np

from . import asked, remarks
from .errors import AdiffError
from .report import Block, Polynomial, Report, partial, product


def value(expression, point, *, seed=0, strict=False):
    """The value of an expression at a point."""
    recorded = expression.record(point, seed, wrt=())
    return _report("value", recorded, (), strict=strict)


def gradient(expression, point, wrt=None, *, seed=0, strict=False):
    """The gradient of a scalar expression; by default with respect to all variables of the point."""
    recorded, wrt = expression.ask(point, wrt, scalar="grad", seed=seed)
    gradients = recorded.gradient(wrt)
    blocks = [_first(name, array, recorded) for name, array in gradients.items()]
    record = {"grad": gradients, "formula": dict.fromkeys(gradients)}
    return _report("grad", recorded, wrt, blocks, record, title="gradient", strict=strict)


def jacobian(expression, point, wrt=None, *, ad="auto", seed=0, strict=False):
    """The Jacobian of an expression: axes of the value, then those of the variable."""
    mode = asked.mode(ad)
    recorded, wrt = expression.ask(point, wrt, seed=seed)
    jacobians = recorded.jacobian(wrt, mode)
    blocks = [_first(name, array, recorded) for name, array in jacobians.items()]
    record = {"jac": jacobians, "formula": dict.fromkeys(jacobians)}
    return _report("jac", recorded, wrt, blocks, record, title="Jacobian", strict=strict)


def hessian(expression, point, wrt=None, *, judged=True, seed=0, strict=False):
    """The Hessian of a scalar expression for all pairs of variables; if `judged`, what it says about the point."""
    recorded, wrt = expression.ask(point, wrt, scalar="hess", seed=seed)
    rows = recorded.hessian(wrt)
    pairs = [(x, y) for x in wrt for y in wrt]
    blocks = [Block(*partial({x: 1, y: 1} if x != y else {x: 2}), rows[x][y]) for x, y in pairs]
    about = _curvature(recorded, wrt, rows)._asdict() if judged else {}
    record = {"hess": rows, "formula": {x: dict.fromkeys(row) for x, row in rows.items()}} | about
    return _report("hess", recorded, wrt, blocks, record, title="Hessian", details=tuple(about), order=2, strict=strict)


def _curvature(recorded, wrt, rows):
    from .curvature import curvature

    sizes = {name: recorded.inputs[name].value.size for name in wrt}
    matrix = [[np.reshape(rows[x][y], (sizes[x], sizes[y])) for y in wrt] for x in wrt]
    gradient = [np.ravel(g) for g in recorded.gradient(wrt).values()]
    point = [np.ravel(recorded.inputs[name].value) for name in wrt]
    matrix = np.block(matrix) if wrt else np.zeros((0, 0))
    return curvature(
        matrix, *(np.concatenate([[], *v]) for v in (gradient, point)), not remarks.of_kinks(recorded, wrt)
    )


def jvp(expression, point, wrt=None, *, tangents, seed=0, strict=False):
    """Jacobian @ tangents: how the value moves with the point."""
    recorded, wrt = expression.ask(point, wrt, named=tangents, seed=seed)
    tangents = asked.tangents(tangents, recorded, wrt, "jvp")
    array = recorded.jvp(tangents)
    record = {"tangent": tangents, "jvp": array}
    blocks = [Block("jvp", r"\mathrm{jvp}", array)]
    return _report("jvp", recorded, wrt, blocks, record, title="Jacobian @ tangents", strict=strict)


def vjp(expression, point, wrt=None, *, cotangent, seed=0, strict=False):
    """cotangent @ Jacobian: the gradient of a weighted sum of the value's elements."""
    recorded, wrt = expression.ask(point, wrt, seed=seed)
    cotangent = asked.cotangent(cotangent, recorded)
    products = recorded.vjp(cotangent, wrt)
    record = {"cotangent": cotangent, "vjp": products}
    blocks = _products("vjp", products, recorded)
    return _report("vjp", recorded, wrt, blocks, record, title="cotangent @ Jacobian", strict=strict)


def hvp(expression, point, wrt=None, *, tangents, seed=0, strict=False):
    """Hessian @ tangents: how the gradient of a scalar moves with the point."""
    recorded, wrt = expression.ask(point, wrt, scalar="hvp", named=tangents, seed=seed)
    tangents = asked.tangents(tangents, recorded, wrt, "hvp")
    products = recorded.hvp(tangents, wrt)
    blocks = _products("hvp", products, recorded)
    record = {"tangent": tangents, "hvp": products}
    return _report("hvp", recorded, wrt, blocks, record, title="Hessian @ tangents", order=2, strict=strict)


def derivative(expression, point, wrt=None, *, order, seed=0, strict=False):
    """One derivative of any order by variables that are numbers."""
    recorded, wrt = expression.ask(point, wrt, named=order, seed=seed)
    orders = asked.orders(order, recorded, wrt, "deriv")
    array, digits, directions = recorded.derivative(orders)
    at = recorded.inputs[next(iter(orders))].value if len(orders) == 1 else None
    blocks = [Block(*partial(orders), array, at, [digits])]
    about = {"trusted_digits": digits, "directions": directions}
    record = {"order": orders, "deriv": array, "formula": None} | about
    return _report("deriv", recorded, tuple(orders), blocks, record, title="derivative", details=tuple(about),
                   order=sum(orders.values()), strict=strict)  # fmt: skip


def taylor(expression, point, wrt=None, *, order, seed=0, strict=False):
    """The Taylor series in one variable that is a number, up to an order."""
    recorded, wrt = expression.ask(point, wrt, seed=seed)
    name, order = asked.only_variable(recorded, wrt, "taylor"), asked.degree(order)
    coefficients, digits = recorded.taylor(name, order)
    center = recorded.inputs[name].value
    polynomial = Polynomial(name, center, coefficients)
    block = Block("coefficients", "c", coefficients, None, digits)
    record = {"center": center, "coefficients": coefficients, "polynomial": polynomial, "trusted_digits": digits}
    return _report("taylor", recorded, wrt, [block], record, title="Taylor series", polynomial=polynomial,
                   details=("trusted_digits",), order=order, strict=strict)  # fmt: skip


def trace(expression, point, wrt=None, *, order=1, tangents=None, seed=0, strict=False):
    """Each line of a scalar expression: its value, its adjoint, and how it moves with what it is made of.

    order     2 for the lines that the gradient adds as well
    tangents  how the point moves, for the tangent of each line; by name, or one for the only variable
    """
    from .tracing import Trace

    if order not in (1, 2):
        raise AdiffError("order", f"a trace has order 1 or 2, not {order}", help="2 shows the backward pass as well")
    recorded, wrt = expression.ask(point, wrt, scalar="trace", named=tangents, seed=seed)
    tangents = None if tangents is None else asked.tangents(tangents, recorded, wrt, "trace")
    found = Trace(recorded, wrt, expression.definitions, tangents)
    nodes, backward = tuple(found.forward()), tuple(found.backward() if order == 2 else ())
    lines = {"nodes": [n._asdict() for n in nodes], "backward": [n._asdict() for n in backward]}
    record = {"order": order, "tangent": tangents} | lines
    blocks = [Block("", "", array) for array in found.derivatives()]  # for the remarks
    report = _report("trace", recorded, wrt, blocks, record, strict=strict)
    notes = remarks.of_rewriting(found.is_rewritten)
    return report._replace(blocks=(), nodes=nodes, backward=backward, notes=notes)


def _first(name, array, recorded):
    return Block(*partial({name: 1}), array, recorded.inputs[name].value)


def _products(kind, products, recorded):
    return [Block(*product(kind, name), array, recorded.inputs[name].value) for name, array in products.items()]


def _report(command, recorded, wrt, blocks=(), record=None, *, order=1, strict=False, **more):
    """The Report, with remarks; under `strict` an error where it is not finite. `order` is that of the derivatives."""
    found = remarks.of_value(recorded)
    if not found and not all(np.isfinite(block.array).all() for block in blocks):
        found = remarks.of_derivatives(recorded, wrt, order)
    found = remarks.placed(found, recorded)
    remarks.enforce(strict, found, recorded.source)
    found += remarks.placed([*recorded.remarks, *remarks.of_kinks(recorded, wrt, order)], recorded)
    return Report(command, recorded.source, wrt, recorded.value, np.shape(recorded.value), blocks=tuple(blocks),
                  record=record or {}, remarks=tuple(found), function=recorded.function, **more)  # fmt: skip
