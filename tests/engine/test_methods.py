"""The methods and properties of arrays on tensors: each public name of np.ndarray works, or says why not."""

import io
import pickle

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine.recording import Recording
from autodiff_cli.errors import NotDifferentiable
from tests.engine.replay import assert_same, check_derivative, check_value

X = np.array([[0.3, 0.8, 0.5], [1.7, 0.4, 1.2]])
Z = X + 1j * X[:, ::-1]
SQUARE = np.array([[0.3, 0.8], [1.7, 0.4]])
WHOLE = np.array([[5, 2, 12], [7, 0, 3]])
MASK = np.array([[True, False, True], [False, True, True]])


def after(write):
    """What is left in a copy of the array after a call that writes into it."""

    def call(x):
        x = x * 1
        write(x)
        return x

    return call


def setting(name, value):
    return after(lambda x: setattr(x, name, value(x)))


# Calls whose answer moves with the array, by the name of the method.
MOVING = {
    "T": [lambda x: x.T],
    "astype": [
        lambda x: x.astype(complex).real,
        lambda x: x.astype("float64", order="C", casting="safe", subok=False, copy=False) ** 2,
    ],
    "choose": [lambda x: np.ones_like(x, dtype=int).choose([x, x**2], mode="clip")],
    "clip": [
        lambda x: x.clip(0.45, 1),
        lambda x: x.clip(min=0.45),
        lambda x: x.clip(None, 1.0),
        lambda x: x.clip(0.45, 1, x * 0),
        lambda x: x.clip(max=[0.45, 0.7, 1], out=x * 0),
    ],
    "compress": [lambda x: x.compress([True, False, True], 1), lambda x: x.compress([0, 1, 1, 1])],
    "conj": [lambda x: x.conj()],
    "conjugate": [lambda x: x.conjugate()],
    "copy": [lambda x: x.copy(), lambda x: x.copy(order="F")],
    "cumprod": [lambda x: x.cumprod(), lambda x: x.cumprod(0), lambda x: x.cumprod(axis=1, dtype=float, out=x * 0)],
    "cumsum": [lambda x: x.cumsum(), lambda x: x.cumsum(0), lambda x: x.cumsum(1, None, x * 0)],
    "diagonal": [lambda x: x.diagonal(), lambda x: x.diagonal(1, 0, 1), lambda x: x.diagonal(offset=-1)],
    "dot": [lambda x: x.dot(x.T), lambda x: x.dot([1.0, 2.0, 3.0], x[:, 0] * 0), lambda x: x.dot(2.0)],
    "fill": [after(lambda x: x[0].fill(x[1, 1])), after(lambda x: x[:, 1].fill(2))],
    "flat": [
        lambda x: np.stack(list(x.flat)),
        lambda x: x.flat[4] * x.flat[1:3],
        after(lambda x: x.flat.__setitem__(4, x[0, 0])),
        after(lambda x: x.T.flat.__setitem__([0, 5, 1], x[0, :2] * 2)),
        after(lambda x: x.flat.__setitem__(slice(1, None, 2), x[0] * 2)),
        setting("flat", lambda x: x[0] ** 2),
        lambda x: x.flat.copy() * len(x.flat),
    ],
    "flatten": [lambda x: x.flatten(), lambda x: x.flatten("F")],
    "imag": [lambda x: (x * (1 + 2j)).imag],
    "mT": [lambda x: x.mT],
    "max": [
        lambda x: x.max(),
        lambda x: x.max(0, keepdims=True),
        lambda x: x.max(axis=1, out=x[:, 0] * 0, initial=1.1),
        lambda x: x.max(-1, where=MASK, initial=-1),
    ],
    "mean": [lambda x: x.mean(), lambda x: x.mean((0, 1)), lambda x: x.mean(0, float, x[0] * 0, where=[[True], [0]])],
    "min": [lambda x: x.min(), lambda x: x.min(1, x[:, 0] * 0), lambda x: x.min(0, keepdims=True, initial=0.45)],
    "partition": [after(lambda x: x.partition(1)), after(lambda x: x.partition(0, axis=0))],
    "prod": [lambda x: x.prod(), lambda x: x.prod(0, keepdims=True, initial=2), lambda x: x.prod(axis=1, where=MASK)],
    "put": [after(lambda x: x.put([0, 4], x[0, :2] ** 2)), after(lambda x: x.put([7, -9], 3.0, mode="wrap"))],
    "ravel": [lambda x: x.ravel(), lambda x: x.ravel(order="F")],
    "real": [
        lambda x: x.real,
        lambda x: (x * (1 + 2j)).real,
        setting("real", lambda x: x[0] ** 2),
    ],
    "repeat": [lambda x: x.repeat(2), lambda x: x.repeat([0, 2, 1], axis=1)],
    "reshape": [lambda x: x.reshape(3, 2), lambda x: x.reshape((3, -1), order="F"), lambda x: x.reshape(-1, copy=True)],
    "sort": [after(lambda x: x.sort()), after(lambda x: x.sort(0, kind="stable")), after(lambda x: x[0].sort(axis=-1))],
    "squeeze": [lambda x: x[:, :1].squeeze(), lambda x: x[None].squeeze(axis=0)],
    "std": [lambda x: x.std(), lambda x: x.std(0, ddof=1), lambda x: x.std(axis=1, keepdims=True, where=MASK)],
    "sum": [
        lambda x: x.sum(),
        lambda x: x.sum((0, 1), keepdims=True),
        lambda x: x.sum(1, float, x[:, 0] * 0),
        lambda x: x.sum(axis=0, dtype=complex, where=MASK, initial=2).real,
    ],
    "swapaxes": [lambda x: x.swapaxes(0, 1)],
    "take": [lambda x: x.take([5, 0]), lambda x: x.take([[0, -1]], 1), lambda x: x.take([4], axis=0, mode="clip")],
    "to_device": [lambda x: x.to_device("cpu") * 2],
    "trace": [lambda x: x.trace(), lambda x: x.trace(1), lambda x: x.trace(0, 1, 0)],
    "transpose": [lambda x: x.transpose(), lambda x: x.transpose(1, 0), lambda x: x.transpose((1, 0)),
                  lambda x: x.transpose(None)],
    "var": [lambda x: x.var(), lambda x: x.var(1, float, x[:, 0] * 0, 1), lambda x: x.var(axis=0, ddof=1)],
    "view": [lambda x: x.view() * 2, lambda x: x.view(float)],
}  # fmt: skip
# Calls whose answer stands still.
STILL = {
    "all": [lambda x: x.all(), lambda x: (x > 0.4).all(1, keepdims=True), lambda x: (x > 0.4).all(0, where=MASK)],
    "any": [lambda x: x.any(), lambda x: (x > 1).any(axis=0), lambda x: x.any(axis=1, out=np.zeros(2, bool))],
    "argmax": [lambda x: x.argmax(), lambda x: x.argmax(0), lambda x: x.argmax(axis=1, keepdims=True)],
    "argmin": [lambda x: x.argmin(), lambda x: x.argmin(1, np.zeros(2, int))],
    "argpartition": [lambda x: x.argpartition(1), lambda x: x.argpartition((0, 1), axis=0)],
    "argsort": [lambda x: x.argsort(), lambda x: x.argsort(0, kind="stable"), lambda x: x.argsort(axis=None)],
    "astype": [lambda x: x.astype(int)],
    "device": [lambda x: x.device],
    "dtype": [lambda x: x.dtype.char],
    "dump": [lambda x: [x.dump(file := io.BytesIO()), pickle.loads(file.getvalue())][1]],
    "dumps": [lambda x: pickle.loads(x.dumps())],
    "flags": [lambda x: x.flags.c_contiguous, lambda x: x.T.flags.c_contiguous],
    "item": [lambda x: x.item(4), lambda x: x.item(1, 2), lambda x: x[0, :1].item()],
    "itemsize": [lambda x: x.itemsize],
    "nbytes": [lambda x: x.nbytes],
    "ndim": [lambda x: x.ndim],
    "nonzero": [lambda x: x.nonzero()],
    "round": [lambda x: x.round(), lambda x: x.round(1), lambda x: x.round(decimals=0, out=x * 0)],
    "searchsorted": [lambda x: x.ravel().searchsorted([0.4, 0.9]), lambda x: x[0].searchsorted(0.6, side="right")],
    "shape": [lambda x: x.shape],
    "size": [lambda x: x.size],
    "strides": [lambda x: x.strides],
    "tobytes": [lambda x: np.frombuffer(x.tobytes()), lambda x: np.frombuffer(x.tobytes("F"))],
    "tolist": [lambda x: x.tolist(), lambda x: x[0, 0].tolist()],
}
REFUSED = ("byteswap", "ctypes", "data", "getfield", "resize", "setfield", "setflags")
ELSEWHERE = ("base", "tofile")  # with the views; below


