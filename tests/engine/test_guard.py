"""Arrays that are constants of a graph: never a derivative from what was written meanwhile."""

import gc

import numpy as np
import pytest

import autodiff_cli as ad


def test_a_work_array_that_is_used_again():
    def total(x):
        work, sum = np.zeros(3), 0.0
        for k in range(4):
            work[:] = k
            sum = sum + np.sum(x * work)
        return sum

    assert ad.grad(total)(np.ones(3)).tolist() == [6, 6, 6]


def test_an_index_that_is_used_again():
    def total(x):
        where, sum = np.zeros(1, int), 0.0
        for k in range(3):
            where[0] = k
            sum = sum + x[where] * 10**k
        return sum[0]

    assert ad.grad(total)(np.ones(3)).tolist() == [1, 10, 100]


class TestLargeArrays:
    def test_can_be_read_only_while_a_graph_needs_them(self):
        large, x = np.arange(10_000.0), ad.tensor(np.ones(10_000), requires_grad=True)
        loss = np.sum(x * large)
        with pytest.raises(ValueError, match="read-only"):
            large[0] = 1
        assert np.shares_memory(loss.line.operands[0].operands[1], large)
        loss.backward()
        large[0] = 1
        assert x.grad[0] == 0 and x.grad[-1] == 9999

    def test_are_given_back_with_the_graph(self):
        large, x = np.arange(10_000.0), ad.tensor(np.ones(10_000), requires_grad=True)
        y, z = x * large, x + large
        del y
        assert not large.flags.writeable
        del z
        gc.collect()
        assert large.flags.writeable

    def test_through_views_of_one_memory(self):
        large = np.zeros((2, 10_000))
        row, x = large[0], ad.tensor(np.ones(10_000), requires_grad=True)
        one, other = x * row, x * large[1]
        del one
        gc.collect()
        for array in (large, row):
            assert not array.flags.writeable
        del other
        gc.collect()
        for array in (large, row):
            array[...] = 1

    def test_that_were_only_to_be_read_stay_so(self):
        large, x = np.zeros(10_000), ad.tensor(np.ones(10_000), requires_grad=True)
        large.flags.writeable = False
        y = x * large
        del y
        gc.collect()
        assert not large.flags.writeable
