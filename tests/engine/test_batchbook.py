"""Rows where axes and keys are tricky, against a loop."""

import numpy as np
import pytest

from autodiff_cli.engine import batch, rules
from autodiff_cli.engine.rulebook.indexing import ARRAY, index, scatter
from autodiff_cli.errors import NotDifferentiable
from tests.engine.test_batch import choices

# --- keys: what NumPy does with index arrays that are apart, and with some of them batched

ANYTHING, ROW, PAIR, TABLE = slice(None), np.array([0, 1]), np.array([1, 0]), np.array([[0, 1, 1], [1, 0, 1]])
KEYS = {
    "apart": (ANYTHING, ROW, ANYTHING, PAIR),
    "apart, from the first": (ROW, ANYTHING, PAIR),
    "apart by ...": (ROW, ..., PAIR),
    "apart by ... for nothing": (ROW, PAIR, ROW, ..., PAIR),
    "apart by None": (ANYTHING, ROW, None, PAIR),
    "a number apart": (0, ANYTHING, ROW),
    "a number beside": (ANYTHING, 1, ROW),
    "numbers on both sides": (1, TABLE, 0),
    "together": (ANYTHING, ROW, PAIR),
    "together, after ...": (..., ROW, PAIR),
    "together, after None": (None, ANYTHING, ROW, PAIR),
    "first": (TABLE,),
    "last": (..., TABLE),
    "of several ranks": (ANYTHING, TABLE, ANYTHING, np.array([0, 1, 1])),
    "a single number in an array": (ANYTHING, np.array(1), ANYTHING, ROW),
    "a mask": (ANYTHING, np.array([[True, False], [False, True], [True, True]])),
    "a mask after ...": (..., np.array([[True, False], [False, False], [True, False]]), PAIR),
    "a mask apart": (np.array([True, True]), ANYTHING, PAIR),
    "True": (np.array(True), ROW),
    "no arrays": (1, ..., None, slice(0, 2)),
}


def split(key):
    """The arrays of a key, and the key without them."""
    return [k for k in key if isinstance(k, np.ndarray)], tuple(ARRAY if isinstance(k, np.ndarray) else k for k in key)


@pytest.mark.parametrize("name", KEYS)
def test_keys(name):
    """x[key] and its transpose, with every choice of batched operands; the indices differ from point to point."""
    arrays, key = split(KEYS[name])
    rng = np.random.default_rng(6)
    x = rng.standard_normal((3, 2, 3, 2, 2))
    several = [np.stack([k, np.flip(k), k] if k.dtype.kind == "i" and k.ndim else [k] * 3) for k in arrays]
    movable = [k.dtype.kind == "i" for k in arrays]
    g = rng.standard_normal((3, *x[0][KEYS[name]].shape))
    for function, first, params in (index, x, {"key": key}), (scatter, g, {"key": key, "shape": x.shape[1:]}):
        rule = rules.find(function)
        for flags in np.ndindex((2,) * (1 + len(arrays))):
            batched = [bool(b) and m for b, m in zip(flags, [True, *movable], strict=True)]
            if any(batched):
                stacks = [s if b else s[0] for s, b in zip([first, *several], batched, strict=True)]
                want = [function(*(s[k] if b else s for s, b in zip(stacks, batched, strict=True)), **params)
                        for k in range(3)]  # fmt: skip
                assert np.array_equal(batch.call(rule, stacks, batched, params), np.stack(want)), batched


def test_masks_that_differ_choose_as_many():
    x, mask = np.arange(6.0).reshape(2, 3), np.array([[True, False, True], [False, True, True]])
    answer = batch.call(rules.find(index), (x, mask), (True, True), {"key": (ARRAY,)})
    assert np.array_equal(answer, [[0, 2], [4, 5]])


def test_masks_that_choose_more_in_one_place_are_refused():
    x, mask = np.arange(6.0).reshape(2, 3), np.array([[True, False, True], [False, True, False]])
    with pytest.raises(NotDifferentiable, match="index has answers of different shapes"):
        batch.call(rules.find(index), (x, mask), (True, True), {"key": (ARRAY,)})


# --- ranks


def check_call(function, shapes, params, count=3):
    """Every choice of batched operands against a loop."""
    rng = np.random.default_rng(7)
    for batched in choices(len(shapes)):
        operands = [rng.standard_normal((count, *s) if b else s) for s, b in zip(shapes, batched, strict=True)]
        points = [[x[k] if b else x for x, b in zip(operands, batched, strict=True)] for k in range(count)]
        got = batch.call(rules.find(function), operands, batched, params)
        np.testing.assert_allclose(got, [function(*point, **params) for point in points], rtol=1e-12)


