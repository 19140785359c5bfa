"""The next block is read while one is answered and written."""

from itertools import islice

_FEW = 3  # items for which a thread does not pay
_END = object()


def ahead(items, may_wait):
    """What an iterable gives; after the first few items the next is made in a thread while one is used.

    may_wait   whether the next item may never come, so that it is not waited for where the iteration is left
    """
    items, few = iter(items), 0
    for item in islice(items, _FEW):
        yield item
        few += 1
    if few < _FEW:
        return
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(1)
    try:
        coming = pool.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = pool.submit(next, items, _END)
            yield item
    finally:
        pool.shutdown(wait=not may_wait)
