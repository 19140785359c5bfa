"""Tensor: a value plus the line that made it. NumPy's own protocols bring every call on one here.

There are two ways of recording and one Tensor:

* A *program* is recorded inside `with Recording():`. It must hold at other points too, so equal
  lines are one line, comparisons are lines, and asking a Tensor for its truth raises.
* *Eagerly*, outside of it, Tensors decide branches by their values as arrays do; the graph is right
  for this point, which is all that is asked, and is freed with its Tensors.
"""

import operator
from functools import wraps

import numpy as np

from ..errors import NotDifferentiable
from . import rules
from .program import PART, Line, input_line, lines_among
from .recording import modes
from .rules import NO_PARAMS

_LISTS = (list, tuple)
_MANY = 2**4  # calls with up to 4 operands share their tuples of positions: there may be millions of lines
_POSITIONS = [tuple(i for i in range(4) if mask >> i & 1) for mask in range(_MANY)]
_FIRST, _BOTH = _POSITIONS[1], _POSITIONS[3]


class Tensor:
    """An array that remembers how it was computed (`line`); a Tensor without a line is a constant."""

    __slots__ = ("__weakref__", "line", "value")

    def __init__(self, value, line=None):
        self.value = value
        self.line = line

    # --- the doors through which NumPy comes in

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method == "__call__":
            rule, line = rules.RULES.get(ufunc), self.line
            if (
                len(inputs) == 1
                and rule is not None
                and rule.simple
                and line is not None
                and modes.eager
                and not kwargs
            ):
                # What apply comes to, for most calls there are: in half of its time.
                value = rule.evaluate(self.value)
                if not rule.quick and rules.DELICATE[ufunc](value):
                    modes.delicate += 1
                return Tensor(value, Line(rule, (line,), NO_PARAMS, value, _FIRST))
            return dispatch(ufunc, inputs, kwargs)
        # reduce and accumulate go along axis 0 unless told; sum and cumsum along all
        return dispatch(_method_function(ufunc, method), inputs, kwargs if method == "outer" else {"axis": 0} | kwargs)

    def __array_function__(self, function, types, args, kwargs):
        return dispatch(function, args, kwargs)

    # --- questions

    @property
    def shape(self):
        return np.shape(self.value)

    @property
    def ndim(self):
        return np.ndim(self.value)

    @property
    def size(self):
        return np.size(self.value)

    @property
    def dtype(self):
        return np.asarray(self.value).dtype

    def __len__(self):
        return len(self.value)

    def __repr__(self):
        return f"Tensor({np.array2string(np.asarray(self.value), separator=', ', prefix='Tensor(')})"

    # --- what would lose the derivative

    def __bool__(self):
        if modes.recording is not None and self.line is not None:
            raise NotDifferentiable(
                "leak",
                "the truth of a value is not part of the program",
                help="use where(condition, a, b), which keeps both branches",
            )
        return bool(self.value)

    def __float__(self):
        raise _leak("float(x) and math functions", "the NumPy function of the same name (np.sin for math.sin)")

    __int__ = __complex__ = __float__

    def __index__(self):
        if self.line is None:
            return operator.index(self.value)
        raise _leak("an index", "np.take, or index with the array itself")

    def __array__(self, dtype=None, copy=None):
        raise _leak(
            "np.array and the like",
            "ad.array for np.array, ad.asarray for np.asarray, np.require and their kin, ad.full, ad.kaiser, ad.r_, "
            "ad.c_; start + step*np.arange(n) for np.arange; to write into an array, make it a tensor: "
            "np.zeros(shape, like=x)",
        )

    # --- indexing and iteration

    def __getitem__(self, key):
        return dispatch(operator.getitem, (self, key), {})

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(len(self.value)))

    # --- methods of arrays, each the NumPy function of the same name

    @property
    def T(self):
        return np.transpose(self)

    @property
    def mT(self):
        return np.matrix_transpose(self)

    def reshape(self, *shape, order="C"):
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes):
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def flatten(self, order="C"):
        return np.ravel(self, order=order)

    def astype(self, dtype, copy=True):
        return dispatch(np.astype, (self, dtype), {})


def _leak(what, instead):
    return NotDifferentiable("leak", f"{what} would lose the derivative of a tensor", help=f"use {instead}")


def _method_function(ufunc, method):
    """The NumPy function that a method of a ufunc is: np.add.reduce is np.sum."""
    names = {("add", "reduce"): np.sum, ("multiply", "reduce"): np.prod, ("maximum", "reduce"): np.max,
             ("minimum", "reduce"): np.min, ("add", "accumulate"): np.cumsum,
             ("multiply", "accumulate"): np.cumprod, ("multiply", "outer"): np.multiply.outer}  # fmt: skip
    try:
        return names[ufunc.__name__, method]
    except KeyError:
        raise NotDifferentiable("no-rule", f"there is no derivative rule for np.{ufunc.__name__}.{method}") from None


def dispatch(function, args, kwargs):
    """Any call on Tensors: bound to its rule, computed, and recorded where a derivative could be asked."""
    rule = rules.find(function)
    if rule.recorded:
        if rule.wider is not None and (kwargs or len(args) != rule.arity) and not rule.knows(args, kwargs):
            return rule.wider(*args, **kwargs)
        operands, params = rule.bind(args, kwargs)
        if params:
            _check_plain(rule, params)
        return apply(rule, operands, params)
    if rule.kind == "composed":
        return rule.evaluate(*args, **kwargs)
    return _without_derivative(rule, args, kwargs)


def _check_plain(rule, params):
    for name, value in params.items():
        if isinstance(value, Tensor):
            raise NotDifferentiable("leak", f"{name} of {rule.name} must be a plain value, not a tensor")


