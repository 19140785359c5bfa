"""What a derivative is asked with: tangents, a cotangent, orders; each checked against the point."""

import numpy as np

from .errors import AdiffError
from .language.mismatches import shape_text
from .language.values import as_floats

MOST_ORDER = 1000
MODES = ("forward", "reverse", "auto")


def mode(name):
    """The way of a Jacobian, checked."""
    if name not in MODES:
        raise AdiffError("usage", f"--ad is {', '.join(MODES[:-1])} or {MODES[-1]}, and not {name}")
    return name


def tangents(given, recorded, wrt, command):
    """A tangent for each variable of `wrt`, zero where none is given.

    given   a dict by name, or one array where `wrt` has one variable
    """
    if given is not None and not isinstance(given, dict):
        if len(wrt) != 1:
            help = f"as in --tangent {wrt[0]}=VALUE" if wrt else ""
            raise AdiffError("usage", f"a tangent needs the name of its variable, one of {', '.join(wrt)}", help=help)
        given = {wrt[0]: given}
    if not given:
        help = f"add --tangent {wrt[0]}=VALUE, of the shape of {wrt[0]}" if wrt else ""
        raise AdiffError("usage", f"{command} needs a tangent: the direction in which the point moves", help=help)
    _check_chosen(given, wrt)
    points = {name: recorded.inputs[name].value for name in wrt}
    checked = {name: _shaped(t, points[name], name, f"tangent of {name}") for name, t in given.items()}
    return {name: checked.get(name, np.zeros_like(value)) for name, value in points.items()}


def cotangent(given, recorded):
    """The cotangent, of the shape of the value; 1 for a scalar where none is given."""
    value = np.asarray(recorded.value)
    if given is None and value.ndim:
        shape = shape_text(value.shape)
        message = f"vjp needs a cotangent here: one number for each element of the value, shape {shape}"
        help = f'add --cotangent VALUE; --cotangent "ones{shape}" is that of the sum'
        raise AdiffError("usage", message, help=help)
    return np.ones((), value.dtype) if given is None else _shaped(given, value, "the value", "cotangent")


def _check_chosen(names, wrt):
    for name in names:
        if name not in wrt:
            help = f"add it: --wrt {','.join([*wrt, name])}"
            raise AdiffError("usage", f"{name} is held fixed by --wrt {','.join(wrt)}", help=help)


def _shaped(given, like, name, what):
    array = as_floats(given).astype(np.asarray(like).dtype)
    if array.shape != np.shape(like):
        raise AdiffError("shape", f"the {what} {_form(array)}, but {name} {_form(like)}")
    return array


def _form(array):
    return f"has shape {shape_text(np.shape(array))}" if np.ndim(array) else "is one number"


def orders(order, recorded, wrt, command):
    """The order by each variable; a plain number is that of the one variable there is."""
    if not isinstance(order, dict):
        order = {_only(recorded, wrt, command, f"order {order}"): order}
    _check_chosen(order, wrt)
    for name in order:
        _scalar(name, recorded, command)
    counts = {name: degree(n) for name, n in order.items()}
    degree(sum(counts.values()))
    return counts


def degree(order):
    """An order, checked."""
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 0:
        raise AdiffError("order", f"an order is a whole number, 0 or more, and not {order}")
    if order > MOST_ORDER:
        raise AdiffError("order", f"order {order} is out of reach", help=f"orders go up to {MOST_ORDER}")
    return int(order)


def only_variable(recorded, wrt, command):
    """The name of the one scalar variable that a series is taken in."""
    name = _only(recorded, wrt, command, command)
    _scalar(name, recorded, command)
    return name


def _only(recorded, wrt, command, what):
    if len(wrt) == 1:
        return wrt[0]
    if not wrt:
        raise AdiffError("usage", f"{what} needs a variable, and there is none", source=recorded.source)
    help = f"choose with --wrt {wrt[0]}"
    help += f", or name it: --order {wrt[0]}=2,{wrt[1]}=1" if command == "deriv" else ""
    raise AdiffError("usage", f"{what} is by one variable, but there are {len(wrt)}: {', '.join(wrt)}", help=help)


def _scalar(name, recorded, command):
    line = recorded.inputs[name]
    if line.value.ndim:
        message = f"{command} is by a single number, but {name} has shape {shape_text(line.value.shape)}"
        help = f"along a direction v: write {name} + t*v for {name}, and add --t 0 --v VALUE --wrt t"
        raise AdiffError("shape", message, span=line.span, label=f"{name} is {shape_text(line.value.shape)}", help=help,
                         source=recorded.source)  # fmt: skip
