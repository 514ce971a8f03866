"""Kinds of brigades: they add up to their force, or the fault says where they do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.base.errors import FaultyInput
from allegiance.cases.checks import STATIC
from allegiance.cases.faults import validated
from allegiance.cases.kinds import compositions
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, dump, with_values
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case, Category

NAMES = ("contract", "conscript", "mobilised")
ARMY = "sides.russia.forces.army"


def number(value: float, unit: str = "share") -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "judgement", "note": "made up"}


def kind(share: float, **composition: float) -> dict[str, Any]:
    held = {name: number(value) for name, value in composition.items()}
    return {"name": "A kind", "share": number(share), "ready": number(0.5, "level"), "composition": held}


def reference(**kinds: dict[str, Any]) -> Case:
    """The reference case, whose stronger army is half contract and half conscript, with kinds of brigades."""
    data = dump(load_case("reference"))
    data["sides"]["stronger"]["forces"]["army"]["brigades"] = kinds
    return validated(Document("case.yaml", data), Case)


def fault(**kinds: dict[str, Any]) -> str:
    with pytest.raises(FaultyInput) as caught:
        reference(**kinds)
    return "\n".join(str(one) for one in caught.value.faults)


def test_shares_add_up_to_one() -> None:
    told = fault(a=kind(0.5), b=kind(0.4))
    assert "sides.stronger.forces.army.brigades: share over the kinds of brigades must add up to 1 (found: 0.9)" in told
    assert "correct the shares" in told


def test_a_composition_adds_up_to_one() -> None:
    told = fault(a=kind(0.5, contract=0.9), b=kind(0.5))
    assert "brigades.a.composition: composition must add up to 1 (found: 0.9)" in told


def test_compositions_together_are_the_force() -> None:
    told = fault(a=kind(0.5, contract=1.0), b=kind(0.5, contract=0.2, conscript=0.8))
    assert "hold another share of 'contract' than the force, 0.5 (found: 0.6)" in told
    assert "leave out that of one kind, which then holds the rest" in told
    assert "another share of 'contract'" in fault(a=kind(0.8, contract=1.0), b=kind(0.2)), "more than there are"
    reference(a=kind(0.5, contract=0.8, conscript=0.2), b=kind(0.5, contract=0.2, conscript=0.8))
    reference(a=kind(0.5, contract=0.8, conscript=0.2), b=kind(0.5))


def test_a_case_without_kinds_is_the_case_it_was() -> None:
    """Nothing is written where nothing is given, so that its hash, and what is kept under it, stay."""
    plain = load_case("reference")
    assert "brigades" not in dump(plain)["sides"]["stronger"]["forces"]["army"]
    assert case_hash(reference(a=kind(1.0))) != case_hash(plain)


def test_who_sets_a_share_of_the_force_moves_whom_its_kinds_hold() -> None:
    case = load_case("russia-ukraine-2022")
    changed = with_values(case, {f"{ARMY}.composition.contract": 0.7}).sides["russia"].forces["army"]
    held = {c.value: sum(k.share.value * k.composition[c].value for k in changed.brigades.values())
            for c in changed.composition}  # fmt: skip
    assert held == pytest.approx({"contract": 0.7, "conscript": 0.3}, abs=1e-6)
    rear, line = (changed.brigades[k].composition[Category.conscript].value for k in ("rear", "line"))
    assert rear > line
    more = with_values(case, {f"{ARMY}.brigades.ready.share": 0.5}).sides["russia"].forces["army"]
    assert sum(k.share.value for k in more.brigades.values()) == pytest.approx(1.0)


@given(
    st.lists(st.tuples(st.floats(0.05, 1.0), st.floats(0.0, 1.0)), min_size=1, max_size=5), st.floats(0.01, 0.99)
)
def test_whatever_is_given_they_add_up(kinds: list[tuple[float, float]], contract: float) -> None:
    given_ = [{"contract": held, "conscript": 1.0 - held} for _, held in kinds]
    shares = np.array([share for share, _ in kinds])
    made = compositions(given_, shares, {"contract": contract, "conscript": 1.0 - contract}, NAMES)
    assert made.min() >= 0.0
    assert made.sum(axis=1) == pytest.approx(1.0)
    assert shares / shares.sum() @ made == pytest.approx([contract, 1.0 - contract, 0.0], abs=2e-2)


def test_a_decision_cannot_change_kinds_but_a_force_may_bear_the_name() -> None:
    assert STATIC.search("sides.russia.forces.army.brigades.ready.share")
    assert not STATIC.search("sides.libya.forces.brigades.deployed")
