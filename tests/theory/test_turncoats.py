"""Those who went over and fight on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.turncoats import (
    BATTLE_DEATHS,
    armed_crowd,
    fight_on,
    peaceful,
    ready,
    within_a_year,
    within_reach,
)

share = st.floats(0.0, 1.0)
men = st.floats(0.0, 1e5)
some = st.floats(0.01, 1e5)


def test_a_brigade_and_some_deserters_by_hand() -> None:
    """Of 1,000 with their formation half fight; of 200 alone a tenth of the two fifths who are welcome."""
    assert fight_on(1000.0, 200.0, 0.4, 0.5, 0.1) == pytest.approx(508.0)
    assert ready(508.0, 10.0) == pytest.approx(50.8)


@given(men, share, share)
def test_nobody_fights_where_nobody_went_over_and_single_soldiers_only_where_welcome(
    formation: float, welcome: float, each: float
) -> None:
    assert fight_on(0.0, 0.0, welcome, 0.5, each) == 0.0
    assert fight_on(formation, 1e4, 0.0, 0.5, each) == fight_on(formation, 0.0, 1.0, 0.5, each)


@given(men, men, share, share, share)
def test_no_more_fight_than_went_over(formation: float, single: float, welcome: float, a: float, b: float) -> None:
    assert 0.0 <= fight_on(formation, single, welcome, a, b) <= (formation + single) * (1.0 + 1e-12)


@given(some, men, men)
def test_the_more_opponents_the_more_are_met(own: float, a: float, b: float) -> None:
    assert 0.0 <= within_reach(own, min(a, b), 5.0) <= within_reach(own, max(a, b), 5.0) <= 1.0
    assert within_reach(own, 0.0, 5.0) == 0.0


def test_a_hundred_in_the_hills_meet_five_hundred_of_ten_thousand() -> None:
    assert within_reach(10_000.0, 100.0, 5.0) == pytest.approx(0.05)
    assert within_reach(100.0, 10_000.0, 5.0) == 1.0


def test_one_death_a_fortnight_is_a_civil_war_in_the_end_and_one_in_three_weeks_is_not() -> None:
    often, seldom = 0.0, 0.0
    for _ in range(3000):
        often, seldom = within_a_year(often, 1.0 / 14.0), within_a_year(seldom, 1.0 / 21.0)
    assert seldom < BATTLE_DEATHS < often


def test_an_armed_opponent_counts_as_ten_in_the_street() -> None:
    assert armed_crowd(0.5, 2000.0, 100_000.0, 10.0) == pytest.approx(0.7)
    assert armed_crowd(0.5, 0.0, 100_000.0, 10.0) == 0.5


@given(share, men, men, share)
def test_a_crowd_is_less_peaceful_the_more_is_fought_beside_it(n: float, a: float, b: float, flank: float) -> None:
    assert peaceful(n, 0.0, flank) == n
    assert peaceful(n, max(a, b), flank) <= peaceful(n, min(a, b), flank)
    assert peaceful(n, 1e6, flank) == pytest.approx(n * (1.0 - flank))
