"""What a ufunc does beyond a plain call: its keywords (out, where, dtype, ...) and its methods (reduce, at, ...).

All of it is said in calls that have rules, so that nothing here needs a derivative.
"""

import operator
from functools import cache, partial

import numpy as np

from ..errors import NotDifferentiable
from . import rules
from .creation import asarray
from .folds import METHODS
from .mutation import plain_destination, update
from .recording import modes
from .rulebook.indexing import ARRAY, scatter
from .tensor import Tensor, dispatch, plain

_NUMBERS = (int, float, complex)  # Python's own have no dtype, but take that of what they meet


def call(ufunc, method, inputs, kwargs):
    """Any call of a ufunc that has a Tensor among its arguments, as NumPy hands it over (`__array_ufunc__`).

    out      a Tensor is updated in place, with its derivative; a plain array is written where there is none to lose
    where    entries that are not chosen are those of `out`, and 0 without it (NumPy leaves what was in memory)
    dtype    operands are cast to the types in which NumPy computes; `casting` and `signature` are as there

    `order` and `subok` change nothing. Raises NumPy's TypeError for a cast that is not allowed, NotDifferentiable for
    what has no rule and for a derivative that would be written into a plain array.
    """
    if method == "__call__":
        return _called(ufunc, inputs, **kwargs) if kwargs else dispatch(ufunc, inputs, {})
    if method in ("outer", "at"):
        return (_outer if method == "outer" else _at)(ufunc, *inputs, **kwargs)
    return _along_axis(ufunc, method, inputs, **kwargs)


def call_function(function, args, kwargs):
    """Any call of a NumPy function that has a Tensor among its arguments, its answer written into `out` if given."""
    if len(args) < 3 and "out" not in kwargs:
        return dispatch(function, args, kwargs)
    out, args, kwargs = _without_out(function, args, kwargs)
    answer = dispatch(function, args, kwargs)
    return answer if out is None else into(out, answer)


# --- out


def into(out, answer, casting="same_kind"):
    """`out`, in which the answer now stands; both have one shape."""
    if np.shape(out) != np.shape(answer):
        raise ValueError(f"out has shape {np.shape(out)}, but the answer {np.shape(answer)}")
    if not np.can_cast(np.result_type(answer), out.dtype, casting):
        raise TypeError(f"cannot cast from {np.result_type(answer)} to {out.dtype} by the rule {casting!r}")
    answer = asarray(answer, out.dtype)
    if isinstance(out, Tensor):
        return update(out, answer)
    if _moves(answer):
        raise plain_destination("out=")
    out[...] = plain(answer)
    return out


def _moves(x):
    return isinstance(x, Tensor) and x.line is not None and modes.grad


def _without_out(function, args, kwargs):
    """(out, args, kwargs) of a call, which may have `out` by position."""
    place = _place_of_out(function)
    if place is None or len(args) <= place:
        return kwargs.get("out"), args, {k: v for k, v in kwargs.items() if k != "out"}
    names = _parameters(function)[place + 1 :]
    before = args[:place]
    while before[-1] is None:  # which only holds its place
        before = before[:-1]
    return args[place], before, dict(zip(names, args[place + 1 :], strict=False)) | kwargs


# Functions written in C, whose signatures NumPy tells since 2.4.
_IN_C = {np.dot: ("a", "b", "out"), np.concatenate: ("arrays", "axis", "out", "dtype", "casting")}


@cache
def _parameters(function):
    """The names of what can be given by position."""
    from inspect import signature  # a slow import, and seldom needed

    try:
        parameters = signature(function).parameters.values()
    except ValueError:
        return _IN_C.get(function, ())
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


@cache
def _place_of_out(function):
    return _parameters(function).index("out") if "out" in _parameters(function) else None


# --- calls with keywords


def _called(ufunc, inputs, out=(), where=True, dtype=None, signature=None, casting="same_kind", **others):
    others = {k: v for k, v in others.items() if k not in ("order", "subok")}
    outs = out or (None,) * ufunc.nout
    types = signature or (None if dtype is None else (None,) * ufunc.nin + (np.dtype(dtype),) * ufunc.nout)
    if types or out or casting != "same_kind":
        resolved = _resolved(ufunc, (*inputs, *outs), types, casting)
        inputs = [asarray(x, t) for x, t in zip(inputs, resolved, strict=False)] if types else inputs
    with np.errstate(**({} if where is True else {"all": "ignore"})):  # what is not chosen shall not be heard of
        answers = dispatch(ufunc, inputs, others)
    delivered = partial(_delivered, where=where, casting=casting)
    if ufunc.nout == 1:
        return delivered(answers, outs[0])
    return tuple(map(delivered, answers, outs))


