"""Rows of simplify.py that find functions of a matrix in what is made of its eigenvalues or singular values.

Both are smooth where the values are equal, but not through the vectors, which are not determined there.
Singular values are eigenvalues of [[0, A], [A', 0]], which are s and -s, and 0 for the rest.
"""

from typing import NamedTuple

import numpy as np

from .program import PART, Line, ancestors
from .spectral import Elementwise, spectral_map
from .tensor import wrap


class Part(NamedTuple):
    """One of the results of a call; the only one for None."""

    line: Line
    index: int | None

    @property
    def role(self):
        return self.line.rule.function, self.index


_EIGENVALUES = {(np.linalg.eigh, 0), (np.linalg.eigvalsh, None)}
_SINGULAR_VALUES = {(np.linalg.svd, 1), (np.linalg.svd, None), (np.linalg.svdvals, None)}


def part_of(line):
    return Part(line.operands[0], line.params["index"]) if line.rule is PART else Part(line, None)


# --- the rows


def function_of_matrix(build, params, left, right):
    """(v * f(w)) @ v' is the function f of the matrix whose w and v these are, in any of the ways to scale v.

    (u * f(s)) @ vt is the upper right corner of the odd function f of [[0, A], [A', 0]], and u @ vt that of the sign.
    """
    if type(left) is not Line or type(right) is not Line:
        return None
    vectors, c = _scaled_columns(left)
    decomposition, index = part_of(vectors)
    if decomposition.rule.function is np.linalg.eigh and index == 1 and _transposed(right) is vectors:
        return _rewritten(Part(decomposition, 0), c, lambda y: y)
    if decomposition.rule.function is np.linalg.svd and index == 0 and part_of(right) == (decomposition, 2):
        m = len(decomposition.operands[0].value)
        return _rewritten(Part(decomposition, 1), c, lambda y: y[:m, m:], _odd)
    return None


def sum_of_function(build, params, c):
    """sum(f(w)) is the trace of f of the matrix; sum(f(s)) is half that of the even function f of [[0, A], [A', 0]]."""
    if type(c) is not Line or np.ndim(c.value) != 1 or params.get("keepdims"):
        return None
    values = _values_behind(c)
    if values is None:
        return None
    if values.role in _EIGENVALUES:
        return _rewritten(values, c, np.trace)
    return _rewritten(values, c, lambda y: 0.5 * np.trace(y), _even)


def _rewritten(values, c, finish, extend=None):
    """The line that makes the same of c, an elementwise function of the values; None where it is not one."""
    a = values.line.operands[0]
    plain = type(a) is Line and np.ndim(a.value) == 2 and a.value.dtype == np.float64
    found = _as_function(c, values) if plain and "UPLO" not in values.line.params else None
    if found is None:
        return None
    f, numbers = found
    matrix = wrap(a)
    if extend is not None:
        if len(set(np.shape(a.value))) > 1 and not _is_smooth_at_zero(f):
            return None
        matrix, f = _dilation(matrix), extend(f)
    return finish(spectral_map(matrix, *[np.reshape(wrap(number), ()) for number in numbers], f=f)).line


def _dilation(a):
    m, n = np.shape(a)
    above = np.concatenate([np.zeros((m, m)), a], axis=1)
    return np.concatenate([above, np.concatenate([np.transpose(a), np.zeros((n, n))], axis=1)])


def _is_smooth_at_zero(f):
    """Whether f can be asked at the eigenvalues 0 that the dilation of a matrix with unequal sides has besides."""
    others = [line.value for line in f.program.inputs[1:]]
    return all(np.isfinite(g(0.0, *others)) for g in (f, f.slope(), f.slope().slope()))


def _odd(f):
    """f of positive numbers, continued as an odd function."""
    return f.remade(lambda x, *others: np.where(x < 0, -f.program(-x, *others)[0], f.program(x, *others)[0]))


def _even(f):
    return f.remade(lambda x, *others: f.program(np.abs(x), *others)[0])


# --- what an elementwise function is made of


def _as_function(c, values):
    """c as an Elementwise of the values, and the lines of further numbers in it; None where it is not elementwise."""
    chain, moved = [], set()
    for line in ancestors([c]) if type(c) is Line else ():
        if part_of(line) == values:
            moved.add(line)
        elif not moved.isdisjoint(line.parents):
            if _is_elementwise(line):
                moved.add(line)
                chain.append(line)
            elif line.rule.kind != "constant":
                return None
    others = [o for line in chain for o in line.operands if o not in moved] if c in moved else [c]
    if any(np.size(_value(o)) != 1 for o in others):
        return None
    numbers = {o: np.reshape(o.value, ()) for o in others if type(o) is Line}
    return Elementwise.record(_replay(chain, c, moved, numbers), 1.0, *numbers.values()), list(numbers)


def _replay(chain, c, moved, numbers):
    """The chain of lines that ends in c as a function of numbers."""
    sources = moved.difference(chain)

    def call(x, *others):
        known = {**dict.fromkeys(sources, x), **dict(zip(numbers, others, strict=True))}

        def see(operand):
            return known[operand] if type(operand) is Line else np.reshape(operand, ())[()]

        for line in chain:
            known[line] = line.rule.call(*map(see, line.operands), **line.params)
        return see(c)

    return call


def _values_behind(line):
    """The eigenvalues or singular values that a line is made of, element by element; None where there are none."""
    waiting, seen = [line], {line}
    while waiting:
        line = waiting.pop()
        values = part_of(line)
        if values.role in _EIGENVALUES or values.role in _SINGULAR_VALUES:
            return values
        new = [o for o in line.parents if o not in seen] if _is_elementwise(line) else []
        seen.update(new)
        waiting += new
    return None


def _is_elementwise(line):
    rule = line.rule
    return rule.kind == "elementwise" or rule.function is np.where or isinstance(rule.function, np.ufunc)


# --- forms


def _scaled_columns(line):
    """(v, c) of v * c with a vector c, or of v @ diag(c); for anything else the line itself, scaled by 1."""
    if all(type(o) is Line for o in line.operands):
        if line.rule.function is np.multiply:
            for v, c in (line.operands, line.operands[::-1]):
                if v.rule is PART and np.ndim(c.value) == 1:
                    return v, c
        if line.rule.function is np.matmul and line.operands[1].rule.function is np.diag:
            return line.operands[0], line.operands[1].operands[0]
    return line, 1.0


def _transposed(line):
    """What a line transposes."""
    flips = line.rule.function is np.matrix_transpose or (line.rule.function is np.transpose and not line.params)
    return line.operands[0] if flips else None


def _value(operand):
    return operand.value if type(operand) is Line else operand
