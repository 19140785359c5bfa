"""The shapes of variables without values, worked out from what the expression does with them.

The expression is evaluated with a `Shape` in the place of each such variable. What depends on none of them is computed
as ever; each call on a Shape gives another, and leaves behind the relation between them.
"""

from itertools import chain
from math import prod
from typing import NamedTuple

import numpy as np

from ..engine.recording import Recording
from ..engine.tensor import variable
from ..errors import AdiffError
from . import arguments
from .evaluate import Evaluator
from .functions import lookup
from .relations import Broadcast, Derived, Indexed, Joined, Reduction, Same, Signatures, Trial
from .syntax import Call, Index, Primed
from .unify import Mismatch, Shape, solve
from .values import read_value

_PRODUCT = ("(n),(n)->()", "(m,n),(n)->(m)", "(n),(n,m)->(m)", "(m,n),(n,k)->(m,k)")
_SQUARE = ("(n,n)->(n,n)",)
_OF_SQUARE = ("(n,n)->()",)
# What says much about the shapes it takes. Where several signatures are possible, the likelier stands first.
_SIGNATURES = {
    "'": ("(n)->(n)", "()->()", "(n,m)->(m,n)"),
    "@": _PRODUCT,
    "matmul": _PRODUCT,
    "dot": (*_PRODUCT, "(),()->()"),
    "inner": ("(n),(n)->()", "(m,n),(n)->(m)", "(n),(m,n)->(m)", "(m,n),(k,n)->(m,k)"),
    "vdot": ("(n),(n)->()", "(n,m),(n,m)->()"),
    "outer": ("(n),(m)->(n,m)",),
    "cross": ("(3),(3)->(3)",),
    "transpose": ("(n,m)->(m,n)", "(n)->(n)", "()->()"),
    "diag": ("(n)->(n,n)", "(n,n)->(n)"),
    "diagonal": ("(n,n)->(n)",),
    "tril": _SQUARE,
    "triu": _SQUARE,
    "trace": _OF_SQUARE,
    "det": _OF_SQUARE,
    "logdet": _OF_SQUARE,
    "slogdet": ("(n,n)->(),()",),
    "inv": _SQUARE,
    "pinv": ("(n,m)->(m,n)",),
    "solve": ("(n,n),(n)->(n)", "(n,n),(n,k)->(n,k)"),
    "matrix_power": _SQUARE,
    "cholesky": _SQUARE,
    "eigvalsh": ("(n,n)->(n)",),
    "eigh": ("(n,n)->(n),(n,n)",),
    "svd": ("(n,m)->(n,n),(k),(m,m)",),
    "qr": ("(n,m)->(n,k),(k,m)",),
}
_ELEMENTWISE = {"arithmetic", "exponentials", "trigonometry", "choices", "special", "learning"}
_REDUCTIONS = {"sum", "prod", "mean", "var", "std", "min", "max", "median", "ptp", "nansum", "nanmean", "nanmax",
               "nanmin", "argmin", "argmax", "all", "any", "norm", "logsumexp", "size"}  # fmt: skip
_ALONG_AXES = {"softmax", "log_softmax", "sort", "flip", "roll"}
_ONE_SHAPE = ("(n)->(n)", "(n,m)->(n,m)")
_PLAIN_KEYS = (int, slice, type(None), type(...))

_ASK = "say it: --shape {0}=3 for a vector, --shape {0}=3x2 for a matrix, --shape {0}=scalar for a number"
_LOWEST, _HIGHEST = 0.3, 0.9  # inside the domain of most functions, and away from their kinks


def infer(source, script, given, unknown, *, scalar=False, level=None, seed=0):
    """The shapes of variables without values, as tuples of integers by name.

    given    arrays by name, of the variables that have values
    unknown  the names of those that have none, each with its shape where that is said, or None
    scalar   whether the expression is to be one number
    level    min or max, for axes that may have any length to have all the same, which others have, and not each its own
    Raises AdiffError where what is known contradicts itself, asking for a shape.
    """
    try:
        return _solved(source, script, given, unknown, scalar, seed, level)
    except AdiffError:
        if not scalar:
            raise
    return _solved(source, script, given, unknown, False, seed, level)  # that it is not one number is said elsewhere


