import numpy as np
import pytest

from autodiff_cli.engine.differentiate import vjp
from autodiff_cli.engine.program import Program, ancestors
from autodiff_cli.engine.recording import Recording
from autodiff_cli.engine.tensor import Tensor, variable


@pytest.fixture(autouse=True)
def recording():
    with Recording() as recording:
        yield recording


def names_of(program):
    return [line.rule.name for line in program.lines]


def test_lines_are_pruned_to_what_is_needed():
    x = variable(2.0, "x")
    unused = np.exp(x) + 1
    program = Program([x.line], [np.sin(x * 3).line])
    assert names_of(program) == ["multiply", "sin"]
    assert unused.line not in program.lines


def test_lines_are_in_order_and_single():
    x = variable(2.0, "x")
    root = np.sqrt(x)
    program = Program([x.line], [(np.sin(root) + np.cos(root)).line, root.line])
    assert names_of(program) == ["sqrt", "sin", "cos", "add"]


def test_it_runs_elsewhere():
    x, y = variable(np.ones(3), "x"), variable(2.0, "y")
    program = Program([x.line, y.line], [np.sum(np.where(x > y, x, y * y)).line])
    assert program(np.array([1.0, 5.0, 9.0]), 4.0) == (16 + 5 + 9,)


def test_the_order_of_inputs_is_that_of_the_call():
    x, y = variable(1.0, "x"), variable(2.0, "y")
    assert Program([y.line, x.line], [(x - y).line])(10.0, 3.0) == (-7,)


def test_a_gradient_is_a_program():
    x = variable(np.array([1.0, 2.0]), "x")
    (gradient,) = vjp([np.sum(np.square(x)).line], [np.float64(1)], [x.line], record=True)
    program = Program([x.line], [gradient.line])
    assert list(program(np.array([5.0, -1.0]))[0]) == [10, -2]
    assert "sum" not in names_of(program)


def test_tensors_give_tensors():
    x = variable(1.0, "x")
    program = Program([x.line], [np.sin(x).line])
    t = variable(0.5, "t")
    (answer,) = program(t)
    assert isinstance(answer, Tensor)
    (slope,) = vjp([answer.line], [np.float64(1)], [t.line])
    assert slope == np.cos(0.5)


def test_several_results_of_one_line():
    a = variable(np.diag([1.0, 2.0]), "a")
    values, _ = np.linalg.eigh(a)
    program = Program([a.line], [values.line])
    assert names_of(program) == ["eigh", "part"]
    assert list(program(np.diag([5.0, 3.0]))[0]) == [3, 5]


def test_outputs_can_be_constants_and_inputs():
    x = variable(1.0, "x")
    assert Program([x.line], [3.0, x.line])(5.0) == (3.0, 5.0)


def test_a_missing_input_is_an_error():
    x, y = variable(1.0, "x"), variable(2.0, "y")
    with pytest.raises(ValueError, match="y"):
        Program([x.line], [(x * y).line])


def test_the_number_of_points_is_checked():
    x = variable(1.0, "x")
    with pytest.raises(ValueError, match="1 inputs, not 2"):
        Program([x.line], [np.sin(x).line])(1.0, 2.0)


def test_str():
    x, v1 = variable(np.ones(2), "x"), variable(2.0, "v1")
    program = Program([x.line, v1.line], [np.sum(x * v1 + 3.0, axis=0).line, 0.5])
    assert str(program).splitlines() == [
        "x = input",
        "v1 = input",
        "v0 = multiply(x, v1)",
        "v2 = add(v0, 3.0)",
        "v3 = sum(v2, axis=0)",
        "return v3, 0.5",
    ]


def test_ancestors_are_in_order_of_creation():
    x = variable(1.0)
    a = np.sin(x)
    b = np.cos(a)
    assert ancestors([b.line, a.line]) == [x.line, a.line, b.line]
    assert b.line.parents == [a.line]
    assert repr(a.line) == f"<line {a.line.number}: sin>"
