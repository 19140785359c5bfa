"""Modules of NumPy: the numbers of adiff to the last bit, in text that is read and used without adiff."""

import ast

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import autodiff_cli as ad
from tests.engine.checks import assert_same_bits
from tests.export.expressions import EXPRESSIONS, arrays, compiled, of_the_catalogue, of_the_transcripts, text
from tests.test_fuzz import EXPRESSIONS as RANDOM

POINT = {"x": [0.5, 2], "A": [[2, 1], [1, 3]], "s": 0.7, "v": [1, 2, 3]}


def assert_same(found, wanted):
    (value, gradient), (wanted_value, wanted_gradient) = found, wanted
    assert_same_bits(np.asarray(value), np.asarray(wanted_value))
    assert gradient.keys() == wanted_gradient.keys()
    for name in gradient:
        assert_same_bits(np.asarray(gradient[name]), np.asarray(wanted_gradient[name]))


def check(source, point, factors=(1.0, 1.01)):
    """By position: a parameter cannot always be called like its variable."""
    function, expression = compiled(source, point, "numpy"), ad.parse(source)
    for factor in factors:
        given = arrays(point, factor)
        names = [name for name in (*expression.variables, *expression.constants) if name in given]
        assert_same(function(*[given[name] for name in names]), expression.value_and_grad(given))


@pytest.mark.parametrize(("source", "point"), EXPRESSIONS, ids=[source for source, _ in EXPRESSIONS])
def test_expressions(source, point):
    check(source, point)


def test_the_whole_catalogue():
    for source, point in of_the_catalogue():
        check(source, point)


def test_every_gradient_of_the_transcripts():
    found = 0
    for source, point in of_the_transcripts():
        wanted = ad.parse(source).grad(point) if np.all(np.isfinite(ad.parse(source).value(point))) else {"": np.nan}
        if all(np.isfinite(g).all() for g in wanted.values()):
            check(source, point, [1.0])
            found += 1
    assert found > 30


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(RANDOM.map(lambda text: f"sum({text})"), st.sampled_from([1.0, 0.9]))
def test_random_expressions(source, factor):
    try:
        point = {name: POINT[name] for name in ad.parse(source).variables}
        wanted = ad.parse(source).value_and_grad(arrays(point, factor))
        function = compiled(source, point, "numpy")
    except (ad.AdiffError, KeyError):
        assume(False)
    assume(all(np.isfinite(part).all() for part in (wanted[0], *wanted[1].values())))
    with np.errstate(all="ignore"):
        try:
            found = function(**arrays(point, factor))
        except ValueError as error:
            assert "number of entries" in str(error)  # x[x > 1] has another length there
            return
    assert_same(found, wanted)


def test_nothing_but_numpy_is_imported():
    for source, point in EXPRESSIONS:
        tree = ast.parse(text(source, point, "numpy"))
        imported = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert [alias.name for node in imported for alias in node.names] == ["numpy"]


def test_scipy_is_imported_where_it_is_used():
    assert "from scipy import special\n" in text("erf(x)", {"x": 1}, "numpy")


def test_other_shapes_are_refused():
    """1/3 of a mean is in the code, and would be wrong for 4 numbers."""
    function = compiled("mean(x^2)", {"x": [1, 2, 3]}, "numpy")
    with pytest.raises(ValueError, match=r"this was written for x of shape \(3,\)"):
        function([1.0, 2, 3, 4])
    assert function([1, 2, 3])[1]["x"].tolist() == ad.parse("mean(x^2)").grad(x=[1, 2, 3])["x"].tolist()


def test_another_number_of_chosen_entries_is_refused():
    function = compiled("mean(x[x > 1])", {"x": [3.0, 0, 0]}, "numpy")
    with pytest.raises(ValueError, match="another number of entries"):
        function(np.array([3.0, 2, 0]))


def test_answers_are_arrays_of_their_own():
    x, y = np.ones(3), np.ones(3)
    for source in ("sum(x*y)", "sum(x + y)", "sum(x'*y)"):
        _, gradient = compiled(source, {"x": x, "y": y}, "numpy")(x, y)
        for g in gradient.values():
            g[:] = 7
        assert x.tolist() == y.tolist() == [1, 1, 1]
    function = compiled("sum(x*linspace(0, 1, 20))", {"x": np.ones(20)}, "numpy")
    function(np.ones(20))[1]["x"][:] = 7
    assert function(np.ones(20))[1]["x"][0] == 0


def test_definitions_keep_their_names():
    code = text("s = exp(-x); r = 1 + s; s/r^2", {"x": 1.0}, "numpy")
    assert "    s = np.exp(-x)\n    r = 1.0 + s\n" in code


def test_names_that_python_or_numpy_have():
    code = text("lambda*np*abs(f)", {"lambda": 1.0, "np": 2.0, "f": 3.0}, "numpy")
    assert "def value_and_grad(lambda_, np_, f):" in code
    assert '{"lambda": ' in code


def test_a_docstring_cannot_be_left():
    source = 'x # """ \\ \n'
    assert compiled(source, {"x": 2.0}, "numpy")(2.0)[0] == 2
    assert source.strip() in compiled(source, {"x": 2.0}, "numpy").__doc__


def test_warnings_of_a_branch_that_was_not_taken():
    with np.errstate(all="raise"):
        value, gradient = compiled("sum(where(x > 0, sqrt(x), 0))", {"x": [4.0, 1]}, "numpy")([4.0, -1])
    assert (value, gradient["x"].tolist()) == (2, [0.25, 0])


def test_what_cannot_be_written():
    with pytest.raises(ad.AdiffError, match="eigenvalues cannot be written in NumPy"):
        text("sum(exp(eigvalsh(A)))", {"A": [[2, 1], [1, 3]]}, "numpy")
    with pytest.raises(ad.AdiffError, match="an array of 20000 numbers is too long"):
        text("sum(x*rand(20000))", {"x": 1.0}, "numpy")
