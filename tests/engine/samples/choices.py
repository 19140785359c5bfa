import numpy as np

from . import sample


def both(lower, upper):
    """Operands of one shape of which neither is always the larger."""
    return sample(
        f"{lower.__name__} then {upper.__name__}", lambda a, b: lower(a, 1 - b) * upper(a * b, 0.3), (9,), (9,)
    )


def pieces(x):
    return np.piecewise(x, [x < 0.5, x > 0.7], [np.sin, lambda t: t * t, 2.0])


SAMPLES = [
    sample("where", lambda x, y: np.where(x > 0.6, x * y, np.sin(y)), (2, 3), (3,)),
    sample("where spread", lambda x, y: np.where(np.array([[True], [False]]), x, y), (3,), ()),
    both(np.maximum, np.minimum),
    both(np.fmax, np.fmin),
    *(sample(f"{f.__name__} spread", f, (4, 3), (3,)) for f in (np.maximum, np.minimum, np.fmax, np.fmin)),
    sample("clip", lambda x: np.clip(x, 0.4, 0.6), (9,)),
    sample("clip bounds", lambda x, a, b: np.clip(x, a - 0.1, b + 0.1), (4, 3), (3,), (), seed=1),
    sample("clip below", lambda x, a: np.clip(x, a, None), (9,), (9,)),
    sample("clip above", lambda x, a: np.clip(x, None, a), (9,), (9,)),
    sample("clip keywords", lambda x, a: np.clip(x, min=0.4, max=a), (9,), (9,)),
    sample("clip crossed", lambda x, a, b: np.clip(x, a + 1, b), (9,), (9,), (9,)),
    sample("absolute", np.absolute, (2, 3), low=-1, high=1),
    sample("fabs", np.fabs, (2, 3), low=-1, high=1),
    sample("abs", lambda x: abs(x) ** 3, (2, 3), low=-1, high=1),
    sample("absolute of complex", lambda x, y: np.abs(x + 1j * y) ** 3, (3,), (3,)),
    sample("copysign", lambda x, y: np.copysign(x, y) * y, (9,), (9,), low=-1, high=1),
    sample("signs", lambda x: x * np.sign(x) + np.heaviside(x, 0.5) * x, (9,), low=-1, high=1),
    sample("nan_to_num", lambda x: np.nan_to_num(np.where([0, 1, 1], [0, np.nan, np.inf], x), posinf=2.0) * x, (3,)),
    sample("select", lambda x: np.select([x < 0.5, x < 0.7], [x * x, np.exp(x)], 7.0), (9,)),
    sample("select of several", lambda x, y: np.select([x < 0.5, y < 0.5], [x, y]), (9,), (9,)),
    sample("choose", lambda x, y: np.choose([0, 2, 1], [x, y, x * y]), (3,), (3,)),
    sample("where alone", lambda x: x[np.where(x < 5)] * x[np.where(x == np.max(x))], (5,)),
    *(
        sample(f"choose {mode}", lambda x, y, m=mode: np.choose([[-4, 7, 1]], [x, y, 3.0], mode=m) ** 2, (3,), (2, 1))
        for mode in ("wrap", "clip")
    ),
    sample("choose computed", lambda x: np.choose(np.argsort(x[0]), x**2), (3, 3)),
    sample("select with a default", lambda x, d: np.select([x < 0.5, x < 0.7], [x * x, 2.0], d), (9,), ()),
    sample("piecewise with arguments", lambda x: np.piecewise(x, [x < 0.5], [np.power, 3.0], 3), (9,)),
    sample("piecewise of a number", lambda x: np.piecewise(x, [x < 0.5, x >= 0.5], [np.sin, np.cos]), ()),
    sample("piecewise", pieces, (9,)),
    sample("piecewise one", lambda x: np.piecewise(x, x < 0.5, [np.sin, np.cos]), (9,)),
]