def fits(source, script, given, unknown, *, scalar=False, seed=0):
    """Whether no shape is missing or contradicts another, as of `infer`."""
    try:
        _solved(source, script, given, unknown, scalar, seed)
    except AdiffError:
        return False
    return True


def generic(shape, draw):
    """Numbers of a shape at which nothing special happens; a matrix can be inverted, and has a Cholesky factor."""
    numbers = draw.uniform(_LOWEST, _HIGHEST, shape)
    return numbers + shape[0] * np.eye(*shape) if len(shape) == 2 else numbers


def _likely_rank(name):
    """As in mathematics, a matrix has a capital letter."""
    return 2 if name[:1].isupper() else 1


def _solved(source, script, given, unknown, scalar, seed, level=None):
    shapes = {name: Shape(shape, _likely_rank(name)) for name, shape in unknown.items()}
    with Recording() as recording:
        found = _Inference(source, recording, seed)
        result = found.script(script, {name: variable(array, name) for name, array in given.items()} | shapes)
        if scalar and isinstance(result, Shape):
            found.relations.append((script.result, Same(result, Shape(()))))
        try:
            solve(found.relations, [*shapes.values(), *(Shape(array.shape) for array in given.values())], level)
        except Mismatch as mismatch:
            what, node = mismatch.args
            raise _asking(AdiffError("shape", what, span=node.span, source=source), unknown) from None
        except AdiffError as error:  # of a function that was tried
            raise _asking(error, unknown) from None
    return {name: shape.numbers for name, shape in shapes.items()}


def _asking(error, unknown):
    """An error of shapes, be it due to those that nobody said or to those that somebody did."""
    unsaid = [name for name, shape in unknown.items() if shape is None]
    fault = f"no shape of {' and '.join(unsaid)} fits" if unsaid else "the shapes do not fit"
    error.message = f"{fault}: {error.message}"
    error.help = error.help or (_ASK.format(unsaid[0]) if unsaid else "a shape that is left out is worked out")
    return error


class _Call(NamedTuple):
    """One call: of a function that the catalogue or an operator names."""

    node: object
    name: str
    function: object
    args: tuple
    params: dict


