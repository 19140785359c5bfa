"""Functions of adiff's own, taken along: the source of one, and of all that it calls.

They are plain NumPy with one sentence about what they do, as whoever reads the written file would like to have them;
and a copy gives the same bits.
"""

import dis
import inspect
import re
from types import CodeType, FunctionType, ModuleType

from ..engine.rules import raw

# What the engine calls a module by whose name.
_ALIASES = {"numpy": "np", "math": "math", "scipy.special": "special"}
_CONSTANTS = (int, float, tuple, list, str)


class NotPlain(Exception):
    """A function that cannot be taken along, for what its code needs."""


class Helpers:
    """The texts of what is taken along by name, each after what it needs; and the imports of them all.

    library   what NumPy is called, or the library that takes its place under its names
    modules   {module: statement that imports it}, of those that may be needed
    """

    def __init__(self, library, modules):
        self.library, self.modules = library, modules
        self.taken = {}
        self.texts = {}
        self.imports = set()

    def add(self, function):
        """Take a function along; its name. Raises NotPlain where it is not plain NumPy."""
        function = inspect.unwrap(raw(function))
        name = getattr(function, "__name__", "")
        if not isinstance(function, FunctionType) or function.__closure__ or not name.isidentifier():
            raise NotPlain
        if self.taken.setdefault(name, function) is not function:
            raise NotPlain  # another one of that name
        if name not in self.texts:
            self.texts[name] = ""  # it may call itself
            for used in sorted(_globals(function.__code__) & function.__globals__.keys()):
                self.need(used, function.__globals__[used])
            del self.texts[name]
            self.texts[name] = self.source(function)
        return name

    def need(self, name, value):
        """What the code of a function finds under a name outside of it."""
        if isinstance(value, ModuleType):
            plain = _ALIASES.get(value.__name__) == name and value.__name__ in self.modules
            self.imports.add(self.modules.get(value.__name__))
        elif isinstance(value, _CONSTANTS):
            self.texts[name] = f"{name} = {value!r}\n"
            plain = self.taken.setdefault(name, value) is value
        else:
            plain = not isinstance(value, type) and self.add(value) == name
        if not plain:
            raise NotPlain

    def source(self, function):
        try:
            text = inspect.getsource(function).removeprefix("@primitive\n")
        except OSError:  # there is no source file, as in some bundles
            raise NotPlain from None
        if text.startswith("@cache\n"):
            self.imports.add("from functools import cache")
        if "np.polynomial" in text:
            self.imports.add("import numpy as np")  # for numbers that do not depend on anything
        return re.sub(r"\bnp\.(?!polynomial)", f"{self.library}.", text)


def _globals(code):
    """The names that code, with the functions inside of it, looks up outside."""
    found = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return found.union(*(_globals(constant) for constant in code.co_consts if isinstance(constant, CodeType)))
