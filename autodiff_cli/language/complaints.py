"""What is wrong where the automaton cannot go on: one sentence about the token, with a cure that can be pasted.

Only then are the tokens before it looked at again, so that the automaton need not keep what a complaint may want.
"""

import re
from typing import NamedTuple

from ..errors import Span
from .refusals import unknown_character, wrong

# An operator may follow these; after any other token an operand is missing.
OPERAND_ENDS = {"NUMBER", "NAME", "STRING", "SUPERSCRIPT", "TRANSPOSE", "RPAR", "RSQB"}
OPENINGS = {"LPAR", "LSQB", "COMMA"}
ENDS_A_CHOICE = {"RPAR", "RSQB", "COMMA", "COLON", "IF"}
WORDS = {"OR", "AND", "NOT", "IF", "ELSE"}
CLOSED_BY = {"(": ")", "[": "]", "if": "else"}
OPENED_BY = {closing: opening for opening, closing in CLOSED_BY.items()}
BRACKETS = {"(": "parenthesis", "[": "bracket"}
MODULES = {"np", "numpy", "math", "cmath", "scipy", "jnp", "jax", "torch", "tf", "sp", "sympy", "mpmath"}

# What other languages write, spelt out of tokens of this one, or of characters that it does not have.
MISSPELT = {
    "=<": "write <=",
    "=>": "write >=",
    "<>": "write !=",
    "===": "write ==",
    "!==": "write !=",
    "&&": "write and",
    "||": "write or, or norm(x) for ||x||",
    ":=": "write =",
    "//": "write floor(x/y)",
    "+=": "write s = x + y, with a new name",
    "-=": "write s = x - y, with a new name",
    "*=": "write s = x*y, with a new name",
    "/=": "write s = x/y, with a new name",
    "^=": "write s = x^y, with a new name",
    "->": "define a function as f(t) = t^2",
    ".*": "write *, which is elementwise",
    "./": "write /, which is elementwise",
    ".^": "write ^, which is elementwise",
    ".'": "write '",
}
UNKNOWN = {
    "!": "write not x, or gamma(x + 1) for x!",
    "&": "write and",
    "|": "write or, or abs(x) for |x|",
    "~": "write not",
    "?": "write a if c else b",
    "{": "group with ( ), list with [ ]",
    "}": "group with ( ), list with [ ]",
    "\\": "write solve(A, b) for A\\b",
    "$": "write the name alone",
    "“": 'write "',
    "”": 'write "',
    "„": 'write "',
    "‘": 'write " around text',
    "’": "write '",
    "′": "write '",
    "÷": "write /",
    "∕": "write /",
    "∗": "write *",
    "⋅": "write *",
    "•": "write *",
    "∙": "write *",
    "⊙": "write *",
    "–": "write -",
    "—": "write -",
    "∞": "write inf",
    "∑": "write sum(x)",
    "∏": "write prod(x)",
    "∧": "write and",
    "∨": "write or",
    "¬": "write not",
    "‖": "write norm(x)",
    "∛": "write cbrt(x)",
    "⌊": "write floor(x)",
    "⌈": "write ceil(x)",
    "∂": "write D(f, x) for the derivative of f by x",
}
MISPLACED = {
    ":": ("a colon stands only in an index, such as x[1:3]", "a choice is written a if c else b"),
    ",": ("a comma stands only inside brackets", "write [a, b] for a list"),
    "=": ("a = cannot stand here", "write == to compare"),
    "...": ("... stands only in an index", "write it as in x[..., 0]"),
    "else": ("this else has no if", "write a if c else b"),
    "not": ("expected an operator before not", "write and not, or or not"),
}


class Token(NamedTuple):
    """What the automaton knows of a token; a character that begins none has the kind None."""

    kind: str | None
    spelling: str
    start: int
    end: int

    @property
    def span(self):
        return Span(self.start, self.end)


class Place(NamedTuple):
    """Where the automaton stopped: the token, the one before it, and the brackets and ifs that are open there."""

    text: str
    token: Token
    before: Token
    opened: list

    @property
    def lacks_operand(self):
        return self.before.kind not in OPERAND_ENDS

    @property
    def at_end(self):
        """Whether a statement ends here, and with it all that was begun."""
        return self.token.kind in ("$END", "_SEPARATOR")

    @property
    def brackets(self):
        return [token for token in self.opened if token.spelling in BRACKETS]


def not_utf8(text, place):
    byte = ord(text[place]) - 0xDC00  # how Python passes on a byte that it could not read
    shown = f"the byte 0x{byte:02x}" if 0x80 <= byte <= 0xFF else f"half a character (U+{ord(text[place]):04X})"
    return wrong(f"{shown} is not valid UTF-8", Span(place, place + 1), "save or paste the text as UTF-8", "encoding")


def nul(place):
    return wrong("a NUL byte cannot be part of a text", Span(place, place + 1), "delete it", "encoding")


def unexpected(text, start, tokens):
    """The complaint about the token at `start`, where the automaton has no way to go on."""
    place = locate(text, start, map(Token._make, tokens))
    return next(error for complain in COMPLAINTS if (error := complain(place)))


def locate(text, start, tokens):
    before, opened = Token("_SEPARATOR", "", 0, 0), []
    for token in tokens:
        if token.start >= start:
            return Place(text, token, before, opened)
        if token.spelling in CLOSED_BY:
            opened.append(token)
        elif token.spelling in OPENED_BY:
            opened.pop()
        before = token
    raise AssertionError("the automaton stopped at one of these tokens")


# Each complaint gives None where it does not apply.


