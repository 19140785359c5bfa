"""PyTorch: its own names for what NumPy calls otherwise, and constants in float64."""

import numpy as np

from ..engine import nn
from ..engine.program import Line
from ..engine.rulebook.arithmetic import power_log, sign
from ..engine.rulebook.choices import clip
from ..engine.rulebook.contractions import contract
from ..engine.rulebook.cumulative import recurrence
from ..engine.rulebook.exponential import sigmoid
from ..engine.rulebook.indexing import index, scatter
from ..engine.rulebook.shapes import cast
from ..engine.rulebook.sorting import ranks
from ..engine.rulebook.trigonometry import i0_derivative, sech
from .numpy import as_tuple, ndim, reshaped, squared, times_vector, widened
from .python import PythonWriter, indexed, key_text, raised, taken
from .statements import ATOM, PRODUCT, Form, Piece

# What has NumPy's name, or SciPy's; then what has another one.
_SAME = """absolute arccos arccosh arcsin arcsinh arctan arctan2 arctanh ceil copysign cos cosh exp exp2 expm1 floor
    floor_divide fmax fmin hypot isfinite isinf isnan kron log log10 log1p log2 logaddexp logaddexp2 logical_and
    logical_not logical_or logical_xor maximum minimum moveaxis nan_to_num outer ravel reciprocal remainder sin sinc
    sinh sqrt squeeze tan tanh trunc vander inner trace fliplr flipud rot90 heaviside mean all any argmin argmax sum
    argsort searchsorted roll tensordot stack diag diagonal tril triu var std prod cumsum cumprod i0"""
_LINALG = "cholesky det eigh eigvalsh inv matrix_power norm pinv qr slogdet solve svd svdvals cross"
_SPECIAL = "erf erfc erfinv erfcx gammaln polygamma ndtr ndtri log_ndtr xlogy i1"
_NAMES = {name: name for name in _SAME.split()} | {name: f"linalg.{name}" for name in _LINALG.split()}
_NAMES |= {name: f"special.{name}" for name in _SPECIAL.split()}
_NAMES |= {"max": "amax", "min": "amin", "rint": "round", "radians": "deg2rad", "degrees": "rad2deg", "power": "pow",
           "concatenate": "cat", "repeat": "repeat_interleave", "psi": "special.digamma", "j0": "special.bessel_j0",
           "j1": "special.bessel_j1", "count_nonzero": "sum", "sort": "sort"}  # fmt: skip
_KEYWORDS = {"axis": "dim", "keepdims": "keepdim", "axes": "dims", "shift": "shifts", "k": "diagonal", "axis1": "dim1",
             "axis2": "dim2", "ddof": "correction"}  # fmt: skip
_OTHER_KEYWORDS = {"roll": {"axis": "dims"}, "rot90": {"k": "k"}}
# What takes no plain numbers beside tensors.
_OF_TENSORS = """
    arctan2 copysign fmax fmin heaviside hypot logaddexp logaddexp2 maximum minimum logical_and logical_or
    logical_xor kron outer inner solve remainder floor_divide stack"""
_SELECT = (np.where, index, scatter, cast)  # what takes whole numbers and truth values as they are
_RAVELED = ("cumsum", "cumprod")  # without an axis

_SCATTER = '''\
def scatter(g, key, shape):
    """Zeros of a shape with g added at [key]: where an index comes twice, both are added."""
    out = torch.zeros(shape, dtype=g.dtype)
    places = torch.arange(out.numel()).reshape(shape)[key]
    if places.shape != g.shape:
        raise ValueError("the index chooses another number of entries than where this was written")
    return out.ravel().index_add(0, places.ravel(), g.ravel()).reshape(shape)
'''
_RANKS = '''\
def ranks(a):
    """How many entries along the last axis come before each: equal ones have one rank."""
    return torch.searchsorted(torch.sort(a).values, a.contiguous())
'''
_RECURRENCE = '''\
def recurrence(a, b):
    """y[i] = a[i] * y[i-1] + b[i] along the last axis, from y[-1] = 0."""
    steps, y = [], torch.zeros_like(b[..., 0])
    for k in range(b.shape[-1]):
        y = a[..., k] * y + b[..., k]
        steps.append(y)
    return torch.stack(steps, dim=-1)
'''
_PEAK = '''\
def peak(x, axis=None):
    """The largest element along the axis, kept as an axis of length 1; 0 where it is infinite."""
    largest = torch.amax(x, dim=tuple(range(x.ndim)) if axis is None else axis, keepdim=True)
    return torch.where(torch.isfinite(largest), largest, 0.0)
'''


