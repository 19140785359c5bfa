"""Every rule through every check, and the checks themselves against rules that are slightly wrong."""

import numpy as np
import pytest

from autodiff_cli.engine import rules
from tests.engine import checks
from tests.engine.samples import all_samples, sample

SAMPLES = all_samples()


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.name)
class TestRule:
    def test_differences(self, case):
        checks.check_against_differences(case.call, case.at, case.orders)

    def test_adjoint(self, case):
        checks.check_adjoint(case.call, case.at)

    def test_recorded(self, case):
        checks.check_recorded(case.call, case.at, case.elsewhere)
