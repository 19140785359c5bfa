"""What a function of the user's depends on beside its arguments: what its code names, and what that holds.

As long as all of this stays as it is, the function gives the same answer to the same arguments. Where it calls what
may answer otherwise each time, or reads what cannot be looked at, nothing is certain.
"""

import sys
from contextlib import suppress
from dis import get_instructions
from functools import _lru_cache_wrapper, partial
from re import Pattern
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

import numpy as np

from ..engine.creation import r_
from .failures import is_own
from .knowing_scipy import Normal

# Packages whose functions answer the same each time, if they do not belong to the modules after them.
_STEADY = frozenset((
    "abc", "autodiff_cli", "bisect", "builtins", "cmath", "collections", "contextlib", "copy", "dataclasses",
    "decimal", "enum", "fractions", "functools", "heapq", "itertools", "math", "numbers", "numpy", "operator", "re",
    "reprlib", "scipy", "statistics", "string", "types", "typing",
))  # fmt: skip
_UNSTEADY = ("numpy.random", "scipy.io", "scipy.datasets")
# Names at which certainty ends: they speak to the outside, reach for everything, draw random numbers, or, of a Tensor,
# are what is inside.
_UNSAFE = frozenset((
    "__import__", "attrgetter", "breakpoint", "compile", "eval", "exec", "getattr", "globals", "hash", "id", "input",
    "line", "locals", "open", "print", "rvs", "value", "vars",
))  # fmt: skip
# Instructions that write into a thing, and all that bring in a module or let something stay when a function is done.
_PUTTING = {"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"}
_LASTING = frozenset((
    "IMPORT_NAME", "STORE_GLOBAL", "DELETE_GLOBAL", "STORE_DEREF", "DELETE_DEREF", "STORE_ATTR", "DELETE_ATTR",
    *_PUTTING,
))  # fmt: skip
_MAKING = ("__init__", "__post_init__")  # methods that write into what is new
_WRITING = frozenset((
    "add", "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort",
    "update",
))  # fmt: skip
_PLAIN = (bool, int, float, complex, str, bytes, range, slice, Pattern, np.generic, np.dtype, type(None),
          type(Ellipsis), type(NotImplemented))  # fmt: skip
_FIXED = (BuiltinFunctionType, np.ufunc, type(np.sum), type(r_), Normal, type(str.join), type(object.__init__),
          type(int.real))  # fmt: skip


class Unsure(Exception):
    """It cannot be said whether a function depends on its arguments alone."""


def state(function, folder):
    """What a function depends on beside its arguments, to be compared with what it is later.

    folder  that of the user's code
    Raises Unsure.
    """
    return _Look(folder).at(function)