def write(exported):
    """The module."""
    return TorchWriter(exported).module()


def _kind(operand):
    """f, i or b for what is an array here; numbers of Python have none."""
    value = operand.value if type(operand) is Line else operand
    return value.dtype.kind if hasattr(value, "dtype") else "b" if type(value) is bool else ""


def _is_array(operand):
    return type(operand) is Line or np.ndim(operand) > 0


def _form(text, level=ATOM):
    """A row that writes a text of the operands and of the params, each of which has its default."""

    def row(writer, line):
        operands = [writer.text(o, ATOM) for o in line.operands]
        params = line.rule.signature.defaults | line.params
        params = {key: writer.param(value).strip("'\"") for key, value in params.items()} | {"all": ", ".join(operands)}
        return Piece(text.format(*operands, **params), level)

    return row


def _power(writer, line):
    x, exponent = line.operands
    return raised(writer, x, exponent) if type(exponent) is float else writer.default(line)


def _check_key(writer, line):
    if any(isinstance(k, slice) and (k.step or 1) < 0 for k in line.params["key"]):
        raise writer.unwritable(line, "a slice that goes backwards")


def _indexed(writer, line):
    _check_key(writer, line)
    return indexed(writer, line)


def _scattered(writer, line):
    """Zeros, and a statement that writes into them; where an index may come twice, by a function."""
    _check_key(writer, line)
    g, *arrays = line.operands
    key, shape = key_text(writer, line.params["key"], arrays), line.params["shape"]
    if not arrays:
        return Piece(f"torch.zeros({shape}, {writer.dtype(line.value)})", then=f"{{}}[{key}] = {writer.text(g)}")
    writer.helpers.texts["scatter"] = _SCATTER
    return Piece(f"scatter({writer.text(g)}, ({key}{',' * (len(line.params['key']) == 1)}), {shape})")


def _where(writer, line):
    """The condition has to be a tensor, and one of the others, or the answer is in single precision."""
    condition, a, b = line.operands
    told = writer.tensor(condition) if _kind(condition) == "b" else f"{writer.text(condition, ATOM)} != 0"
    a = writer.text(a) if _is_array(a) or _is_array(b) else writer.tensor(a)
    return Piece(f"torch.where({told}, {a}, {writer.text(b)})")


def _clipped(writer, line):
    """The bounds have to be both numbers, or both tensors."""
    x, *bounds = line.operands
    told = writer.tensor if any(map(_is_array, bounds)) else writer.text
    low, high = (None if bound is None else told(bound) for bound in bounds)
    return Piece(f"torch.clamp({writer.text(x)}, {low}, {high})")


def _dot(writer, line):
    """Of vectors and matrices that is matmul."""
    if not {*map(ndim, line.operands)} <= {1, 2}:
        raise writer.unwritable(line)
    return Piece(f"torch.matmul({', '.join(map(writer.text, line.operands))})")


def _permuted(writer, line):
    axes = line.params.get("axes", range(ndim(line))[::-1])
    return Piece(f"torch.permute({writer.text(line.operands[0])}, {tuple(axes)})")


def _sorted(writer, line):
    return Piece(f"{writer.default(line).text}.values")


def _flipped(writer, line):
    axes = line.params.get("axis")
    axes = tuple(range(ndim(line))) if axes is None else as_tuple(axes)
    return Piece(f"torch.flip({writer.text(line.operands[0])}, {axes})")


def _filled(writer, line):
    return Piece(f"torch.broadcast_to({writer.tensor(line.operands[0])}, {line.value.shape})")


def _tiled(writer, line):
    return Piece(f"torch.tile({writer.text(line.operands[0])}, {as_tuple(line.params['reps'])})")


def _polygamma(writer, line):
    """The trigamma function of PyTorch's own has only 9 digits; zeta has all."""
    n, x = line.operands
    return Piece(f"torch.special.zeta(2.0, {writer.text(x)})") if n == 1 else writer.default(line)


def _i0_derivative(writer, line):
    if line.params:
        raise writer.unwritable(line)
    return Piece(f"torch.special.i1({writer.text(line.operands[0])})")


_LOG_POWER = "torch.where(({0} == 0) & ({1} > 0), 0.0, {0}**{1} * torch.log({0})**{k})"


