"""C7 and C15: a trickle below the threshold, collapse above it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.choice import MECHANISM as CHOICE
from allegiance.theory.contagion import (
    MECHANISM,
    all_lost,
    belief_update,
    collapse_pressure,
    defeat,
    hopelessness,
    rout,
    shared_belief,
)

WEIGHT, HALF, MEMORY, OWN, LOST, HOPELESS = (
    MECHANISM.parameter(n).value for n in ("weight", "half", "memory", "company", "lost", "hopeless")
)
share = st.floats(0.0, 1.0)


def test_steady_leaving_settles_at_memory_times_rate() -> None:
    belief = 0.0
    for _ in range(400):
        belief = belief_update(belief, 0.004, MEMORY)
    assert belief == pytest.approx(0.004 * MEMORY, rel=1e-6)
    assert belief_update(0.0, 0.0, MEMORY) == 0.0


@given(share, share, share, share)
def test_shared_belief_is_a_mean(company: float, brigade: float, force: float, own: float) -> None:
    belief = shared_belief(company, brigade, force, own)
    assert min(company, brigade, force) - 1e-12 <= belief <= max(company, brigade, force) + 1e-12
    assert shared_belief(company, company, company, own) == pytest.approx(company)
    assert shared_belief(company, brigade, force, 1.0) == pytest.approx(company)


@given(share, share)
def test_collapse_pressure_rises_from_nothing_to_its_weight(a: float, b: float) -> None:
    assert collapse_pressure(0.0, WEIGHT, HALF) == 0.0
    low, high = (collapse_pressure(share, WEIGHT, HALF) for share in (min(a, b), max(a, b)))
    assert low <= high + 1e-12 <= WEIGHT + 2e-12
    assert collapse_pressure(HALF, WEIGHT, HALF) == pytest.approx(WEIGHT / 2)


def test_a_trickle_is_no_news() -> None:
    """One per cent gone lately leaves the odds of leaving as they were, within a few per cent."""
    assert math.exp(collapse_pressure(0.01, WEIGHT, HALF)) < 1.03


def play(gone: float, win_probability: float, days: int = 30) -> float:
    """Share of one force gone after some days, everyone alike, starting from a belief that `gone` have left."""
    base, belief, present = CHOICE.parameter("base_desert").value, gone, 1.0
    for _ in range(days):
        seen = belief + all_lost(win_probability, LOST)
        grievance = 2.0 + hopelessness(win_probability, HOPELESS)
        odds = math.exp(base + CHOICE.parameter("grievance_desert").value * grievance
                        + collapse_pressure(seen, WEIGHT, HALF))  # fmt: skip
        leaving = odds / (1.0 + odds)
        belief = belief_update(belief, leaving, MEMORY)
        present *= 1.0 - leaving
    return 1.0 - present


def test_one_set_of_parameters_holds_both_regimes() -> None:
    assert play(0.005, 0.5) < 0.02
    assert play(0.9, 0.02) > 0.3


def test_nothing_is_lost_above_one_chance_in_four() -> None:
    assert all_lost(0.25, LOST) == all_lost(0.6, LOST) == 0.0
    assert all_lost(0.0, LOST) == pytest.approx(LOST)


@given(share, share)
def test_better_prospects_never_discourage(a: float, b: float) -> None:
    for function, weight in ((all_lost, LOST), (hopelessness, HOPELESS)):
        assert function(max(a, b), weight) <= function(min(a, b), weight)


def test_even_chances_are_no_grievance() -> None:
    assert hopelessness(0.5, HOPELESS) == hopelessness(0.9, HOPELESS) == 0.0
    assert hopelessness(0.0, HOPELESS) == pytest.approx(HOPELESS)


def test_known_values() -> None:
    assert shared_belief(0.0, 1.0, 0.0, 0.5) == pytest.approx(0.3)
    assert shared_belief(0.0, 0.0, 1.0, 0.5) == pytest.approx(0.2)
    assert all_lost(0.125, 1.0) == pytest.approx(0.25)
    assert hopelessness(0.25, 1.0) == pytest.approx(0.5)
    assert collapse_pressure(0.1, 1.0, 0.2) == pytest.approx(1.0 / 9.0)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_defeat_is_seen_in_ground_lost_alone(a: float, b: float) -> None:
    plain = MECHANISM.parameter("plain").value
    assert defeat(min(a, b, 0.0), plain) == 0.0
    assert defeat(min(a, b), plain) <= defeat(max(a, b), plain) <= 1.0
    assert defeat(plain / 2, plain) == pytest.approx(0.5)
    assert defeat(2 * plain, plain) == 1.0


def test_ground_lost_counts_and_ground_gained_does_not() -> None:
    assert rout(-0.3, 1.0) == 0.0
    assert rout(0.0, 1.0) == 0.0
    assert rout(0.2, 1.0) == pytest.approx(0.2)
    assert rout(0.4, 0.0) == 0.0
