"""ad.compile: an expression as a function of arrays with rows, that gives values and gradients."""

from copy import copy

import numpy as np

from .engine import batch
from .errors import AdiffError
from .expression import Expression
from .language.shapes import generic
from .runner import Runner


def compile(expression, wrt=None, *, constants=(), jobs=None):
    """The function of rows that gives the value and gradient of a scalar expression at each of them.

        gradient = ad.compile("x^2*y")
        value, found = gradient(x, y)           # of shape (n,), and {"x": (n,), "y": (n,)}

    expression   text, or an Expression
    wrt          names of the variables to differentiate by; by default all
    constants    names of variables that are the same for all rows; numbers are, by any name
    jobs         threads; by default one for each processor where there are enough rows

    Arrays are given in the order of the expression's variables, or by name. Each has rows as its first axis, and so
    have the value and all derivatives, also those by constants, in the dtype of the arrays. Arrays of JAX, PyTorch and
    CuPy are computed with where they are, and so are others that speak NumPy's protocols.
    Raises AdiffError: for text that is no expression, for arrays that do not fit, for a value that is not a number.
    """
    expression = expression if isinstance(expression, Expression) else Expression(expression)
    wrt = (wrt,) if isinstance(wrt, str) else None if wrt is None else tuple(wrt)
    expression.check_names([*(wrt or ()), *constants])
    return Compiled(expression, wrt, frozenset(constants), jobs)


class Compiled:
    """What `compile` gives. What is learned from the first arrays of a form is kept for the next ones."""

    def __init__(self, expression, wrt, constants, jobs):
        self.expression, self.wrt, self.constants, self.jobs = expression, wrt, constants, jobs
        self._known = {}

    def __repr__(self):
        return f"compile({self.expression.source!r})"

    def __call__(self, *arrays, **named):
        """(value, {name: gradient}) at arrays with rows."""
        point = self.expression.point(arrays, named)
        self.expression.check_point(point)
        library = next(filter(None, map(_library, point.values())), None)
        point = {name: x if hasattr(x, "shape") else np.asarray(x) for name, x in point.items()}
        rows = {name for name, x in point.items() if len(x.shape) and name not in self.constants}
        self._check(point, rows)
        return (self._of_numpy if library is None else self._elsewhere)(point, rows, library)

    def _check(self, point, rows):
        """All arrays must have as many rows."""
        lengths = {name: point[name].shape[0] for name in point if name in rows}
        if not rows:
            raise AdiffError("rows", "no array here has rows", help="ad.parse(...).value_and_grad takes a single point")
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise AdiffError("rows", f"the numbers of rows differ: {counts}",
                             help="constants=[name] is for what is the same for all rows")  # fmt: skip

    def _of_numpy(self, point, rows, _):
        shapes = {name: point[name].shape[1:] for name in point if name in rows}
        form = tuple(shapes.items())
        constants = {name: point[name] for name in point if name not in rows}
        if form not in self._known:
            self._known[form] = Runner(self.expression, "grad", self.wrt, shapes, constants, jobs=self.jobs)
        runner = copy(self._known[form])  # with the plans that are known
        runner.constants = constants
        value, *gradient = runner({name: point[name] for name in shapes})
        return value, dict(zip(self._names(point), gradient, strict=True))

    def _names(self, point):
        return self.wrt or tuple(name for name in self._order() if name in point)

    def _order(self):
        return (*self.expression.variables, *self.expression.constants)

    # --- other libraries

    def _elsewhere(self, point, rows, library):
        usual = max((_dtype(x) for x in point.values() if _library(x) == library), default="float64")
        dtypes = {name: _dtype(x) if _library(x) == library else usual for name, x in point.items()}
        form = tuple((name, x.shape[name in rows :], dtypes[name]) for name, x in point.items())
        key = library, form, frozenset(rows)
        if key not in self._known:
            recorded = self._recorded(form)
            make = {"jax": _of_jax, "torch": _of_torch}.get(library, _of_protocols)
            self._known[key] = make(self.expression, recorded, self._names(point), rows)
        return self._known[key](*(point[name] for name in self._order() if name in point))

    def _recorded(self, form):
        """The expression at made-up numbers of this form, where its value is a number."""
        for shift in (0, 1):
            draw = np.random.default_rng(0)
            made_up = {name: (generic(shape, draw) + shift).astype(dtype) for name, shape, dtype in form}
            recorded, _ = self.expression.ask(made_up, self.wrt, scalar="grad")
            if np.isfinite(recorded.value):
                break
        return recorded


def _library(x):
    """The library of an array that is not NumPy's."""
    name = type(x).__module__.partition(".")[0]
    if name in ("jax", "jaxlib"):
        return "jax"
    if isinstance(x, (np.ndarray, np.generic)) or not (name == "torch" or hasattr(x, "__array_function__")):
        return None
    return name


def _dtype(x):
    """The type that NumPy calls so; numbers that are not floating are computed with as float64."""
    name = str(x.dtype).rpartition(".")[2]
    return name if name in ("float32", "float64") else "float64"


def _written(expression, recorded, wrt, to, leave_out=""):
    """The function of one point that adiff writes for another library."""
    from .export import write
    from .export.exported import exported

    space = {}
    exec(write(exported({}, recorded, wrt), to).replace(leave_out, ""), space)
    return space["value_and_grad"]


def _axes(recorded, rows):
    return tuple(0 if name in rows else None for name in recorded.inputs)


def _of_jax(expression, recorded, wrt, rows):
    import jax

    from .export.jax import JaxWriter

    (setting,) = JaxWriter.prologue  # is the caller's to make
    return jax.jit(jax.vmap(_written(expression, recorded, wrt, "jax", setting), _axes(recorded, rows)))


def _of_torch(expression, recorded, wrt, rows):
    import torch

    return torch.func.vmap(_written(expression, recorded, wrt, "torch"), _axes(recorded, rows))


def _of_protocols(expression, recorded, wrt, rows):
    """NumPy's own functions, which such arrays answer themselves."""
    program = recorded.gradient_program(wrt)
    flags = [name in rows for name in recorded.inputs]

    def call(*points):
        with np.errstate(all="ignore"):
            value, *gradient = (found for found, _ in batch.run(program, points, flags))
        return value, dict(zip(wrt, gradient, strict=True))

    return call
