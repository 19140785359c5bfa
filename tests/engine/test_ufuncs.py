"""Ufuncs with keywords and by their methods: code for NumPy gives on tensors what it gives on arrays."""

import numpy as np
import pytest
from scipy import special

import autodiff_cli as ad
from autodiff_cli.errors import NotDifferentiable
from tests.engine.replay import assert_same, check_derivative, check_value, value_of

X = np.array([[0.3, 0.8, 0.5], [1.7, 0.4, 1.2]])
Y = np.array([0.9, 1.4, 0.7])
LIST = [1, 2, 3]
MASK = np.array([[True, False, True], [False, True, True]])


def after(write, name="x"):
    """What is left in (a copy of) the first array, after a call that writes into it."""

    def call(x, *others):
        x = x * 1
        write(x, *others)
        return x

    return call


KEYWORDS = {
    "out": lambda x, y: np.add(x, y, out=x * 0),
    "out by position": lambda x, y: np.multiply(x, y, x * 0),
    "out in a tuple": lambda x, y: np.multiply(x, y, out=(x * 0,)),
    "out is an operand": after(lambda x, y: np.multiply(x, y, out=x)),
    "out is both operands": after(lambda x, y: np.multiply(x, x, out=x)),
    "out is a view": after(lambda x, y: np.multiply(x[0], y, out=x[1])),
    "out is transposed": after(lambda x, y: np.exp(x.T, out=x.T)),
    "out is larger": lambda x, y: np.sin(y, out=x * 0),
    "out of another type": lambda x, y: np.add(x, y, out=(x * 0).astype("float32")).astype(float),
    "out is complex": lambda x, y: np.real(np.add(x, y, out=x * 0j) * (1 + 1j)),
    "where": lambda x, y: np.add(x, y, where=MASK, out=np.zeros_like(x)),
    "where is a list": lambda x, y: np.add(x, y, where=[True, False, True], out=np.ones_like(x)),
    "where is computed": lambda x, y: np.log(x, where=x > 0.6, out=x**2),
    "where enlarges": lambda x, y: np.sin(y, where=MASK, out=np.full_like(x, 7.0)),
    "where false": lambda x, y: np.divide(x, y, where=False, out=x * 3),
    "old entries keep their derivative": lambda x, y: np.exp(y, out=x**2, where=MASK),
    "out of out": after(lambda x, y: np.exp(x, out=np.multiply(x, y, out=x), where=MASK)),
    "dtype": lambda x, y: np.add(x, y, dtype=complex).real,
    "dtype of a number": lambda x, y: np.multiply(x, 2, dtype="complex128").imag + x,
    "signature": lambda x, y: np.add(x, y, signature="dd->d"),
    "signature in a tuple": lambda x, y: np.add(x, y, signature=(float, None, None)),
    "casting": lambda x, y: np.add(x, y, casting="safe"),
    "no effect": lambda x, y: np.add(x, y, order="F", subok=False, casting="unsafe"),
    "modf": lambda x, y: np.modf(x * y, out=(x * 0, None))[0],
    "divmod": lambda x, y: np.divmod(x, y, out=(x * 0, x * 1))[1],
    "frexp": lambda x, y: np.frexp(x + 0.07, out=(x * 0, None))[0],
    "matmul": lambda x, y: np.matmul(x, y, out=x[:, 0] * 0),
    "xlogy": lambda x, y: special.xlogy(x, y, out=x * 0),
    "erf": after(lambda x, y: special.erf(x, out=x)),
    "logaddexp.outer": lambda x, y: np.logaddexp.outer(x, y, out=np.zeros_like(x, shape=(2, 3, 3))),
    "outer where": lambda x, y: np.multiply.outer(y, y, where=np.eye(3) > 0, out=np.zeros_like(x, shape=(3, 3))),
    "sum": lambda x, y: np.sum(x * y, axis=1, out=x[:, 0] * 0),
    "sum by position": lambda x, y: np.sum(x * y, 0, None, y * 0, False),
    "mean": lambda x, y: np.mean(x, axis=0, out=y * 0, where=[[True], [False]]),
    "clip": after(lambda x, y: np.clip(x, 0.45, y, out=x)),
    "clip by position": after(lambda x, y: np.clip(x, 0.45, None, x)),
    "cumsum": after(lambda x, y: np.cumsum(x, axis=1, out=x)),
    "dot": lambda x, y: np.dot(x, y, x[:, 0] * 0),
    "trace": lambda x, y: np.trace(x, 0, 0, 1, None, np.zeros_like(y, shape=())),
    "concatenate": lambda x, y: np.concatenate([x, x * y], 1, out=np.zeros_like(x, shape=(2, 6))),
    "einsum": lambda x, y: np.einsum("ij,j->i", x, y, out=x[:, 0] * 0),
}

