"""How mutinies end."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.suppression import (
    MECHANISM,
    defect_share,
    end_hazard,
    violence_probability,
)

RATE, FORCE, DEFECT, PRISON = (MECHANISM.parameter(n).value for n in ("rate", "force", "defect", "prison"))
share = st.floats(0.0, 1.0)


def test_left_alone_a_mutiny_ends_at_its_own_rate() -> None:
    assert end_hazard(0.0, 0.0, RATE, FORCE) == pytest.approx(1.0 - math.exp(-RATE))


@given(share, share, share)
def test_blocking_units_and_guards_shorten_it_alike(a: float, b: float, guards: float) -> None:
    low, high = min(a, b), max(a, b)
    assert end_hazard(low, guards, RATE, FORCE) <= end_hazard(high, guards, RATE, FORCE)
    assert end_hazard(a, b, RATE, FORCE) == pytest.approx(end_hazard(b, a, RATE, FORCE))
    assert 0.0 <= end_hazard(a, b, RATE, FORCE) <= 1.0


def test_forces_multiply_the_hazard_by_e_to_the_force() -> None:
    alone, full = (-math.log1p(-end_hazard(x, x, RATE, FORCE)) for x in (0.0, 1.0))
    assert full / alone == pytest.approx(math.exp(FORCE))


def test_most_mutinies_end_within_a_fortnight() -> None:
    assert 1 - (1 - end_hazard(0.0, 0.0, RATE, FORCE)) ** 14 > 0.95


@given(share, share, share)
def test_nobody_goes_over_without_an_offer_and_contact(offer: float, contact: float, each: float) -> None:
    assert defect_share(0.0, contact, each) == 0.0
    assert defect_share(offer, 0.0, each) == 0.0
    assert 0.0 <= defect_share(offer, contact, each) <= 1.0


def test_the_stated_share_is_that_of_a_middling_offer() -> None:
    assert defect_share(0.5, 0.5, DEFECT) == pytest.approx(DEFECT)


def test_imprisoned_share_is_that_of_france_1917() -> None:
    """Pedroncini: 23 for life, 1,381 heavy and 1,492 lesser sentences among about 35,000 participants."""
    assert pytest.approx((23 + 1381 + 1492) / 35_000, abs=0.005) == PRISON


def test_blocking_and_guards_count_half_each() -> None:
    only = -math.log1p(-end_hazard(1.0, 0.0, 0.2, 1.0))
    assert only == pytest.approx(0.2 * math.exp(0.5))


def test_a_third_of_mutinies_are_violent_at_common_grievance_and_more_of_the_bitter() -> None:
    assert violence_probability(2.0, 0.5, 0.33, 0.5) == pytest.approx(0.33)
    assert violence_probability(4.0, 0.5, 0.33, 0.5) > 0.5 > violence_probability(1.0, 0.5, 0.33, 0.5)
    assert violence_probability(2.0, 0.9, 0.33, 0.5) < 0.33
