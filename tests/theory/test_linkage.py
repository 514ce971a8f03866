"""C3: the tie acts only through the task."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.linkage import MECHANISM, facing, kin_grievance, linkage_pressure

FIGHTING = MECHANISM.parameter("fighting").value
WEIGHT = MECHANISM.parameter("refusal").value
share = st.floats(0.0, 1.0)


@given(share, share)
def test_a_formation_out_of_contact_faces_nobody(against: float, fighting: float) -> None:
    assert facing(against, fighting, 0.0) == 0.0


@given(share, share, share)
def test_facing_is_a_share_and_repression_faces_in_full(against: float, fighting: float, contact: float) -> None:
    assert 0.0 <= facing(against, fighting, contact) <= 1.0
    assert facing(1.0, fighting, 1.0) == 1.0
    assert facing(0.0, fighting, 1.0) == fighting


@given(share)
def test_interaction_no_tie_or_no_exposure_no_effect(x: float) -> None:
    """The claim is a product: either factor at zero silences the other."""
    for function in (linkage_pressure, kin_grievance):
        assert function(x, 0.0, WEIGHT) == 0.0
        assert function(0.0, x, WEIGHT) == 0.0
    assert linkage_pressure(1.0, 1.0, WEIGHT) == pytest.approx(WEIGHT)


@given(share, share, share)
def test_stronger_ties_add_pressure_in_proportion_to_exposure(a: float, b: float, faced: float) -> None:
    gain = linkage_pressure(a, faced, WEIGHT) - linkage_pressure(b, faced, WEIGHT)
    assert gain == pytest.approx(WEIGHT * (a - b) * faced, abs=1e-12)


def test_repression_binds_ties_more_than_war_among_civilians() -> None:
    assert linkage_pressure(1.0, facing(1.0, FIGHTING, 1.0), WEIGHT) > 2 * linkage_pressure(
        1.0, facing(0.0, FIGHTING, 1.0), WEIGHT
    )