class _Look:
    """One look around: each thing is looked at once."""

    def __init__(self, folder):
        self.folder, self.met = str(folder), {}

    def at(self, thing):
        """All that could change about a thing, as nested tuples."""
        if isinstance(thing, _PLAIN):
            return type(thing), repr(thing)
        if id(thing) not in self.met:
            self.met[id(thing)] = len(self.met), thing  # which keeps its id its own
            return self._inside(thing)
        return self.met[id(thing)][0]

    def _inside(self, thing):
        for kinds, look in _LOOKS:
            if isinstance(thing, kinds):
                return look(self, thing)
        if not self._is_own(type(thing)) or isinstance(thing, np.ndarray):
            raise Unsure
        if _holds(getattr(thing, "__dict__", {}).values()):
            for method in vars(type(thing)).values():
                _check_writing(getattr(method, "__code__", None))
        return self.at(type(thing)), self._held(thing)

    def _is_own(self, thing):
        """Whether a function, class or module is the user's."""
        if isinstance(thing, FunctionType):
            file = thing.__code__.co_filename
            return file.startswith("<") or is_own(file, self.folder)
        name = thing.__name__ if isinstance(thing, ModuleType) else thing.__module__
        file = getattr(sys.modules.get(name), "__file__", None)
        return name == "__main__" or (file is not None and is_own(file, self.folder))

    def _held(self, thing):
        """The attributes of an object."""
        if any(getattr(kind, "__slots__", ()) for kind in type(thing).__mro__):
            raise Unsure
        return tuple((name, self.at(value)) for name, value in getattr(thing, "__dict__", {}).items())

    def _code(self, code, names, held=()):
        """What a piece of code names; `names` are those of its module, and it has what is `held` beside them."""
        steps = _steps(code)
        imported = {name: sys.modules.get(name) for step, name in steps if step == "IMPORT_NAME"}
        if not _UNSAFE.isdisjoint(code.co_names) or None in imported.values() or _sets(code, steps):
            raise Unsure
        seen = {name: names[name] for name in code.co_names if name in names} | imported
        if _holds(seen.values()) or _holds(held):
            _check_writing(code)
        found = [(name, self._named(thing, code)) for name, thing in seen.items()]
        return found + [self._code(inner, names, held) for inner in code.co_consts if isinstance(inner, CodeType)]

    def _named(self, thing, code):
        """What a name of a piece of code stands for: of a module, that which the code may take from it."""
        if not isinstance(thing, ModuleType):
            return self.at(thing)
        if self._is_own(thing):
            held = vars(thing)
            return [(name, self._named(held[name], code)) for name in code.co_names if name in held]
        inner = (sys.modules.get(f"{thing.__name__}.{name}") for name in code.co_names)
        return [_steady(module.__name__) for module in (thing, *inner) if module is not None]

    def _function(self, function):
        """A function: what its code names, its defaults, and the variables around it."""
        defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
        held = defaults + [content for cell in function.__closure__ or () for content in _contents(cell)]
        names = function.__globals__
        own = self._code(function.__code__, names, held) if self._is_own(function) else _steady(names["__name__"])
        return own, list(map(self.at, held)), self._held(function)

    def _class(self, kind):
        if not self._is_own(kind):
            return _steady(kind.__module__)
        held = {name: v for name, v in vars(kind).items() if isinstance(v, FunctionType) or not name.startswith("__")}
        return [(name, self.at(value)) for name, value in held.items()], *map(self.at, kind.__bases__)

    def _builtin(self, function):
        """A function of C, or a method of it, bound to what it may change."""
        owner = getattr(function, "__self__", None)
        if owner is not None and not isinstance(owner, ModuleType):
            return self.at(owner)
        return _steady(getattr(function, "__module__", None) or "builtins")

    def _array(self, array):
        if type(array) is not np.ndarray or array.dtype.hasobject:
            raise Unsure
        return array.shape, array.dtype.str, hash(array.tobytes())

    def _things(self, things):
        inside = [thing for pair in things.items() for thing in pair] if isinstance(things, dict) else things
        return type(things).__name__, tuple(map(self.at, inside)), self._held(things)


def _steady(name):
    """The name of a module that answers the same each time."""
    if name.partition(".")[0] not in _STEADY or name.startswith(_UNSTEADY):
        raise Unsure
    return name


def _steps(code):
    """The instructions of a piece of code that can let something stay when it is done."""
    return [(step.opname, step.argval) for step in get_instructions(code) if step.opname in _LASTING]


def _sets(code, steps):
    """Whether code sets variables that are not its own, or attributes of what it did not make."""
    outside = [step for step, name in steps if "GLOBAL" in step or ("DEREF" in step and name in code.co_freevars)]
    return bool(outside) or (code.co_name not in _MAKING and any("ATTR" in step for step, _ in steps))


def _holds(things):
    """Whether things can be written into one of these."""
    return any(isinstance(thing, (list, dict, set)) for thing in things)


def _check_writing(code):
    """Raise Unsure where code may now and then write into what stays when it is done."""
    if code and not (_WRITING.isdisjoint(code.co_names) and _PUTTING.isdisjoint(step for step, _ in _steps(code))):
        raise Unsure


def _contents(cell):
    """What a variable of an outer function holds: nothing, as long as it has no value."""
    with suppress(ValueError):
        yield cell.cell_contents


_LOOKS = (
    (_FIXED, _Look._builtin),
    (np.ndarray, _Look._array),
    ((tuple, list, dict, set, frozenset), _Look._things),
    (FunctionType, _Look._function),
    (type, _Look._class),
    (ModuleType, lambda look, module: _steady(module.__name__)),
    (MethodType, lambda look, method: (look.at(method.__func__), look.at(method.__self__))),
    (partial, lambda look, call: look.at((call.func, call.args, call.keywords))),
    (_lru_cache_wrapper, lambda look, function: look.at(function.__wrapped__)),
    ((staticmethod, classmethod), lambda look, method: look.at(method.__func__)),
    (property, lambda look, asked: look.at((asked.fget, asked.fset))),
)
