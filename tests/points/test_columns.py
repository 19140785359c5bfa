"""Which columns make which variable, and what is said where they do not fit."""

import numpy as np
import pytest

from autodiff_cli.errors import AdiffError
from autodiff_cli.expression import parse
from autodiff_cli.points.columns import Slot, chosen
from autodiff_cli.points.results import named


def slots(source, names, constants=()):
    return chosen(parse(source), names, constants, "a.csv")


def complaint(source, names, constants=()):
    with pytest.raises(AdiffError) as caught:
        slots(source, names, constants)
    return f"{caught.value.message}\n{caught.value.help}"


def test_columns_of_the_name():
    assert slots("x*y", ["y", "z", "x"]) == {"x": Slot((2,), None), "y": Slot((0,), None)}


def test_elements_in_any_order():
    assert slots("sum(x)", ["x_1", "x_0"]) == {"x": Slot((1, 0), (2,))}
    assert slots("A@b", ["A_0_0", "A_1_0", "b", "A_0_1", "A_1_1"])["A"] == Slot((0, 3, 1, 4), (2, 2))


def test_elements_of_a_name_with_a_number():
    assert slots("x_0", ["x_0_0", "x_0_1"]) == {"x_0": Slot((0, 1), (2,))}
    assert slots("x_0", ["x_0", "x_1"]) == {"x_0": Slot((0,), None)}


def test_elements_make_an_array():
    cells = {0: np.array([1.0, 5.0]), 1: np.array([2.0, 6.0]), 2: np.array([3.0, 7.0]), 3: np.array([4.0, 8.0])}
    assert Slot((0, 1, 2, 3), (2, 2)).array(cells).tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


def test_a_constant_of_the_language_may_be_a_column():
    assert slots("x*e", ["x", "e"]).keys() == {"x", "e"}
    assert slots("x*e", ["x"]).keys() == {"x"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["X"], "did you mean X?"),
        ([" x"], 'did you mean " x"?'),
        (["abc", "x1"], "columns here: abc, x1"),
        (["1", "2.5"], "add --header x,y"),
        (["1", "2", "3"], "add --header NAME,NAME,..."),
        (["x;y"], "separated by commas, not by semicolons"),
        (["x\ty"], "not by tabs"),
        ([""], "--header a,b,c"),
        ([f"c{k}" for k in range(5000)], "and 4988 more"),
    ],
)
def test_what_may_have_been_meant(names, said):
    assert said in complaint("x*y", names)


def test_incomplete_elements():
    assert "x_1, x_2 are not all elements" in complaint("x", ["x_1", "x_2"])
    assert "not all elements" in complaint("x", ["x_0", "x_00"])
    assert "not all elements" in complaint("x", ["x_0", "x_1_0"])
    assert "not all elements" in complaint("x", ["x_0", "x_999999999999"])


def test_what_cannot_be():
    assert "2 columns are called x" in complaint("x", ["x", "x"])
    assert "x is given a value, but a.csv has a column" in complaint("x*y", ["x", "y"], ("x",))
    assert "uses no column" in complaint("x", ["y"], ("x",))


def test_names_of_results():
    def columns(question, *answers):
        return [column for result in named(question, answers, []) for column in result.columns]

    assert columns("grad", ("value", ()), (("x",), (2,))) == ["f", "df_dx_0", "df_dx_1"]
    assert columns("hess", (("x", "x"), ()), (("x", "y"), ()), (("x1", "x1"), ())) == [
        "d2f_dx2",
        "d2f_dxdy",
        "d2f_dx1dx1",
    ]
    assert columns("deriv", (("x", "x", "y"), ())) == ["d3f_dx2dy"]
    assert columns("jvp", ("jvp", (2,))) == ["jvp_0", "jvp_1"]
    assert columns("hvp", (("x",), ())) == ["hvp_x"]
    assert columns("taylor", ("taylor", (2,))) == ["coefficients_0", "coefficients_1"]
    assert columns("jac", (("A",), (1, 2))) == ["df_dA_0_0", "df_dA_0_1"]


def test_clashes_of_names():
    answers = [("value", ()), (("x",), ())]
    with pytest.raises(AdiffError, match="there is a column f already") as caught:
        named("grad", answers, ["x", "f"])
    assert "--prefix" in caught.value.help
    assert [r.name for r in named("grad", answers, ["x", "f"], "new_")] == ["new_f", "new_df_dx"]
    with pytest.raises(AdiffError, match="df_dx_0"):
        named("grad", [(("x",), (1,)), (("x_0",), ())], [])
