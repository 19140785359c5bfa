"""An expression with variables without values is recorded so that what is recorded holds at other points too."""

import numpy as np
import pytest

from autodiff_cli.engine.program import Program
from autodiff_cli.errors import AdiffError
from autodiff_cli.expression import Expression
from autodiff_cli.symbols import symbols


@pytest.mark.parametrize(
    "source",
    [
        "sum(x*y)",
        "sum(where(x > 0, sqrt(abs(x)), y))",
        "sum(relu(x) + maximum(x, y))",
        "acosh(1 + norm(x))*acosh(2 + y^2)[0]",
        "logdet(A) + x @ inv(A) @ y",
        "sum(cholesky(A' @ A)) + sum(x^2)*max(y)",
        "eigvalsh(A + A')[0]*sum(x*y)",
    ],
)
@pytest.mark.parametrize("bound", ["", "x", "y"])
def test_what_was_recorded_holds_elsewhere(source, bound):
    """At a point of these shapes, the program and its gradient are those that are recorded at that point."""
    draw = np.random.default_rng(3)
    expression = Expression(source)
    known = symbols(expression, {name: draw.normal(size=3) for name in bound}, scalar=True)
    recorded = known.record()
    point = {name: draw.normal(size=line.value.shape) for name, line in recorded.inputs.items()}
    value, *gradient = recorded.gradient_program(list(point))(*point.values())
    np.testing.assert_allclose(value, expression.value(point), rtol=1e-12)
    for name, part in zip(point, gradient, strict=True):
        np.testing.assert_allclose(part, expression.grad(point)[name], rtol=1e-9, atol=1e-12)


def test_it_stands_at_no_given_point():
    recorded = symbols(Expression("sum(where(x > 0, x^2, y))"), {"x": [0.0, 0.0, 0.0]}).record()
    assert (recorded.inputs["x"].value > 0).all()


def test_what_exists_at_the_given_point_only_is_recorded_there():
    recorded = symbols(Expression("x[i]*y"), {"x": [1.0, 2.0], "i": 1}).record()
    assert recorded.inputs["i"].value == 1
    assert recorded.value == 2 * recorded.inputs["y"].value


def test_the_types_of_values_stay():
    recorded = symbols(Expression("sum(x*y)"), {"x": np.ones(3, np.float32)}).record()
    assert [line.value.dtype for line in recorded.inputs.values()] == [np.float32, np.float64]


def test_what_is_said_and_what_is_assumed():
    known = symbols(Expression("sum(x*y) + sum(z)"), {"x": [1.0, 2.0]}, {"z": (4,), "x": (2,)})
    assert (known.shapes, known.said, known.assumed) == ({"y": (2,), "z": (4,)}, {"z": (4,)}, {"y": (2,)})
    assert known.fits("y", (1,))
    assert not known.fits("y", (3,))


def test_the_program_is_that_of_all_variables():
    recorded = symbols(Expression("x*y"), {"x": 2.0}).record()
    assert Program(recorded.inputs.values(), [recorded.output])(np.float64(3), np.float64(5)) == (15,)


def test_a_function_without_parentheses_is_no_symbol():
    with pytest.raises(AdiffError, match="sin is a function"):
        symbols(Expression("sin*x"), {"x": 1.0})
    assert symbols(Expression("sin*x"), {"x": 1.0}, {"sin": ()}).shapes == {"sin": ()}


def test_an_expression_that_is_nowhere_defined_says_why():
    with pytest.raises(AdiffError) as caught:
        symbols(Expression("inv(zeros(2, 2))[0, 0]*x"), {}).record()
    assert caught.value.code == "singular"


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("logdet(A @ A')", {"A": (3, 3)}),
        ("logdet(A' @ A)", {"A": (4, 3)}),
        ("det(A @ X @ B)", {"A": (3, 3), "X": (3, 3), "B": (3, 3)}),
        ("sum(cholesky(A @ A'))", {"A": (3, 3)}),
        ("logdet(eye(3) + A @ A')", {"A": (3, 4)}),
    ],
)
def test_shapes_leave_no_matrix_singular(text, shapes):
    known = symbols(Expression(text), {}, scalar=True)
    assert known.shapes == shapes
    assert not known.is_singular()


@pytest.mark.parametrize(("said", "others"), [({"X": (3, 4)}, {"A": (3, 3), "B": (4, 3)}),
                                              ({"X": (4, 3)}, {"A": (3, 4), "B": (3, 3)})])  # fmt: skip
def test_shapes_leave_no_matrix_singular_beside_one_that_is_said(said, others):
    assert symbols(Expression("det(A @ X @ B)"), {}, said, scalar=True).shapes == said | others


def test_what_is_singular_in_all_shapes_keeps_its_own():
    known = symbols(Expression("logdet(outer(x, A @ y))"), {}, scalar=True)
    assert known.is_singular() and len({*known.shapes["A"]}) == 2
