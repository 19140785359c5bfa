"""NumPy code as people write it."""

import functools
import sys

import numpy as np
from helpers import square


def newton(a, n: int = 5):
    x = a
    for _ in range(n):
        x = (x + a / x) / 2
    return x


def branch(x):
    if x > 0:
        return np.sqrt(x)
    return -x


def filled(x):
    powers = np.zeros(4)
    for i in range(4):
        powers[i] = x**i
    return powers


def stacked(x, y):
    return np.array([[x, y], [y, x]]) @ np.array([1.0, 2.0])


def in_place(x):
    x[0] = 5
    x *= 2
    return np.sum(x**2)


def listed(r, t):
    return [r * np.cos(t), r * np.sin(t)]


def helped(x):
    return np.sum(square(x))


def chatty(x):
    print(f"x is {x:.2f}")
    sys.stdout.write("and that is all\n")
    return x**2


def options(x, power=2, mode="fast", scale=None):
    return x**power if scale is None else scale * x**power


def order(x, y=2.0, /, *, z=3.0):
    return x * y * z


def constant(x):
    return 3.0


class Model:
    weight = 3.0

    def __call__(self, x):
        return self.weight * x

    def square(self, x):
        return self.weight * x**2

    @staticmethod
    def cube(x):
        return x**3


model = Model()
cube = functools.partial(lambda x, k: x**k, k=3)
numbers = [1, 2, 3]


async def later(x):
    return x


def steps(x):
    yield x


def anything(*args, **kwargs):
    return args


def wrapped(function):
    def inner(*args):
        return function(*args)

    return inner


hidden = wrapped(newton)


def turns(n, x):
    total = 0
    for power in range(int(n)):
        total = total + x**power
    return total
