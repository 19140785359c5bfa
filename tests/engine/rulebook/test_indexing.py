import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import variable
from autodiff_cli.errors import NotDifferentiable
from tests.engine.checks import value_and_vjp


def gradient(call, x):
    return value_and_vjp(lambda x: np.sum(call(x)), [np.array(x, float)], 1.0)[2][0]


class TestIndexing:
    def test_an_index_that_comes_twice_counts_twice(self):
        assert list(gradient(lambda x: x[[0, 0, 2]], [1, 2, 3])) == [2, 0, 1]
        assert gradient(lambda x: x[[0, 0], [1, 1]] * [3, 4], [[1, 2], [3, 4]]).tolist() == [[0, 7], [0, 0]]
        assert list(gradient(lambda x: np.take(x, [[1, 1], [1, -2]]), [1, 2, 3])) == [0, 4, 0]

    def test_masks(self):
        assert list(gradient(lambda x: x[x > 1], [1, 2, 3])) == [0, 1, 1]
        assert list(gradient(lambda x: x[np.array([True, False, True])] ** 2, [1, 2, 3])) == [2, 0, 6]

    def test_nothing_is_chosen(self):
        for key in ([], slice(0, 0), np.zeros(3, bool)):
            assert list(gradient(lambda x, key=key: x[key], [1, 2, 3])) == [0, 0, 0]
        assert gradient(lambda x: x[1:], [5]).tolist() == [0]
        assert gradient(lambda x: x[:], []).shape == (0,)

    def test_of_numbers(self):
        assert gradient(lambda x: x[()] * x[None, ...] * x[True], 2).tolist() == 12

    def test_lists_with_tensors_in_them(self):
        assert list(gradient(lambda x: x[[np.argmax(x), 0]], [1, 3, 2])) == [1, 1, 0]
        assert list(gradient(lambda x: x[[[0, np.argmin(x)], [np.argmax(x), 0]]], [1, 3, 2])) == [3, 1, 0]

    def test_what_numpy_refuses(self):
        for key in (1.0, [0.5], 5, (0, 0), "a", slice(0, 2.5)):
            with pytest.raises((IndexError, TypeError)):
                variable(np.arange(3.0))[key]

    def test_an_index_has_no_slope(self):
        """An integer variable that is used as an index, and whose gradient is asked for all the same."""
        x, k = variable(np.array([1.0, 5.0])), variable(np.array([1, 1, 0]))
        assert [g.tolist() for g in vjp([x[k].line], [np.ones(3)], [x.line, k.line])] == [[1, 2], [0, 0, 0]]


@settings(deadline=None)
@given(st.data())
def test_any_index(data):
    """x[key] is linear in x, so that <g, v[key]> = <gradient, v>: exactly, for they are integers."""
    shape = data.draw(hnp.array_shapes(max_dims=3, max_side=4))
    basic = hnp.basic_indices(shape, allow_newaxis=True)
    key = data.draw(basic | hnp.integer_array_indices(shape) | hnp.arrays(bool, shape))
    v = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    g = np.arange(1.0, np.size(v[key]) + 1).reshape(np.shape(v[key]))
    assert np.sum(value_and_vjp(lambda x: x[key], [v], g)[2][0] * v) == np.sum(g * v[key])


class TestPrograms:
    def test_equal_keys_are_one_line(self):
        with Recording():
            x = variable(np.arange(6.0).reshape(2, 3))
            assert x[1:].line is x[slice(np.int64(1), None)].line
            assert x[-1].line is x[np.int64(-1)].line
            assert x[[0, 1]].line is x[np.array([0, 1])].line
            assert x[:, np.argmax(x) - 3].line is x[:, np.argmax(x) - 3].line
            assert len({x[key].line for key in (0, 1, [0], slice(0, 1), (0, slice(None)), None, ...)}) == 7

    def test_a_mask_that_chooses_another_number(self):
        """The value follows; a gradient that was recorded for three entries says that it does not."""
        with Recording():
            x = variable(np.array([1.0, -1.0, 2.0, 3.0]))
            mean = np.mean(x[x > 0] ** 2)
            (slope,) = vjp([mean.line], [np.float64(1)], [x.line], record=True)
        program = Program([x.line], [mean.line, slope.line])
        np.testing.assert_allclose(program(np.array([4.0, 1.0, -1.0, 1.0]))[1], [8 / 3, 2 / 3, 0, 2 / 3])
        with pytest.raises((NotDifferentiable, ValueError)):
            program(np.array([4.0, 1.0, -1.0, -1.0]))

    def test_one_entry_is_not_stretched_over_several(self):
        with Recording():
            x = variable(np.array([1.0, -1.0, -2.0]))
            (slope,) = vjp([np.sum(x[x > 0]).line], [np.float64(1)], [x.line], record=True)
        program = Program([x.line], [slope.line if hasattr(slope, "line") else slope])
        with pytest.raises(NotDifferentiable, match="chooses entries"):
            program(np.array([1.0, 1.0, -2.0]))

    def test_a_program_runs_on_tensors(self):
        """What was recorded can be recorded again, rules of our own (index, scatter) included."""
        with Recording():
            x = variable(np.array([1.0, 2.0, 3.0]))
            (slope,) = vjp([np.sum(x[[0, 0, 1]] ** 3).line], [np.float64(1)], [x.line], record=True)
            program = Program([x.line], [slope.line])
            z = variable(np.array([2.0, 5.0, 7.0]))
            (again,) = program(z)
            (second,) = vjp([np.sum(again).line], [np.float64(1)], [z.line])
        assert again.value.tolist() == [24, 75, 0]
        assert second.tolist() == [24, 30, 0]


