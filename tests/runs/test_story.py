"""What a chronicler notes of one member, from one event of every type."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from allegiance.cases.loader import load_case
from allegiance.runs.story import _happenings
from allegiance.theory.forms import INDIVIDUAL
from allegiance.world.events import EVENT_TYPES

EVENT = {
    "day": 3, "type": "", "side": "weaker", "force": "army", "formation": "brigade 4", "company": "", "size": 1200.0,
    "weight": 1.0, "level": 0, "violent": False, "outcome": "",
}  # fmt: skip
TOLD = {
    "mutiny": "a mutiny of 1,200 soldiers in army, brigade 4",
    "march": "1,200 mutineers of army, brigade 4 leave their place and march",
    "seizure": "1,200 mutineers of army, brigade 4 seize a place",
    "mutineers_kill": "mutineers of army, brigade 4 kill civilians: 1,200",
    "halt": "the commander of army, brigade 4 halts 1,200 soldiers",
    "dismissal": "the commander of army, brigade 4, who had halted, is replaced",
    "unit_defection": "army, brigade 4 goes over under its commander, 1,200 soldiers",
    "civil_war": "a civil war: 1,200 who went over fight against the army they left",
    "flight": "the commander of army, brigade 4 leaves the soldiers",
    "call_out": "the ruler calls out the forces kept beside the army",
    "concession": "the ruler concedes something to the crowd",
    "fragging": "officers of army attacked by their own: 2",
    "coup_attempt": "commanders move against the ruler",
    "coup_success": "the ruler falls",
    "escalation": "the means of destruction change to level 3 of 5",
    "settlement": "the sides settle",
    "end": "the contest ends: the regime fell",
}


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_that_is_not_of_single_soldiers_is_told(kind: str) -> None:
    of = {"escalation": {"level": 3}, "end": {"outcome": "regime_fell"}, "fragging": {"weight": 2.0}}.get(kind, {})
    told = _happenings(load_case("reference"), pl.DataFrame([EVENT | {"type": kind} | of]))
    if kind in INDIVIDUAL:
        assert told == []
        return
    ((when, side, text),) = told
    assert (when, text) == (date(2000, 1, 4), TOLD[kind])
    assert side == ("" if kind in ("settlement", "end") else "weaker")


def test_where_a_formation_is_only_stood_for_it_has_no_name() -> None:
    told = _happenings(load_case("reference"), pl.DataFrame([EVENT | {"type": "halt", "formation": ""}]))
    assert told[0][2] == "the commander of another formation of army halts 1,200 soldiers"
