"""The order of a day, and which mechanisms each part of it asks."""

from __future__ import annotations

from allegiance.day.schedule import SCHEDULE
from allegiance.theory.registry import MECHANISMS
from allegiance.world.events import EVENT_TYPES
from day import small

ASKS = {
    "tasking": {"command", "commitment", "linkage", "coup_proofing"}, "supply": {"hidden_effort"},
    "combat": {"capability", "combat", "contagion", "wounded"},
    "medicine": {"wounded", "choice"}, "choice": {"choice", "deprivation", "conscription", "inclusion", "contagion"},
    "collective action": {"cascade", "suppression"}, "fragging": {"fragging"}, "command": {"command", "linkage"},
    "crossing": {"command"}, "flight": {"command", "learning"}, "plots": {"plot", "coup_proofing", "ruler"},
    "ruler": {"recruitment"}, "answer": {"ruler", "command"}, "society": {"home_front", "protest"}, "opponent": set(),
    "learning": {"learning", "capability"}, "escalation": {"escalation", "learning"}, "record": set(),
}  # fmt: skip


def test_the_order_of_a_day() -> None:
    assert [phase.name for phase in SCHEDULE] == [
        "tasking", "supply", "combat", "medicine", "appraisal", "choice", "collective action", "fragging", "crossing",
        "command", "flight", "plots", "ruler", "answer", "society", "opponent", "learning", "escalation", "record",
    ]  # fmt: skip


def test_each_phase_names_the_mechanisms_it_asks() -> None:
    for phase in SCHEDULE:
        if phase.name in ASKS:
            assert set(phase.mechanisms) == ASKS[phase.name], phase.name


def test_every_mechanism_is_asked_somewhere() -> None:
    asked = {m for phase in SCHEDULE for m in phase.mechanisms}
    assert asked >= {m.id for m in MECHANISMS}
    appraisal = next(phase for phase in SCHEDULE if phase.name == "appraisal")
    assert set(appraisal.mechanisms) >= {m.id for m in MECHANISMS if m.terms}


def test_the_war_by_which_members_side_by_side_are_compared_asks_every_phase_that_tells() -> None:
    """Otherwise a phase would be shown to treat two members alike on a day on which it does nothing."""
    happened = set()
    for kind in ("interstate", "repression"):
        events = small.before_and_at(small.fierce((0, 1), kind=kind), SCHEDULE[-1].step).events.table()
        happened |= {EVENT_TYPES[code] for code in events["type"]}
    assert happened >= {
        "mutiny", "halt", "dismissal", "unit_defection", "flight", "call_out", "fragging", "defection", "desertion",
        "refusal",
    }  # fmt: skip
