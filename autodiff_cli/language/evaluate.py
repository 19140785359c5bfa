"""The tree and values to Tensors: NumPy's calls become lines, each marked with its piece of the text.

A method for each kind of node reads as if it were recursive: `left = yield self.visit(node.left, scope)`
asks for the value of a part. `run` keeps the methods that wait on a list of its own, so that depth is
bounded by memory and not by Python's stack.
"""

from functools import cache

import numpy as np

from ..engine import rulebook
from ..engine.tensor import Tensor
from ..errors import AdiffError, nearest
from . import arguments, mismatches
from .functions import CONSTANTS, FUNCTIONS, lookup
from .syntax import Call, Name, Primed, walk

_UFUNCS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "%": np.remainder, "@": np.matmul,
           "^": np.power, "and": np.logical_and, "or": np.logical_or, "<": np.less, "<=": np.less_equal,
           ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal}  # fmt: skip
_PREFIXES = {"-": np.negative, "+": np.positive, "not": np.logical_not, "'": np.transpose}
_ARITHMETIC = frozenset("+-*/%@^")
# What people call functions that have another spelling here; {} is their argument.
_ELSEWHERE = {"sqr": "{}^2", "cube": "{}^3", "sec": "1/cos({})", "csc": "1/sin({})", "cot": "1/tan({})",
              "lg": "log10({})", "lb": "log2({})", "sgn": "sign({})", "fac": "gamma({} + 1)",
              "factorial": "gamma({} + 1)", "T": "({})'", "length": "norm({})", "grad": "D({})", "derivative": "D({})",
              "deriv": "D({})"}  # fmt: skip

_ARGUMENT = "the argument"  # no name can be this
_ALL_FUNCTIONS = "adiff functions lists all"


def _leaf(method):
    """A method that waits for no part, in the form of those that do: a generator, though it yields nothing."""

    def task(self, node, scope):
        return method(self, node, scope)
        yield

    return task


def _key(value):
    """What makes two arguments the same: being one line, one object, or one number."""
    return repr(value) if isinstance(value, float) else id(value.line if isinstance(value, Tensor) else value)


def slopes():
    """The module for derivatives inside expressions, loaded only where there is one."""
    from ..engine import slopes

    return slopes


def product_help(source, name, span, inside="..."):
    """What to write for a variable that is called like a function."""
    if source.startswith("'", span.end):
        return f"write {name}' @ ({inside}) or {name}'*({inside}) for a product"
    return f"write {name}*({inside}) for a product"


_CONSTANT = (np.ndarray, np.float64)  # types of results on which no variable has an influence


def _is_derivative(node):
    return type(node) is Call and node.name == "D" and len(node.args) > 1 and type(node.args[1]) is Name


def _is_numeric(value):
    return isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"


def _is_boolean(value):
    return hasattr(value, "dtype") and value.dtype.kind == "b"


class Function:
    """A function defined in the text, with those names that its body uses and that were defined before it."""

    def __init__(self, node, scope):
        self.node = node
        used = {part.name for part in walk(node.body) if type(part) in (Name, Call, Primed)}
        self.scope = {name: scope[name] for name in used & scope.keys()}


