"""The answer as plain data: what every format shows, and the only thing that a format sees."""

from typing import NamedTuple

from .lettering import symbol

SCHEMA = "adiff/1"


class Remark(NamedTuple):
    """Something that the user should know beside the answer; drawn like an error. `more` is a second line of it."""

    code: str
    message: str
    span: object = None
    label: str = ""
    help: str = ""
    more: str = ""


class Block(NamedTuple):
    """One result under its label.

    label    what stands left of the equals sign: df/dx, d2f/dxdy, vjp_x
    latex    the same in LaTeX
    array    an array or NumPy scalar; None where a variable has no value
    at       the value of the variable that the result belongs to; None where it belongs to no single one
    trusted  how many significant digits are right, where the last ones may not be: of the array, or of each part
    formula  the same in the language, where it is asked for
    """

    label: str
    latex: str
    array: object
    at: object = None
    trusted: list = []
    formula: str | None = None


class Polynomial(NamedTuple):
    """The sum of coefficients[k] * (variable - center)^k; the coefficients may be arrays."""

    variable: str
    center: float
    coefficients: object


class Node(NamedTuple):
    """One line of a trace.

    id        its name
    op        the operation in the language, on names of other nodes; `input` for a variable
    args      the names of those nodes
    text      the piece of the expression that it computes, and where that stands; None where there is none
    value     an array
    adjoint   the derivative of the whole by this; None where none flows
    partials  by a name of args: the derivative of this by that, where it has the shape of one of the two; else None
    to_inputs by a name of args: what this adds to the adjoint of that
    tangent   how this moves with the point; None where it does not depend on what moves, or nothing does
    from_inputs by a name of args: what the tangent of that adds to the tangent of this
    """

    id: str
    op: str
    args: tuple = ()
    text: str | None = None
    span: object = None
    value: object = None
    adjoint: object = None
    partials: dict = {}
    to_inputs: dict = {}
    tangent: object = None
    from_inputs: dict = {}

    @property
    def is_input(self):
        return self.op == "input" and not self.args


class Verdict(NamedTuple):
    """What a check says of one claim.

    verdict   "pass", "fail" or "inconclusive"
    sentence  what follows it
    rows      the names of the components that are shown
    columns   their numbers by title: lists, with None where one is not known
    digits    how many of these are needed to tell the numbers apart
    lines     (word, text): what else there is to say, under its word
    """

    verdict: str
    sentence: str
    rows: tuple = ()
    columns: dict = {}
    digits: int = 6
    lines: tuple = ()


class Report(NamedTuple):
    """The answer to one question.

    command     the name of the command
    source      the expression
    wrt         names of the variables of the derivatives
    value       the value of the expression: an array or NumPy scalar; None where a variable has no value
    shape       its shape
    title       what the blocks are, as the head of a column
    blocks      the derivatives, in the order in which they are shown
    polynomial  of a Taylor series
    record      what JSON has beyond the common keys, in order, with arrays as leaves
    details     the keys of `record` that a table shows under the blocks
    nodes       of a trace: the lines of the expression, in order
    backward    of a trace: the lines that its gradient adds
    verdicts    of a check: a Verdict for each claim
    remarks     Remarks, most important first
    notes       Remarks of less weight
    ranks       how many axes each variable has, where there are formulas
    unbound     names of the variables without values
    assumed     the shapes of those of them that nobody said
    function    how the Python function is called, where it is none of the language
    """

    command: str
    source: str
    wrt: tuple
    value: object
    shape: tuple
    title: str = ""
    blocks: tuple = ()
    polynomial: Polynomial | None = None
    record: dict = {}
    details: tuple = ()
    nodes: tuple = ()
    backward: tuple = ()
    verdicts: tuple = ()
    remarks: tuple = ()
    notes: tuple = ()
    ranks: dict = {}
    unbound: tuple = ()
    assumed: dict = {}
    function: str = ""

    def results(self):
        """The value as a block, and the blocks."""
        return [*([Block("f", "f", self.value)] if self.value is not None else []), *self.blocks]


def partial(orders):
    """Label and LaTeX of a derivative: {"x": 2, "y": 1} is d3f/dx2dy."""
    total = sum(orders.values())
    orders = {name: n for name, n in orders.items() if n} or orders
    below = "".join(f"d{_power(name, n)}" for name, n in orders.items())
    latex_below = r" \, ".join(rf"\partial {symbol(name)}{_exponent(n)}" for name, n in orders.items())
    return f"d{'' if total == 1 else total}f/{below}", rf"\frac{{\partial{_exponent(total)} f}}{{{latex_below}}}"


def _power(name, n):
    """x2 for the second derivative by x, but (x1)2 for that by x1."""
    return name if n == 1 else f"({name}){n}" if name[-1].isdigit() else f"{name}{n}"


def _exponent(n):
    return "" if n == 1 else f"^{{{n}}}"


def product(kind, name):
    """Label and LaTeX of a product with Jacobian or Hessian, the part that belongs to a variable."""
    return f"{kind}_{name}", rf"\mathrm{{{kind}}}_{{{symbol(name)}}}"
