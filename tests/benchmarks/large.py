"""One gradient of sum(x*y*sin(x)), ten million elements: python -m tests.benchmarks.large [elements] [rounds] [jobs]

Time and peak memory over the inputs, against the same by hand in blocks and as whole arrays, and against peers; as in
rows.py.
"""

import sys
from importlib import import_module

from .rows import BLOCK, by_mkl, by_numpy_alone, limit_threads, threads

ELEMENTS, ROUNDS, JOBS = 10_000_000, 5, 1


def adiff(jobs):
    import autodiff_cli as ad

    expression = ad.parse("sum(x*y*sin(x))")

    def call(arrays):
        value, gradient = expression.value_and_grad(dict(zip("xy", arrays, strict=True)))
        return [value, *gradient.values()]

    return call


def by_hand(jobs):
    import numpy as np

    def call(arrays):
        x, y = arrays
        sine = np.sin(x)
        of_y = x * sine
        return [np.dot(y, of_y), y * (sine + x * np.cos(x)), of_y]

    return call


def in_blocks(jobs):
    import numpy as np

    def call(arrays):
        x, y = arrays
        of_x, of_y = np.empty_like(x), np.empty_like(y)
        totals = []

        def some(starts):
            s, t = np.empty(BLOCK), np.empty(BLOCK)
            for start in starts:
                a, b, gx, gy = (z[start : start + BLOCK] for z in (x, y, of_x, of_y))
                np.sin(a, s[: len(a)])
                np.multiply(a, s[: len(a)], gy)
                np.cos(a, t[: len(a)])
                np.multiply(a, t[: len(a)], gx)
                np.add(gx, s[: len(a)], gx)
                np.multiply(b, gx, gx)
                np.multiply(b, gy, t[: len(a)])
                totals.append(np.sum(t[: len(a)]))

        threads(some, range(0, len(x), BLOCK), jobs)
        return [sum(totals), of_x, of_y]

    return call


def jax(jobs):
    jax, np = import_module("jax"), import_module("numpy")
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.value_and_grad(lambda x, y: jax.numpy.sum(x * y * jax.numpy.sin(x)), (0, 1)))

    def call(arrays):
        value, gradient = compiled(*arrays)
        return [float(value), *map(np.asarray, gradient)]

    return call


def torch(jobs):
    torch = import_module("torch")
    torch.set_num_threads(jobs)

    def call(arrays):
        x, y = (torch.from_numpy(a).requires_grad_() for a in arrays)
        value = torch.sum(x * y * torch.sin(x))
        value.backward()
        return [value.item(), x.grad.numpy(), y.grad.numpy()]

    return call


def autograd(jobs):
    anp = import_module("autograd.numpy")
    gradient = import_module("autograd").value_and_grad(lambda point: anp.sum(point[0] * point[1] * anp.sin(point[0])))

    def call(arrays):
        value, found = gradient(tuple(arrays))
        return [value, *found]

    return call


def mygrad(jobs):
    mygrad = import_module("mygrad")

    def call(arrays):
        x, y = (mygrad.tensor(a, copy=False) for a in arrays)
        value = mygrad.sum(x * y * mygrad.sin(x))
        value.backward()
        return [value.item(), x.grad, y.grad]

    return call


CONTENDERS = {"NumPy by hand, in blocks": in_blocks, "adiff": by_numpy_alone(adiff), "adiff[mkl]": by_mkl(adiff),
              "NumPy by hand, whole": by_hand, "JAX, compiled": jax, "PyTorch": torch, "autograd": autograd,
              "mygrad": mygrad}  # fmt: skip


def inputs(count):
    import numpy as np

    return list(np.random.default_rng(0).uniform(0.5, 2.0, (2, count)))


def measure(count=ELEMENTS, rounds=ROUNDS, jobs=JOBS):
    """{contender: (milliseconds, ratio to the first, peak bytes over the inputs)}."""
    from .rows import compared

    makers = {label: (lambda make=make: make(jobs)) for label, make in CONTENDERS.items()}
    return compared(makers, inputs(count), by_hand(jobs), rounds, ["large", jobs, count])


def main(count=ELEMENTS, rounds=ROUNDS, jobs=JOBS):
    """Print the table."""
    from .rows import show

    limit_threads(jobs)
    outputs = 16 * count / 1e6
    show(f"gradient of sum(x*y*sin(x)), {count:,} elements, {outputs:.0f} MB of it", measure(count, rounds, jobs))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
