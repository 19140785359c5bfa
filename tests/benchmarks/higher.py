"""Higher derivatives, Hessians, long chains and small arrays, beside the peers that are installed.

    python -m tests.benchmarks.higher [ROUNDS]

Within a table all contenders are timed in turn, ROUNDS times each (10 by default), so that a slow moment of the machine
falls on all of them; printed are medians, as times and as ratios to adiff's. Every answer is checked before its time
counts. The first call of each contender (compilation, recording) is not counted unless the table says so.
"""

import gc
import statistics
import sys
import time
import tracemalloc
from importlib import import_module
from math import factorial

import numpy as np

import autodiff_cli as ad
from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.tensor import variable
from tests.benchmarks.timing import peer, seconds

TEXT = "sin(x)*exp(x^2)/(1+x^2)"
LONGEST = 20.0  # seconds after which a contender is not asked for more


jax, torch, autograd, mygrad, sympy = map(peer, ("jax", "torch", "autograd", "mygrad", "sympy"))
if jax:
    jax.config.update("jax_enable_x64", True)


def compare(title, contenders, rounds, unit=1e3, name="ms", rtol=1e-8):
    """Time contenders in turn and print a table; the first is adiff, whose answer the others must have."""
    print(f"\n{title}\n{'':28}{name:>12}{'/ adiff':>10}")
    expected, usable = None, {}
    for label, call in contenders.items():
        start = time.perf_counter()
        answer = np.asarray(call(), float)
        first = time.perf_counter() - start
        expected = answer if expected is None else expected
        if not np.allclose(answer, expected, rtol=rtol, atol=1e-9 * np.max(np.abs(expected))):
            print(f"{label:28}{'wrong answer':>12}")
        elif first > LONGEST:
            print(f"{label:28}{first * unit:12.3f}{'once':>10}")
        else:
            usable[label] = call
    times = {label: [] for label in usable}
    for _ in range(rounds):
        for label, call in usable.items():
            times[label].append(seconds(call))
    medians = {label: statistics.median(t) for label, t in times.items()}
    for label, median in medians.items():
        print(f"{label:28}{median * unit:12.3f}{median / medians['adiff']:10.2f}")
    return medians


# --- derivatives of high order


def formula(np):
    return lambda x: np.sin(x) * np.exp(x * x) / (1 + x * x)


def nested(grad, function, order):
    for _ in range(order):
        function = grad(function)
    return function


def torch_nested(order):
    def call():
        x = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
        y = formula(torch)(x)
        for _ in range(order):
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        return y.item()

    return call


def sympy_derivative(order):
    x = sympy.symbols("x")
    f = sympy.sin(x) * sympy.exp(x**2) / (1 + x**2)
    return lambda: float(f.diff(x, order).subs(x, 0.3))


def high_orders(rounds):
    """Each contender gives a first answer each time: the formula is read, recorded or traced anew."""
    for order in (4, 6, 8, 12, 30):
        contenders = {"adiff": lambda order=order: ad.parse(TEXT).partial(x=0.3, wrt=["x"] * order)}
        if jax and order <= 6:
            contenders["jax, nested grad"] = lambda o=order: nested(jax.grad, formula(jax.numpy), o)(0.3)
        if torch and order <= 8:
            contenders["torch, nested grad"] = torch_nested(order)
        if autograd and order <= 8:
            anp = import_module("autograd.numpy")
            contenders["autograd, nested grad"] = lambda o=order, anp=anp: nested(autograd.grad, formula(anp), o)(0.3)
        if sympy and order <= 12:
            contenders["sympy diff"] = sympy_derivative(order)
        compare(f"derivative of order {order} of {TEXT}, from text to number", contenders, min(rounds, 5))


def check_against_mpmath():
    """The digits of order 30, by 60-digit arithmetic."""
    mpmath = peer("mpmath")
    if not mpmath:
        return
    with mpmath.workdps(60):
        x = mpmath.mpf(0.3)
        series = mpmath.taylor(lambda t: mpmath.sin(t) * mpmath.exp(t * t) / (1 + t * t), x, 30)
        exact = series[30] * factorial(30)
        error = abs(mpmath.mpf(float(ad.parse(TEXT).partial(x=0.3, wrt=["x"] * 30))) - exact) / abs(exact)
    print(f"\norder 30 against mpmath: relative error {float(error):.1e}")


def cost_of_order():
    print(f"\nwork after start-up, {TEXT}\n{'order':>8}{'ms':>10}{'us / order^2':>14}")
    expression = ad.parse(TEXT)
    for order in (6, 12, 15, 30, 60, 120):
        best = min(seconds(lambda order=order: expression.partial(x=0.3, wrt=["x"] * order)) for _ in range(10))
        print(f"{order:8}{best * 1e3:10.2f}{best * 1e6 / order**2:14.2f}")


# --- Hessians


