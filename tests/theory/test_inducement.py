"""C8: a safe way out acts on defection, where there is contact."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.forms import NAMES, Routes
from allegiance.theory.inducement import MECHANISM, inducement_pressure

WEIGHT, LINKED = (MECHANISM.parameter(n).value for n in ("weight", "linked"))
share = st.floats(0.0, 1.0)


@given(share, share)
def test_no_offer_or_no_contact_no_pressure(x: float, tie: float) -> None:
    assert inducement_pressure(0.0, x, tie, WEIGHT, LINKED) == 0.0
    assert inducement_pressure(x, 0.0, tie, WEIGHT, LINKED) == 0.0


@given(share, share, share, share)
def test_tied_soldiers_are_drawn_more(offer: float, contact: float, a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert inducement_pressure(offer, contact, high, WEIGHT, LINKED) >= inducement_pressure(
        offer, contact, low, WEIGHT, LINKED
    )


def test_weak_offers_multiply_defection_a_little() -> None:
    """A judgement held in place, no study's size: 1.1 to 1.5 for a good offer in contact, to a stranger or to kin."""
    assert 1.1 < math.exp(inducement_pressure(0.5, 1.0, 0.0, WEIGHT, LINKED)) < 1.5
    assert 1.1 < math.exp(inducement_pressure(0.4, 0.8, 0.5, WEIGHT, LINKED)) < 1.5


def test_full_offer_to_a_stranger_is_the_weight() -> None:
    assert inducement_pressure(1.0, 1.0, 0.0, WEIGHT, LINKED) == pytest.approx(WEIGHT)
    assert inducement_pressure(1.0, 1.0, 1.0, WEIGHT, LINKED) == pytest.approx(WEIGHT * (1 + LINKED))


def test_it_reaches_defection_and_nothing_else() -> None:
    (only,) = MECHANISM.terms
    assert isinstance(only.into, Routes)
    assert dict(zip(NAMES, only.into.array(), strict=True)) == {
        "shirking": 0.0, "refusal": 0.0, "desertion": 0.0, "defection": 1.0, "mutiny": 0.0,
    }  # fmt: skip
