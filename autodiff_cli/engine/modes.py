"""Whether gradients are wanted: no_grad, enable_grad, set_grad_enabled, each a context and a decorator.

The mode belongs to a thread, and is as it was when a context is left, by an exception too.
"""

from functools import wraps
from inspect import isgeneratorfunction

from .recording import check_eager, modes
from .rules import constant
from .tensor import primitive


def is_grad_enabled():
    """Whether calls on tensors are recorded in this thread."""
    return modes.grad


@primitive
def stopped(x):
    """x itself, through which no derivative flows: in a program a line, as it is elsewhere something else."""
    return x


constant(stopped)


class _Mode:
    """A context in which the mode is `enabled`; of a function it makes one that runs in such a context."""

    enabled = None

    def __new__(cls, function=None):
        made = super().__new__(cls)
        made.outer = []  # the modes before, each time it was entered
        return made if function is None else made(function)

    def __enter__(self):
        check_eager(not self.enabled, "what no_grad leaves out")
        self.outer.append(modes.grad)
        modes.grad = self.enabled

    def __exit__(self, *_):
        modes.grad = self.outer.pop()

    def __call__(self, function):
        context = enable_grad if self.enabled else no_grad  # one for each call: calls can be in several threads
        if isgeneratorfunction(function):
            return _generator(context, function)

        @wraps(function)
        def within(*args, **kwargs):
            with context():
                return function(*args, **kwargs)

        return within


def _generator(context, function):
    """A generator whose body runs in the mode, and what it is iterated by does not."""

    @wraps(function)
    def within(*args, **kwargs):
        body, step, sent = function(*args, **kwargs), "send", None
        while True:
            try:
                with context():
                    found = getattr(body, step)(sent)
            except StopIteration as end:
                return end.value
            try:
                step, sent = "send", (yield found)
            except GeneratorExit:
                body.close()
                raise
            except BaseException as error:
                step, sent = "throw", error

    return within


class no_grad(_Mode):
    """Calls on tensors are not recorded: `with no_grad():`, `@no_grad` or `@no_grad()`."""

    enabled = False


class enable_grad(_Mode):
    """Calls on tensors are recorded again, within no_grad."""

    enabled = True


class set_grad_enabled(_Mode):
    """The mode is `enabled` from now on; as a context or a decorator, until it is left."""

    def __new__(cls, enabled):
        made = super().__new__(cls)
        made.enabled, made.before = bool(enabled), modes.grad
        modes.grad = made.enabled
        return made

    def __enter__(self):
        self.outer.append(self.before)
        self.before = modes.grad = self.enabled

    def __call__(self, function):
        modes.grad = self.before  # it was meant for the function alone
        return super().__call__(function)
