"""Counts of rare things in units that are not played."""

from __future__ import annotations

import math

import numpy as np

from allegiance.world.columns import Array

MOST = 1_000_000
"""Most that is counted."""


def poisson(u: Array, mean: Array) -> Array:
    """The Poisson counts at quantiles `u`, by inversion (Devroye 1986, ch. X.3), one for each mean.

    >>> poisson(np.array([0.5, 0.5, 0.5]), np.array([0.1, 3.0, 500.0])).tolist()
    [0.0, 3.0, 500.0]
    """
    counts = np.zeros(len(mean))
    for k in np.flatnonzero(u > np.exp(-mean)):
        counts[k] = _count(float(u[k]), float(mean[k]))
    return counts


def _count(u: float, mean: float) -> int:
    # terms are worked out one by one from their logarithms: a recurrence from exp(-mean) fails for large means
    first = max(0, math.floor(mean - 12.0 * math.sqrt(mean)))
    total, k = 0.0, first
    while k < MOST:
        total += math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))
        if u <= total:
            return k
        if k > mean + 12.0 * math.sqrt(mean) + 12.0:
            break
        k += 1
    return k
