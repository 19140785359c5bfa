"""afnio.autodiff's modes: the examples of `no_grad` on its page, and each form that the page names.

Where afnio's own code falls short of its words (`@no_grad` without parentheses, generators), this holds to the words.
"""

import threading

import numpy as np
import pytest

import autodiff_cli as ad


@pytest.fixture
def x():
    return ad.tensor([1.0, 2.0, 3.0], requires_grad=True)


def recorded():
    """Whether what is computed now can be differentiated."""
    return (ad.tensor(1.0, requires_grad=True) * 2).requires_grad


class TestNoGrad:
    """The examples of `no_grad`, and each form that its page names."""

    def test_with(self, x):
        with ad.no_grad():
            y = x + x
        assert not y.requires_grad and y.value.tolist() == [2, 4, 6]
        assert (x + x).requires_grad

    def test_decorator_with_parentheses(self, x):
        @ad.no_grad()
        def doubler(x):
            return x + x

        assert not doubler(x).requires_grad and (x + x).requires_grad

    def test_decorator_without_parentheses(self, x):
        @ad.no_grad
        def tripler(x, *, times=3):
            """Keeps its name and its words."""
            return x * times

        assert not tripler(x).requires_grad and tripler(x, times=2).value.tolist() == [2, 4, 6]
        assert tripler.__name__ == "tripler" and tripler.__doc__ == "Keeps its name and its words."

    def test_factories_with_their_own_word_are_exempt(self):
        with ad.no_grad():
            a = ad.tensor([1.0, 2.0], requires_grad=True)
            assert a.requires_grad and not (a * 2).requires_grad
        np.sum(a * a).backward()
        assert a.grad.tolist() == [2, 4]

    def test_is_grad_enabled(self):
        assert ad.is_grad_enabled() is True
        with ad.no_grad():
            assert ad.is_grad_enabled() is False
        assert ad.is_grad_enabled() is True

    def test_nested(self):
        seen = []
        with ad.no_grad():
            with ad.no_grad():
                seen.append(recorded())
            seen.append(recorded())
            with ad.enable_grad():
                seen.append(recorded())
                with ad.no_grad():
                    seen.append(recorded())
                seen.append(recorded())
            seen.append(recorded())
        seen.append(recorded())
        assert seen == [False, False, True, False, True, False, True]

    def test_one_object_entered_twice(self):
        off = ad.no_grad()
        with off, off:
            assert not recorded()
        assert recorded()
        with off:
            assert not recorded()
        assert recorded()

    def test_after_an_exception(self):
        with pytest.raises(ZeroDivisionError), ad.no_grad():
            _ = 1 / 0
        assert recorded()
        with ad.no_grad():
            with pytest.raises(ZeroDivisionError), ad.enable_grad():
                _ = 1 / 0
            assert not recorded()

    def test_after_an_exception_in_a_function(self):
        @ad.no_grad
        def fail():
            raise ValueError("on purpose")

        with pytest.raises(ValueError, match="on purpose"):
            fail()
        assert recorded()

    def test_recursion(self):
        @ad.no_grad()
        def depth(n):
            return [recorded()] + (depth(n - 1) if n else [])

        assert depth(5) == [False] * 6 and recorded()

    def test_a_method(self, x):
        class Model:
            @ad.no_grad
            def one(self, x):
                return x * 2

            @ad.no_grad()
            def two(self, x):
                return x * 2

        assert not Model().one(x).requires_grad and not Model().two(x).requires_grad

    def test_threads(self):
        """The mode of one thread is no other thread's."""
        seen = {}

        def work(name):
            seen[name] = ad.is_grad_enabled()
            with ad.no_grad():
                inside.set()
                checked.wait(5)

        inside, checked = threading.Event(), threading.Event()
        with ad.no_grad():
            thread = threading.Thread(target=work, args=("started in no_grad",))
            thread.start()
            inside.wait(5)
        seen["beside no_grad"] = ad.is_grad_enabled()
        checked.set()
        thread.join()
        assert seen == {"started in no_grad": True, "beside no_grad": True}

    def test_a_step_of_training(self):
        """A leaf that is updated in no_grad stays a leaf: the loop of every tutorial."""
        w = ad.tensor([1.0, -2.0], requires_grad=True)
        for _ in range(3):
            np.sum(w * w).backward()
            with ad.no_grad():
                w -= 0.25 * w.grad
            w.grad = None
        assert w.is_leaf and w.requires_grad
        assert w.value.tolist() == [0.125, -0.25]