def calls(table):
    return [pytest.param(call, id=f"{name} {k}") for name, found in table.items() for k, call in enumerate(found)]


def test_every_name_of_an_array_is_decided():
    names = {name for name in dir(np.ndarray) if not name.startswith("_") and hasattr(SQUARE, name)}
    names -= {"tostring"}  # an old name of tobytes, which ended with NumPy 2.3
    assert names - {*MOVING, *STILL, *REFUSED, *ELSEWHERE} == set()


@pytest.mark.parametrize("call", calls(MOVING) + calls(STILL))
def test_value(call):
    check_value(call, X)


@pytest.mark.parametrize("call", calls(MOVING))
def test_derivative(call):
    check_derivative(call, X)


@pytest.mark.parametrize("name", ["conj", "conjugate", "imag", "real", "view", "sum", "prod", "cumprod", "T", "flat"])
def test_derivative_by_complex_numbers(name):
    check_derivative(lambda z: MOVING[name][0](z) ** 2, Z)


@pytest.mark.parametrize(
    "name", ["max", "sum", "cumsum", "take", "sort", "prod", "ravel", "transpose", "repeat", "flat"]
)
def test_of_integers(name):
    for call in MOVING[name][:1]:
        check_value(call, WHOLE)


def test_parts_of_complex_numbers_can_be_set():
    check_value(setting("real", lambda z: [1.0, 2.0, 3.0]), Z)
    check_value(setting("imag", lambda z: z.real[0] ** 2), Z)
    check_derivative(lambda z: abs(setting("imag", lambda z: z.real[0] ** 2)(z)), Z)
    check_derivative(lambda z: abs(setting("real", lambda z: z.imag[0] ** 2)(z)), Z)
    with pytest.raises(TypeError, match="no imaginary part"):
        ad.tensor(X).imag = 1.0


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_has_its_reason(name):
    t = ad.tensor(X, requires_grad=True)
    assert not hasattr(t, name)
    with pytest.raises(AttributeError, match=f"a tensor has no {name}: .{{30}}"):
        getattr(t, name)


