"""Functions of symmetric matrices, f(A) = V f(w) V' with the eigenvalues w, which are smooth where w has ties.

There the eigenvectors are not determined, and no rule of eigh can get the derivative from what arrives at w and V
alone: it takes the slope of f. So there is one function, `spectral_map`, whose derivatives are functions of the same
kind, and spectral_rows.py finds what can be said through it. In the eigenvectors' basis the derivative along E is

    f[w_i, w_j] E_ij,    with the divided difference f[x, y] = (f(y) - f(x)) / (y - x), f[x, x] = f'(x)

(Daleckii and Krein 1965; Higham, "Functions of Matrices", 2008, section 3.2), and the next has f[w_i, w_j, w_k].
"""

from functools import partial
from itertools import permutations
from math import factorial

import numpy as np

from .differentiate import vjp
from .program import Program
from .recording import Recording
from .rulebook.decompositions import symmetric
from .rulebook.linalg import OnDemand
from .rules import general
from .tensor import Tensor, primitive, variable


class Elementwise:
    """An elementwise function of a number and further numbers, as a Program, and its slopes of any order."""

    def __init__(self, program):
        self.program = program
        self.slopes = {}
        self.frames = {}

    @classmethod
    def record(cls, call, *point):
        """The function that `call` is, recorded at numbers."""
        with Recording(), np.errstate(all="ignore"):
            inputs = [variable(np.float64(p)) for p in point]
            return cls(_program(inputs, call(*inputs)))

    def __call__(self, x, *others):
        with np.errstate(all="ignore"):
            return np.broadcast_to(self.program(x, *others)[0], np.shape(x))

    def remade(self, call):
        """What `call` makes of this function, recorded where this was."""
        return Elementwise.record(call, *(line.value for line in self.program.inputs))

    def slope(self, position=0):
        """The partial derivative with respect to one of its numbers."""
        if position not in self.slopes:
            self.slopes[position] = self.remade(self._partial(position))
        return self.slopes[position]

    def frame(self, a, order, numbers):
        """The eigenvectors of a matrix and the divided differences of its eigenvalues, kept for the next call."""
        key = tuple(np.asarray(x).tobytes() for x in (a, *numbers))
        if self.frames.get(order, (None,))[0] != key:
            w, v = np.linalg.eigh(a)
            self.frames[order] = key, (v, divided_differences(self, w, order, numbers))
        return self.frames[order][1]

    def nth_slope(self, n):
        return self.slope().nth_slope(n - 1) if n else self

    def _partial(self, position):
        def partial(*inputs):
            (y,) = self.program(*inputs)
            if not isinstance(y, Tensor):
                return np.float64(0)
            return vjp([y.line], [np.float64(1)], [x.line for x in inputs], record=True)[position]

        return partial


def _program(inputs, answer):
    return Program([x.line for x in inputs], [answer.line if isinstance(answer, Tensor) else answer])


# --- divided differences

_NEAR = 1e-4  # numbers that are apart by less than this part of themselves are differenced by Taylor's formula


def divided_differences(f, w, order, numbers=()):
    """f[w_i, w_j, ...] for all combinations of order + 1 entries of w, in an array with an axis for each."""
    x = np.sort(np.stack(np.meshgrid(*[w] * (order + 1), indexing="ij"), -1), -1)
    rounding = np.max(np.abs(w), initial=0.0) * np.finfo(w.dtype).eps * len(w)
    return _differences(lambda x, k=0: f.nth_slope(k)(x, *numbers), x, rounding)


def _differences(f, x, rounding):
    """Of the ascending numbers along the last axis of x; f(x, k) is the k-th slope."""
    if np.shape(x)[-1] == 1:
        return f(x[..., 0])
    gap = x[..., -1] - x[..., 0]
    near = gap <= np.maximum(_NEAR * np.max(np.abs(x), -1), rounding)
    upper, lower = (_differences(f, part, rounding) for part in (x[..., 1:], x[..., :-1]))
    return np.where(near, _confluent(f, x), (upper - lower) / np.where(near, 1.0, gap))


def _confluent(f, x):
    """k! f[x_0 ... x_k] is the mean of f's k-th slope over all weighted means of x, the weights uniform (Genocchi).

    The mean of those is the mean m of x, and their variance sum (x_i - m)^2 / ((k + 1) (k + 2)).
    """
    k = np.shape(x)[-1] - 1
    mean = np.mean(x, -1)
    variance = np.sum(np.square(x - mean[..., None]), -1) / ((k + 1) * (k + 2))
    curved = np.where(variance > 0, 0.5 * variance * f(mean, k + 2), 0.0) if np.any(variance) else 0.0
    return (f(mean, k) + curved) / factorial(k)


# --- the function, and its derivatives along symmetric matrices


@primitive
def spectral_map(a, *others, f=None, order=0):
    """The derivative of f(a) along `order` matrices, which come first in `others`; then numbers that f needs.

    a is a symmetric matrix, of which the lower half is read; f is an Elementwise.
    """
    steps, numbers = others[:order], others[order:]
    v, differences = f.frame(a, order, numbers)
    if order == 0:
        return (v * differences) @ v.T
    steps = [v.T @ symmetric(step) @ v for step in steps]
    letters = "abcdefgh"[: order + 1]
    pairs = [letters[k : k + 2] for k in range(order)]
    subscripts = ",".join([letters, *pairs]) + f"->{letters[0]}{letters[-1]}"
    inner = sum(np.einsum(subscripts, differences, *ordered, optimize=order > 1) for ordered in permutations(steps))
    return v @ symmetric(inner) @ v.T


def _spectral_map(g, y, a, *others, f=None, order=0):
    """<g, derivative along E, F ...> is symmetric in g, E, F ...: all of it derives from one number, the trace."""
    steps, numbers = others[:order], others[order:]

    def of_step(k):
        return spectral_map(a, *steps[:k], g, *steps[k + 1 :], *numbers, f=f, order=order)

    def of_number(k):
        return np.sum(g * spectral_map(a, *others, f=f.slope(1 + k), order=order))

    return OnDemand(
        [
            lambda: spectral_map(a, *steps, g, *numbers, f=f, order=order + 1),
            *(partial(of_step, k) for k in range(order)),
            *(partial(of_number, k) for k in range(len(numbers))),
        ]
    )


general(spectral_map, _spectral_map, sequence="args", why="a function of the matrix, not of its entries")
