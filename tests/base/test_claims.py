"""The claim catalogue has its eighteen rows and finds them by id or name."""

from __future__ import annotations

import pytest

from allegiance.base.claims import CLAIMS, claim
from allegiance.base.errors import AllegianceError


def test_ids_are_c1_to_c16_then_two_controls() -> None:
    assert [c.id for c in CLAIMS] == [f"C{i}" for i in range(1, 17)] + ["N1", "N2"]
    assert [c.id for c in CLAIMS if c.is_control] == ["N1", "N2"]


def test_names_are_unique_and_every_field_is_said() -> None:
    assert len({c.name for c in CLAIMS}) == len(CLAIMS)
    assert all(c.sentence.endswith(".") and c.pattern.endswith(".") for c in CLAIMS)
    assert {c.id for c in CLAIMS if c.check} >= {"C1", "C3", "C6", "C8", "C10"}


@pytest.mark.parametrize("name", ["C5", "c5", " coup-proofing ", "Coup-Proofing"])
def test_found_by_id_or_name(name: str) -> None:
    assert claim(name).id == "C5"


def test_unknown_claim_names_near_ones() -> None:
    with pytest.raises(AllegianceError, match=r"unknown claim 'conscripton'\n.*did you mean 'conscription'"):
        claim("conscripton")
    with pytest.raises(AllegianceError, match=r"'c1' or|c16"):
        claim("C17")
