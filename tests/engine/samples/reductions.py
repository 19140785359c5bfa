import numpy as np

from autodiff_cli.engine.rulebook.cumulative import recurrence

from . import sample

AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": (-1, 1), "keepdims": True}, {"keepdims": True}]
SPREADS = (np.var, np.std)
REDUCTIONS = (np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.ptp)
OF_NUMBERS = (np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nancumsum, np.nancumprod)
HOLES = np.arange(12).reshape(3, 4) % 5 == 1
MASK = np.array([[True, False, True, True], [False, True, False, True], [True, True, True, False]])


def named(call, **params):
    shown = (f"{k} {np.shape(v)}" if isinstance(v, np.ndarray) else f"{k}={v}" for k, v in params.items())
    return f"{call.__name__} " + " ".join(shown)


def each(functions, keywords, *shapes, **options):
    return [
        sample(named(f, **params), lambda *x, f=f, params=params: f(*x, **params), *shapes, **options)
        for f in functions
        for params in keywords
    ]


def with_nan(call, **params):
    return sample(named(call, **params), lambda x: call(np.where(HOLES, np.nan, x), **params), (3, 4))


SAMPLES = [
    *each((*REDUCTIONS, *SPREADS), AXES, (2, 3, 2), seed=1),
    *each((np.cumsum, np.cumprod), ({}, {"axis": 0}, {"axis": -1}), (3, 4)),
    *each((np.cumulative_sum, np.cumulative_prod), ({"axis": 0}, {"axis": 1, "include_initial": True}), (3, 4)),
    *each(SPREADS, ({"axis": 0, "ddof": 1}, {"correction": 1}), (4, 3)),
    *(with_nan(f, axis=axis) for f in OF_NUMBERS for axis in (None, 0, 1)),
    *(sample(f"{f.__name__} of 0-d", f, ()) for f in (np.sum, np.mean, np.prod, np.var, np.max, np.cumsum, np.cumprod)),
    *(sample(f"{f.__name__} of numbers", f, (4,)) for f in (np.nansum, np.nanmean, np.nanprod, np.nanmax)),
    *each(
        (np.max, np.min, np.amax, np.amin, np.nanmax, np.nanmin),
        ({"initial": 0.55}, {"initial": 0.6, "axis": 0, "where": MASK}, {"initial": 0, "axis": (1,), "keepdims": True}),
        (3, 4),
        seed=1,
    ),
    sample("initial of max", lambda x, t: np.max(x, 0, initial=t) * np.min(x, initial=t), (3, 2), ()),
    sample("positional", lambda x: np.sum(x, 0, float, None, True) * np.max(x, 0, None, True), (3, 2)),
    sample("ufunc methods", lambda x: np.add.reduce(x) * np.multiply.accumulate(x) + np.maximum.reduce(x, 1), (3, 3)),
    sample("methods", lambda x: x.sum(0) * x.mean(axis=1) + x.prod() * x.std() - x.min(), (3, 3)),
    sample("prod of complex", lambda x, y: np.abs(np.prod(x + 1j * y)) ** 2, (3,), (3,)),
    sample("recurrence", recurrence, (2, 5), (2, 5), low=-1),
    sample("counts", lambda x: x * np.argmax(x) + x * np.count_nonzero(x > 0.5, axis=0), (2, 3)),
    sample("any all", lambda x: x * np.any(x > 0.8, axis=1, keepdims=True) - np.all(x > 0.4) * x * x, (2, 3)),
]
