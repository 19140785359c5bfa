"""The likelihood of a local level model by the Kalman filter, and its derivatives by hand.

The level wanders by steps of variance q, and is seen with errors of variance r.
"""

import numpy as np


def loss(q, r, z):
    """Twice the negative logarithm of the likelihood of the series z, but for a constant."""
    level, variance, total = 0.0, 10.0, 0.0
    for seen in z:
        variance = variance + q
        total += np.log(variance + r) + (seen - level) ** 2 / (variance + r)
        gain = variance / (variance + r)
        level = level + gain * (seen - level)
        variance = (1 - gain) * variance
    return total


def gradient(q, r, z):
    """The derivatives by q and r: the filter is run with its own derivatives beside it."""
    return _filtered(q, r, z)


def gradient_with_a_fixed_gain(q, r, z):
    """The mistake: that the gain depends on q and r is forgotten where the level is updated."""
    return _filtered(q, r, z, by_gain=0.0)


def _filtered(q, r, z, by_gain=1.0):
    level, variance, slope = 0.0, 10.0, np.zeros(2)
    d_level, d_variance = np.zeros(2), np.zeros(2)
    for seen in z:
        variance, d_variance = variance + q, d_variance + np.array([1.0, 0.0])
        total, d_total = variance + r, d_variance + np.array([0.0, 1.0])
        error, d_error = seen - level, -d_level
        slope = slope + d_total / total + 2 * error * d_error / total - error**2 * d_total / total**2
        gain, d_gain = variance / total, (d_variance * total - variance * d_total) / total**2
        level, d_level = level + gain * error, d_level + gain * d_error + by_gain * d_gain * error
        variance, d_variance = (1 - gain) * variance, (1 - gain) * d_variance - d_gain * variance
    return tuple(slope)
