"""Rows and large arrays against peers: python -m tests.benchmarks [FOLDER] [rows] [rounds]

Prints the tables, and writes them to FOLDER as benchmarks.md, and where matplotlib is installed as benchmarks.svg. One
thread first, and then as many as there are processors; each in a process of its own, for libraries look only once at
how many they may use.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from . import large, rows


def main(folder="benchmarks", count=rows.ROWS, rounds=rows.ROUNDS):
    """Measure, print and write everything."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    tables = {}
    for jobs in dict.fromkeys((1, processors)):
        tables |= in_process(jobs, count, rounds)
    (folder / "benchmarks.md").write_text(text := markdown(tables), encoding="utf-8")
    print(text)
    plot(tables, folder / "benchmarks.svg")


def in_process(jobs, count, rounds):
    """All tables with a number of threads; on as many processors, where the system lets one choose."""
    pinned = ["taskset", "-c", "0"] if jobs == 1 and sys.platform == "linux" else []
    command = [*pinned, sys.executable, "-m", "tests.benchmarks", "--measure", str(jobs), str(count), str(rounds)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def measured(jobs, count, rounds):
    rows.limit_threads(jobs)
    threads = f"{jobs} thread{'s' * (jobs > 1)}"
    found = {f"{name}, {count:,} rows, {threads}": t for name, t in rows.measure(count, rounds, jobs).items()}
    found[f"sum(x*y*sin(x)), {10 * count:,} elements, {threads}"] = large.measure(10 * count, rounds, jobs)
    return found


def markdown(tables):
    """A table for each workload."""
    parts = []
    for title, table in tables.items():
        lines = [f"## {title}", "", "| | ms | over blocks by hand | peak MB over the inputs |", "|---|--:|--:|--:|"]
        lines += [
            f"| {label} | {ms:.1f} | {ratio:.2f} | {peak / 1e6:.0f} |" for label, (ms, ratio, peak) in table.items()
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def plot(tables, path):
    """Times over those of blocks by hand, as bars."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not installed: no plot", file=sys.stderr)
        return
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(tables), figsize=(8, 2.4 * len(tables)), layout="constrained")
    for axis, (title, table) in zip(figure.axes if len(tables) > 1 else [axes], tables.items(), strict=True):
        ratios = [ratio for _, ratio, _ in table.values()]
        bars = axis.barh(
            list(table), ratios, color=["tab:orange" if label.startswith("adiff") else "tab:blue" for label in table]
        )
        axis.bar_label(bars, fmt="%.2f", padding=3)
        axis.invert_yaxis()
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("time over NumPy by hand in blocks", fontsize=8)
        axis.margins(x=0.1)
    figure.savefig(path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(*map(int, sys.argv[2:]))))
    else:
        main(*sys.argv[1:2], *map(int, sys.argv[2:]))