def _resolved(ufunc, values, types, casting):
    """The types of all operands and results; NumPy's own TypeError where they cannot be had."""
    given = [None if x is None else type(x) if type(x) in _NUMBERS else asarray(x).dtype for x in values]
    return ufunc.resolve_dtypes(tuple(given), casting=casting, **({} if types is None else {"signature": types}))


def _delivered(answer, out, where, casting):
    """One result, where it is wanted, in its place."""
    if where is not True:
        where = where if hasattr(where, "dtype") else np.asarray(where, bool)
        if where.dtype != bool:
            raise TypeError(f"`where` has to be made of truth values, not of {where.dtype}")
        answer = np.where(where, answer, np.zeros((), answer.dtype) if out is None else out)
    if out is None:
        return answer
    return into(out, np.broadcast_to(answer, np.shape(out)), casting)


# --- along an axis


def _along_axis(ufunc, method, inputs, out=(None,), **kwargs):
    """A method that goes along an axis; by NumPy itself where no derivative flows."""
    (out,) = out
    if _is_still(ufunc, (*inputs, *kwargs.values()), out):
        place = {} if out is None else {"out": np.array(plain(out))}
        answer = getattr(ufunc, method)(*map(plain, inputs), **{k: plain(v) for k, v in kwargs.items()}, **place)
        answer = answer if rules.find(ufunc).kind == "constant" else Tensor(answer)
    else:
        if out is not None and kwargs.get("dtype") is None:
            kwargs["dtype"] = out.dtype  # in which NumPy then computes
        answer = METHODS[method](ufunc, *inputs, **kwargs)
    return answer if out is None else into(out, answer)


def _is_still(ufunc, values, out):
    """Whether no derivative flows, and nothing that a program has to compute again."""
    if modes.recording is None and (rules.find(ufunc).kind == "constant" or (out is not None and not _is_inexact(out))):
        return True
    return not any(map(_moves, values))


def _is_inexact(x):
    return x.dtype.kind in "fc"


# --- outer


def _outer(ufunc, a, b, **kwargs):
    """ufunc of each entry of a and each of b; shape a.shape + b.shape."""
    if ufunc.outer in rules.RULES and not kwargs:
        return dispatch(ufunc.outer, (a, b), {})
    a, b = asarray(a), asarray(b)
    return call(ufunc, "__call__", (np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b), kwargs)


# --- at


def _at(ufunc, a, indices, *b):
    """a[indices] = ufunc(a[indices], b), in place and for one index after the other: what comes twice acts twice."""
    if not _is_inexact(a) or not any(map(_moves, (a, *b))):
        written = np.array(plain(a))
        ufunc.at(written, plain(indices), *map(plain, b))
        into(a, written)
        return
    if not isinstance(a, Tensor):
        raise plain_destination(f"{ufunc.__name__}.at")
    places = dispatch(operator.getitem, (Tensor(np.arange(a.size).reshape(a.shape)), indices), {})
    b = [np.ravel(np.broadcast_to(asarray(each), np.shape(places))) for each in b]
    written = (_piled if ufunc in (np.add, np.subtract) else _one_by_one)(ufunc, np.ravel(a), np.ravel(places), *b)
    update(a, np.reshape(written, a.shape))


def _piled(ufunc, a, places, b):
    """Sums and differences: what is added at one place can be added up before."""
    return ufunc(a, scatter(b, places, key=(ARRAY,), shape=np.shape(a)))


def _one_by_one(ufunc, a, places, *b):
    if _moves(places):
        help = "use np.add.at, or an index that does not depend on values"
        raise NotDifferentiable("leak", f"{ufunc.__name__}.at has an index that a program computes", help=help)
    a = np.copy(a)
    for entries in _rounds(plain(places)):
        chosen = plain(places)[entries]
        a[chosen] = ufunc(a[chosen], *(each[entries] for each in b))
    return a


def _rounds(places):
    """Groups of entries: in none of them a place comes twice, and each is later than those before at its places."""
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    is_first = np.concatenate([np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]])
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(ordered)), 0))
    turn = np.arange(len(ordered)) - start
    return [order[turn == k] for k in range(turn.max(initial=-1) + 1)]


Tensor._call_ufunc = staticmethod(call)
Tensor._call_function = staticmethod(call_function)
