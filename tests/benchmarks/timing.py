"""What the benchmarks share: peers that may be missing, and one timing."""

import gc
import os
import time
from importlib import import_module
from pathlib import Path


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


def rounds_of(calls, rounds):
    """Seconds of each call in each round: {label: [...]}; in turn, so that all of them see the same weather."""
    times = {label: [] for label in calls}
    for _ in range(rounds):
        for label, call in calls.items():
            start = time.perf_counter()
            found = call()
            times[label].append(time.perf_counter() - start)
            del found
    return times


def peak(call, interval=2e-4):
    """How many bytes more than before the process has at the most while it makes a call, or ends it; as the system sees
    it, for not all libraries ask Python for memory."""
    import threading

    gc.collect()
    before, most, done = _resident(), 0, threading.Event()

    def watch():
        nonlocal most
        while not done.wait(interval):
            most = max(most, _resident())

    thread = threading.Thread(target=watch)
    thread.start()
    found = call()
    most = max(most, _resident())
    done.set()
    thread.join()
    del found
    return max(most - before, 0)


def _resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
