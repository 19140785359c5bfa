"""The chain rule, half done: the claim is the derivative but for a factor that a line of the target accounts for."""

import numpy as np

from ...errors import AdiffError
from ...export.operations import operation
from ...export.symbolic.spelling import spelled
from ...export.symbolic.trees import binary
from ...expression import Expression
from ...language.parser import parse
from ...language.syntax import Name
from ...tracing import partials
from .bench import mapped
from .sweeps import piece, quoted_piece
from .texts import script_text, shortened, tree_of

_INNER = "inner derivative"
_ARGUMENT = "argument_"  # a name that nobody has given to a variable


def find(case):
    """The first factor that explains everything: an inner derivative, that of one step, a value."""
    if not case.sweeps:
        return None
    return stopped(case) or next((c for kind in (_inner, _outer, _values) if (c := _factor(case, kind))), None)


def stopped(case, only_way=False):
    """The claim is the derivative by a line: what is further in was not derived.

    only_way  only where the derivative goes through that line alone, entry by entry
    """
    tangents = _tangents(case) if case.sweeps else []
    for i, line in enumerate(case.sweeps[0].lines[:-1] if case.sweeps else ()):
        if case.equals(lambda k: case.yours[k], [sweep.adjoints[i] for sweep in case.sweeps]):
            if case.holds(lambda k, i=i: case.yours[k] * tangents[k][i]):
                return _cause(case, (_INNER, f"of {quoted_piece(case, line)}"), True, _slope(case, line))
            if not only_way:
                return _cause(case, ("chain rule", f"through {quoted_piece(case, line)}"), True, None)
    return None


def _factor(case, kind):
    for words, factors, text in kind(case):
        if kind is not _inner and _is_constant(factors):
            continue  # a factor that is told as such
        if all(_fits(f, true) for f, true in zip(factors, case.true, strict=True)):
            for missing in (True, False):
                operator = np.multiply if missing else np.true_divide
                if case.holds(lambda k, f=factors, o=operator: o(case.yours[k], f[k])):
                    return _cause(case, words, missing, text())
    return None


def _is_constant(factors):
    """Whether factors are one number everywhere."""
    first = np.ravel(factors[0])[:1]
    return all(factor is not None and np.all(factor == first) for factor in factors)


def _fits(factor, true):
    """Whether a factor is one number, or one for each component."""
    return factor is not None and np.shape(factor) in ((), true.shape)


# --- kinds of factors: (words before and after its text, the factor at each point, what gives the text)


def _inner(case):
    """The derivatives of lines by the variable, where entry depends on entry."""
    tangents = _tangents(case)
    for i, line in enumerate(case.sweeps[0].lines[:-1]):
        words = _INNER, f"of {quoted_piece(case, line)}"
        yield words, [t[i] for t in tangents], lambda line=line: _slope(case, line)


def _tangents(case):
    """How each line moves when all of the variable does, at each point."""
    name = case.names[0]
    return [
        recorded.pushed(sweep.lines, {name: np.ones_like(sweep.input.value)})
        for recorded, sweep in zip(case.recorded, case.sweeps, strict=True)
    ]


def _outer(case):
    """The derivatives of lines by what they are made of."""
    slopes = [[partials(line) for line in sweep.lines] for sweep in case.sweeps]
    for i, line in enumerate(case.sweeps[0].lines):
        for j, operand in enumerate(slopes[0][i]):
            words = "derivative", f"of {quoted_piece(case, line)} by {shortened(piece(case, operand))}"
            factors = [list(s[i].values())[j] for s in slopes]
            yield words, factors, lambda line=line, operand=operand: _step(case, line, operand)


def _values(case):
    """The values of lines and variables, and their squares."""
    inputs = [list(recorded.inputs.values()) for recorded in case.recorded]
    for lines in zip(*(i + s.lines for i, s in zip(inputs, case.sweeps, strict=True)), strict=True):
        text = piece(case, lines[0])
        for factor, square in ((text, False), (f"({text})^2", True)):
            values = [line.value**2 if square else line.value for line in lines]
            yield (f"factor {shortened(factor)}", ""), values, lambda t=factor: t


# --- words


def _cause(case, words, missing, text):
    """A Cause; the text of the factor stands between two parts of words, where it is not among them."""
    tree = tree_of(text) if text and case.claim is not None else None
    mended = None
    if tree is not None:
        script = case.claim.script
        mended = script_text(script._replace(result=binary("*" if missing else "/", script.result, tree)))
    shown = shortened(text) if text and words[1] else ""
    said = " ".join(filter(None, ("the", words[0], shown, words[1], "is missing" if missing else "is one too many")))
    return case.cause("chain", said, case.simplest(mended), "yours times it" if missing else "yours divided by it")


def _slope(case, line):
    """The derivative of a line by the variable as a formula, where entry depends on entry; None where there is none."""
    if line.span is None or not isinstance(case.target, Expression):
        return None
    return _derivative(case, piece(case, line), case.names[0], np.ndim(line.value), {})


def _step(case, line, operand):
    """The derivative of a line by one operand as a formula."""
    if line.span is None or not isinstance(case.target, Expression):
        return None
    names = {o: f"({piece(case, o)})" for o in line.parents} | {operand: _ARGUMENT}
    text = operation(line, names, case.target.source)
    text = _derivative(case, text, _ARGUMENT, np.ndim(line.value), {_ARGUMENT: operand.value})
    if text is None:
        return None
    inner = tree_of(piece(case, operand))
    if inner is None:
        return None
    return spelled(mapped(tree_of(text), lambda n: inner if type(n) is Name and n.name == _ARGUMENT else n))


def _derivative(case, text, name, rank, values):
    """The derivative of a piece of the target by a name, entry by entry, as a formula without definitions."""
    try:
        script = parse(f"sum({text})" if rank else text)
        script = script._replace(definitions=case.target.script.definitions)
        found = case.formula(Expression(script_text(script)), (name,), values)
    except AdiffError:
        return None
    return found if found and tree_of(found) is not None and "ones(" not in found else None
