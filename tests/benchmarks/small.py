"""Value and gradient of formulas of 20 operations on small arrays, beside NumPy by hand and the peers.

    python -m tests.benchmarks.small [ROUNDS]

Within a table all contenders are timed in turn, ROUNDS times each (15 by default), so that a slow moment of the machine
falls on all of them; printed are medians, and the medians of their ratios to NumPy by hand within a round. Every
answer, the value and all gradients, is checked before its time counts. Expressions are parsed, functions compiled and
first calls made before. Peers that are not installed are named and left out.
"""

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

import autodiff_cli as ad
from tests.benchmarks.timing import peer, seconds

LARGE = 10_000  # no longer small, but in no cache's way: what it shows is that memory is used again
PEERS = ("autograd", "mygrad", "torch", "jax")


autograd, mygrad, torch, jax = map(peer, PEERS)
if jax:
    jax.config.update("jax_enable_x64", True)
if torch:
    torch.set_num_threads(1)  # more of them do nothing for small arrays, and get in the way of the others


@dataclass
class Formula:
    """One formula in the language, in NumPy's words, and with its gradient written by hand.

    function   function(np, *arrays), with the module to compute by
    by_hand    by_hand(*arrays) gives (value, gradients)
    point      point(n): the arrays
    """

    name: str
    text: str
    function: Callable
    by_hand: Callable
    point: Callable


# --- two arrays, twenty operations one by one


def chain(np, x, y):
    a = x * y
    b = a + x
    c = np.sin(b)
    e = c * c - y
    h = np.exp(e) * x + a
    k = np.log(h * h + 2.0) * b - c
    o = (k * 0.5 + e) * y
    return np.sum(np.sqrt(o * o + 1.0))


def chain_by_hand(x, y):
    a = x * y
    b = a + x
    c = np.sin(b)
    e = c * c - y
    p = np.exp(e)
    h = p * x + a
    q = h * h + 2.0
    log_q = np.log(q)
    m = (log_q * b - c) * 0.5 + e
    o = m * y
    r = np.sqrt(o * o + 1.0)
    by_o = o / r
    by_m = by_o * y
    by_k = by_m * 0.5
    by_h = by_k * b * 2.0 * h / q
    by_e = by_m + by_h * x * p
    by_c = 2.0 * c * by_e - by_k
    by_b = by_k * log_q + by_c * np.cos(b)
    by_a = by_h + by_b
    return np.sum(r), (by_a * y + by_b + by_h * p, by_a * x + by_o * m - by_e)


CHAIN = Formula(
    "a chain of products, sin, exp, log and sqrt",
    "a = x*y; b = a + x; c = sin(b); g = c*c - y; h = exp(g)*x + a; k = log(h*h + 2)*b - c;"
    "o = (k*0.5 + g)*y; sum(sqrt(o*o + 1))",
    chain,
    chain_by_hand,
    lambda n: {"x": np.linspace(0.1, 1, n), "y": np.linspace(0.5, 2, n)},
)


# --- quotients and powers, as of a potential


def potential(np, x, y):
    s = x**2 + y**2 + 0.5
    i = 1.0 / s
    c = i * i * i
    u = c * c - c
    w = np.exp(-s / 4.0) * np.cos(x * y)
    return np.sum(np.tanh(u * w + x) ** 2)


def potential_by_hand(x, y):
    s = x**2 + y**2 + 0.5
    i = 1.0 / s
    j = i * i
    c = j * i
    u = c * c - c
    e = np.exp(s * -0.25)
    z = x * y
    cos = np.cos(z)
    w = e * cos
    t = np.tanh(u * w + x)
    by_v = 2.0 * t * (1.0 - t * t)
    by_w = by_v * u
    by_c = by_v * w * (2.0 * c - 1.0)
    by_s = by_c * -3.0 * j * j - 0.25 * by_w * w
    by_z = -by_w * e * np.sin(z)
    return np.sum(t * t), (by_v + 2.0 * x * by_s + y * by_z, 2.0 * y * by_s + x * by_z)


POTENTIAL = Formula(
    "quotients and powers, exp, cos and tanh",
    "s = x^2 + y^2 + 0.5; i = 1/s; c = i*i*i; u = c*c - c; w = exp(-s/4)*cos(x*y); sum(tanh(u*w + x)^2)",
    potential,
    potential_by_hand,
    lambda n: {"x": np.linspace(-1, 1, n), "y": np.linspace(0.5, 2, n)},
)


# --- four numbers that are fitted to n measurements


def fit(np, a, b, c, d, t, y):
    r = a * np.exp(-b * t) * np.cos(c * t) + d - y
    return np.sum(np.sqrt(1.0 + r * r) - 1.0) + 0.1 * (a * a + b * b + c * c + d * d)


def fit_by_hand(a, b, c, d, t, y):
    e, z = np.exp(-b * t), c * t
    f = e * np.cos(z)
    r = a * f + d - y
    q = np.sqrt(1.0 + r * r)
    by_r = r / q
    by_t = by_r * t
    value = np.sum(q - 1.0) + 0.1 * (a * a + b * b + c * c + d * d)
    by_a = np.sum(by_r * f) + 0.2 * a
    by_b = -a * np.sum(by_t * f) + 0.2 * b
    by_c = -a * np.sum(by_t * e * np.sin(z)) + 0.2 * c
    return value, (by_a, by_b, by_c, np.sum(by_r) + 0.2 * d)


