"""What mutineers do: marches, seizures, civilians killed, and how they are answered, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.unauthorised import (
    MECHANISM,
    among_civilians,
    civilians_killed,
    conceded,
    imprisoned,
    killing_hazard,
    march_hazard,
    shaken,
    stoppers,
    upper_hand,
)

P = {p.name: p.value for p in MECHANISM.parameters}
shares = st.floats(0.0, 1.0)


def march(grievance: float, together: float, pressed: float) -> float:
    return float(march_hazard(grievance, together, pressed, P["march"], P["anger"], P["numbers"], P["force"]))


def test_a_march_by_hand() -> None:
    """A quarter of the force in mutiny, a unit of grievance above 2, guards of a half and no blocking units."""
    assert march_hazard(3.0, 0.25, 0.25, 0.04, 0.5, 1.5, 1.0) == pytest.approx(0.04 * math.exp(0.5 + 0.75 - 0.25))
    assert march(2.0, 0.0, 0.0) == pytest.approx(P["march"])


@given(st.floats(0.0, 5.0), shares, shares, st.floats(0.01, 0.5))
def test_marches_grow_with_grievance_and_company_and_fall_with_what_stands_in_the_way(
    grievance: float, together: float, pressed: float, more: float
) -> None:
    at = march(grievance, together, pressed)
    assert march(grievance + more, together, pressed) > at
    assert march(grievance, together + more, pressed) > at
    assert march(grievance, together, pressed + more) < at


def test_a_lone_company_in_four_days_mostly_stays() -> None:
    assert 0.1 < 1.0 - math.exp(-4.0 * march(2.0, 0.0, 0.0)) < 0.4


def test_who_stands_in_the_way() -> None:
    """Of 50,000 who obey 100 are near, with half-strength guards two and a half times as many."""
    assert stoppers(50_000.0, 0.0, 0.002, 3.0) == pytest.approx(100.0)
    assert stoppers(50_000.0, 0.5, 0.002, 3.0) == pytest.approx(250.0)
    assert upper_hand(250.0, 250.0) == pytest.approx(0.5)
    assert upper_hand(100.0, 0.0) == pytest.approx(1.0)
    assert upper_hand(0.0, 0.0) == 0.0


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(1.0, 1e5))
def test_the_upper_hand_is_a_share_that_grows_with_marchers(marchers: float, against: float, more: float) -> None:
    hand = upper_hand(marchers, against)
    assert 0.0 <= hand <= upper_hand(marchers + more, against) <= 1.0
    assert upper_hand(marchers, against + more) <= hand


def test_the_ruler_is_shaken_by_a_march_and_recovers() -> None:
    assert shaken(0.6, 0.0, 1.0, 30.0) == pytest.approx(0.6)
    assert shaken(0.0, 0.6, 1.0, 30.0) == pytest.approx(0.58)
    assert shaken(0.0, 0.0, 1.0, 30.0) == 0.0


def test_a_seized_place_is_answered_by_concession_and_a_stopped_march_by_prison() -> None:
    stayed, stopped, held = (imprisoned(0.1, m, h, 0.4, 0.5) for m, h in ((0, 0), (1, 0), (1, 1)))
    assert (stayed, stopped, held) == pytest.approx((0.1, 0.15, 0.06))
    assert conceded(0.25, 0.0, 0.4) == pytest.approx(0.25)
    assert conceded(0.25, 1.0, 0.4) == pytest.approx(0.55)
    assert imprisoned(0.9, 1.0, 0.0, 0.4, 0.5) == 1.0


@given(shares, shares, shares)
def test_what_is_conceded_is_a_share(concession: float, holding: float, yields: float) -> None:
    assert concession - 1e-12 <= conceded(concession, holding, yields) <= 1.0 + 1e-12


def test_civilians_are_killed_by_violent_mutineers_among_them() -> None:
    assert among_civilians(0.3, 0.0) == pytest.approx(0.3)
    assert among_civilians(0.3, 1.0) == pytest.approx(1.0)
    assert killing_hazard(1.0, 4.0, 0.3, 0.01, 0.5) == pytest.approx(0.003 * math.e)
    assert killing_hazard(0.0, 4.0, 1.0, 0.01, 0.5) == 0.0
    assert killing_hazard(1.0, 4.0, 0.0, 0.01, 0.5) == 0.0


def test_how_many_are_killed() -> None:
    """Whole people, one at the least, four in the middle, above forty in one incident of twenty."""
    z = np.array([-3.0, 0.0, 1.6449])
    assert civilians_killed(z, 4.0, 1.4).tolist() == [1.0, 4.0, 40.0]
