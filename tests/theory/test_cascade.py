"""C15: tipping, thresholds and the more than additive effect of causes together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.cascade import (
    MECHANISM,
    at_stake,
    incident_rate,
    incident_size,
    mutiny_probability,
    mutiny_threshold,
    neighbour_pressure,
    participation,
    participation_granovetter1978,
    spread_factor,
    temper_pressure,
    tipping_point,
)

CONFORMITY, TRIGGER, SCALE, MINIMUM, NEIGHBOURS = (
    MECHANISM.parameter(n).value for n in ("conformity", "trigger", "trigger_scale", "minimum", "neighbours")
)
SPREAD = 1.0
spreads = st.floats(0.0, 2.0)
conformities = st.floats(0.0, 10.0)


def expit(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def least_fixed_point(readiness: float, spread: float, conformity: float) -> float:
    """Brute force: iterate from nobody until nothing moves."""
    factor, share = math.sqrt(1.0 + math.pi * spread * spread / 8.0), 0.0
    for _ in range(50_000):
        new = expit((readiness + conformity * share) / factor)
        if abs(new - share) < 1e-12:
            break
        share = new
    return share


def brute_force_threshold(men: float, spread: float, conformity: float) -> float:
    """The least readiness, by bisection, at which the quiet equilibrium holds `minimum` men."""
    low, high = -30.0, 10.0
    for _ in range(18):
        middle = 0.5 * (low + high)
        if least_fixed_point(middle, spread, conformity) * men >= MINIMUM:
            high = middle
        else:
            low = middle
    return high


@pytest.mark.parametrize("men", [24.0, 60.0, 100.0, 400.0])
@pytest.mark.parametrize("spread", [0.0, 0.8, 1.6])
@pytest.mark.parametrize("conformity", [0.0, 3.0, 4.6, 6.0, 8.0])
def test_threshold_equals_a_brute_force_search(men: float, spread: float, conformity: float) -> None:
    found = mutiny_threshold(men, spread, conformity, MINIMUM)
    assert found == pytest.approx(brute_force_threshold(men, spread, conformity), abs=2e-3)


def test_for_small_companies_the_threshold_is_a_lower_bound() -> None:
    for men in (13.0, 16.0, 20.0):
        for conformity in (2.0, 4.6, 6.0, 8.0):
            assert mutiny_threshold(men, SPREAD, conformity, MINIMUM) <= brute_force_threshold(
                men, SPREAD, conformity
            ) + 2e-3


def test_twelve_or_fewer_men_cannot_mutiny() -> None:
    assert mutiny_threshold(12.0, SPREAD, CONFORMITY, MINIMUM) > 1e8
    assert mutiny_threshold(0.0, SPREAD, CONFORMITY, MINIMUM) > 1e8
    assert mutiny_threshold(13.0, SPREAD, CONFORMITY, MINIMUM) < 10.0


@given(st.floats(13.0, 500.0), spreads, conformities, st.floats(0.1, 3.0))
def test_conformity_and_numbers_make_mutiny_easier(men: float, spread: float, conformity: float, more: float) -> None:
    threshold = mutiny_threshold(men, spread, conformity, MINIMUM)
    assert mutiny_threshold(men, spread, conformity + more, MINIMUM) <= threshold + 1e-9
    assert mutiny_threshold(men * (1 + more), spread, conformity, MINIMUM) <= threshold + 1e-9


@given(st.floats(4.1, 20.0))
def test_the_tipping_point_solves_the_fold(conformity: float) -> None:
    at = tipping_point(conformity, 1.0)
    assert at * (1.0 - at) == pytest.approx(1.0 / conformity)
    assert 0.0 < at < 0.5


def test_without_enough_conformity_a_company_does_not_tip() -> None:
    assert tipping_point(4.0, 1.0) == 0.5
    assert tipping_point(0.0, 1.0) == 0.5


@pytest.mark.parametrize("mean", [-6.0, -3.0, -1.0, 0.0, 2.0])
@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_spread_factor_against_the_integral(mean: float, spread: float) -> None:
    z = np.linspace(-9.0, 9.0, 20_001)
    weight = np.exp(-0.5 * z * z)
    exact = float((weight / (1.0 + np.exp(-(mean + spread * z)))).sum() / weight.sum())
    assert expit(mean / spread_factor(spread)) == pytest.approx(exact, abs=0.02)


def test_equal_men_need_no_flattening() -> None:
    assert spread_factor(0.0) == 1.0


def test_an_incident_must_bridge_the_gap() -> None:
    assert mutiny_probability(0.0, TRIGGER, SCALE) == mutiny_probability(-3.0, TRIGGER, SCALE) == TRIGGER
    assert mutiny_probability(SCALE, TRIGGER, SCALE) == pytest.approx(TRIGGER / math.e)
    assert mutiny_probability(30.0 * SCALE, TRIGGER, SCALE) < 1e-12


def test_incidents_are_smaller_where_nobody_may_be_sent() -> None:
    """A gap of two sizes takes four of them in barracks half as large; the rear lies between."""
    assert incident_size(1.0, 0.5, SCALE) == SCALE
    assert incident_size(0.0, 0.5, SCALE) == 0.5 * SCALE
    assert incident_size(0.5, 0.5, SCALE) == 0.75 * SCALE
    assert at_stake(1.0, 1.0, 0.3) == 1.0
    assert at_stake(1.0, 0.0, 0.3) == 0.3
    assert at_stake(1.0, 0.5, 0.3) == pytest.approx(0.65)
    assert at_stake(0.0, 1.0, 0.3) == 0.0
    in_peace = mutiny_probability(2.0 * SCALE, TRIGGER, incident_size(0.0, 0.5, SCALE))
    assert in_peace == pytest.approx(TRIGGER * math.exp(-4.0))


def test_incidents_come_in_contact_and_where_men_die() -> None:
    """In the rear four in ten of those in contact; a day with five per cent dead doubles them, ten treble them."""
    assert incident_rate(1.0, 0.0, TRIGGER) == pytest.approx(TRIGGER)
    assert incident_rate(0.0, 0.0, TRIGGER) == pytest.approx(0.4 * TRIGGER)
    assert incident_rate(1.0, 0.05, TRIGGER) == pytest.approx(2.0 * TRIGGER)
    assert incident_rate(1.0, 0.1, TRIGGER) == incident_rate(1.0, 0.6, TRIGGER) == pytest.approx(3.0 * TRIGGER)


@given(st.floats(-8.0, 4.0), spreads, conformities, st.floats(0.0, 1.0))
def test_participation_never_shrinks_and_is_a_share(m: float, spread: float, conformity: float, start: float) -> None:
    for form in (participation, participation_granovetter1978):
        share = form(m, spread, conformity, start)
        assert start <= share <= 1.0
        assert form(m + 1.0, spread, conformity, start) >= share - 1e-12


def test_just_below_a_few_and_just_above_nearly_all() -> None:
    """Both regimes with one set of parameters: quiet on this side of the threshold, a company in mutiny beyond it."""
    threshold = mutiny_threshold(400.0, 0.0, CONFORMITY, 200.0)  # past the fold: the tipping point decides
    assert participation(threshold - 0.3, 0.0, CONFORMITY, 0.0) < 0.25
    assert participation(threshold + 0.3, 0.0, CONFORMITY, 0.0) > 0.9


def test_granovetter_one_man_decides_between_riot_and_calm() -> None:
    """His point: a small change of thresholds, a wholly different outcome."""
    calm = participation_granovetter1978(-1.3, 0.5, 2.6, 0.0)
    riot = participation_granovetter1978(-0.8, 0.5, 2.6, 0.0)
    assert calm < 0.05 < 0.95 < riot


def test_causes_together_exceed_the_sum_of_causes_alone() -> None:
    """On the probability of a mutiny within thirty days of one company (by construction of the exponential)."""
    threshold = mutiny_threshold(100.0, SPREAD, CONFORMITY, MINIMUM)

    def monthly(*causes: float) -> float:
        daily = mutiny_probability(threshold - (-6.5 + sum(causes)), TRIGGER, SCALE)
        return 1.0 - (1.0 - float(daily)) ** 30

    causes = (1.0, 1.0, 1.0)
    alone = sum(monthly(c) - monthly() for c in causes)
    assert monthly(*causes) - monthly() > 2 * alone


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_neighbours_in_mutiny_encourage(a: float, b: float) -> None:
    assert neighbour_pressure(0.0, NEIGHBOURS) == 0.0
    assert neighbour_pressure(min(a, b), NEIGHBOURS) <= neighbour_pressure(max(a, b), NEIGHBOURS)
    assert neighbour_pressure(1.0, NEIGHBOURS) == pytest.approx(NEIGHBOURS)


def test_without_conformity_joining_is_each_mans_own_affair() -> None:
    from statistics import NormalDist

    assert participation(-0.7, 0.0, 0.0, 0.0) == pytest.approx(expit(-0.7))
    assert participation_granovetter1978(-0.7, 1.3, 0.0, 0.0) == pytest.approx(NormalDist().cdf(-0.7 / 1.3))
    assert participation_granovetter1978(-0.01, 0.0, 0.0, 0.0) < 1e-9  # equal men: all or nothing
    assert participation_granovetter1978(0.01, 0.0, 0.0, 0.0) > 1.0 - 1e-9


def test_temper_is_a_normal_of_the_given_spread_between_companies() -> None:
    assert temper_pressure(0.0, 0.8) == 0.0
    assert temper_pressure(-1.5, 0.8) == pytest.approx(-1.2)
