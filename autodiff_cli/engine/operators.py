"""The operators of tensors, and those that write in place.

Over small arrays an operator costs what Python costs, so the kinds that most of them are, of two Tensors and of a
Tensor and a number or array, make their line here: what `apply` comes to, in half of its time.
"""

import numpy as np

from .forms import form_of
from .guard import kept
from .mutation import setitem, update
from .program import Line
from .recording import modes
from .rules import NO_PARAMS, RULES
from .tensor import BOTH, FIRST, SECOND, Tensor, apply, dispatch


def _binary(ufunc):
    def method(self, other):
        line = self.line
        if line is not None and modes.eager:
            kind, rule, form = type(other), RULES[ufunc], line.form
            if kind is Tensor and other.line is not None:
                second = other.line
                if form is not None:
                    form = form.grown.get((rule, second.form)) or _joined(rule, form, second.form)
                value = ufunc(self.value, other.value)
                return Tensor(value, Line(rule, (line, second), NO_PARAMS, value, BOTH, form))
            if kind is float or kind is int:
                if form is not None:
                    key = rule, other != 0
                    form = form.grown.get(key) or form.grow(key)
                value = ufunc(self.value, other)
                return Tensor(value, Line(rule, (line, other), NO_PARAMS, value, FIRST, form))
            if kind is np.ndarray:
                value, links = ufunc(self.value, other), (line, kept(other))
                form = form_of(rule, links, NO_PARAMS, FIRST, value)
                return Tensor(value, Line(rule, links, NO_PARAMS, value, FIRST, form))
        return apply(RULES[ufunc], (self, other), NO_PARAMS)

    return method


def _joined(rule, form, second):
    """The form of a line made of two."""
    return None if second is None else form.grow((rule, second), second.depth)


def _reflected(ufunc):
    def method(self, other):
        line, kind = self.line, type(other)
        if line is not None and modes.eager and (kind is float or kind is int):
            rule, form = RULES[ufunc], line.form
            if form is not None:
                key = other != 0, rule
                form = form.grown.get(key) or form.grow(key)
            value = ufunc(other, self.value)
            return Tensor(value, Line(rule, (other, line), NO_PARAMS, value, SECOND, form))
        return apply(RULES[ufunc], (other, self), NO_PARAMS)

    return method


def _dispatched(ufunc, reflected=False):
    def method(self, other):
        return dispatch(ufunc, (other, self) if reflected else (self, other), {})

    return method


def _unary(ufunc):
    def method(self):
        return self.__array_ufunc__(ufunc, "__call__", self)

    return method


def _in_place(name):
    def method(self, other):
        if not isinstance(self.value, np.ndarray):
            return NotImplemented  # numbers do not change: the name is bound to another one
        return update(self, getattr(self, name)(other))

    return method


def _install():
    """Operators, from one list each."""
    for name, ufunc in {
        "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide, "pow": np.power,
        "mod": np.remainder, "matmul": np.matmul,
    }.items():  # fmt: skip
        setattr(Tensor, f"__{name}__", _binary(ufunc))
        setattr(Tensor, f"__r{name}__", _reflected(ufunc))
    for name, ufunc in {
        "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
        "ne": np.not_equal, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
        "lshift": np.left_shift, "rshift": np.right_shift, "floordiv": np.floor_divide, "divmod": np.divmod,
    }.items():  # fmt: skip
        setattr(Tensor, f"__{name}__", _dispatched(ufunc))
        setattr(Tensor, f"__r{name}__", _dispatched(ufunc, reflected=True))
    for name, ufunc in {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}.items():
        setattr(Tensor, f"__{name}__", _unary(ufunc))
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul",
                 "and", "or", "xor", "lshift", "rshift"):  # fmt: skip
        setattr(Tensor, f"__i{name}__", _in_place(f"__{name}__"))
    Tensor.__setitem__ = setitem
    Tensor.__hash__ = object.__hash__


_install()
