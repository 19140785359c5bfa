"""Lines of a program as sums of products (algebra.py)."""

import numpy as np

from ...engine.program import INPUT, PART, Line, ancestors
from ...engine.rulebook.indexing import index
from ...engine.rules import NO_PARAMS
from .algebra import Unsaid
from .calls import LOGDET, call, literal
from .readings import READINGS

# The functions by which an expression is one of means, and those by which an expression is one of matrices and vectors.
MEANS = {np.mean, np.var, np.std}
PRODUCTS = {np.matmul, np.dot, np.inner, np.outer, np.linalg.inv, np.linalg.solve, np.linalg.det, np.trace}


class Reader:
    """The sums of lines; `known` has those of inputs, and grows."""

    def __init__(self, known):
        self.known = known

    def read(self, line):
        """The sum that a line is."""
        if type(line) is not Line:
            return literal(line)
        if line not in self.known:
            for each in ancestors([line]):
                if each not in self.known:
                    self.known[each] = self._call(each)
        return self.known[line]

    def _call(self, line):
        if line.rule is INPUT:
            raise Unsaid("an array without a name")
        if line.rule is PART:
            return _part(line, self.known)
        if isinstance(line.value, tuple):
            return None  # its parts are read
        operands = [self.known[o] if type(o) is Line else _operand(o) for o in line.operands]
        if line.rule.function is index:
            operands[1:] = line.operands[1:]  # positions, which are no numbers
        return understood(line.rule, operands, line.params)


def _operand(value):
    return value if value is None or isinstance(value, str) else literal(value)


def understood(rule, operands, params=NO_PARAMS):
    """A function of sums: by the way it is read, or as an atom."""
    read = READINGS.get(rule.function)
    found = read(*operands, **params) if read else None
    return call(rule, operands, params) if found is None else found


def _part(line, known):
    """One of several results."""
    whole = line.operands[0]
    if whole.rule.function is np.linalg.slogdet and line.params["index"] == 1:
        return call(LOGDET, [known[whole.operands[0]]])
    raise Unsaid("one of several results")
