"""`--verbose`: what was understood, from where each value came, by what method it was answered, and in what time."""

import sys
from importlib.metadata import version
from platform import python_version
from time import perf_counter

from .. import __version__
from ..engine.jacobian import goes_forward
from ..language.mismatches import shape_text
from ..render.diagnostic import printable
from .streams import complain

_METHODS = {
    "value": "one pass over the operations",
    "grad": "one reverse sweep",
    "hess": "forward sweeps over a reverse one",
    "jvp": "one forward sweep",
    "vjp": "one reverse sweep",
    "hvp": "one forward sweep over a reverse one",
    "deriv": "Taylor series",
    "taylor": "a Taylor series",
    "trace": "one reverse sweep",
}


def tell_inputs(question, typed):
    """Tell the versions, and what each variable is.

    typed   texts by name, as they stand on the line
    """
    _tell(f"adiff {__version__}, Python {python_version()}, NumPy {version('numpy')}")
    target = question.expression
    if target.function:
        _tell(f"{target.source} is in {target.places.file}")
    for name, array in question.point.items():
        shape = f"has shape {shape_text(array.shape)}" if array.ndim else "is a number"
        _tell(f"{name} {shape}, {array.dtype}, {_origin(typed[name])}")
    for name in target.variables:
        if name not in question.point and question.params["rows"] is None:
            _tell(f"{name} has no value")


def _origin(text):
    place = text.strip()
    if not place.startswith("@"):
        return "as typed"
    return "from standard input" if place == "@-" else f"from {place[1:]}"


def tell_method(question, report):
    """Tell how a Report was found."""
    if report.unbound:
        way = "a formula: the operations of the derivative, simplified"
    elif report.command == "jac":
        way = _ways(question.params["ad"], report)
    else:
        way = _METHODS.get(report.command)
    if way:
        _tell(way)


def _ways(mode, report):
    """The ways of a Jacobian, each with the sizes by which it was chosen."""
    m, ways = report.value.size, []
    for name, block in zip(report.wrt, report.blocks, strict=True):
        n = block.at.size
        ways.append(f"{'forward' if goes_forward(mode, n, m) else 'reverse'} by {name} ({n} in, {m} out)")
    return ", ".join(ways)


def tell_time(question, what):
    """Tell how long something took, since this was told the last time."""
    question.begun, begun = perf_counter(), question.begun
    _tell(f"{1000 * (question.begun - begun):.1f} ms {what}")


def _tell(text):
    complain(f"info: {printable(text)}\n")
    if sys.stderr is not None:
        sys.stderr.flush()
