"""C99: one function of numbers, its value returned and its gradient written to an array. Needs libm alone."""

import unicodedata

import numpy as np

from ..engine import nn
from ..engine.rulebook import arithmetic, choices, exponential, shapes, trigonometry
from ..errors import AdiffError
from .statements import (
    ATOM,
    BOTH,
    CHOICE,
    COMPARISON,
    EITHER,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Form,
    Names,
    Piece,
    Writer,
    infix,
)

_KEYWORDS = """auto break case char const continue default do double else enum extern float for goto if inline int long
    register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while"""
# math.h's functions by NumPy's names of them.
_SAME = """exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan sinh cosh tanh hypot floor ceil rint trunc fmod
    fmax fmin copysign isnan isfinite isinf erf erfc"""
_MATH = {name: name for name in _SAME.split()}
_MATH |= {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
          "arccosh": "acosh", "arctanh": "atanh", "absolute": "fabs", "power": "pow", "gamma": "tgamma",
          "gammaln": "lgamma", "float_power": "pow"}  # fmt: skip
# What C lacks, taken along where it is used: parameters, and what is returned.
_HELPERS = {
    "sign": ("double x", "(x > 0) - (x < 0)"),
    "maximum": ("double a, double b", "a >= b || isnan(a) ? a : b"),
    "minimum": ("double a, double b", "a <= b || isnan(a) ? a : b"),
    "remainder_of": ("double a, double b", "a - b * floor(a / b)"),
    "heaviside": ("double x, double at_zero", "x == 0 ? at_zero : x > 0"),
    "logaddexp": ("double a, double b", "a == b ? a + log(2) : fmax(a, b) + log1p(exp(-fabs(a - b)))"),
    "sigmoid": ("double x", "exp(fmin(x, 0)) / (1 + exp(-fabs(x)))"),
    "softplus": ("double x", "fmax(x, 0) + log1p(exp(-fabs(x)))"),
    "sech": ("double x", "1 / cosh(fmin(fabs(x), 710))"),
    "logit": ("double p", "fabs(p - 0.5) < 0.25 ? 2 * atanh(2 * p - 1) : log(p) - log1p(-p)"),
    "power_log": ("double a, double b, double k", "a == 0 && b > 0 ? 0 : pow(a, b) * pow(log(a), k)"),
    "sinc": ("double x", "x == 0 ? 1 : sin(3.141592653589793 * x) / (3.141592653589793 * x)"),
}


def write(exported):
    """The function."""
    return CWriter(exported).text_of_all()


def _same(writer, line):
    """What changes nothing about a number."""
    return writer.piece(line.operands[0])


def _helped(name, *params):
    """A call of a function that is taken along; `params` are its structure, with their defaults."""

    def row(writer, line):
        writer.helpers.add(name)
        given = [writer.constant(line.params.get(key, value)).text for key, value in params]
        return Piece(f"{name}({', '.join([*map(writer.text, line.operands), *given])})")

    return row


def _square(writer, line):
    text = writer.text(line.operands[0], ATOM)
    return Piece(f"{text} * {text}", PRODUCT) if text.isidentifier() else Piece(f"pow({text}, 2.0)")


def _clipped(writer, line):
    x, low, high = line.operands
    piece = writer.text(x)
    for name, bound in (("maximum", low), ("minimum", high)):
        if bound is not None:
            writer.helpers.add(name)
            piece = f"{name}({piece}, {writer.text(bound)})"
    return Piece(piece)


def _bent(text):
    """An activation, in x and in what else it is given."""

    def row(writer, line):
        params = {k: writer.constant(v).text for k, v in (line.rule.signature.defaults | line.params).items()}
        return Piece(text.format(x=writer.text(line.operands[0], ATOM), **params), CHOICE)

    return row