FOLDED = (np.subtract, np.divide, np.power, np.float_power, np.arctan2, np.copysign, special.xlogy)
REORDERABLE = (np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin, np.logaddexp, np.logaddexp2, np.hypot)
WITH_WHERE = (*REORDERABLE, np.subtract, np.divide, np.power, np.float_power)
REDUCTIONS = {
    **{f"{f.__name__}.reduce": lambda x, y, f=f: f.reduce(x) for f in FOLDED + REORDERABLE},
    **{f"{f.__name__}.reduce axis": lambda x, y, f=f: f.reduce(x, -1, keepdims=True) for f in FOLDED + REORDERABLE},
    **{f"{f.__name__}.reduce all": lambda x, y, f=f: f.reduce(x, axis=None) for f in REORDERABLE},
    **{f"{f.__name__}.reduce axes": lambda x, y, f=f: f.reduce(x, (1, 0), None, None, True) for f in REORDERABLE},
    **{f"{f.__name__}.reduce no axes": lambda x, y, f=f: f.reduce(x, axis=()) for f in REORDERABLE},
    **{
        f"{f.__name__}.reduce where": lambda x, y, f=f: f.reduce(x, initial=0.9, where=np.array([[1, 0, 1]]) > 0)
        for f in WITH_WHERE
    },
    **{f"{f.__name__}.reduce initial": lambda x, y, f=f: f.reduce(x, initial=0.9) for f in FOLDED + REORDERABLE},
    **{f"{f.__name__}.accumulate": lambda x, y, f=f: f.accumulate(x, axis=1) for f in FOLDED + REORDERABLE},
    **{f"{f.__name__}.outer": lambda x, y, f=f: f.outer(x, y) for f in FOLDED + REORDERABLE},
    **{f"{f.__name__}.reduceat": lambda x, y, f=f: f.reduceat(x, [0, 2, 1], 1) for f in FOLDED + REORDERABLE},
    "reduce of one": lambda x, y: np.hypot.reduce(-x[:1]),
    "reduce where without initial": lambda x, y: np.hypot.reduce(x, 1, where=MASK),
    "reduceat of one": lambda x, y: np.hypot.reduceat(-x, [0, 1], 0),
    "reduce initial none": lambda x, y: np.add.reduce(x, initial=None),
    "reduce of a number": lambda x, y: np.logaddexp.reduce(y[0] * np.zeros_like(x, shape=()) + y[1]),
    "reduce into": lambda x, y: np.subtract.reduce(x, out=y * 0),
    "reduce dtype": lambda x, y: np.power.reduce(x, dtype=complex).real,
    "reduce into another type": lambda x, y: np.hypot.reduce(x.astype("f4"), out=y * 0) * y,
    "accumulate into": after(lambda x, y: np.divide.accumulate(x, 0, None, x)),
}
AT = {
    **{
        f"{f.__name__}.at": after(lambda x, y, f=f: f.at(x, (slice(None), [2, 0, 2]), y))
        for f in (*FOLDED, *REORDERABLE, np.floor_divide, np.remainder)
    },
    "at of one place": after(lambda x, y: np.add.at(x, (1, 2), y[0])),
    "at of many times": after(lambda x, y: np.multiply.at(x, ([1] * 9, [0] * 9), np.repeat(y, 3))),
    "at of a mask": after(lambda x, y: np.subtract.at(x, MASK, np.sum(y))),
    "at of a number": after(lambda x, y: np.multiply.at(x, ([1, 1], 0), 3)),
    "at of nothing": after(lambda x, y: np.multiply.at(x, [], y)),
    "negative.at": after(lambda x, y: np.negative.at(x, ([0, 0, 1], [1, 1, 2]))),
    "sqrt.at": after(lambda x, y: np.sqrt.at(x, (0, [1, 1]))),
    "reduce into integers": lambda x, y: y * np.add.reduce(x * 4.3, out=np.zeros_like(x, shape=3, dtype=int)),
    "at of integers": lambda x, y: x * (np.add.at(n := (x * 4.3).astype(int), ([0, 0], 1), y[:2]), n)[1],
    "at of a view": after(lambda x, y: np.add.at(x[1], [0, 0], y[:2])),
}
CALLS = KEYWORDS | REDUCTIONS | AT


