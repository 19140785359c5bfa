"""Tensor: a value plus the line that made it. NumPy's own protocols bring every call on one here.

There are two ways of recording and one Tensor:

* A *program* is recorded inside `with Recording():`. It must hold at other points too, so equal
  lines are one line, comparisons are lines, and asking a Tensor for its truth raises.
* *Eagerly*, outside of it, Tensors decide branches by their values as arrays do; the graph is right
  for this point, which is all that is asked, and is freed with its Tensors.
"""

import operator
from functools import wraps
from weakref import ref

import numpy as np

from ..errors import NotDifferentiable
from . import rules
from .forms import form_of
from .guard import kept
from .program import PART, Line, input_line, lines_among
from .recording import modes
from .rules import NO_PARAMS

_LISTS = (list, tuple)
_MANY = 2**4  # calls with up to 4 operands share their tuples of positions: there may be millions of lines
_POSITIONS = [tuple(i for i in range(4) if mask >> i & 1) for mask in range(_MANY)]
FIRST, SECOND, BOTH = _POSITIONS[1:4]
_TOTALS = {np.sum, np.mean}  # of one array they are one number
# What would lose a derivative, and what to use instead.
_AS_NUMBER = "float(x) and math functions", "the NumPy function of the same name (np.sin for math.sin)"
_AS_ARRAY = (
    "np.array and the like",
    "ad.array for np.array, ad.asarray for np.asarray, np.require and their kin, ad.full, ad.kaiser, ad.r_, ad.c_; "
    "start + step*np.arange(n) for np.arange; to write into an array, make it a tensor: np.zeros(shape, like=x)",
)


class Tensor:
    """An array that remembers how it was computed (`line`); a Tensor without a line is a constant.

    The slots with an underscore are set where they are used (see mutation.py and imperative.py).
    """

    __slots__ = ("__weakref__", "_grad", "_keeps", "_owns", "line", "value")

    base = None  # the Tensor that a view looks at

    def __init__(self, value, line=None):
        self.value = value
        self.line = line

    def bind(self, value, line):
        """Be another array, computed otherwise."""
        self.value, self.line = value, line

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
                value, form = rule.evaluate(self.value), line.form
                if not rule.quick and rules.DELICATE[ufunc](value):
                    modes.delicate += 1
                    form = None
                if form is not None:
                    form = form.grown.get(rule) or form.grow(rule)
                return Tensor(value, Line(rule, (line,), NO_PARAMS, value, FIRST, form))
        return self._call_ufunc(ufunc, method, inputs, kwargs)  # see ufuncs.py

    def __array_function__(self, function, types, args, kwargs):
        line = self.line
        if line is not None and len(args) == 1 and not kwargs and modes.eager and function in _TOTALS:
            # The same for what most often ends a formula.
            rule = rules.RULES[function]
            value, form = rule.evaluate(self.value), line.form
            if form is not None:
                form = form.grown.get(rule) or form.grow(rule)
            return Tensor(value, Line(rule, (line,), NO_PARAMS, value, FIRST, form))
        return self._call_function(function, args, kwargs)

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
        return f"Tensor({np.array2string(self._shown(), separator=', ', prefix='Tensor(')})"

    def _shown(self):
        """The value, to be written out."""
        if modes.recording is not None and self.line is not None:
            modes.recording.release(self.line)
        return np.asarray(self.value)

    # --- what would lose the derivative

    def __bool__(self):
        if modes.recording is not None and self.line is not None:
            return modes.recording.truth(self.line)
        return bool(self.value)

    def _released(self, what, instead):
        """The value, where no derivative is lost with it."""
        if self.line is None or not (modes.grad or modes.recording is not None):
            return self.value
        if modes.recording is not None:
            modes.recording.release(self.line)
        raise NotDifferentiable("leak", f"{what} would lose the derivative of a tensor", help=f"use {instead}")

    def __float__(self):
        return float(self._released(*_AS_NUMBER))

    def __int__(self):
        return int(self._released(*_AS_NUMBER))

    def __complex__(self):
        return complex(self._released(*_AS_NUMBER))

    def __index__(self):
        return operator.index(self._released("an index", "np.take, or index with the array itself"))

    def __array__(self, dtype=None, copy=None):
        """A copy, or the value itself to be read: a graph may hold it."""
        array = np.array(self._released(*_AS_ARRAY), dtype, copy=copy)
        if np.may_share_memory(array, self.value):
            array = array.view()
            array.flags.writeable = False
        return array

    # --- indexing and iteration

    def __getitem__(self, key):
        return dispatch(operator.getitem, (self, key), {})

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(len(self.value)))


def _nothing():
    """What a reference to a base that is gone gives."""


