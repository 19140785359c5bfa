import numpy as np

from . import sample

WIDTHS = (2, (1, 2), ((0, 5), (4, 1)), {-1: 3})
STATISTICS = ("maximum", "mean", "median", "minimum")


def named(width):
    return str(width).replace(" ", "")


def square(answer):
    """So that a second derivative tells which entries are the same."""
    return answer * answer


SAMPLES = [
    *(
        sample(f"pad {mode} {named(width)}", lambda x, w=width, m=mode: square(np.pad(x, w, m)), (3, 4))
        for mode in ("constant", "edge", "linear_ramp", "reflect", "symmetric", "wrap", *STATISTICS)
        for width in WIDTHS
    ),
    *(
        sample(
            f"pad {mode} odd {named(width)} of {named(shape)}",
            lambda x, w=width, m=mode: np.pad(x, w, m, reflect_type="odd"),
            shape,
        )
        for mode in ("reflect", "symmetric")
        for width, shape in [(2, (3, 4)), (((0, 9), (11, 1)), (3, 4)), (7, (2,)), (2, (1, 2))]
    ),
    *(
        sample(
            f"pad {mode} of {named(length)}", lambda x, n=length, m=mode: np.pad(x, (2, 1), m, stat_length=n), (4, 5)
        )
        for mode in STATISTICS
        for length in (1, (2, 3), ((4, 1), (2, 9)))
    ),
    sample("pad value", lambda x: np.pad(x, 1, constant_values=3.0) ** 2, (3,)),
    sample("pad values", lambda x, v: square(np.pad(x, 2, constant_values=v)), (2, 3), (2, 2)),
    sample("pad value of lists", lambda x, v: square(np.pad(x, 1, constant_values=[[v, 1], [2, v * v]])), (2, 3), ()),
    sample("pad ramp to", lambda x, v: square(np.pad(x, (3, 1), "linear_ramp", end_values=v)), (2, 3), (2,)),
    sample("pad empty", lambda x: np.pad(x, 1, "empty") * np.pad(np.ones(3), 1), (3,)),
]
