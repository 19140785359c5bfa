import math
import operator

import numpy as np
import pytest

from autodiff_cli.engine import differentiate  # noqa: F401  fills the table of rules
from autodiff_cli.engine.recording import Recording, modes
from autodiff_cli.engine.rules import find
from autodiff_cli.engine.tensor import Tensor, dispatch, primitive, variable
from autodiff_cli.errors import NotDifferentiable

ARRAY = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def x():
    return variable(ARRAY)


@pytest.fixture
def recording():
    with Recording() as recording:
        yield recording


def fake_function(x):
    """Of no list at all."""


class TestProtocols:
    @pytest.mark.parametrize(
        "call",
        [
            lambda x: np.sin(x),
            lambda x: np.add(x, 1),
            lambda x: ARRAY * x,
            lambda x: ARRAY - x,
            lambda x: np.float64(2) ** x,
            lambda x: ARRAY @ x,
            lambda x: np.sum(x),
            lambda x: np.where(x > 1, x, 0),
            lambda x: np.concatenate([ARRAY, x]),
            lambda x: np.add.reduce(x),
            lambda x: np.multiply.reduce(x),
            lambda x: np.maximum.reduce(x),
            lambda x: np.add.accumulate(x),
            lambda x: np.multiply.outer(x, ARRAY),
            lambda x: -x + +x - abs(x),
            lambda x: x // 2 + x % 2,
            lambda x: x.sum() + x.max() + x.mean(),
            lambda x: x.reshape(3, 1).T,
            lambda x: x[::-1],
            lambda x: x.astype("float32"),
        ],
    )
    def test_the_value_is_that_of_numpy(self, x, call):
        got, want = call(x), call(ARRAY)
        assert isinstance(got, Tensor) and got.line is not None
        assert np.array_equal(got.value, want) and got.dtype == want.dtype and got.shape == want.shape

    def test_reduce_goes_along_axis_0(self):
        matrix = variable(np.ones((2, 3)))
        assert np.add.reduce(matrix).shape == (3,)
        assert np.add.reduce(matrix, axis=None).shape == ()

    def test_a_function_without_a_rule(self, x):
        with pytest.raises(NotDifferentiable, match="no derivative rule for fake_function"):
            dispatch(fake_function, (x,), {})

    def test_structure_must_be_plain(self, x):
        with pytest.raises(NotDifferentiable, match="axis of sum must be a plain value"):
            np.sum(x, axis=x)

    def test_an_overflow_warns_as_numpy_does(self):
        with pytest.warns(RuntimeWarning, match="overflow"):
            assert np.exp(variable(1e4)).value == np.inf

    def test_constants_stay_constants(self):
        """Without a line there is nothing to record, but the value is still a Tensor."""
        answer = np.sin(Tensor(ARRAY))
        assert isinstance(answer, Tensor) and answer.line is None

    def test_no_recording_while_gradients_are_off(self, x, monkeypatch):
        monkeypatch.setattr(modes, "grad", False)
        assert np.sin(x).line is None

    def test_a_primitive_sees_tensors_in_keywords(self, x):
        twice = primitive(lambda x: 2 * x)
        with pytest.raises(NotDifferentiable, match="no derivative rule"):
            twice(x=x)
        assert list(twice(ARRAY)) == [2, 4, 6]


class TestQuestions:
    def test_form(self):
        t = variable(np.zeros((2, 3), "float32"))
        assert (t.shape, t.ndim, t.size, t.dtype, len(t)) == ((2, 3), 2, 6, np.float32, 2)
        assert (np.shape(t), np.ndim(t), np.size(t)) == ((2, 3), 2, 6)

    def test_numbers_have_a_form_too(self):
        t = variable(2.0)
        assert (t.shape, t.ndim, t.dtype) == ((), 0, np.float64)
        with pytest.raises(TypeError):
            len(t)

    def test_questions_are_not_recorded(self, recording, x):
        np.shape(x), np.ndim(x), np.size(x), np.result_type(x)
        assert recording.known == {}

    def test_repr(self, x):
        assert repr(x) == "Tensor([1., 2., 3.])"

    def test_iteration(self, x):
        first, *rest = x
        assert first.value == 1 and [t.value for t in rest] == [2, 3]
        with pytest.raises(TypeError, match="0-d"):
            iter(variable(1.0)).__next__()


