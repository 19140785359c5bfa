"""Operations of one's own: a forward on plain arrays, and a backward that says the derivative.

`Function` is PyTorch's face, `custom_vjp` JAX's, `defvjp` autograd's; calls.py knows how the first two are computed.
"""

from functools import update_wrapper
from inspect import CO_VARARGS

import numpy as np

from ..errors import AdiffError
from .calls import WHY, Call, checked, rule_of
from .differentiate import each
from .rules import RULES, Rule, Signature, raw
from .tensor import Tensor, apply
from .transforms import flatten


class Function:
    """An operation with a derivative of your own.

        class Exp(ad.Function):
            @staticmethod
            def forward(ctx, x):
                y = np.exp(x)
                ctx.save_for_backward(y)
                return y

            @staticmethod
            def backward(ctx, g):
                (y,) = ctx.saved_tensors
                return g * y

        Exp.apply(x)

    forward    is given plain arrays, to read only, in place of tensors (also within tuples, lists and dicts) and
               everything else as it is; returns one array, or a tuple of arrays
    backward   is given one cotangent for each result; returns a gradient for each argument, of its shape and structure:
               a tuple, or a single one alone; None where there is none (at the end None can be left out). Broadcasting
               is undone for it
    ctx        an instance of the class, new for each call, which takes any attribute: save_for_backward(*arrays) with
               saved_tensors, and needs_input_grad, a truth value for each argument

    Since ctx is an instance, both can be plain methods with `self`, and an instance can be called: `Power(3)(x)` gives
    each call a copy of what __init__ has set.

    Written in NumPy calls, backward is differentiable itself: to higher orders, and in forward mode. It is then given
    Tensors, also where it reads saved arguments or results. If forward saved anything else, it is run once more on
    Tensors. Raises AdiffError: for a gradient of a wrong shape, too few or too many of them, what is not an array.
    """

    saved_tensors = ()
    needs_input_grad = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls._rule = rule_of(cls.__name__)

    @classmethod
    def apply(cls, *args, **kwargs):
        """The results for these arguments: Tensors where there is one among them."""
        return cls()(*args, **kwargs)

    def __call__(self, *args, **kwargs):
        tensors = [leaf for leaf in flatten(args) if isinstance(leaf, Tensor)]
        call = Call(self, args, kwargs)
        return apply(self._rule, tensors, {"call": call}) if tensors else call.value(())

    def forward(self, *args):
        """To be written: the result."""
        raise self._lacks("forward")

    def backward(self, *g):
        """To be written: the gradients."""
        raise self._lacks("backward")

    def _lacks(self, what):
        name = self._rule.name
        return AdiffError("no-rule", f"{name} has no {what}", help=f"define {what} in the class {name}")

    def save_for_backward(self, *arrays):
        """Keep arrays for backward, which finds them in ctx.saved_tensors."""
        self.saved_tensors = arrays

    def _pull(self, g):
        """The gradients, from the cotangent of the result, or a tuple of them."""
        return type(self).backward(self, *each(g))


class Around(Function):
    """An operation around a Python function, whose name it bears."""

    def __init__(self, function):
        update_wrapper(self, function)
        self._rule = rule_of(getattr(function, "__name__", type(self).__name__))
        self.function = function


class custom_vjp(Around):
    """A function of arrays with a derivative of its own.

        @ad.custom_vjp
        def f(x): ...

        f.defvjp(forward, backward)

    forward    forward(*args) gives (result, residuals): what f(*args) gives, and anything that backward needs
    backward   backward(residuals, g) gives a tuple with a gradient for each argument; None where there is none

    f itself is called where nothing is differentiated. For the rest see Function: a result is an array or a tuple of
    arrays, an argument can be nested, and rules in NumPy calls can be differentiated again.
    """

    rules = None

    def defvjp(self, forward, backward):
        """Set the two rules."""
        self.rules = forward, backward

    def forward(self, *args, **kwargs):
        if self.rules is None:
            name = self._rule.name
            raise AdiffError("no-rule", f"{name} has no derivative yet", help=f"{name}.defvjp(forward, backward)")
        if not any(self.needs_input_grad):
            return self.function(*args, **kwargs)
        result, self.residuals = self.rules[0](*args, **kwargs)
        return result

    def _pull(self, g):
        return self.rules[1](self.residuals, g)


def defvjp(function, *vjps):
    """Give a function a derivative: one vjp for each positional argument, and None where there is none.

        @ad.primitive
        def hypot(a, b):
            return np.sqrt(a * a + b * b)

        ad.defvjp(hypot, lambda g, ans, a, b: g * a / ans, lambda g, ans, a, b: g * b / ans)

    function   made by ad.primitive, or a ufunc; its parameters without a default are its arrays
    vjps       vjp(g, ans, *args, **keywords): from the cotangent g of the result `ans` to the gradient of an argument,
               of its shape. Written in NumPy calls, it can be differentiated again

    Gives the function. Raises AdiffError: for a function that tensors do not reach, and for gradients of a wrong shape.
    """
    name = getattr(function, "__name__", str(function))
    if not hasattr(function, "raw") and not isinstance(function, np.ufunc):
        message = f"{name} is a plain Python function, which tensors pass through: its rule would never be asked"
        raise AdiffError("not-a-primitive", message, help="decorate it with ad.primitive first")
    signature = _signature(function, vjps)
    if not vjps or (not signature.sequence and len(vjps) > len(signature.operands)):
        message = f"{name} is given {len(vjps)} rules for {len(signature.operands)} arguments"
        raise AdiffError("arguments", message, help="one vjp(g, ans, *args) for each argument that is an array")

    def vjp(g, y, *operands, **params):
        rules = (*vjps, *[None] * len(operands))
        found = [rule and rule(g, y, *operands, **params) for rule in rules[: len(operands)]]
        pairs = enumerate(zip(found, operands, strict=True))
        return tuple([checked(f"the rule of {name}", i, gradient, y, operand) for i, (gradient, operand) in pairs])

    RULES[function] = Rule(function, "general", (vjp,), signature, reason=WHY)
    return function


def _signature(function, vjps):
    """How calls are split: by the function's own parameters, or by those of a rule behind g and ans."""
    own = getattr(raw(function), "__code__", None)
    if own is None:
        return Signature(next(rule for rule in vjps if rule is not None), 2)
    takes_any = own.co_flags & CO_VARARGS
    return Signature(raw(function), 0, "args" if takes_any else False)
