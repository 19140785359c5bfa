"""`adiff check --rows`: the verdict of each row is that of a check at its point alone."""

import contextlib
import io

import numpy as np
import pytest

import autodiff_cli as ad
from autodiff_cli.check import rows
from autodiff_cli.check.question import question
from autodiff_cli.cli import main
from autodiff_cli.expression import Expression
from autodiff_cli.pyfunction import PythonFunction

NUMBERS = np.array([-2.0, -1.0, -0.5, 0.0, 0.25, 1.0, 1.5, 3.0])
PAIRS = np.array([[1.0, 2.0], [2.0, 2.0], [-1.0, 0.0], [0.0, 0.0], [3.0, -3.0], [0.5, 4.0]])
PLANES = np.array([np.eye(2), [[2.0, 1.0], [1.0, 3.0]], [[2.0, 0.0], [0.0, -2.0]], [[1.0, 0.5], [0.5, 1.0]]])
VERDICTS = {1.0: "pass", 0.0: "fail"}


def piecewise(x):
    return x**2 if x > 0 else -3 * x


def checked(target, claim, points, of="grad", constants=None, random=0):
    """The verdicts of a CheckRunner by key, one for each row; and the relative errors."""
    constants = {name: np.asarray(value) for name, value in (constants or {}).items()}
    shapes = {name: array.shape[1:] for name, array in points.items()}
    example = constants | {name: np.ones(shape) for name, shape in shapes.items()}
    target = PythonFunction(target) if callable(target) else Expression(target)
    check = question(target, claim, example, wrt=tuple(points), of=of, random=random)
    runner, errors = rows.CheckRunner(check, constants, shapes), {}
    found = runner(points, errors)
    assert errors == {}
    told = {key: [VERDICTS.get(v, "inconclusive") for v in found[2 * k]] for k, key in enumerate(check.keys)}
    return told, found[1::2]


def alone(target, claim, points, of="grad", constants=None):
    """The same of checks at one point each."""
    count = len(next(iter(points.values())))
    made = [
        ad.check(target, claim, (constants or {}) | {name: array[k] for name, array in points.items()},
                 wrt=tuple(points), of=of, random=0)
        for k in range(count)
    ]  # fmt: skip
    return {finding.key: [outcome.findings[i].verdict for outcome in made] for i, finding in enumerate(made[0].findings)}


@pytest.mark.parametrize(
    ("target", "claim", "points"),
    [
        ("x^3", "3*x^2", {"x": NUMBERS}),
        ("x^3", "3*x^2 + (x > 1)*1e-3", {"x": NUMBERS}),
        ("abs(x)", "sign(x)", {"x": NUMBERS}),
        ("abs(x)", "-sign(x) + 5*(x == 0)", {"x": NUMBERS}),
        ("x*floor(x)", "floor(x)", {"x": NUMBERS}),
        ("where(x > 0.25, x, 2*x)", "where(x > 0.25, 1, 2)", {"x": NUMBERS}),
        ("log(x)", "1/x", {"x": NUMBERS}),
        ("sqrt(x)", "1/sqrt(x)", {"x": NUMBERS}),
        ("1/x", "log(x)", {"x": NUMBERS}),
        ("sum(relu(x))", "x > 0", {"x": PAIRS}),
        ("max(x)", "x == max(x)", {"x": PAIRS}),
        ("norm(x)", "x/norm(x)", {"x": PAIRS}),
        ("sum(maximum(x, a))", "x > a", {"x": PAIRS, "a": np.array([0.5, 2, 0, 1, 3, -1])}),
        ("sum(x)*a", {"x": "a*ones(2)", "a": "x[0] - x[1]"}, {"x": PAIRS, "a": NUMBERS[:6]}),
        ("sum(x^2)", "sum(2*x)", {"x": PAIRS}),
        ("max(eigvalsh(A))", "eye(2)", {"A": PLANES}),
        ("logdet(A)", "inv(A)", {"A": PLANES}),
        (piecewise, lambda x: np.where(x > 0, 2 * x, -3), {"x": NUMBERS}),
        (piecewise, lambda x: 2 * x, {"x": NUMBERS}),
        ("x^3", lambda x: 3 * x**2 if x else np.zeros(2), {"x": NUMBERS}),
    ],
)
def test_verdicts_are_those_of_single_checks(target, claim, points):
    if not isinstance(claim, dict):
        claim, points = {"x": claim} if "x" in points and isinstance(claim, str) else claim, points
    assert checked(target, claim, points)[0] == alone(target, claim, points)
