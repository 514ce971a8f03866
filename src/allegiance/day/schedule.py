"""The order of a day, as data. The documentation and the engine read the same table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import getsource
from sys import modules

from allegiance.day import (
    answer,
    appraise,
    choose,
    command,
    cross,
    enforce,
    escalate,
    fight,
    flee,
    frag,
    heal,
    learn,
    march,
    mourn,
    offer,
    overture,
    plot,
    record,
    recruit,
    rise,
    supply,
    task,
    turn,
)
from allegiance.theory.registry import MECHANISMS
from allegiance.world.world import World


@dataclass(frozen=True)
class Phase:
    """One part of a day."""

    name: str
    step: Callable[[World], None]
    doc: str

    @cached_property
    def mechanisms(self) -> tuple[str, ...]:
        """Ids of the mechanisms it asks, read from its code; appraisal asks all that have terms."""
        code = getsource(modules[self.step.__module__])
        named = {m.id for m in MECHANISMS if re.search(rf"\btheory(\.{m.id}\b| import .*\b{m.id}\b)", code)}
        if self.name == "appraisal":
            named |= {m.id for m in MECHANISMS if m.terms}
        return tuple(sorted(named))


SCHEDULE: tuple[Phase, ...] = (
    Phase("tasking", task.step, "which brigades are in contact, against whom, among whom"),
    Phase("supply", supply.step, "food, warmth, kit and pay, split between forces by resource shares"),
    Phase("combat", fight.step, "power, losses, ground"),
    Phase("medicine", heal.step, "evacuation, return to duty, return of absent soldiers"),
    Phase("junior leaders", enforce.step, "sergeants and lieutenants enforce orders, or look away"),
    Phase("appraisal", appraise.step, "each company's grievances and shared pressures"),
    Phase("choice", choose.step, "obey, shirk, refuse, leave"),
    Phase("collective action", rise.step, "readiness becomes mutiny, or not"),
    Phase("fragging", frag.step, "officers attacked by their own soldiers"),
    Phase("unauthorised action", march.step, "mutineers march, seize places, kill civilians"),
    Phase("crossing", cross.step, "formations that change sides under their commanders"),
    Phase("turncoats", turn.step, "some who went over take up arms; it may have become a civil war"),
    Phase("command", command.step, "commanders pass orders on or halt"),
    Phase("flight", flee.step, "commanders who leave hopeless places"),
    Phase("plots", plot.step, "commanders move against the ruler, or do not"),
    Phase("ruler", recruit.step, "replacement of losses, new formations, relief of those whose term ends in peace"),
    Phase("answer", answer.step, "dismissals, parallel forces called out, the ruler's fall"),
    Phase("society", mourn.step, "bereavement, protest, repression, signals"),
    Phase("overtures", overture.step, "how kind each side is, how far dissidents appeal to soldiers, what is answered"),
    Phase("opponent", offer.step, "offers to the other side's soldiers"),
    Phase("learning", learn.step, "beliefs about relative strength; settle or fight on"),
    Phase("escalation", escalate.step, "progress against hope; means of destruction; civilians"),
    Phase("record", record.step, "what individuals did, by brigade"),
)