@pytest.mark.parametrize("name", CALLS)
class TestCalls:
    def test_value(self, name):
        check_value(CALLS[name], X, Y)

    def test_derivative(self, name):
        check_derivative(CALLS[name], X, Y)

    def test_in_no_grad(self, name):
        x, y = (ad.tensor(a, requires_grad=True) for a in (X, Y))
        with ad.no_grad():
            answer = CALLS[name](x, y)
        assert not answer.requires_grad
        assert_same(answer.value, CALLS[name](X, Y))


def test_out_is_given_back():
    x, out, whole = ad.tensor(X, requires_grad=True), ad.tensor(X), ad.tensor(X)
    assert np.sin(x, out=out) is out and np.sum(x, out=(total := ad.tensor(0.0))) is total
    assert np.add.accumulate(x, out=out) is out
    assert np.modf(x, out=(out, whole)) == (out, whole)
    assert np.add.at(out, [0], 1.0) is None


def test_out_of_arrays_is_updated_too():
    out = ad.tensor(X * 0)
    assert np.add(X, Y, out=out) is out and out.value.tolist() == (X + Y).tolist()
    assert np.sum(X, 1, out=out[:, 0]).value.tolist() == np.sum(X, 1).tolist() == out.value[:, 0].tolist()
    np.add.at(out, (0, 0), Y[0])
    assert out.value[0, 0] == np.sum(X, 1)[0] + Y[0]


def test_without_out_what_is_not_chosen_is_0():
    x = ad.tensor([0.0, 1.0, -4.0], requires_grad=True)
    root = np.sqrt(x, where=[False, True, False])
    assert root.value.tolist() == [0, 1, 0]
    np.sum(root).backward()
    assert x.grad.tolist() == [0, 0.5, 0]
    assert np.floor(x, where=x > 0).tolist() == [0, 1, 0]
    assert np.sqrt([4.0, 9.0], where=ad.tensor([True, False])).value.tolist() == [2, 0]


def test_a_leaf_that_is_out_has_its_gradient_by_the_new_value():
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    np.multiply(x, 3.0, out=x)
    np.sum(x**2).backward()
    assert x.grad.tolist() == [6, 12]


def test_values_that_were_used_before_are_kept():
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    square = y * y
    np.exp(y, out=y)
    np.sum(square).backward()
    assert x.grad.tolist() == [2, 4]


class TestPlainOut:
    WRITES = {
        "call": lambda x, out: np.sin(x, out=out),
        "where": lambda x, out: np.sin(x, out=out, where=[True, False, True]),
        "function": lambda x, out: np.cumsum(x, out=out),
        "by position": lambda x, out: np.clip(x, 0.8, 1.0, out),
        "accumulate": lambda x, out: np.hypot.accumulate(x, out=out),
        "at": lambda x, out: np.add.at(out, [0, 0, 1], x),
    }

    @pytest.mark.parametrize("name", WRITES)
    def test_of_a_derivative_is_a_leak(self, name):
        out = np.zeros(3)
        with pytest.raises(NotDifferentiable, match="into a plain array, and lose its derivative") as error:
            self.WRITES[name](ad.tensor(Y, requires_grad=True), out)
        assert "make the destination a tensor" in error.value.help and not out.any()

    @pytest.mark.parametrize("name", WRITES)
    def test_is_written_where_there_is_none(self, name):
        want = np.zeros(3)
        self.WRITES[name](Y, want)
        for x, mode in ((ad.tensor(Y), ad.enable_grad), (ad.tensor(Y, requires_grad=True), ad.no_grad)):
            out = np.zeros(3)
            with mode():
                returned = self.WRITES[name](x, out)
            assert_same(out, want)
            assert returned is (None if name == "at" else out)


