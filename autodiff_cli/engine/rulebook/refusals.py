"""What has no derivative, and why. Loaded when a function without a rule is met: nothing here is needed before."""

import numpy as np
from numpy._core import defchararray, strings, umath
from numpy.lib import recfunctions, scimath
from numpy.polynomial import polynomial

from ..rules import constant, refuse


def _refuse_all(functions, reason, help):
    for function in functions:
        refuse(function, reason, help)


def _functions(module, home):
    """The functions of a module, public or not, that NumPy says are at home in a place of its public name."""
    return [f for f in vars(module).values() if callable(f) and getattr(f, "__module__", None) == home]


_OF_TEXT = _functions(strings, "numpy.strings") + _functions(defchararray, "numpy.char")
_ON_TEXT = [f for f in vars(umath).values() if isinstance(f, np.ufunc) and not f.types]  # without loops for numbers
_refuse_all([*_OF_TEXT, *_ON_TEXT], "it works on text", "keep text outside of what is differentiated")

_refuse_all(
    [np.busday_count, np.busday_offset, np.is_busday, np.datetime_as_string, np.isnat],
    "it works on dates, which do not move continuously",
    "turn dates into numbers first, such as days since a fixed one",
)
_refuse_all(
    _functions(recfunctions, "numpy.lib.recfunctions"),
    "it works on arrays with named fields, which a tensor has not",
    "keep each field in an array of its own",
)
_refuse_all(
    _functions(scimath, "numpy.lib.scimath"),
    "its answer is real or complex, depending on the values",
    "use the function of the same name in np, of x + 0j where the answer is to be complex",
)
_refuse_all(
    # polyvalnd came with NumPy 2.5
    [getattr(polynomial, n) for n in ("polyval2d", "polygrid2d", "polyvalnd") if hasattr(polynomial, n)],
    "polynomials of several variables have no rule",
    "use np.vander(x, m, increasing=True) @ c @ np.vander(y, n, increasing=True).T, or its diagonal",
)
refuse(umath.clip, "it is the part of np.clip that takes both bounds", "use np.clip")
constant(umath._ones_like)
