"""Files of rows end to end, beside reading and writing alone.

    python -m tests.benchmarks.rows_io [ROWS] [ROUNDS]

Every contender is a process of its own that reads a CSV file with the columns x and y, and writes one with the value
and the gradient of x^2*y beside them. All are started in turn, ROUNDS times (5 by default); printed are medians of the
seconds, of the ratios to Polars within a round, and of the processor's seconds. What each has written is compared with
what the first has. Then ten times as many rows pass under a ceiling of memory.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.benchmarks.timing import peer

ROOT = Path(__file__).parent.parent.parent
ROWS, ROUNDS = 1_000_000, 5
CEILING = 1_600_000_000  # bytes of addresses; Polars stays out below 2 GB
HEADER = "x,y,f,df_dx,df_dy"

POLARS = """
import sys, polars
t = polars.read_csv(sys.argv[1])
x, y = t["x"], t["y"]
t.with_columns(f=x * x * y, df_dx=2 * x * y, df_dy=x * x).write_csv(sys.argv[2])
"""
PANDAS = """
import sys, pandas
t = pandas.read_csv(sys.argv[1])
t.assign(f=t.x**2 * t.y, df_dx=2 * t.x * t.y, df_dy=t.x**2).to_csv(sys.argv[2], index=False)
"""
NUMPY = """
import sys, numpy
t = numpy.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
x, y = t.T
t = numpy.column_stack([x, y, x * x * y, 2 * x * y, x * x])
numpy.savetxt(sys.argv[2], t, "%.17g", ",", header="x,y,f,df_dx,df_dy", comments="")
"""
WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("polars", "orjson", "zstandard"):
            raise ImportError(name)
sys.meta_path.insert(0, Missing())
from autodiff_cli.cli import run
run()
"""


def contenders(source, target):
    """Command lines by label; Polars first."""
    question = ["grad", "x^2*y", "--rows", source, "-f", "csv", "-o", target]
    found = {
        "polars, read and write": ("polars", [sys.executable, "-c", POLARS, source, target]),
        "adiff": ("numpy", [sys.executable, "-m", "autodiff_cli", *question]),
        "adiff without the extra": ("numpy", [sys.executable, "-c", WITHOUT, *question]),
        "numpy, loadtxt and savetxt": ("numpy", [sys.executable, "-c", NUMPY, source, target]),
        "pandas": ("pandas", [sys.executable, "-c", PANDAS, source, target]),
    }
    for label, (needs, _) in found.items():
        if not peer(needs):
            print(f"{label} is left out: {needs} is not installed", file=sys.stderr)
    return {label: command for label, (needs, command) in found.items() if peer(needs)}


def timed(command):
    """(seconds, processor's seconds) of a process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(commands, target, rounds):
    """{label: [(seconds, processor's seconds), ...]}, a pair for each round; the answers are checked first."""
    times, expected = {label: [] for label in commands}, None
    for turn in range(rounds + 1):
        for label, command in commands.items():
            pair = timed(command)
            if turn:
                times[label].append(pair)
            elif expected is None:
                expected = table(target)
            else:
                assert np.allclose(table(target), expected, rtol=1e-12), label
    return times


def table(path):
    """The first numbers of a file of results."""
    with open(path) as file:  # noqa: PTH123
        assert file.readline().strip() == HEADER
        return np.loadtxt(file, delimiter=",", max_rows=1000)


def write_rows(path, count, times=1):
    """A file of random points, so many times one after the other."""
    points = np.random.default_rng(0).normal(size=(count, 2)).tolist()
    lines = "".join(f"{x!r},{y!r}\n" for x, y in points)
    with open(path, "w") as file:  # noqa: PTH123
        file.write("x,y\n")
        for _ in range(times):
            file.write(lines)


def under_a_ceiling(folder, count):
    """Print what many rows take where addresses are scarce, with the extra and without."""
    source = f"{folder}/many.csv"
    write_rows(source, count // 10, 10)
    for label, ceiling in (("adiff", 2 * CEILING), ("adiff without the extra", CEILING // 2)):
        words = [sys.executable, "-m", "autodiff_cli", "grad", "x^2*y", "--rows", source]
        start = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=subprocess.DEVNULL,
            preexec_fn=lambda ceiling=ceiling: resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling)),
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        spent = time.perf_counter() - start
        assert status == 0, label
        print(f"{label}, {count:,} rows under {ceiling / 1e9:.1f} GB of addresses: {spent:.1f} s, "
              f"{usage.ru_maxrss / 1024:.0f} MB at most")  # fmt: skip


def main(count=ROWS, rounds=ROUNDS):
    with TemporaryDirectory() as folder:
        source, target = f"{folder}/in.csv", f"{folder}/out.csv"
        write_rows(source, count)
        times = measured(contenders(source, target), target, rounds)
        base = next(iter(times.values()))
        print(f"{count:,} rows, CSV to CSV\n{'':30}{'s':>8}{'/ first':>9}{'cpu s':>8}{'/ first':>9}")
        for label, pairs in times.items():
            walls, cpus = zip(*pairs, strict=True)
            ratios = [statistics.median(a / b for a, b in zip(own, first, strict=True))
                      for own, first in zip((walls, cpus), zip(*base, strict=True), strict=True)]  # fmt: skip
            print(
                f"{label:30}{statistics.median(walls):8.2f}{ratios[0]:9.2f}{statistics.median(cpus):8.2f}{ratios[1]:9.2f}"
            )
        under_a_ceiling(folder, 10 * count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
