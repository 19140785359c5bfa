"""Calls of operations with a backward of their own: what such a call saves, and what is asked of its answer.

A call is one line with a general rule. Its params hold a `Call`: the arguments that are no tensors, and the context
that forward filled.

Where backward is recorded, it has to find Tensors in place of what forward saved. Arguments and results are found by
their identity. If there is anything else, forward is run once more on Tensors.
"""

from contextlib import contextmanager
from copy import copy

import numpy as np

from ..errors import AdiffError, NotDifferentiable
from .differentiate import each, plain
from .recording import modes
from .rules import Rule
from .tensor import Tensor, apply
from .transforms import flatten, rebuild

WHY = "its derivative is what its author says"

_UNKNOWN = -1  # saved by forward, but neither argument nor result


def rule_of(name):
    """The rule of a class: calls bring along what they are."""

    def evaluate(*operands, call):
        return call.value(operands)

    evaluate.__name__ = evaluate.__qualname__ = name
    rule = Rule(evaluate, "general", (_vjp,), reason=WHY)
    rule.call = lambda *operands, call: apply(rule, operands, {"call": call.again()})
    return rule


def _vjp(g, y, *operands, call):
    recorded = any([isinstance(operand, Tensor) for operand in operands])
    ctx = call.recorded(operands, each(y)) if recorded else call.ctx
    # Integers do not move: what comes back to them goes nowhere.
    parts = [g if v.dtype.kind in "fc" else np.zeros(v.shape) for g, v in zip(each(g), each(y), strict=True)]
    g = tuple(parts) if isinstance(y, tuple) else parts[0]
    if recorded or any([isinstance(part, Tensor) for part in parts]):
        with _explained(f"{call.name}.backward", "write it in NumPy calls on what it is given"):
            return call.gradients(ctx._pull(g), y, operands)
    with _aside():
        return tuple([plain(found) for found in call.gradients(ctx._pull(g), y, operands)])


@contextmanager
def _aside():
    """A place where plain arrays are computed with, whatever is recorded or differentiated outside."""
    before = modes.recording, modes.depth, modes.grad
    modes.recording, modes.depth, modes.grad = None, 0, True
    try:
        yield
    finally:
        modes.recording, modes.depth, modes.grad = before


@contextmanager
def _explained(what, help):
    """What cannot be done with tensors is said of the function in which it was tried."""
    try:
        yield
    except NotDifferentiable as error:
        message = f"{what} cannot run on tensors, as forward mode and higher orders need it: {error.message}"
        raise NotDifferentiable(error.code, message, help=help) from error


