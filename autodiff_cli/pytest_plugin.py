"""For pytest: the fixture `adiff_check`, which fails a test with the report of a check that does not pass."""

import pytest


@pytest.fixture
def adiff_check():
    """Compares a gradient that was found by hand with the true one, at the given point and at random ones near it.

        def test_gradient(adiff_check):
            adiff_check(loss, loss_gradient, x=[1.0, 2.0])

    Called as `autodiff_cli.check`, whose Outcome it gives. Raises AssertionError with the report where the verdict is
    "fail" or "inconclusive".
    """

    def check(*question, **settings):
        from .check import check as compare  # NumPy is not imported for tests that do not ask

        __tracebackhide__ = True
        outcome = compare(*question, **settings)
        if outcome.verdict != "pass":
            raise AssertionError(f"\n{outcome}")
        return outcome

    return check
