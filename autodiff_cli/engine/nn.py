"""What NumPy lacks: soft maxima, activations, and the door to SciPy's special functions.

All take arrays, Tensors, numbers or lists of any shape, and work element by element but for the soft maxima and glu.

What is well behaved as a composition of NumPy calls is one. What is not, or has a kink, is a
primitive with its rule beside it.
"""

import numpy as np

from ..errors import AdiffError
from . import batchbook, batchproducts
from .creation import asarray
from .rulebook.exponential import sigmoid
from .rulebook.indexing import extent
from .rules import constant, elementwise
from .tensor import primitive

expit = sigmoid
tanh = np.tanh


def special(name, asked=None):
    """The function of scipy.special called `name`, or the one of ours that does the same on Tensors.

    SciPy is imported when this is first called. Where it is missing the error says what to install
    for the function that was `asked` for.
    """
    try:
        from .rulebook import special as rulebook
    except ModuleNotFoundError:
        help = "pip install 'autodiff-cli[special]'"
        raise AdiffError("missing-package", f"{asked or name} needs SciPy", help=help) from None
    return getattr(rulebook, name, None) or getattr(rulebook.special, name)


# --- soft maxima: shifted by the largest element, which changes no value and so has no derivative here


@primitive
def peak(x, axis=None):
    """The largest element along the axis, kept as an axis of length 1; 0 where it is infinite."""
    largest = np.max(x, axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0.0)


constant(peak)
batchbook.one(batchproducts.reduction, peak)


@np.errstate(divide="ignore")
def logsumexp(x, axis=None, keepdims=False):
    """log(sum(exp(x))) along an axis (all of them for None); -inf, with slope 0, where every element is -inf."""
    top = peak(x, axis=axis)
    total = np.sum(np.exp(x - top), axis=axis, keepdims=keepdims)
    answer = np.log(total) + np.reshape(top, np.shape(total))
    return np.where(np.equal(total, 0), -np.inf, answer)


def softmax(x, axis=-1):
    """exp(x) / sum(exp(x)) along an axis; nan where every element is -inf."""
    weights = np.exp(x - peak(x, axis=axis))
    return weights / np.sum(weights, axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    """log(softmax(x)), also where softmax(x) underflows."""
    shifted = x - peak(x, axis=axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


# --- the logistic family


@primitive
def softplus(x):
    """log(1 + exp(x)), without overflow."""
    return np.logaddexp(0.0, x)


elementwise(softplus, lambda y, x: sigmoid(x))


def log_sigmoid(x):
    """log(sigmoid(x)), also where sigmoid(x) underflows."""
    return -softplus(np.negative(x))


@primitive
def logit(p):
    """log(p / (1 - p)), the inverse of sigmoid, to full relative accuracy near 1/2 as well."""
    near = np.abs(p - 0.5) < 0.25
    return np.where(near, 2 * np.arctanh(np.where(near, 2 * p - 1, 0.0)), np.log(p) - np.log1p(-p))


elementwise(logit, lambda y, p: 1 / (p * (1 - p)), poles=True)


def silu(x):
    """x * sigmoid(x)."""
    return x * sigmoid(x)


swish = silu


def mish(x):
    """x * tanh(softplus(x))."""
    return x * np.tanh(softplus(x))


def gelu(x, approximate=False):
    """x times the normal distribution function at x (Hendrycks and Gimpel 2016, arXiv:1606.08415); needs SciPy.

    approximate  True takes their approximation of it by tanh(sqrt(2/pi) * (x + 0.044715*x^3)), which does not
    """
    if approximate not in (False, True):
        help = "approximate=True is the approximation by tanh, False the exact function"
        raise AdiffError("value", f"approximate of gelu is True or False, not {approximate!r}", help=help)
    return x * (_ndtr_by_tanh(x) if approximate else special("ndtr", "gelu")(x))


def _ndtr_by_tanh(x):
    """(1 + tanh(u)) / 2 as sigmoid(2*u), which stays precise where it is small; from 30 on it is 0 or 1."""
    x = np.clip(x, -30.0, 30.0)
    return sigmoid(1.5957691216057308 * (x + 0.044715 * x**3))


def glu(x, axis=-1):
    """a * sigmoid(b), where a and b are the halves of x along an axis (Dauphin et al. 2016, arXiv:1612.08083)."""
    x = asarray(x)
    if extent(x, axis) % 2:
        message = f"glu needs two equal halves along axis {axis}, and x has shape {np.shape(x)}"
        raise AdiffError("shape", message, help="the length along that axis must be even")
    a, b = np.split(x, 2, axis)
    return a * sigmoid(b)


# --- activations with a kink


@primitive
def relu(x):
    """The larger of x and 0."""
    return np.maximum(x, 0.0)


@primitive
def leaky_relu(x, slope=0.01):
    """x, and slope * x where that is negative."""
    return np.where(np.greater(x, 0), x, np.multiply(slope, x))


@primitive
def elu(x, alpha=1.0):
    """x, and alpha * (exp(x) - 1) where that is negative."""
    return np.where(np.greater(x, 0), x, alpha * np.expm1(np.minimum(x, 0.0)))


@primitive
def hard_tanh(x, lower_bound=-1.0, upper_bound=1.0):
    """x, held between two numbers."""
    return np.clip(x, lower_bound, upper_bound)


@primitive
def soft_sign(x):
    """x / (1 + |x|): smooth at 0 itself, with a kink in the slope."""
    return np.true_divide(x, 1 + np.abs(x))


def relu6(x):
    """x, held between 0 and 6."""
    return hard_tanh(x, 0.0, 6.0)


def selu(x):
    """The elu that keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017)."""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


elementwise(
    relu,
    lambda y, x: np.greater(x, 0),
    chooses=True,
    kink=(lambda y, x: x == 0, "the slope is 0 on the left and 1 on the right; 0 is used"),
)
elementwise(
    leaky_relu,
    lambda y, x, slope=0.01: np.where(np.greater(x, 0), 1.0, slope),
    chooses=True,
    kink=(lambda y, x, slope=0.01: (x == 0) & (slope != 1), "the slope jumps to 1; the one on the left is used"),
)
elementwise(
    elu,
    lambda y, x, alpha=1.0: np.where(np.greater(x, 0), 1.0, alpha * np.exp(x)),
    kink=(lambda y, x, alpha=1.0: (x == 0) & (alpha != 1), "the slope jumps to 1; the one on the left is used"),
)
elementwise(
    hard_tanh,
    lambda y, x, lower_bound=-1.0, upper_bound=1.0: np.logical_and(np.greater(x, lower_bound), np.less(x, upper_bound)),
    chooses=True,
    kink=(
        lambda y, x, lower_bound=-1.0, upper_bound=1.0: (x == lower_bound) | (x == upper_bound),
        "the slope is 1 inside and 0 outside; 0 is used",
    ),
)
elementwise(soft_sign, lambda y, x: 1 / np.square(1 + np.abs(x)))
