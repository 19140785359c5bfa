"""Derivatives of Python functions of arrays: functions in, functions (or values) out, to any order.

Arguments and results can be nested tuples, lists and dicts of arrays and numbers. A derivative has the structure of
what it is taken by: one array for an array, a dict for a dict. Integers become float64.

A function that is differentiated inside another sees the outer one's Tensors; its own derivative is then
recorded, so that the outer one can go through it.
"""

from functools import wraps
from math import factorial

import numpy as np

from ..errors import AdiffError
from . import differentiate, forward
from . import jacobian as matrices
from .derivatives import expansion
from .imperative import gradients
from .modes import enable_grad
from .program import Line, input_line, lines_among
from .recording import modes
from .rules import NO_PARAMS, find
from .simplify import simplified
from .slopes import alias
from .tensor import Tensor

# --- structures

_CONTAINERS = (tuple, list, dict)


def flatten(tree):
    """The leaves of nested tuples, lists and dicts, in order."""
    if not isinstance(tree, _CONTAINERS):
        return [tree]
    parts = tree.values() if isinstance(tree, dict) else tree
    return [leaf for part in parts for leaf in (flatten(part) if isinstance(part, _CONTAINERS) else (part,))]


def rebuild(tree, leaves):
    """The structure of `tree` with other leaves."""
    leaves = iter(leaves)

    def build(part):
        if not isinstance(part, _CONTAINERS):
            return next(leaves)
        if isinstance(part, dict):
            return type(part)((key, build(value)) for key, value in part.items())
        return type(part)(*map(build, part)) if hasattr(part, "_fields") else type(part)(map(build, part))

    return build(tree)


# --- one call


class _Call:
    """A function called on Tensors of its own.

    inputs   the lines of the leaves of `point`, with respect to which it is to be differentiated
    output   what it returned; `lines` are its leaves, as lines (of inputs of no one, where they are constants)
    nested   whether derivatives are to be recorded, for a function outside that is being differentiated
    """

    def __init__(self, function, args, kwargs, argnums):
        positions = range(len(args)) if argnums is None else _positions(argnums, len(args))
        self.point = args if argnums is None else tuple([args[i] for i in positions])
        leaves = flatten(self.point)
        others = [] if argnums is None and not kwargs else flatten((args, kwargs))
        self.nested = modes.depth > 0 or any([isinstance(leaf, Tensor) for leaf in leaves + others])
        self.inputs = [_input(leaf) for leaf in leaves]
        moved = rebuild(self.point, [Tensor(line.value, line) for line in self.inputs])
        if argnums is not None:
            moved = dict(zip(positions, moved, strict=True))
            moved = [moved.get(i, arg) for i, arg in enumerate(args)]
        delicate, modes.depth = modes.delicate, modes.depth + 1
        try:
            # no_grad around a derivative does not mean the derivative; within the function it does.
            self.output = function(*moved, **kwargs) if modes.grad else enable_grad(function)(*moved, **kwargs)
        finally:
            modes.depth -= 1
        self.lines = [_line(leaf) for leaf in flatten(self.output)]
        if modes.delicate > delicate:
            self.lines = [simplified(line) for line in self.lines]
        # One argument has one derivative, several have a tuple of them.
        alone = len(args) == 1 if argnums is None else isinstance(argnums, int)
        self.form = self.point[0] if alone else self.point

    def scalar(self, what):
        """The line of the one number that was returned."""
        if len(self.lines) != 1 or self.lines[0].value.shape != ():
            shapes = ", ".join(str(line.value.shape) for line in self.lines)
            message = f"{what} needs a function that returns one number, not shape {shapes}"
            raise AdiffError("not-scalar", message, help="np.sum of it is one; jacobian takes any shape")
        return self.lines[0]

    def gradient(self, what):
        """The gradient, in the structure of what it is taken by."""
        line = self.scalar(what)
        found = differentiate.vjp([line], [line.value.dtype.type(1)], self.inputs, record=self.nested)
        return rebuild(self.form, found)

    def value(self):
        """The result, as the caller wants it: plain, or Tensors for a function outside."""
        return self.output if self.nested else rebuild(self.output, [line.value for line in self.lines])

    def tangents(self, tangents):
        """The leaves of tangents, which have the structure and shapes of the point."""
        return _matching(tangents, self.inputs, "tangent")


def _positions(argnums, count):
    numbers = range(count) if argnums is None else (argnums,) if isinstance(argnums, int) else tuple(argnums)
    for i in numbers:
        if not -count <= i < count:
            raise AdiffError("argnums", f"there is no argument {i}: the call has {count} positional ones")
    return [i % count for i in numbers]


def _input(leaf):
    """A line of its own for one array or number, or for a Tensor of a function outside."""
    if isinstance(leaf, Tensor):
        operand = leaf.value if leaf.line is None else leaf.line
        return Line(find(alias), (operand,), NO_PARAMS, leaf.value, lines_among(find(alias), (operand,)))
    array = np.asarray(leaf)
    if array.dtype.kind not in "fciu":
        message = f"cannot differentiate by {type(leaf).__name__} {leaf!r:.40}"
        raise AdiffError("not-a-number", message, help="choose the arguments to differentiate by with argnums")
    return input_line(array if array.dtype.kind in "fc" else array.astype(float))


def _line(leaf):
    if isinstance(leaf, Tensor) and leaf.line is not None:
        return leaf.line
    return input_line(leaf.value if isinstance(leaf, Tensor) else leaf)