FIT = Formula(
    "four numbers fitted to measurements",
    "r = a*exp(-b*t)*cos(c*t) + d - y; sum(sqrt(1 + r*r) - 1) + 0.1*(a*a + b*b + c*c + d*d)",
    fit,
    fit_by_hand,
    lambda n: {"a": 1.3, "b": 0.7, "c": 2.1, "d": 0.2, "t": np.linspace(0, 3, n), "y": np.linspace(1, -1, n)},
)

# --- contenders: each a call without arguments that gives (value, gradients)


def contenders(formula, n):
    """The calls by name, NumPy by hand first. What is differentiated by are the variables that by_hand knows of."""
    point = formula.point(n)
    arrays = list(point.values())
    count = len(formula.by_hand(*arrays)[1])
    wrt = tuple(point)[:count]
    found = {"numpy by hand": lambda: formula.by_hand(*arrays)}
    found["adiff, expression"] = by_expression(ad.parse(formula.text), point, wrt)
    eager = ad.value_and_grad(lambda *arrays: formula.function(np, *arrays), tuple(range(count)))
    found["adiff, function"] = lambda: eager(*arrays)
    found["adiff, backward"] = by_backward(ad.tensor, np, formula.function, arrays, count)
    return found


def peers(formula, n):
    """The calls of those peers that are installed, by name."""
    arrays = list(formula.point(n).values())
    count, found = len(formula.by_hand(*arrays)[1]), {}
    for module, make in zip((autograd, mygrad, torch, jax), (by_autograd, by_mygrad, by_torch, by_jax), strict=True):
        if module:
            found |= make(formula.function, arrays, count)
    return found


def by_expression(expression, point, wrt):
    if len(wrt) == len(point):
        return lambda: _values(expression.value_and_grad(point))
    return lambda: _values(expression.value_and_grad(point, wrt=wrt))


def _values(found):
    return found[0], found[1].values()


def by_backward(tensor, module, function, arrays, count):
    """As in a loop of training: tensors are made of the parameters, and have their gradients after a backward pass."""

    def call():
        inputs = [tensor(a, requires_grad=True) for a in arrays[:count]]
        value = function(module, *inputs, *arrays[count:])
        value.backward()
        return value.item(), [x.grad for x in inputs]

    return call


def by_autograd(function, arrays, count):
    anp = import_module("autograd.numpy")
    call = autograd.value_and_grad(lambda inputs: function(anp, *inputs, *arrays[count:]))
    return {"autograd": lambda: call(tuple(map(np.asarray, arrays[:count])))}


def by_mygrad(function, arrays, count):
    return {"mygrad": by_backward(lambda a, requires_grad: mygrad.tensor(a), mygrad, function, arrays, count)}


def by_torch(function, arrays, count):
    def tensor(a, requires_grad=False):
        return torch.tensor(a, dtype=torch.float64, requires_grad=requires_grad)

    return {"torch": by_backward(tensor, torch, function, [*arrays[:count], *map(tensor, arrays[count:])], count)}


def by_jax(function, arrays, count):
    call = jax.jit(jax.value_and_grad(lambda *arrays: function(jax.numpy, *arrays), tuple(range(count))))
    return {"jax, compiled": lambda: jax.block_until_ready(call(*arrays))}


# --- timing


def is_right(answer, expected):
    """Whether the value and all gradients of an answer are those expected."""
    (value, gradients), (right_value, right_gradients) = answer, expected
    pairs = [(value, right_value), *zip(gradients, right_gradients, strict=True)]
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=1e-11) for a, b in pairs)


def compare(title, calls, rounds):
    """Time the calls in turn and print a table; the first gives the answer that the others must have.

    Gives the ratios to the first by name.
    """
    print(f"\n{title}\n{'':22}{'us':>10}{'/ by hand':>12}")
    expected = next(iter(calls.values()))()
    for _ in range(3):  # what is compiled when met again has been compiled by then
        wrong = [name for name, call in calls.items() if not is_right(call(), expected)]
    usable = {name: call for name, call in calls.items() if name not in wrong}
    times = {name: [] for name in usable}
    for _ in range(rounds):
        for name, call in usable.items():
            times[name].append(seconds(call))
    first = next(iter(times.values()))
    ratios = {name: statistics.median(map(float.__truediv__, t, first)) for name, t in times.items()}
    for name, t in times.items():
        print(f"{name:22}{statistics.median(t) * 1e6:10.1f}{ratios[name]:12.2f}")
    for name in wrong:
        print(f"{name:22}{'wrong answer':>22}")
    return ratios


def main():
    """Print all tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    missing = [name for name in PEERS if peer(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}")
    for formula in (CHAIN, POTENTIAL, FIT):
        for n in (3, 100):
            compare(f"{formula.name}, n = {n}", contenders(formula, n) | peers(formula, n), rounds)
        compare(f"{formula.name}, n = {LARGE}, without peers", contenders(formula, LARGE), rounds)


if __name__ == "__main__":
    main()
