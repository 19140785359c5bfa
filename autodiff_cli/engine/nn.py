"""What NumPy lacks: soft maxima, activations, and the door to SciPy's special functions.

What is well behaved as a composition of NumPy calls is one. What is not, or has a kink, is a
primitive with its rule beside it.
"""

import numpy as np

from ..errors import AdiffError
from . import batchbook, batchproducts
from .rulebook.exponential import sigmoid
from .rules import constant, elementwise
from .tensor import primitive

expit = sigmoid


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
    return -softplus(-x)


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


def gelu(x):
    """x times the normal distribution function at x (exact, not the approximation by tanh); needs SciPy."""
    return x * special("ndtr", "gelu")(x)


# --- activations with a kink


@primitive
def relu(x):
    """The larger of x and 0."""
    return np.maximum(x, 0.0)


@primitive
def leaky_relu(x, slope=0.01):
    """x, and slope * x where that is negative."""
    return np.where(x > 0, x, slope * x)


@primitive
def elu(x, alpha=1.0):
    """x, and alpha * (exp(x) - 1) where that is negative."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


@primitive
def hardtanh(x, low=-1.0, high=1.0):
    """x, held between low and high."""
    return np.clip(x, low, high)


@primitive
def softsign(x):
    """x / (1 + |x|): smooth at 0 itself, with a kink in the slope."""
    return x / (1 + np.abs(x))


def relu6(x):
    """x, held between 0 and 6."""
    return hardtanh(x, 0.0, 6.0)


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
    hardtanh,
    lambda y, x, low=-1.0, high=1.0: np.logical_and(np.greater(x, low), np.less(x, high)),
    chooses=True,
    kink=(
        lambda y, x, low=-1.0, high=1.0: (x == low) | (x == high),
        "the slope is 1 inside and 0 outside; 0 is used",
    ),
)
elementwise(softsign, lambda y, x: 1 / np.square(1 + np.abs(x)))