class TestGenerators:
    """A generator is in the mode while it runs, and whoever asks it for a value is not."""

    @pytest.mark.parametrize("decorator", [ad.no_grad, ad.no_grad()])
    def test_between_its_values(self, decorator):
        @decorator
        def values():
            for _ in range(3):
                yield recorded()

        seen = []
        for inside in values():
            seen.append((inside, recorded()))
        assert seen == [(False, True)] * 3

    def test_left_open(self):
        @ad.no_grad
        def forever():
            while True:
                yield recorded()

        generator = forever()
        assert next(generator) is False
        assert recorded()
        generator.close()
        assert recorded()

    def test_sent_thrown_and_returned(self):
        @ad.no_grad
        def talk():
            received = [(yield recorded())]
            try:
                yield recorded()
            except KeyError:
                received.append(recorded())
            yield recorded()
            return received

        def outer():
            return (yield from talk())

        generator = outer()
        assert next(generator) is False
        assert generator.send("word") is False
        assert generator.throw(KeyError()) is False
        assert recorded()
        with pytest.raises(StopIteration) as stop:
            next(generator)
        assert stop.value.value == ["word", False]


class TestSetGradEnabled:
    """`set_grad_enabled(mode)`: a call, a context, a decorator."""

    def test_a_call(self):
        try:
            ad.set_grad_enabled(False)
            assert not ad.is_grad_enabled() and not recorded()
            ad.set_grad_enabled(True)
            assert ad.is_grad_enabled() and recorded()
        finally:
            ad.set_grad_enabled(True)

    @pytest.mark.parametrize("mode", [True, False])
    def test_a_context(self, mode):
        with ad.set_grad_enabled(mode):
            assert ad.is_grad_enabled() is mode and recorded() is mode
        assert recorded()

    @pytest.mark.parametrize("mode", [True, False])
    def test_a_decorator(self, mode):
        @ad.set_grad_enabled(mode)
        def ask():
            return recorded()

        assert recorded()
        with ad.no_grad():
            assert ask() is mode and not recorded()
        assert ask() is mode and recorded()

    def test_a_decorator_of_a_generator(self):
        @ad.set_grad_enabled(False)
        def values():
            yield recorded()
            yield recorded()

        assert [(inside, recorded()) for inside in values()] == [(False, True)] * 2

    def test_inside_no_grad_it_is_undone(self):
        with ad.no_grad():
            ad.set_grad_enabled(True)
            assert recorded()
        assert recorded()
        with ad.enable_grad():
            ad.set_grad_enabled(False)
        assert recorded()


class TestEnableGrad:
    @pytest.mark.parametrize("decorator", [ad.enable_grad, ad.enable_grad()])
    def test_a_decorator(self, decorator):
        @decorator
        def ask():
            return recorded()

        with ad.no_grad():
            assert ask() and not recorded()

    def test_backward_works_in_no_grad_on_what_was_recorded(self, x):
        y = np.sum(x * x)
        with ad.no_grad():
            y.backward()
        assert x.grad.tolist() == [2, 4, 6]


class TestFunctionalFace:
    """As in PyTorch's functional face: a mode inside the function is heeded, one around the transform is not."""

    def test_in_no_grad(self):
        with ad.no_grad():
            assert ad.grad(lambda x: x**3)(2.0) == 12
            assert ad.grad(ad.grad(lambda x: x**3))(2.0) == 12
            assert not ad.is_grad_enabled()

    def test_no_grad_inside(self):
        def f(x):
            with ad.no_grad():
                weight = x * x
            return weight * x

        assert ad.grad(f)(3.0) == 9