def rosenbrock(np):
    return lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def hessians(rounds):
    x = np.linspace(-1.2, 1.0, 1000)
    parsed = ad.parse("sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)")
    contenders = {"adiff": lambda: parsed.hessian(x=x)["x"]["x"]}
    parsed.hessian(x=x)
    add_peers(contenders, rosenbrock, x)
    compare("Hessian of Rosenbrock in 1000 variables, parsed or compiled once", contenders, rounds)

    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(5000, 200)), np.sign(rng.normal(size=5000)), rng.normal(size=200)
    loss = ad.parse("sum(softplus(-y*(X @ w)))")
    contenders = {"adiff": lambda: loss.hessian(X=X, y=y, w=w, wrt="w")["w"]["w"]}
    loss.hessian(X=X, y=y, w=w, wrt="w")

    def logistic(np):
        A, b = (np.asarray(X), np.asarray(y)) if np is not torch else (torch.from_numpy(X), torch.from_numpy(y))
        return lambda w: np.sum(np.logaddexp(np.zeros_like(b), -b * (A @ w)))

    add_peers(contenders, logistic, w)
    compare("Hessian of logistic regression, 200 parameters, 5000 rows", contenders, rounds)


def add_peers(contenders, make, x):
    if jax:
        hessian, point = jax.jit(jax.hessian(make(jax.numpy))), jax.numpy.asarray(x)
        contenders["jax, compiled"] = lambda: hessian(point).block_until_ready()
    if torch:
        torch_hessian, tensor = torch.func.hessian(make(torch)), torch.from_numpy(x)
        contenders["torch.func"] = lambda: torch_hessian(tensor).numpy()
    if autograd:
        anp = import_module("autograd.numpy")
        contenders["autograd"] = lambda: autograd.hessian(make(anp))(x)


# --- a long chain


def chain(np, x, length):
    for _ in range(length // 2):
        x = np.sin(x) * 1.0001
    return x


def long_chain(length=1_000_000):
    print(f"\na chain of {length:,} operations on one number, there and back\n{'':28}{'us / operation':>16}")
    gc.collect()
    gc.freeze()  # the peers' modules are not to be searched for garbage over and over
    x = variable(np.float64(0.5))
    start = time.perf_counter()
    y = chain(np, x, length)
    (slope,) = vjp([y.line], [np.float64(1)], [x.line])
    print(f"{'adiff':28}{(time.perf_counter() - start) / length * 1e6:16.2f}")
    if torch:
        t = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
        start = time.perf_counter()
        z = chain(torch, t, length)
        z.backward()
        print(f"{'torch':28}{(time.perf_counter() - start) / length * 1e6:16.2f}")
        assert np.isclose(slope, t.grad.item(), rtol=1e-6)
    del y
    tracemalloc.start()
    y = chain(np, x, length // 10)
    vjp([y.line], [np.float64(1)], [x.line])
    print(f"bytes an operation, at the most: {tracemalloc.get_traced_memory()[1] / (length // 10):.0f}")
    tracemalloc.stop()


# --- small arrays, eagerly


def twenty(np, x, y):
    a = x * y
    b = a + x
    c = np.sin(b)
    d = c * c
    e = d - y
    h = np.exp(e) * x + a
    k = np.log(h * h + 2.0) * b - c
    m = k * 0.5 + e
    o = m * y
    return np.sum(np.sqrt(o * o + 1.0))


def eager(rounds):
    for n in (3, 100):
        x, y = np.linspace(0.1, 1, n), np.linspace(0.5, 2, n)
        gradient = ad.grad(lambda x, y: twenty(np, x, y))
        contenders = {"adiff": lambda g=gradient, x=x, y=y: g(x, y)[0]}
        contenders["adiff, backward"] = lambda x=x, y=y: adiff_eager(x, y)
        if torch:
            contenders["torch"] = lambda x=x, y=y: torch_eager(x, y)
        if mygrad:
            contenders["mygrad"] = lambda x=x, y=y: mygrad_eager(x, y)
        if autograd:
            anp = import_module("autograd.numpy")
            other = autograd.grad(lambda x, y, anp=anp: twenty(anp, x, y), (0, 1))
            contenders["autograd"] = lambda g=other, x=x, y=y: g(x, y)[0]
        compare(f"value and gradient of 20 operations by two arrays of {n}, eagerly", contenders, rounds, 1e6, "us")


def adiff_eager(x, y):
    x, y = ad.tensor(x, requires_grad=True), ad.tensor(y, requires_grad=True)
    twenty(np, x, y).backward()
    return x.grad


def torch_eager(x, y):
    x, y = torch.tensor(x, requires_grad=True), torch.tensor(y, requires_grad=True)
    twenty(torch, x, y).backward()
    return x.grad.numpy()


def mygrad_eager(x, y):
    x, y = mygrad.tensor(x), mygrad.tensor(y)
    twenty(mygrad, x, y).backward()
    return x.grad


def main():
    """Print all tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    eager(rounds)
    hessians(rounds)
    high_orders(rounds)
    check_against_mpmath()
    cost_of_order()
    long_chain()


if __name__ == "__main__":
    main()
