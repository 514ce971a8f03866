"""The order of a day, and which mechanisms each part of it asks."""

from __future__ import annotations

from allegiance.day.schedule import SCHEDULE
from allegiance.theory.registry import MECHANISMS
from allegiance.world.events import EVENT_TYPES
from day import small

ASKS = {
    "tasking": {"command", "commitment", "coup_proofing", "linkage"}, "supply": {"hidden_effort"},
    "combat": {"capability", "combat", "contagion", "overtures", "turncoats", "wounded"},
    "medicine": {"choice", "wounded"}, "junior leaders": {"junior_leaders"},
    "choice": {"choice", "conscription", "contagion", "deprivation", "inclusion"},
    "collective action": {"cascade", "junior_leaders", "suppression", "unauthorised"}, "fragging": {"fragging"},
    "unauthorised action": {"command", "unauthorised"}, "crossing": {"command"},
    "turncoats": {"capability", "combat", "turncoats"}, "command": {"command", "linkage"},
    "flight": {"command", "learning"}, "plots": {"coup_proofing", "plot", "ruler"}, "ruler": {"recruitment"},
    "answer": {"command", "concession", "ruler", "turncoats"},
    "society": {"appeals", "concession", "home_front", "protest", "turncoats"},
    "overtures": {"appeals", "escalation", "overtures"}, "opponent": {"appeals", "overtures"},
    "learning": {"capability", "learning", "turncoats"}, "escalation": {"escalation", "learning"}, "record": set(),
}  # fmt: skip


def test_the_order_of_a_day() -> None:
    assert [phase.name for phase in SCHEDULE] == [
        "tasking", "supply", "combat", "medicine", "junior leaders", "appraisal", "choice", "collective action",
        "fragging", "unauthorised action", "crossing", "turncoats", "command", "flight", "plots", "ruler", "answer",
        "society", "overtures", "opponent", "learning", "escalation", "record",
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
        "mutiny", "march", "seizure", "mutineers_kill", "halt", "dismissal", "unit_defection", "flight", "call_out",
        "fragging", "defection", "desertion", "refusal",
    }  # fmt: skip
