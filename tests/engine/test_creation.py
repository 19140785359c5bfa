import mpmath
import numpy as np
import pytest

from autodiff_cli.engine import creation as ad
from autodiff_cli.engine.tensor import Tensor, variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import check_against_mpmath, slopes, value_and_vjp

T = variable(np.float64(2))
V = variable(np.array([1.0, 2.0, 3.0]))


def same(got, want):
    got = got.value if isinstance(got, Tensor) else got
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


class TestArray:
    def test_values(self):
        same(ad.array([[T, 1], [3.0, T]]), np.array([[2.0, 1], [3, 2]]))
        same(ad.array((V, [4, 5, 6]), np.float32), np.array([[1, 2, 3], [4, 5, 6]], np.float32))
        same(ad.array(V, ndmin=3), np.array([[[1.0, 2, 3]]]))
        same(ad.array([T, 2.7], int), np.array([2, 2]))

    def test_without_tensors_it_is_plain(self):
        x = np.ones(2)
        assert type(ad.array([1, 2])) is type(ad.asarray(x)) is type(ad.full(2, 1.0)) is np.ndarray
        assert ad.array(x) is not x
        assert ad.asarray(x) is x

    def test_a_copy_is_another_tensor(self):
        assert ad.asarray(V) is V
        assert ad.array(V, copy=False) is V
        assert ad.array(V) is not V

    def test_lists_that_do_not_fit(self):
        for ragged in ([V, T], [[T], [T, T]], [V, V[:2]]):
            with pytest.raises(ValueError):
                ad.array(ragged)

    def test_slopes(self):
        """The determinant of [[t, 1], [2, t*t]] is t^3 - 2."""
        assert slopes(
            lambda t: (m := ad.array([[t, 1], [2, t * t]]))[0, 0] * m[1, 1] - m[0, 1] * m[1, 0], [2.0], 1
        ) == [12]


class TestFull:
    def test_values(self):
        same(ad.full((2, 3), T), np.full((2, 3), 2.0))
        same(ad.full((2, 3), V), np.full((2, 3), [1.0, 2, 3]))
        same(ad.full(2, [T, 1], np.float32), np.full(2, [2, 1], np.float32))

    def test_what_is_plain_can_be_written(self):
        filled = ad.full((2, 2), [1.0, 2.0])
        filled[0, 0] = 5
        assert filled.tolist() == [[5, 2], [1, 2]]


class TestJoiners:
    def test_values(self):
        v = V.value
        same(ad.r_[V, T, 1:7:2, 0:1:3j, [1, 2]], np.r_[v, 2.0, 1:7:2, 0:1:3j, [1, 2]])
        same(ad.r_["0,2", V, V], np.r_["0,2", v, v])
        same(ad.r_["1,3,1", V, np.ones((1, 3, 1))], np.r_["1,3,1", v, np.ones((1, 3, 1))])
        same(ad.r_[V], np.r_[v])
        same(ad.c_[V, [4, 5, 6], :3], np.c_[v, [4, 5, 6], :3])
        same(ad.c_["0", V[None], [[1, 2, 3]]], np.c_["0", v[None], [[1, 2, 3]]])

    def test_a_slice_between_tensors(self):
        """The points 0, t/2, t."""
        assert slopes(lambda t: np.sum(ad.r_[0:t:3j, t]), [2.0], 1) == [2.5]

    def test_what_numpy_refuses(self):
        with pytest.raises(ValueError):
            ad.r_[V, "0"]
        with pytest.raises(ValueError):
            ad.c_[V, V[:2]]


class TestKaiser:
    def test_values(self):
        for M in (0, 1, 2, 5, 8):
            np.testing.assert_allclose(np.asarray(ad.kaiser(M, 3.5)), np.kaiser(M, 3.5), rtol=1e-14)

    def test_slopes(self):
        """The second of four points stands at 1/3."""

        def reference(b):
            return mpmath.besseli(0, b * mpmath.sqrt(mpmath.mpf(8) / 9)) / mpmath.besseli(0, b)

        check_against_mpmath(lambda b: ad.kaiser(4, b)[1], reference, 2.5, orders=2, rtol=1e-13, digits=300)


class TestLike:
    def test_it_is_a_tensor(self):
        for made in (
            np.zeros(3, like=V), np.ones((2, 2), like=V), np.eye(2, like=V), np.arange(3, like=V),
            np.array([1], like=V), np.full((2, 2), 7, like=V),
            np.asarray([1, 2], like=V), np.fromiter([1, 2], float, like=V),
        ):  # fmt: skip
            assert isinstance(made, Tensor)
            assert made.line is None

    def test_it_knows_its_tensors(self):
        assert slopes(lambda t: np.sum(np.array([t, t * t], like=t)), [3.0], 1) == [7]
        assert slopes(lambda t: np.sum(np.full((2, 3), t, like=t)), [3.0], 1) == [6]
        assert np.ascontiguousarray(T, like=T).shape == (1,)
        assert np.asarray(V, like=V) is V

    def test_what_comes_from_a_file_is_plain(self):
        assert type(np.fromstring("1 2", sep=" ", like=V)) is np.ndarray


@pytest.mark.parametrize(
    "call",
    [
        lambda: np.array([T, T]), lambda: np.asarray(V), lambda: np.asanyarray(V), lambda: np.ascontiguousarray(V),
        lambda: np.asfortranarray(V), lambda: np.asarray_chkfinite(V), lambda: np.require(V), lambda: np.full(3, T),
        lambda: np.full(3, T, float), lambda: np.full_like(np.ones(3), T), lambda: np.r_[V, T], lambda: np.c_[V, V],
        lambda: np.kaiser(5, T), lambda: np.arange(0, T), lambda: np.arange(T, like=T), lambda: np.vectorize(abs)(V),
    ],
)  # fmt: skip
def test_what_would_lose_the_derivative_raises(call):
    with pytest.raises(NotDifferentiable, match=r"lose (the|its) derivative"):
        call()


def test_frequencies_come_through():
    """np.fft.fftfreq asks nothing of its spacing but a division: here k/(4t), so -k/(4t^2)."""
    gradient = value_and_vjp(lambda t: np.fft.rfftfreq(4, t), [np.float64(2)], np.array([1.0, 10, 100]))[2][0]
    np.testing.assert_allclose(gradient, -(10 + 200) / 16)
