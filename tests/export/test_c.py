"""C: compiled by the system's compiler without a warning, and run beside adiff."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

import autodiff_cli as ad
from tests.export.expressions import text
from tests.language.test_functions import FUNCTIONS

COMPILER = shutil.which("cc") or shutil.which("gcc")
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
POINT = {"x": 0.37, "y": 0.81, "z": 1.3}
EXPRESSIONS = [
    "x^3*y + D(x^4*y, x)", "s = exp(-x); s/(1 + s)^2", "x/(y/x) - (y - x) - -2 - -(-x)", "x^y + y^0.5",
    "where(x > y, sqrt(x), 0)", "x if 0 < x < 1 and not (y > 3 or x == 2) else y", "(x > y)*x + (x != y)", "x % y",
    "clip(x, 0.1, y)*maximum(x, y)", "int*sin + grad*t1 + y0 + f", "θ*exp(λ_1)", "2", "x", "x + 0*y", "inf*0 + x",
    "leaky_relu(-x) + relu6(8x) + elu(-x)", "sum(x*y)", "x # */ ??/",
]  # fmt: skip
ELEMENTWISE = {"exponentials", "trigonometry", "arithmetic", "choices", "learning", "special"}
LACKING = """logaddexp2 sinc nan_to_num softmax log_softmax logsumexp gamma lgamma digamma beta betaln erfinv ndtr ndtri
    erfcx log_ndtr xlogy j0 j1 i0 polygamma gelu"""


def calls():
    """Each function of numbers, of variables."""
    for row in FUNCTIONS.values():
        needed = [name for name, default in row.parameters if default is None]
        if row.family in ELEMENTWISE and row.name not in LACKING.split():
            yield f"{row.name}({', '.join('xyz'[: len(needed)])})"


def point_of(source):
    variables = ad.parse(source).variables
    return {name: POINT.get(name, 0.5 + k) for k, name in enumerate(variables)}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """All of it in one file, function k called f<k>; what several need comes once."""
    if COMPILER is None:
        pytest.skip("needs a C compiler")
    folder, blocks = tmp_path_factory.mktemp("c"), {}
    for k, source in enumerate([*EXPRESSIONS, *calls()]):
        blocks |= dict.fromkeys(text(source, point_of(source), "c").replace("value_and_grad", f"f{k}").split("\n\n"))
    (folder / "all.c").write_text("\n\n".join(blocks))
    subprocess.run([COMPILER, *FLAGS, "-shared", "-fPIC", "-o", folder / "all.so", folder / "all.c", "-lm"], check=True)
    return ctypes.CDLL(str(folder / "all.so"))


@pytest.mark.skipif(COMPILER is None, reason="needs a C compiler")
def test_a_file_stands_alone(tmp_path):
    for source in EXPRESSIONS[4:10]:
        (tmp_path / "one.c").write_text(text(source, point_of(source), "c"))
        subprocess.run([COMPILER, *FLAGS, "-fsyntax-only", tmp_path / "one.c"], check=True)


def test_values_and_gradients(library):
    for k, source in enumerate([*EXPRESSIONS, *calls()]):
        function, expression = library[f"f{k}"], ad.parse(source)
        function.restype = ctypes.c_double
        for factor in (1.0, -1.3, 2.1):
            point = {name: value * factor for name, value in point_of(source).items()}
            value, gradient = expression.value_and_grad(point)
            if np.isnan(value):
                continue
            written = (ctypes.c_double * max(len(gradient), 1))()
            found = function(*map(ctypes.c_double, point.values()), *([written] if gradient else []))
            wanted = [value, *gradient.values()]
            np.testing.assert_allclose(
                [found, *written[: len(gradient)]], wanted, rtol=1e-13, atol=1e-15, err_msg=source
            )


def test_what_is_not_for_numbers():
    with pytest.raises(ad.AdiffError, match="C is written for expressions of numbers") as error:
        text("sum(x*y)", {"x": [1, 2], "y": 3}, "c")
    assert error.value.span == (4, 7)
    with pytest.raises(ad.AdiffError, match="erfinv cannot be written in C"):
        text("erfinv(x)", {"x": 0.5}, "c")


def test_names():
    code = text("int*θ + grad + exp(x_1)", {"int": 1, "θ": 2, "grad": 3, "x_1": 4}, "c")
    assert "double value_and_grad(double int_, double theta, double grad_, double x_1, double grad[4])" in code
