"""adiff: exact derivatives of array expressions, from the command line and from Python.

import autodiff_cli as ad
f = ad.parse("sum(x*y)")
f.variables                            # ('x', 'y')
f.value(x=[1, 2, 3], y=[4, 5, 6])      # 32.0
f.grad(x=[1, 2, 3], y=[4, 5, 6])       # {'x': array([4., 5., 6.]), 'y': array([1., 2., 3.])}
"""

__version__ = "0.1.0"
__all__ = ["AdiffError", "Expression", "parse"]

_HOMES = {"AdiffError": "errors", "Expression": "target", "parse": "target"}


def __getattr__(name):
    """Names are imported when first used: the command line starts faster than NumPy is imported."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
