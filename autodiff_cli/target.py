"""What is asked about: an expression, parsed once and recorded at any point."""

import numpy as np

from . import asked
from .engine.program import Line
from .engine.recording import Recording
from .engine.simplify import simplified
from .engine.tensor import Tensor, variable
from .errors import AdiffError, nearest
from .language.evaluate import Evaluator, product_help
from .language.functions import CONSTANTS, lookup
from .language.mismatches import shape_text
from .language.parser import parse as parse_script
from .language.syntax import called_names, free_names
from .language.values import as_floats
from .recorded import Recorded

_LONGEST_QUOTE = 60  # characters of an expression that are repeated in a sentence


class Expression:
    """An expression of the language, ready to be evaluated and differentiated.

    source      the text
    variables   names of its free variables, in order of appearance
    constants   names of the constants it uses (pi, e); a value given to one of them makes it a variable

    Points are given as one dict or as keywords: numbers, nested lists or arrays, which become float64
    (float32 arrays stay). Every method raises AdiffError with a message, a place in the text, and help.
    """

    def __init__(self, source):
        self.source = source
        self.script = parse_script(source)
        self._free = {name.name: name for name in free_names(self.script)}
        self._called = {name.name: name for name in called_names(self.script)}
        self.variables = tuple(name for name in self._free if name not in CONSTANTS)
        self.constants = tuple(name for name in self._free if name in CONSTANTS)
        self._hessians = {}

    def __repr__(self):
        return f"Expression({self.source!r})"

    def value(self, point=None, /, **named):
        """The value at a point: a NumPy scalar or an array of its own."""
        return np.array(self.record({**(point or {}), **named}).value)[()]

    def grad(self, point=None, /, wrt=None, **named):
        """The gradient of a scalar expression at a point: a dict of arrays by variable name.

        wrt   a name or several; by default all variables of the point. Each gradient has the shape and
              dtype of its variable. Raises AdiffError (not-scalar) where the value is not one number.
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt, scalar="grad")
        return recorded.gradient(wrt)

    def jac(self, point=None, /, wrt=None, ad="auto", **named):
        """The Jacobian at a point: a dict of arrays by variable name, of shape value.shape + variable.shape.

        wrt   a name or several; by default all variables of the point
        ad    "forward", "reverse", or "auto": the one that costs less
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        return recorded.jacobian(wrt, asked.mode(ad))

    def hess(self, point=None, /, wrt=None, **named):
        """The Hessian of a scalar expression: hess["x"]["y"] is d2f/dxdy, of shape x.shape + y.shape.

        wrt   a name or several; by default all variables of the point
        """
        point = {**(point or {}), **named}
        form = repr(wrt), *((name, np.shape(v), getattr(v, "dtype", "")) for name, v in point.items())
        found = self._warm_hessian(form, point)
        if found is not None:
            return found
        recorded, wrt = self.ask(point, wrt, scalar="hess")
        if form in self._hessians and recorded.varies:
            self._hessians[form] = recorded.hessian_program(wrt)
        else:
            self._hessians[form] = None  # a second point of this form will be worth a program
        return recorded.hessian(wrt)

    def _warm_hessian(self, form, point):
        """The Hessian by a program of an earlier point of the same form, where there is one and it applies."""
        program = self._hessians.get(form)
        if program is None:
            return None
        try:
            return program({name: as_floats(value) for name, value in point.items()})
        except AdiffError:
            return None  # what was recorded does not fit here, such as the length of x[x > 0]

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

    def deriv(self, point=None, /, order=1, wrt=None, **named):
        """One derivative of any order by variables that are numbers: an array of the shape of the value.

        order   a whole number where there is one variable, or {"x": 2, "y": 1} for d3f/dx2dy
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt, named=order)
        array, _, _ = recorded.derivative(asked.orders(order, recorded, wrt, "deriv"))
        return array

    def taylor(self, point=None, /, order=5, wrt=None, **named):
        """The Taylor coefficients about a point in one variable that is a number, up to an order.

        An array of shape (order + 1, *value.shape): f(x) is near the sum of coefficients[k] * (x - point)^k.
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        coefficients, _ = recorded.taylor(asked.only_variable(recorded, wrt, "taylor"), asked.degree(order))
        return coefficients

    def ask(self, point, wrt=None, *, scalar="", named=None, seed=0):
        """(Recorded, names of the variables to differentiate by), checked.

        scalar   the name of the command where it needs a scalar value
        named    tangents or orders: if they are by name, these must be variables too
        """
        recorded = self.record(point, seed)
        wrt = (wrt,) if isinstance(wrt, str) else tuple(recorded.inputs if wrt is None else wrt)
        self.check_wrt([*wrt, *(named if isinstance(named, dict) else ())], recorded)
        if scalar:
            self.check_scalar(recorded, wrt, scalar)
        return recorded, wrt

    def record(self, point, seed=0):
        """The expression at a point, recorded. `seed` is that of rand and randn."""
        names = [*self.variables, *(name for name in self.constants if name in point)]
        self.check_names(point)
        for name in names:
            if name not in point:
                raise self._unbound(name)
        with Recording() as recording:
            inputs = {name: variable(as_floats(point[name]), name, self._free[name].span) for name in names}
            result = Evaluator(self.source, recording, seed).script(self.script, inputs)
        output = self._checked_result(result)
        inputs = {name: tensor.line for name, tensor in inputs.items()}
        return Recorded(self.source, inputs, output, simplified(output) if type(output) is Line else output)

    def check_names(self, names, options=()):
        """Raise unless every name is one of this expression's; `options` may have been meant as well."""
        for name in names:
            if name not in self._free:
                raise self._unknown(name, options)

    def _unknown(self, name, options=()):
        if name in self._called:
            span = self._called[name].span
            help = product_help(self.source, name, span)
            return AdiffError("not-a-function", f"{name} is a variable, but is called here like a function",
                              span=span, help=help, source=self.source)  # fmt: skip
        help = [f"did you mean {close}?" for close in nearest(name, self.variables)[:1]]
        help = help or [f"did you mean the option --{close}?" for close in nearest(name, options)[:1]]
        help.append(f"variables here: {', '.join(self.variables)}" if self.variables else "there are no variables here")
        source = self.source if len(self.source) <= _LONGEST_QUOTE else self.source[:_LONGEST_QUOTE] + "..."
        message = (
            f"{name} is {'neither' if options else 'not'} a variable of {source}{' nor an option' if options else ''}"
        )
        return AdiffError("unknown-name", message, help="  ".join(help))

    def _unbound(self, name):
        row = lookup(name)
        message = f"{name} has no value" if row is None else f"{name} is a function"
        help = "" if row is None else f"call it, as in {row.notation}; or "
        help += f"add --{name} VALUE, as in --{name} 1,2,3"
        return AdiffError("unbound", message, span=self._free[name].span, help=help, source=self.source)

    def _checked_result(self, result):
        if isinstance(result, Tensor):
            return result.value if result.line is None else result.line
        if isinstance(result, tuple):
            help = "take one of them with [0], or join them as [a, b]"
            message = f"this gives {len(result)} results, not one array"
            raise AdiffError("not-a-value", message, span=self.script.result.span, help=help).at(self.source)
        if isinstance(result, (str, type(None))):
            raise AdiffError("not-a-value", "this is not a number", span=self.script.result.span).at(self.source)
        return np.asarray(result)[()]

    def check_wrt(self, wrt, recorded):
        """Raise unless every name of `wrt` is a variable with a value."""
        for name in wrt:
            if name not in recorded.inputs:
                raise self._unknown(name)

    def check_scalar(self, recorded, wrt, command):
        """Raise AdiffError (not-scalar), with advice, unless the value is one number."""
        shape = np.shape(recorded.value)
        if shape == ():
            return
        from .advice import not_scalar

        inputs = {name: line.value for name, line in recorded.inputs.items()}
        message = f"{command} needs a scalar, but this has shape {shape_text(shape)}"
        raise AdiffError(
            "not-scalar",
            message,
            span=self.script.result.span,
            label=f"shape {shape_text(shape)}",
            help=not_scalar(command, self.source, self.script, inputs, wrt, shape),
            source=self.source,
        )


def parse(text):
    """An expression of the language as an Expression; raises AdiffError where the text is not one."""
    return Expression(text)
