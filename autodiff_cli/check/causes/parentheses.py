"""A pair of parentheses that is missing, one too many, or in another place: a/b*c for a/(b*c), -x^2 for (-x)^2."""

from itertools import chain, islice

from ...errors import AdiffError
from ...language.parser import automaton, parse
from .texts import script_text

_TRIES = 300
_SIGNS = "+ - * / % @ ^ ** · × − < > <= >= == != ≤ ≥ ≠ and or not if else"
_OPERATORS = frozenset(_SIGNS.split())
_OPENING = frozenset(("(", "[", ",", ";", "="))
_CLOSING = frozenset((")", "]", ",", ";", ""))


def find(case):
    """The shortest formula that is right, of those with the same signs in the same order."""
    if case.claim is None:
        return None
    source = case.claim.source
    texts = dict.fromkeys(chain(_removed(source), _added(source), _moved(source)))
    scripts = filter(None, (_near(case, text) for text in islice(texts, _TRIES)))
    found = next((text for text in sorted(map(script_text, scripts), key=len) if case.is_right(text)), None)
    return found and case.cause("parentheses", "parentheses are missing or misplaced", found)


def _near(case, text):
    """The script of a text, if it has the value of the derivative at the first point that is tried."""
    try:
        script = parse(text)
    except AdiffError:
        return None
    value = case.bench.of(script, text)
    return script if value is not None and case.is_near(value, case.probe) else None


def _added(source):
    """With one pair more, around an operator at least."""
    tokens = _tokens(source)
    for i, (_, start, _) in enumerate(tokens):
        if i and tokens[i - 1][0] not in _OPERATORS | _OPENING:
            continue
        for end in _ends(tokens, i):
            yield f"{source[:start]}({source[start:end]}){source[end:]}"


def _ends(tokens, first):
    """Where a pair may close that opens before a token."""
    depth, operators = 0, 0
    for (spelling, _, end), (following, *_) in zip(tokens[first:], [*tokens[first + 1 :], ("",)], strict=True):
        depth += (spelling in ("(", "[")) - (spelling in (")", "]"))
        if depth < 0:
            return
        if depth == 0:
            operators += spelling in _OPERATORS
            if operators and spelling not in _OPERATORS | _OPENING and following in _OPERATORS | _CLOSING:
                yield end


def _removed(source):
    """With one pair less, not that of a call."""
    opened = []
    for spelling, start, is_call in _parentheses(source):
        if spelling == "(":
            opened.append((start, is_call))
        elif opened:
            first, is_call = opened.pop()
            if not is_call:
                yield source[:first] + source[first + 1 : start] + source[start + 1 :]


def _moved(source):
    """With one of a pair somewhere else, where the pairs still make sense."""
    tokens = [token for token in _tokens(source) if token[0] not in _OPERATORS | _OPENING]
    for spelling, start, is_call in _parentheses(source):
        rest = source[:start] + source[start + 1 :]
        for _, begins, ends in () if is_call else tokens:
            place = ends if spelling == ")" else begins
            place -= place > start
            text = rest[:place] + spelling + rest[place:]
            if "()" not in text and _is_balanced(text):
                yield text


def _parentheses(source):
    """(spelling, start, whether it opens the arguments of a call) of each one."""
    before = ""
    for spelling, start, _ in _tokens(source):
        if spelling in ("(", ")"):
            yield spelling, start, spelling == "(" and before.isidentifier() and before not in _OPERATORS
        before = spelling


def _is_balanced(text):
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            return False
    return depth == 0


def _tokens(source):
    return [(spelling, start, end) for kind, spelling, start, end in automaton().tokens(source) if spelling]
