"""What files of Python have in common, be it NumPy, JAX or PyTorch."""

import keyword
import re
import textwrap
import unicodedata

import numpy as np

from ..engine.rulebook.indexing import index
from ..errors import AdiffError
from .exported import is_view, unwritable
from .helpers import Helpers, NotPlain
from .statements import ATOM, COMPARISON, POWER, PRODUCT, SIGN, SUM, Form, Names, Piece, Writer, infix

_WRAPPED = {"width": 100, "initial_indent": "    ", "subsequent_indent": "    ", "break_on_hyphens": False}
_FEW = 8  # numbers of an array that is written where it is used
_MOST = 10_000  # numbers that are written at all
_COMPARISONS = {np.less: "<", np.less_equal: "<=", np.greater: ">", np.greater_equal: ">=", np.equal: "==",
                np.not_equal: "!="}  # fmt: skip
OPERATORS = {np.add: infix("+", SUM), np.subtract: infix("-", SUM), np.multiply: infix("*", PRODUCT),
             np.true_divide: infix("/", PRODUCT), np.matmul: infix("@", PRODUCT),
             np.negative: Form("-{}", SIGN, (SIGN,))}  # fmt: skip
OPERATORS |= {f: Form(f"{{}} {sign} {{}}", COMPARISON, (SUM, SUM)) for f, sign in _COMPARISONS.items()}
POWERS = Form("{}**{}", POWER, (ATOM, SIGN))


def indexed(writer, line):
    """x[1:3, None]"""
    return Piece(f"{writer.text(line.operands[0], ATOM)}[{key_text(writer, line.params['key'], line.operands[1:])}]")


def part(writer, line):
    """One of several results."""
    return Piece(f"{writer.text(line.operands[0], ATOM)}[{line.params['index']}]")


def taken(text):
    """A function that the target has a text of its own for."""

    def row(writer, line):
        writer.helpers.texts[line.rule.name] = text
        return writer.called(line.rule.name, line)

    return row


def key_text(writer, key, arrays):
    """What stands in the brackets of x[key]; index arrays are operands."""
    arrays = iter(arrays)
    return ", ".join(_entry(writer.text(next(arrays)) if entry == "array" else entry) for entry in key) or "()"


def _entry(entry):
    if isinstance(entry, slice):
        bounds = ["" if k is None else str(k) for k in (entry.start, entry.stop, entry.step)]
        return ":".join(bounds[:2] if entry.step is None else bounds)
    return "..." if entry is Ellipsis else str(entry)


def raised(writer, x, exponent):
    """x**3, also for what is a float here."""
    return POWERS.of([writer.piece(x), writer.number(int(exponent) if exponent.is_integer() else exponent)])


def shape_text(shape):
    """What np.zeros and the like take."""
    return str(shape[0] if len(shape) == 1 else shape)


