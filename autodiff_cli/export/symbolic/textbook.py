"""Derivatives in the words of a textbook, where a rule of the engine is phrased for its digits.

PARTIALS are written as in the rulebook: in the answer `y` and the operands. They hold at ordinary points; what the
rulebook does besides at poles and for huge numbers is left to numbers.
"""

import numpy as np

from ...engine import nn
from ...engine.rulebook.choices import clip
from ...engine.rulebook.exponential import sigmoid
from ...engine.rulebook.trigonometry import sech

PARTIALS = {
    np.power: (lambda y, a, b: b * np.power(a, b - 1.0), lambda y, a, b: y * np.log(a)),
    np.arcsin: (lambda y, x: 1 / np.sqrt(1 - np.square(x)),),
    np.arccos: (lambda y, x: -1 / np.sqrt(1 - np.square(x)),),
    np.arccosh: (lambda y, x: 1 / np.sqrt(np.square(x) - 1),),
    np.arcsinh: (lambda y, x: 1 / np.sqrt(np.square(x) + 1),),
    np.arctanh: (lambda y, x: 1 / (1 - np.square(x)),),
    np.tan: (lambda y, x: 1 / np.square(np.cos(x)),),
    np.tanh: (lambda y, x: 1 - np.square(y),),
    sech: (lambda y, x: -y * np.tanh(x),),
    np.sinc: (lambda y, x: (np.cos(np.pi * x) - y) / x,),
    np.hypot: (lambda y, a, b: a / y, lambda y, a, b: b / y),
    np.arctan2: (
        lambda y, a, b: b / (np.square(a) + np.square(b)),
        lambda y, a, b: -a / (np.square(a) + np.square(b)),
    ),
    np.logaddexp2: (lambda y, a, b: np.exp2(a - y), lambda y, a, b: np.exp2(b - y)),
    np.remainder: (lambda y, a, b: 1.0, lambda y, a, b: -np.floor(a / b)),
    np.logaddexp: (lambda y, a, b: sigmoid(a - b), lambda y, a, b: sigmoid(b - a)),
    sigmoid: (lambda y, x: y * (1 - y),),
    np.maximum: (lambda y, a, b: np.greater(a, b), lambda y, a, b: np.greater_equal(b, a)),
    np.minimum: (lambda y, a, b: np.less(a, b), lambda y, a, b: np.less_equal(b, a)),
    np.where: (None, lambda y, c, a, b: c, lambda y, c, a, b: np.logical_not(c)),
    clip: (
        lambda y, a, low, high: np.logical_and(np.less_equal(low, a), np.less_equal(a, high)),
        lambda y, a, low, high: np.less(a, low),
        lambda y, a, low, high: np.greater(a, high),
    ),
    nn.hard_tanh: (
        lambda y, x, lower_bound=-1.0, upper_bound=1.0: np.logical_and(
            np.greater(x, lower_bound), np.less(x, upper_bound)
        ),
    ),
}
