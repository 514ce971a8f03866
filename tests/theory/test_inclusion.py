"""C3, kept apart: standing of groups inside the army."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.inclusion import MECHANISM, exclusion_pressure

WEIGHT = MECHANISM.parameter("weight").value
share = st.floats(0.0, 1.0)


@given(share)
def test_an_equal_army_feels_nothing(own: float) -> None:
    assert exclusion_pressure(1.0, own, WEIGHT) == 0.0


@given(share)
def test_a_group_that_is_the_whole_army_feels_nothing(inclusion: float) -> None:
    assert exclusion_pressure(inclusion, 1.0, WEIGHT) == 0.0


@given(share, share, share)
def test_more_inclusion_never_adds_pressure(a: float, b: float, own: float) -> None:
    low, high = min(a, b), max(a, b)
    assert exclusion_pressure(high, own, WEIGHT) <= exclusion_pressure(low, own, WEIGHT)


def test_full_range_is_of_the_order_of_two_published_steps() -> None:
    """Two steps of Lyall's types at logit 0.825 or 1.217 are 1.65 to 2.43 for armies, whose men are on average of
    groups that make up half of it: the weight of one man of a tiny group is about twice that."""
    prior = MECHANISM.parameter("weight")
    assert exclusion_pressure(0.0, 0.0, WEIGHT) == pytest.approx(WEIGHT)
    assert prior.low < 2 * 2 * 0.825 < prior.high
    assert 1.65 <= exclusion_pressure(0.0, 0.4, WEIGHT) <= 2.43
