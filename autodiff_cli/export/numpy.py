"""NumPy: a module that needs nothing else, but for SciPy's special functions where they are used."""

import sys

import numpy as np

from ..engine.program import Line
from ..engine.rulebook.indexing import scatter
from ..engine.rulebook.shapes import cast
from .python import OPERATORS, POWERS, PythonWriter, key_text, raised, shape_text
from .statements import ATOM, PRODUCT, Piece

# Where functions are, by what the file calls the place.
_PLACES = {"{}": "numpy", "{}.linalg": "numpy.linalg", "special": "scipy.special"}
_QUICK_POWERS = (-1, 0, 0.5, 1, 2)  # which ** computes in another way than np.power

_SCATTER = '''\
def scatter(g, key, shape):
    """Zeros of a shape with g added at [key]: where an index comes twice, both are added."""
    out = np.zeros(shape)
    places = np.arange(out.size).reshape(shape)[key]
    if places.shape != np.shape(g):
        raise ValueError("the index chooses another number of entries than where this was written")
    np.add.at(out.reshape(-1), places.ravel(), np.ravel(g))
    return out
'''


def write(exported):
    """The module."""
    return NumpyWriter(exported).module()


def ndim(operand):
    return np.ndim(operand.value if type(operand) is Line else operand)


def squared(writer, line):
    """x**2; of a single number by a product, since ** is not NumPy's there."""
    (x,) = line.operands
    if ndim(x):
        return POWERS.of([writer.piece(x), Piece("2")])
    text = writer.text(x, ATOM)
    return Piece(f"{text} * {text}", PRODUCT) if text.isidentifier() else Piece(f"{writer.library}.square({text})")


def power(writer, line):
    """x**3 where that is np.power, to the last bit."""
    x, exponent = line.operands
    if not ndim(x) or type(exponent) is not float or exponent in _QUICK_POWERS:
        return writer.default(line)
    return raised(writer, x, exponent)


def transposed(writer, line):
    if line.params or ndim(line) != 2:
        return writer.default(line)
    return Piece(f"{writer.text(line.operands[0], ATOM)}.T")


def reshaped(writer, line):
    if line.params.keys() != {"shape"}:
        return writer.default(line)
    return Piece(f"{writer.library}.reshape({writer.text(line.operands[0])}, {as_tuple(line.params['shape'])})")


def as_tuple(shape):
    return tuple(np.atleast_1d(shape).tolist())


def times_vector(writer, line):
    """A @ x: the function of its own is not in every NumPy."""
    if [*map(ndim, line.operands)] != [2, 1]:
        return writer.default(line)
    return OPERATORS[np.matmul].of([*map(writer.piece, line.operands)])


def widened(writer, line):
    """x[:, None]"""
    count = ndim(line)
    axes = {k % count for k in np.atleast_1d(line.params["axis"])}
    key = ", ".join("None" if k in axes else ":" for k in range(count))
    return Piece(f"{writer.text(line.operands[0], ATOM)}[{key}]")


def _scattered(writer, line):
    """Zeros, and a statement that writes into them; where an index may come twice, by a function."""
    g, *arrays = line.operands
    key, shape = key_text(writer, line.params["key"], arrays), line.params["shape"]
    if not arrays:
        return Piece(f"np.zeros({shape_text(shape)})", then=f"{{}}[{key}] = {writer.text(g)}")
    writer.helpers.texts["scatter"] = _SCATTER
    return Piece(f"scatter({writer.text(g)}, ({key}{',' * (len(line.params['key']) == 1)}), {shape})")


def _cast(writer, line):
    return Piece(f"{writer.text(line.operands[0], ATOM)}.astype({writer.param(line.params['dtype'])})")


def polygamma(writer, line):
    """SciPy's, which is no ufunc: adiff has one of its own in its place."""
    writer.helpers.imports.add(writer.modules["scipy.special"])
    return writer.called("special.polygamma", line)


class NumpyWriter(PythonWriter):
    language = "NumPy"
    library = "np"
    imports = ("import numpy as np",)
    modules = {"numpy": "import numpy as np", "math": "import math", "scipy.special": "from scipy import special"}
    copy = "{}.copy()"
    rows = PythonWriter.rows | {
        np.square: squared, np.power: power, np.transpose: transposed, np.matrix_transpose: transposed,
        np.expand_dims: widened, np.reshape: reshaped, np.matvec: times_vector, scatter: _scattered,
        cast: _cast, "polygamma": polygamma,
    }  # fmt: skip

    def function(self, function):
        name = getattr(function, "__name__", "")
        for place, module in _PLACES.items():
            if getattr(sys.modules.get(module), name, None) is function:
                if place == "special":
                    self.helpers.imports.add(self.modules[module])
                return f"{place.format(self.library)}.{name}"
        return None

    def decorators(self):
        """NumPy complains of what a branch that is not taken would have been."""
        chooses = any(line.rule.function is np.where for line in self.program.lines)
        return ['@np.errstate(all="ignore")'] if chooses else []

    def array(self, name, dtype):
        return f"{self.library}.asarray({name}, dtype={self.library}.{dtype})"

    def listed(self, value, numbers):
        dtype = "" if value.dtype.name in ("float64", "int64", "bool") else f", dtype={self.library}.{value.dtype}"
        return f"{self.library}.array({numbers}{dtype})"
