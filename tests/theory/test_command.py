"""Commanders: halting and being held back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.command import (
    MECHANISM,
    crossing_probability,
    daily_probability,
    doubted,
    example_pressure,
    flight_hazard,
    halt_hazard,
    hold_probability,
    orders_per_day,
)

HALT, DISLOYAL, TIED, HELD = (MECHANISM.parameter(n).value for n in ("halt", "disloyal", "tied", "held_back"))
share = st.floats(0.0, 1.0)
grievance = st.floats(0.0, 4.0)


def test_base_is_the_hazard_of_an_indifferent_untied_commander_over_men_with_grievance_two() -> None:
    assert halt_hazard(0.5, 0.0, 2.0, HALT, DISLOYAL, TIED) == pytest.approx(HALT)


@given(share, share, grievance, share, st.floats(0.0, 1.0))
def test_loyalty_holds_and_ties_and_grievance_stop(
    loyalty: float, tie: float, g: float, other: float, more: float
) -> None:
    hazard = halt_hazard(loyalty, tie, g, HALT, DISLOYAL, TIED)
    assert halt_hazard(max(loyalty, other), tie, g, HALT, DISLOYAL, TIED) <= hazard
    assert halt_hazard(loyalty, max(tie, other), g, HALT, DISLOYAL, TIED) >= hazard
    assert halt_hazard(loyalty, tie, g + more, HALT, DISLOYAL, TIED) >= hazard


def test_full_loyalty_against_none_is_twice_the_weight_in_logs() -> None:
    ratio = halt_hazard(0.0, 0.3, 1.0, HALT, DISLOYAL, TIED) / halt_hazard(1.0, 0.3, 1.0, HALT, DISLOYAL, TIED)
    assert math.log(ratio) == pytest.approx(2 * DISLOYAL)


def test_december_1994_is_possible_and_an_ordinary_war_quiet() -> None:
    """A doubtful general before his own side's civilians in a week, against a loyal one facing an enemy for a year."""
    before_grozny = 1 - (1 - halt_hazard(0.35, 0.8, 1.5, HALT, DISLOYAL, TIED)) ** 7
    ordinary = 1 - (1 - halt_hazard(0.85, 0.0, 0.5, HALT, DISLOYAL, TIED)) ** 365
    assert before_grozny > 0.02
    assert ordinary < 0.05
    assert before_grozny / 7 > 100 * ordinary / 365


@given(share, share, share)
def test_only_doubted_troops_are_held_back_and_only_from_civilians(tie: float, against: float, held: float) -> None:
    assert doubted(0.0, against, held) == 0.0
    assert doubted(tie, 0.0, held) == 0.0
    assert 0.0 <= doubted(tie, against, held) <= held
    assert doubted(1.0, 1.0, HELD) == HELD


def test_known_value() -> None:
    assert halt_hazard(0.25, 0.5, 1.0, 0.001, 2.0, 4.0) == pytest.approx(0.001 * math.exp(1.0 + 2.0 + 0.5 - 1.0))


@given(share, share)
def test_commanders_follow_commanders_the_first_counting_most(a: float, b: float) -> None:
    weight = MECHANISM.parameter("example").value
    low, high = min(a, b), max(a, b)
    assert example_pressure(0.0, weight) == 0.0
    assert example_pressure(low, weight) <= example_pressure(high, weight) <= weight
    assert example_pressure(0.25, weight) == pytest.approx(weight / 2)


def test_a_commander_before_a_crowd_decides_at_every_order() -> None:
    assert orders_per_day(0.0, 1.0, 9.0) == orders_per_day(1.0, 0.0, 9.0) == 1.0
    assert orders_per_day(1.0, 1.0, 9.0) == orders_per_day(1.0, 3.0, 9.0) == 10.0
    assert orders_per_day(0.5, 0.4, 10.0) == pytest.approx(3.0)


def test_a_daily_chance_is_the_hazard_where_small_and_never_above_one() -> None:
    assert daily_probability(1e-4) == pytest.approx(1e-4, rel=1e-3)
    assert daily_probability(math.log(2.0)) == pytest.approx(0.5)
    assert daily_probability(1e9) == 1.0


def test_a_place_nobody_relieves_cannot_hold_against_an_equal() -> None:
    assert hold_probability(0.0, 1.0, 0.5) == pytest.approx(0.5)
    assert hold_probability(0.0, 0.2, 0.5) < 0.001
    assert hold_probability(math.log(5.0), 0.2, 0.5) == pytest.approx(0.5)


def test_only_those_without_hope_flee_the_disloyal_first() -> None:
    flight, disloyal = (MECHANISM.parameter(n).value for n in ("flight", "disloyal"))
    assert flight_hazard(0.5, 0.5, flight, disloyal) == flight_hazard(0.9, 0.0, flight, disloyal) == 0.0
    assert flight_hazard(0.0, 0.5, flight, disloyal) == pytest.approx(flight)
    assert flight_hazard(0.25, 0.5, flight, disloyal) == pytest.approx(flight / 4)
    assert flight_hazard(0.0, 0.0, flight, disloyal) == pytest.approx(flight * math.exp(disloyal))


def test_nobody_goes_over_where_nobody_receives_him() -> None:
    assert crossing_probability(1.0, 0.0, 0.0, 0.05) == 0.0
    assert crossing_probability(1.0, 1.0, 0.0, 0.05) == pytest.approx(0.05)
    assert crossing_probability(0.5, 0.5, 0.0, 0.2) == pytest.approx(0.05)
    # to an enemy army he goes over unasked as well, half as readily as under the fullest offer
    assert crossing_probability(1.0, 0.0, 1.0, 0.05) == pytest.approx(0.025)
    assert crossing_probability(1.0, 1.0, 1.0, 0.05) == pytest.approx(0.05)
