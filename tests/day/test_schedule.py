"""The order of a day, and which mechanisms each part of it asks."""

from __future__ import annotations

from allegiance.day.schedule import SCHEDULE
from allegiance.theory.registry import MECHANISMS

ASKS = {
    "tasking": {"command", "linkage", "coup_proofing"}, "supply": {"hidden_effort"},
    "combat": {"capability", "combat", "contagion", "wounded"},
    "medicine": {"wounded", "choice"}, "choice": {"choice", "deprivation", "conscription", "inclusion", "contagion"},
    "collective action": {"cascade", "suppression"}, "fragging": {"fragging"}, "command": {"command", "linkage"},
    "crossing": {"command"}, "flight": {"command", "learning"}, "plots": {"plot", "coup_proofing", "ruler"},
    "ruler": {"recruitment"}, "answer": {"ruler", "command"}, "society": {"home_front", "protest"}, "opponent": set(),
    "learning": {"learning"}, "escalation": {"escalation", "learning"}, "record": set(),
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
