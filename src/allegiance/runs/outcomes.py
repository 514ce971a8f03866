"""What a member's war came to: one row of outcomes per member."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.runs.member import Played
from allegiance.theory.forms import COUNTED, FORMS, INDIVIDUAL, THRESHOLDS
from allegiance.world.blueprint import Names
from allegiance.world.columns import Array
from allegiance.world.events import EVENT_CODE

__all__ = ["COUNTED", "INDIVIDUAL", "THRESHOLDS", "outcome_row"]


def outcome_row(played: Played, names: Names) -> dict[str, Any]:
    """Outcomes of one member.

    Keys: member, war.duration_days, war.parity_share, war.end, war.mean_log_ratio, escalation.max_level,
    civilians_killed; and per side S: S.coup_attempt, S.coup_success, S.mutiny (episodes), S.mutinous_companies,
    S.largest_mutiny (people), S.halted_brigades (counts),
    S.halted_share (most brigades halted on a day, share of those with orders), S.defection, S.desertion, S.refusal,
    S.shirking, S.mutineers (shares of all who served), S.served, S.killed, S.wounded, S.civilians_killed,
    S.coup_attempt_chance, S.coup_success_chance, S.mutiny_chance (daily chances of a first one, added up),
    S.turncoats (most who went over and fought at a time), S.civil_war (1 if there was one), S.civil_war_days,
    S.civil_war_deaths, S.peak_protest, S.max_level, S.compelled_share (at the end), S.grievance (mean of days).
    """
    daily, events = played.daily, played.events
    row: dict[str, Any] = {
        "member": played.member,
        "war.duration_days": played.days,
        "war.parity_share": played.parity_share,
        "war.end": played.end,
        "war.mean_log_ratio": float(daily["capability_log_ratio"].mean()),
        "escalation.max_level": int(daily["escalation"].max()),
    }
    side_of = np.array([names.sides.index(f.split(".", 1)[0]) for f in names.forces])
    last = daily["day"] == played.days - 1
    harm = 0.0
    for s, name in enumerate(names.sides):
        mine = daily["side"] == s
        days = {k: v[mine] for k, v in daily.items()}
        tonight = {k: v[mine & last] for k, v in daily.items()}
        row |= {f"{name}.{k}": v for k, v in _events_of(events[events["side"] == s]).items()}
        row |= {f"{name}.{form}_chance": float(played.chances[form][s]) for form in COUNTED}
        row |= {f"{name}.{k}": v for k, v in _shares(played.cross[side_of == s]).items()}
        row[f"{name}.served"] = float(played.cross[side_of == s][:, :, :, 0].sum())
        row |= {f"{name}.{k}": v for k, v in _conditions(days, tonight, played.days).items()}
        harm += row[f"{name}.civilians_killed"]
    row["civilians_killed"] = harm
    return row


def _events_of(own: Array) -> dict[str, float]:
    """How many attempts, successes, mutinies and halts of brigades there were on a side."""
    counts = {form: float(own["weight"][own["type"] == EVENT_CODE[form]].sum()) for form in COUNTED}
    mutinies = own[own["type"] == EVENT_CODE["mutiny"]]
    people = np.bincount(mutinies["episode"], mutinies["weight"] * mutinies["size"])
    counts["mutinous_companies"] = counts["mutiny"]
    counts["mutiny"] = float(np.count_nonzero(people))
    counts["largest_mutiny"] = float(people.max(initial=0.0))
    counts["halted_brigades"] = float(own["weight"][own["type"] == EVENT_CODE["halt"]].sum())
    return counts


def _shares(cross: Array) -> dict[str, float]:
    """Shares of all who served that ever took each form."""
    served = max(float(cross[:, :, :, 0].sum()), 1.0)
    return {form.measure: float(cross[:, :, :, k + 1].sum()) / served for k, form in enumerate(FORMS)}


def _conditions(days: dict[str, Array], tonight: dict[str, Array], count: int) -> dict[str, float]:
    """What a side's days came to: losses, harm, protest, composition and grievance."""
    men = np.maximum(tonight["strength"], 1e-9)
    compelled = tonight["share_conscript"] + tonight["share_mobilised"] + tonight["share_prisoner"]
    return {
        "halted_share": _most_halted(days, count),
        "killed": float(tonight["killed"].sum()),
        "wounded": float(tonight["wounded"].sum()),
        "civilians_killed": float(tonight["civilians_killed"][0]),
        "turncoats": float(days["turncoats"].max()),
        "civil_war": int(tonight["civil_war_days"][0] > 0),
        "civil_war_days": int(tonight["civil_war_days"][0]),
        "civil_war_deaths": float(tonight["civil_war_deaths"][0]),
        "peak_protest": float(days["protest"].max()),
        "max_level": int(days["escalation"].max()),
        "compelled_share": float((compelled * men).sum() / men.sum()),
        "grievance": float(np.average(days["grievance"], weights=np.maximum(days["strength"], 1e-9))),
    }


def _most_halted(own: dict[str, Array], days: int) -> float:
    """Most brigades halted on one day, as a share of those with orders."""
    ordered, halted = (own[name].reshape(days, -1).sum(axis=1) for name in ("ordered", "halted"))
    return float((halted / np.maximum(ordered, 1.0)).max())
