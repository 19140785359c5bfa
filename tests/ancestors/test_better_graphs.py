"""What a graph costs: neither the stack nor memory that is no longer needed."""

import gc
import sys
import tracemalloc
import weakref

import numpy as np

import autodiff_cli as ad

DEEP = 100_000  # a hundred times the depth at which Python gives up


def leaf(value):
    return ad.tensor(value, requires_grad=True)


class TestDepth:
    """Neither the way forwards nor the way back, nor the end of a graph, goes deeper with it."""

    def test_backward(self):
        x = leaf(1.0)
        y = x
        for _ in range(DEEP):
            y = y * 1.0
        y.backward()
        assert x.grad == 1

    def test_a_graph_that_is_dropped(self):
        x = leaf(1.0)
        y = x
        for _ in range(DEEP):
            y = y * 1.0
        end = weakref.ref(y)
        del y
        gc.collect()
        assert end() is None

    def test_a_freed_graph_whose_end_is_kept(self):
        x = leaf(np.ones(1))
        middles = [x]
        for _ in range(2000):
            middles.append(middles[-1] + 1.0)
        np.sum(middles[-1]).backward()
        assert x.grad.tolist() == [1] and middles[-1].value.tolist() == [2001]

    def test_transforms(self):
        def chain(x):
            for _ in range(20 * sys.getrecursionlimit()):
                x = x * 1.0
            return x

        assert ad.grad(chain)(1.0) == 1
        assert ad.jvp(chain, (1.0,), (1.0,)) == (1, 1)

    def test_updates_in_place(self):
        x = leaf([1.0, 1.0])
        y = x * 1
        for _ in range(3000):
            y[0] += 1.0
        np.sum(y * y).backward()
        assert y.value.tolist() == [3001, 1] and x.grad.tolist() == [6002, 2]

    def test_views_of_views(self):
        x = leaf([1.0, 2.0])
        y = x
        for _ in range(2000):
            y = y[:]
        y *= 3
        np.sum(x).backward()
        assert x.value.tolist() == [3, 6] and y.grad.tolist() == [1, 1]


class TestMemory:
    def test_backward_frees_what_lies_between(self):
        x = leaf(np.ones(1000))
        inner = np.exp(x)
        held = weakref.ref(inner.value)
        y = np.sum(inner * inner)
        del inner
        assert held() is not None
        y.backward(retain_graph=True)
        assert held() is not None
        y.backward()
        assert held() is None and y.item() > 0

    def test_what_is_dropped_is_freed_at_once(self):
        """By counting, without the garbage collector: the graph has no circles."""
        gc.disable()
        try:
            x = leaf(np.ones(1000))
            y = np.exp(x)
            y[1:] *= 2
            view = y[::2]
            view += 1
            held = weakref.ref(y.value)
            np.sum(view * y[0])
            del y, view
            assert held() is None
        finally:
            gc.enable()

    def test_a_loop_of_training_stays_where_it_is(self):
        w, x = leaf(np.ones(10_000)), np.ones(10_000)

        def step():
            loss = np.sum(np.tanh(w * x) ** 2)
            loss.backward()
            with ad.no_grad():
                w.__isub__(0.1 * w.grad)
            w.grad = None

        step()
        tracemalloc.start()
        try:
            step()
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(20):
                step()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        assert grown < w.value.nbytes

    def test_gradients_with_a_graph_are_freed_with_it(self):
        """Of which afnio's page warns: reset them, and all is freed."""
        x = leaf(np.ones(1000))
        np.sum(x**3).backward(create_graph=True)
        held = weakref.ref(x.grad)
        x.grad = None
        gc.collect()
        assert held() is None

    def test_a_detached_value_keeps_no_graph(self):
        x = leaf(np.ones(1000))
        inner = np.exp(x)
        held, kept = weakref.ref(inner.value), np.sum(inner).detach()
        del inner
        assert held() is None and kept.item() > 0
