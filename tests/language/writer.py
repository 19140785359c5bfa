"""Random trees, and a writer that spells a tree with no more parentheses than the precedence of operators asks for."""

from hypothesis import strategies as st

from autodiff_cli.errors import Span
from autodiff_cli.language.syntax import (
    Array,
    Binary,
    Call,
    Choice,
    Compare,
    Index,
    Keyword,
    Name,
    Number,
    Primed,
    Slice,
    Text,
    Tuple,
    Unary,
)

NOWHERE = Span(0, 0)
ARITHMETIC, COMPARISONS = tuple("+-*/%@^"), ("<", "<=", ">", ">=", "==", "!=")
SPELLINGS = {"*": "*·×", "-": "-−", "^": ("^", "**"), "<=": ("<=", "≤"), ">=": (">=", "≥"), "!=": ("!=", "≠")}


def leaves():
    numbers = st.integers(0, 99).map(float) | st.sampled_from([0.5, 1e-3, 1e22, 0.1])
    names = st.sampled_from(["x", "y", "θ", "x_1", "e", "T"])
    return st.builds(Number, numbers, st.just(NOWHERE)) | st.builds(Name, names, st.just(NOWHERE))


def branches(parts):
    def node(kind, *fields):
        return st.builds(kind, *fields, st.just(NOWHERE))

    def several(fewest=1):
        return st.lists(parts, min_size=fewest, max_size=3).map(tuple)

    some = st.none() | parts
    items = st.lists(parts | st.just(...) | node(Slice, some, some, some), min_size=1, max_size=3).map(tuple)
    items = items.filter(lambda drawn: len(drawn) > 1 or type(drawn[0]) is not Tuple)  # x[(i, j)] is x[i, j]
    keywords = node(Keyword, st.sampled_from(["axis", "k"]), parts)
    arguments = st.lists(parts | keywords | node(Text, st.sampled_from(["ij->j", ""])), max_size=3).map(tuple)
    chains = several(2).flatmap(
        lambda operands: node(
            Compare, st.tuples(*[st.sampled_from(COMPARISONS)] * (len(operands) - 1)), st.just(operands)
        )
    )
    return st.one_of(
        node(Unary, st.sampled_from(["-", "+", "not", "'"]), parts),
        node(Binary, st.sampled_from([*ARITHMETIC, "and", "or"]), parts, parts),
        node(Binary, st.sampled_from(ARITHMETIC), parts, parts),
        node(Choice, parts, parts, parts),
        node(Index, parts, items),
        node(Array, several()),
        node(Tuple, several()),
        node(Call, st.sampled_from(["sin", "f"]), st.just(NOWHERE), arguments),
        node(Primed, st.sampled_from(["sin", "f"]), st.just(NOWHERE), st.integers(1, 3), arguments),
        chains,
    )


def trees():
    return st.recursive(leaves(), branches, max_leaves=12)


# The precedence of each operator, from the loosest; what is not among them needs no parentheses.
CHOICE, OR, AND, NOT, COMPARE, SUM, PRODUCT, IMPLICIT, SIGN, POWER, POSTFIX, ATOM = range(12)
LEVELS = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "@": PRODUCT}


def written(tree, random, superscripts=True):
    """A text for a tree, its spelling drawn by `random`."""
    return Writer(random, superscripts).text(tree, CHOICE)


class Writer:
    """Each method gives the text of a node and its level."""

    def __init__(self, random, superscripts):
        self.random, self.superscripts = random, superscripts

    def text(self, node, least):
        """The text of an operand that must not be looser than `least`; now and then in parentheses for no reason."""
        text, level = getattr(self, type(node).__name__)(node)
        return f"({text})" if level < least or self.random.random() < 0.1 else text

    def spelt(self, op):
        space = self.random.choice(["", " ", "  "]) if not op.isalpha() else " "
        return space + self.random.choice(SPELLINGS.get(op, [op])) + space

    def joined(self, parts):
        return self.random.choice([",", ", "]).join(parts)

    def Number(self, node):
        return self.random.choice([repr(node.value), repr(node.value).removesuffix(".0")]), ATOM

    def Name(self, node):
        return node.name, ATOM

    def Text(self, node):
        return f'"{node.value}"', ATOM

    def Unary(self, node):
        if node.op == "'":
            return self.text(node.operand, POSTFIX) + self.random.choice(["'", ".T", "ᵀ"]), POSTFIX
        level = NOT if node.op == "not" else SIGN
        return self.spelt(node.op).strip() + " " * (node.op == "not") + self.text(node.operand, level), level

    def Binary(self, node):
        if node.op == "^":
            return self.power(node)
        if node.op == "*" and type(node.left) is Number and type(node.right) in (Name, Call):
            return self.text(node.right, POSTFIX).join([self.Number(node.left)[0], ""]), IMPLICIT
        level = LEVELS[node.op]
        # an implicit product may follow * and @, but not / and %
        right = SIGN if node.op in "/%" else level + 1
        return self.text(node.left, level) + self.spelt(node.op) + self.text(node.right, right), level

    def power(self, node):
        base, exponent = self.text(node.left, POSTFIX), node.right
        if self.superscripts and type(exponent) is Number and exponent.value.is_integer():
            digits = repr(exponent.value).removesuffix(".0")
            if digits.isdigit() and not base.endswith(tuple("⁰¹²³⁴⁵⁶⁷⁸⁹")):  # x²³ is x^23
                return base + digits.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), POSTFIX
        exponent = self.text(exponent, SIGN)
        # a transpose at the end of an exponent is refused: of the exponent, or of the power?
        closed = f"({exponent})" if exponent.endswith(("'", ".T", "ᵀ")) else exponent
        return base + self.spelt("^") + closed, POWER

    def Compare(self, node):
        first, *rest = (self.text(operand, SUM) for operand in node.operands)
        return first + "".join(self.spelt(op) + operand for op, operand in zip(node.ops, rest, strict=True)), COMPARE

    def Choice(self, node):
        yes, condition, no = self.text(node.yes, OR), self.text(node.condition, OR), self.text(node.no, CHOICE)
        return f"{yes} if {condition} else {no}", CHOICE

    def Index(self, node):
        items = self.joined("..." if item is ... else self.item(item) for item in node.items)
        return f"{self.text(node.operand, POSTFIX)}[{items}]", POSTFIX

    def item(self, node):
        return self.Slice(node) if type(node) is Slice else self.text(node, CHOICE)

    def Slice(self, node):
        start, stop, step = ("" if part is None else self.text(part, CHOICE) for part in node[:3])
        return f"{start}:{stop}:{step}" if step else self.random.choice([f"{start}:{stop}", f"{start}:{stop}:"])

    def Array(self, node):
        return f"[{self.joined(self.text(item, CHOICE) for item in node.items)}]", ATOM

    def Tuple(self, node):
        comma = "," if len(node.items) == 1 else ""
        return f"({self.joined(self.text(item, CHOICE) for item in node.items)}{comma})", ATOM

    def Call(self, node):
        return f"{node.name}({self.joined(self.argument(argument) for argument in node.args)})", ATOM

    def Primed(self, node):
        return node.name + "'" * node.order + self.Call(node)[0].removeprefix(node.name), ATOM

    def argument(self, node):
        if type(node) is Keyword:
            return f"{node.name}={self.text(node.value, CHOICE)}"
        return self.Text(node)[0] if type(node) is Text else self.text(node, CHOICE)