def nothing_written(place):
    if place.token.kind == "$END" and place.before.kind == "_SEPARATOR":
        return wrong("there is no expression", None, "write one, such as x^2", "empty")
    return None


def misspelt(place):
    """What is written otherwise here: two tokens, or this character and the next."""
    start, end = place.token.start, place.token.end
    for span in Span(place.before.start, end), Span(start, start + 2):
        spelling = place.text[span.start : span.end]
        if spelling in MISSPELT:
            return wrong(f"{spelling} is not an operator", span, MISSPELT[spelling])
    return None


def unknown(place):
    token = place.token
    if token.kind is not None:
        return None
    if token.spelling == '"':
        return wrong("this text is never closed", token.span, 'add " where it ends')
    if token.spelling == "_":
        name = re.compile(r"\w+").match(place.text, token.start)
        return wrong("a name cannot begin with two underscores", Span(*name.span()), "choose another name")
    if token.spelling == ".":
        return attribute(place)
    return unknown_character(token.spelling, token.span, UNKNOWN.get(token.spelling, ""))


def attribute(place):
    """`x.sum()`, `np.sin(x)`: a dot that belongs to no number."""
    dotted = re.compile(r"\.(?!__)(\w*)").match(place.text, place.token.start)
    name, owner = dotted and dotted[1], place.before
    if owner.spelling in MODULES and name:
        cure = f"; write {name}(...) without {owner.spelling}"
    elif name:
        cure = f"; write {name}({owner.spelling if owner.kind == 'NAME' else '...'})"
    else:
        cure = ""
    help = "attributes do not exist in the language" + cure
    return wrong("a dot belongs to numbers and to the transpose .T", place.token.span, help)


def wrong_closing(place):
    """A bracket that closes the wrong one, none, or an empty pair."""
    token, brackets = place.token, [token.spelling for token in place.brackets]
    if token.kind not in ("RPAR", "RSQB"):
        return None
    opening = OPENED_BY[token.spelling]
    if opening not in brackets:
        if brackets:
            help = f"write {CLOSED_BY[brackets[-1]]} here"
            return wrong(f"this {token.spelling} cannot close the {brackets[-1]} before it", token.span, help)
        return wrong(f"this {token.spelling} closes nothing", token.span, f"delete it, or add {opening} before")
    if place.before.spelling == opening:
        help = (
            "write zeros(0) for an array without elements" if opening == "[" else "delete them, or write a value inside"
        )
        return wrong(f"there is nothing between {opening} and {token.spelling}", token.span, help)
    return None


def missing_operand(place):
    token, before = place.token, place.before
    if not place.lacks_operand or token.spelling == "..." or (place.at_end and before.kind in OPENINGS):
        return None
    if token.kind in WORDS:
        return word_as_operand(token)
    if place.at_end:
        after_line = "inside parentheses an expression may go on in the next line"
        help = (
            after_line
            if token.spelling[:1] in ("\r", "\n")
            else f"write a value there, or delete the {before.spelling}"
        )
        return wrong(f"expected an operand after {before.spelling}", Span(before.end, before.end + 1), help)
    if before.kind in OPENINGS or before.kind == "_SEPARATOR":
        quoted = 'text is written in double quotes, as in "ij,jk->ik"'
        help = quoted if token.spelling == "'" else f"write a value there, or delete the {token.spelling}"
        return wrong(f"expected an operand before {token.spelling}", token.span, help)
    help = f"write a value between {before.spelling} and {token.spelling}"
    return wrong(f"expected an operand after {before.spelling}", token.span, help)


def word_as_operand(token):
    if token.kind == "NOT":
        return wrong("not needs parentheses here", token.span, "write (not a)")
    help = "write a if c else b for a choice" if token.kind == "IF" else "choose another name"
    return wrong(f"{token.spelling} is a word of the language and cannot be a name", token.span, help)


def missing_else(place):
    if place.opened and place.opened[-1].spelling == "if" and (place.at_end or place.token.kind in ENDS_A_CHOICE):
        return wrong("this if has no else", place.opened[-1].span, "write a if c else b")
    return None


def rows(place):
    """`[1, 2; 3, 4]`, which only the values on the command line may have."""
    if place.brackets and place.brackets[-1].spelling == "[" and place.token.kind == "_SEPARATOR":
        semicolon = place.token.start + place.token.spelling.index(";")
        return wrong("rows are lists of their own", Span(semicolon, semicolon + 1), "write [[1, 2], [3, 4]]")
    return None


def unclosed(place):
    """A bracket that is still open where the text ends, or where what is around it should go on."""
    opened = {token.spelling for token in place.opened}
    if not place.brackets or not (place.at_end or OPENED_BY.get(place.token.spelling) in opened):
        return None
    closing = "".join(CLOSED_BY[token.spelling] for token in reversed(place.brackets))
    if place.token.kind != "$END":
        help = f"add {closing[0]} before the {';' if place.at_end else place.token.spelling}"
    elif len(closing) > 10:
        help = f"add {len(closing)} closing brackets at the end"
    else:
        help = f"add {closing} at the end"
    last = place.brackets[-1]
    return wrong(f"this {BRACKETS[last.spelling]} is never closed", last.span, help)


def misplaced(place):
    """A token after a whole operand, where only an operator or the end can stand."""
    message, help = MISPLACED.get(place.token.spelling, ("{} cannot stand here", ""))
    if place.token.spelling == ":" and "lambda" in place.text:
        help = "define a function as f(t) = t^2"
    return wrong(message.format(place.token.spelling), place.token.span, help)


COMPLAINTS = [
    nothing_written,
    misspelt,
    unknown,
    wrong_closing,
    missing_operand,
    missing_else,
    rows,
    unclosed,
    misplaced,
]
