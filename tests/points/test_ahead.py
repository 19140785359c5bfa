"""The next item is made while one is used, and never waited for in vain."""

import threading

import pytest

from autodiff_cli.points.ahead import ahead


@pytest.mark.parametrize("count", range(7))
def test_all_items_in_order(count):
    assert list(ahead(range(count), may_wait=False)) == list(range(count))


def test_the_next_item_is_made_meanwhile():
    made = [threading.Event() for _ in range(8)]

    def items():
        for k, event in enumerate(made):
            event.set()
            yield k

    for k in ahead(items(), may_wait=False):
        assert k < 3 or k == 7 or made[k + 1].wait(10)


def test_errors_come_through():
    def items():
        yield from range(5)
        raise ValueError("no more")

    found = []
    with pytest.raises(ValueError, match="no more"):
        found.extend(ahead(items(), may_wait=False))
    found = ahead(items(), may_wait=False)
    assert [next(found) for _ in range(5)] == list(range(5))


def test_an_item_that_never_comes_is_not_waited_for():
    never = threading.Event()

    def items():
        yield from range(5)
        never.wait()

    found = ahead(items(), may_wait=True)
    assert [next(found) for _ in range(5)] == list(range(5))
    found.close()
    never.set()