class TestRefusals:
    """NumPy's own errors, or ours where NumPy would have an answer."""

    @pytest.mark.parametrize(
        "call",
        [
            lambda x: np.add(x, 1, out=x[0] * 1),
            lambda x: np.add(x, 1, out=(x * 1).astype(int)),
            lambda x: np.add(x, 1j, out=x * 1),
            lambda x: np.add(x, 1, out=(x * 1).astype("float32"), casting="safe"),
            lambda x: np.add(x, 1.5, casting="no", dtype=int),
            lambda x: np.sin(x, dtype=int),
            lambda x: np.sin(x, where=np.array([1.0, 0.0, 1.0]), out=x * 1),
            lambda x: np.sin(x, where=[True, False], out=x * 1),
            lambda x: np.sum(x, out=x * 1),
            lambda x: np.subtract.reduce(x, axis=(0, 1)),
            lambda x: np.subtract.reduce(x, where=[True, False, True]),
            lambda x: np.maximum.reduce(x, where=[True, False, True]),
            lambda x: np.add.reduce(x, initial=None, where=[True, False, True]),
            lambda x: np.subtract.reduce(x[:0]),
            lambda x: np.hypot.reduce(x, axis=2),
            lambda x: np.hypot.accumulate(x, axis=2),
            lambda x: np.hypot.accumulate(x[0, 0]),
            lambda x: np.sin.reduce(x),
            lambda x: np.sin.outer(x, x),
            lambda x: np.matmul.outer(x, x),
            lambda x: np.hypot.reduceat(x, [0, 2]),
            lambda x: np.add.at(x * 1, [0, 2], 1.0),
            lambda x: np.add.at(x * 1, [0, 1], np.ones(5)),
        ],
    )
    def test_the_same_errors(self, call):
        with pytest.raises((TypeError, ValueError, IndexError, RuntimeError)):
            call(X)
        with pytest.raises((TypeError, ValueError, IndexError, RuntimeError)) as error:
            call(ad.tensor(X, requires_grad=True))
        assert len(str(error.value)) > 10

    def test_keywords_that_no_rule_knows(self):
        x = ad.tensor(X, requires_grad=True)
        with pytest.raises(NotDifferentiable, match="matmul takes no axes"):
            np.matmul(x, x.T, axes=[(0, 1)] * 3)

    def test_where_in_a_reduction_that_nothing_leaves_as_it_is(self):
        with pytest.raises(NotDifferentiable, match=r"arctan2\.reduce.*where") as error:
            np.arctan2.reduce(ad.tensor(Y, requires_grad=True), initial=1.0, where=[True, False, True])
        assert "x[where]" in error.value.help

    def test_no_rule(self):
        with pytest.raises(NotDifferentiable, match="nextafter"):
            np.nextafter.reduce(ad.tensor(Y, requires_grad=True))


class TestIntegers:
    CALLS = {
        "add.reduce": lambda n, m: np.add.reduce(n),
        "bitwise_or.reduce": lambda n, m: np.bitwise_or.reduce(n),
        "gcd.accumulate": lambda n, m: np.gcd.accumulate(n),
        "subtract.outer": lambda n, m: np.subtract.outer(n, m),
        "logical_and.reduce": lambda n, m: np.logical_and.reduce(m > 1),
        "add.at": after(lambda n, m: np.add.at(n, [0, 0], 2)),
        "left_shift.at": after(lambda n, m: np.left_shift.at(n, [0, 0], 1)),
        "dtype": lambda n, m: np.add(n, m, dtype=float),
        "divide": lambda n, m: np.divide(n, m, dtype="float32"),
        "out": lambda n, m: np.floor_divide(n, m, out=n * 0),
        "less": lambda n, m: np.less(n, m, out=np.zeros_like(n, dtype=bool)),
        "argmax": lambda n, m: np.argmax(n, out=np.zeros_like(n, shape=())),
        "where": lambda n, m: np.multiply(n, m, where=n > 2, out=n * 1),
        "reduceat": lambda n, m: np.add.reduceat(n, [0, 1]),
    }

    @pytest.mark.parametrize("name", CALLS)
    def test_value(self, name):
        check_value(self.CALLS[name], np.array([5, 2, 12]), np.array([1, 3, 2]))


