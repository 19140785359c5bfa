"""What is asked about: an expression, parsed once and recorded at any point."""

from collections import Counter

import numpy as np

from . import asked
from .engine.creation import asarray, holds_tensor
from .engine.program import Line
from .engine.recording import Recording
from .engine.simplify import simplified
from .engine.tensor import Tensor, variable
from .errors import AdiffError, nearest
from .kept import GRADIENT, HESSIAN, OF_TENSORS, VALUE, Forms, as_array
from .language.evaluate import Evaluator, product_help
from .language.functions import CONSTANTS, lookup
from .language.mismatches import shape_text
from .language.parser import parse as parse_script
from .language.syntax import called_names, free_names
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
        self._forms = Forms()

    def __repr__(self):
        return f"Expression({self.source!r})"

    def __reduce__(self):
        return Expression, (self.source,)  # the programs that are kept do not travel

    def __call__(self, *arrays, **named):
        """The value at arrays in the order of `variables`, or by name. Of Tensors it is a Tensor, as from any function
        of NumPy's: it can be differentiated to any order."""
        if len(arrays) > len(self.variables):
            message = f"this takes {len(self.variables)} arrays ({', '.join(self.variables)}), not {len(arrays)}"
            raise AdiffError("arguments", message)
        point = dict(zip(self.variables, arrays, strict=False))
        for name in point.keys() & named.keys():
            raise AdiffError("arguments", f"{name} is given twice")
        point |= named
        return self._of_tensors(point) if any(map(holds_tensor, point.values())) else self.value(point)

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
        return recorded.derivative(asked.orders(Counter(wrt), recorded, wrt, "partial"))[0]

    def taylor(self, point=None, /, order=5, wrt=None, **named):
        """The Taylor coefficients about a point in one variable that is a number, up to an order.

        An array of shape (order + 1, *value.shape): f(x) is near the sum of coefficients[k] * (x - point)^k.
        """
        recorded, wrt = self.ask({**(point or {}), **named}, wrt)
        coefficients, _ = recorded.taylor(asked.only_variable(recorded, wrt, "taylor"), asked.degree(order))
        return coefficients

    def _answer(self, question, point, wrt=None):
        """The answer by a program that is kept, where there is one and it holds here; else the point is recorded."""
        wrt = wrt if wrt is None or type(wrt) is str else tuple(wrt)
        names, arrays = self._arrays(point)
        form = self._forms.find(question, wrt, names, arrays)
        found = form.run(arrays)
        if found is None:
            recorded, names = self.ask(point, wrt, scalar=question.scalar)
            found = question.answer(recorded, names)
            form.learn(question, recorded, names, found)
        return found

    def _of_tensors(self, point):
        """The value at Tensors: the lines of the expression, made again on them."""
        point = {name: asarray(v) if holds_tensor(v) else v for name, v in point.items()}
        names, arrays = self._arrays({name: v.value if isinstance(v, Tensor) else v for name, v in point.items()})
        inputs = [_in_type(point[name], array) for name, array in zip(names, arrays, strict=True)]
        form = self._forms.find(OF_TENSORS, None, names, arrays)
        found = form.run(inputs)
        if found is None:
            recorded = self.record(dict(zip(names, arrays, strict=True)))
            found = recorded.at_tensors(inputs)
            form.learn(OF_TENSORS, recorded, None, recorded.value)
        return found

    def _arrays(self, point):
        """The names of the inputs at a point, in order, and their arrays; AdiffError where the point is not one."""
        names = self.variables
        if len(point) != len(names):
            names = (*names, *(name for name in self.constants if name in point))
        try:
            arrays = [as_array(point[name]) for name in names]
        except (AdiffError, KeyError):
            self._check_point(point)
            raise
        if len(point) != len(names):
            self._check_point(point)
        return names, arrays

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
        names, arrays = self._arrays(point)
        with Recording() as recording:
            inputs = {n: variable(array, n, self._free[n].span) for n, array in zip(names, arrays, strict=True)}
            result = Evaluator(self.source, recording, seed).script(self.script, inputs)
        output = self._checked_result(result)
        inputs = {name: tensor.line for name, tensor in inputs.items()}
        return Recorded(self.source, inputs, output, simplified(output) if type(output) is Line else output)

    def _check_point(self, point):
        self.check_names(point)
        for name in self.variables:
            if name not in point:
                raise self.unbound(name)

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

    def unbound(self, name):
        """The error for a variable without a value."""
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


def _in_type(value, array):
    """What was given for an input, in the type of its array, in which it is computed with."""
    if not isinstance(value, Tensor):
        return array
    return value if value.dtype == array.dtype else np.astype(value, array.dtype)


def parse(text):
    """An expression of the language as an Expression; raises AdiffError where the text is not one."""
    return Expression(text)
