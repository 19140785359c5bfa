"""The words in which a derivative is said, and the table of what was said.

A rule is registered against NumPy's own function with one of four words:

    elementwise   the partial derivatives, in the answer `y` and the operands
    linear        the transposes: from the cotangent `g` of the answer to that of an operand
    bilinear      the same, for a function that is linear in each operand while the others stand still
    general       the vjp: from `g` and `y` to the cotangents of all operands at once

and everything else (reverse, forward, higher orders, batches, Taylor series) is derived from it.
`constant` functions have derivative zero almost everywhere, a `question` (shape, ndim) is answered
and never recorded, a `composed` function is said in others (vstack, diff), and `refuse` names the
reason and the way out. A function that is in no list raises: there is no silent zero.

A derivative function also says how the call is written, in NumPy's own order: its parameters
without a default are the arrays ("operands") of the call, those with a default are structure:

    linear(np.sum, lambda g, x, axis=None, *, keepdims=False: ...)

An operand that may be missing has the default `...`. Marks that any rule can carry:

    sequence   "list" or "args": the function takes a list of arrays, or any number of them; its one derivative is
               written f(i, g, *operands, ...). "indices": after its arrays come any number of indices, which
               stand still
    chooses    where its partial (or transpose) is zero nothing passes, not even 0 * inf
    poles      a partial can be infinite or nan at finite operands, or after an overflow; a general rule has poles
               unless it says poles=False
    signed     the transpose has coefficients of both signs
    reach      of a general rule: reach(g, y, *operands, **params), written like the vjp, is not 0
               where anything of g can get (without it: everywhere, or with `chooses` where the vjp is not 0)
    kink       (predicate(y, *operands, **params), what is answered there, in words). The predicate calls NumPy on what
               it is given, as a partial does: it is asked at one point, and becomes lines of a program for many
"""

import sys
from importlib import import_module
from inspect import CO_VARKEYWORDS

import numpy as np

from ..errors import NotDifferentiable

RULES = {}

# Packages whose functions have rules of their own in a module that is loaded when one of them is first met.
EXTRAS = {}

# Functions that have no derivative at places where what is made of them has one (see simplify.py), and which values
# such places may have: a root or a length that is 0, and any eigenvalues.
DELICATE = dict.fromkeys((np.sqrt, np.absolute, np.linalg.norm), lambda value: not value.all())
DELICATE |= dict.fromkeys((np.linalg.eigh, np.linalg.eigvalsh, np.linalg.svd, np.linalg.svdvals), lambda value: True)

# Shared by all calls that have none; params are never changed.
NO_PARAMS = {}

# How many parameters of a derivative function come before the operands: y; g; g; g and y.
_LEADING = {"elementwise": 1, "linear": 1, "bilinear": 1, "general": 2}


class Rule:
    """One function, its kind, and its derivative."""

    __slots__ = ("arity", "call", "chooses", "derivatives", "evaluate", "fragile", "function", "kind", "kink", "name",
                 "poles", "quick", "reach", "reason", "recorded", "signature", "signed", "simple", "still",
                 "wider")  # fmt: skip

    def __init__(self, function, kind, derivatives=(), signature=None, *, evaluate=None, reason="",
                 chooses=False, poles=None, signed=False, reach=None, kink=None):  # fmt: skip
        self.function = function
        self.kind = kind
        self.derivatives = derivatives
        self.signature = signature
        self.evaluate = evaluate or raw(function)
        self.call = evaluate or function  # what takes Tensors as well
        self.reason = reason
        self.chooses = chooses
        self.poles = poles
        self.signed = signed
        self.reach = reach or (derivatives[0] if chooses and kind == "general" else None)
        self.kink = kink
        self.name = kind if function is None else getattr(function, "__name__", str(function))
        # What is asked for every line is looked up, not computed.
        self.recorded = kind in _LEADING
        self.wider = None  # what says a call that this rule cannot
        self.arity = len(signature.operands) if signature and not signature.sequence else None
        self.simple = kind == "elementwise" and not chooses
        self.quick = self.simple and function not in DELICATE
        self.fragile = kind == "general" if poles is None else poles
        self.still = kind == "constant" or None in derivatives or bool(signature and signature.sequence == "indices")

    def __repr__(self):
        return f"<{self.kind} rule of {self.name}>"

    def derivative(self, position):
        """The derivative with respect to one operand; None where it has none (an index, a condition)."""
        if self.signature.sequence in ("list", "args"):
            each = self.derivatives[0]
            return lambda *args, **params: each(position, *args, **params)
        return self.derivatives[position]

    def passes(self, position):
        """Whether a derivative flows through this operand."""
        if self.kind == "constant":
            return False
        if self.signature and self.signature.sequence == "indices":
            return position < len(self.derivatives)
        return len(self.derivatives) <= position or self.derivatives[position] is not None

    def knows(self, args, kwargs):
        """Whether a call can be bound: no more than what the derivative is written for."""
        positional, defaults = self.signature.positional, self.signature.defaults
        return len(args) <= len(positional) and all([k in defaults or k in positional for k in kwargs])

    def bind(self, args, kwargs):
        """(operands, params) of a call: one result for all its spellings."""
        if not kwargs and len(args) == self.arity:
            return args, NO_PARAMS
        return self.signature.bind(self.name, args, kwargs)


