"""Text to tree: the tokens of a text drive the tables made from grammar/adiff.lark.

This is the classic LR automaton: a stack of states, and for each state and token either a shift, or a reduction by
a rule. It never calls itself, so the depth of a formula is bounded by memory alone.
"""

import re
from functools import cache

from ..errors import AdiffError, Span
from .builder import Builder
from .tables import load_tables

END = "$END"
START = NOWHERE = 0  # nothing leads back to the state in which a text begins
DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}


def parse(text):
    """The `Script` that a text stands for.

    Raises AdiffError with the place in the text and a cure: `empty` when there is no expression, `encoding` for what
    is no text, `ambiguous` for what can be read in two ways, and otherwise `syntax`.
    """
    try:
        check_characters(text)
        return automaton().run(text)
    except AdiffError as error:
        raise error.at(text) from None


def check_characters(text):
    """Refuse what only looks like text: bytes that were no UTF-8, and NUL."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise complaints().not_utf8(text, error.start) from None
    if "\0" in text:
        raise complaints().nul(text.index("\0"))


def complaints():
    """The module that puts errors into words, loaded only when there is one."""
    from . import complaints

    return complaints


@cache
def automaton():
    """The automaton of this process, made when first asked for."""
    return Automaton(load_tables())


class Automaton:
    """The tables, ready to run."""

    def __init__(self, tables):
        self.states, self.rules = tables["states"], tables["rules"]
        self.literals, self.ignored = tables["literals"], frozenset(tables["ignored"])
        self.scan = re.compile(tables["pattern"]).finditer

    def tokens(self, text):
        """Kind, spelling, start and end of each token; a character that begins none has the kind None."""
        depth = 0
        for match in self.scan(text):
            spelling = match.group()
            kind = self.literals.get(spelling)
            if kind is not None:
                depth += DEPTH.get(spelling, 0)
            else:
                kind = match.lastgroup
                if kind in self.ignored or (kind == "_SEPARATOR" and depth > 0 and ";" not in spelling):
                    continue  # inside brackets a line break is a blank
            yield kind, spelling, *match.span()
        yield END, "", len(text), len(text)

    def run(self, text):
        """The tree of a text."""
        states, rules = self.states, self.rules_for(Builder(text))
        path, values, starts, last = [START], [], [], 0
        for kind, spelling, start, end in self.tokens(text):
            while (step := states[path[-1]].get(kind, NOWHERE)) < 0:
                symbol, size, kept, action = rules[~step]
                if action is None:  # one part, which stands for itself
                    path[-1] = states[path[-2]][symbol]
                else:
                    reduce(values, starts, last, size, kept, action)
                    del path[-size:]
                    path.append(states[path[-1]][symbol])
            if step == NOWHERE:
                raise complaints().unexpected(text, start, self.tokens(text))
            path.append(step)
            values.append(spelling)
            starts.append(start)
            last = end
        return values[0]

    def rules_for(self, builder):
        """The rules with their actions bound to one builder."""
        return [(symbol, size, kept, action and getattr(builder, action)) for symbol, size, kept, action in self.rules]


def reduce(values, starts, last, size, kept, action):
    """Put in place of the last values what an action makes of those that are kept."""
    if size == 1:
        values[-1] = action(Span(starts[-1], last), values[-1])
        return
    parts = values[-size:]
    if len(kept) != size:
        parts = [parts[place] for place in kept]
    if type(parts[-1]) is list:
        parts[-1:] = parts[-1]  # a list is what `collect` made of a repetition
    values[-size:] = [action(Span(starts[-size], last), *parts)]
    del starts[len(starts) - size + 1 :]