def test_numbers_are_not_read_as_those_of_another_type():
    with pytest.raises(AttributeError, match="use astype"):
        ad.tensor(X).view("int64")
    with pytest.raises(TypeError, match="cannot cast"):
        ad.tensor(X).astype(int, casting="safe")


def test_forms_are_views_and_copies_are_none():
    x = ad.tensor(X, requires_grad=True)
    for view in (x.T, x.mT, x.ravel(), x.reshape(6), x.view(), x.swapaxes(0, 1), x.diagonal(), x.real, x.squeeze()):
        assert view.base is x
    for copy in (x.copy(), x.flatten(), x.ravel("F"), x.astype(float), x.repeat(1), x.flat[1:3], x.flat.copy()):
        assert copy.base is None
    assert x.astype(float, copy=False) is x and x.to_device("cpu") is x and x.flat.base is x


class TestInPlace:
    """What writes is seen by views, and gives nothing back."""

    WRITES = {
        "fill": lambda x: x.fill(2.0),
        "sort": lambda x: x.sort(axis=0),
        "partition": lambda x: x.partition(1),
        "put": lambda x: x.put([0, 1], 5.0),
    }

    @pytest.mark.parametrize("name", WRITES)
    @pytest.mark.parametrize("requires_grad", [False, True])
    def test_views_see_it(self, name, requires_grad):
        plain, x = X.copy(), ad.tensor(X, requires_grad=requires_grad)
        view = x.T
        assert self.WRITES[name](plain) is self.WRITES[name](x) is None
        assert_same(x.value, plain)
        assert_same(view.value, plain.T)

    def test_a_view_is_written_into_its_base(self):
        x = ad.tensor(X, requires_grad=True)
        x[0].sort()
        x[:, 1].fill(0.0)
        (x * x).sum().backward()
        assert x.value.tolist() == [[0.3, 0.0, 0.8], [1.7, 0.0, 1.2]]
        assert x.grad.tolist() == [[0.6, 0.0, 1.6], [3.4, 0.0, 2.4]]

    def test_a_number_that_is_none_of_the_type(self):
        whole = ad.tensor(WHOLE)
        whole.fill(2.7)
        assert whole.value.max() == 2