class CWriter(Writer):
    """Writes a function; `helpers` are the names of those that it needs."""

    language = "C"
    rows = {
        np.add: infix("+", SUM), np.subtract: infix("-", SUM), np.multiply: infix("*", PRODUCT),
        np.true_divide: infix("/", PRODUCT), np.negative: Form("-{}", SIGN, (POWER,)), np.square: _square,
        np.reciprocal: Form("1.0 / {}", PRODUCT, (SIGN,)), np.remainder: _helped("remainder_of"),
        np.floor_divide: Form("floor({} / {})", ATOM, (PRODUCT, SIGN)), np.less: infix("<", COMPARISON),
        np.less_equal: infix("<=", COMPARISON), np.greater: infix(">", COMPARISON),
        np.greater_equal: infix(">=", COMPARISON), np.equal: infix("==", COMPARISON),
        np.not_equal: infix("!=", COMPARISON), np.logical_and: infix("&&", BOTH), np.logical_or: infix("||", EITHER),
        np.logical_not: Form("!{}", SIGN, (POWER,)), np.where: Form("{} ? {} : {}", CHOICE, (EITHER, EITHER, CHOICE)),
        np.radians: Form("{} * 0.017453292519943295", PRODUCT, (PRODUCT,)), np.heaviside: _helped("heaviside"),
        np.degrees: Form("{} * 57.29577951308232", PRODUCT, (PRODUCT,)), np.maximum: _helped("maximum"),
        np.minimum: _helped("minimum"), np.logaddexp: _helped("logaddexp"), np.sinc: _helped("sinc"),
        arithmetic.sign: _helped("sign"), arithmetic.power_log: _helped("power_log", ("k", 1)), choices.clip: _clipped,
        exponential.sigmoid: _helped("sigmoid"), trigonometry.sech: _helped("sech"), nn.softplus: _helped("softplus"),
        nn.logit: _helped("logit"), nn.relu: _bent("{x} > 0 ? {x} : 0"),
        nn.leaky_relu: _bent("{x} > 0 ? {x} : {slope} * {x}"), nn.elu: _bent("{x} > 0 ? {x} : {alpha} * expm1({x})"),
        nn.hard_tanh: _bent("fmin(fmax({x}, {lower_bound}), {upper_bound})"),
        nn.soft_sign: Form("{0} / (1 + fabs({0}))", PRODUCT, (ATOM,)), shapes.cast: _same,
    }  # fmt: skip
    rows |= dict.fromkeys((np.sum, np.mean, np.max, np.min, np.prod, np.reshape, np.broadcast_to, np.transpose), _same)

    def __init__(self, exported):
        super().__init__(exported, Names(_identifier, {"grad", *_KEYWORDS.split(), *_MATH.values(), *_HELPERS}))
        self.helpers = set()

    def text_of_all(self):
        self.run()
        arguments = [f"double {self.text(line)}" for line in self.program.inputs]
        arguments += [f"double grad[{len(self.exported.wrt)}]"] if self.exported.wrt else []
        value, *gradient = map(self.text, self.program.outputs)
        written = [f"grad[{k}] = {text};" for k, text in enumerate(gradient)]
        helpers = [f"static double {name}({takes})\n{{\n    return {gives};\n}}\n"
                   for name, (takes, gives) in _HELPERS.items() if name in self.helpers]  # fmt: skip
        unused = [f"(void){self.text(line)};" for line in self.program.inputs if not self.uses[line]]
        body = [*unused, *self.statements, *written, f"return {value};"]
        head = ["#include <math.h>", "", *helpers, *self.comment()]
        function = [f"double value_and_grad({', '.join(arguments) or 'void'})", "{", *(f"    {s}" for s in body), "}"]
        return "\n".join([*head, *function, ""])

    def comment(self):
        source = self.exported.source.replace("*/", "* /").replace("??", "? ?")
        wrt = ", ".join(f"d/d{name}" for name in self.exported.wrt)
        gradient = [f" *\n * Returns it, and writes to grad: {wrt}."] if wrt else []
        return ["/* " + "\n * ".join(source.splitlines()), *gradient, " */"]

    def call(self, line):
        if np.shape(line.value) != () or line.value.dtype.kind not in "fib":
            message = "C is written for expressions of numbers, and this is an array"
            raise AdiffError("export", message, span=line.span, help="--to numpy, jax and torch take arrays").at(
                self.exported.source)  # fmt: skip
        return super().call(line)

    def default(self, line):
        if line.rule.name not in _MATH:
            raise self.unwritable(line)
        return Piece(f"{_MATH[line.rule.name]}({', '.join(map(self.text, line.operands))})")

    def statement(self, name, piece):
        return f"const double {name} = {piece.text};"

    def constant(self, value):
        value = float(value)
        text = "NAN" if np.isnan(value) else "INFINITY" if np.isinf(value) else repr(abs(value))
        return Piece(f"-{text}", SIGN) if np.copysign(1.0, value) < 0 else Piece(text)


def _identifier(name):
    """A name in ASCII: Greek letters by their names."""
    letters = (c if c.isascii() else unicodedata.name(c, "v").rpartition(" ")[2].lower() for c in name)
    return "".join(c if c.isidentifier() or c.isdigit() else "_" for c in letters)