class TestOperators:
    """Python's operators, with arrays, numbers and lists on either side."""

    CALLS = {
        "array + tensor": lambda x, y: X + y,
        "array - tensor": lambda x, y: np.array([1, 2, 3]) - y,
        "array @ tensor": lambda x, y: X @ y,
        "tensor @ array": lambda x, y: x @ X.T,
        "array / tensor": lambda x, y: np.array([1, 2, 3]) / y,
        "array ** tensor": lambda x, y: X**y,
        "scalar * tensor": lambda x, y: np.float64(2) * y,
        "scalar - tensor": lambda x, y: np.int64(2) - y,
        "scalar ** tensor": lambda x, y: np.float64(2) ** y,
        "list + tensor": lambda x, y: LIST + y,
        "list * tensor": lambda x, y: LIST * y,
        "list / tensor": lambda x, y: LIST / y,
        "list @ tensor": lambda x, y: LIST @ y,
        "tensor - list": lambda x, y: x - LIST,
        "tensor % number": lambda x, y: x % 0.7,
        "number % tensor": lambda x, y: 2 % y,
        "divmod": lambda x, y: divmod(x, 0.7)[1],
        "number divmod": lambda x, y: divmod(2.0, y)[1],
        "negative": lambda x, y: -x + +y,
        "abs": lambda x, y: abs(x - 1),
        "floor": lambda x, y: y * (x // 0.7),
        "mask": lambda x, y: x[x > 0.45],
        "mask of a list": lambda x, y: y[[True, False, True]],
        "integers": lambda x, y: x[[0, 1, 1], [2, 0, 0]],
        "newaxis": lambda x, y: y[:, np.newaxis] * x[..., None, 0].T,
        "ellipsis": lambda x, y: x[..., ::-1],
        "unpacked": lambda x, y: (lambda first, second: first * second)(*x),
        "iterated": lambda x, y: sum(row @ y for row in x),
        "builtin sum": lambda x, y: sum(y),
        "builtin max": lambda x, y: max(y) * min(y),
        "enumerated": lambda x, y: np.stack([k * v for k, v in enumerate(y)]),
        "comparison": lambda x, y: x * (x > y) + y * (x <= Y) - (x == y) + (x != 0.31) * y,
    }

    @pytest.mark.parametrize("name", CALLS)
    def test_value(self, name):
        check_value(self.CALLS[name], X, Y)

    @pytest.mark.parametrize("name", CALLS)
    def test_derivative(self, name):
        check_derivative(self.CALLS[name], X, Y)

    @pytest.mark.parametrize(
        "call",
        [
            lambda t, u: ~t,
            lambda t, u: t & u,
            lambda t, u: 3 & t,
            lambda t, u: t | 8,
            lambda t, u: t ^ u,
            lambda t, u: t << 1,
            lambda t, u: 1 << u,
            lambda t, u: t >> u,
            lambda t, u: t // u,
            lambda t, u: t % u,
            lambda t, u: t**u,
            lambda t, u: divmod(t, u),
            lambda t, u: -t,
            lambda t, u: abs(t - 7),
            lambda t, u: t / u,
            lambda t, u: t // 1,
            lambda t, u: (t > 4) & (u > 1) | ~(t == 5) ^ (u < 3),
            lambda t, u: u[t % 3],
        ],
    )
    def test_integers(self, call):
        check_value(call, np.array([5, 2, 12]), np.array([1, 3, 2]))

    def test_truth_values(self):
        t, u = np.array([True, True, False]), np.array([True, False, False])
        for call in (lambda t, u: t & u, lambda t, u: t | u, lambda t, u: t ^ u, lambda t, u: ~t, lambda t, u: X[:, t]):
            check_value(call, t, u)

    def test_in_place(self):
        t = ad.tensor([5, 2])
        view = t[:]
        t <<= 2
        t >>= 1
        t ^= 1
        t |= 4
        t &= [15, 1]
        t //= 2
        assert view.value.tolist() == [7, 0]

    def test_bits_of_numbers_that_are_none(self):
        x = ad.tensor(Y)
        for call in (lambda: x & 1, lambda: x | x, lambda: ~x, lambda: x << 1, lambda: x ^ True):
            with pytest.raises(TypeError):
                call()

    def test_questions(self):
        x = ad.tensor(X, requires_grad=True)
        assert len(x) == 2 and 0.8 in x and 9.0 not in x and X[0] in x
        assert [row.shape for row in x] == [(3,), (3,)]
        number = np.sum(x)
        for question in (len, iter, list):
            with pytest.raises(TypeError):
                question(number)
        assert [value_of(round(y, digits)) for y, digits in ((np.mean(x), 2), (np.mean(x), None))] == [0.82, 1]


class TestAsNumbers:
    """float(t) and its kin: where no derivative is lost, a tensor is as good as an array."""

    def test_of_a_constant(self):
        t = ad.tensor(2.5)
        assert (float(t), int(t), complex(t), bool(t)) == (2.5, 2, 2.5 + 0j, True)
        assert np.asarray(t) == 2.5 and np.full(2, t).tolist() == [2.5, 2.5]
        assert [1, 2, 3][ad.tensor(1)] == 2

    def test_in_no_grad(self):
        t = ad.tensor([2.5], requires_grad=True)[0]
        with ad.no_grad():
            assert float(t) == 2.5 and np.array(t) == 2.5
        with pytest.raises(NotDifferentiable, match="lose the derivative"):
            float(t)

    def test_an_array_is_there_to_be_read(self):
        t = ad.tensor([1.0, 2.0])
        seen = np.asarray(t)
        with pytest.raises(ValueError, match="read-only"):
            seen[0] = 5.0
        np.array(t)[0] = 5.0
        assert np.asarray(t, dtype=int).tolist() == [1, 2] and t.value.tolist() == [1, 2]
