"""What is asked about: a function of arrays with names, recorded at any point."""

from collections import Counter

from . import asked
from .errors import AdiffError, nearest, shortened
from .kept import GRADIENT, HESSIAN, VALUE, as_array


class Target:
    """A function of arrays with names, written as an expression or in Python, that can be asked for derivatives.

    source      the text that names it: the expression, or FILE.py:NAME
    variables   names of its arguments that need a value, in order
    constants   names of those that have one; a value given to one of them makes it a variable

    Points are given as one dict or as keywords: numbers, nested lists or arrays, which become float64
    (float32 arrays stay). Every method raises AdiffError with a message, a place in the text, and help.

    Each kind of target has a `record`, `shapes`, an `unbound` and a `check_scalar` of its own.
    """

    general = True  # whether what is recorded at one point holds at others
    definitions = {}  # names that the text gives to pieces of itself, by Span
    function = ""  # how it is called, where it is one of Python's
    counts = ()  # names of arguments that are whole numbers, by which there are no derivatives

    def __init__(self, source, variables, constants):
        self.source, self.variables, self.constants = source, variables, constants

    def __repr__(self):
        return f"{type(self).__name__}({self.source!r})"

    def value(self, point=None, /, **named):
        """The value at a point: a NumPy scalar or an array of its own."""
        return self._answer(VALUE, {**(point or {}), **named})

    def grad(self, point=None, /, wrt=None, **named):
        """The gradient of a scalar expression at a point: a dict of arrays by variable name.

        wrt   a name or several; by default all variables of the point. Each gradient has the shape and
              dtype of its variable. Raises AdiffError (not-scalar) where the value is not one number.
        """
        return self._answer(GRADIENT, {**(point or {}), **named}, wrt)[1]

    def value_and_grad(self, point=None, /, wrt=None, **named):
        """(value, gradient) of a scalar expression at a point, as `value` and `grad` give them."""
        return self._answer(GRADIENT, {**(point or {}), **named}, wrt)

    def jacobian(self, point=None, /, wrt=None, ad="auto", **named):
        """The Jacobian at a point: a dict of arrays by variable name, of shape value.shape + variable.shape.

        wrt   a name or several; by default all variables of the point
        ad    "forward", "reverse", or "auto": the one that costs less
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        return recorded.jacobian(wrt, asked.mode(ad))

    def hessian(self, point=None, /, wrt=None, **named):
        """The Hessian of a scalar expression: hessian["x"]["y"] is d2f/dxdy, of shape x.shape + y.shape.

        wrt   a name or several; by default all variables of the point
        """
        return self._answer(HESSIAN, {**(point or {}), **named}, wrt)

    def jvp(self, point=None, /, tangents=None, wrt=None, **named):
        """Jacobian @ tangents, the derivative along a direction: an array of the shape of the value.

        tangents   arrays by variable name, each of the shape of its variable; those left out are zero.
                   With one variable its tangent may stand alone.
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt, named=tangents)
        return recorded.jvp(asked.tangents(tangents, recorded, wrt, "jvp"))

    def vjp(self, point=None, /, cotangent=None, wrt=None, **named):
        """cotangent @ Jacobian: a dict of arrays by variable name, each of the shape of its variable.

        cotangent   an array of the shape of the value; 1 by default where the value is one number
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        return recorded.vjp(asked.cotangent(cotangent, recorded), wrt)

    def hvp(self, point=None, /, tangents=None, wrt=None, **named):
        """Hessian @ tangents of a scalar expression: a dict of arrays by variable name.

        tangents   as for jvp
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt, scalar="hvp", named=tangents)
        return recorded.hvp(asked.tangents(tangents, recorded, wrt, "hvp"), wrt)

    def derivatives(self, point=None, /, order=1, wrt=None, **named):
        """f, f', f'', ... up to an order, by one variable that is a number: an array of shape
        (order + 1, *value.shape)."""
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        return recorded.derivatives(asked.only_variable(recorded, wrt, "derivatives"), asked.degree(order))

    def partial(self, point=None, /, wrt=(), **named):
        """One derivative of any order by variables that are numbers: an array of the shape of the value.

        wrt   the variables to differentiate by, one after the other: ["x", "x", "y"] for d3f/dx2dy
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        return recorded.derivative(asked.orders(Counter(wrt), recorded, wrt, "partial"), judged=False)[0]

    def taylor(self, point=None, /, order=5, wrt=None, **named):
        """The Taylor coefficients about a point in one variable that is a number, up to an order.

        An array of shape (order + 1, *value.shape): f(x) is near the sum of coefficients[k] * (x - point)^k.
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        name = asked.only_variable(recorded, wrt, "taylor")
        return recorded.taylor(name, asked.degree(order), judged=False)[0]

    def _answer(self, question, point, wrt=None):
        recorded, names = self.ask(point, wrt, scalar=question.scalar)
        return question.answer(recorded, names)

    def _arrays(self, point):
        """The names of the inputs at a point, in order, and their arrays; AdiffError where the point is not one."""
        names = self.variables
        if len(point) != len(names):
            names = (*names, *(name for name in self.constants if name in point))
        try:
            arrays = [as_array(point[name]) for name in names]
        except (AdiffError, KeyError):
            self.check_point(point)
            raise
        if len(point) != len(names):
            self.check_point(point)
        return names, arrays

    def ask(self, point, wrt=None, *, scalar="", named=None, seed=0):
        """(Recorded, names of the variables to differentiate by), checked.

        scalar   the name of the command where it needs a scalar value
        named    tangents or orders: if they are by name, these must be variables too
        """
        wrt = (wrt,) if isinstance(wrt, str) else None if wrt is None else tuple(wrt)
        recorded = self.record(point, seed, wrt)
        wrt = tuple(recorded.inputs) if wrt is None else wrt
        self.check_wrt([*wrt, *(named if isinstance(named, dict) else ())], recorded)
        if scalar:
            self.check_scalar(recorded, wrt, scalar)
        return recorded, wrt

    def check_point(self, point):
        """Raise unless a point has a value for each variable, and no others."""
        self.check_names(point)
        for name in self.variables:
            if name not in point:
                raise self.unbound(name)

    def check_names(self, names, options=()):
        """Raise unless every name is an argument's; `options` may have been meant as well."""
        for name in names:
            if name not in self.variables and name not in self.constants:
                raise self._unknown(name, options)

    def _unknown(self, name, options=()):
        help = [f"did you mean {close}?" for close in nearest(name, self.variables)[:1]]
        help = help or [f"did you mean the option --{close}?" for close in nearest(name, options)[:1]]
        here = ", ".join(map(_spelt, self.variables))
        help.append(f"variables here: {here}" if here else "there are no variables here")
        neither, nor = ("neither", " nor an option") if options else ("not", "")
        message = f"{shortened(name)} is {neither} a variable of {shortened(self.source)}{nor}"
        return AdiffError("unknown-name", message, help="  ".join(help))

    def check_wrt(self, wrt, recorded):
        """Raise unless every name of `wrt` is a variable with a value."""
        for name in wrt:
            if name not in recorded.inputs:
                raise self._unknown(name)


def _spelt(name):
    """A name, with what those letters are called that may be taken for others."""
    from unicodedata import name as called

    odd = [called(char, "").lower() for char in name if not char.isascii()]
    odd = [letter for letter in odd if not letter.startswith("greek")]
    return f"{name} ({', '.join(odd)})" if odd else name
