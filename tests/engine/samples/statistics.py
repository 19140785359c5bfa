"""What is told in other functions and rounded otherwise than by NumPy itself."""

import numpy as np

from . import sample
from .reductions import HOLES, MASK, each, with_nan

WEIGHTS = np.array([[1.0, 0.5, 0.0, 2.0], [1, 1, 2, 1], [0.5, 1, 3, 1]])
POINTS = np.array([0.1, 0.75, 0.4, 0.3, 0.55, 0.95])
EDGES = [0.3, 0.4, 0.55, 0.8]


def histogram_of(data, **params):
    return lambda w: np.histogram(data, weights=w, **params)[0]


SAMPLES = [
    *each(
        (np.sum, np.prod, np.mean, np.nansum, np.nanmean),
        ({"where": MASK}, {"where": MASK, "axis": 1}, {"where": MASK[:, :1], "axis": (0, 1), "keepdims": True}),
        (3, 4),
    ),
    sample("where a comparison", lambda x: np.sum(x, 0, where=x > 0.6) * np.mean(x * x, 0, where=x < 0.6), (5, 3)),
    sample("prod where a comparison", lambda x: np.prod(x, -1, where=np.greater(x, 0.5)), (3, 5)),
    *each((np.sum, np.nansum), ({"initial": 2.0}, {"initial": -1, "axis": 0, "where": MASK}), (3, 4)),
    *each((np.prod, np.nanprod), ({"initial": 2.0}, {"initial": -1, "axis": 0, "where": MASK}), (3, 4)),
    sample("initial", lambda x, t: np.sum(x, 1, initial=t) * np.prod(x, 1, initial=t), (3, 4), ()),
    # --- spreads
    *each(
        (np.var, np.std, np.nanvar, np.nanstd),
        (
            {"where": MASK}, {"where": MASK, "axis": 1, "ddof": 1},
            {"where": MASK[:, 1:2], "axis": (0, 1), "keepdims": True}, {"where": MASK, "axis": 0, "correction": 0.5},
            {"mean": 0.4}, {"mean": [[0.5]], "axis": 1, "where": MASK},
        ),
        (3, 4),
    ),
    *(with_nan(f, axis=axis, **more) for f in (np.nanvar, np.nanstd)
      for axis, more in ((None, {}), (0, {"ddof": 1}), (1, {"where": MASK}), (0, {"keepdims": True}))),
    sample("var of a mean", lambda x, m: np.var(x, axis=1, mean=m, keepdims=True), (3, 4), (3, 1)),
    sample("std of a mean", lambda x, m: np.std(x, axis=1, mean=m, ddof=1), (3, 4), (3, 1)),
    sample("var of its mean", lambda x: np.var(x, 0, mean=np.mean(x, 0, keepdims=True)), (3, 4)),
    sample("var where a comparison", lambda x: np.var(x, where=x > 0.5) + np.std(x, 0, where=x < 0.7), (9, 1)),
    sample("var of complex", lambda x, y: np.var(x + 1j * y) + np.nanstd(x * (1 - 2j * y)), (3,), (3,)),
    sample("std of complex", lambda x, y: np.std(x + 1j * y) * np.var(x - 1j * y, where=[True, True, False]),
           (3,), (3,)),
    # --- averages
    sample("average", lambda x: np.average(x, axis=(0, 1)), (2, 3, 2)),
    sample("average returned", lambda x: np.multiply(*np.average(x, axis=1, returned=True)), (2, 3)),
    sample("average weighted", lambda x, w: np.average(x, axis=1, weights=w, keepdims=True), (2, 3), (3,)),
    sample("average weighted axes", lambda x, w: np.average(x, axis=(2, 0), weights=w), (2, 2, 3), (3, 2)),
    sample("average weighted all", lambda x, w: np.average(x, weights=w), (2, 3), (2, 3)),
    sample("average and weights", lambda x, w: np.multiply(*np.average(x, 1, w, True)), (2, 3), (3,)),
    sample("average of a list", lambda w: np.average([1.0, 2.0, 4.0], weights=w), (3,)),
    # --- quantiles
    *each(
        (np.nanquantile,),
        ({"q": 0.3}, {"q": [0.0, 0.45, 1.0], "axis": 1}, {"q": [[0.2], [0.7]], "axis": (0, 1), "keepdims": True}),
        (3, 4),
        seed=1,
    ),
    with_nan(np.nanquantile, q=0.4),
    with_nan(np.nanquantile, q=[0.4, 0.85], axis=0, method="hazen"),
    with_nan(np.nanquantile, q=[0.4, 0.85], axis=1, weights=WEIGHTS, method="inverted_cdf"),
    with_nan(np.nanpercentile, q=[[10], [60]], axis=1, keepdims=True, method="weibull"),
    sample("quantile of q", lambda x, q: np.quantile(x, q, axis=0), (6, 2), (2,)),
    *(
        sample(f"quantile of q {method}", lambda x, q, m=method: np.quantile(x, q, method=m), (6,), (2,), seed=3)
        for method in ("hazen", "weibull", "median_unbiased", "normal_unbiased", "interpolated_inverted_cdf",
                       "midpoint", "nearest", "averaged_inverted_cdf")
    ),
    sample("percentile of q", lambda x, q: np.percentile(x, 100 * q, axis=1), (2, 6), ()),
    sample("nanquantile of q", lambda x, q: np.nanquantile(np.where(HOLES, np.nan, x), q, 1), (3, 4), (2,)),
    # --- covariances
    sample("cov", np.cov, (3, 5)),
    sample("cov of columns", lambda x: np.cov(x, rowvar=False, bias=True), (5, 2)),
    sample("cov of one", np.cov, (5,)),
    sample("cov of two", lambda x, y: np.cov(x, y, ddof=0), (5,), (5,)),
    sample("cov of two columns", lambda x, y: np.cov(x, y, False), (5, 2), (5, 1)),
    sample("cov counted", lambda x: np.cov(x, fweights=[1, 3, 0, 2]), (2, 4)),
    sample("cov weighted", lambda x, w: np.cov(x, aweights=w), (2, 4), (4,)),
    sample("cov weighted with bias", lambda x, w: np.cov(x, aweights=w, fweights=[2, 1, 1, 3], bias=True),
           (2, 4), (4,)),
    sample("cov counted and weighted", lambda x, w: np.cov(x, aweights=w, fweights=[2, 1, 1, 3]), (2, 4), (4,)),
    sample("cov of constants", lambda w: np.cov([[1.0, 2.0, 4.0], [2.0, 0.0, 1.0]], aweights=w), (3,)),
    sample("cov of complex", lambda x, y: np.real(np.cov(x + 1j * y) * (2 + 1j)), (2, 4), (2, 4)),
    sample("corrcoef", np.corrcoef, (3, 5)),
    sample("corrcoef of two", lambda x, y: np.corrcoef(x, y), (5,), (5,)),
    sample("corrcoef of columns", lambda x: np.corrcoef(x, rowvar=False), (5, 2)),
    sample("corrcoef of one", lambda x: np.corrcoef(x) * x, (4,)),
    # --- histograms
    sample("bincount", lambda w: np.bincount([0, 3, 3, 1], w, minlength=6), (4,)),
    sample("bincount of places", lambda w: np.bincount(np.searchsorted(EDGES, w, "right"), w, 6), (5,)),
    sample("bincount alone", lambda x: np.bincount(np.argsort(x)) * x, (3,)),
    sample("histogram", histogram_of(POINTS, bins=4), (6,)),
    sample("histogram in a range", histogram_of(POINTS, bins=3, range=(0.2, 0.8)), (6,)),
    sample("histogram between edges", histogram_of(POINTS, bins=EDGES, density=True), (6,)),
    sample("histogram in a shape", histogram_of(POINTS.reshape(2, 3), bins=3, density=True), (2, 3)),
    sample("histogram of itself", lambda x: np.histogram(x, bins=EDGES, weights=x * x)[0], (7,)),
    sample("histogram density", lambda x: np.histogram(x, 3, density=True)[0], (7,)),
    sample("histogram edges", lambda x: np.histogram(x, 3)[1], (7,)),
    sample("histogram of edges", lambda e: np.histogram(POINTS, np.sort(e), density=True)[0], (5,), seed=2),
    sample("histogram_bin_edges", lambda x: np.histogram_bin_edges(x, 5) ** 2, (2, 3)),
    sample("histogram2d", lambda w: np.histogram2d(POINTS, POINTS[::-1], bins=(3, 2), weights=w, density=True)[0],
           (6,)),
    sample("histogram2d edges", lambda x, y: np.histogram2d(x, y, bins=[EDGES, 3])[2] ** 2, (6,), (6,), seed=1),
    sample("histogram2d square", lambda x, y: np.histogram2d(x, y, bins=EDGES, weights=x * y)[0], (6,), (6,)),
    sample("histogramdd", lambda x: np.histogramdd(x, 3, density=True)[0], (8, 2)),
    sample("histogramdd weighted",
           lambda w: np.histogramdd([POINTS, POINTS**2], [2, 3], [None, (0, 0.9)], weights=w)[0], (6,)),
    sample("histogramdd of lists", lambda x, y: np.histogramdd([x, y], [EDGES, 2], weights=x)[0], (6,), (6,)),
]  # fmt: skip
