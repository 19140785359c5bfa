"""From the arguments of a call in the language to those of the function behind it.

Everything in the language is a float64 array; axes, shapes and counts have to become integers on
the way, and must be written in the expression: a program cannot depend on them.
"""

import operator
from importlib import import_module
from math import prod

import numpy as np

from ..engine import rules
from ..engine.tensor import Tensor, primitive
from ..errors import AdiffError, nearest

MOST_AXES = 64  # NumPy's own limit
MOST_ELEMENTS = 10**9
MOST_ORDERS = 100

_INTEGERS = ("axis", "axes", "axis1", "axis2", "shape", "source", "destination", "shift", "reps", "repeats", "k", "n",
             "offset", "ddof")  # fmt: skip
_OF_TWO = {"max": "maximum", "min": "minimum"}
_FLAGS = ["keepdims", "full_matrices"]


def bind(row, node):
    """The argument nodes by parameter name: positional and keyword arguments of a call are one call."""
    names = [name for name, _ in row.parameters]
    if row.name in _OF_TWO and len(node.args) > 1 and type(node.args[1]).__name__ != "Keyword":
        raise _two_extremes(row)
    bound = {}
    position = 0
    for argument in node.args:
        if type(argument).__name__ == "Keyword":
            _bind_keyword(row, names, bound, argument)
        elif position < len(names) and names[position].startswith("*"):
            bound.setdefault(names[position][1:], []).append(argument)
        elif position < len(names):
            bound[names[position]] = argument
            position += 1
        else:
            raise _wrong_count(row, node)
    required = [n for n, default in row.parameters if default is None and not n.startswith("*")]
    if any(name not in bound for name in required):
        raise _wrong_count(row, node)
    return bound


def _two_extremes(row):
    """max(x, 0) is along axis 0 for NumPy, and the larger of x and 0 for everybody else."""
    other = _OF_TWO[row.name]
    help = f"write {other}(a, b) for one of two, or {row.name}(x, axis=0)"
    return AdiffError("ambiguous", f"{row.name} with two arguments can mean two things", help=help)


def _bind_keyword(row, names, bound, argument):
    if argument.name not in names:
        close = nearest(argument.name, names)
        help = f"did you mean {close[0]}=?  " if close else ""
        message = f"{row.name} has no argument called {argument.name}"
        raise AdiffError("unknown-keyword", message, span=argument.span, help=f"{help}it is written {row.notation}")
    if argument.name in bound:
        raise AdiffError("arguments", f"{argument.name} is given twice", span=argument.span)
    bound[argument.name] = argument.value


def _wrong_count(row, node):
    required = sum(default is None and not name.startswith("*") for name, default in row.parameters)
    most = len(row.parameters)
    takes = str(required) if required == most else f"{required} to {most}"
    given = len(node.args)
    message = f"{row.name} takes {takes} argument{'s' * (most != 1)}, not {given}"
    return AdiffError("arguments", message, help=f"it is written {row.notation}")


def convert(row, values):
    """(args, params) for the function behind a row; structure as integers, flags and text."""
    args, params = [], {}
    for name, default in row.parameters:
        name = name.removeprefix("*")
        if name not in values:
            continue
        value = _CONVERSIONS.get(name, _number)(values[name], f"{name} of {row.name}")
        if name == "shape":
            check_size(value if isinstance(value, tuple) else (value,), row.name)
        if default is None:
            args.extend(value if isinstance(value, list) and name != "arrays" else [value])
        else:
            params[name] = value
    if row.family == "constructors":
        return _constructor(row, args, params)
    return args, params


def _number(value, what):
    """An array argument."""
    if isinstance(value, list):
        return [_number(v, what) for v in value]
    if isinstance(value, (str, tuple, slice, type(...))):
        raise AdiffError("not-a-value", f"{what} must be a number or an array")
    return float(value) if isinstance(value, bool) else value


def integer(value, what):
    """One integer, written in the expression."""
    if isinstance(value, Tensor):
        help = "write the number in the expression"
        raise AdiffError("not-constant", f"{what} must be a constant, not computed from a variable", help=help)
    try:
        number = operator.index(value) if isinstance(value, int) else float(value)
        if number == int(number):
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise AdiffError("not-an-integer", f"{what} must be an integer")


def order(value):
    """How many times to differentiate."""
    number = integer(value, "the order of a derivative")
    if not 1 <= number <= MOST_ORDERS:
        raise AdiffError("order", f"the order of a derivative is between 1 and {MOST_ORDERS}, not {number}")
    return number


