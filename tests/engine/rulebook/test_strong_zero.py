"""What was not chosen contributes nothing, however steep it is; what merely happens to be zero does not hide it."""

import numpy as np
import pytest

from tests.engine.checks import value_and_vjp

SAFE = np.array([0.25, 1 / 6])  # the slopes of sqrt at 4 and 9


def root(x):
    return np.sqrt(x)


def rows(x):
    """Two rows, the first of which has an infinite slope in it."""
    return np.stack([root(x)[:2], root(x)[1:]])


# A function of x at (0, 4, 9), where sqrt has slopes (inf, 1/4, 1/6), and its gradient there.
CHOSEN = {
    "where": (lambda x: np.where(x > 0, root(x), 0), [0, *SAFE]),
    "where of a tie": (lambda x: np.where([False, True, True], root(x), x), [1, *SAFE]),
    "index": (lambda x: root(x)[1:], [0, *SAFE]),
    "index array": (lambda x: root(x)[[1, 2, 2]], [0, 1 / 4, 1 / 3]),
    "mask": (lambda x: root(x)[x > 0], [0, *SAFE]),
    "take": (lambda x: np.take(root(x), [2]), [0, 0, 1 / 6]),
    "diag": (lambda x: np.diag(np.stack([x, root(x), root(x)])), [1, *SAFE]),
    "triu": (lambda x: np.triu(np.stack([x, root(x), root(x)])), [1, 5 / 4, 1 + 1 / 3]),
    "flip": (lambda x: np.flip(root(x))[:2], [0, *SAFE]),
    "roll": (lambda x: np.roll(root(x), 1)[2:], [0, 1 / 4, 0]),
    "maximum": (lambda x: np.maximum(root(x), 1), [0, *SAFE]),
    "minimum": (lambda x: np.minimum(root(x), -1), [0, 0, 0]),
    "clip": (lambda x: np.clip(root(x), 1, 2.5), [0, 1 / 4, 0]),
    "select": (lambda x: np.select([x > 5, x > 1], [x, root(x)]), [0, 1 / 4, 1]),
    "piecewise": (lambda x: np.piecewise(x, [x > 1], [np.sqrt, np.sin]), [1, *SAFE]),
    "nan_to_num": (lambda x: np.nan_to_num(np.log(x)), [0, 1 / 4, 1 / 9]),
    "nansum": (lambda x: np.nansum(np.sqrt(x - 1)), [0, 1 / np.sqrt(12), 1 / np.sqrt(32)]),
    "max": (lambda x: np.max(root(x)), [0, 0, 1 / 6]),
    "nanmax": (lambda x: np.nanmax(np.log(x)), [0, 0, 1 / 9]),
    "ptp": (lambda x: np.ptp(root(x)[1:]), [0, -1 / 4, 1 / 6]),
    "sum": (lambda x: np.sum(rows(x), 1)[1], [0, *SAFE]),
    "mean": (lambda x: np.mean(rows(x), 1)[1], [0, 1 / 8, 1 / 12]),
    "prod": (lambda x: np.prod(rows(x), 1)[1], [0, 3 / 4, 2 / 6]),
    "var": (lambda x: np.var(rows(x), 1)[1], [0, -1 / 8, 1 / 12]),
    "std": (lambda x: np.std(rows(x), 1)[1], [0, -1 / 8, 1 / 12]),
    "cumsum": (lambda x: np.cumsum(root(x)[::-1])[:2], [0, 1 / 4, 1 / 3]),
    "cumprod": (lambda x: np.cumprod(root(x)[::-1])[:2], [0, 3 / 4, 1 / 2]),
    "sort": (lambda x: np.sort(root(x))[1:], [0, *SAFE]),
    "partition": (lambda x: np.partition(root(x), 1)[1:], [0, *SAFE]),
    "median": (lambda x: np.median(root(x)), [0, 1 / 4, 0]),
    "quantile": (lambda x: np.quantile(root(x), 0.75), [0, 1 / 8, 1 / 12]),
    "reshape": (lambda x: np.reshape(root(x), (3, 1))[1:, 0], [0, *SAFE]),
    "transpose": (lambda x: rows(x).T[:, 1], [0, *SAFE]),
    "tile": (lambda x: np.tile(root(x), 2)[1:3], [0, *SAFE]),
    "repeat": (lambda x: np.repeat(root(x), 2)[3:], [0, 1 / 4, 1 / 3]),
    "repeat each": (lambda x: np.repeat(root(x), [0, 1, 2]), [0, 1 / 4, 1 / 3]),
    "broadcast": (lambda x: np.broadcast_to(root(x), (2, 3))[:, 1:], [0, 1 / 2, 1 / 3]),
    "concatenate": (lambda x: np.concatenate([x, root(x)])[[0, 4]], [1, 1 / 4, 0]),
    "stack": (lambda x: np.stack([x, root(x)])[1, 1:], [0, *SAFE]),
    "split": (lambda x: np.split(root(x), 3)[2], [0, 0, 1 / 6]),
    "pad": (lambda x: np.pad(root(x), 1)[2:], [0, *SAFE]),
    "pad edge": (lambda x: np.pad(root(x), 1, "edge")[2:], [0, 1 / 4, 1 / 3]),
    "meshgrid": (lambda x: np.meshgrid(root(x), x)[0][0, 1:], [0, *SAFE]),
    "diff": (lambda x: np.diff(root(x))[1:], [0, -1 / 4, 1 / 6]),
}


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("record", [False, True])
def test_nothing_of_what_was_not_chosen(name, record):
    call, expected = CHOSEN[name]
    _, _, (gradient,), _ = value_and_vjp(lambda x: np.sum(call(x)), [np.array([0.0, 4.0, 9.0])], 1.0, record)
    np.testing.assert_allclose(getattr(gradient, "value", gradient), expected, rtol=1e-14)
