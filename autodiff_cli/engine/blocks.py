"""Blocks of rows that fit the cache, and threads that share them."""

import os
import threading

PIECE = 1 << 13  # rows: blocks of more have a multiple of so many
_CACHE = 8 << 20  # bytes of a block, which a processor's caches can hold
_MOST = 1 << 16  # rows of a block
_WORTH = 100_000  # rows from which threads are worth their start


def block_size(row_bytes, count, jobs):
    """How many of `count` rows make a block, if each takes so many bytes.

    Short blocks show Python's time for each call, and threads wait for each other between the calls.
    """
    fewest = min(2 * PIECE, -(-count // jobs))
    rows = min(max(_CACHE // max(row_bytes, 1), fewest), _MOST, count)
    return rows // PIECE * PIECE or rows


def jobs_for(count, jobs=None):
    """The number of threads for so many rows: what was asked for, or the processors this process may use."""
    if jobs is not None:
        return max(jobs, 1)
    if count < _WORTH:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_blocks(count, size, jobs, worker):
    """Share out the blocks of `count` rows among threads, this one included.

    worker   worker(size) is called once in each thread: what it gives is called as (start, stop, done) for each block
             there, always of `size` rows: the last one begins early, with some that are done; then its `finish` is

    What a block raises, an interrupt in this thread included, ends the others after the block that they are at.
    """
    starts, lock, failures = iter(range(0, count, size)), threading.Lock(), []

    def share():
        work = worker(size)
        while not failures:
            with lock:
                start = next(starts, None)
            if start is None:
                work.finish()
                return
            begin = min(start, count - size)
            work(begin, begin + size, start - begin)

    def run():
        try:
            share()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(jobs, -(-count // size)) - 1)]
    for thread in threads:
        thread.start()
    run()
    _join(threads, failures)
    if failures:
        raise failures[0]


def _join(threads, failures):
    """Wait for the threads; interrupted, they are told to stop, and waited for."""
    while threads:
        try:
            for thread in threads:
                thread.join()
            return
        except BaseException as failure:
            failures.append(failure)
