"""A scheduler of Dask's with workers on this machine, which end with the command."""

import asyncio
import logging
import signal
import sys
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from tempfile import TemporaryDirectory

_HASTE = 0.2  # seconds for a worker of our own to end by itself


@contextmanager
def cluster(distributed, count, jobs):
    """The address of a scheduler of our own for so many files; its workers are processes with one thread."""
    import dask.config
    from dask.system import CPU_COUNT

    count = min(count, jobs or CPU_COUNT)
    with ExitStack() as stack:
        scratch = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        stack.enter_context(dask.config.set(temporary_directory=scratch))
        stack.enter_context(_silent())
        resource_tracker.ensure_running()  # it would do so below, and let interrupts through again
        with _deaf():
            started = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, memory_limit=0, host="127.0.0.1",
                dashboard_address=None, silence_logs=logging.CRITICAL,
            )  # fmt: skip
            stack.enter_context(started)
            stack.callback(_end, started)
        yield started.scheduler_address


def _end(cluster):
    """End the workers, also those that are busy."""

    async def ended():
        ends = (nanny.close(timeout=_HASTE) for nanny in cluster.workers.values())
        await asyncio.gather(*ends, return_exceptions=True)

    with _deaf():
        cluster.sync(ended)


@contextmanager
def _silent():
    """Processes that begin here tell no warnings of Python's: they are for programmers."""
    sys.warnoptions.append("ignore")
    try:
        yield
    finally:
        sys.warnoptions.remove("ignore")


@contextmanager
def _deaf():
    """Interrupts wait for the end of this; threads and processes that begin here never hear of one."""
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))  # where another thread is told first
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if heard:
        raise KeyboardInterrupt