class TestLeaks:
    @pytest.mark.parametrize(
        "leak, instead",
        [
            (lambda t: math.sin(t), "np.sin for math.sin"),
            (lambda t: float(t), "np.sin for math.sin"),
            (lambda t: int(t), "np.sin for math.sin"),
            (lambda t: complex(t), "np.sin for math.sin"),
            (lambda t: np.array([t, t]), "ad.array"),
            (lambda t: np.asarray(t), "ad.asarray"),
            (lambda t: np.full(3, t), "np."),
            (lambda t: [1, 2, 3][t], "np.take"),
            (lambda t: range(t), "np.take"),
        ],
    )
    def test_what_loses_the_derivative_says_what_to_write(self, leak, instead):
        with pytest.raises(NotDifferentiable) as error:
            leak(variable(1.0))
        assert error.value.code == "leak"
        assert instead in error.value.help

    def test_truth_while_recording(self, recording):
        with pytest.raises(NotDifferentiable, match="not part of the program") as error:
            bool(variable(1.0) > 0)
        assert "where" in error.value.help

    @pytest.mark.usefixtures("recording")
    def test_and_or_not_while_recording(self):
        t = variable(1.0)
        for leak in (lambda: t > 0 and t < 2, lambda: not t, lambda: 1 if t else 2, lambda: max(t, 2.0)):
            with pytest.raises(NotDifferentiable, match="not part of the program"):
                leak()

    def test_truth_of_a_value_decides_eagerly(self):
        t = variable(1.0)
        assert (t if t > 0 else -t) is t
        assert max(t, 0.5) is t

    def test_a_constant_has_truth_and_can_index(self, recording):
        assert bool(Tensor(np.True_))
        assert [1, 2, 3][Tensor(np.int64(1))] == 2


COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


class TestComparisons:
    @pytest.mark.parametrize("compare", COMPARISONS)
    def test_eagerly_they_are_plain(self, x, compare):
        assert type(compare(x, 2.0)) is np.ndarray
        assert list(compare(x, 2.0)) == list(compare(ARRAY, 2.0))

    @pytest.mark.parametrize("compare", COMPARISONS)
    def test_in_a_program_they_are_lines(self, recording, x, compare):
        for got, want in ((compare(x, 2.0), compare(ARRAY, 2.0)), (compare(2.0, x), compare(2.0, ARRAY))):
            assert isinstance(got, Tensor) and got.line.rule.kind == "constant"
            assert list(got.value) == list(want)

    def test_logic(self, recording, x):
        assert list(((x > 1) & (x < 3)).value) == [False, True, False]
        assert list(((x > 2) | (x < 2)).value) == [True, False, True]
        assert list((~(x > 1)).value) == [True, False, False]

    def test_a_tensor_can_be_a_key(self, x):
        assert {x: 1}[x] == 1


class TestLines:
    def test_equal_lines_are_one(self, recording, x):
        assert np.sin(x).line is np.sin(x).line
        assert (x * 2.0).line is (x * 2.0).line
        assert np.sum(x, axis=0).line is np.sum(x, 0).line
        assert np.sum(x, axis=None).line is np.sum(x).line
        assert (x + np.ones(3)).line is (x + np.ones(3)).line

    @pytest.mark.parametrize(
        "one, other",
        [
            (0.0, -0.0),
            (2, 2.0),
            (1.0, 1.0 + 2**-52),
            (np.zeros(3), -np.zeros(3)),
            (np.ones(3), np.ones((1, 3))),
            (np.ones(3), np.ones(3, "float32")),
            (np.float32(2), np.float64(2)),
        ],
    )
    def test_different_constants_are_different_lines(self, recording, x, one, other):
        assert (x * one).line is not (x * other).line

    def test_structure_tells_lines_apart(self, recording):
        matrix = variable(np.ones((3, 3)))
        assert np.sum(matrix, axis=0).line is not np.sum(matrix, axis=1).line
        assert np.sum(matrix, axis=0).line is not np.sum(matrix, axis=0, keepdims=True).line

    def test_nan_equals_itself(self, recording, x):
        assert (x * np.nan).line is (x * np.nan).line

    def test_large_constants_are_equal_when_they_are_the_same(self, recording):
        big, t = np.arange(100.0), variable(np.ones(100))
        assert (t * big).line is (t * big).line
        assert (t * big).line is not (t * big.copy()).line

    def test_eager_lines_are_not_shared(self, x):
        assert np.sin(x).line is not np.sin(x).line

    def test_recordings_nest(self, x):
        with Recording() as outer:
            with Recording() as inner:
                np.sin(x)
            np.cos(x)
        assert [line.rule for line in inner.known.values()] == [find(np.sin)]
        assert [line.rule for line in outer.known.values()] == [find(np.cos)]
        assert modes.recording is None

    def test_a_line_knows_its_span(self, recording, x):
        recording.span = "here"
        assert np.sin(x).line.span == "here"

    def test_several_results(self, recording):
        values, vectors = np.linalg.eigh(variable(np.diag([1.0, 2.0])))
        assert list(values.value) == [1, 2] and vectors.shape == (2, 2)
        named = np.linalg.eigh(variable(np.diag([1.0, 2.0])))
        assert list(named.eigenvalues.value) == [1, 2]