def _matching(tree, lines, what):
    leaves = flatten(tree)
    shapes = [line.value.shape for line in lines]
    if [np.shape(leaf) for leaf in leaves] != shapes:
        given = ", ".join(str(np.shape(leaf)) for leaf in leaves)
        message = f"the {what} has shape {given}, not {', '.join(map(str, shapes))}"
        raise AdiffError("shape", message, help=f"a {what} has the structure of what it belongs to")
    return [
        leaf if isinstance(leaf, Tensor) else np.asarray(leaf, line.value.dtype)[()]
        for leaf, line in zip(leaves, lines, strict=True)
    ]


# --- gradients


def grad(of, *args, **options):
    """grad(function, argnums=None): the gradient of a function that returns one number, as a function of the same
    arguments.

    argnums   the positional arguments to differentiate by: None for all, a number, or several

    Each derivative has the structure, shapes and dtypes of its argument; one argument (argnums=None with one, or a
    number) gives its derivative, several give a tuple. Raises AdiffError (not-scalar).

    grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False), with Tensors in place of a
    function: the derivatives of the sum of outputs by inputs, any Tensors, as arrays (Tensors where create_graph); one
    input gives one, several a tuple, zeros where nothing depends on it. No .grad is touched. What can be given, and
    what is raised, is as for backward.
    """
    return _grad(of, *args, **options) if callable(of) else gradients(of, *args, **options)


def _grad(function, argnums=None):
    def differentiated(*args, **kwargs):
        call = _Call(function, args, kwargs, argnums)
        return call.gradient("grad")

    return _like(function, differentiated)


def value_and_grad(function, argnums=None):
    """Like grad, but the function gives (value, gradient)."""

    def differentiated(*args, **kwargs):
        call = _Call(function, args, kwargs, argnums)
        gradient = call.gradient("value_and_grad")
        return call.value(), gradient

    return _like(function, differentiated)


def jacobian(function, argnums=None, mode="auto"):
    """All derivatives of every result by every argument, as a function of the same arguments.

    mode   "forward", "reverse", or "auto", which takes the one that needs fewer directions

    Its result has the structure of the function's result, each leaf of which has the structure of the arguments (as
    for grad), with arrays of shape result.shape + argument.shape.
    """

    def differentiated(*args, **kwargs):
        call = _Call(function, args, kwargs, argnums)
        found = [matrices.jacobian(line, call.inputs, mode, record=call.nested) for line in call.lines]
        return rebuild(call.output, [rebuild(call.form, blocks) for blocks in found])

    return _like(function, differentiated)


def hessian(function, argnums=None):
    """All second derivatives of a function that returns one number, as a function of the same arguments.

    Its result has the structure of the arguments (as for grad), each leaf of which has that structure again, with
    arrays of shape first.shape + second.shape.
    """

    def differentiated(*args, **kwargs):
        call = _Call(function, args, kwargs, argnums)
        found = matrices.hessian(call.scalar("hessian"), call.inputs, record=call.nested)
        return rebuild(call.form, [rebuild(call.form, row) for row in found])

    return _like(function, differentiated)


def _like(function, differentiated):
    return wraps(function)(differentiated) if hasattr(function, "__name__") else differentiated


# --- products


def jvp(function, primals, tangents):
    """(value, Jacobian @ tangents) at a tuple of arguments; `tangents` has the structure of `primals`."""
    call = _Call(function, tuple(primals), {}, None)
    found = forward.jvp(call.lines, call.inputs, call.tangents(tangents), record=_is_recorded(call, tangents))
    return call.value(), rebuild(call.output, found)


def vjp(function, *primals):
    """(value, pullback) at the arguments: pullback(cotangent) is cotangent @ Jacobian, a tuple with one derivative for
    each argument; a cotangent has the structure of the value."""
    call = _Call(function, primals, {}, None)

    def pullback(cotangent):
        leaves = _matching(cotangent, call.lines, "cotangent")
        record = _is_recorded(call, cotangent)
        return rebuild(call.point, differentiate.vjp(call.lines, leaves, call.inputs, record=record))

    return call.value(), pullback


def hvp(function, primals, tangents):
    """Hessian @ tangents of a function that returns one number, at a tuple of arguments: the derivative of the gradient
    along `tangents`, a tuple with the structure of `primals`."""
    gradient = grad(function, tuple(range(len(primals))))
    return jvp(gradient, primals, tangents)[1]


def _is_recorded(call, seeds):
    return call.nested or any(isinstance(leaf, Tensor) for leaf in flatten(seeds))


# --- higher orders


def taylor(function, x, order, direction=None):
    """The Taylor coefficients 0 to `order` of function(x + t*direction) in t.

    direction   of the shape of x; may be left out where x is a number

    An array of shape (order + 1, *shape of the value). All orders together cost about order^2 times the function.
    """
    return _expanded("taylor", function, x, order, direction, lambda k: 1)


def derivatives(function, x, order):
    """The derivatives 0 to `order` of a function of one number: an array of shape (order + 1, *shape of the value)."""
    return _expanded("derivatives", function, x, order, None, factorial)


def _expanded(name, function, x, order, direction, factor):
    call = _Call(function, (x,), {}, None)
    if direction is None and np.ndim(x):
        help = "taylor takes an array with direction=v, of its shape"
        raise AdiffError("direction", f"{name} needs a number, not an array of shape {np.shape(x)}", help=help)
    tangents = call.tangents(np.ones_like(call.inputs[0].value) if direction is None else direction)
    if len(call.lines) != 1:
        raise AdiffError("not-a-value", f"{name} needs a function with one result, not {len(call.lines)}")
    record = _is_recorded(call, direction)
    return np.stack(expansion(call.lines[0], call.inputs, tangents, order, factor, record=record))