def test_shared_shapes_of_diagonals():
    """d/dx of diag(diag(x)) is the identity, and of diag(diag(M)) the mask of the diagonal."""
    assert list(gradient(lambda x: np.diag(np.diag(x)) * [1, 2, 3], [4, 5, 6])) == [1, 2, 3]
    assert gradient(lambda m: np.diag(np.diag(m, -1), -1), np.zeros((2, 3))).tolist() == [[0, 0, 0], [1, 0, 0]]


class TestInsertAndDelete:
    def test_one_place_in_all_its_spellings(self):
        """A number inserts all values there, a list of one number repeats it for each."""
        x = np.arange(6.0).reshape(2, 3)
        for obj, values in ((1, [[7, 8]]), ([1], [[7], [8]]), (slice(0, 2), 9), (np.array(-1), [3, 4]), ([0, 2], 5)):
            got = np.insert(variable(x), obj, variable(np.array(values, float)), axis=1)
            np.testing.assert_array_equal(got.value, np.insert(x, obj, values, axis=1))

    def test_where_the_largest_is_elsewhere(self):
        with Recording():
            x = variable(np.array([1.0, 5.0, 2.0]))
            rest = np.delete(x, np.argmax(x)) ** 2
            (slope,) = vjp([np.sum(rest).line], [np.float64(1)], [x.line], record=True)
            more = np.insert(x, np.argmax(x), 0.0)
        program = Program([x.line], [rest.line, slope.line, more.line])
        rest, slope, more = program(np.array([1.0, 2.0, 3.0]))
        assert (list(rest), list(slope), list(more)) == ([1, 4], [2, 4, 0], [1, 2, 0, 3])


def test_resize():
    assert list(gradient(lambda x: np.resize(x, 5), [1, 2])) == [3, 2]
    assert np.resize(variable(np.zeros(0)), (2, 3)).shape == (2, 3)
    assert np.resize(variable(np.ones(2)), (0, 3)).shape == (0, 3)
    for shape in (-1, (-1, 2), (-1, -2)):
        with pytest.raises(ValueError):
            np.resize(variable(np.ones(2)), shape)


def test_each_window_counts():
    assert list(gradient(lambda x: np.lib.stride_tricks.sliding_window_view(x, 3), [1, 2, 3, 4])) == [1, 2, 2, 1]


def test_unknown_keywords_are_named():
    with pytest.raises(NotDifferentiable, match="out= would write a tensor into a plain array"):
        np.take(variable(np.arange(3.0)), [0], out=np.zeros(1))


@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_that_is_not_there(axis):
    x = variable(np.zeros((2, 3)))
    for call in (
        lambda: np.take(x, 0, axis=axis),
        lambda: np.take_along_axis(x, np.zeros((1, 1), int), axis=axis),
        lambda: np.delete(x, 0, axis=axis),
        lambda: np.insert(x, 0, 1.0, axis=axis),
        lambda: np.split(x, 1, axis=axis),
        lambda: np.unstack(x, axis=axis),
        lambda: np.rollaxis(x, axis),
        lambda: np.median(x, axis=axis),
        lambda: np.diff(x, axis=axis),
        lambda: np.diff(x, axis=axis, prepend=0),
        lambda: np.trapezoid(x, axis=axis),
        lambda: np.gradient(x, axis=axis),
        lambda: np.average(x, axis=axis, weights=[1, 2, 3]),
        lambda: np.sum(x, axis=axis),
    ):
        with pytest.raises(np.exceptions.AxisError):
            call()
