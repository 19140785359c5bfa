"""Claims in all the forms in which they are given, and what is said of those that are none."""

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.errors import AdiffError

POINT = {"x": np.array([1.0, 2]), "y": np.array([3.0, 5])}
TARGET = "sum(x^2*y)"


def both(x, y):
    return 2 * x * y, x**2


class TestForms:
    @pytest.mark.parametrize(
        "claim",
        [
            {"x": "2*x*y", "y": "x^2"},
            {"x": ad.parse("2*x*y"), "y": lambda x: x**2},
            both,
            lambda x, y: {"x": 2 * x * y, "y": x**2},
            lambda **values: {"y": values["x"] ** 2, "x": 2 * values["x"] * values["y"]},
            {"x": np.array([6.0, 20]), "y": [1, 4]},
        ],
    )
    def test_of_two_variables(self, claim):
        try:
            assert ad.check(TARGET, claim, POINT).verdict == "pass"
        except AdiffError as error:  # nothing can be given to **values
            assert error.code in ("unknown-name", "python")

    @pytest.mark.parametrize("claim", ["2*x*y", lambda x, y: 2 * x * y, lambda y, x: (2 * x * y,), [6, 20],
                                       lambda x, y: [6 * x[0] / x[0], 20], lambda x, y: {"x": 2 * x * y}])  # fmt: skip
    def test_of_one(self, claim):
        assert ad.check(TARGET, claim, POINT, wrt="x", random=0).verdict == "pass"

    def test_a_tuple_of_numbers_is_one_array(self):
        assert ad.check("sum(x^2)", lambda x: (2 * x[0], 2 * x[1]), x=[1, 2]).verdict == "pass"

    def test_targets_are_functions_too(self):
        assert ad.check(lambda x, y: np.sum(x**2 * y), both, POINT).verdict == "pass"
        assert ad.check(lambda x: np.sum(x**2), "2*x", x=[1, 2]).verdict == "pass"

    def test_of_a_hessian(self):
        blocks = {("x", "x"): "2*diag(y)", "x,y": "2*diag(x)", "y,x": "2*diag(x)", "y": "zeros(2, 2)"}
        assert ad.check(TARGET, blocks, POINT, of="hess").verdict == "pass"
        rows = lambda x, y: ((2 * np.diag(y), 2 * np.diag(x)), (2 * np.diag(x), np.zeros((2, 2))))  # noqa: E731
        assert ad.check(TARGET, rows, POINT, of="hess").verdict == "pass"
        nested = lambda x, y: {"x": {"x": 2 * np.diag(y), "y": 2 * np.diag(x)}, "y": {"x": 2 * np.diag(x), "y": 0}}  # noqa: E731
        outcome = ad.check(TARGET, nested, POINT, of="hess")
        assert [f.verdict for f in outcome.findings] == ["pass", "pass", "pass", "fail"]  # a number is no matrix

    def test_verdicts_do_not_depend_on_the_form(self):
        wrong = ad.check(TARGET, lambda x, y: (2 * x * y, x), POINT)
        assert [f.verdict for f in wrong.findings] == ["pass", "fail"]
        assert str(wrong).splitlines()[-1] == "ref     AD and finite differences agree to 6.1e-14" or wrong.repro == ""


class TestShapes:
    @pytest.mark.parametrize(
        ("target", "claim", "point", "said"),
        [
            ("sum(x^2)", "2", {"x": [1, 2]}, "yours is one number, where shape (2) belongs; spread out, it differs as"),
            ("sum(x)", "1", {"x": [1, 2]}, "yours is one number, where shape (2) belongs; spread out, it agrees"),
            ("sum(x^2)", "2*x[:, None]", {"x": [1, 2]}, "shape (2, 1), where shape (2) belongs; reshaped, it agrees"),
            ("sum(A^2)", "2*A'", {"A": np.ones((2, 3))}, "shape (3, 2), where shape (2, 3) belongs; transposed, it"),
            ("sum(A^2)", "A'", {"A": np.ones((2, 3))}, "transposed, it differs as well"),
            ("sum(x^2)", "ones(3)", {"x": [1, 2]}, "yours has shape (3), where shape (2) belongs"),
            ("x^2", "[2*x]", {"x": 1}, "yours has shape (1), where one number belongs; reshaped, it agrees"),
        ],
    )
    def test_another_shape_fails_whatever_the_numbers(self, target, claim, point, said):
        outcome = ad.check(target, claim, point)
        assert outcome.verdict == "fail"
        assert said in str(outcome)


class TestRefused:
    @pytest.mark.parametrize(
        ("claim", "settings", "said"),
        [
            ("2*x*y", {}, "by which variable is this the derivative"),
            ({"z": "x"}, {}, "z is not a variable"),
            ({"x": "2*z"}, {}, "z of the claim is not a variable"),
            ({"x,y": "x"}, {}, "does not name a derivative"),
            ({"x,y,x": "x"}, {"of": "hess"}, "does not name a derivative"),
            ({"x": "2*x*"}, {}, "expected an operand after *"),
            ({"x": "a"}, {"of": "hessian"}, "grad, jac or hess"),
            ({"x": "x"}, {"rtol": -1}, "--rtol is a number"),
            ({"x": "x"}, {"atol": np.nan}, "--atol is a number"),
            ({"x": "x"}, {"random": -1}, "--random is a number"),
            ({"x": "x", ("x",): "y"}, {}, "two claims are made for x"),
            (lambda x, y: None, {"wrt": "x"}, "returns None"),
            (lambda x, y: (x, y, x), {}, "returns 3 arrays, but 2 derivatives are asked for: x, y"),
            (lambda x, y: x, {}, "returns one array, but 2 derivatives are asked for: x, y"),
            (lambda x, y: {"x": x}, {}, "returns a dict without y"),
            (lambda x, y: {"x": x, "y": "y"}, {}, "returns str where an array belongs"),
            (lambda x, y: (x, x + 1j), {}, "complex numbers"),
            (lambda x, y: 1 / 0, {"wrt": "x"}, "ZeroDivisionError"),
            (lambda x, y, z: x, {"wrt": "x"}, "z has no value"),
        ],
    )
    def test_what_cannot_be_understood(self, claim, settings, said):
        with pytest.raises(AdiffError) as refused:
            ad.check(TARGET, claim, POINT, **settings)
        assert said in refused.value.message

    def test_a_target_that_is_no_number(self):
        with pytest.raises(AdiffError, match="check needs a scalar") as refused:
            ad.check("x*y", {"x": "y"}, POINT)
        assert "--of jac" in refused.value.help

    def test_a_claim_without_a_variable_to_be_by(self):
        with pytest.raises(AdiffError, match="has no variable"):
            ad.check("2 + 3", "0")
