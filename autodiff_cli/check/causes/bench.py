"""Values of a formula that differs from a known one in one node: what did not change is not computed again."""

import numpy as np

from ...engine.recording import Recording
from ...engine.tensor import Tensor, variable
from ...errors import AdiffError
from ...language.evaluate import Evaluator
from ...language.syntax import NODES, Binary, Call, Primed, children, walk

_OPERATORS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "@": np.matmul, "^": np.power}


class Place:
    """A node of a script, and the Place of the node above it; None above is the script itself."""

    __slots__ = ("node", "up")

    def __init__(self, node, up=None):
        self.node, self.up = node, up

    @property
    def parent(self):
        return self.up and self.up.node

    @property
    def top(self):
        """The statement that the node is in."""
        place = self
        while place.up is not None:
            place = place.up
        return place.node

    def script(self, script, new):
        """The script with another node here."""
        place = self
        while place is not None:
            new, place = _with(place.parent or script, place.node, new), place.up
        return new


class Bench:
    """An Expression at one point.

    values   the value of each node that was computed, by node; those inside defined functions have none
    places   the Places of these nodes, in the order of the source
    """

    def __init__(self, expression, point):
        script = expression.script
        moves = any(type(n) is Primed or (type(n) is Call and n.name == "D") for n in walk(script))
        self.recording, self.source = Recording(), expression.source
        with self.recording:
            self.inputs = {n: variable(a, n) if moves else np.asarray(a)[()] for n, a in point.items()}
            self.evaluator = _Remembering(self.source, self.recording)
            self.evaluator.script(script, self.inputs)
        self.evaluator.learns = False
        self.known, self.script = self.evaluator.values, script
        self.values = {node: plain(value) for node, value in self.known.items()}
        self.places = [place for place in _places(script) if place.node in self.known]

    @property
    def work(self):
        """How many numbers are computed for a value, about: a product or an inverse of matrices has many for each."""
        arrays = [value for value in self.values.values() if isinstance(value, np.ndarray)]
        return 1 + sum(array.size * (min(array.shape) if array.ndim > 1 else 1) for array in arrays)

    def value(self, place, new):
        """The value of the script with another node in a place; None where it has none."""
        if place.top is not self.script.result:
            return self.of(place.script(self.script, new), self.source)
        value = self.piece(new)
        return None if value is None else self.lifted(place, value)

    def lifted(self, place, value):
        """The value of the script where that of one node of its result is another one; None where there is none."""
        return self._try(lambda: self._lifted(place, value))

    def _lifted(self, place, value):
        node = place.node
        while (place := place.up) is not None:
            parent = place.node
            if parent not in self.known:  # what only holds arguments together has no value of its own
                continue
            if type(parent) is Binary and parent.op in _OPERATORS:
                left, right = parent.left, parent.right
                value = _OPERATORS[parent.op](
                    value if left is node else self.known[left], value if right is node else self.known[right]
                )
            else:
                value = self.evaluator.again(parent, node, value)
            node = parent
        return value

    def of(self, script, source):
        """The value of another script in the same variables; None where it has none."""
        return self._try(lambda: Evaluator(source, self.recording).script(script, self.inputs))

    def piece(self, tree):
        """The value of a formula in the names that this one knows; None where it has none."""
        return self._try(lambda: self.evaluator.run(self.evaluator.visit(tree, self.evaluator.scope)))

    def _try(self, compute):
        try:
            with self.recording, np.errstate(all="ignore"):
                return plain(compute())
        except (AdiffError, KeyError, ValueError):
            return None


class _Remembering(Evaluator):
    """An Evaluator that computes no node twice; only what stands in the scope of the script itself is kept."""

    def __init__(self, source, recording):
        super().__init__(source, recording)
        self.values, self.scope, self.learns = {}, None, True

    def visit(self, node, scope):
        if node in self.values:
            return _known(self.values[node])
        if self.scope is None:
            self.scope = scope  # that of the script is the first, and grows with its definitions
        task = super().visit(node, scope)
        return self._kept(node, task) if self.learns and scope is self.scope else task

    def again(self, node, child, value):
        """The value of a node where that of a node below it is another one."""
        known, self.values[child] = self.values[child], value
        try:
            return self.run(super().visit(node, self.scope))
        finally:
            self.values[child] = known

    def _kept(self, node, task):
        self.values[node] = value = yield from task
        return value


def _known(value):
    """The task of what is computed already."""
    return value
    yield


def plain(value):
    """A value without the line that made it."""
    return value.value if isinstance(value, Tensor) else value


def _with(parent, old, new):
    """A node with another one directly below it."""
    return parent._make(
        new if part is old else tuple(new if p is old else p for p in part) if type(part) is tuple else part
        for part in parent
    )


def mapped(tree, change):
    """A tree in which each node, once those below it were changed, is what `change` makes of it."""
    return change(tree._make(_mapped(part, change) for part in tree))


def _mapped(part, change):
    if type(part) is tuple:
        return tuple(_mapped(item, change) for item in part)
    return mapped(part, change) if type(part) in NODES else part


def _places(script):
    """The Places of all nodes below a script, each before those below it."""
    waiting = [Place(child) for child in reversed(children(script))]
    while waiting:
        place = waiting.pop()
        yield place
        waiting.extend(Place(child, place) for child in reversed(children(place.node)))
