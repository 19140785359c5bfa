"""The peak memory of one contender, in a process of its own, in bytes over the inputs; called by rows.py and large.py.

    python -m tests.benchmarks.memory rows JOBS ROWS WORKLOAD CONTENDER
    python -m tests.benchmarks.memory large JOBS ELEMENTS CONTENDER

A call on a hundredth of the inputs goes before, so that libraries are loaded; what is compiled anew for other shapes
counts.
"""

import sys

from . import large, rows
from .timing import peak


def main(what, jobs, count, *names):
    rows.limit_threads(int(jobs))
    *workload, label = names
    if what == "rows":
        from .workloads import WORKLOADS

        one = WORKLOADS[workload[0]]
        call, arrays = rows.CONTENDERS[label](one, int(jobs)), list(one.points(int(count)).values())
    else:
        call, arrays = large.CONTENDERS[label](int(jobs)), large.inputs(int(count))
    call([a[: len(a) // 100].copy() for a in arrays])
    print(peak(lambda: call(arrays)))


if __name__ == "__main__":
    main(*sys.argv[1:])
