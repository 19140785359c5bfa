"""adiff: exact derivatives of array expressions, from the command line and from Python.

import autodiff_cli as ad
f = ad.parse("sum(x*y)")
f.variables                            # ('x', 'y')
f.value(x=[1, 2, 3], y=[4, 5, 6])      # 32.0
f.grad(x=[1, 2, 3], y=[4, 5, 6])       # {'x': array([4., 5., 6.]), 'y': array([1., 2., 3.])}
"""

__version__ = "0.1.0"

_HOMES = {
    "errors": ["AdiffError"],
    "target": ["Expression", "parse"],
    "engine.transforms": [
        "grad",
        "value_and_grad",
        "jacobian",
        "hessian",
        "jvp",
        "vjp",
        "hvp",
        "derivatives",
        "taylor",
    ],
    "engine.creation": ["array", "asarray", "full", "kaiser", "r_", "c_"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name):
    """Names are imported when first used: the command line starts faster than NumPy is imported."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)
