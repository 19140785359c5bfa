"""Claimed derivatives as they are typed: FORMULA, x=FORMULA, x,y=FORMULA, numbers, or FILE.py:NAME."""

import re

from ..errors import AdiffError

_NAMED = re.compile(r"\s*([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)?)\s*=(?!=)(.*)", re.DOTALL)
_NUMBERS = re.compile(r"\s*(@.*|[-+\d.eE\s,;\[\]]*[,;\[][-+\d.eE\s,;\[\]]*)", re.DOTALL)


def read(texts, question):
    """The claims of --against as `ad.check` takes them: one that stands alone, or a dict by name."""
    if not texts:
        help = 'add the derivative that you have found: --against "2*x", or --against x=FORMULA'
        raise AdiffError("usage", "there is nothing to check", help=help)
    named = [_name_and_claim(text, question.expression) for text in texts]
    if len(named) == 1 and named[0][0] is None:
        return _claim(named[0][1], question)
    found = {}
    for name, text in named:
        if name is None:
            raise AdiffError("usage", "several claims need the names of their variables", help=f"--against x={text}")
        if name in found:
            raise AdiffError("bound-twice", f"two claims are made for {name}", help="keep one of them")
        found[name] = _claim(text, question)
    return found


def _name_and_claim(text, target):
    """`x=FORMULA` in two; None where there is no name, as in a formula that begins with a definition."""
    match = _NAMED.fullmatch(text)
    known = (*target.variables, *target.constants)
    if match is None or ((";" in match[2] or "\n" in match[2]) and match[1] not in known):
        return None, text
    return match[1].replace(" ", ""), match[2].strip()


def _claim(text, question):
    return question.read("against", text) if _NUMBERS.fullmatch(text) else text
