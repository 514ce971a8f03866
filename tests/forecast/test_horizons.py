"""Windows of several months, and probabilities in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from allegiance.forecast.horizons import cohere, targets


def column(*values: float | None) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def test_a_window_holds_its_first_and_last_period():
    unit, t = np.zeros(6, dtype=int), np.arange(6)
    y = column(0, 0, 1, 0, 0, 0)
    assert targets(unit, t, y, 1).tolist() == y.tolist()
    np.testing.assert_equal(targets(unit, t, y, 3), column(1, 1, 1, 0, None, None))


def test_a_state_that_ends_has_no_later_events_but_open_windows_stay_unknown():
    unit, t = np.array([1, 1, 2, 2, 2, 2]), np.array([0, 1, 0, 1, 2, 3])
    np.testing.assert_equal(targets(unit, t, column(0, 0, 0, 0, 0, 1), 3), column(0, 0, 0, 1, None, None))


def test_an_unknown_first_month_is_unknown_and_a_later_one_adds_nothing():
    unit, t = np.zeros(4, dtype=int), np.arange(4)
    np.testing.assert_equal(targets(unit, t, column(0, None, 0, 0), 2), column(0, None, 0, None))


def test_rows_of_one_state_never_reach_into_another():
    unit, t = np.array([1, 1, 2, 2]), np.array([0, 1, 0, 1])
    np.testing.assert_equal(targets(unit, t, column(0, 0, 1, 0), 2), column(0, None, 1, None))


@given(arrays(float, (5, 4), elements=st.floats(0, 1)))
def test_coherent_rows_are_ordered_and_ordered_rows_are_kept(p):
    result = cohere(p)
    assert (np.diff(result, axis=1) >= 0).all()
    ordered = np.sort(p, axis=1)
    np.testing.assert_allclose(cohere(ordered), ordered)