class Call:
    """One call of a Function.

    form      the positional arguments, with numbers in place of their leaves
    leaves    those that are no tensors; None in place of the others, whose numbers are `places`
    ctx       what forward made of the instance, when this call was computed; `sources` says for each leaf of its
              attributes which of the operands and results it is, None if it is a constant
    """

    def __init__(self, function, args, kwargs):
        leaves = flatten(args)
        if any([isinstance(leaf, Tensor) for leaf in flatten(kwargs)]):
            message = f"{function._rule.name} is given a tensor as a keyword"
            raise AdiffError("keyword", message, help="tensors are positional arguments: backward answers in order")
        self.function, self.kwargs = function, kwargs
        self.form = rebuild(args, range(len(leaves)))
        self.places = [k for k, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]
        self.leaves = [None if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        moving = {k for k in self.places if leaves[k].line is not None and modes.grad}
        self.needed = tuple([not moving.isdisjoint(flatten(part)) for part in self.form])
        self.ctx = self.sources = None

    @property
    def name(self):
        return self.function._rule.name

    def again(self):
        """The same call for other operands."""
        other = copy(self)
        other.ctx = other.sources = None
        return other

    def value(self, operands):
        """The value for plain operands; what forward saves the first time is kept for backward."""
        operands = [_read_only(operand) for operand in operands]
        with _aside():
            ctx, value = self.forward(operands)
        if self.ctx is None:
            self.ctx, self.sources = ctx, self.sources_in(ctx, operands, each(value))
        return tuple(map(self.result, value)) if isinstance(value, tuple) else self.result(value)

    def forward(self, operands):
        """(ctx, value) of the user's forward."""
        ctx = _filled(self.function, flatten(_saved(self.function)))
        ctx.needs_input_grad = self.needed
        leaves = list(self.leaves)
        for k, operand in zip(self.places, operands, strict=True):
            leaves[k] = operand
        return ctx, type(ctx).forward(ctx, *rebuild(self.form, leaves), **self.kwargs)

    def result(self, value):
        """One result, as an array."""
        if isinstance(value, Tensor):
            help = "forward is run on plain arrays: pass the tensors that it uses as arguments"
            raise AdiffError("forward", f"{self.name}.forward gives a tensor", help=help)
        array = np.asarray(value)
        if array.dtype.kind not in "fciub":
            message = f"{self.name}.forward gives {type(value).__name__} {value!r:.40}"
            raise AdiffError("forward", message, help="it returns an array, or a tuple of arrays")
        if not isinstance(value, np.ndarray):
            return array[()]
        return array if array.flags.writeable else array.copy()  # an argument, or a view of it

    def sources_in(self, ctx, operands, results):
        """Where the attributes of ctx are from."""
        constant = (*self.leaves, *flatten((self.kwargs, vars(self.function))), None)
        known = dict.fromkeys(map(id, constant))
        for k, array in reversed(list(enumerate((*operands, *results)))):
            known[id(array)] = k
        return [known.get(id(leaf), _UNKNOWN) for leaf in flatten(_saved(ctx))]

    def recorded(self, operands, results):
        """The ctx with Tensors in it, so that what backward computes from them is recorded."""
        ctx, sources = self.ctx, self.sources
        if _UNKNOWN in sources:
            with _explained(f"{self.name}.forward", "save only arguments and results; compute the rest in backward"):
                ctx, value = self.forward(operands)
            sources = self.sources_in(ctx, operands, each(value))
        tensors = (*operands, *results)
        held = zip(flatten(_saved(ctx)), sources, strict=True)
        return _filled(ctx, [leaf if k is None or k == _UNKNOWN else tensors[k] for leaf, k in held])

    def gradients(self, answers, y, operands):
        """The gradient for each operand, of what backward returned for the result y."""
        found = {}
        for i, (answer, form) in enumerate(zip(self.listed(answers), self.form, strict=True)):
            numbers = flatten(form)
            parts = [None] * len(numbers) if answer is None else flatten(answer)
            if len(parts) != len(numbers):
                message = f"{self.name}.backward gives {len(parts)} arrays for input {i}, which has {len(numbers)}"
                raise AdiffError("backward", message, help="a gradient has the structure of its input")
            found.update((k, (i, part)) for k, part in zip(numbers, parts, strict=True))
        pairs = [(*found[k], operand) for k, operand in zip(self.places, operands, strict=True)]
        return tuple([checked(f"{self.name}.backward", i, part, y, operand) for i, part, operand in pairs])

    def listed(self, answers):
        """One answer for each argument."""
        alone = len(self.form) == 1 and isinstance(self.form[0], list)
        several = type(answers) is tuple or (type(answers) is list and not alone)
        answers = list(answers) if several else [answers]
        count, given = len(self.form), len(answers)
        while len(answers) > count and answers[-1] is None:
            answers.pop()
        if len(answers) > count or any(self.needed[len(answers) :]):
            inputs = "1 input" if count == 1 else f"{count} inputs"
            message = f"{self.name}.backward gives {given} gradient{'s' * (given != 1)} for {inputs}"
            raise AdiffError("backward", message, help="one for each argument of forward, None where there is none")
        return answers + [None] * (count - len(answers))


def _read_only(array):
    """The same numbers as an object of its own, by which it is found again among what forward saved."""
    if not isinstance(array, np.ndarray):
        return np.asarray(array)[()]
    array = array.view()
    array.flags.writeable = False
    return array


def _saved(ctx):
    """What its author put on ctx."""
    return {name: value for name, value in vars(ctx).items() if name != "needs_input_grad"}


def _filled(ctx, leaves):
    """A copy of ctx, down to its lists and dicts, with these leaves in what was saved."""
    found = copy(ctx)
    vars(found).update(rebuild(_saved(ctx), leaves))
    return found


def checked(what, i, gradient, y, operand):
    """The gradient of input i, as an array (or Tensor) of its shape; AdiffError where it is none.

    what   whose gradient it is, in the error
    y      the result: where it has broadcast the input to its own shape, a gradient of that will do as well, as the
           sweep undoes broadcasting
    """
    shape = np.shape(operand)
    if gradient is None:
        return np.zeros(shape, plain(operand).dtype)
    found = gradient if isinstance(gradient, Tensor) else np.asarray(gradient)
    if found.dtype.kind not in "fciub":
        message = f"{what} gives {type(gradient).__name__} {gradient!r:.40} as the gradient of input {i}"
        raise AdiffError("backward", message, help=f"it has to be an array of shape {shape}")
    if found.shape != shape and not (found.shape in map(np.shape, each(y)) and _broadcasts(shape, found.shape)):
        message = f"{what} gives a gradient of shape {found.shape} for input {i}, which has shape {shape}"
        raise AdiffError("backward", message, help="a gradient has the shape of its input")
    return gradient if hasattr(gradient, "dtype") else found[()]


def _broadcasts(shape, to):
    """Whether an array of this shape can be repeated to another one."""
    pairs = zip(reversed(shape), reversed(to), strict=False)
    return len(shape) <= len(to) and all([n in (1, m) for n, m in pairs])