def apply(rule, operands, params):
    """One call on operands that may be Tensors: a Tensor, or the plain value where no operand is one."""
    links, values, moving, met, bit = [], [], 0, False, 1
    for operand in operands:
        if isinstance(operand, Tensor):
            met, value, link = True, operand.value, operand.line
            if link is None:
                link = value
            else:
                moving |= bit
        else:
            value = link = np.asarray(operand) if type(operand) in _LISTS and rule.recorded else operand
        links.append(link)
        values.append(value)
        bit += bit
    if not moving or not modes.grad:
        value = rule.evaluate(*values, **params)
        return Tensor(value) if met else value
    links = tuple(links)
    if modes.recording is not None:
        return wrap(modes.recording.line(rule, links, params))
    positions = lines_among(rule, links) if rule.still or bit > _MANY else _POSITIONS[moving]
    value = rule.evaluate(*values, **params)
    if not rule.quick and rule.function in rules.DELICATE and rules.DELICATE[rule.function](value):
        modes.delicate += 1
    return wrap(Line(rule, links, params, value, positions))


def _parts(line):
    """One Tensor for each result of a call that has several (eigh, slogdet), in NumPy's own named tuple."""
    parts = [apply(PART, (Tensor(line.value, line),), {"index": k}) for k in range(len(line.value))]
    return type(line.value)(*parts) if hasattr(line.value, "_fields") else tuple(parts)


def _without_derivative(rule, args, kwargs):
    """Integers, comparisons and shapes: plain values, but lines of a program that has to hold elsewhere."""
    if any(isinstance(value, Tensor) for value in kwargs.values()):
        args, kwargs = _positional(rule.function, args, kwargs)
    plain = {name: _plain(value) for name, value in kwargs.items()}
    if rule.kind == "constant" and modes.recording is not None:
        return apply(rule, args, plain)
    return rule.function(*map(_plain, args), **plain)


def _positional(function, args, kwargs):
    """A call with its arrays in place: as keywords they would be structure, and stay what they are now."""
    from inspect import signature

    bound = signature(function).bind(*args, **kwargs)
    return bound.args, bound.kwargs


def _plain(value):
    if isinstance(value, Tensor):
        return value.value
    if isinstance(value, (list, tuple)):
        return type(value)(map(_plain, value))
    return value


def primitive(function):
    """A function of our own that meets Tensors as NumPy's do; `.raw` computes it on plain arrays."""

    @wraps(function)
    def door(*args, **kwargs):
        for a in (*args, *kwargs.values()) if kwargs else args:
            if isinstance(a, Tensor):
                return dispatch(door, args, kwargs)
        return function(*args, **kwargs)

    door.raw = function
    return door


def variable(value, name=None, span=None):
    """A Tensor with respect to which derivatives can be taken."""
    return Tensor(value, input_line(value, name, span))


def wrap(line):
    """The Tensor of a line, to compute further with; a named tuple of them where it has several results.

    A constant that was found in place of a line is a Tensor without one.
    """
    if type(line) is not Line:
        return Tensor(line)
    value = line.value
    return _parts(line) if isinstance(value, tuple) else Tensor(value, line)


def _binary(ufunc):
    def method(self, other):
        rule, line = rules.RULES[ufunc], self.line
        if line is not None and modes.eager:
            # What apply comes to, for most operators there are: in half of its time.
            if type(other) is Tensor and other.line is not None:
                value = rule.evaluate(self.value, other.value)
                return Tensor(value, Line(rule, (line, other.line), NO_PARAMS, value, _BOTH))
            if type(other) is float or type(other) is int:
                value = rule.evaluate(self.value, other)
                return Tensor(value, Line(rule, (line, other), NO_PARAMS, value, _FIRST))
        return apply(rule, (self, other), NO_PARAMS)

    return method


def _reflected(ufunc):
    def method(self, other):
        return apply(rules.RULES[ufunc], (other, self), NO_PARAMS)

    return method


def _dispatched(ufunc, reflected=False):
    def method(self, other):
        return dispatch(ufunc, (other, self) if reflected else (self, other), {})

    return method


def _unary(ufunc):
    def method(self):
        return dispatch(ufunc, (self,), {})

    return method


def _array_method(function):
    def method(self, *args, **kwargs):
        return dispatch(function, (self, *args), kwargs)

    return method


def _install():
    """Operators and array methods, from one list each."""
    for name, ufunc in {
        "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide, "pow": np.power,
        "mod": np.remainder, "matmul": np.matmul,
    }.items():  # fmt: skip
        setattr(Tensor, f"__{name}__", _binary(ufunc))
        setattr(Tensor, f"__r{name}__", _reflected(ufunc))
    for name, ufunc in {
        "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
        "ne": np.not_equal, "and": np.logical_and, "or": np.logical_or, "floordiv": np.floor_divide,
        "divmod": np.divmod,
    }.items():  # fmt: skip
        setattr(Tensor, f"__{name}__", _dispatched(ufunc))
        setattr(Tensor, f"__r{name}__", _dispatched(ufunc, reflected=True))
    for name, ufunc in {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.logical_not}.items():
        setattr(Tensor, f"__{name}__", _unary(ufunc))
    for name in ("sum", "prod", "mean", "std", "var", "max", "min", "cumsum", "cumprod", "dot", "trace", "diagonal",
                 "ravel", "squeeze", "swapaxes", "repeat", "take", "clip", "round", "argmax", "argmin", "any",
                 "all", "argsort", "argpartition", "searchsorted", "nonzero", "compress", "choose",
                 "copy"):  # fmt: skip
        setattr(Tensor, name, _array_method(getattr(np, name)))
    Tensor.__hash__ = object.__hash__


_install()
