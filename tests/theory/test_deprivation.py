"""C7: want, leaders, losses and the memory of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.deprivation import (
    MECHANISM,
    absolute_deprivation,
    appraise,
    leadership_grievance,
    unit_shock,
    weariness,
)

SUPPLY, HALF, MEMORY = (MECHANISM.parameter(n).value for n in ("supply", "losses_half", "memory"))
share = st.floats(0.0, 1.0)
grievance = st.floats(0.0, 8.0)


def test_the_fully_supplied_lack_nothing() -> None:
    assert absolute_deprivation(1.0, SUPPLY) == 0.0
    assert absolute_deprivation(1.7, SUPPLY) == 0.0
    assert absolute_deprivation(0.0, SUPPLY) == absolute_deprivation(-1.0, SUPPLY) == SUPPLY


@given(share, share)
def test_less_supply_never_comforts(a: float, b: float) -> None:
    assert absolute_deprivation(min(a, b), SUPPLY) >= absolute_deprivation(max(a, b), SUPPLY)


def test_a_perfect_commander_causes_no_grievance() -> None:
    assert leadership_grievance(1.0, 0.9) == 0.0
    assert leadership_grievance(0.0, 0.9) == 0.9


@given(st.floats(0.0, 3.0), st.floats(0.01, 1.0))
def test_losses_shock_most_at_first(losses: float, more: float) -> None:
    first = unit_shock(losses + more, 1.0, HALF) - unit_shock(losses, 1.0, HALF)
    second = unit_shock(losses + 2 * more, 1.0, HALF) - unit_shock(losses + more, 1.0, HALF)
    assert 0.0 < second < first


def test_half_of_the_shock_at_the_half_point() -> None:
    assert unit_shock(0.0, 1.6, HALF) == 0.0
    assert unit_shock(HALF, 1.6, HALF) == pytest.approx(0.8)


@given(grievance, grievance)
def test_grievance_moves_towards_the_appraisal_and_not_past_it(now: float, appraisal: float) -> None:
    tonight = appraise(now, appraisal, MEMORY)
    assert min(now, appraisal) - 1e-12 <= tonight <= max(now, appraisal) + 1e-12


def test_memory_is_the_time_constant() -> None:
    level = 1.0
    for _ in range(int(MEMORY)):
        level = appraise(level, 0.0, MEMORY)
    assert level == pytest.approx(math.exp(-1.0), rel=0.05)


def test_no_appraisal_no_grievance() -> None:
    assert appraise(0.0, 0.0, MEMORY) == 0.0
    assert appraise(3.0, 0.0, 1.0) == 0.0


@given(st.floats(0.0, 2000.0), st.floats(0.0, 2000.0))
def test_weariness_grows_with_service_and_is_half_at_its_half(a: float, b: float) -> None:
    assert weariness(min(a, b), 0.5, 120.0) <= weariness(max(a, b), 0.5, 120.0) < 0.5
    assert weariness(120.0, 0.5, 120.0) == pytest.approx(0.25)
    assert weariness(0.0, 0.5, 120.0) == 0.0
