"""Functions of functions that need no more than the transforms and an operation of one's own."""

from functools import wraps

import numpy as np

from ..errors import AdiffError
from .differentiate import plain
from .function import Around
from .modes import stopped
from .tensor import Tensor
from .transforms import flatten, rebuild, vjp


def elementwise_grad(function, argnums=None):
    """The derivative of an elementwise function, entry by entry, as a function of the same arguments.

    argnums   as for grad: None for all positional arguments, a number, or several

    Each derivative has the structure, shapes and dtypes of its argument, and can be taken again for the next order. It
    is the sum of the rows of the Jacobian (a vjp with ones), which is the derivative of each entry by its own, as long
    as no entry of the result depends on others.
    """

    @wraps(function)
    def differentiated(*args, **kwargs):
        chosen = range(len(args)) if argnums is None else np.atleast_1d(argnums)
        chosen = [range(len(args))[i] for i in chosen]

        def of_chosen(*some):
            moved = dict(zip(chosen, some, strict=True))
            return function(*[moved.get(i, arg) for i, arg in enumerate(args)], **kwargs)

        value, pull = vjp(of_chosen, *[args[i] for i in chosen])
        found = pull(rebuild(value, [np.ones(np.shape(leaf), leaf.dtype) for leaf in flatten(value)]))
        return found[0] if np.ndim(argnums) == 0 and len(found) == 1 else found

    return differentiated


def stop_gradient(x):
    """The same values, through which no derivative flows, at no order; x can be nested tuples, lists and dicts."""
    leaves = [_still(stopped(leaf)) if isinstance(leaf, Tensor) else leaf for leaf in flatten(x)]
    return rebuild(x, leaves)


def _still(value):
    return value if isinstance(value, Tensor) else Tensor(value)


class checkpoint(Around):
    """The same function, computed again in the backward pass: of its work only arguments and results are kept.

    It costs one more run, and saves the memory of its intermediate values; gradients are the same. Arguments can be
    nested, the result is an array or a tuple of them. Tensors have to come as arguments. Raises AdiffError where the
    function gives another result the second time.
    """

    def forward(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs
        self.result = self.function(*args, **kwargs)
        return self.result

    def _pull(self, g):
        """By the function once more, this time recorded."""
        leaves = flatten(self.args)
        needed = [n for arg, n in zip(self.args, self.needs_input_grad, strict=True) for _ in flatten(arg)]
        moving = [
            k for k, leaf in enumerate(leaves) if needed[k] and getattr(leaf, "dtype", np.dtype(int)).kind in "fc"
        ]

        def again(*some):
            found = dict(zip(moving, some, strict=True))
            args = rebuild(self.args, [found.get(k, leaf) for k, leaf in enumerate(leaves)])
            return self.function(*args, **self.kwargs)

        value, pull = vjp(again, *[leaves[k] for k in moving])
        self._check_same(value)
        found = dict(zip(moving, pull(g), strict=True))
        return rebuild(self.args, [found.get(k) for k in range(len(leaves))])

    def _check_same(self, value):
        for before, after in zip(flatten(self.result), flatten(value), strict=True):
            if not np.array_equal(plain(before), plain(after), equal_nan=True):
                message = f"{self._rule.name} gives another result when it is computed again"
                help = "draw random numbers outside of it, and do not change what it uses before the backward pass"
                raise AdiffError("checkpoint", message, help=help)
