"""What the builder refuses although the grammar lets it pass: one sentence each, with a cure that can be pasted.

Each function gives the error, those that need a closer look may also find nothing wrong and give None.
"""

import re

from ..errors import AdiffError, Span
from .syntax import Binary, Number, Primed, Text, Unary, is_grouped

LONGEST_QUOTE = 60
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SUBSCRIPTS = re.compile("[₀-ₜᵢ-ᵪ]")


def wrong(message, span, help="", code="syntax"):
    return AdiffError(code, message, span=span, help=help)


def quote(source, start, end):
    """A piece of the source on one line."""
    return shorten(" ".join(source[start:end].split()))


def shorten(text):
    half = LONGEST_QUOTE // 2
    return text if len(text) <= LONGEST_QUOTE else f"{text[:half]} ... {text[-half:]}"


# Two readings


def ambiguous(source, start, end, place, *readings):
    """A text from start to end that can be read in two ways, the cause at `place`, and how to write each."""
    message = f"{quote(source, start, end)} can mean two things"
    return wrong(message, place, f"write {' or '.join(map(shorten, readings))}", "ambiguous")


def ambiguous_quotient(source, left, op, right):
    """`1/2x`: an implicit product after / or %."""
    chain, factors = right, []
    while type(chain) is Unary:
        chain = chain.operand
    while type(chain) is Binary and chain.op == "*":
        factors.append(quote(source, *chain.right.span))
        chain = chain.left
    first, rest = quote(source, right.span.start, chain.span.end), "*".join(reversed(factors))
    above = quote(source, *left.span)
    readings = f"({above}{op}{first})*{rest}", f"{above}{op}({first}*{rest})"
    return ambiguous(source, left.span.start, right.span.end, right.span, *readings)


def ambiguous_root(source, start, operand, exponent):
    """`√x^2`: a power of a root, or the root of a power."""
    while source[operand.span.start] == "√":
        operand = operand.args[0]
    begin, middle, end = operand.span.start, operand.span.end, exponent.span.end
    readings = (
        f"({quote(source, start, middle)}){quote(source, middle, end)}",
        f"{quote(source, start, begin)}({quote(source, begin, end)})",
    )
    return ambiguous(source, start, end, Span(start, end), *readings)


def ambiguous_transpose(source, base, exponent):
    """`x^2'`: the transpose of a power, or of the exponent alone."""
    start, end = base.span.start, exponent.span.end
    mark = next(mark for mark in (".T", "'", "ᵀ") if source.endswith(mark, 0, end))
    power = quote(source, start, end - len(mark))
    readings = f"({power}){mark}", f"{quote(source, start, exponent.span.start)}({quote(source, *exponent.span)})"
    return ambiguous(source, start, end, Span(start, end), *readings)


def ambiguous_product(source, left, right):
    """`x^2y` or `√2x`: what touches may belong to the exponent, or to the root."""
    last = left.right if type(left) is Binary else left.args[0]
    head, tail = quote(source, left.span.start, last.span.start), quote(source, *last.span)
    factor = quote(source, *right.span)
    readings = f"{head}{tail}*{factor}", f"{head}({tail}*{factor})"
    return ambiguous(source, left.span.start, right.span.end, Span(last.span.start, right.span.end), *readings)


# Products without a *


def refused_product(source, left, right):
    """Two operands side by side that are not multiplied without a *."""
    whole = Span(left.span.start, right.span.end)
    first, second = quote(source, *left.span), quote(source, *right.span)
    if Text in (type(left), type(right)):
        return wrong("a comma is missing here", whole, f"write {first}, {second}")
    if left.span.end == right.span.start and leaves_open(source, left, right):
        return ambiguous_product(source, left, right)
    if whole.end - whole.start > LONGEST_QUOTE:
        return wrong("this product needs a *", right.span, "put a * before it")
    listed = f", or {first}, {second} for two elements" if type(left) is type(right) is Number else ""
    return wrong("this product needs a *", whole, f"write {first}*{second}{listed}")