class Evaluator:
    """One evaluation of a script.

    source     the text, for errors
    recording  the Recording whose lines are marked with spans
    seed       for rand and randn
    """

    def __init__(self, source, recording, seed=0):
        self.source = source
        self.recording = recording
        # One generator, so that two calls of randn differ; np.random is slow to import, so only when it is asked for.
        self.draw = cache(lambda: np.random.default_rng(seed))
        self.unbounded = None  # where the first piece without variables stands that is not finite
        self.derived = []  # (y, x) for each derivative of y by x that is taken
        self.calls = {}  # results of defined functions by arguments: f(f(x)) stays linear

    def script(self, script, variables):
        """The value of a script; `variables` maps names to Tensors."""
        scope = CONSTANTS | variables
        self.moved = {n.args[1].name for n in walk(script) if _is_derivative(n)} if "D" in self.source else ()
        with np.errstate(all="ignore"):  # what is not finite is reported from the result
            for definition in script.definitions:
                if definition.parameters is None:
                    value = self.run(self.visit(definition.body, scope))
                    scope[definition.name] = self.named(definition.name, value)
                else:
                    scope[definition.name] = Function(definition, scope)
            return self.run(self.visit(script.result, scope))

    def named(self, name, value):
        """What a name stands for; something of its own if there is a derivative by that name."""
        return slopes().renamed(value) if name in self.moved and _is_numeric(value) else value

    def run(self, task):
        """Carry a chain of waiting methods to its end."""
        waiting, value = [task], None
        while waiting:
            try:
                waiting.append(waiting[-1].send(value))
                value = None
            except StopIteration as finished:
                waiting.pop()
                value = finished.value
        return value

    def visit(self, node, scope):
        return getattr(self, "visit_" + type(node).__name__)(node, scope)

    def compute(self, node, function, *args, **params):
        """One call, its line marked with the node; NumPy's complaints in our words."""
        self.recording.span = node.span
        try:
            value = function(*args, **params)
        except AdiffError as error:
            raise error.at(self.source, node.span) from None
        except mismatches.CAUGHT as error:
            raise mismatches.explain(error, node, args, self.source) from None
        if self.unbounded is None and type(value) in _CONSTANT and not np.isfinite(value).all():
            self.unbounded = node.span
        # Python's floats, unlike NumPy's, leave float32 arrays as they are.
        return float(value) if type(value) is np.float64 else value

    def fail(self, code, message, node, help="", label=""):
        return AdiffError(code, message, span=node.span, label=label, help=help, source=self.source)

    # --- leaves

    @_leaf
    def visit_Number(self, node, scope):
        return node.value

    @_leaf
    def visit_Text(self, node, scope):
        return node.value

    @_leaf
    def visit_Name(self, node, scope):
        value = scope[node.name]
        if isinstance(value, Function):
            raise self.fail("not-a-value", f"{node.name} is a function", node, f"call it: {node.name}(...)")
        return value

    # --- operators

    def operand(self, node, scope, operator):
        """The value of an operand; in arithmetic, true and false are 1 and 0."""
        value = yield self.visit(node, scope)
        if isinstance(value, (str, tuple, slice, type(None), type(...))):
            raise self.fail("not-a-value", f"{operator} needs numbers", node, self.one_of_several(node, value))
        if operator in _ARITHMETIC and _is_boolean(value):
            value = self.compute(node, np.multiply, value, 1.0)
        return float(value) if isinstance(value, bool) else value

    def one_of_several(self, node, value):
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return f"{self.text(node)} has {len(value)} results: take one with [0]"
        return ""

    def visit_Unary(self, node, scope):
        value = yield self.operand(node.operand, scope, node.op)
        if node.op == "'" and getattr(value, "ndim", 0) < 2:
            return value
        return self.compute(node, _PREFIXES[node.op], value)

    def visit_Binary(self, node, scope):
        left = yield self.operand(node.left, scope, node.op)
        right = yield self.operand(node.right, scope, node.op)
        if node.op == "^" and isinstance(right, float) and right == 2:
            return self.compute(node, np.square, left)
        self.guard_size(node, left, right)
        return self.compute(node, _UFUNCS[node.op], left, right)

    def guard_size(self, node, left, right):
        """Two large operands can broadcast to more than any machine holds."""
        if getattr(left, "size", 1) * getattr(right, "size", 1) > arguments.MOST_ELEMENTS and node.op != "@":
            try:
                arguments.check_size(np.broadcast_shapes(np.shape(left), np.shape(right)), self.text(node))
            except AdiffError as error:
                raise error.at(self.source, node.span) from None
            except ValueError:
                pass  # they do not broadcast: the operation itself says so

    def visit_Compare(self, node, scope):
        values = []
        for operand in node.operands:
            values.append((yield self.operand(operand, scope, "a comparison")))
        links = [self.compute(node, _UFUNCS[op], a, b) for op, a, b in zip(node.ops, values, values[1:], strict=False)]
        result = links[0]
        for link in links[1:]:
            result = self.compute(node, np.logical_and, result, link)
        return result

    def visit_Choice(self, node, scope):
        condition = yield self.operand(node.condition, scope, "if")
        yes = yield self.operand(node.yes, scope, "a choice")
        no = yield self.operand(node.no, scope, "a choice")
        return self.compute(node, np.where, condition, yes, no)

    # --- arrays

    def visit_Array(self, node, scope):
        items = []
        for item in node.items:
            items.append((yield self.operand(item, scope, "+")))
        return self.stacked(node, items)

    def stacked(self, node, items):
        first = np.shape(items[0])
        for number, item in enumerate(items, 1):
            if np.shape(item) != first:
                raise self.ragged(node, number, np.shape(item), first)
        if len(first) >= arguments.MOST_AXES:
            raise self.fail("shape", f"arrays have at most {arguments.MOST_AXES} axes", node)
        if any(isinstance(item, Tensor) for item in items):
            return self.compute(node, np.stack, items)
        return np.stack(items)

    def ragged(self, node, number, shape, first):
        there, here = mismatches.elements(first), mismatches.elements(shape)
        message = f"row {number} has {here}, but row 1 has {there}"
        return self.fail("ragged", message, node.items[number - 1])

    def visit_Tuple(self, node, scope):
        items = []
        for item in node.items:
            items.append((yield self.visit(item, scope)))
        return tuple(items)

    def visit_Slice(self, node, scope):
        bounds = []
        for part in (node.start, node.stop, node.step):
            bound = None if part is None else (yield self.visit(part, scope))
            bounds.append(None if bound is None else self.checked(part, arguments.integer, bound, "a slice bound"))
        if bounds[2] == 0:
            raise self.fail("index", "the step of a slice cannot be 0", node)
        return slice(*bounds)

    def visit_Index(self, node, scope):
        value = yield self.visit(node.operand, scope)
        keys = []
        for item in node.items:
            key = item if item is ... else (yield self.visit(item, scope))
            keys.append(self.checked(item, arguments.index, key))
        if isinstance(value, tuple):
            return self.one_result(node, value, keys)
        if np.ndim(value) == 0 and any(key is not None and key is not ... for key in keys):
            text = self.text(node.operand)
            message = f"{text} is a single number and has no elements"
            raise self.fail("index", message, node, label=f"{text} is a scalar")
        key = keys[0] if len(keys) == 1 else tuple(keys)
        value = np.asarray(value) if isinstance(value, float) else value
        return self.compute(node, rulebook.indexing.getitem, value, key)

    def one_result(self, node, value, keys):
        if len(keys) != 1 or not isinstance(keys[0], int):
            raise self.fail("index", f"this has {len(value)} results: take one with [0]", node)
        if not -len(value) <= keys[0] < len(value):
            raise self.fail("index", f"this has only {len(value)} results", node)
        return value[keys[0]]

    def checked(self, node, check, *args):
        """A check of arguments.py, its error placed at the node."""
        try:
            return check(*args)
        except AdiffError as error:
            raise error.at(self.source, node.span) from None

    # --- calls

    @_leaf
    def visit_Keyword(self, node, scope):
        raise self.fail("syntax", f"{node.name}= belongs inside the parentheses of a function", node)

    def visit_Call(self, node, scope):
        defined = scope.get(node.name)
        if isinstance(defined, Function):
            return (yield self.call_defined(node, defined, scope))
        row = lookup(node.name)
        if row is None:
            raise self.unknown_function(node, scope)
        nodes = self.checked(node, arguments.bind, row, node)
        if row.name == "D":
            return (yield self.derivative(node, nodes, scope))
        values = {}
        for name, argument in nodes.items():
            values[name] = yield self.argument(name, argument, scope)
        args, params = self.checked(node, arguments.convert, row, values)
        return self.compute(node, self.checked(node, arguments.resolve, row, self.draw), *args, **params)

    def visit_Primed(self, node, scope):
        """f'(x): the function at a variable of its own, and its derivative by that."""
        if len(node.args) != 1:
            inside = ", ".join(map(self.text, node.args))
            help = f"write D({node.name}({inside}), x), with the variable in place of x"
            raise self.fail("arguments", f"{node.name}' takes 1 argument, not {len(node.args)}", node, help)
        value = yield self.operand(node.args[0], scope, "a derivative")
        variable = self.compute(node, slopes().renamed, value)
        call = Call(node.name, node.name_span, (Name(_ARGUMENT, node.args[0].span),), node.span)
        result = yield self.visit_Call(call, scope | {_ARGUMENT: variable})
        if isinstance(result, tuple):
            help = f"define a function of one of them: f(t) = {node.name}(t)[0]"
            raise self.fail("not-a-value", f"{node.name} has {len(result)} results", node, help)
        self.derived.append((result, variable))
        return self.compute(node, slopes().slope, result, variable, node.order)

    def derivative(self, node, nodes, scope):
        """D(expr, x, n)."""
        name, order = nodes["x"], 1
        if not _is_derivative(node):
            help = "write D(expr, x), where x is a variable; or give it a name first: s = x^2; D(s^3, s)"
            raise self.fail("not-a-variable", "D differentiates by a variable", name, help)
        x = yield self.visit(name, scope)
        if not isinstance(x, Tensor):
            help = "D differentiates by a variable, or by what was defined as s = x^2"
            raise self.fail("not-a-variable", f"{name.name} is a constant, not a variable", name, help)
        value = yield self.operand(nodes["expr"], scope, "D")
        if "n" in nodes:
            order = self.checked(nodes["n"], arguments.order, (yield self.visit(nodes["n"], scope)))
        self.derived.append((value, x))
        return self.compute(node, slopes().derivative, value, x, order)

    def argument(self, name, node, scope):
        """The value of one argument; `*x` has a list of nodes, and `arrays` keeps its items apart."""
        if isinstance(node, list) or name == "arrays":
            items = []
            for item in node if isinstance(node, list) else getattr(node, "items", [node]):
                items.append((yield self.visit(item, scope)))
            return items
        return (yield self.visit(node, scope))

    def call_defined(self, node, function, scope):
        names = function.node.parameters
        if len(node.args) != len(names):
            s = "s" * (len(names) != 1)
            message = f"{node.name} takes {len(names)} argument{s}, not {len(node.args)}"
            raise self.fail("arguments", message, node, f"it is defined as {node.name}({', '.join(names)})")
        values = []
        for argument in node.args:
            values.append((yield self.visit(argument, scope)))
        key = (id(function), *map(_key, values))
        if key not in self.calls:
            inner = function.scope | {n: self.named(n, v) for n, v in zip(names, values, strict=True)}
            # The arguments are kept beside the result, so that their ids stay theirs.
            self.calls[key] = (yield self.visit(function.node.body, inner)), values
        return self.calls[key][0]

    def unknown_function(self, node, scope):
        inside = ", ".join(self.text(a) for a in node.args)
        if node.name in scope:
            help = product_help(self.source, node.name, node.name_span, inside) if inside else ""
            return self.fail("not-a-function", f"{node.name} is not a function", node, help)
        names = nearest(node.name, [*FUNCTIONS, *(n for n, v in scope.items() if isinstance(v, Function))])
        ideas = [f"{name}({inside})" for name in names[:1]]
        if node.name in _ELSEWHERE:
            ideas.append(_ELSEWHERE[node.name].format(inside))
        help = f"did you mean {', or '.join(ideas)}?  (adiff functions lists all)" if ideas else _ALL_FUNCTIONS
        message = f"there is no function called {node.name}"
        return AdiffError("unknown-function", message, span=node.name_span, help=help, source=self.source)

    def text(self, node):
        return self.source[node.span.start : node.span.end]
