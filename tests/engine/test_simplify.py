"""Every row of the table: the same function, and the same derivative, with less work or without a false kink."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.engine import simplify
from autodiff_cli.engine.program import Program, ancestors
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.simplify import simplified
from autodiff_cli.engine.tensor import variable
from tests.engine.checks import check_against_differences

X, Y = np.array([[0.7, 1.3], [2.1, 0.4]]), np.array([[1.1, -0.6], [0.3, 2.0]])


def exponential(w, v):
    return (v * np.exp(w)) @ np.transpose(v)


# A row, calls that it changes, and calls that only look alike.
EXAMPLES = {
    "root_of_square": (
        [lambda x, y: np.sqrt(np.square(x)), lambda x, y: np.power(x * x, 0.5)],
        [lambda x, y: np.sqrt(np.power(x, 3.0)), lambda x, y: np.power(np.square(x), 0.25)],
    ),
    "root_of_sum_of_squares": (
        [
            lambda x, y: np.sqrt(np.sum(np.square(x))),
            lambda x, y: np.power(np.sum(x * x), 0.5),
            lambda x, y: np.sqrt(np.sum(np.square(x), axis=0, keepdims=True)),
        ],
        [lambda x, y: np.sqrt(np.sum(x)), lambda x, y: np.power(np.sum(np.square(x)), 1.5)],
    ),
    "square_of_root": ([lambda x, y: np.square(np.sqrt(x)), lambda x, y: np.sqrt(x) * np.sqrt(x)], []),
    "square_of_absolute": ([lambda x, y: np.square(np.abs(x))], []),
    "square_of_norm": (
        [lambda x, y: np.square(np.linalg.norm(x)), lambda x, y: np.linalg.norm(x) * np.linalg.norm(x)],
        [lambda x, y: np.square(np.linalg.norm(x, 1)), lambda x, y: np.square(np.linalg.norm(x, axis=0))],
    ),
    "product_with_itself": ([lambda x, y: x * x], [lambda x, y: x * y]),
    "product_in_order": ([lambda x, y: y * x, lambda x, y: np.sin(x) * 2.0], [lambda x, y: x * y]),
    "product_with_uniform": (
        [lambda x, y: np.full((2, 2), 3.0) * x, lambda x, y: np.sin(x) * np.full(2, 3.0)],
        [lambda x, y: np.array([1.0, 2.0]) * x, lambda x, y: np.ones((3, 2, 2)) * x, lambda x, y: np.ones(2, "f4") * x],
    ),
    "product_with_one": ([lambda x, y: 1.0 * np.sin(x), lambda x, y: np.sin(x) * 1], [lambda x, y: x * np.float32(1)]),
    "product_with_minus_one": ([lambda x, y: -1.0 * np.sin(x)], []),
    "product_of_negatives": ([lambda x, y: x * -y, lambda x, y: -x * y, lambda x, y: 2.0 * -x], []),
    "product_of_numbers": ([lambda x, y: 2.0 * (3.0 * x), lambda x, y: x * (3.0 * y), lambda x, y: (3.0 * x) * y], []),
    "sum_in_order": ([lambda x, y: y + x, lambda x, y: x + 2.0], [lambda x, y: x + y]),
    "sum_with_uniform": ([lambda x, y: np.ones(2) + x], [lambda x, y: np.array([1.0, 2.0]) + x]),
    "sum_with_zero": ([lambda x, y: 0.0 + np.sin(x), lambda x, y: np.sin(x) + 0], [lambda x, y: x + np.ones(2)]),
    "sum_with_negative": ([lambda x, y: x + -y, lambda x, y: -x + y], []),
    "sum_of_multiples": ([lambda x, y: 2.0 * x + 3.0 * x, lambda x, y: x + x, lambda x, y: x + 3.0 * x], []),
    "difference_with_zero": ([lambda x, y: np.sin(x) - 0.0, lambda x, y: 0.0 - np.sin(x)], []),
    "difference_with_negative": ([lambda x, y: x - -y, lambda x, y: -x - y], []),
    "negative_of_negative": ([lambda x, y: np.negative(-x)], []),
    "negative_of_difference": ([lambda x, y: -(x - y)], []),
    "negative_of_multiple": ([lambda x, y: -(2.0 * x)], [lambda x, y: -(x * y)]),
    "quotient_by_one": ([lambda x, y: np.sin(x) / 1.0], []),
    "quotient_of_negatives": ([lambda x, y: -x / y, lambda x, y: x / -y], []),
    "small_power": (
        [lambda x, y: np.power(x, 1.0), lambda x, y: np.power(x, 2), lambda x, y: np.power(x, -1.0)],
        [lambda x, y: np.power(x, 3.0)],
    ),
    "identity": ([lambda x, y: +np.sin(x)], []),
    "conjugate_of_real": ([lambda x, y: np.conjugate(x), lambda x, y: np.real(x)], []),
    "same_form": (
        [lambda x, y: np.reshape(np.sin(x), (2, 2)), lambda x, y: np.broadcast_to(x, (2, 2))],
        [lambda x, y: np.reshape(x, (4, 1)), lambda x, y: np.broadcast_to(x, (3, 2, 2))],
    ),
    "same_axes": ([lambda x, y: np.moveaxis(np.sin(x), -1, -1)], [lambda x, y: np.moveaxis(x, 0, 1)]),
    "same_type": ([lambda x, y: np.astype(x, np.float64)], [lambda x, y: np.astype(np.astype(x, "f4"), np.float64)]),
    "transposed_twice": ([lambda x, y: np.transpose(np.transpose(np.sin(x)))], [lambda x, y: np.transpose(x)]),
    "function_of_matrix": (
        [lambda x, y: exponential(*np.linalg.eigh(x + x.T))],
        [lambda x, y: exponential(np.linalg.eigvalsh(y), np.linalg.eigh(x + x.T)[1])],
    ),
    "sum_of_function": (
        [lambda x, y: np.sum(np.exp(np.linalg.eigvalsh(x + x.T))), lambda x, y: np.sum(np.linalg.svdvals(x) ** 2)],
        [lambda x, y: np.sum(np.cumsum(np.linalg.svdvals(x))), lambda x, y: np.sum(x)],
    ),
    "matrix_transposed_twice": ([lambda x, y: np.matrix_transpose(np.matrix_transpose(np.sin(x)))], []),
    "product_with_identity_matrix": (
        [lambda x, y: np.matmul(np.eye(2), np.sin(x))],
        [lambda x, y: np.matmul(np.ones((2, 2)), x), lambda x, y: np.matmul(np.eye(2), np.sum(x, axis=0))],
    ),
    "same_choice": ([lambda x, y: np.where(x > 1, np.sin(y), np.sin(y))], [lambda x, y: np.where(x > 1, x, y)]),
}
CHANGED = [pytest.param(name, call, id=name) for name, (calls, _) in EXAMPLES.items() for call in calls]
ALIKE = [pytest.param(name, call, id=name) for name, (_, calls) in EXAMPLES.items() for call in calls]


def recorded(call):
    with Recording():
        inputs = [variable(X), variable(Y)]
        return call(*inputs).line, [x.line for x in inputs]


def rows_used(line, monkeypatch):
    """The names of the rows that change something on the way to a line."""
    used = set()

    def watched(row):
        def watch(*args):
            found = row(*args)
            if found is not None:
                used.add(row.__name__)
            return found

        return watch

    monkeypatch.setattr(simplify, "ROWS", {f: tuple(map(watched, rows)) for f, rows in simplify.ROWS.items()})
    simplified(line)
    return used


@pytest.mark.parametrize(("name", "call"), CHANGED)
class TestRow:
    def test_is_used(self, name, call, monkeypatch):
        assert name in rows_used(recorded(call)[0], monkeypatch)

    def test_keeps_the_value_here_and_elsewhere(self, name, call):
        line, inputs = recorded(call)
        before, after = Program(inputs, [line]), Program(inputs, [simplified(line)])
        for point in ((X, Y), (Y * Y, X)):
            np.testing.assert_allclose(after(*point)[0], before(*point)[0], rtol=1e-15)
        assert after.outputs[0].value.dtype == line.value.dtype

    def test_keeps_the_derivatives(self, name, call):
        line, inputs = recorded(call)
        after = Program(inputs, [simplified(line)])
        check_against_differences(lambda *point: after(*point)[0], (X, np.abs(Y)), 2)


@pytest.mark.parametrize(("name", "call"), ALIKE)
def test_what_only_looks_alike_stays(name, call, monkeypatch):
    assert name not in rows_used(recorded(call)[0], monkeypatch)


def test_every_row_is_tested():
    assert {row.__name__ for rows in simplify.ROWS.values() for row in rows} == set(EXAMPLES)


def test_spans_are_kept():
    found = ad.parse("1 + sqrt(sum(x^2))").record({"x": X}).simplified
    norm = found.operands[1]
    assert norm.rule.function is np.linalg.norm
    assert (norm.span.start, norm.span.end) == (4, 18)


def test_nothing_to_simplify_leaves_every_line():
    line, _ = recorded(lambda x, y: np.sin(x * y) - np.exp(x))
    assert simplified(line) is line


def test_where_the_value_is_undefined_so_is_the_gradient():
    assert np.isnan(ad.parse("sqrt(x)^2").grad(x=-1)["x"])


def test_equal_lines_are_one_whatever_their_order():
    line, _ = recorded(lambda x, y: np.sin(x * y) - np.sin(y * x) * np.cos(y * x))
    assert sum(part.rule.function is np.multiply for part in ancestors([simplified(line)])) == 2
