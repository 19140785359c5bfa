"""Values and derivatives as formulas: text of the language that can be read, pasted back and differentiated again.

None stands for what cannot be said in the language. Every text was read back and computed at the point where the
program was recorded before it is given out: one that does not have the known value there is not.
"""

from functools import cached_property

import numpy as np

from ..engine.program import Line, ancestors
from ..engine.recording import Recording
from ..errors import AdiffError
from ..language.evaluate import Evaluator
from ..language.parser import parse
from .exported import unwritable
from .symbolic.algebra import Named, Unsaid
from .symbolic.calculus import derivatives
from .symbolic.products import single
from .symbolic.reading import MEANS, PRODUCTS, Reader
from .symbolic.sharing import written
from .symbolic.wording import Writer

# What a formula may differ from the number by, for it is computed in another order: parts of it, and where it is 0.
_DIGITS = 1e-7
_ROUNDING = 1e-12


def formula(output, inputs):
    """A line (or a constant) as a formula in the names of `inputs`, {name: Line}; None where there is none."""
    page = _Page(inputs, output)
    return page.text(lambda: page.sum, output.value if type(output) is Line else output)


def gradient_formulas(recorded, wrt):
    """The gradient of a scalar: by name a formula of the shape of the variable, or None."""
    return _first(recorded, wrt, recorded.gradient(wrt))


def write(exported):
    """`f = ...` and `df/dx = ...`, a line for each."""
    recorded = exported.recorded
    lines = [f"f = {formula(recorded.output, recorded.inputs) or exported.source}"]
    for name, text in gradient_formulas(recorded, exported.wrt).items():
        if text is None:
            raise unwritable(f"df/d{name}", "as a formula")
        lines.append(f"df/d{name} = {text}")
    return "\n".join(lines) + "\n"


def jacobian_formulas(recorded, wrt):
    """The Jacobian: by name a formula with the axes of the value before those of the variable, or None."""
    return _first(recorded, wrt, recorded.jacobian(wrt))


def _first(recorded, wrt, numbers):
    page = _Page(recorded.inputs, recorded.output)
    return {name: page.text(lambda name=name: page.slope(name), numbers[name]) for name in wrt}


def hessian_formulas(recorded, wrt):
    """The second derivatives of a scalar: formulas[x][y] has the axes of x before those of y, or is None."""
    page, numbers = _Page(recorded.inputs, recorded.output), recorded.hessian(wrt)
    return {x: {y: page.text(lambda x=x, y=y: page.slope(x, y), numbers[x][y]) for y in wrt} for x in wrt}


def derivative_formula(recorded, orders):
    """One derivative of any order by scalar variables, `orders` by name: a formula of the shape of the value."""
    page = _Page(recorded.inputs, recorded.output)
    names = [name for name, order in orders.items() for _ in range(order)]
    return page.text(lambda: page.slope(*names), recorded.derivative(orders)[0])


class _Page:
    """Formulas of one line, and of its derivatives, in the names of inputs."""

    def __init__(self, inputs, line):
        self.line, self.inputs = line, inputs
        self.atoms = {name: Named(name, np.asarray(line.value)) for name, line in inputs.items()}
        self.slopes = {}

    @cached_property
    def sum(self):
        with Recording():
            known = {line: single(self.atoms[name]) for name, line in self.inputs.items()}
            return Reader(known).read(self.line)

    def slope(self, *names):
        """The derivative by one name after the other."""
        if not names:
            return self.sum
        if names not in self.slopes:
            *first, last = names
            (self.slopes[names],) = derivatives(self.slope(*first), [self.atoms[last]])
        return self.slopes[names]

    def text(self, part, number):
        """The text of what `part()` gives, if there is one and it has this value."""
        try:
            writer = Writer(self.inputs, dots=self.uses(PRODUCTS), means=self.uses(MEANS))
            text = written(writer.complete(part()), self.inputs)
            return text if _is_near(self.value(text), number) else None
        except (Unsaid, AdiffError, np.linalg.LinAlgError, RecursionError):
            return None

    def uses(self, functions):
        """Whether one of these functions is in the expression."""
        lines = ancestors([self.line]) if type(self.line) is Line else ()
        return any(line.rule.function in functions for line in lines)

    def value(self, text):
        point = {name: np.asarray(line.value) for name, line in self.inputs.items()}
        with Recording() as recording, np.errstate(all="ignore"):
            return np.asarray(Evaluator(text, recording).script(parse(text), point))


def _is_near(found, number):
    number = np.asarray(number)
    if found.shape != number.shape:
        return False
    finite = np.isfinite(number)
    scale = np.max(np.abs(number[finite]), initial=0.0)
    digits = max(_DIGITS, 100 * np.finfo(number.dtype).eps) if number.dtype.kind == "f" else _DIGITS
    same = np.isclose(found, number, rtol=digits, atol=digits * scale + _ROUNDING)
    return bool(np.all(np.where(finite, same, ~np.isfinite(found))))
