"""C1: the horizon, compulsion and overdue service."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.conscription import (
    HORIZON_DAYS,
    MECHANISM,
    company_pressure,
    compulsion_pressure,
    horizon_pressure,
    overdue_grievance,
)

WEIGHT = MECHANISM.parameter("horizon").value
SCALE = MECHANISM.parameter("scale").value
days = st.floats(0.0, 3000.0)


def test_the_last_day_of_service_feels_the_whole_weight() -> None:
    assert horizon_pressure(0.0, WEIGHT, SCALE) == pytest.approx(WEIGHT)
    assert horizon_pressure(-30.0, WEIGHT, SCALE) == pytest.approx(WEIGHT)


def test_a_career_soldier_feels_next_to_nothing() -> None:
    assert horizon_pressure(10 * 365.0, WEIGHT, SCALE) < 1e-5 * WEIGHT


@given(days, st.floats(1.0, 500.0))
def test_more_remaining_service_never_adds_pressure(left: float, more: float) -> None:
    assert horizon_pressure(left + more, WEIGHT, SCALE) <= horizon_pressure(left, WEIGHT, SCALE)


def test_pressure_falls_by_e_over_one_scale() -> None:
    ratio = horizon_pressure(100.0, WEIGHT, SCALE) / horizon_pressure(100.0 + SCALE, WEIGHT, SCALE)
    assert ratio == pytest.approx(math.e)


def test_with_equal_horizons_most_of_the_conscript_effect_is_gone() -> None:
    """The channel of the claim: at equal horizons only compulsion is left, and it is the smaller part."""
    compulsion = compulsion_pressure(1.0, MECHANISM.parameter("compulsion").value)
    conscript = horizon_pressure(HORIZON_DAYS["conscript"] / 2, WEIGHT, SCALE) + compulsion
    career = horizon_pressure(HORIZON_DAYS["contract"] / 2, WEIGHT, SCALE)
    assert conscript > career
    assert compulsion < 0.5 * (conscript - career + compulsion)


def test_volunteers_feel_no_compulsion() -> None:
    assert compulsion_pressure(0.0, 0.25) == 0.0
    assert compulsion_pressure(1.0, 0.25) == 0.25


def test_overdue_service_grows_for_half_a_year_and_stops() -> None:
    assert overdue_grievance(-10.0, 0.8) == 0.0
    assert overdue_grievance(0.0, 0.8) == 0.0
    assert overdue_grievance(90.0, 0.8) == pytest.approx(0.4)
    assert overdue_grievance(180.0, 0.8) == overdue_grievance(900.0, 0.8) == pytest.approx(0.8)


def test_odds_ratio_lies_within_the_published_ones() -> None:
    """Conscript against volunteer within one war: about 2 (individual, 2015) to 4.7 (2014)."""
    assert 2.0 < math.exp(WEIGHT) < 4.7


def test_a_company_weighs_by_how_far_it_differs_from_its_army() -> None:
    """All compelled beside all volunteers in an army of both halves: the whole weight apart; alike: nothing."""
    weight = MECHANISM.parameter("company").value
    assert company_pressure(0.5, weight) - company_pressure(-0.5, weight) == pytest.approx(weight)
    assert company_pressure(0.0, weight) == 0.0


def test_man_and_company_together_fall_short_of_the_whole_odds_ratio() -> None:
    """At equal company 1.8, with his company 8.2 (McLauchlin 2015): what is left to the company is at most a factor of
    4.6, and the weight stays below it."""
    assert 2.0 < math.exp(MECHANISM.parameter("company").value) < 8.2 / 1.8
