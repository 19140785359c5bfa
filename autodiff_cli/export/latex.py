r"""LaTeX: formulas of the language as a textbook sets them, for amsmath.

Vectors are bold and small, matrices bold as they are written; @ is written as nothing, * of arrays as \odot.
"""

import re
import unicodedata

from ..language.functions import lookup
from ..language.parser import parse
from ..language.syntax import Array, Binary, Call, Index, Name, Number, Unary, walk
from .exported import unwritable
from .statements import ATOM, BOTH, CHOICE, COMPARISON, EITHER, POWER, PRODUCT, SIGN, SUM, Piece

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi
    psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_CONSTANTS = {"pi": r"\pi", "tau": r"\tau", "e": r"\mathrm{e}", "inf": r"\infty", "nan": r"\mathrm{nan}"}
_SIGNS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
# Functions with a sign of their own in LaTeX; others are set upright.
_NAMED = {name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "max", "min")}
_NAMED |= {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log": r"\ln", "log2": r"\log_{2}",
           "log10": r"\log_{10}", "gamma": r"\Gamma", "lgamma": r"\ln\Gamma", "digamma": r"\psi",
           "sigmoid": r"\sigma", "logdet": r"\ln\det", "trace": r"\operatorname{tr}",
           "beta": r"\mathrm{B}"}  # fmt: skip
# Functions that are set as something else than a call, with the level of that and the one that the argument needs.
_AROUND = {
    "sqrt": (r"\sqrt{%s}", ATOM, CHOICE),
    "cbrt": (r"\sqrt[3]{%s}", ATOM, CHOICE),
    "abs": (r"\left| %s \right|", ATOM, CHOICE),
    "norm": (r"\left\| %s \right\|", ATOM, CHOICE),
    "floor": (r"\left\lfloor %s \right\rfloor", ATOM, CHOICE),
    "ceil": (r"\left\lceil %s \right\rceil", ATOM, CHOICE),
    "exp": (r"\mathrm{e}^{%s}", POWER, CHOICE),
    "inv": ("%s^{-1}", POWER, ATOM),
    "square": ("%s^{2}", POWER, ATOM),
    "reciprocal": (r"\frac{1}{%s}", POWER, CHOICE),
    "negative": ("-%s", SIGN, SIGN),
    "transpose": (r"%s^{\top}", POWER, ATOM),
}
_BETWEEN = {"power": "^", "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@"}
_KEEPS_RANK = {"exponentials", "trigonometry", "learning", "special"}  # families of functions of each element


def write(exported):
    """A display line for the expression, and one for each derivative."""
    from .formula import gradient_formulas

    ranks = {name: len(shape) for name, (shape, _) in exported.forms.items()}
    lines = [f"f = {latex(exported.source, ranks)}"]
    for name, text in gradient_formulas(exported.recorded, exported.wrt).items():
        if text is None:
            raise unwritable(f"df/d{name}", "in LaTeX")
        lines.append(rf"\frac{{\partial f}}{{\partial {symbol(name, ranks[name])}}} = {latex(text, ranks)}")
    return "".join(rf"\[ {line} \]" + "\n" for line in lines)


def latex(text, ranks):
    """A text of the language in LaTeX's mathematics; `ranks` says how many axes variables have."""
    script = parse(text)
    return _Setter(text, ranks).script(script)


def symbol(name, rank=0):
    """A variable: Greek letters by their names, what follows a letter as an index, arrays in bold."""
    letter, index = re.fullmatch(r"(\w+?)_?(\d*)", name).groups()
    head, _, rest = letter.partition("_")
    if rest and (len(head) == 1 or head in _GREEK.split()):
        letter, index = head, f"{rest}{index}"
    base = _letter(letter)
    bold = rf"\mathbf{{{base}}}" if base.isalpha() else rf"\boldsymbol{{{base}}}"
    index = rf"\mathrm{{{_escaped(index)}}}" if index.isalpha() and len(index) > 1 else _escaped(index)
    return (bold if rank else base) + (f"_{{{index}}}" if index else "")


def _letter(letter):
    spelt = unicodedata.name(letter, "").rpartition("LETTER ")[2] if len(letter) == 1 else letter
    spelt = spelt.lower() if letter.islower() else spelt.title() if len(letter) == 1 else spelt
    if spelt in _GREEK.split():
        return rf"\{spelt}"
    return letter if len(letter) == 1 and letter.isascii() else rf"\mathrm{{{_escaped(letter)}}}"