class View(Tensor):
    """A Tensor that looks at the memory of another, its base: an update of either is seen by both.

    steps   (rule, params) of the calls that lead from the base to this view
    cut     it has no derivative, whatever its base has; then it does not keep the base, and its history, alive

    Value and line are those that the steps make of the base as it is now.
    """

    __slots__ = ("_base", "_line", "_seen", "_under", "_value", "cut", "steps")

    def __init__(self, base, steps, value, line, cut=False):
        self._base = ref(base) if cut else base
        self.steps = steps
        self.cut = cut
        self._seen, self._under = base.value, None if cut else base.line
        self._value, self._line = value, line

    @property
    def base(self):
        return self._base() if self.cut else self._base

    def bind(self, value, line):
        """Only for one that is cut: from here on it looks at memory of its own."""
        self._base = _nothing
        self._value, self._line = value, line

    @property
    def value(self):
        self._look()
        return self._value

    @property
    def line(self):
        self._look()
        return self._line

    def _look(self):
        base, line = self.base, self._line
        if base is None:
            return
        freed = line is not None and line.freed and not base.line.freed
        if freed or base.value is not self._seen or not (self.cut or base.line is self._under):
            self._refresh(base)

    def _refresh(self, base):
        value, line = self._seen, self._under = base.value, None if self.cut else base.line
        for rule, params in self.steps:
            value = rule.evaluate(value, **params)
            if line is not None and modes.recording is None:
                line = Line(rule, (line,), params, value, FIRST)
            elif line is not None:
                line = modes.recording.line(rule, (line,), params)
        self._value, self._line = value, line


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
        return _made(value, None, rule, operands, params) if met else value
    links = tuple(links)
    if modes.recording is not None:
        line = modes.recording.line(rule, links, params)
        return _made(line.value, line, rule, operands, params) if type(line) is Line else Tensor(line)
    links = tuple([kept(link) if type(link) is np.ndarray else link for link in links])
    positions = lines_among(rule, links) if rule.still or bit > _MANY else _POSITIONS[moving]
    value = rule.evaluate(*values, **params)
    if not rule.quick and rule.function in rules.DELICATE and rules.DELICATE[rule.function](value):
        modes.delicate += 1
        form = None  # it is to be simplified first
    else:
        form = form_of(rule, links, params, positions, value)
    return _made(value, Line(rule, links, params, value, positions, form), rule, operands, params)


def _made(value, line, rule, operands, params):
    """The Tensor of a call; a view where its value lies in the memory of its only operand."""
    if rule.kind == "linear" and len(operands) == 1 and isinstance(value, np.ndarray):
        source = operands[0]
        if (value.base is not None or value is source.value) and np.may_share_memory(value, source.value):
            base, steps = (source, ()) if source.base is None else (source.base, source.steps)
            cut = line is None and (source.line is not None or getattr(source, "cut", False))
            return View(base, (*steps, (rule, params)), value, line, cut)
    if line is not None:
        return wrap(line)
    return _several(value, map(Tensor, value)) if isinstance(value, tuple) else Tensor(value)


def _parts(line):
    """One Tensor for each result of a call that has several (eigh, slogdet), in NumPy's own named tuple."""
    parts = [apply(PART, (Tensor(line.value, line),), {"index": k}) for k in range(len(line.value))]
    return _several(line.value, parts)


def _several(values, parts):
    return type(values)(*parts) if hasattr(values, "_fields") else tuple(parts)


def _without_derivative(rule, args, kwargs):
    """Integers, comparisons and shapes: plain values, but lines of a program that has to hold elsewhere."""
    if any(isinstance(value, Tensor) for value in kwargs.values()):
        args, kwargs = _positional(rule.function, args, kwargs)
    named = {name: plain(value) for name, value in kwargs.items()}
    if rule.kind == "constant" and modes.recording is not None:
        return apply(rule, args, named)
    return rule.function(*map(plain, args), **named)


def _positional(function, args, kwargs):
    """A call with its arrays in place: as keywords they would be structure, and stay what they are now."""
    from inspect import signature

    bound = signature(function).bind(*args, **kwargs)
    return bound.args, bound.kwargs


def plain(value):
    """The value without its history, in tuples and lists too."""
    if isinstance(value, Tensor):
        return value.value
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return value


def primitive(function):
    """A function of one's own that meets Tensors as NumPy's do: it asks for a rule, and is run on plain arrays only.

        @ad.primitive
        def cube(x):
            return x * x * x

        ad.elementwise(cube, lambda y, x: 3 * x * x)

    The rule is said with one of the words elementwise, linear, bilinear, general and constant, or with defvjp; without
    one, a call on a Tensor raises NotDifferentiable. `.raw` is the function itself.
    """

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
