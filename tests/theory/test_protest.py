"""C4: protest as a public signal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.protest import (
    MECHANISM,
    coup_pressure,
    protest_signal,
    remembered,
    troop_pressure,
)

HALF, TROOPS, COUPS, CAPITAL, NONVIOLENT = (
    MECHANISM.parameter(n).value for n in ("half", "troops", "coups", "capital", "nonviolent")
)
crowd = st.floats(0.0, 5e6)
share = st.floats(0.0, 1.0)


def test_no_crowd_no_signal_and_a_million_is_one() -> None:
    assert protest_signal(0.0, HALF) == 0.0
    assert protest_signal(-5.0, HALF) == 0.0
    assert protest_signal(1e6, HALF) == pytest.approx(1.0)


@given(crowd, st.floats(1.0, 1e6))
def test_signal_grows_with_size_at_a_falling_rate(people: float, more: float) -> None:
    first = protest_signal(people + more, HALF) - protest_signal(people, HALF)
    second = protest_signal(people + 2 * more, HALF) - protest_signal(people + more, HALF)
    assert first > 0.0
    assert second < first * (1.0 + 1e-6) + 1e-12


def test_russian_protest_of_2022_hardly_registers() -> None:
    """A few thousand in the street in a day, far below the sizes at which campaigns see defection."""
    assert protest_signal(5_000.0, HALF) < 0.1


@given(share, share)
def test_a_peaceful_crowd_weighs_more(signal: float, peaceful: float) -> None:
    assert troop_pressure(signal, 1.0, TROOPS, NONVIOLENT) >= troop_pressure(signal, peaceful, TROOPS, NONVIOLENT)
    assert coup_pressure(signal, 1.0, 0.5, COUPS, NONVIOLENT, CAPITAL) >= coup_pressure(
        signal, peaceful, 0.5, COUPS, NONVIOLENT, CAPITAL
    )


@given(share, share, share)
def test_the_capital_counts_for_coups(signal: float, near: float, nearer: float) -> None:
    low, high = min(near, nearer), max(near, nearer)
    assert coup_pressure(signal, 1.0, high, COUPS, NONVIOLENT, CAPITAL) >= coup_pressure(
        signal, 1.0, low, COUPS, NONVIOLENT, CAPITAL
    )


def test_reference_points_carry_the_weights() -> None:
    assert troop_pressure(1.0, 1.0, TROOPS, NONVIOLENT) == pytest.approx(TROOPS)
    assert coup_pressure(1.0, 1.0, 0.5, COUPS, NONVIOLENT, CAPITAL) == pytest.approx(COUPS)
    assert coup_pressure(0.0, 1.0, 1.0, COUPS, NONVIOLENT, CAPITAL) == 0.0


def test_without_the_multipliers_only_size_matters() -> None:
    assert troop_pressure(0.5, 0.0, TROOPS, 0.0) == troop_pressure(0.5, 1.0, TROOPS, 0.0)
    assert coup_pressure(0.5, 0.0, 0.0, COUPS, 0.0, 0.0) == coup_pressure(0.5, 1.0, 1.0, COUPS, 0.0, 0.0)


def test_known_values() -> None:
    assert protest_signal(1e4, 1e4) == pytest.approx(math.log(2.0) / math.log(101.0))
    assert troop_pressure(1.0, 0.0, 1.0, 1.0) == pytest.approx(0.5)
    assert coup_pressure(1.0, 0.0, 0.0, 1.0, 1.0, 2.0) == pytest.approx(0.25)
    assert coup_pressure(1.0, 1.0, 1.0, 1.0, 1.0, 2.0) == pytest.approx(1.5)


def test_a_crowd_is_remembered_for_days() -> None:
    assert remembered(0.2, 0.7, 14.0) == 0.7
    assert remembered(0.7, 0.2, 14.0) == pytest.approx(0.65)
    assert remembered(0.7, 0.69, 14.0) == 0.69
