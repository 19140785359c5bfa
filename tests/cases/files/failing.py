"""Code that loses derivatives, and code that fails."""

import copy
import math

import numpy as np
import scipy.linalg


def of_math(x):
    return math.sin(x) + x


def as_float(x):
    return float(x) ** 2


def as_int(x):
    return x * int(x)


def of_scipy(A, b):
    return np.sum(scipy.linalg.solve(A, b))


def into_plain(x):
    plain = 1 * np.arange(3.0)
    plain[0] = x
    return np.sum(plain)


def imported_inside(x):
    import numpy

    return numpy.sum(numpy.array([x, x]))


def percent(x):
    print("%.2f" % x)  # noqa: UP031
    return x


def as_item(x):
    y = x.item()
    return y**2


def as_whole(x):
    return np.sum(x.astype(int) * x)


def copied(x):
    return x * copy.deepcopy(x)


def without_rule(x):
    return np.polynomial.polynomial.polyval2d(x, x, np.eye(2))


def nothing(x):
    x**2


def words(x):
    return f"{x}"


def mapping(x):
    return {"x": x}


def pair(x):
    return x, np.ones(3)


def imaginary(x):
    return np.exp(1j * x)


def outer(A, x):
    return np.sum(inner(A, x))


def inner(A, x):
    return A @ x


def recursive(x):
    return recursive(x)


def leaving(x):
    raise SystemExit("enough")


def born(x):
    y = x - 1
    return np.sum(np.log(y) * 2)


def divided(x):
    return np.sum(
        x
        / np.sum(x)
    )  # fmt: skip


def truth(x):
    return x if x > 0 else -x
