"""What is taken along: functions with all that they call, and none that need more than NumPy."""

import math
from functools import partial

import numpy as np
import pytest

from autodiff_cli.engine import nn
from autodiff_cli.engine.rulebook.exponential import sigmoid
from autodiff_cli.engine.rulebook.trigonometry import sinc_derivative
from autodiff_cli.engine.spectral import spectral_map
from autodiff_cli.export.helpers import Helpers, NotPlain

MODULES = {"numpy": "import numpy as np", "math": "import math"}
LIMIT = 3
TABLE = {}


def factorial(n):
    return n * factorial(n - 1) if n > LIMIT else math.factorial(n)


def of_a_table(x):
    return TABLE[x]


def executed(helpers):
    names = {}
    exec("\n".join([*filter(None, helpers.imports), *helpers.texts.values()]), names)
    return names


def test_what_is_called_comes_before():
    helpers = Helpers("np", MODULES)
    assert helpers.add(sigmoid) == "sigmoid"
    assert [*helpers.texts] == ["decay", "sigmoid"]
    assert "primitive" not in "".join(helpers.texts.values())
    assert helpers.imports == {"import numpy as np"}
    assert executed(helpers)["sigmoid"](-2.0) == sigmoid(-2.0)


def test_constants_modules_and_recursion():
    helpers = Helpers("np", MODULES)
    helpers.add(factorial)
    assert helpers.texts["LIMIT"] == "LIMIT = 3\n"
    assert executed(helpers)["factorial"](6) == 720


def test_a_cache_is_taken_along():
    helpers = Helpers("np", MODULES)
    helpers.add(sinc_derivative)
    assert "from functools import cache" in helpers.imports
    x = np.linspace(-3, 3, 7)
    assert executed(helpers)["sinc_derivative"](x, 2).tolist() == sinc_derivative(x, 2).tolist()


def test_another_library_of_the_same_names():
    helpers = Helpers("jnp", {"numpy": "import jax.numpy as jnp"})
    helpers.add(nn.relu)
    assert helpers.texts["relu"].endswith("return jnp.maximum(x, 0.0)\n")


@pytest.mark.parametrize("function", [spectral_map, of_a_table, lambda x: x, partial(np.sum, axis=0), np.sin, len],
                         ids=["class", "table", "lambda", "partial", "ufunc", "builtin"])  # fmt: skip
def test_what_cannot_be_taken_along(function):
    with pytest.raises(NotPlain):
        Helpers("np", MODULES).add(function)


def test_a_module_that_is_not_allowed():
    with pytest.raises(NotPlain):
        Helpers("np", {"numpy": MODULES["numpy"]}).add(factorial)


def test_two_functions_of_one_name():
    def relu(x):
        return x

    helpers = Helpers("np", MODULES)
    helpers.add(nn.relu)
    with pytest.raises(NotPlain):
        helpers.add(relu)
