"""A function that is told in others (see rules.composed) has NumPy's own value, to the last bit."""

import numpy as np
import pytest

from tests.engine.checks import assert_same_bits, value_and_vjp
from tests.engine.samples import choices, grids, indexing, joining, reductions, shapes, sorting

SAMPLES = [s for family in (choices, grids, indexing, joining, reductions, shapes, sorting) for s in family.SAMPLES]
# np.gradient multiplies out its weights; ours come from differences of neighbours.
ROUNDED = ("gradient spacing", "gradient at points", "gradient at points of lines")


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.name)
def test_value(case):
    for point in (case.at, case.elsewhere):
        got, expected = value_and_vjp(case.call, point)[0].value, case.call(*point)
        if case.name in ROUNDED:
            np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-14)
        else:
            assert_same_bits(got, expected)