class PythonWriter(Writer):
    """Writes a module with one function, value_and_grad. A target gives beside what every one does:

    library    the module's name, as it is called in the text
    imports    statements
    modules    statements that import what functions of adiff's own may need (see helpers.py)
    array      array(name, dtype): an expression that makes an array of an argument
    copy       a template of an array of its own
    prologue   lines above the function
    """

    library = ""
    imports = ()
    modules = {}
    copy = "{}"
    prologue = ()
    rows = OPERATORS | {index: indexed, None: part}

    def __init__(self, exported):
        taken = {self.library, "special", *(line.rule.name for line in exported.program.lines)}
        super().__init__(exported, Names(_identifier, taken))
        self.constants = {}
        self.helpers = Helpers(self.library, self.modules)

    def module(self):
        """The whole text."""
        self.run()
        returned = self.returned()
        target = type(self).__module__.rpartition(".")[2]
        head = [f'"""Value and gradient of an expression, written by adiff export --to {target}."""']
        imports = sorted({*self.imports, *self.helpers.imports}, key=lambda s: (s.startswith("from"), s))
        above = [text.rstrip("\n") for text in self.helpers.texts.values()]
        constants = [f"{name} = {text}" for text, name in self.constants.items()]
        blocks = [[*imports, *([""] if self.prologue or constants else []), *self.prologue, *constants]]
        arguments = ", ".join(self.text(line) for line in self.program.inputs)
        body = [*self.docstring(), *self.arrays(), *self.statements, returned]
        function = [*self.decorators(), f"def value_and_grad({arguments}):", *(f"    {s}".rstrip() for s in body)]
        blocks += [[text] for text in above] + [function]
        return "\n".join(head) + "\n\n" + "\n\n\n".join("\n".join(block) for block in blocks) + "\n"

    def decorators(self):
        return []

    def docstring(self):
        source = self.exported.source.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        yield '"""(value, gradient) of'
        yield ""
        yield from textwrap.indent(source, "    ").splitlines()
        yield ""
        width = max(map(len, self.exported.forms), default=0)
        for name, (shape, _) in self.exported.forms.items():
            yield f"{name:{width}}  {_told(shape)}"
        yield ""
        yield f"The gradient is a dict: the derivative by each of {', '.join(self.exported.wrt)}."
        yield '"""'

    def arrays(self):
        """Arguments as arrays, which are checked: what is written here holds for these shapes only."""
        forms = self.exported.forms
        names = [self.text(line) for line in self.program.inputs]
        for name, (_, dtype) in zip(names, forms.values(), strict=True):
            yield f"{name} = {self.array(name, dtype)}"
        shapes = ", ".join(f"{name}.shape" for name in names)
        wanted = ", ".join(str(shape) for shape, _ in forms.values())
        told = ", ".join(f"{n} {_told(shape)}" if shape else f"a number {n}" for n, (shape, _) in forms.items())
        if names:
            yield f"if {shapes} != {wanted}:" if len(names) == 1 else f"if ({shapes}) != ({wanted}):"
            yield f'    raise ValueError("this was written for {told}")'

    def returned(self):
        value, *gradient = map(self.output, self.program.outputs)
        items = ", ".join(f'"{name}": {text}' for name, text in zip(self.exported.wrt, gradient, strict=True))
        return f"return {value}, {{{items}}}"

    def output(self, output):
        """An output as an array of its own."""
        text = self.text(output)
        return self.copy.format(text) if text.isidentifier() and is_view(output, self.program) else text

    def default(self, line):
        """A call of the library's function of the same name, or of one that is taken along."""
        name = self.function(line.rule.function)
        if name is None:
            try:
                name = self.helpers.add(line.rule.function)
            except NotPlain:
                raise self.unwritable(line) from None
        return self.called(name, line)

    def called(self, name, line):
        operands = [self.text(o) for o in line.operands]
        if line.rule.signature is not None and line.rule.signature.sequence == "list":
            operands = [f"[{', '.join(operands)}]"]
        keywords = [f"{key}={self.param(value)}" for key, value in line.params.items()]
        return Piece(f"{name}({', '.join([*operands, *keywords])})")

    def param(self, value):
        if isinstance(value, (np.ndarray, np.generic, float)):
            return self.constant(value).text
        if isinstance(value, (np.dtype, type)):
            return f"{self.library}.{np.dtype(value).name}"
        if isinstance(value, (tuple, range)):
            return f"({', '.join(map(self.param, value))}{',' * (len(value) == 1)})"
        if isinstance(value, list):
            return f"[{', '.join(map(self.param, value))}]"
        if not isinstance(value, (str, int, type(None))):
            raise unwritable(f"{type(value).__name__} as an argument", f"in {self.language}")
        return f'"{value}"' if isinstance(value, str) and value.isidentifier() else repr(value)

    # --- constants

    def constant(self, value):
        if not isinstance(value, np.ndarray):
            return self.number(value)
        if value.ndim == 0:
            return self.number(value[()])
        text = self.filled(value)
        if text:
            return Piece(text)
        if value.size > _MOST:
            message = f"an array of {value.size} numbers is too long for a file of {self.language}"
            raise AdiffError("export", message, help="make it a variable: --name VALUE")
        numbers = re.sub(r"\b(nan|inf)\b", rf"{self.library}.\1", repr(value.tolist()))
        if value.size <= _FEW:
            return Piece(self.listed(value, numbers))
        text = self.listed(value, f"\n{textwrap.fill(numbers, **_WRAPPED)}\n")
        if text not in self.constants:
            self.constants[text] = self.names.new("C")
        return Piece(self.constants[text])

    def number(self, value):
        value = value.item() if isinstance(value, np.generic) else value
        if isinstance(value, float) and not np.isfinite(value):
            text = f"{self.library}.{'nan' if np.isnan(value) else 'inf'}"
        else:
            text = repr(abs(value) if type(value) in (int, float) else value)
        negative = type(value) in (int, float) and np.copysign(1.0, value) < 0
        return Piece(f"-{text}", SIGN) if negative else Piece(text)

    def filled(self, value):
        """An array that is told in a word; None for others."""
        if value.dtype != np.float64:
            return None
        if not value.size:  # of which a list would lose axes
            return self.made("zeros", shape_text(value.shape))
        rows, columns, first = len(value), value.shape[-1], value.flat[0]
        if value.ndim == 2 and value.size > 1 and np.array_equal(value, np.eye(rows, columns)):
            return self.made("eye", str(rows) if rows == columns else f"{rows}, {columns}")
        if not np.all(value == first) or np.signbit(value).any() != np.signbit(first):
            return None
        if first in (0, 1) and not np.signbit(first):
            return self.made("ones" if first else "zeros", shape_text(value.shape))
        return self.made("full", f"{value.shape}, {self.number(first).text}")

    def made(self, function, arguments):
        return f"{self.library}.{function}({arguments})"


def _told(shape):
    return f"of shape {shape}" if shape else "a number"


def _identifier(name):
    """A name that Python reads as it is, and does not use itself."""
    name = unicodedata.normalize("NFKC", name)
    return f"{name}_" if keyword.iskeyword(name) else name
