"""C4 and C8: how far dissidents appeal to soldiers, and the price."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.appeals import (
    MECHANISM,
    approached,
    balance,
    crowd_offer,
    effort,
    exposed,
    free_tomorrow,
    still_led,
    wavering,
)

P = {p.name: p.value for p in MECHANISM.parameters}
SHARE = st.floats(0.0, 1.0)


def test_a_week_in_the_square_by_hand() -> None:
    """Two in a hundred waver; half of the crowd is broken up, and soldiers are watched by half."""
    waver = wavering(0.005, 0.005, 0.01, 0.0)
    assert waver == pytest.approx(0.02)
    exposure = exposed(0.5, 0.5)
    assert exposure == 0.25
    pull = balance(waver, 0.02, exposure, 0.6, 0.6)
    assert pull == pytest.approx(0.6 * 0.5 - 0.6 * 0.25)
    assert effort(1.0, pull, 0.4, 0.3, 2.0) == pytest.approx(math.exp(0.3 * 0.15))
    assert free_tomorrow(1.0, 1.2, exposure, 0.05, 30.0) == pytest.approx(1 - 0.05 * 1.2 * 0.25)
    assert free_tomorrow(0.7, 1.0, 0.0, 0.05, 30.0) == pytest.approx(0.7 + 0.3 / 30)
    assert crowd_offer(0.8, 0.5, 1.2 * 0.9, 0.5) == pytest.approx(0.5 * 1.08 * 0.4)
    assert still_led(0.7, 0.3) == pytest.approx(0.91)
    assert approached(1.5, 0.8, 1.0, 0.9, 0.3) == pytest.approx(0.3 * 0.2 * 0.9)


def test_without_a_crowd_effort_is_and_stays_what_is_usual() -> None:
    assert balance(0.0, P["half"], exposed(0.0, 0.9), P["hope"], P["fear"]) == 0.0
    assert effort(1.0, 0.0, P["usual"], P["step"], P["most"]) == 1.0
    assert free_tomorrow(1.0, 1.0, 0.0, P["arrest"], P["release"]) == 1.0
    assert still_led(1.0, P["led"]) == 1.0
    assert approached(1.0, 1.0, 1.0, 1.0, P["approach"]) == 0.0
    assert effort(1.8, 0.0, P["usual"], P["step"], P["most"]) < 1.8
    assert effort(0.6, 0.0, P["usual"], P["step"], P["most"]) > 0.6


@given(SHARE, SHARE, SHARE)
def test_soldiers_who_waver_encourage_and_repression_deters(a: float, b: float, c: float) -> None:
    low, high = sorted((a, b))
    assert balance(low, 0.02, c, 0.6, 0.6) <= balance(high, 0.02, c, 0.6, 0.6)
    assert balance(c, 0.02, low, 0.6, 0.6) >= balance(c, 0.02, high, 0.6, 0.6)


@given(st.floats(0.5, 2.0), st.floats(-5.0, 5.0))
def test_effort_moves_by_a_step_at_most_and_stays_within_bounds(before: float, pull: float) -> None:
    after = effort(before, pull, 0.4, 0.3, 2.0)
    assert 0.5 <= after <= 2.0
    assert abs(math.log(after / before)) <= 0.3 + 1e-12


@given(SHARE, st.floats(0.5, 3.0), SHARE)
def test_who_appeals_more_loses_more_organisers(at_large: float, appeal: float, exposure: float) -> None:
    more, less = (free_tomorrow(at_large, x, exposure, 0.5, 30.0) for x in (appeal, 0.5))
    assert 0.0 <= more <= less <= 1.0


def test_wavering_is_a_share() -> None:
    assert wavering(0.5, 0.4, 0.6, 0.2) == 1.0
