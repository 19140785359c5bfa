"""Libraries that make rows fast, and read what NumPy cannot: used where they are installed."""

from functools import lru_cache
from importlib import import_module

from ..errors import AdiffError


@lru_cache
def optional(name):
    """A module, or None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def extra(name, purpose, group="rows"):
    """A module that must be there for a purpose; `group` is the extra that installs it."""
    module = optional(name)
    if module is None:
        message = f"{purpose} need the package {name}, which is not installed"
        raise AdiffError("extra", message, help=f"pip install 'autodiff-cli[{group}]'")
    return module
