"""C9: disloyalty removes fighting power."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.capability import MECHANISM, company_power, effort, in_parity, kit, log_ratio, morale_step

SHIRKER, SUPPLY, MORALE = (MECHANISM.parameter(n).value for n in ("shirker", "supply", "morale"))
men = st.floats(0.0, 200.0)
share = st.floats(0.0, 1.0)
positive = st.floats(1e-6, 1e6)


def power(
    obeying: float, shirking: float, supply: float = 1.0, competence: float = 1.0, grievance: float = 1.0
) -> float:
    material = kit(supply, 1.0, SUPPLY)
    return float(
        company_power(effort(obeying, shirking, SHIRKER), 1.0, material, competence, morale_step(grievance), MORALE)
    )


def test_an_ordinary_company_counts_its_men() -> None:
    """Fed, equipped, well led, at neutral morale: power is the number of obeying soldiers."""
    assert power(100.0, 0.0) == pytest.approx(100.0)


@given(men, men, share)
def test_turning_men_into_shirkers_or_losing_them_costs_power(obeying: float, lost: float, supply: float) -> None:
    lost = min(lost, obeying)
    before = power(obeying, 0.0, supply)
    shirking = power(obeying - lost, lost, supply)
    gone = power(obeying - lost, 0.0, supply)
    assert gone <= shirking <= before + 1e-9


@given(share, share, share, share)
def test_supply_competence_and_morale_only_help(a: float, b: float, competence: float, grievance: float) -> None:
    low, high = min(a, b), max(a, b)
    assert power(80.0, 5.0, low, competence, grievance) <= power(80.0, 5.0, high, competence, grievance)
    assert power(80.0, 5.0, 0.5, low, grievance) <= power(80.0, 5.0, 0.5, high, grievance)
    assert power(80.0, 5.0, 0.5, competence, high) <= power(80.0, 5.0, 0.5, competence, low)


def test_morale_is_bounded_and_a_step_is_worth_what_battles_say() -> None:
    assert morale_step(0.0) == 1.0
    assert morale_step(100.0) == -2.0
    assert morale_step(1.0) == 0.0
    assert power(100.0, 0.0, grievance=0.0) / power(100.0, 0.0, grievance=1.0) == pytest.approx(1.44, abs=0.02)


@given(positive, positive)
def test_the_ratio_changes_sign_with_the_sides(own: float, other: float) -> None:
    assert log_ratio(own, other) == pytest.approx(-log_ratio(other, own), abs=1e-9)
    assert log_ratio(own, own) == 0.0


def test_parity_band() -> None:
    bound = math.log(1.25)
    assert in_parity(0.0, bound)
    assert in_parity(-0.22, bound)
    assert not in_parity(math.log(1.3), bound)
    assert math.isfinite(log_ratio(0.0, 100.0))


def test_disloyalty_of_the_stronger_moves_to_parity_and_of_the_weaker_away() -> None:
    strong, weak = power(200.0, 0.0), power(100.0, 0.0)
    assert abs(log_ratio(power(150.0, 0.0), weak)) < abs(log_ratio(strong, weak))
    assert abs(log_ratio(strong, power(75.0, 0.0))) > abs(log_ratio(strong, weak))


def test_bounds_keep_the_starved_and_the_absent_finite() -> None:
    assert morale_step(-5.0) == 1.0
    assert kit(0.0, 1.0, 1.0) == pytest.approx(0.02)
    assert kit(1.0, 0.0, SUPPLY) == pytest.approx(0.02)
    assert kit(1.0, 1.0, SUPPLY) == 1.0
    assert company_power(100.0, 1.0, 0.02, 1.0, 0.0, MORALE) == pytest.approx(2.0)
    assert company_power(100.0, 1.0, 1.0, 0.0, 0.0, MORALE) == pytest.approx(50.0)
    assert log_ratio(0.0, 1.0) == pytest.approx(math.log(1e-9)) == pytest.approx(-log_ratio(1.0, 0.0))
