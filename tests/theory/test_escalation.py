"""C11: desperation and stand-off fire."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.escalation import (
    MECHANISM,
    aspiration_gap,
    civilian_rate,
    parity,
    step_down_hazard,
    step_up_hazard,
    still_there,
)

RATE, GAP, UNRELIABLE, DOWN, STANDOFF, SHOW = (
    MECHANISM.parameter(n).value for n in ("rate", "gap", "unreliable", "deescalate", "standoff", "show")
)
NEAR = 0.5
share = st.floats(0.0, 1.0)


@given(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0))
def test_the_gap_is_bounded_and_antisymmetric(progress: float, expected: float) -> None:
    assert -1.0 <= aspiration_gap(progress, expected) <= 1.0
    assert aspiration_gap(progress, expected) == -aspiration_gap(expected, progress)


def test_success_as_hoped_leaves_the_ladder_alone() -> None:
    gap = aspiration_gap(0.4, 0.4)
    assert gap == 0.0
    assert step_up_hazard(gap, 1.0, NEAR, RATE, GAP, UNRELIABLE, SHOW) == 0.0
    assert step_down_hazard(gap, DOWN) == 0.0


@given(st.floats(0.01, 1.0), share, share)
def test_disappointment_and_unreliable_infantry_push_up(gap: float, a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)

    def up(gap: float, unreliable: float) -> float:
        return float(step_up_hazard(gap, unreliable, NEAR, RATE, GAP, UNRELIABLE, SHOW))

    assert up(gap, high) >= up(gap, low) > 0.0
    assert up(gap, low) >= up(gap / 2, low)


@given(share)
def test_never_up_and_down_at_once(gap: float) -> None:
    assert step_up_hazard(gap, 0.5, NEAR, RATE, GAP, UNRELIABLE, SHOW) * step_down_hazard(gap, DOWN) == 0.0
    assert step_up_hazard(-gap, 0.5, NEAR, RATE, GAP, UNRELIABLE, SHOW) * step_down_hazard(-gap, DOWN) == 0.0


def test_known_values() -> None:
    assert step_up_hazard(1.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.5) == pytest.approx(0.01)
    assert step_up_hazard(0.5, 1.0, 0.0, 0.01, 2.0, 1.0, 0.5) == pytest.approx(0.005 * math.exp(2.0))
    assert step_up_hazard(0.5, 1.0, 1.0, 0.01, 2.0, 1.0, 0.5) == pytest.approx(0.005 * math.exp(2.5))


def test_parity_is_between_equals_and_fades_with_either_ones_strength() -> None:
    assert parity(0.0) == 1.0
    assert parity(0.7) == pytest.approx(parity(-0.7)) == pytest.approx(math.exp(-0.98))
    assert parity(4.0) < 1e-12
    assert step_down_hazard(-0.5, 0.006) == pytest.approx(0.003)


@given(share, share, st.floats(0.0, 5.0))
def test_civilians_die_of_close_fighting_in_towns_and_of_rungs(close: float, urban: float, rung: float) -> None:
    assert civilian_rate(10.0, close, urban, rung, STANDOFF) == pytest.approx(
        10.0 * close * urban + 10.0 * STANDOFF * rung
    )
    assert civilian_rate(10.0, 0.0, urban, 0.0, STANDOFF) == 0.0


def test_method_changes_more_than_deaths() -> None:
    """One rung adds less than an eighth of full close fighting in a city (OHCHR 2022: 4,154 against some 300)."""
    assert civilian_rate(1.0, 0.0, 1.0, 1.0, STANDOFF) < 0.125 * civilian_rate(1.0, 1.0, 1.0, 0.0, STANDOFF)


def test_civilians_flee_from_the_fighting_but_not_all() -> None:
    assert still_there(0.0, 0.65, 40.0) == 1.0
    assert still_there(40.0, 0.65, 40.0) == pytest.approx(1.0 - 0.65 * (1.0 - math.exp(-1.0)))
    assert still_there(1e6, 0.65, 40.0) == pytest.approx(0.35)
