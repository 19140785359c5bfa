r"""LaTeX: formulas of the language as a textbook sets them, for amsmath.

Arrays are bold as they are written; @ is written as nothing, and a vector left of it as a row; * of arrays as \odot;
a power of each element of a matrix as A^{\circ 2}.
"""

from ..language.functions import lookup
from ..language.parser import parse
from ..language.syntax import Array, Binary, Call, Index, Keyword, Name, Number, Text, Unary, walk
from ..lettering import brackets, escaped, symbol
from .exported import unwritable
from .statements import ATOM, BOTH, CHOICE, COMPARISON, EITHER, POWER, PRODUCT, SIGN, SUM, Piece

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
    "floor": (r"\left\lfloor %s \right\rfloor", ATOM, CHOICE),
    "ceil": (r"\left\lceil %s \right\rceil", ATOM, CHOICE),
    "exp": (r"\mathrm{e}^{%s}", POWER, CHOICE),
    "inv": ("%s^{-1}", POWER, ATOM),
    "eye": (r"\mathbf{I}_{%s}", ATOM, CHOICE),
    "square": ("%s^{2}", POWER, ATOM),
    "reciprocal": (r"\frac{1}{%s}", POWER, CHOICE),
    "negative": ("-%s", SIGN, SIGN),
}
# Functions with a method of their own, and how many arguments they have there.
_CALLS = {"norm": ("norm", (1, 2)), "where": ("cases", (3,)), "outer": ("outer", (2,)), "solve": ("solved", (2,)),
          "D": ("derivative", (2, 3)), "transpose": ("transposed", (1,))}  # fmt: skip
_BETWEEN = {"power": "^", "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@"}
_KEEPS_RANK = {"exponentials", "trigonometry", "learning", "special"}  # families of functions of each element


def write(exported):
    """A display line for the expression, and one for each derivative."""
    from .formula import formula, gradient_formulas

    ranks, recorded = {name: len(shape) for name, (shape, _) in exported.forms.items()}, exported.recorded
    source = formula(recorded.output, recorded.inputs) if recorded.function else exported.source
    if source is None:
        raise unwritable(exported.source, "in LaTeX")
    lines = [f"f = {latex(source, ranks)}"]
    for name, text in gradient_formulas(exported.recorded, exported.wrt).items():
        if text is None:
            raise unwritable(f"df/d{name}", "in LaTeX")
        lines.append(rf"\frac{{\partial f}}{{\partial {symbol(name, ranks[name])}}} = {latex(text, ranks)}")
    return "".join(rf"\[ {line} \]" + "\n" for line in lines)


def latex(text, ranks):
    """A text of the language in LaTeX's mathematics; `ranks` says how many axes variables have."""
    script = parse(text)
    return _Setter(text, ranks).script(script)


def _keeps_rank(row):
    return row.name not in ("norm", "logsumexp") and (row.family in _KEEPS_RANK or row.name in _AROUND)


def _fenced(text):
    return rf"\left( {text} \right)"