def integers(value, what):
    """An integer, or a tuple of them; None stays."""
    if value is None:
        return None
    if isinstance(value, (list, tuple)) or np.ndim(value) == 1:
        items = [integers(v, what) for v in value]
        return items[0] if len(items) == 1 and isinstance(items[0], tuple) else tuple(items)
    return integer(value, what)


def _constant(value, what):
    """A number, or several, written in the expression."""
    if isinstance(value, Tensor):
        raise AdiffError("not-constant", f"{what} must be a constant, not computed from a variable")
    return _number(value, what)


def _flag(value, what):
    if isinstance(value, (bool, float)) and value in (0, 1):
        return bool(value)
    raise AdiffError("value", f"{what} must be True or False")


def _text(value, what):
    if isinstance(value, str):
        return value
    raise AdiffError("value", f'{what} must be text in double quotes, as in "ij,jk->ik"')


def _order(value, what):
    """The order of a norm: a number, inf, or "fro"."""
    if isinstance(value, (str, type(None))):
        return value
    if isinstance(value, float):
        return int(value) if value == np.floor(value) and np.isfinite(value) else value
    raise AdiffError("value", f'{what} must be a number, inf, or "fro"')


def index(key, what="an index"):
    """A key of [...]: integers stay integers, computed ones become a line that keeps them whole."""
    if key is None or key is ... or isinstance(key, (slice, bool)):
        return key
    if isinstance(key, (str, tuple)):
        raise AdiffError("index", f"{what} must be an integer, a slice, or an array of integers")
    if isinstance(key, float):
        return integer(key, what)
    return key if hasattr(key, "dtype") and key.dtype.kind == "b" else whole(key)


@primitive
def whole(x):
    """Index values as integers; they must be whole numbers."""
    result = np.asarray(x).astype(np.intp, copy=False)
    if not np.array_equal(result, x):
        raise AdiffError("index", "an index must be a whole number")
    return result


rules.constant(whole)

_CONVERSIONS = dict.fromkeys(_INTEGERS, integers) | dict.fromkeys(_FLAGS, _flag)
_CONVERSIONS |= {"subscripts": _text, "ord": _order, "q": _constant, "indices": index}
_CONVERSIONS["arrays"] = lambda value, what: value


def check_size(shape, text):
    """Refuse an array before it is allocated; `shape` is a tuple of integers."""
    count = prod(shape)
    if count > MOST_ELEMENTS:
        message = f"{text} would have {_many(count)} elements ({_bytes(8 * count)})"
        raise AdiffError("too-large", message, help=f"the limit is {_many(MOST_ELEMENTS)} elements")


def _many(count):
    if count >= 10**15:
        return f"about 10^{len(str(count)) - 1}"
    return f"10^{len(str(count)) - 1}" if str(count).strip("0") == "1" else f"{count:,}".replace(",", " ")


def _bytes(count):
    count = min(count, 10**30)  # which is too much, like all that is more
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} EB"


def _constructor(row, args, params):
    """Shapes and counts of the functions that make arrays from nothing, checked before they do."""
    name = row.name
    if name == "arange":
        return _arange(args, params)
    if name == "linspace":
        count = params.get("n", 50)
        check_size((count,), name)
        return [*args, count], {}
    if name == "eye":
        check_size((args[0], args[0]), name)
        return args, {}
    shape = args[0] if args else ()
    return [args[1], shape] if name == "full" else [shape], {}


def _arange(args, params):
    bounds = [args[0], params.get("stop"), params.get("step", 1.0)]
    if any(np.ndim(_constant(bound, "a bound of arange")) for bound in bounds):
        raise AdiffError("value", "the bounds of arange must be numbers")
    start, stop, step = (bound if bound is None else 1.0 * bound for bound in bounds)  # a truth value is a number
    start, stop = (0.0, start) if stop is None else (start, stop)
    if step == 0 or not np.isfinite([start, stop, step]).all():
        raise AdiffError("value", "arange needs finite bounds and a step other than 0")
    check_size((max(0, int(np.ceil((stop - start) / step))),), "arange")
    return [start, stop, step], {}


def resolve(row, draw):
    """The function behind a row of the catalogue; `draw` gives the generator of random numbers."""
    family, _, name = row.target.rpartition(".")
    if not family:
        return getattr(draw(), name)
    if family == "sp":
        return import_module("autodiff_cli.engine.nn").special(name, asked=row.name)
    if family.startswith("np"):
        module = np
        for part in family.split(".")[1:]:
            module = getattr(module, part)
    else:
        module = import_module(f"autodiff_cli.engine.{family}")
    return getattr(module, name)
