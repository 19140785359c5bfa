"""What the rules of the grammar make of their parts.

The automaton calls the method that a rule names after its arrow, with the place of the whole and with the parts
that mean something: nodes, and the spelling of tokens. What a grammar cannot say is checked here: which products
may go without a *, and what a definition may define.
"""

from math import isinf

from ..errors import Span
from .syntax import (
    CONSTANTS,
    Array,
    Binary,
    Call,
    Choice,
    Compare,
    Define,
    Index,
    Keyword,
    Name,
    Number,
    Primed,
    Script,
    Slice,
    Text,
    Tuple,
    Unary,
    is_grouped,
)

CANONICAL = {"**": "^", "·": "*", "×": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!="}
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
TRANSPOSES = ("'", "ᵀ", ".T")


def refuse(reason, *about):
    """Raise a refusal, if a closer look finds a reason; the module is loaded only when something may be wrong."""
    from . import refusals

    error = getattr(refusals, reason)(*about)
    if error is not None:
        raise error


class Builder:
    """One method for each action of the grammar, for the tree of one text."""

    def __init__(self, source):
        self.source = source

    def collect(self, span, first, *rest):
        """The parts of a repetition, in a list that grows in place: a copy for each part would take quadratic time."""
        if type(first) is not list:
            return [first, *rest]
        first.extend(rest)
        return first

    # Statements

    def script(self, span, *statements):
        *definitions, result = statements
        for statement in definitions:
            if type(statement) is not Define:
                refuse("unused_value", statement)
        if type(result) is Define:
            refuse("only_definitions", self.source, result)
        return Script(tuple(definitions), result, span)

    def definition(self, span, target, body):
        if type(target) is Name and not is_grouped(target, self.source):
            name, parameters = target.name, None
        elif type(target) is Call and self.source.startswith(target.name, target.span.start):
            name, parameters = target.name, self.parameters(target)
        else:
            refuse("no_target", self.source, target, body)
        if name in CONSTANTS:
            refuse("constant_defined", name, target.span)
        return Define(name, parameters, body, span)

    def parameters(self, target):
        if not target.args:
            refuse("no_parameters", target)
        names = {}
        for argument in target.args:
            if type(argument) is not Name or is_grouped(argument, self.source):
                refuse("no_parameter", target, argument)
            if argument.name in CONSTANTS:
                refuse("constant_defined", argument.name, argument.span)
            if argument.name in names:
                refuse("parameter_twice", argument)
            names[argument.name] = argument
        return tuple(names)

    # Operators

    def choice(self, span, yes, condition, no):
        return Choice(yes, condition, no, span)

    def binary(self, span, left, op, right):
        return Binary(CANONICAL.get(op, op), left, right, span)

    def unary(self, span, op, operand):
        return Unary(CANONICAL.get(op, op), operand, span)

    def comparison(self, span, first, *links):
        ops = tuple(CANONICAL.get(op, op) for op in links[::2])
        return Compare(ops, (first, *links[1::2]), span)

    def refused_quotient(self, span, left, op, right):
        refuse("ambiguous_quotient", self.source, left, op, right)

    def implicit(self, span, left, right):
        """A product without a *, if it is one of those that the grammar's remark allows."""
        begins, follows = self.source[left.span.start], self.source[right.span.start]
        before_name = follows not in '0123456789."('
        touching = left.span.end == right.span.start
        if type(left) is Number and begins != "(" and (before_name or follows == "("):
            if touching and (follows == "_" or (begins == "0" and follows in "xXbBoO")):
                refuse("number_elsewhere", self.source, left)
        elif touching or not before_name or begins in '(["':
            refuse("refused_product", self.source, left, right)
        return Binary("*", left, right, span)

    def power(self, span, base, op, exponent):
        if self.source[base.span.start] == "√":
            refuse("ambiguous_root", self.source, base.span.start, base.args[0], exponent)
        if self.source.endswith(TRANSPOSES, exponent.span.start, exponent.span.end):
            refuse("ambiguous_transpose", self.source, base, exponent)
        return Binary("^", base, exponent, span)

    def root(self, span, operand):
        if type(operand) is Binary and not is_grouped(operand, self.source):
            refuse("ambiguous_root", self.source, span.start, operand.left, operand.right)
        return Call("sqrt", Span(span.start, span.start + 1), (operand,), span)

    # What follows an operand

    def transpose(self, span, operand, mark):
        return Unary("'", operand, span)

    def superscript(self, span, base, digits):
        place = Span(span.end - len(digits), span.end)
        exponent = self.number(place, digits.removeprefix("⁻").translate(DIGITS))
        return Binary("^", base, Unary("-", exponent, place) if digits[0] == "⁻" else exponent, span)

    def index(self, span, operand, *items):
        if len(items) == 1 and type(items[0]) is Tuple:
            items = items[0].items  # x[(i, j)] is x[i, j], as in NumPy
        return Index(operand, items, span)

    def slice(self, span, *parts):
        bounds, place = [None, None, None], 0
        for part in parts:
            if part == ":":
                place += 1
            else:
                bounds[place] = part
        return Slice(*bounds, span)

    def dots(self, span, dots):
        return ...

    # Operands

    def number(self, span, digits):
        value = float(digits)
        if isinf(value) or (value == 0 and digits.lower().partition("e")[0].strip("0.")):
            refuse("out_of_range", digits, span)
        return Number(value, span)

    def name(self, span, name):
        return Name(self.letters(name, span), span)

    def text(self, span, quoted):
        return Text(quoted[1:-1], span)

    def call(self, span, name, *args):
        place = Span(span.start, span.start + len(name))
        return Call(self.letters(name, place), place, args, span)

    def primed(self, span, name, *args):
        letters = name.rstrip("'")
        place = Span(span.start, span.start + len(letters))
        return Primed(self.letters(letters, place), place, len(name) - len(letters), args, span)

    def keyword(self, span, name, value):
        return Keyword(self.letters(name, span), value, span)

    def group(self, span, inner):
        """Parentheses make no node: they widen the place of what they hold."""
        return inner._make((*inner[:-1], span))

    def tuple(self, span, *items):
        return Tuple(items, span)

    def array(self, span, *items):
        return Array(items, span)

    def letters(self, name, span):
        """A name, if all its letters are what they look like."""
        if not name.isascii():
            refuse("strange_letter", name, span.start)
        return name