class _Inference(Evaluator):
    """An evaluation in which values may be Shapes; `relations` are pairs (node, Relation)."""

    def __init__(self, source, recording, seed):
        super().__init__(source, recording, seed)
        self.relations = []

    def compute(self, node, function, *args, **params):
        if not any(isinstance(a, Shape) for a in _flat([args, params])):
            return super().compute(node, function, *args, **params)
        if type(node) is Primed:  # the slope of each element, or the gradient of one number
            return args[1] if len(args) > 1 else args[0]
        if type(node) is Index:
            return self.indexed(node, function, *args)
        call = _Call(node, _operation(node), function, args, params)
        if call.name == "einsum" and "." not in args[0]:
            return self.signed(call, _einsum(args[0]), args[1:])
        if call.name in _SIGNATURES and not params:
            return self.signed(call, _SIGNATURES[call.name], args)
        if call.name in _ALONG_AXES:
            return self.signed(call, _ONE_SHAPE, args)
        if call.name == "reshape" and all(n > 0 for n in _flat(args[1:])):
            return self.signed(call, _reshape(*_flat(args[1:])), args)
        return self.by_family(call)

    def by_family(self, call):
        row, args, params = lookup(call.name), call.args, call.params
        if call.name in _REDUCTIONS:
            return self.related(call.node, Reduction, args[0], params.get("axis"), params.get("keepdims", False))
        if row is None or row.family in _ELEMENTWISE:
            return self.related(call.node, Broadcast, [_shape(a) for a in (*args, *params.values()) if a is not None])
        return self.tried(call)

    def related(self, node, relation, *operands):
        """A new Shape, tied to operands by a relation."""
        result = Shape()
        self.relations.append((node, relation(result, *operands)))
        return result

    def signed(self, call, signatures, args):
        """What comes out of a function with signatures, which those of its arguments have that stand first."""
        given, results = (part.count("(") for part in signatures[0].split("->"))
        results = [Shape() for _ in range(results)]
        relation = Signatures(results, [_shape(a) for a in args[:given]], signatures, self.trial(call, results))
        self.relations.append((call.node, relation))
        return results[0] if len(results) == 1 else tuple(results)

    def tried(self, call):
        result = Shape()
        self.relations.append((call.node, self.trial(call, [result])))
        return result

    def trial(self, call, results):
        """The relation that is found by calling a function on arrays of the right shapes."""

        def attempt():
            draw = np.random.default_rng(0)
            result = self.compute(call.node, call.function, *_filled(call.args, draw), **_filled(call.params, draw))
            return [np.shape(part) for part in (result if isinstance(result, tuple) else [result])]

        arrays = list(filter(_is_array, _flat([call.args, call.params])))
        return Trial(results, list(map(_shape, arrays)), attempt, _usual(call, arrays))

    def indexed(self, node, function, operand, key):
        keys = key if isinstance(key, tuple) else (key,)
        if isinstance(operand, Shape) and all(isinstance(k, _PLAIN_KEYS) for k in keys):
            return self.related(node, Indexed, operand, keys)
        return self.tried(_Call(node, "", _at_places, (function, operand, *keys), {}))

    def checked(self, node, check, *args):
        if check is arguments.index and isinstance(args[0], Shape):
            return args[0]
        return super().checked(node, check, *args)

    def stacked(self, node, items):
        if not any(isinstance(item, Shape) for item in items):
            return super().stacked(node, items)
        first, *others = map(_shape, items)
        for item, part in zip(others, node.items[1:], strict=True):
            self.relations.append((part, Same(first, item)))
        return self.related(node, Joined, Shape((len(items),)), first)

    def derivative(self, node, nodes, scope):
        """D(expr, x, n) has the axes of x after those of the expression, once for each order."""
        x = _shape((yield self.visit(nodes["x"], scope)))
        result = _shape((yield self.operand(nodes["expr"], scope, "D")))
        order = (yield self.visit(nodes["n"], scope)) if "n" in nodes else 1
        for _ in range(self.checked(node, arguments.order, order)):
            result = self.related(node, Derived, result, x)
        return result


def _flat(value):
    """The leaves of nested lists, tuples and dicts."""
    if isinstance(value, dict):
        value = list(value.values())
    return chain.from_iterable(map(_flat, value)) if isinstance(value, (list, tuple)) else [value]


def _filled(value, draw):
    """Arguments with arrays in the place of Shapes."""
    if isinstance(value, dict):
        return {name: _filled(part, draw) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(part, draw) for part in value)
    return generic(value.numbers, draw) if isinstance(value, Shape) else value


def _shape(value):
    return value if isinstance(value, Shape) else Shape(np.shape(value))


def _at_places(getitem, operand, *keys):
    """What stands at places that are not known: they are as good as the first."""
    places = [np.zeros(np.shape(k), int) if hasattr(k, "shape") else k for k in keys]
    return getitem(np.zeros(np.shape(operand)), tuple(places))


def _is_array(value):
    return isinstance(value, Shape) or hasattr(value, "shape")


def _operation(node):
    """An operator, or the name under which the catalogue has a function."""
    return lookup(node.name).name if type(node) is Call else getattr(node, "op", "")


def _einsum(subscripts):
    """`ij,jk->ik` as a signature. Without an arrow, letters that stand once are left, in alphabetical order."""
    given, arrow, left = subscripts.replace(" ", "").partition("->")
    if not arrow:
        left = "".join(sorted(c for c in set(given) if c.isalpha() and given.count(c) == 1))
    parts = [",".join(part) for part in given.split(",")]
    return (f"({'),('.join(parts)})->({','.join(left)})",)


def _reshape(*sizes):
    """The signature of reshape: a number in a signature is itself."""
    return (f"({prod(sizes)})->({','.join(map(str, sizes))})",)


def _usual(call, arrays):
    """The sizes that arrays have in the catalogue's sample, else those of vectors of one length."""
    samples = lookup(call.name).sample if lookup(call.name) else ()
    pairs = [(a, text) for a, text in zip(call.args, samples, strict=False) if _is_array(a) and text]
    usual = {id(a): np.shape(read_value(text, float)) for a, text in pairs}
    return [usual.get(id(array), (2,)) for array in arrays]
