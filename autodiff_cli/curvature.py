"""What a Hessian says about a point: definite or not, a minimum, a maximum or a saddle."""

from typing import NamedTuple

import numpy as np

_VANISHES = 1e-8  # a gradient this small, relative to Hessian @ point, is zero at a point that is near by so much


class Curvature(NamedTuple):
    """Eigenvalues in rising order, and two verdicts in words; None where the Hessian is not finite."""

    eigenvalues: object = None
    definiteness: str | None = None
    classification: str | None = None


def curvature(hessian, gradient, point, smooth):
    """What can be said of a point.

    hessian, gradient, point   matrix and vectors over all variables together
    smooth                     False at a kink, where second derivatives say nothing about the neighbourhood
    """
    if not hessian.size or not np.isfinite(hessian).all():
        return Curvature()
    eigenvalues = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    definiteness = _definiteness(eigenvalues)
    if not np.all(np.abs(gradient) <= _VANISHES * (np.abs(hessian) @ np.abs(point))):
        return Curvature(eigenvalues, definiteness, "not stationary")
    return Curvature(eigenvalues, definiteness, _KINDS.get(definiteness, "undecided") if smooth else "undecided")


_KINDS = {"positive definite": "minimum", "negative definite": "maximum", "indefinite": "saddle"}


def _definiteness(eigenvalues):
    """By the signs of the eigenvalues; those that rounding alone would leave count as zero."""
    noise = 10 * len(eigenvalues) * np.finfo(eigenvalues.dtype).eps * np.max(np.abs(eigenvalues))
    negative, positive = eigenvalues[0] < -noise, eigenvalues[-1] > noise
    if negative and positive:
        return "indefinite"
    if not (negative or positive):
        return "zero"
    sign = "positive" if positive else "negative"
    return f"{sign} definite" if np.min(np.abs(eigenvalues)) > noise else f"{sign} semidefinite"
