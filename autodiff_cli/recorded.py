"""An expression recorded at a point, and its derivatives there: where the commands meet the engine.

What only some derivatives need is imported where it is used: most of a command's time is imports.
"""

from itertools import product
from math import factorial, isfinite
from typing import NamedTuple

import numpy as np

from .engine import trouble
from .engine.differentiate import vjp
from .engine.program import Line, Program, ancestors, input_line
from .engine.recording import Recording
from .engine.tensor import Tensor
from .language.arguments import check_size
from .language.values import as_floats


class Recorded(NamedTuple):
    """An expression at a point: its lines, from the inputs by name to the output.

    source      the text
    output      a Line, or a plain value where the expression depends on no variable
    simplified  the output as it is differentiated
    function    how it is called, where the text is that of a file with a Python function; else empty
    remarks     what was noticed while it was recorded
    derived     pairs of lines, y and x, for each derivative of y by x that is taken in it
    unbounded   the Span of the first piece without variables that is not finite; None where all are

    Derivatives are nan where the function itself is not defined, though their formula may go on: 1/x has a value
    at -1, and log(x) has none.
    """

    source: str
    inputs: dict
    output: object
    simplified: object
    function: str = ""
    remarks: tuple = ()
    derived: tuple = ()
    unbounded: object = None

    @property
    def value(self):
        """The value as an array (or a NumPy scalar)."""
        value = self.output.value if type(self.output) is Line else self.output
        return as_floats(value, self.source)[()] if np.asarray(value).dtype.kind != "f" else np.asarray(value)[()]

    @property
    def varies(self):
        """Whether there is anything to differentiate: a count or a truth value has slope zero."""
        return type(self.output) is Line and self.output.value.dtype.kind == "f"

    def slopes(self, wrt, order):
        """(output, inputs, whether it is of order 1) for each derivative whose kinks are to be told of: those that are
        taken in the expression, and that which is asked, of an order."""
        asked = (self.simplified, [self.inputs[name] for name in wrt], order == 1)
        return [(y, [x], True) for y, x in self.derived] + [asked] * (type(self.output) is Line)

    def value_and_gradient(self, wrt):
        """The value, and the gradient of a scalar."""
        return self.value, self.gradient(wrt)

    def gradient(self, wrt):
        """The gradient of a scalar: arrays by name, each of the shape and dtype of its variable."""
        return self.vjp(np.ones((), np.asarray(self.value).dtype), wrt)

    def vjp(self, cotangent, wrt):
        """The product cotangent @ Jacobian: arrays by name, each of the shape and dtype of its variable."""
        lines = [self.inputs[name] for name in wrt]
        if not self.varies:
            return {name: np.zeros_like(line.value) for name, line in zip(wrt, lines, strict=True)}
        products = vjp([self.simplified], [cotangent], lines, live=_live([cotangent]))
        if np.isnan(self.output.value).any():
            products = map(np.add, products, trouble.undefined(self.output, cotangent, lines))
        return {name: np.array(g) for name, g in zip(wrt, products, strict=True)}

    def jacobian(self, wrt, mode="auto"):
        """Arrays by name, axes of the output before those of the variable. `mode` is forward, reverse or auto."""
        from .engine.jacobian import jacobian

        shape = np.shape(self.value)
        for name in wrt:
            check_size(shape + self.inputs[name].value.shape, f"the Jacobian by {name}")
        if not self.varies:
            return {name: np.zeros(shape + self.inputs[name].value.shape) for name in wrt}
        blocks = jacobian(self.simplified, [self.inputs[name] for name in wrt], mode)
        undefined = self._undefined(wrt)
        return {name: _without(J, undefined[name]) for name, J in zip(wrt, blocks, strict=True)}

    def hessian(self, wrt):
        """The second derivatives of a scalar: hessian[x][y] has the axes of x before those of y."""
        from .engine.jacobian import hessian

        lines = {name: self.inputs[name] for name in wrt}
        size = sum(line.value.size for line in lines.values())
        check_size((size, size), "the Hessian")
        pairs = list(product(wrt, repeat=2))
        if not self.varies:
            return _nested(pairs, [np.zeros(lines[x].value.shape + lines[y].value.shape) for x, y in pairs])
        rows = hessian(self.simplified, list(lines.values()))
        undefined = {name: np.isnan(g) for name, g in self.gradient(wrt).items()}
        masks = (np.logical_and.outer(undefined[x], undefined[y]) for x, y in pairs)
        blocks = (block for row in rows for block in row)
        return _nested(pairs, map(_without, blocks, masks))

    def jvp(self, tangents):
        """The product Jacobian @ tangents: an array of the shape of the value."""
        if not self.varies:
            return np.zeros_like(self.value)
        (product,) = self.pushed([self.simplified], tangents)
        undefined = self._undefined(tangents)
        moved = [_contracted(undefined[name], t != 0, np.ndim(product)) for name, t in tangents.items()]
        return _without(product, np.any(moved, axis=0))

    def hvp(self, tangents, wrt):
        """The product Hessian @ tangents of a scalar: arrays by name."""
        if not self.varies:
            return {name: np.zeros_like(self.inputs[name].value) for name in wrt}
        lines = [self.inputs[name] for name in wrt]
        with Recording():
            gradient = vjp([self.simplified], [np.ones((), self.output.value.dtype)], lines, record=True)
        products = self.pushed(list(map(_line, gradient)), tangents)
        undefined = {name: np.isnan(g) for name, g in self.gradient([*wrt, *tangents]).items()}
        moved = any(np.any(undefined[name] & (t != 0)) for name, t in tangents.items())
        return {name: _without(p, moved & undefined[name]) for name, p in zip(wrt, products, strict=True)}

    def derivative(self, orders, judged=True):
        """One derivative of any order by scalar variables, and how far to trust it.

        orders   the order by each name, as {"x": 2, "y": 1}
        judged   whether digits are looked at, which takes three times as long; without it all are trusted
        Gives (array of the shape of the value, trusted digits, number of directions of Taylor series). Digits are
        those of the worst element, and 0 where one is not finite.
        """
        from .engine.derivatives import ALL_DIGITS, derivative

        orders = {name: n for name, n in orders.items() if n}
        if not orders:
            return self.value, ALL_DIGITS, 0
        if not self.varies:
            return np.zeros_like(self.value), ALL_DIGITS, 0
        lines = {self.inputs[name]: n for name, n in orders.items()}
        array, digits, directions = derivative(self.simplified, lines, judged)
        array = _without(array, np.any(list(self._undefined(orders).values()), axis=0))
        return array, digits if np.isfinite(array).all() else 0, directions

    def taylor(self, name, order, judged=True):
        """Taylor coefficients in one scalar variable, and how far to trust them, if that is `judged`.

        Gives (array of shape (order + 1, *value.shape), trusted digits of each coefficient).
        """
        from .engine.derivatives import ALL_DIGITS, taylor

        if not self.varies:
            return np.stack([self.value] + [np.zeros_like(self.value)] * order), [ALL_DIGITS] * (order + 1)
        coefficients, digits = taylor(self.simplified, self.inputs[name], order, judged)
        higher = [_without(c, self._undefined([name])[name]) for c in coefficients[1:]]
        coefficients = np.stack([coefficients[0], *higher])
        return coefficients, [n if np.isfinite(c).all() else 0 for n, c in zip(digits, coefficients, strict=True)]

    def derivatives(self, name, order):
        """The derivatives 0 to `order` by one scalar variable: an array of shape (order + 1, *value.shape)."""
        from .engine.derivatives import expansion

        if not self.varies:
            return np.stack([self.value] + [np.zeros_like(self.value)] * order)
        line = self.inputs[name]
        found = expansion(self.simplified, [line], [np.ones_like(line.value)], order, factorial)
        undefined = self._undefined([name])[name]
        return np.stack([self.value, *(_without(d, undefined) for d in found[1:])])

    def gradient_program(self, wrt):
        """The Program of the value, and of the gradient of a scalar by each of `wrt`."""
        inputs, lines = self.inputs.values(), [self.inputs[name] for name in wrt]
        if not self.varies:
            return Program(inputs, [self.output, *(np.zeros_like(line.value) for line in lines)])
        with Recording() as recording:
            recording.adopt(ancestors([self.output, self.simplified]))
            one = np.ones((), self.output.value.dtype)
            found = vjp([self.simplified], [one], lines, record=True, given=inputs)
        return Program(inputs, [self.output, *map(line_or_constant, found)])

    @np.errstate(all="ignore")
    def at_tensors(self, inputs):
        """The value again, of Tensors and arrays with the values that it was recorded at."""
        return Program(self.inputs.values(), [self.output])(*inputs)[0]

    # --- programs: functions of arrays in the order of the inputs and of the form that they have here. Each gives what
    # the property or method of its name gives at that point, with the same bits; or None where that must be asked,
    # such as at poles, where zeros are strong that were none where this was recorded.

    def value_program(self):
        from .engine.compiled import compiled

        run = compiled(Program(self.inputs.values(), [self.output]))
        return np.errstate(all="ignore")(lambda *point: as_floats(run(*point)[0])[()])

    def tensor_program(self):
        from .engine.compiled import compiled_for_tensors

        run = compiled_for_tensors(Program(self.inputs.values(), [self.output]))
        return np.errstate(all="ignore")(lambda *point: run(*point)[0])

    def value_and_gradient_program(self, wrt):
        from .engine.compiled import compiled

        run = compiled(self.gradient_program(wrt))

        @np.errstate(all="ignore")
        def value_and_gradient(*point):
            value, *gradient = run(*point)
            finite = isfinite(value) and all([_is_finite(g) for g in gradient])
            return (value[()], dict(zip(wrt, gradient, strict=True))) if finite else None

        return value_and_gradient

    def value_and_gradient_in_blocks(self, wrt):
        from .engine.spread import Spread

        run = Spread(self.gradient_program(wrt))

        def value_and_gradient(*point):
            found = run(*point)
            return found and (found[0][()], dict(zip(wrt, map(np.asarray, found[1:]), strict=True)))

        return value_and_gradient

    def hessian_program(self, wrt):
        from .engine.jacobian import HessianProgram

        program = HessianProgram(self.simplified, list(self.inputs.values()), [self.inputs[name] for name in wrt])
        pairs = list(product(wrt, repeat=2))

        def hessian(*point):
            value, gradient, rows = program(*point)
            if not all(np.isfinite(part).all() for part in (value, *gradient)):
                return None
            return _nested(pairs, (block[()] for row in rows for block in row))

        return hessian

    def pushed(self, lines, tangents):
        """The tangents of lines, as the inputs move."""
        from .engine.forward import jvp

        vectors = list(tangents.values())
        return jvp(lines, [self.inputs[name] for name in tangents], vectors, live=_live(vectors))

    def _undefined(self, wrt):
        """Where the Jacobian does not exist because the function does not: masks by name, of its blocks' shapes."""
        value, lines = np.asarray(self.output.value), [self.inputs[name] for name in wrt]
        masks = [np.zeros(value.shape + line.value.shape, bool) for line in lines]
        for index in map(tuple, np.argwhere(np.isnan(value))):
            cotangent = np.zeros_like(value)
            cotangent[index] = 1
            for mask, g in zip(masks, trouble.undefined(self.output, cotangent, lines), strict=True):
                mask[index] = np.isnan(g)
        return dict(zip(wrt, masks, strict=True))


