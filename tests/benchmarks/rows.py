"""Gradients over a million rows: python -m tests.benchmarks.rows [rows] [rounds] [jobs]

Four workloads (workloads.py) against the same gradient written by hand in NumPy, as whole arrays and in blocks, and
against peers, in turn in one process. Every contender takes NumPy arrays and gives NumPy arrays; each answer is checked
before its time counts, and the first call (compilation, recording) is not counted. Memory is that of a process of its
own. Peers that are not installed are left out and said; adiff is there with NumPy's functions alone, and with those of
its extra `mkl`. With jobs=1 every library is told to use one thread; `taskset` makes sure of it.
"""

import os
import subprocess
import sys
from importlib import import_module
from math import erfc, sqrt
from threading import Thread
from unittest.mock import patch

ROWS, ROUNDS, JOBS = 1_000_000, 7, 1
BLOCK = 16384


def limit_threads(jobs):
    """Before the libraries are imported, which look once."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
                 "NUMBA_NUM_THREADS"):  # fmt: skip
        os.environ[name] = str(jobs)
    flags = " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1" if jobs == 1 else ""
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + flags


# --- contenders: each maker gives a function of a list of arrays, or None


def adiff(workload, jobs):
    import autodiff_cli as ad

    run = ad.compile(workload.text, jobs=jobs)
    return lambda arrays: flat(run(*arrays))


def by_mkl(make):
    """A contender that needs the extra `mkl`."""

    def made(*how):
        import_module("mkl_umath")
        return make(*how)

    return made


def by_numpy_alone(make):
    """A contender that does without the extra `mkl`."""

    def made(*how):
        from autodiff_cli.engine import mkl

        call = make(*how)

        def alone(arrays):
            with patch.object(mkl, "functions", dict):
                return call(arrays)

        return alone

    return made


def by_hand(workload, jobs):
    return lambda arrays: list(workload.hand(*arrays))


def in_blocks(workload, jobs):
    """Blocks of a size that is good for these, shared by threads; each has its memory for as long as it lives."""
    import numpy as np

    kept = []

    def call(arrays):
        results = [np.empty(len(arrays[0])), *map(np.empty_like, arrays)]

        def some(starts):
            memory = kept.pop() if kept else {}
            for start in starts:
                rows = slice(start, start + BLOCK)
                size = len(results[0][rows])

                def scratch(k, size=size):
                    return memory.setdefault(k, np.empty(BLOCK))[:size]

                workload.blocked(scratch, *(a[rows] for a in arrays), *(r[rows] for r in results))
            kept.append(memory)

        threads(some, range(0, len(arrays[0]), BLOCK), jobs)
        return results

    return call


def threads(some, starts, jobs):
    """Each of several threads does some of the blocks."""
    others = [Thread(target=some, args=(starts[k::jobs],)) for k in range(1, jobs)]
    for thread in others:
        thread.start()
    some(starts[::jobs])
    for thread in others:
        thread.join()


def jax(workload, jobs):
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    np = import_module("numpy")
    places = tuple(range(len(workload.shapes)))
    normal = jax.scipy.special.ndtr

    def one(*point):
        return workload.function(jax.numpy, normal, *point)

    compiled = jax.jit(jax.vmap(jax.value_and_grad(one, places)))
    return lambda arrays: [np.asarray(x) for x in flat(compiled(*arrays))]


def torch(workload, jobs):
    torch = import_module("torch")
    torch.set_num_threads(jobs)
    torch.dot = lambda x, y: (x * y).sum(-1)  # of rows
    torch.ndtr = torch.special.ndtr

    def call(arrays):
        point = [torch.from_numpy(a).requires_grad_() for a in arrays]
        value = workload.function(torch, torch.ndtr, *point)
        return [x.detach().numpy() for x in (value, *torch.autograd.grad(value.sum(), point))]

    return call


def autograd(workload, jobs):
    import_module("autograd")
    anp, np = import_module("autograd.numpy"), import_module("numpy")
    make_vjp, norm = import_module("autograd").make_vjp, import_module("autograd.scipy.stats").norm
    module = type("Module", (), {n: getattr(anp, n) for n in ("sin", "cos", "exp", "log", "tanh", "sqrt", "arctan")})
    module.dot = staticmethod(lambda x, y: anp.sum(x * y, -1))

    def call(arrays):
        vjp, value = make_vjp(lambda point: workload.function(module, norm.cdf, *point))(tuple(arrays))
        return [value, *vjp(np.ones_like(value))]

    return call


def numexpr(workload, jobs):
    numexpr = import_module("numexpr")
    numexpr.set_num_threads(jobs)
    names = list(workload.shapes)
    if not workload.terms:
        return None

    def call(arrays):
        point = dict(zip(names, arrays, strict=True))
        return [numexpr.evaluate(term, local_dict=point) for term in workload.terms]

    return call


def numba(workload, jobs):
    """One row after the other, by the formulas for whole arrays."""
    numba, np = import_module("numba"), import_module("numpy")
    if any(workload.shapes.values()):
        return None
    module = import_module(workload.hand.__module__)
    normal = numba.njit(lambda x: 0.5 * erfc(-x * sqrt(0.5)))
    function = type(workload.hand)(workload.hand.__code__, vars(module) | {"ndtr": normal})
    row = numba.njit(function)
    count = len(workload.shapes)
    names, outputs = [f"x{k}" for k in range(count)], [f"y{k}" for k in range(count + 1)]
    lines = [f"def rows({', '.join(names + outputs)}):", " for k in prange(len(x0)):"]
    lines += [f"  found = row({', '.join(f'{n}[k]' for n in names)})"]
    lines += [f"  {y}[k] = found[{k}]" for k, y in enumerate(outputs)]
    space = {"prange": numba.prange, "row": row}
    exec("\n".join(lines), space)
    rows = numba.njit(parallel=jobs > 1)(space["rows"])

    def call(arrays):
        results = [np.empty(len(arrays[0])) for _ in range(count + 1)]
        rows(*arrays, *results)
        return results

    return call


CONTENDERS = {"NumPy by hand, in blocks": in_blocks, "adiff": by_numpy_alone(adiff), "adiff[mkl]": by_mkl(adiff),
              "NumPy by hand, whole": by_hand, "JAX, compiled": jax, "PyTorch": torch, "autograd": autograd,
              "numexpr, by hand": numexpr, "numba, by hand": numba}  # fmt: skip


def flat(found):
    """The arrays of (value, gradients), gradients by name or in order."""
    value, gradients = found
    return [value, *(gradients.values() if isinstance(gradients, dict) else gradients)]


# --- the table


def measure(rows=ROWS, rounds=ROUNDS, jobs=JOBS):
    """{workload: {contender: (milliseconds, ratio to the first, peak bytes over the inputs)}}."""
    from .workloads import WORKLOADS

    return {name: _measured(name, workload, rows, rounds, jobs) for name, workload in WORKLOADS.items()}


def _measured(name, workload, rows, rounds, jobs):
    arrays = list(workload.points(rows).values())
    makers = {label: (lambda make=make: make(workload, jobs)) for label, make in CONTENDERS.items()}
    return compared(makers, arrays, by_hand(workload, jobs), rounds, ["rows", jobs, rows, name])


def compared(makers, arrays, right, rounds, place):
    """Contenders side by side: medians of times, and of the ratios of each round."""
    import numpy as np

    from .timing import rounds_of

    expected, usable = right(arrays), {}
    for label, make in makers.items():
        call = _made(label, make)
        if call is None:
            continue
        found = call(arrays)
        if all(np.allclose(a, b, rtol=1e-7, atol=1e-9) for a, b in zip(found, expected, strict=True)):
            usable[label] = call
        else:
            print(f"{label}: wrong answer", file=sys.stderr)
        del found
    times = rounds_of({label: (lambda call=call: call(arrays)) for label, call in usable.items()}, rounds)
    first = np.array(next(iter(times.values())))
    return {
        label: (1e3 * np.median(t), np.median(np.array(t) / first), memory_of([*place, label]))
        for label, t in times.items()
    }


def _made(label, make):
    try:
        return make()
    except ImportError as missing:
        print(f"{label}: {missing.name} is not installed", file=sys.stderr)
        return None


def memory_of(place):
    """Bytes over the inputs, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", *map(str, place)]
    found = subprocess.run(command, capture_output=True, text=True)
    return int(found.stdout) if found.returncode == 0 else float("nan")


def show(title, table):
    print(f"\n{title}\n{'':26}{'ms':>9}{'/ blocks':>10}{'peak MB':>9}")
    for label, (time, ratio, memory) in table.items():
        print(f"{label:26}{time:9.1f}{ratio:10.2f}{memory / 1e6:9.0f}")


def main(rows=ROWS, rounds=ROUNDS, jobs=JOBS):
    """Print all tables."""
    limit_threads(jobs)
    for name, table in measure(rows, rounds, jobs).items():
        show(f"{name}: value and gradient at {rows:,} rows, {jobs} thread{'s' * (jobs > 1)}", table)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
