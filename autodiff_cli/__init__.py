"""adiff: exact derivatives of array expressions, from the command line and from Python.

import autodiff_cli as ad
f = ad.parse("sum(x*y)")
f.variables                            # ('x', 'y')
f.value(x=[1, 2, 3], y=[4, 5, 6])      # 32.0
f.grad(x=[1, 2, 3], y=[4, 5, 6])       # {'x': array([4., 5., 6.]), 'y': array([1., 2., 3.])}
"""

# Here, and not when first asked for: the folder has the same name, and would take its place. It imports nothing yet.
from .check import check as check

__version__ = "0.1.0"

_HOMES = {
    "errors": ["AdiffError", "GraphError", "NotDifferentiable"],
    "tensors": ["tensor"],
    "export": ["draw"],
    "export.loading": ["load_program"],
    "engine.imperative": ["backward"],
    "engine.modes": ["no_grad", "enable_grad", "set_grad_enabled", "is_grad_enabled"],
    "engine.tensor": ["Tensor", "primitive"],
    "engine.rules": ["elementwise", "linear", "bilinear", "general", "constant"],
    "compilation": ["compile"],
    "expression": ["Expression", "parse"],
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
    "engine.function": ["Function", "custom_vjp", "defvjp"],
    "engine.functional": ["checkpoint", "elementwise_grad", "stop_gradient"],
    "engine.vmap": ["vmap"],
    "engine.gradcheck": ["check_grads"],
    "engine.storage": ["save", "load"],
    "engine.creation": ["array", "asarray", "full", "kaiser", "r_", "c_"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted([*_HOME, "check", "nn"])


def __getattr__(name):
    """Names are imported when first used: the command line starts faster than NumPy is imported."""
    from importlib import import_module

    if name == "nn":
        return import_module(".nn", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return found