def _escaped(text):
    return re.sub(r"([#$%&_{}])", r"\\\1", text)


def _keeps_rank(row):
    return row.name not in ("norm", "logsumexp") and (row.family in _KEEPS_RANK or row.name in (*_AROUND, "solve"))


def _fenced(text):
    return rf"\left( {text} \right)"


class _Setter:
    """Sets one script: a Piece for each node, its parts first, and how many axes it has where that is known."""

    def __init__(self, text, ranks):
        self.text, self.ranks = text, dict(ranks)
        self.pieces, self.axes = {}, {}

    def script(self, script):
        for define in script.definitions:
            self.set([*walk(define)][1:], define)
        self.set([*walk(script.result)], None)
        result = self.pieces[script.result].text
        where = [rf"{self.head(define)} = {self.pieces[define.body].text}" for define in script.definitions]
        return r" \quad \text{where } ".join([result, r", \quad ".join(where)]) if where else result

    def set(self, nodes, define):
        for node in reversed(nodes):
            self.axes[node] = self.rank(node)
            self.pieces[node] = getattr(self, f"set_{type(node).__name__}")(node)
        if define is not None and define.parameters is None:
            self.ranks[define.name] = self.axes[define.body]

    def head(self, define):
        name = symbol(define.name, self.ranks.get(define.name, 0))
        return name if define.parameters is None else name + _fenced(", ".join(map(symbol, define.parameters)))

    def within(self, node, level):
        piece = self.pieces[node]
        return piece.text if piece.level >= level else _fenced(piece.text)

    def right(self, node, level):
        """What stands right of a sign, where no other sign may follow."""
        text = self.within(node, level)
        return _fenced(text) if text[0] in "+-" else text

    # --- how many axes something has: 0 where it is not known, as of a number

    def rank(self, node):
        kind = type(node)
        if kind is Name:
            return self.ranks.get(node.name, 0)
        if kind is Binary:
            left, right = self.axes[node.left], self.axes[node.right]
            return max(left + right - 2, 0) if node.op == "@" else max(left, right)
        if kind is Unary:
            return self.axes[node.operand]
        if kind is Array:
            return 1 + self.axes[node.items[0]]
        if kind is Index:
            return max(self.axes[node.operand] - sum(type(item) in (Number, Unary) for item in node.items), 0)
        return self.rank_of_call(node) if kind is Call else 0

    def rank_of_call(self, node):
        row = lookup(node.name)
        if row is None or row.name == "outer":
            return 2 * (row is not None)
        return max((self.axes[part] for part in node.args), default=0) if _keeps_rank(row) else 0

    # --- one method for each kind of node

    def set_Number(self, node):
        mantissa, e, exponent = repr(node.value).removesuffix(".0").partition("e")
        return Piece(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", PRODUCT) if e else Piece(mantissa)

    def set_Name(self, node):
        constant = None if node.name in self.ranks else _CONSTANTS.get(node.name)
        return Piece(constant or symbol(node.name, self.axes[node]))

    def set_Text(self, node):
        return Piece(rf"\texttt{{{_escaped(node.value)}}}")

    def set_Unary(self, node):
        if node.op == "'" and type(node.operand) is Call and node.operand.name == "inv":
            return Piece(rf"{self.within(node.operand.args[0], ATOM)}^{{-\top}}", POWER)
        if node.op == "'":
            return Piece(rf"{self.within(node.operand, ATOM)}^{{\top}}", POWER)
        sign = r"\lnot " if node.op == "not" else node.op
        return Piece(f"{sign}{self.within(node.operand, POWER)}", SIGN)

    def set_Binary(self, node):
        return getattr(self, _BINARY[node.op])(node.op, node.left, node.right)

    def sum(self, op, left, right):
        return Piece(f"{self.within(left, SUM)} {op} {self.right(right, PRODUCT)}", SUM)

    def product(self, op, left, right):
        if op == "*" and self.axes[left] and self.axes[right]:
            return Piece(rf"{self.within(left, SIGN)} \odot {self.right(right, SIGN)}", SUM)
        a, b = self.within(left, PRODUCT), self.right(right, PRODUCT)
        return Piece(rf"{a} \cdot {b}" if b[0].isdigit() else rf"{a} \, {b}", PRODUCT)

    def fraction(self, op, left, right):
        return Piece(rf"\frac{{{self.pieces[left].text}}}{{{self.pieces[right].text}}}", POWER)

    def remainder(self, op, left, right):
        return Piece(rf"{self.within(left, PRODUCT)} \bmod {self.within(right, POWER)}", PRODUCT)

    def power(self, op, left, right):
        exponent = self.pieces[right].text
        if type(left) is Call and left.name in _NAMED and len(left.args) == 1 and type(right) is Number:
            return Piece(f"{_NAMED[left.name]}^{{{exponent}}}{_fenced(self.pieces[left.args[0]].text)}", POWER)
        return Piece(f"{self.within(left, ATOM)}^{{{exponent}}}", POWER)

    def both(self, op, left, right):
        return Piece(rf"{self.within(left, BOTH)} \land {self.within(right, COMPARISON)}", BOTH)

    def either(self, op, left, right):
        return Piece(rf"{self.within(left, EITHER)} \lor {self.within(right, BOTH)}", EITHER)

    def set_Compare(self, node):
        texts = [self.within(node.operands[0], SUM)]
        for op, operand in zip(node.ops, node.operands[1:], strict=True):
            texts += [_SIGNS[op], self.within(operand, SUM)]
        return Piece(" ".join(texts), COMPARISON)

    def set_Choice(self, node):
        return self.cases(node.condition, node.yes, node.no)

    def cases(self, condition, yes, no):
        yes, condition, no = (self.pieces[part].text for part in (yes, condition, no))
        return Piece(rf"\begin{{cases}} {yes} & \text{{if }} {condition} \\ {no} & \text{{otherwise}} \end{{cases}}")

    def set_Index(self, node):
        items = ",".join(r"\ldots" if item is ... else self.pieces[item].text for item in node.items)
        text = self.within(node.operand, ATOM)
        return Piece(f"{{{text}}}_{{{items}}}" if "_" in text else f"{text}_{{{items}}}")

    def set_Slice(self, node):
        parts = ["" if part is None else self.pieces[part].text for part in (node.start, node.stop, node.step)]
        return Piece("{:}".join(parts[:2] if node.step is None else parts))

    def set_Array(self, node):
        rows = [item.items if type(item) is Array else None for item in node.items]
        if None in rows:
            rows = [node.items]
        text = r" \\ ".join(" & ".join(self.pieces[item].text for item in row) for row in rows)
        return Piece(rf"\begin{{bmatrix}} {text} \end{{bmatrix}}")

    def set_Tuple(self, node):
        return Piece(_fenced(", ".join(self.pieces[item].text for item in node.items)))

    def set_Keyword(self, node):
        return Piece(rf"\mathrm{{{_escaped(node.name)}}} = {self.pieces[node.value].text}", CHOICE)

    def set_Call(self, node):
        row = lookup(node.name)
        name = node.name if row is None else row.name
        if name in _AROUND and len(node.args) == 1:
            text, level, needs = _AROUND[name]
            return Piece(text % self.within(node.args[0], needs), level)
        if name in _BETWEEN and len(node.args) == 2:
            return getattr(self, _BINARY[_BETWEEN[name]])(_BETWEEN[name], *node.args)
        if name == "where" and len(node.args) == 3:
            return self.cases(*node.args)
        if name == "outer":
            left, right = (self.within(part, ATOM) for part in node.args)
            return Piece(rf"{left} \, {right}^{{\top}}", PRODUCT)
        if name == "D" and len(node.args) > 1:
            return self.derivative(*node.args)
        return self.called(_NAMED.get(name) or self.upright(name, row), node)

    def upright(self, name, row):
        return symbol(name) if row is None else rf"\operatorname{{{_escaped(name)}}}"

    def called(self, head, node):
        return Piece(head + _fenced(", ".join(self.pieces[part].text for part in node.args)), POWER)

    def set_Primed(self, node):
        name = symbol(node.name) if lookup(node.name) is None else _NAMED.get(node.name) or self.upright(node.name, "")
        return self.called(name + "'" * node.order, node)

    def derivative(self, inside, variable, *order):
        power = "".join(f"^{{{self.pieces[n].text}}}" for n in order)
        below = rf"\partial {self.pieces[variable].text}{power}"
        return Piece(rf"\frac{{\partial{power}}}{{{below}}} {_fenced(self.pieces[inside].text)}", PRODUCT)


_BINARY = {"+": "sum", "-": "sum", "*": "product", "@": "product", "/": "fraction", "%": "remainder", "^": "power",
           "and": "both", "or": "either"}  # fmt: skip