class _Setter:
    """Sets one script: a Piece for each node, its parts first, and how many axes it has where that is known."""

    def __init__(self, text, ranks):
        self.text, self.ranks = text, dict(ranks)
        self.pieces, self.axes = {}, {}
        self.rows = {}  # of vectors that are written otherwise as a row

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
        if row is None or row.name in ("outer", "eye"):
            return 2 * (row is not None)
        if row.name == "solve":
            return self.axes[node.args[-1]]
        return max((self.axes[part] for part in node.args), default=0) if _keeps_rank(row) else 0

    # --- one method for each kind of node

    def set_Number(self, node):
        mantissa, e, exponent = repr(node.value).removesuffix(".0").partition("e")
        return Piece(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", PRODUCT) if e else Piece(mantissa)

    def set_Name(self, node):
        constant = None if node.name in self.ranks else _CONSTANTS.get(node.name)
        return Piece(constant or symbol(node.name, self.axes[node]))

    def set_Text(self, node):
        return Piece(rf"\texttt{{{escaped(node.value)}}}")

    def set_Unary(self, node):
        if node.op == "'":
            piece = self.transposed(node.operand)
            if self.axes[node] == 1:
                self.rows[node] = piece.text
            return piece
        if node.op == "not":
            return Piece(rf"\lnot {self.within(node.operand, POWER)}", SIGN)
        return Piece(node.op + self.right(node.operand, PRODUCT), SIGN)

    def set_Binary(self, node):
        return self.between(node, node.op, node.left, node.right)

    def between(self, node, op, left, right):
        if op == "@":
            return self.contraction(node, left, right)
        return getattr(self, _BINARY[op])(op, left, right)

    def sum(self, op, left, right):
        return Piece(f"{self.within(left, SUM)} {op} {self.right(right, PRODUCT)}", SUM)

    def product(self, op, left, right):
        if self.axes[left] and self.axes[right]:
            return Piece(rf"{self.within(left, SIGN)} \odot {self.right(right, SIGN)}", SUM)
        a, b = self.within(left, self.holding(left)), self.right(right, self.holding(right))
        return Piece(rf"{a} \cdot {b}" if b[0].isdigit() else rf"{a} \, {b}", PRODUCT)

    def holding(self, factor):
        """How tightly a factor has to hold together: a number that is made of vectors stands in parentheses."""
        while type(factor) is Unary and factor.op == "-":
            factor = factor.operand
        return POWER if type(factor) is Binary and factor.op == "@" and not self.axes[factor] else PRODUCT

    def contraction(self, node, left, right):
        """x @ A is x' A where something follows, and else A' x; but as a row where x is written as one."""
        if self.axes[left] != 1:
            return Piece(rf"{self.within(left, PRODUCT)} \, {self.right(right, PRODUCT)}", PRODUCT)
        row = Piece(rf"{self.row(left)} \, {self.right(right, PRODUCT)}", PRODUCT)
        if self.axes[right] != 2:
            return row
        self.rows[node] = row.text
        if self.rows.get(left) == self.pieces[left].text:
            return row
        return Piece(rf"{self.transposed(right).text} \, {self.right(left, PRODUCT)}", PRODUCT)

    def row(self, vector):
        return self.rows.get(vector) or self.transposed(vector).text

    def transposed(self, node):
        if type(node) is Call and node.name == "inv":
            return Piece(rf"{self.within(node.args[0], ATOM)}^{{-\top}}", POWER)
        if type(node) is Unary and node.op == "'":
            return self.pieces[node.operand]
        return Piece(rf"{self.within(node, ATOM)}^{{\top}}", POWER)

    def fraction(self, op, left, right):
        return Piece(rf"\frac{{{self.pieces[left].text}}}{{{self.pieces[right].text}}}", POWER)

    def remainder(self, op, left, right):
        return Piece(rf"{self.within(left, PRODUCT)} \bmod {self.within(right, POWER)}", PRODUCT)

    def power(self, op, left, right):
        exponent = self.pieces[right].text
        if type(left) is Call and left.name in _NAMED and len(left.args) == 1 and type(right) is Number:
            head, argument = _NAMED[left.name], _fenced(self.pieces[left.args[0]].text)
            if head in (r"\det", r"\max", r"\min"):  # over which an exponent would stand
                return Piece(f"{head}{argument}^{{{exponent}}}", POWER)
            return Piece(f"{head}^{{{exponent}}}{argument}", POWER)
        exponent = rf"\circ {exponent}" if self.axes[left] == 2 else exponent
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
        return Piece(brackets([[self.pieces[item].text for item in row] for row in rows]))

    def set_Tuple(self, node):
        return Piece(_fenced(", ".join(self.pieces[item].text for item in node.items)))

    def set_Keyword(self, node):
        return Piece(rf"\mathrm{{{escaped(node.name)}}} = {self.pieces[node.value].text}", CHOICE)

    def set_Call(self, node):
        row = lookup(node.name)
        name = node.name if row is None else row.name
        if name in _AROUND and len(node.args) == 1:
            text, level, needs = _AROUND[name]
            return Piece(text % self.within(node.args[0], needs), level)
        if name in _BETWEEN and len(node.args) == 2:
            return self.between(node, _BETWEEN[name], *node.args)
        method, counts = _CALLS.get(name, ("", ()))
        if len(node.args) in counts and Keyword not in map(type, node.args):
            return getattr(self, method)(*node.args)
        return self.called(_NAMED.get(name) or self.upright(name, row), node)

    def norm(self, array, order=None):
        is_frobenius = type(order) is Text or (order is None and self.axes[array] == 2)
        kind = r"\mathrm{F}" if is_frobenius else "" if order is None else self.pieces[order].text
        return Piece(rf"\left\| {self.pieces[array].text} \right\|" + (f"_{{{kind}}}" if kind else ""))

    def outer(self, left, right):
        return Piece(rf"{self.within(left, PRODUCT)} \, {self.row(right)}", PRODUCT)

    def solved(self, matrix, right):
        return Piece(rf"{self.within(matrix, ATOM)}^{{-1}} \, {self.right(right, PRODUCT)}", PRODUCT)

    def upright(self, name, row):
        return symbol(name) if row is None else rf"\operatorname{{{escaped(name)}}}"

    def called(self, head, node):
        return Piece(head + _fenced(", ".join(self.pieces[part].text for part in node.args)), POWER)

    def set_Primed(self, node):
        name = symbol(node.name) if lookup(node.name) is None else _NAMED.get(node.name) or self.upright(node.name, "")
        return self.called(name + "'" * node.order, node)

    def derivative(self, inside, variable, *order):
        power = "".join(f"^{{{self.pieces[n].text}}}" for n in order)
        below = rf"\partial {self.pieces[variable].text}{power}"
        return Piece(rf"\frac{{\partial{power}}}{{{below}}} {_fenced(self.pieces[inside].text)}", PRODUCT)


_BINARY = {"+": "sum", "-": "sum", "*": "product", "/": "fraction", "%": "remainder", "^": "power",
           "and": "both", "or": "either"}  # fmt: skip
