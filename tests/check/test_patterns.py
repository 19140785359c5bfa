"""Which components are meant, in words."""

import numpy as np
import pytest

from autodiff_cli.check.patterns import pattern


def places(size, *wanted):
    mask = np.zeros(size, bool)
    mask[list(wanted)] = True
    return mask


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.arange(12) % 3 == 0, "every third from [0] on"),
        (np.arange(12) % 2 == 1, "every second from [1] on"),
        (np.arange(50) % 7 == 2, "every 7th from [2] on"),
        (places(20, 4, 7, 10), "every third from [4] to [10]"),
        (places(20, 5, 6, 7, 8), "from [5] to [8]"),
        (places(20, 1, 2, 7, 8), ""),
        (places(20, 1, 2), ""),
        (np.ones(20, bool), ""),
        (np.zeros(20, bool), ""),
        (np.eye(4, dtype=bool), "the diagonal"),
        (~np.eye(4, dtype=bool), "all but the diagonal"),
        (np.tri(4, dtype=bool), "the lower triangle"),
        (np.tri(4, k=-1, dtype=bool), "the lower triangle without the diagonal"),
        (np.tri(4, dtype=bool).T, "the upper triangle"),
        (np.tri(4, k=-1, dtype=bool).T, "the upper triangle without the diagonal"),
        (np.arange(4)[:, None] + np.zeros(5) == 2, "all of row 2"),
        (np.arange(5) + np.zeros((4, 1)) == 1, "all of column 1"),
        (np.arange(4)[:, None] + np.zeros(5) >= 2, "all of rows 2 to 3"),
        (np.arange(3)[:, None, None] + np.zeros((3, 2, 2)) == 1, "all of axis 0, place 1"),
        (np.random.default_rng(0).random((6, 6)) > 0.5, ""),
    ],
)
def test_pattern(mask, words):
    assert pattern(mask) == words
