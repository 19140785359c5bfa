"""JAX and PyTorch: within 1e-12 of adiff, in float64, where they are installed."""

import sys

import numpy as np
import pytest

import autodiff_cli as ad
from tests.export.expressions import EXPRESSIONS, arrays, compiled, of_the_catalogue, text

# What a library has no word for, by the function that cannot be written.
LACKING = {
    "jax": {"erfcx": "erfcx", "j0": "j0", "j1": "j0|j1"},
    "torch": {"sinc": "sinc_derivative", "nanmax": "nanmax", "nanmin": "nanmin", "convolve": "convolve",
              "polyval": "polyval", "gamma": "gamma", "beta": "beta", "betaln": "betaln", "j1": "jv"},
}  # fmt: skip


def number(x):
    return np.asarray(x.detach() if hasattr(x, "detach") else x)


def check(source, point, to):
    function, expression = compiled(source, point, to), ad.parse(source)
    for factor in (1.0, 1.01):
        given = arrays(point, factor)
        value, gradient = function(*[given[name] for name in expression.variables])
        wanted_value, wanted = expression.value_and_grad(given)
        assert gradient.keys() == wanted.keys()
        for found, g in ((value, wanted_value), *((gradient[name], wanted[name]) for name in wanted)):
            found = number(found)
            assert found.dtype == np.float64 and found.shape == np.shape(g), source
            np.testing.assert_allclose(found, g, rtol=1e-12, atol=1e-12, err_msg=source)


def is_lacking(source, to):
    called = source.removeprefix("sum(ravel(").partition("(")[0]
    return LACKING[to].get(called)


@pytest.mark.parametrize("to", ["jax", "torch"])
def test_the_whole_catalogue(to):
    pytest.importorskip(to)
    for source, point in of_the_catalogue():
        if not is_lacking(source, to):
            check(source, point, to)


@pytest.mark.parametrize("to", ["jax", "torch"])
def test_expressions(to):
    pytest.importorskip(to)
    for source, point in EXPRESSIONS:
        check(source, point, to)


def test_jax_compiles_it():
    jax = pytest.importorskip("jax")
    for source, point in EXPRESSIONS:
        if "x >" not in source and point:  # shapes that depend on values are not for jit
            function, given = jax.jit(compiled(source, point, "jax")), arrays(point)
            value, _ = function(*[given[name] for name in ad.parse(source).variables])
            np.testing.assert_allclose(value, ad.parse(source).value(given), rtol=1e-12)


@pytest.mark.parametrize("to", ["jax", "torch"])
def test_what_is_lacking_is_named(to):
    for source, point in of_the_catalogue():
        name = is_lacking(source, to)
        if name:
            with pytest.raises(ad.AdiffError, match=f"^({name}) cannot be written in") as error:
                text(source, point, to)
            assert error.value.help == "--to json writes every program"


@pytest.mark.parametrize("to", ["jax", "torch"])
def test_text_is_python_and_imports_no_adiff(to):
    for source, point in EXPRESSIONS:
        code = text(source, point, to)
        compile(code, to, "exec")
        imports = [line for line in code.splitlines() if line.startswith(("import", "from"))]
        assert all(to in line for line in imports), imports


def test_torch_slices_only_forwards():
    with pytest.raises(ad.AdiffError, match="a slice that goes backwards cannot be written in PyTorch"):
        text("sum(x[::-1]*[1, 2])", {"x": [1, 2]}, "torch")


def test_numbers_that_have_to_be_tensors_of_torch():
    """In a list there may be nothing else, and in where two numbers would be of single precision."""
    tensor = "torch.tensor(1.{}, dtype=torch.float64)"
    assert f"torch.stack([x, {tensor.format(5)}])" in text("sum([x, 1.5]^2)", {"x": 3}, "torch")
    assert f", {tensor.format(0)}, 0.0)" in text("nanmean(x)", {"x": [3, 4]}, "torch")


def test_nothing_is_imported_to_write():
    before = {"jax", "torch"} & sys.modules.keys()
    text("sum(x*y)", {"x": [1], "y": [2]}, "jax")
    text("sum(x*y)", {"x": [1], "y": [2]}, "torch")
    assert {"jax", "torch"} & sys.modules.keys() == before