def leaves_open(source, left, right):
    """Whether what touches `left` could as well belong to its exponent or to its root."""
    if source[right.span.start] in "0123456789.":
        return False
    if type(left) is Binary:
        return not is_grouped(left, source) and left.op == "^" and source[left.span.end - 1] not in SUPERSCRIPTS
    return source[left.span.start] == "√" and source[left.args[0].span.start] != "("


def number_elsewhere(source, number):
    """`0x10` and `1_000`, which other languages read as numbers, and the rules here as products."""
    start, end = number.span.start, re.compile("[0-9A-Za-z_]*").match(source, number.span.end).end()
    digits, letters = source[start : number.span.end], source[number.span.end : end]
    if digits == "0" and re.fullmatch("[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+", letters):
        value = str(int(digits + letters, 0)) if len(letters) < LONGEST_QUOTE else "the decimal number"
        readings = value, f"0*{letters}"
    elif grouped := re.fullmatch(r"_([0-9][0-9_]*)(\w*)", letters):
        factor = f"*{grouped[2]}" if grouped[2] else ""
        readings = digits + grouped[1].replace("_", "") + factor, f"{digits}*{letters}"
    else:
        return None
    return ambiguous(source, start, end, Span(start, end), *readings)


# Statements


def unused_value(statement):
    help = "give it a name, as in s = x^2, or delete it: only the last expression is computed"
    return wrong("nothing is done with this value", statement.span, help)


def only_definitions(source, last):
    target = last.name if last.parameters is None else f"{last.name}({', '.join(last.parameters)})"
    return wrong("there are definitions, but no expression", last.span, f"add ; {shorten(target)} at the end")


def no_target(source, target, body):
    """Something before = that is neither a name nor a function with its parameters."""
    if type(target) is Primed:
        message = f"{target.name}' is what {target.name} makes it, and cannot be defined"
        return wrong(message, target.span, f"define {target.name}(t) = ...")
    help = f"to compare, write {quote(source, *target.span)} == {quote(source, *body.span)}"
    if type(target) is Number:
        return wrong("a number cannot be given a value", target.span, help)
    return wrong("only a name, or a function as in f(t, u), can stand before =", target.span, help)


def constant_defined(name, span):
    return wrong(f"{name} is a constant and cannot be defined", span, "choose another name")


def no_parameters(target):
    return wrong(f"the function {target.name} has no parameters", target.span, f"write {target.name} = ...")


def no_parameter(target, argument):
    help = f"write {target.name}(t) = ..., with names between the parentheses"
    return wrong("a parameter must be a name", argument.span, help)


def parameter_twice(argument):
    return wrong(f"there are two parameters called {argument.name}", argument.span, "choose another name for one")


# Numbers and letters


def out_of_range(digits, span):
    kind, help = ("large", "write inf") if float(digits) else ("small", "write 0")
    return wrong(f"{shorten(digits)} is too {kind} for a 64-bit number", span, help)


def strange_letter(name, start):
    """A letter in a name that looks like another, or like a number: ｘ, 𝑥, ½. Subscripts may stay."""
    for place, letter in enumerate(name, start):
        if not letter.isascii() and not SUBSCRIPTS.match(letter):
            plain = plain_spelling(letter)
            if plain.isascii() or not (letter.isalpha() or letter.isdecimal()):
                return unknown_character(letter, Span(place, place + 1))
    return None


def plain_spelling(character):
    import unicodedata

    return unicodedata.normalize("NFKC", character).replace("⁄", "/")


def unknown_character(character, span, help=""):
    """A character that the language does not have; an invisible one is called by its name."""
    import unicodedata

    name = f"U+{ord(character):04X}"
    if character.isprintable() and not unicodedata.combining(character):
        shown = character if character.isascii() else f"{character} ({name})"
    else:
        shown = f"{name} ({unicodedata.name(character, 'a control character').lower()})"
    return wrong(f"unknown character {shown}", span, help or usual_cure(character))


def usual_cure(character):
    """The plain letter or number that a character stands for, or to delete what cannot be seen."""
    import unicodedata

    plain = plain_spelling(character)
    if plain == character or not plain.isascii():
        return "delete it"
    return f"write ^{plain}" if unicodedata.decomposition(character).startswith("<super>") else f"write {plain}"
