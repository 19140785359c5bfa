import numpy as np

from . import sample

TABLE = np.array([0.1, 0.35, 0.5, 0.85, 1.0])
HOLES = np.array([[False, True, False, False], [False] * 4])
METHODS = ("inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen",
           "weibull", "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint",
           "nearest")  # fmt: skip
SHARES = [0.0, 0.1, 0.25, 0.31, 0.5, 0.8, 1.0]
WEIGHTS = [0.0, 1.0, 0.5, 2.0, 1.0]


def repeated(x):
    """Some of the entries twice."""
    return np.take(x, [0, 1, 2, 0, 3, 2])


SAMPLES = [
    *(
        sample(f"sort {axis}", lambda x, axis=axis: np.sort(x, axis) ** 2 * 0.5, (3, 3), seed=1)
        for axis in (-1, 0, None)
    ),
    sample("sort stable", lambda x: np.sort(x, kind="stable"), (5,)),
    sample("sort of complex", lambda x, y: np.real(np.sort(x + 1j * y) * [1, 2j, 3]), (3,), (3,)),
    sample("sort_complex", lambda x: np.real(np.sort_complex(x) * (1 + 2j)), (2, 3)),
    sample("partition", lambda x: np.partition(x, 2), (3, 5)),
    sample("partition axis", lambda x: np.partition(x, (0, 1), axis=0) ** 2, (3, 5)),
    sample("argsort", lambda x: np.argsort(x) * x + np.searchsorted(TABLE, x) * x, (5,)),
    sample("lexsort", lambda x, y: x[np.lexsort((y, x))] * y[np.lexsort((x, y, x))], (5,), (5,)),
    # --- distinct entries
    sample("unique", lambda x: np.unique(repeated(x)) ** 2, (4,)),
    sample("unique of a matrix", np.unique, (2, 3)),
    sample("unique with all", lambda x: np.prod(np.stack(np.unique(repeated(x), True, False, True)), 0), (4,)),
    sample("unique put back", lambda x: np.take(*np.unique(repeated(x), return_inverse=True)), (4,)),
    sample("unique rows", lambda x: np.unique(x, axis=0) ** 2, (4, 2)),
    sample("unique columns", lambda x: np.unique(np.stack([x, x, x * x], 1), axis=1), (3,)),
    sample("unique_values", lambda x: np.sort(np.unique_values(repeated(x))), (4,)),
    sample("unique_counts", lambda x: np.multiply(*np.unique_counts(repeated(x))), (4,)),
    sample("unique_inverse", lambda x: np.take(*np.unique_inverse(repeated(x))), (4,)),
    sample("unique_all", lambda x: np.unique_all(repeated(x)).values * x[np.unique_all(x).indices], (4,)),
    sample("union1d", lambda x, y: np.union1d(x, y) ** 2, (2, 2), (3,)),
    sample("setxor1d", lambda x, y: np.setxor1d(x, np.stack([y[0], x[1], y[1]])), (2,), (2,)),
    sample("setdiff1d", lambda x, y: np.setdiff1d(x, np.stack([y[0], x[1], y[1]])), (3,), (2,)),
    sample("trim_zeros", lambda x: np.trim_zeros(np.pad(x, (2, 1))) ** 2, (4,)),
    sample("trim_zeros front", lambda x: np.trim_zeros(np.pad(x, (2, 1)), "f"), (4,)),
    sample("trim_zeros axes", lambda x: np.trim_zeros(np.pad(x, 2), axis=(0, -1)), (2, 3)),
    sample("trim_zeros axis", lambda x: np.trim_zeros(np.pad(x, 2), "b", axis=1), (2, 3)),
    # --- order statistics
    *(
        sample(f"{f.__name__} {n} {axis}", lambda x, f=f, a=axis: f(x, axis=a, keepdims=True), (n, n, 2))
        for f in (np.median, np.nanmedian)
        for n in (2, 3)
        for axis in (None, 0, (0, 1))
    ),
    sample("median", np.median, (5,)),
    sample("nanmedian of nans", lambda x: np.nanmedian(np.where(HOLES, np.nan, x), axis=1), (2, 4)),
    sample("quantile", lambda x: np.quantile(x, 0.3), (6,)),
    sample("quantiles", lambda x: np.quantile(x, [[0.0, 0.31], [0.5, 1.0]], axis=1), (2, 6), seed=1),
    sample("quantiles kept", lambda x: np.quantile(x, [0.25, 0.8], axis=(0, 2), keepdims=True), (2, 3, 2)),
    sample("percentile", lambda x: np.percentile(x, [12, 70], axis=0), (5, 2)),
    *(sample(f"quantile {method}", lambda x, m=method: np.quantile(x, SHARES, 1, method=m), (2, 5), seed=2)
      for method in METHODS),
    *(sample(f"quantile of one {method}", lambda x, m=method: np.quantile(x, SHARES, 0, method=m), (1, 2), orders=1)
      for method in METHODS),
    sample("quantile weighted", lambda x: np.quantile(x, SHARES, weights=WEIGHTS, axis=0, method="inverted_cdf"),
           (5, 2)),
    sample("percentile weighted",
           lambda x, w: np.percentile(x, 40, weights=w, axis=(0, 2), method="inverted_cdf", keepdims=True),
           (3, 2, 3), (3, 3), orders=1),
]  # fmt: skip