class TestValuesThatLeave:
    CALLS = [lambda t: t.item(), lambda t: t.tolist(), lambda t: t.tobytes(), lambda t: t.dumps()]

    @pytest.mark.parametrize("call", CALLS)
    def test_always(self, call):
        for t in (ad.tensor([2.5]), ad.tensor([2.5], requires_grad=True)):
            assert call(t) == call(np.array([2.5]))

    @pytest.mark.parametrize("call", CALLS)
    def test_but_not_while_a_program_is_recorded(self, call):
        t = ad.tensor([2.5], requires_grad=True)
        with Recording(), pytest.raises(NotDifferentiable, match="not part of the program"):
            call(t * 2)

    def test_types_are_python_s(self):
        t = ad.tensor([[1.5]], requires_grad=True)
        assert type(t.item()) is float and type(ad.tensor(3).item()) is int and t.tolist() == [[1.5]]
        with pytest.raises(ValueError, match="size 1"):
            ad.tensor(X).item()

    def test_files(self, tmp_path):
        ad.tensor(X, requires_grad=True).tofile(tmp_path / "x")
        assert np.fromfile(tmp_path / "x").tolist() == X.ravel().tolist()


def test_what_numpy_refuses():
    t = ad.tensor(X, requires_grad=True)
    for call in (
        lambda x: x.reshape(4),
        lambda x: x.transpose(0, 0),
        lambda x: x.sum(axis=2),
        lambda x: x.max(where=MASK),
        lambda x: x.squeeze(0),
        lambda x: x.take([9]),
        lambda x: x.put([9], 1.0),
        lambda x: x.sort(axis=2),
        lambda x: x.dot(x),
        lambda x: x.compress([True] * 9, 0),
        lambda x: x.to_device("gpu"),
    ):
        for array in (X.copy(), t):
            with pytest.raises((ValueError, TypeError, IndexError)):
                call(array)


def test_code_that_knows_only_numpy():
    """A function as it stands in many programs: a loop that fills an array of zeros, by masks and in place."""

    def smoothed(x):
        out = np.zeros_like(x)
        out[0] = x[0]
        for k in range(1, len(x)):
            out[k] = 0.7 * out[k - 1] + 0.3 * x[k]
        out[x > 1] *= 2
        out -= out.mean()
        np.clip(out, -0.2, None, out=out)
        return np.sqrt(np.add.reduce(out**2))

    check_value(smoothed, X.ravel())
    check_derivative(smoothed, X.ravel())
    assert_same(ad.grad(smoothed)(X.ravel()).shape, (6,))
