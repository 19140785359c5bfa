"""A piece that is missing inside the claim, or stands there for another one, out of the target and its derivative."""

import numpy as np

from ...export.symbolic.spelling import NOWHERE
from ...export.symbolic.trees import binary, call, transposed, whole
from ...language.syntax import Binary, Call, Index, Name, Number, Unary, outline, walk
from .slips import Slip, is_binary, proposals
from .texts import tree_of

_NUMBERS = (2, 3)
_FUNCTIONS = ("exp", "log", "sqrt", "sum", "inv", "abs", "sign", "sigmoid", "tanh", "diag")
_TERM = "the term {} is missing, beside {}"
_REPLACED = {Name: "variable", Call: "function"}  # what of one kind stood for another of it
_LONG = 1000  # elements of a vector of which no diagonal matrix is made: it would have a million
_LONGEST = 60  # characters of a piece that is put in, as an outline


def find(case):
    """The shortest formula among those that are right: of factors first, then terms, functions, and other pieces."""
    if case.claim is None:
        return None
    bench, pieces = case.bench, _pieces(case)

    groups = (proposals(bench, (_halves, _reciprocals)), proposals(bench, (_factors,), pieces),
              proposals(bench, (_terms,), pieces), proposals(bench, (_functions,)),
              proposals(bench, (_replacements,), pieces))  # fmt: skip
    return next((cause for group in groups if (cause := case.mended(group)) is not None), None)


def _pieces(case):
    """Small numbers, and all pieces of the target, its derivative and the claim: (tree, value), each once."""
    trees = [getattr(case.target, "script", case.claim.script).result, case.claim.script.result]
    trees += [tree for tree in (case.truth and tree_of(case.truth),) if tree is not None]
    trees += [Name(name, NOWHERE) for name in case.points[0]]
    found = {outline(whole(n)): whole(n) for n in _NUMBERS}
    for node in (node for tree in trees for node in walk(tree)):
        if type(node) in (Name, Call, Binary, Index, Unary) and len(text := outline(node)) <= _LONGEST:
            found.setdefault(text, node)
    valued = ((tree, case.bench.piece(tree)) for tree in found.values())
    return [(tree, value) for tree, value in valued if getattr(value, "dtype", np.dtype(float)).kind == "f"]


def _halves(place, bench):
    """A matrix where its symmetric part should be."""
    if getattr(bench.values[place.node], "ndim", 0) == 2 and type(place.node) is Name:
        half = binary("/", binary("+", place.node, transposed(place.node)), whole(2))
        yield Slip("transpose", "a transpose is missing", (), half)


def _reciprocals(place, bench):
    node = place.node
    if type(node) in (Name, Call, Index) and not is_binary(place.parent, "^"):
        yield Slip("exponent", "{} should be 1/{}", (node, node), binary("/", whole(1), node))


def _factors(place, bench, pieces):
    node, value = place.node, bench.values[place.node]
    if is_binary(place.parent, "*/") or type(place.parent) is Unary:
        return
    for piece, factor in pieces:
        if _takes(value, factor):
            number = type(piece) is Number
            times = binary("*", piece, node) if number else binary("*", node, piece)
            kind, about = "factor" if number else "chain", (piece, node)
            yield Slip(kind, "the factor {} is missing, of {}", about, times, value=value * factor)
            over = binary("/", node, piece)
            yield Slip(kind, "the divisor {} is missing, of {}", about, over, value=np.divide(value, factor))


def _terms(place, bench, pieces):
    node, value = place.node, bench.values[place.node]
    if is_binary(place.parent, "+-"):
        return
    for piece, term in pieces:
        if _takes(value, term):
            words, about = "the term {} is missing, beside {}", (piece, node)
            yield Slip("term", words, about, binary("+", node, piece), value=value + term)
            yield Slip("term", words, about, binary("-", piece, node), value=term - value)
            yield Slip(
                "term", "the term -{} is missing, beside {}", about, binary("-", node, piece), value=value - term
            )


def _functions(place, bench):
    if type(place.node) is not Number:
        is_long = np.size(bench.values[place.node]) > _LONG
        for name in (name for name in _FUNCTIONS if not (is_long and name == "diag")):
            yield Slip("function", f"{name} is missing, of {{}}", (place.node,), call(name, place.node))


def _replacements(place, bench, pieces):
    """Another piece in the place of one, beside which something else of the formula has to be right."""
    if _stands_beside(place):
        for piece, value in pieces:
            if np.shape(value) == np.shape(bench.values[place.node]):
                kind = _REPLACED.get(type(piece), "piece") if type(piece) is type(place.node) else "piece"
                yield Slip(kind, "{} should be {}", (place.node, piece), piece, value=value)


def _stands_beside(place):
    """Whether a variable stands elsewhere in the formula."""
    own = sum(type(node) is Name for node in walk(place.node))
    return sum(type(node) is Name for node in walk(place.top)) > own


def _takes(value, other):
    """Whether an array keeps its shape beside another one."""
    if not isinstance(value, float) and getattr(getattr(value, "dtype", None), "kind", "") != "f":
        return False
    shape, beside = np.shape(value), np.shape(other)
    if shape == beside or beside == ():
        return True
    try:
        return np.broadcast_shapes(shape, beside) == shape
    except ValueError:
        return False
