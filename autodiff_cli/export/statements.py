"""A program as statements of another language: what all of these share.

Every line is written as an expression. One that is used once and is short goes to where it is used; any other gets a
statement and a name: that of its definition in the text, of the output that it is, or t1, t2, ...
"""

from collections import Counter
from itertools import count
from typing import NamedTuple

from ..engine.program import Line
from .exported import unwritable

# How tightly expressions hold together, from the loosest.
CHOICE, EITHER, BOTH, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(9)

_LONGEST = 88  # characters of a statement, if it can be helped
_WORDS = {"spectral_map": "a function of a matrix's eigenvalues", "index": "this index"}  # what nobody has typed
_SHORT = 40  # characters of an expression that may stand inside of another


class Piece(NamedTuple):
    """An expression, and how tightly it holds together; `then` is a statement on its name, where one has to follow."""

    text: str
    level: int = ATOM
    then: str = ""

    def within(self, level):
        """The text, in parentheses where it is looser than its surroundings."""
        return self.text if self.level >= level else f"({self.text})"


class Form(NamedTuple):
    """How a call is written: a template of its operands, its level, and the levels that these need at least."""

    text: str
    level: int = ATOM
    needs: tuple = ()

    def of(self, pieces):
        needs = self.needs or [CHOICE] * len(pieces)
        texts = [piece.within(need) for piece, need in zip(pieces, needs, strict=True)]
        return Piece(self.text.format(*texts), self.level)


def infix(sign, level):
    """A sign between two operands, from left to right."""
    return Form(f"{{}} {sign} {{}}", level, (level, level + 1))


class Writer:
    """Writes the statements of one program. A target gives:

    language   its name, for errors
    rows       {function or its name: row}; a row is a Form, or called as row(writer, line) for a Piece
    default    default(line): the Piece of a call without a row
    constant   constant(value): its Piece
    statement  statement(name, piece): the text of an assignment
    """

    language = ""
    rows = {}

    def __init__(self, exported, names):
        self.exported, self.program, self.names = exported, exported.program, names
        self.uses = Counter(o for line in self.program.lines for o in line.parents)
        self.uses.update(o for o in self.program.outputs if type(o) is Line)
        self.pieces = {}
        self.inlined = set()
        self.statements = []
        for name, line in exported.recorded.inputs.items():
            self.pieces[line] = Piece(names.new(name))
        labels = zip(self.program.outputs, exported.labels, strict=True)
        self.outputs = {o: label for o, label in reversed([*labels]) if type(o) is Line and o not in self.pieces}

    def run(self):
        """Write all lines."""
        for line in self.program.lines:
            self.add(line)

    def add(self, line):
        piece = self.call(line)
        while len(piece.text) > _LONGEST and self.inlined.intersection(line.parents):
            longest = max(self.inlined.intersection(line.parents), key=lambda o: len(self.pieces[o].text))
            self.assign(longest)
            piece = self.call(line)
        self.pieces[line] = piece
        self.inlined.add(line)
        if self.uses[line] > 1 or len(piece.text) > _SHORT or piece.then or self.name(line):
            self.assign(line)

    def assign(self, line):
        """A statement for a line, by whose name it is known from here on."""
        name = self.names.new(self.name(line)) if self.name(line) else self.names.temporary()
        self.statements.append(self.statement(name, self.pieces[line]))
        if self.pieces[line].then:
            self.statements.append(self.pieces[line].then.format(name))
        self.pieces[line] = Piece(name)
        self.inlined.discard(line)

    def name(self, line):
        """The name that a line should have; None for one of no importance."""
        return self.outputs.get(line) or self.exported.called.get(line)

    def statement(self, name, piece):
        return f"{name} = {piece.text}"

    def call(self, line):
        row = self.rows.get(line.rule.function) or self.rows.get(line.rule.name, type(self).default)
        return row.of([*map(self.piece, line.operands)]) if isinstance(row, Form) else row(self, line)

    def default(self, line):
        raise self.unwritable(line)

    def unwritable(self, line, what=""):
        what = what or _WORDS.get(line.rule.name, line.rule.name)
        return unwritable(what, f"in {self.language}", line.span).at(self.exported.recorded.source)

    def piece(self, operand):
        """What stands for an operand."""
        return self.pieces[operand] if type(operand) is Line else self.constant(operand)

    def text(self, operand, level=CHOICE):
        return self.piece(operand).within(level)


class Names:
    """Names that are given out, each of them once.

    fitting   called as fitting(name): the nearest name that the language allows
    taken     names that must not be given out
    """

    def __init__(self, fitting, taken=()):
        self.fitting, self.taken = fitting, set(taken)
        self.temporaries = (f"t{k}" for k in count(1))

    def new(self, wanted):
        """This name, or one like it."""
        name = self.fitting(wanted)
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def temporary(self):
        return self.new(next(name for name in self.temporaries if name not in self.taken))
