"""How long one answer takes from a fresh process, beside NumPy's own import and beside the peers.

    python -m tests.benchmarks.startup [RUNS]

All commands are run in turn, RUNS times each (20 by default), so that a slow moment of the machine falls
on all of them; printed are medians and ratios to `python -c "import numpy"`. Peers that are not installed
are left out. Every peer computes the same gradient and its answer is checked before its time counts.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
QUESTION = ["grad", "sum(x*y)", "--x", "1,2,3", "--y", "4,5,6"]
X, Y = "[1.,2.,3.]", "[4.,5.,6.]"

PEERS = {
    "autograd": f"import autograd, autograd.numpy as np; x, y = np.array({X}), np.array({Y});"
    "print(*[float(v) for v in autograd.grad(lambda x, y: np.sum(x*y))(x, y)])",
    "mygrad": f"import mygrad as mg; x, y = mg.tensor({X}), mg.tensor({Y}); (x*y).sum().backward();"
    "print(*[float(v) for v in x.grad])",
    "sympy": "import sympy as s; x = s.symbols('x:3'); y = s.symbols('y:3'); f = sum(a*b for a, b in zip(x, y));"
    "print(*[float(f.diff(a).subs(dict(zip(y, (4, 5, 6))))) for a in x])",
    "jax": f"import jax, jax.numpy as np; x, y = np.array({X}), np.array({Y});"
    "print(*[float(v) for v in jax.grad(lambda x, y: np.sum(x*y))(x, y)])",
    "torch": f"import torch; x, y = torch.tensor({X}, requires_grad=True), torch.tensor({Y}); (x*y).sum().backward();"
    "print(*[float(v) for v in x.grad])",
}


def commands():
    """The command lines to be timed, by name."""
    script = Path(PYTHON).with_name("adiff")
    adiff = [str(script)] if script.exists() else [PYTHON, "-m", "autodiff_cli"]
    timed = {
        "python -c pass": [PYTHON, "-c", "pass"],
        "import numpy": [PYTHON, "-c", "import numpy"],
        "adiff --help": [*adiff, "--help"],
        "adiff grad": [*adiff, *QUESTION],
        "adiff grad --json": [*adiff, *QUESTION, "--json"],
    }
    for name, code in PEERS.items():
        answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
        if answer.returncode == 0 and answer.stdout.split() == ["4.0", "5.0", "6.0"]:
            timed[name] = [PYTHON, "-c", code]
    return timed


def measure(timed, runs):
    """Seconds of each run of each command, all in turn after one warm-up."""
    seconds = {name: [] for name in timed}
    for turn in range(runs + 1):
        for name, command in timed.items():
            start = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def main():
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    medians = {name: statistics.median(times) for name, times in measure(commands(), runs).items()}
    print(f"{'medians of ' + str(runs) + ' runs':20} {'ms':>8} {'/ import numpy':>15} {'/ pass':>8}")
    for name, median in medians.items():
        over_numpy, over_pass = median / medians["import numpy"], median / medians["python -c pass"]
        print(f"{name:20} {1e3 * median:8.1f} {over_numpy:15.2f} {over_pass:8.2f}")


if __name__ == "__main__":
    main()