class Signature:
    """How a call is split into operands and params, read off the parameters of a derivative function."""

    __slots__ = ("defaults", "operands", "positional", "required", "sequence")

    def __init__(self, example, leading, sequence=False):
        code = example.__code__
        values = example.__defaults__ or ()
        count = code.co_argcount
        self.positional = code.co_varnames[leading + (sequence in ("list", "args")) : count]
        optional = values.count(...)
        split = len(self.positional) - len(values) + optional
        self.operands = self.positional[:split]
        self.required = self.positional[: split - optional]
        defaults = zip(self.positional[split:], values[optional:], strict=True)
        self.defaults = dict(defaults, **example.__kwdefaults__ or {})
        self.sequence = sequence

    def bind(self, name, args, kwargs):
        if self.sequence:
            # concatenate([a, b], 0) or broadcast_arrays(a, b): one list, or all that is positional
            listed = self.sequence == "list"
            operands, rest = (tuple(args[0]), args[1:]) if listed else (args, ())
            return operands, self._params(name, self._named(name, tuple(self.defaults), rest, kwargs))
        given = self._named(name, self.positional, args, kwargs)
        missing = [operand for operand in self.required if operand not in given]
        if missing:
            raise NotDifferentiable("arguments", f"{name} needs the argument {missing[0]}")
        operands = tuple(given.pop(operand) for operand in self.operands if operand in given)
        return operands, self._params(name, given)

    def _named(self, name, names, args, kwargs):
        if len(args) > len(names):
            most = len(names) + bool(self.sequence)
            given = len(args) + bool(self.sequence)
            raise NotDifferentiable(
                "arguments", f"{name} takes at most {most} argument{'s' * (most != 1)}, not {given}"
            )
        named = dict(zip(names, args, strict=False))
        for key in kwargs:
            if key in named:
                raise NotDifferentiable("arguments", f"{name} is given {key} twice")
        return named | kwargs

    def _params(self, name, given):
        """The given structure, without what only repeats a default (out=None and the like included)."""
        _check_known(name, given, self.defaults)
        return {k: v for k, v in given.items() if k in self.defaults and v is not self.defaults[k]}


def _check_known(name, given, known):
    """Nothing is given that is not known, except as None (out=None and the like)."""
    for key, value in given.items():
        if key not in known and value is not None:
            help = f"it takes {', '.join(known)}" if known else "it takes no keywords"
            raise NotDifferentiable("unknown-keyword", f"{name} takes no {key}", help=help)


def raw(function):
    """What computes `function` on plain arrays: itself, unless it is a door of our own (see tensor.primitive)."""
    return getattr(function, "raw", function)