@pytest.mark.parametrize("function", [np.add, np.dot, np.inner, np.outer, np.kron, np.multiply.outer])
@pytest.mark.parametrize("shapes", [((), ()), ((), (2,)), ((2,), ()), ((), (2, 3)), ((2, 3), ())])
def test_operands_of_lower_rank(function, shapes):
    check_call(function, shapes, {})


@pytest.mark.parametrize("shapes", [((2,), (), (2, 3, 2)), ((), (3, 2), (2,)), ((2, 1), (3,), ())])
def test_where_with_operands_of_lower_rank(shapes):
    check_call(np.where, shapes, {})


@pytest.mark.parametrize(
    ("shapes", "params"),
    [
        (((3,), (2, 3)), {"axisc": 0}),
        (((2, 3), (3,)), {"axisc": 0}),
        (((3, 2), (4, 1, 3)), {"axisa": 0, "axisc": 1}),
        (((3, 2), (3, 2)), {"axis": 0}),
    ],
)
def test_axes_of_a_cross_product(shapes, params):
    check_call(np.cross, shapes, params)


@pytest.mark.parametrize("shapes", [((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)),
                                    ((2, 3, 3), (2, 3, 2))])  # fmt: skip
def test_systems(shapes):
    check_call(np.linalg.solve, shapes, {})


@pytest.mark.parametrize("function", [np.convolve, np.linalg.solve, np.matmul, np.dot, np.kron])
def test_one_empty_operand(function):
    for batched in [(True, False), (False, True)]:
        operands = [np.eye(2)[0] if function is np.convolve else np.eye(2) for _ in range(2)]
        answer = function(*operands)
        operands = [np.stack([x] * 3)[:0] if b else x for x, b in zip(operands, batched, strict=True)]
        assert np.shape(batch.call(rules.find(function), operands, batched, {})) == (0, *answer.shape)


def test_a_batch_as_long_as_an_axis_is_not_mistaken_for_one():
    square = np.arange(9.0).reshape(3, 3)
    assert np.array_equal(batch.call(rules.find(np.squeeze), (np.ones((1, 1, 3)),), (True,), {}), np.ones((1, 3)))
    got = batch.call(rules.find(np.add), (square, square), (True, False), {})
    assert np.array_equal(got, np.stack([row + square for row in square]))


# What no sample says: a function, the shape of its array, what follows by position, and by name.
CALLS = [
    *((f, (), (), {"axis": axis}) for f in (np.sum, np.max, np.any, np.cumsum, np.argmax) for axis in (0, -1)),
    *((f, (), (), {}) for f in (np.sum, np.var, np.argmax, np.linalg.norm, np.linalg.vector_norm, np.flip)),
    (np.roll, (), (1,), {}),
    *((np.argmin, (2, 3), axis, {"keepdims": True}) for axis in [(), (None,), (1,), (-2,)]),
    *((np.argmin, (), axis, {"keepdims": True}) for axis in [(), (0,)]),
    *((np.linalg.norm, (2, 3, 2), (), {"keepdims": keepdims}) for keepdims in (False, True)),
    (np.linalg.vector_norm, (), (), {"keepdims": True}),
    *((np.linalg.matrix_rank, shape, (), {}) for shape in [(3,), (3, 2), (2, 3, 3)]),
    *((f, (3,), (), {"k": k}) for f in (np.tril, np.triu, np.diag) for k in (-1, 0, 2)),
    *((np.argpartition, (2, 5), (1, *axis), {}) for axis in [(), (0,), (None,)]),
    *((np.argsort, (2, 5), axis, {}) for axis in [(), (0,), (None,)]),
    *((np.digitize, shape, (np.array([-0.5, 0.5]),), {}) for shape in [(), (2, 3)]),
]


@pytest.mark.parametrize(("function", "shape", "rest", "params"), CALLS)
def test_calls(function, shape, rest, params):
    rule = next(r for r in rules.RULES.values() if r.function is function and r.kind != "composed")
    x = np.random.default_rng(8).standard_normal((3, *shape))
    got = batch.call(rule, (x, *rest), (True, *(False for _ in rest)), params)
    want = np.stack([function(row, *rest, **params) for row in x])
    assert got.shape == want.shape and got.dtype == want.dtype
    np.testing.assert_allclose(got, want, rtol=1e-14)