class TorchWriter(PythonWriter):
    language = "PyTorch"
    library = "torch"
    imports = ("import torch",)
    kind, widening = "f", False  # of the line that is being written
    copy = "{}.clone()"
    rows = PythonWriter.rows | {
        np.square: squared, np.power: _power, power_log: _form(_LOG_POWER), np.expand_dims: widened,
        np.reshape: reshaped, np.transpose: _permuted, np.matrix_transpose: _form("{0}.mT"), np.matvec: times_vector,
        np.where: _where, clip: _clipped, np.dot: _dot, np.sort: _sorted, np.flip: _flipped, index: _indexed,
        scatter: _scattered, ranks: taken(_RANKS), recurrence: taken(_RECURRENCE), nn.peak: taken(_PEAK),
        "polygamma": _polygamma, i0_derivative: _i0_derivative, sign: Form("torch.sign({})"),
        sigmoid: Form("torch.sigmoid({})"), nn.relu: Form("torch.relu({})"), nn.logit: Form("torch.logit({})"),
        sech: _form("1 / torch.cosh({0})", PRODUCT), nn.softplus: _form("torch.logaddexp({0}, torch.zeros_like({0}))"),
        nn.soft_sign: _form("{0} / (1 + torch.abs({0}))", PRODUCT),
        nn.leaky_relu: _form("torch.where({0} > 0, {0}, {slope} * {0})"),
        nn.elu: _form("torch.where({0} > 0, {0}, {alpha} * torch.expm1({0}))"),
        nn.hard_tanh: _form("torch.clamp({0}, {lower_bound}, {upper_bound})"),
        cast: _form("{0}.to({dtype})"), np.cbrt: _form("torch.sign({0}) * torch.abs({0})**(1 / 3)", PRODUCT),
        np.vdot: _form("torch.vdot(torch.ravel({0}), torch.ravel({1}))"),
        np.swapaxes: _form("torch.swapaxes({0}, {axis1}, {axis2})"), np.broadcast_to: _filled, np.tile: _tiled,
        contract: _form('torch.einsum("{subscripts}", {all})'),
        "hazard": _form("0.7978845608028654 / torch.special.erfcx(-{0} / 1.4142135623730951)", PRODUCT),
    }  # fmt: skip

    def call(self, line):
        """Whole numbers and truth values do not become float64 by themselves where they meet nothing that is."""
        kinds = {_kind(o) for o in line.operands}
        self.kind = _kind(line)
        self.widening = self.kind == "f" and "f" not in kinds and line.rule.function not in _SELECT
        return super().call(line)

    def piece(self, operand):
        piece = super().piece(operand)
        if self.widening and _kind(operand) in ("i", "b") and type(operand) is Line:
            return Piece(f"{piece.within(ATOM)}.double()")
        return piece

    def default(self, line):
        """A call of PyTorch's function, its arguments under the names that they have there."""
        name, params = line.rule.name, dict(line.params)
        if name not in _NAMES or isinstance(params.get("axis"), str):
            raise self.unwritable(line)
        operands = [self.tensor(o) if name in _OF_TENSORS.split() else self.text(o) for o in line.operands]
        whole = params.get("axis", 0) is None
        if whole:
            del params["axis"]
        if "axis" not in params and (name in _RAVELED or (whole and name == "sort")):
            operands, params["axis"] = [f"torch.ravel({operands[0]})"], -1
        elif "axis" not in params and params.get("keepdims"):
            params = {"axis": tuple(range(ndim(line.operands[0]))), **params}
        if name in ("var", "std"):
            params.setdefault("ddof", 0)
        return self.named(f"torch.{_NAMES[name]}", line, operands, params)

    def named(self, function, line, operands, params):
        if line.rule.signature is not None and line.rule.signature.sequence == "list":
            operands = [f"[{', '.join(operands)}]"]
        names = _KEYWORDS | _OTHER_KEYWORDS.get(line.rule.name, {})
        keywords = [f"{names.get(key, key)}={self.param(value)}" for key, value in params.items()]
        return Piece(f"{function}({', '.join([*operands, *keywords])})")

    def tensor(self, operand):
        """An operand that has to be a tensor."""
        if _is_array(operand):
            return self.text(operand)
        value = np.asarray(operand)
        wide = self.kind == "f" and value.dtype.kind != "b"
        return self.listed(value.astype(float) if wide else value, self.text(operand))

    def dtype(self, value):
        return f"dtype=torch.{value.dtype}"

    def array(self, name, dtype):
        return f"torch.as_tensor({name}, dtype=torch.{dtype})"

    def made(self, function, arguments):
        return f"torch.{function}({arguments}, dtype=torch.float64)"

    def listed(self, value, numbers):
        return f"torch.tensor({numbers}{'' if value.dtype.kind in 'bi' else ', ' + self.dtype(value)})"