def elementwise(function, *partials, **marks):
    """`y = f(a, b, ...)` element by element: one partial(y, a, b, ...) for each operand.

        @ad.primitive
        def logistic(x):
            return 1 / (1 + np.exp(-x))

        ad.elementwise(logistic, lambda y, x: y * (1 - y))

    function   what NumPy dispatches, or made by ad.primitive; the same holds for the other words
    partials   None for an operand without a derivative. NumPy calls on what they are given, arrays or Tensors, so that
               everything else follows: forward mode, any order, batches, Taylor series. Broadcasting is undone for them
    """
    _declare("elementwise", function, partials, **marks)


def linear(function, *transposes, **marks):
    """Linear in its differentiable operands together: one transpose(g, a, b, ...) for each.

        ad.linear(total, lambda g, x: np.broadcast_to(g, np.shape(x)))

    A transpose takes a cotangent g, which has the shape of the answer, back to one of the operand's shape. Only shapes
    of the operands can be used, and the values of those whose own transpose is None.
    """
    _declare("linear", function, transposes, **marks)


def bilinear(function, *transposes, **marks):
    """Linear in each operand by itself: one transpose(g, a, b, ...) for each.

        ad.bilinear(inner, lambda g, a, b: g * b, lambda g, a, b: g * a)

    A transpose takes a cotangent back to the shape of its operand; the other operand stands still.
    """
    _declare("bilinear", function, transposes, **marks)


def general(function, vjp, *, why, **marks):
    """Everything else: vjp(g, y, a, b, ...) gives a cotangent for each operand (None where there is none).

        ad.general(total_power, lambda g, y, x, n=2: g * n * x ** (n - 1), why="not elementwise: it sums")

    Parameters with a default are structure, as everywhere. `why` says in a sentence why none of the simpler words fits,
    and where the formula is from.
    """
    _declare("general", function, (vjp,), reason=why, **marks)


def _declare(kind, function, derivatives, *, sequence=False, evaluate=None, **marks):
    example = next(d for d in derivatives if d is not None)
    signature = Signature(example, _LEADING[kind], sequence)
    if sequence == "list":
        compute = evaluate or raw(function)

        def evaluate(*operands, **params):
            return compute(operands, **params)

    RULES[function] = Rule(function, kind, derivatives, signature, evaluate=evaluate, **marks)


def constant(*functions):
    """Derivative zero almost everywhere: integers, comparisons, signs."""
    for function in functions:
        RULES[function] = Rule(function, "constant")


def question(*functions):
    """Asked about the form of an array, not its values: answered, never recorded."""
    for function in functions:
        RULES[function] = Rule(function, "question")


def composed(function, definition):
    """Said in other functions, which have rules: on Tensors the definition is called in its place.

    A parameter `out` of the definition holds its place in NumPy's order, and takes None.
    """
    RULES[function] = Rule(function, "composed", evaluate=_composition(function, definition))


def _composition(function, definition):
    """The definition, called with the keywords that it knows."""
    code, name = definition.__code__, function.__name__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    place = names.index("out") if "out" in names else sys.maxsize
    known = [n for n in names if n != "out"]
    if code.co_flags & CO_VARKEYWORDS:
        return definition

    def evaluate(*args, **kwargs):
        _check_known(name, kwargs, known)
        if len(args) > place:
            _check_known(name, {"out": args[place]}, known)
        return definition(*args, **{k: v for k, v in kwargs.items() if k in known})

    return evaluate


def widen(function, definition):
    """More keywords for a function that has a rule: a call that the rule cannot say is said by the definition."""
    RULES[function].wider = _composition(function, definition)


def refuse(function, reason, help=""):
    """Has no derivative here; says why and what to use instead."""
    RULES[function] = Rule(function, "refuse", (help,), reason=reason)


def find(function):
    """The rule of a function; raises NotDifferentiable where there is none."""
    rule = RULES.get(function) or _find_in_extras(function)
    if rule is None:
        name = getattr(function, "__name__", str(function))
        raise NotDifferentiable("no-rule", f"there is no derivative rule for {name}")
    if rule.kind == "refuse":
        raise NotDifferentiable("refused", f"{rule.name}: {rule.reason}", help=rule.derivatives[0])
    return rule


def _find_in_extras(function):
    """A function that has a rule only now may come from a package that was imported meanwhile."""
    for package, module in EXTRAS.items():
        if package in sys.modules:
            import_module(module)
    return RULES.get(function)
