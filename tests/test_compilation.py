"""ad.compile: functions of rows, for NumPy's arrays and others'."""

import numpy as np
import pytest
from numpy.lib.mixins import NDArrayOperatorsMixin

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError

X = np.random.default_rng(0).uniform(1, 2, (5, 3))
W = np.array([1.0, -2.0, 0.5])
TEXT = "dot(x, w)/norm(x)*exp(a)"


def expected(a=2.0):
    """By hand."""
    length = np.linalg.norm(X, axis=1)
    value = X @ W / length * np.exp(a)
    of_x = (W - (X @ W / length**2)[:, None] * X) / length[:, None] * np.exp(a)
    return value, {"x": of_x, "w": X / length[:, None] * np.exp(a), "a": value}


def check(found, rtol=1e-13):
    value, gradient = found
    np.testing.assert_allclose(np.asarray(value), expected()[0], rtol=rtol)
    for name, array in gradient.items():
        np.testing.assert_allclose(np.asarray(array), expected()[1][name], rtol=rtol, atol=rtol)


def test_rows():
    gradient = ad.compile(TEXT, constants=["w"])
    for _ in range(2):
        check(gradient(X, W, 2.0))
        check(gradient(X, a=2.0, w=list(W)))
    assert list(ad.compile(TEXT, "x", constants=["w"])(X, W, 2.0)[1]) == ["x"]
    assert list(ad.compile(ad.parse(TEXT), ["a", "x"], constants=["w"])(X, W, 2.0)[1]) == ["a", "x"]
    assert repr(gradient) == f"compile({TEXT!r})"


def test_constants_may_change():
    gradient = ad.compile("a*x")
    assert [gradient(a, np.ones(2))[0][0] for a in (2.0, 3.0)] == [2.0, 3.0]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: ad.compile("x +"), "syntax"),
        (lambda: ad.compile("x", wrt="y"), "unknown-name"),
        (lambda: ad.compile("x", constants="y"), "unknown-name"),
        (lambda: ad.compile("x*y")(X, X[:3]), "rows"),
        (lambda: ad.compile("x*y")(1.0, 2.0), "rows"),
        (lambda: ad.compile("x*y")(X[:, 0]), "unbound"),
        (lambda: ad.compile("x*y")(X[:, 0], 1.0, 2.0), "arguments"),
        (lambda: ad.compile("x*y")(X[:, 0], x=1.0), "arguments"),
        (lambda: ad.compile("2*x")(X), "not-scalar"),
        (lambda: ad.compile("x @ [1, 2]")(X), "shape"),
    ],
)
def test_errors(call, code):
    with pytest.raises(AdiffError) as caught:
        call()
    assert caught.value.code == code


def test_jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    gradient = ad.compile(TEXT, constants=["w"])
    found = gradient(jax.numpy.asarray(X), W, 2.0)
    assert all(isinstance(a, jax.Array) and a.dtype == "float64" for a in (found[0], *found[1].values()))
    check(found)
    narrow = gradient(jax.numpy.asarray(X, "float32"), W, 2.0)
    assert narrow[0].dtype == "float32"
    check(narrow, 1e-5)


def test_torch():
    torch = pytest.importorskip("torch")
    gradient = ad.compile(TEXT, constants=["w"])
    found = gradient(torch.from_numpy(X), torch.from_numpy(W), 2.0)
    assert all(isinstance(a, torch.Tensor) for a in (found[0], *found[1].values()))
    check(found)


class Duck(NDArrayOperatorsMixin):
    """An array that speaks NumPy's protocols, and refuses to be made one of NumPy's."""

    __module__ = "pond"

    def __init__(self, array):
        self.array = array

    shape = property(lambda self: self.array.shape)
    ndim = property(lambda self: self.array.ndim)
    size = property(lambda self: self.array.size)
    dtype = property(lambda self: self.array.dtype)

    def __array__(self, *_, **__):
        raise TypeError("this array lies elsewhere")

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return Duck(getattr(ufunc, method)(*map(_plain, inputs), **kwargs))

    def __array_function__(self, function, types, args, kwargs):
        found = function(*map(_plain, args), **kwargs)
        return Duck(found) if isinstance(found, (np.ndarray, np.generic)) else found

    def __getitem__(self, key):
        return Duck(self.array[key])


def _plain(x):
    if isinstance(x, (tuple, list)):
        return type(x)(map(_plain, x))
    return x.array if isinstance(x, Duck) else x


def test_other_arrays_that_speak_the_protocols():
    value, gradient = ad.compile("sum(x^2)*exp(a)")(Duck(X), 2.0)
    assert isinstance(value, Duck) and isinstance(gradient["x"], Duck)
    np.testing.assert_allclose(value.array, np.sum(X**2, 1) * np.exp(2), rtol=1e-14)
    np.testing.assert_allclose(gradient["x"].array, 2 * X * np.exp(2), rtol=1e-14)
