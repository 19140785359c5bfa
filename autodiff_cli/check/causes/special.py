"""Special values that hide a mistake: the claim holds where a matrix is symmetric."""

import numpy as np

from ...errors import AdiffError


def find(case):
    """A transpose that is missing where no single one mends the formula."""
    if case.claim is None or not symmetric(case):
        return None
    return case.cause("transpose", "a transpose is missing", case.simplest())


def symmetric(case):
    """The name of the first matrix that only has to be symmetric for the claim to hold; None where there is none."""
    if case.claim is None:
        return None
    for name, array in case.points[0].items():
        if array.ndim == 2 and array.shape[0] == array.shape[1] > 1 and _holds_of_symmetric(case, name):
            return name
    return None


def _holds_of_symmetric(case, name):
    points = [point | {name: (point[name] + point[name].T) / 2} for point in case.points]
    try:
        true = list(map(case.derivative, points))
        return case.equals(lambda k: case.claimed(points[k]), true)
    except (AdiffError, np.linalg.LinAlgError):
        return False
