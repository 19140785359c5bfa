"""Shapes of variables without values follow from the expression, and whatever is found can be computed with."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.errors import AdiffError
from autodiff_cli.expression import Expression
from autodiff_cli.language.functions import FUNCTIONS
from autodiff_cli.language.shapes import fits, generic, infer
from autodiff_cli.language.values import read_value

# Parameters whose values belong to the call: they are written out, not left open.
STRUCTURE = {"axis", "axis1", "axis2", "source", "destination", "shape", "reps", "repeats", "shift", "n", "q"}
# What is left open there cannot be read off the rest.
AMBIGUOUS = {"broadcast_to"}


def inferred(source, shapes, scalar=False):
    """The shapes that are worked out; `shapes` has those of variables with values, and "said" ones in a list."""
    expression = Expression(source)
    point = {name: generic(s, np.random.default_rng(1)) for name, s in shapes.items() if isinstance(s, tuple)}
    said = {name: s[0] for name, s in shapes.items() if isinstance(s, list)}
    unknown = {name: said.get(name) for name in expression.variables if name not in point}
    return infer(source, expression.script, point, unknown, scalar=scalar)


def computed(source, shapes):
    """The shape of the value where the variables have these shapes; AdiffError where there is none."""
    draw = np.random.default_rng(1)
    return np.shape(Expression(source).value({name: generic(shape, draw) for name, shape in shapes.items()}))


@pytest.mark.parametrize(
    ("source", "known", "expected"),
    [
        ("sum(x*y)", {"x": (3,)}, {"y": (3,)}),
        ("sum(x*y)", {"x": (3, 2)}, {"y": (3, 2)}),
        ("sum(x*y)", {"x": (3,), "y": [(1,)]}, {"y": (1,)}),
        ("sum(x + 2*sin(y)^2)", {"x": (4,)}, {"y": (4,)}),
        ("sum(x)*c", {"x": (3,)}, {"c": ()}),
        ("sum((A @ x - b)^2)", {"A": (3, 2)}, {"x": (2,), "b": (3,)}),
        ("sum((A @ x - b)^2)", {"b": (5,), "x": (2,)}, {"A": (5, 2)}),
        ("sum((A @ X - B)^2)", {"A": (3, 2)}, {"X": (2, 4), "B": (3, 4)}),
        ("mean(log(1 + exp(-y*(X @ w))))", {"X": (5, 2)}, {"y": (5,), "w": (2,)}),
        ("x @ A @ y", {"A": (3, 2)}, {"x": (3,), "y": (2,)}),
        ("sum(outer(x, y)*A)", {"A": (3, 2)}, {"x": (3,), "y": (2,)}),
        ("tr(A @ B)", {"A": (3, 2)}, {"B": (2, 3)}),
        ("solve(A, b) @ c", {"c": (4,)}, {"A": (4, 4), "b": (4,)}),
        ("sum(A'*B)", {"A": (3, 2)}, {"B": (2, 3)}),
        ("sum(A*x) + x @ x", {"A": (3, 2)}, {"x": (2,)}),
        ("sum(A, axis=0) @ x", {"x": (2,)}, {"A": (3, 2)}),
        ("sum(mean(A, axis=1, keepdims=True)*B)", {"A": (3, 2)}, {"B": (3, 1)}),
        ("sum([x, y] @ z)", {"x": (3,)}, {"y": (3,), "z": (3,)}),
        ("sum(x[1:]*y)", {"y": (4,)}, {"x": (5,)}),
        ("sum(x[:-2]*y)", {"x": (5,)}, {"y": (3,)}),
        ("sum(x[1:3]*y)", {"x": (5,)}, {"y": (2,)}),
        ("sum(A[:, 0]*y)", {"y": (4,)}, {"A": (4, 3)}),
        ("sum(x + y[None, :])", {"x": (3, 2)}, {"y": (2,)}),
        ("sum(A[..., 1]*y)", {"A": (4, 3)}, {"y": (4,)}),
        ("x[i]*y", {"x": (3,), "i": [()]}, {"i": (), "y": ()}),
        ("where(x > 0, x, y)[0]", {"x": (3,)}, {"y": (3,)}),
        ("f(t) = t^2; sum(f(x) + f(y))", {"x": (3,)}, {"y": (3,)}),
        ("f(t) = sum(t^2); sum(f'(x)*y)", {"x": (4,)}, {"y": (4,)}),
        ("s = x*y; sum(s*z)", {"x": (3,)}, {"y": (3,), "z": (3,)}),
        ("sum(D(sum(x^3), x)*y)", {"x": (3,)}, {"y": (3,)}),
        ('sum(einsum("ij,jk->ik", A, B))', {"A": (3, 2)}, {"B": (2, 4)}),
        ('sum(einsum("ij,jk", A, B)*C)', {"A": (3, 2), "C": (3, 5)}, {"B": (2, 5)}),
        ("sum(reshape(x, 2, 3)*A)", {"A": (2, 3)}, {"x": (6,)}),
        ("sum(concatenate([x, y])*z)", {"x": (2,), "y": (3,)}, {"z": (5,)}),
        ("sum(kron(x, A)*B)", {"x": (2,), "A": (2, 3)}, {"B": (2, 6)}),
        ("sum(A @ x)", {"A": (2, 3, 4), "x": [(4,)]}, {"x": (4,)}),
        ("eigh(A)[0] @ x", {"x": (3,)}, {"A": (3, 3)}),
    ],
)
def test_shapes_follow(source, known, expected):
    assert inferred(source, known) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x^2*sin(x)", {"x": ()}),
        ("[r*cos(t), r*sin(t)]", {"r": (), "t": ()}),
        ("s = exp(-x); s/(1+s)^2", {"x": ()}),
        ("D(x^3*y, x)", {"x": (), "y": ()}),
        ("sum(x*y)", {"x": (3,), "y": (3,)}),
        ("norm(x)", {"x": (3,)}),
        ("softmax(x)", {"x": (3,)}),
        ("x' @ A @ x", {"x": (3,), "A": (3, 3)}),
        ("logdet(A)", {"A": (3, 3)}),
        ("tr(A @ B)", {"A": (4, 3), "B": (3, 4)}),
        ("sum((A @ x - b)^2)", {"A": (4, 3), "x": (3,), "b": (4,)}),
        ("A @ x", {"A": (4, 3), "x": (3,)}),
        ("sum(A, axis=0)", {"A": (4, 3)}),
        ("logdet(X' @ X)", {"X": (4, 3)}),
        ("diag(x) @ A", {"x": (3,), "A": (3, 4)}),
        ("diag(A)", {"A": (3, 3)}),
        ("cross(a, b)", {"a": (3,), "b": (3,)}),
        ("(1-x[0])^2 + (x[1]-x[0]^2)^2", {"x": (2,)}),
        ("x[2] + x[-4]*y", {"x": (4,), "y": ()}),
        ("sum((x[1:] - x[:-1])^2)", {"x": (3,)}),
        ("sum(x[4:])", {"x": (5,)}),
        ("interp(x, a, b)", {"x": (3,), "a": (4,), "b": (4,)}),
    ],
)
def test_what_is_assumed_where_nothing_has_a_value(source, expected):
    assert inferred(source, {}) == expected


def test_one_number_is_asked_for_where_there_can_be_one():
    assert inferred("A @ x", {}) == {"A": (4, 3), "x": (3,)}
    assert inferred("A @ x", {}, scalar=True) == {"A": (3,), "x": (3,)}
    assert inferred("x*y", {"x": (3,)}, scalar=True) == {"y": (3,)}


@pytest.mark.parametrize(
    ("source", "known", "place", "message"),
    [
        ("x @ A @ x", {"A": (3, 2)}, "x @ A @ x", "no shape of x fits: @ cannot join shapes (2) and (3)"),
        ("sum(x*y)", {"x": (3,), "y": [(2,)]}, "x*y", "the shapes do not fit: 3 elements meet 2"),
        (
            "sum(inv(A) + b)",
            {"A": [(3, 2)]},
            "inv(A)",
            "no shape of b fits: inv needs a square matrix, not shape (3, 2)",
        ),
        ("1 + x[2]", {"x": [(2,)]}, "x[2]", "the shapes do not fit: there are 2 elements, and 3 are needed"),
        ("[x, A @ x]", {"A": (3, 2)}, "[x, A @ x]", None),
        ("[x, D(y, x)]", {"y": (3,)}, None, None),
        ("sum(x, axis=1) @ y", {"x": [(3,)]}, "sum(x, axis=1)", "no shape of y fits: a vector has no axis 1"),
    ],
)
def test_what_contradicts_itself_asks_for_a_shape(source, known, place, message):
    with pytest.raises(AdiffError) as caught:
        inferred(source, known)
    assert (caught.value.code, caught.value.source) == ("shape", source)
    assert place is None or source[slice(*caught.value.span)] in place
    assert message is None or caught.value.message == message
    assert "--shape" in caught.value.help or "worked out" in caught.value.help


def test_errors_of_other_kinds_are_those_of_a_value():
    for source in ("sin(x", "sqr(x)", "sum(x, axis=y)", "x(2)"):
        with pytest.raises(AdiffError) as here:
            inferred(source, {})
        with pytest.raises(AdiffError) as there:
            computed(source, dict.fromkeys("xy", ()) if "y" in source else {"x": ()})
        assert here.value.span == there.value.span


def test_another_shape_fits_or_not():
    expression = Expression("sum(x*y)")
    x = {"x": np.ones(3)}
    assert fits(expression.source, expression.script, x, {"y": (1,)})
    assert not fits(expression.source, expression.script, x, {"y": (2,)})


def catalogue():
    for row in FUNCTIONS.values():
        if row.sample and row.sample[0] is not None and row.name != "take":
            letters, parameters = iter("abcd"), [name.strip("*") for name, _ in row.parameters]
            pairs = list(zip(parameters, row.sample, strict=False))
            given = {next(letters): read_value(text, float) for name, text in pairs if name not in STRUCTURE}
            letters = iter(given)
            words = [text if name in STRUCTURE else next(letters) for name, text in pairs]
            yield pytest.param(f"{row.name}({', '.join(words)})", given, id=row.name)


@pytest.mark.parametrize(("source", "sample"), list(catalogue()))
def test_every_function_of_the_catalogue(source, sample):
    """Whichever of its arguments have values, the shapes of the others are such that it can be called."""
    for has_value in product([False, True], repeat=len(sample)):
        known = {name: np.shape(v) for (name, v), has in zip(sample.items(), has_value, strict=True) if has}
        if source.partition("(")[0] in AMBIGUOUS and len(known) != len(sample):
            continue
        computed(source, known | inferred(source, known))


PARTS = st.sampled_from(["x", "y", "A", "B", "2"])


def larger(parts):
    joined = st.builds("({} {} {})".format, parts, st.sampled_from("+-*/"), parts)
    called = st.builds("{}({})".format, st.sampled_from(["sin", "sum", "norm", "exp", "mean"]), parts)
    return joined | called | st.builds("({} @ x)".format, st.sampled_from("AB"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.recursive(PARTS, larger, max_leaves=6))
def test_what_has_shapes_is_given_some(source):
    """Where vectors and square matrices will do, shapes are found, and the expression has a value there."""
    variables = Expression(source).variables
    try:
        computed(source, {name: (3, 3) if name.isupper() else (3,) for name in variables})
    except AdiffError:
        return
    computed(source, inferred(source, {}))


def test_long_expressions_take_no_long_time():
    started = time.perf_counter()
    assert inferred(f"sum({'*'.join(['(x + y)'] * 500)})", {"x": (2,)}) == {"y": (2,)}
    assert inferred("+".join(f"sum(A{i} @ b{i})" for i in range(30)), {})["A29"] == (62, 61)
    assert time.perf_counter() - started < 2
