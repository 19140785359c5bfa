"""What is known of a claimed derivative, for those who look for the reason why it is wrong."""

from typing import NamedTuple

import numpy as np

UNEXPLAINED = "unexplained"  # the kind of a Cause that is none: only the right formula is known


class Evidence(NamedTuple):
    """One claimed derivative at every point of a check.

    target      the Target that is differentiated
    claim       the claimed derivative as an Expression; None where it is a function's, or plain numbers
    name        the variable that it is by; of a Hessian the two, as "x,y"
    of          "grad", "jac" or "hess"
    wrt         the names that are claimed in this run
    points      the arrays of all variables by name, one dict for each point
    yours       the claimed arrays, one for each point
    true        the derivatives, one for each point
    claims      the claimed arrays of every claim of this run by its name, as `yours`
    trues       the derivatives of every claim of this run by its name, as `true`
    rtol, atol  those of the criterion
    """

    target: object
    claim: object
    name: str
    of: str
    wrt: tuple
    points: list
    yours: list
    true: list
    claims: dict
    trues: dict
    rtol: float
    atol: float

    def fits(self, arrays):
        """Whether arrays, one for each point, are the derivatives at every point by the criterion."""
        return len(arrays) == len(self.true) and all(
            np.shape(array) == np.shape(true) and agrees(array, true, self.rtol, self.atol).all()
            for array, true in zip(arrays, self.true, strict=True)
        )


class Cause(NamedTuple):
    """Why a claim is wrong, where one reason explains every component at every point.

    kind     the name of the reason, or UNEXPLAINED
    text     what the report says after `likely`, or after `right` where nothing is explained
    formula  the corrected claim in the language; None where there is none
    """

    kind: str
    text: str
    formula: str | None = None


def agrees(yours, true, rtol, atol):
    """The criterion, component by component; what is not finite agrees only with its equal."""
    with np.errstate(invalid="ignore"):
        off = np.abs(np.subtract(yours, true))
        near = off <= atol + rtol * np.maximum(np.abs(yours), np.abs(true))
    return np.where(np.isfinite(off), near, np.equal(yours, true))