def _live(seeds):
    """Zeros in a tangent or cotangent mean that nothing moves there, be the slope infinite."""
    return [None if np.all(seed) else np.not_equal(seed, 0) for seed in seeds]


def _line(g):
    """The line of a recorded gradient, which is a plain array where it is constant."""
    return g.line if isinstance(g, Tensor) and g.line is not None else input_line(getattr(g, "value", g))


def line_or_constant(g):
    """What a program has as its output for a recorded gradient."""
    return g if not isinstance(g, Tensor) else g.value if g.line is None else g.line


def _is_finite(g):
    """Whether a sum of squares is, which is the shortest look; one that overflows is as good as an infinity here."""
    return isfinite(np.vdot(g, g) if g.ndim else g)


def _without(array, undefined):
    """An array with nan where it is undefined."""
    return np.where(undefined, np.nan, array)[()] if np.any(undefined) else np.asarray(array)[()]


def _nested(pairs, blocks):
    nested = {}
    for (x, y), block in zip(pairs, blocks, strict=True):
        nested.setdefault(x, {})[y] = block
    return nested


def _contracted(mask, moving, axes):
    """Where some entry of a Jacobian's mask meets a tangent that moves; `axes` of them are the value's."""
    return np.any(mask & moving, axis=tuple(range(axes, mask.ndim)))
