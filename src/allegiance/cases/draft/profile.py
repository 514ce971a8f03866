"""An army in some twenty levels: what drafts are compared by, with each other, with the past and with the library."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft import army, command, contest, enemy, parallel, people, proofing, wants
from allegiance.cases.draft.about import About
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.states import all_states
from allegiance.cases.schema import Case, Force, Side

READ: Mapping[str, Callable[[About], float]] = {
    "supply": lambda a: wants.supply(a).value,
    "pay": lambda a: wants.pay(a, "regular").value,
    "quality": lambda a: wants.quality(a, "regular").value,
    "equipment": lambda a: wants.equipment(a, "regular").value,
    "monitoring": lambda a: command.monitoring(a).value,
    "punishment": lambda a: command.punishment(a).value,
    "inclusion": lambda a: people.inclusion(a).value,
    "inducement": lambda a: enemy.inducement(a).value,
    "counterbalancing": lambda a: proofing.counterbalancing(a).value,
    "stacking": lambda a: proofing.stacking(a).value,
    "purges": lambda a: proofing.purges(a).value,
    "surveillance": lambda a: proofing.surveillance(a).value,
    "commanders' loyalty": lambda a: command.command_loyalty(a, "regular").value,
    "competence": lambda a: command.competence(a).value,
    "loyalty": lambda a: command.loyalty(a, "regular").value,
    "conscripts": lambda a: drafted(army.composition(a)),
    "soldiers (log10)": lambda a: math.log10(army.strength(a).value),
    "parallel forces (share)": lambda a: beside(a),
    "coup rate (log10)": lambda a: math.log10(max(proofing.coup_rate(a).value, 1e-4)),
}
"""Levels of a draft, by name."""

OF_CASE: Mapping[str, Callable[[Side, Force], float]] = {
    "supply": lambda s, f: s.supply.value,
    "pay": lambda s, f: f.pay.value,
    "quality": lambda s, f: f.quality.value,
    "equipment": lambda s, f: f.equipment.value,
    "monitoring": lambda s, f: s.monitoring.value,
    "punishment": lambda s, f: s.punishment.value,
    "inclusion": lambda s, f: s.inclusion.value,
    "inducement": lambda s, f: s.inducement.value,
    "counterbalancing": lambda s, f: s.coup_proofing.counterbalancing.value,
    "stacking": lambda s, f: s.coup_proofing.stacking.value,
    "purges": lambda s, f: s.coup_proofing.purges.value,
    "surveillance": lambda s, f: s.coup_proofing.surveillance.value,
    "commanders' loyalty": lambda s, f: f.command.loyalty.value,
    "competence": lambda s, f: f.command.competence.value,
    "loyalty": lambda s, f: f.loyalty.value,
    "conscripts": lambda s, f: sum(v.value for c, v in f.composition.items() if c.value in ("conscript", "mobilised")),
    "soldiers (log10)": lambda s, f: math.log10(max(f.strength.value, 1.0)),
    "parallel forces (share)": lambda s, f: 1 - f.strength.value / sum(x.strength.value for x in s.forces.values()),
    "coup rate (log10)": lambda s, f: math.log10(max(s.coup_base_rate.value, 1e-4)),
}
"""The same levels of a case's side and its largest regular force."""


def drafted(mix: Mapping[str, object]) -> float:
    """Share of conscripts in a composition."""
    found = mix.get("conscript")
    return float(getattr(found, "value", 0.0))


def beside(a: About) -> float:
    """Share of all soldiers under arms who are not in the army."""
    others = sum(p.strength.value for p in parallel.parallel(a))
    return others / (others + army.strength(a).value)


def profile(a: About) -> dict[str, float]:
    """The levels of a state's army on a day.

    Raises:
        AllegianceError: there is no army.
    """
    army.strength(a)
    return {name: read(a) for name, read in READ.items()}


def profile_of_case(case: Case, side: str) -> dict[str, float]:
    """The levels of a case's side, of its largest regular force."""
    held = case.sides[side]
    forces = sorted(held.forces.values(), key=lambda f: (f.kind != "regular", -f.strength.value))
    return {name: read(held, forces[0]) for name, read in OF_CASE.items()}


def profiles(panel: Panel, year: int) -> dict[int, tuple[str, dict[str, float]]]:
    """What it faces, and its levels, of every state with an army on the first of January of a year; by code."""
    found = {}
    for state in all_states(date(year, 1, 1)):
        about = About(panel, int(str(state["gwcode"])), date(year, 1, 1))
        about.task = contest.task_of(about)
        try:
            found[about.code] = (about.task, profile(about))
        except AllegianceError:
            continue
    return found
