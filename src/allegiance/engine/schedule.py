"""The order of a day, as data. The documentation and the engine read the same table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allegiance.engine.phases import (
    appraisal,
    choice,
    collective,
    combat,
    command,
    escalation,
    learning,
    medicine,
    opponent,
    record,
    ruler,
    society,
    supply,
    tasking,
)
from allegiance.engine.state import World


@dataclass(frozen=True)
class Phase:
    """One part of a day."""

    name: str
    step: Callable[[World], None]
    mechanisms: tuple[str, ...]
    doc: str


SCHEDULE: tuple[Phase, ...] = (
    Phase("tasking", tasking.step, ("command", "linkage"), "which brigades are in contact, against whom, among whom"),
    Phase("supply", supply.step, (), "food, warmth, kit and pay, split between forces by resource shares"),
    Phase("combat", combat.step, ("capability", "combat", "coup_proofing"), "power, losses, ground"),
    Phase("medicine", medicine.step, ("wounded",), "evacuation, return to duty, return of absent men"),
    Phase(
        "appraisal",
        appraisal.step,
        (
            "deprivation", "relative_deprivation", "coup_proofing", "hidden_effort", "contagion", "linkage",
            "inducement", "protest", "cascade",
        ),
        "each company's grievances and shared pressures",
    ),
    Phase("choice", choice.step, ("choice", "conscription", "inclusion", "deprivation"), "obey, shirk, refuse, leave"),
    Phase("collective action", collective.step, ("cascade", "suppression"), "readiness becomes mutiny, or not"),
    Phase("command", command.step, ("command", "plot", "coup_proofing", "protest"), "commanders halt or plot"),
    Phase("ruler", ruler.step, ("recruitment",), "replacement of losses and new formations"),
    Phase("society", society.step, ("home_front", "protest"), "bereavement, protest, repression, signals"),
    Phase("opponent", opponent.step, ("inducement",), "offers to the other side's soldiers"),
    Phase("learning", learning.step, ("learning",), "beliefs about relative strength; settle or fight on"),
    Phase("escalation", escalation.step, ("escalation",), "progress against hope; means of destruction; civilians"),
    Phase("record", record.step, (), "events of individuals, by brigade"),
)  # fmt: skip
