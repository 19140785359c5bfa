import numpy as np

from . import sample
from .complex_numbers import complex_sample

# Added to the random coefficients, these have real roots far from each other, and then two complex ones.
REAL, COMPLEX = np.array([1.0, -9.0, 10.0, 24.0]), np.array([1.0, 2.0, 3.0, 9.0])
WITH_ZERO = np.array([1.0, -9.0, 6.0, 0.0])


def fitted(part, **keywords):
    """A part of what polyfit of seven points answers."""
    points = np.linspace(-1, 2, 7)
    return lambda x, y: np.polyfit(x + points, y, 2, **keywords)[part]


SAMPLES = [
    sample("polyval", np.polyval, (4,), (2, 3)),
    sample("polyval at a point", np.polyval, (4,), ()),
    sample("polyval of a constant", np.polyval, (1,), (3,)),
    sample("vander", np.vander, (3,)),
    sample("vander wide", lambda x: np.vander(x, 5, increasing=True), (3,)),
    sample("roots, real", lambda p: np.roots(p + REAL), (4,)),
    sample("roots, complex", lambda p: np.roots(p + COMPLEX), (4,)),
    sample("roots, one at 0", lambda p: np.roots((p + WITH_ZERO) * [1, 1, 1, 0]), (4,)),
    sample("roots, one fewer", lambda p: np.roots((p + REAL) * [0, 1, 1, 1]), (4,)),
    complex_sample("roots", np.roots, (4,)),
    *(sample(f"poly {s}", np.poly, s) for s in [(1,), (4,), (1, 1), (3, 3), (4, 4)]),
    *(complex_sample(f"poly {s}", np.poly, s) for s in [(3,), (3, 3)]),
    *(
        sample(f"{f.__name__} {a} {b}", lambda p, q, f=f: f(p**2, q), a, b)
        for f in (np.polyadd, np.polysub, np.polymul)
        for a, b in [((3,), (3,)), ((2,), (4,)), ((4,), (2,)), ((), (3,))]
    ),
    *(
        sample(f"polydiv, part {part} {a} {b}", lambda u, v, k=part: np.polydiv(u, v)[k], a, b)
        for part, a, b in [(0, (5,), (3,)), (1, (5,), (3,)), (0, (3,), (3,)), (1, (3,), (3,)), (0, (4,), (1,))]
    ),
    *(sample(f"polyder {m}", lambda p, m=m: np.polyder(p**2, m), (4,)) for m in (0, 1, 2, 5)),
    *(sample(f"polyint {m}", lambda p, m=m: np.polyint(p**2, m), (3,)) for m in (0, 1, 2)),
    sample("polyint with constants", lambda p, k: np.polyint(p, 2, k**2), (3,), (2,)),
    sample("polyint with one constant", lambda p, k: np.polyint(p, 2, k**2), (3,), ()),
    sample("polyfit", fitted(slice(None)), (7,), (7,)),
    sample("polyfit of columns", fitted(slice(None)), (7,), (7, 2)),
    sample("polyfit residuals", fitted(1, full=True), (7,), (7,), orders=2),
    sample("polyfit covariance", fitted(1, cov=True), (7,), (7,), orders=2),
    sample("polyfit covariances", fitted(1, cov=True), (7,), (7, 2), orders=2),
    sample("polyfit covariance, unscaled", fitted(1, cov="unscaled"), (7,), (7,), orders=2),
    sample("polyfit with weights", lambda x, y, w: np.polyfit(x + np.arange(5), y, 1, w=w), (5,), (5,), (5,)),
    sample(
        "polyfit of columns with weights", lambda x, y, w: np.polyfit(x + np.arange(5), y, 1, w=w), (5,), (5, 2), (5,)
    ),
]
