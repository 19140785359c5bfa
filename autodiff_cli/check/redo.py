"""The command line that repeats a check, with corrected claims where there are some."""

import shlex

from ..pyfunction import PythonFunction
from ..render.numbers import value_text
from ..usercode.naming import named
from .claims import Formula, Function, Numbers

_MOST = 200  # numbers that are written out
_STDIN = "@-"  # what is read from there cannot be read again
_PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-")
_LIVE = set('"$`\\!')  # what means something between double quotes


def redo(check, findings):
    """A line for a shell; empty where there is none, as for a function that has no name there."""
    words = check.words
    target = _typed_target(words) or _source(check.target)
    corrected = {f.key: f.cause.formula for f in findings if f.cause is not None}
    claims = [_claim(claim, text, corrected) for claim, text in zip(check.claims, _typed(check), strict=True)]
    typed = {name: text for name, text in words.get("values", {}).items() if text.strip() != _STDIN}
    values = {name: typed.get(name) or _value(array) for name, array in check.point.items()}
    if None in (target, *claims, *values.values()):
        return ""
    line = ["adiff", "check", target]
    for claim in claims:
        line += ["--against", claim]
    line += ["--of", check.of] if check.of != "grad" else []
    line += ["--wrt", words["wrt"]] if words.get("wrt") else []
    for name, text in values.items():
        line += [f"{name}={text}"] if name in words.get("taken", ()) else [f"--{name}", text]
    return " ".join(map(quoted, [*line, *_settings(check)]))


def _typed_target(words):
    """The target as it was typed; None where it came from a pipe."""
    return None if words.get("target") == "-" else words.get("target")


def _source(target):
    """How a target is called on the command line; None where it has no name there."""
    return target.source if not isinstance(target, PythonFunction) or named(target.source) else None


def _typed(check):
    """The claims as they were typed, or as they would be."""
    if "against" in check.words:
        return check.words["against"]
    return list(map(_text, check.claims))


def _text(claim):
    if isinstance(claim, Function):
        return claim.text if named(claim.text) else None
    text = _value(claim.array) if isinstance(claim, Numbers) else claim.text
    return text and f"{','.join(claim.keys[0])}={text}"


def _claim(claim, typed, corrected):
    """A claim with its correction, under the name that it has."""
    formula = corrected.get(claim.keys[0]) if len(claim.keys) == 1 else None
    if formula is None:
        return typed
    name = typed.removesuffix(claim.text) if isinstance(claim, Formula) else f"{','.join(claim.keys[0])}="
    return name + formula


def _value(array):
    return value_text(array) if array.size <= _MOST else None


def _settings(check):
    for name in ("rtol", "atol"):
        if getattr(check, name) is not None:
            yield from (f"--{name}", f"{getattr(check, name):g}")
    if check.random != 3:
        yield from ("--random", str(check.random)) if check.random else ("--here-only",)
    if check.seed:
        yield from ("--seed", str(check.seed))
    for name, shape in check.shapes.items():
        yield from ("--shape", f"{name}={'x'.join(map(str, shape)) or 'scalar'}")


def quoted(word):
    """A word as a shell reads it: between double quotes where that is enough, for formulas have single ones."""
    if word and set(word) <= _PLAIN:
        return word
    return shlex.quote(word) if set(word) & _LIVE else f'"{word}"'
