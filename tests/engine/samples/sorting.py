import numpy as np

from . import sample

TABLE = np.array([0.1, 0.35, 0.5, 0.85, 1.0])
HOLES = np.array([[False, True, False, False], [False] * 4])

SAMPLES = [
    *(
        sample(f"sort {axis}", lambda x, axis=axis: np.sort(x, axis) ** 2 * 0.5, (3, 3), seed=1)
        for axis in (-1, 0, None)
    ),
    sample("sort stable", lambda x: np.sort(x, kind="stable"), (5,)),
    sample("partition", lambda x: np.partition(x, 2), (3, 5)),
    sample("partition axis", lambda x: np.partition(x, (0, 1), axis=0) ** 2, (3, 5)),
    sample("argsort", lambda x: np.argsort(x) * x + np.searchsorted(TABLE, x) * x, (5,)),
    sample("lexsort", lambda x, y: x[np.lexsort((y, x))] * y[np.lexsort((x, y, x))], (5,), (5,)),
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
]  # fmt: skip
