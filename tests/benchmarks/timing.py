"""What the benchmarks share: peers that may be missing, and one timing."""

import time
from importlib import import_module


def peer(name):
    """A module, or None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def seconds(call, least=2e-3):
    """One timing: the call repeated until it takes long enough to be told."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            call()
        spent = time.perf_counter() - start
        if spent > least:
            return spent / count
        count *= 4
