"""Counts of rare things, against an independent implementation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson as reference

from allegiance.day.counts import poisson


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.1, 1.0, 7.5, 49.9, 50.1, 80.0, 400.0, 5000.0])
def test_counts_are_quantiles_of_the_poisson_distribution(mean: float) -> None:
    u = (np.arange(400) + 0.5) / 400
    got = poisson(u, np.full(400, mean))
    want = reference.ppf(u, mean) if mean else np.zeros(400)
    assert np.array_equal(got, want)


def test_each_mean_has_its_own_count() -> None:
    assert poisson(np.array([0.5, 0.95, 0.5, 0.2]), np.array([3.0, 0.1, 500.0, 0.0])).tolist() == [3.0, 1.0, 500.0, 0.0]
