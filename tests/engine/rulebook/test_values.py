"""A function that is told in others (see rules.composed) has NumPy's own value, to the last bit."""

import numpy as np
import pytest

from tests.engine.checks import assert_same_bits, value_and_vjp
from tests.engine.samples import choices, grids, indexing, joining, mutation, padding, reductions, shapes, sorting

SAMPLES = [
    s
    for family in (choices, grids, indexing, joining, mutation, padding, reductions, shapes, sorting)
    for s in family.SAMPLES
]
# np.gradient multiplies out its weights, and ours come from differences of neighbours; np.geomspace goes through the
# decimal logarithm, which rounds; what np.pad reflects again and again, we reflect once.
ROUNDED = ("gradient s", "gradient at", "geomspace", "pad reflect odd", "pad symmetric odd")


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.name)
def test_value(case):
    for point in (case.at, case.elsewhere):
        got, expected = value_and_vjp(case.call, point)[0].value, case.call(*point)
        if case.name.startswith(ROUNDED):
            np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-14)
        else:
            assert_same_bits(got, expected)
