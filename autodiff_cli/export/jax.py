"""JAX: the functions of NumPy under their own names, in float64."""

import numpy as np

from ..engine.rulebook.cumulative import recurrence
from ..engine.rulebook.indexing import scatter
from ..engine.rulebook.sorting import ranks
from .numpy import NumpyWriter
from .python import POWERS, key_text, raised, shape_text, taken
from .statements import ATOM, POWER, PRODUCT, Form, Piece


def write(exported):
    """The module."""
    return JaxWriter(exported).module()


def _power(writer, line):
    x, exponent = line.operands
    return raised(writer, x, exponent) if type(exponent) is float else writer.default(line)


def _scattered(writer, line):
    """Where an index may come twice, both are added."""
    g, *arrays = line.operands
    key = key_text(writer, line.params["key"], arrays)
    word = "add" if arrays else "set"
    return Piece(f"jnp.zeros({shape_text(line.params['shape'])}).at[{key}].{word}({writer.text(g)})")


# Those of scipy.special that jax.scipy.special has.
_SPECIAL = {"erf", "erfc", "erfinv", "gamma", "gammaln", "polygamma", "beta", "betaln", "ndtr", "ndtri", "log_ndtr",
            "xlogy", "i0", "i1"}  # fmt: skip
_RANKS = '''\
def ranks(a):
    """How many entries along the last axis come before each: equal ones have one rank."""
    return jnp.vectorize(lambda row: jnp.searchsorted(jnp.sort(row), row), signature="(n)->(n)")(a)
'''
_RECURRENCE = '''\
def recurrence(a, b):
    """y[i] = a[i] * y[i-1] + b[i] along the last axis, from y[-1] = 0."""

    def step(y, ab):
        y = ab[0] * y + ab[1]
        return y, y

    a, b = jnp.moveaxis(a, -1, 0), jnp.moveaxis(b, -1, 0)
    return jnp.moveaxis(jax.lax.scan(step, jnp.zeros(b.shape[1:]), (a, b))[1], 0, -1)
'''


def special(text, level=ATOM, needs=()):
    """An expression with functions of jax.scipy.special."""

    def row(writer, line):
        writer.helpers.imports.add(writer.modules["scipy.special"])
        return Form(text, level, needs).of([*map(writer.piece, line.operands)])

    return row


class JaxWriter(NumpyWriter):
    language = "JAX"
    library = "jnp"
    imports = ("import jax", "import jax.numpy as jnp")
    modules = {"numpy": imports[1], "math": "import math", "scipy.special": "from jax.scipy import special"}
    prologue = ('jax.config.update("jax_enable_x64", True)',)
    copy = "{}"
    rows = NumpyWriter.rows | {
        np.square: lambda writer, line: POWERS.of([writer.piece(line.operands[0]), Piece("2", ATOM)]),
        np.power: _power, scatter: _scattered, ranks: taken(_RANKS), recurrence: taken(_RECURRENCE),
        "psi": special("special.digamma({})"),
        "hazard": special("jnp.exp(-0.5 * {0}**2 - special.log_ndtr({0})) / (2 * jnp.pi) ** 0.5", PRODUCT, (POWER,)),
    }  # fmt: skip

    def decorators(self):
        return []

    def function(self, function):
        name = super().function(function)
        known = name is None or not name.startswith("special.") or function.__name__ in _SPECIAL
        return name if known else None
