import numpy as np

from autodiff_cli.engine.rulebook.reductions import recurrence

from . import sample

AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": (-1, 1), "keepdims": True}, {"keepdims": True}]


def named(call, **params):
    return f"{call.__name__} " + " ".join(f"{k}={v}" for k, v in params.items())


def with_nan(call):
    holes = np.arange(12).reshape(3, 4) % 5 == 1
    return [
        sample(named(call, axis=axis), lambda x, axis=axis: call(np.where(holes, np.nan, x), axis=axis), (3, 4))
        for axis in (None, 0, 1)
    ]


SAMPLES = [
    *(
        sample(named(f, **params), lambda x, f=f, params=params: f(x, **params), (2, 3, 2), seed=1)
        for f in (np.sum, np.mean, np.prod, np.var, np.std, np.max, np.min, np.amax, np.amin, np.ptp)
        for params in AXES
    ),
    *(
        sample(named(f, **params), lambda x, f=f, params=params: f(x, **params), (3, 4))
        for f in (np.cumsum, np.cumprod)
        for params in ({}, {"axis": 0}, {"axis": -1})
    ),
    *(
        sample(named(f, **params), lambda x, f=f, params=params: f(x, **params), (3, 4))
        for f in (np.cumulative_sum, np.cumulative_prod)
        for params in ({"axis": 0}, {"axis": 1, "include_initial": True})
    ),
    *(
        sample(named(f, ddof=1), lambda x, f=f: f(x, axis=0, ddof=1) + f(x, correction=1), (4, 3))
        for f in (np.var, np.std, np.nanvar, np.nanstd)
    ),
    *(
        case
        for f in (np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nanmax, np.nanmin)
        for case in with_nan(f)
    ),
    *(case for f in (np.nancumsum, np.nancumprod) for case in with_nan(f)),
    *(sample(f"{f.__name__} of 0-d", f, ()) for f in (np.sum, np.mean, np.prod, np.var, np.max, np.cumsum, np.cumprod)),
    sample("ufunc methods", lambda x: np.add.reduce(x) * np.multiply.accumulate(x) + np.maximum.reduce(x, 1), (3, 3)),
    sample("methods", lambda x: x.sum(0) * x.mean(axis=1) + x.prod() * x.std() - x.min(), (3, 3)),
    sample("var of complex", lambda x, y: np.var(x + 1j * y) + np.nanstd(x * (1 - 2j * y)), (3,), (3,)),
    sample("prod of complex", lambda x, y: np.abs(np.prod(x + 1j * y)) ** 2, (3,), (3,)),
    sample("average", lambda x: np.average(x, axis=(0, 1)), (2, 3, 2)),
    sample("average weighted", lambda x, w: np.average(x, axis=1, weights=w, keepdims=True), (2, 3), (3,)),
    sample("average weighted axes", lambda x, w: np.average(x, axis=(2, 0), weights=w), (2, 2, 3), (3, 2)),
    sample("average weighted all", lambda x, w: np.average(x, weights=w), (2, 3), (2, 3)),
    sample("recurrence", recurrence, (2, 5), (2, 5), low=-1),
    sample("counts", lambda x: x * np.argmax(x) + x * np.count_nonzero(x > 0.5, axis=0), (2, 3)),
    sample("any all", lambda x: x * np.any(x > 0.8, axis=1, keepdims=True) - np.all(x > 0.4) * x * x, (2, 3)),
]
