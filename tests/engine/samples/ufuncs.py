import numpy as np
from scipy import special

from . import sample

MASK = np.array([[True, False, True], [False, True, True]])
FOLDED = (np.subtract, np.true_divide, np.power, np.logaddexp, np.logaddexp2, np.hypot, np.arctan2, special.xlogy)
REDUCED = (np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin, np.logaddexp, np.hypot)


def written(call):
    """What stands in a tensor that a call was given as out."""

    def into(x, *operands):
        out = x * x
        call(x, *operands, out)
        return out**2

    return into


def at(ufunc, *places):
    """What a ufunc's `at` leaves in x^2."""

    def call(x, *operands):
        written = x * x
        ufunc.at(written, *places, *operands)
        return written**2

    return call


SAMPLES = [
    *(sample(f"{f.__name__}.reduce", f.reduce, (3, 2)) for f in (*FOLDED, *REDUCED)),
    *(sample(f"{f.__name__}.accumulate", lambda x, f=f: f.accumulate(x, 1), (2, 3)) for f in (*FOLDED, *REDUCED)),
    *(
        sample(f"{f.__name__}.reduce of axes", lambda x, f=f: f.reduce(x, axis=(0, -1), keepdims=True), (2, 3, 2))
        for f in REDUCED
    ),
    *(
        sample(f"{f.__name__}.reduce where", lambda x, t, f=f: f.reduce(x, 1, initial=t, where=MASK), (2, 3), ())
        for f in (*REDUCED, np.subtract, np.true_divide, np.power)
    ),
    *(
        sample(f"{f.__name__}.reduce computed", lambda x, f=f: f.reduce(x, 1, where=x > 0.5), (2, 3))
        for f in (np.multiply, np.hypot)
    ),
    sample("copysign.accumulate", lambda x: np.copysign.accumulate(x), (4,)),
    sample("reduceat", lambda x: np.multiply.reduceat(x, [0, 3, 1], axis=1), (2, 4)),
    sample("hypot.reduceat", lambda x: np.hypot.reduceat(x, [0, 1, 1]), (3,)),
    *(
        sample(f"{f.__name__}.outer", lambda x, y, f=f: f.outer(x, y), (2,), (3, 2))
        for f in (np.add, np.subtract, np.multiply, np.maximum, np.hypot, special.xlogy)
    ),
    *(
        sample(f"{f.__name__}.at", at(f, [2, 0, 2, 2]), (3,), (4,))
        for f in (np.add, np.subtract, np.multiply, np.true_divide, np.power, np.hypot, np.logaddexp)
    ),
    sample("add.at of rows", at(np.add, ([1, 1, 0], slice(1, None))), (2, 3), (3, 1)),
    sample("add.at computed", lambda x, v: [y := x * x, np.add.at(y, np.argsort(x)[:2], v), y**2][-1], (4,), (2,)),
    sample("multiply.at of a mask", at(np.multiply, MASK), (2, 3), (4,)),
    sample("negative.at", at(np.negative, [0, 1, 1]), (3,)),
    sample("exp.at", at(np.exp, (..., 0)), (2, 2)),
    sample("add out", written(lambda x, y, out: np.add(x, y, out=out)), (2, 3), (3,)),
    sample("exp out where", written(lambda x, out: np.exp(x, out, where=MASK)), (2, 3)),
    sample("log where computed", lambda x: np.log(x, where=x > 0.5, out=np.zeros_like(x)), (2, 3)),
    sample("sum out", written(lambda x, y, out: np.sum(x * y, axis=0, out=out)), (3,), (4, 3)),
    sample("modf out", lambda x: np.modf(x * x, out=(t := x * 1.0, x * 1.0))[0] + t, (3,), low=1.1, high=1.3),
    sample("matmul out", written(lambda x, y, out: np.matmul(y, x, out=out)), (2, 2), (2, 2)),
    sample("dtype", lambda x: np.multiply(x, x, dtype=np.complex128) * (1 + 2j), (3,)),
    sample("sin out", lambda x: np.sin(x, out=np.empty_like(x)) ** 2, (3,)),
    sample("erf out", written(lambda x, out: special.erf(x, out=out)), (2, 3)),
]
