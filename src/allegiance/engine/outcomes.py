"""What a member's war came to: one row of outcomes per member."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.engine.state import FORMS, E, T
from allegiance.run.member import Played
from allegiance.world.blueprint import Names

COUNTED = ("coup_attempt", "coup_success", "mutiny")
"""Forms counted as events of a side."""
INDIVIDUAL = ("defection", "desertion", "refusal", "shirking")
"""Forms counted as the share of a side's soldiers who ever took them."""
THRESHOLDS = {"defection": 0.001, "desertion": 0.01, "refusal": 0.01, "shirking": 0.01}
"""Share of a side's soldiers above which an individual form counts as having happened."""


def outcome_row(played: Played, names: Names) -> dict[str, Any]:
    """Outcomes of one member.

    Keys: member, war.duration_days, war.parity_share, war.end, war.mean_log_ratio, escalation.max_level,
    civilians_killed; and per side S: S.coup_attempt, S.coup_success, S.mutiny, S.halted_brigades (counts),
    S.halted_share (most brigades halted on a day, share of those with orders), S.defection, S.desertion, S.refusal,
    S.shirking, S.mutineers (shares of all who served), S.killed, S.wounded, S.civilians_killed, S.peak_protest,
    S.max_level, S.compelled_share (at the end), S.grievance (mean of days).
    """
    daily, events, side_of = played.daily, played.events, _side_of(names)
    row: dict[str, Any] = {
        "member": played.member,
        "war.duration_days": played.days,
        "war.parity_share": played.parity_share,
        "war.end": played.end,
        "war.mean_log_ratio": float(daily["capability_log_ratio"].mean()),
        "escalation.max_level": int(daily["escalation"].max()),
    }
    last = daily[daily["day"] == played.days - 1]
    harm = 0.0
    for s, name in enumerate(names.sides):
        mine = np.flatnonzero(side_of == s)
        own = events[events["side"] == s]
        days, rows = daily[daily["side"] == s], last[last["side"] == s]
        for form in COUNTED:
            row[f"{name}.{form}"] = float(own["weight"][own["type"] == E[form]].sum())
        halts = (own["type"] == E["refusal"]) & (own["officers"] == 1)
        row[f"{name}.halted_brigades"] = float(own["weight"][halts].sum())
        served = float(played.cross[mine, :, :, 0].sum())
        for k, form in enumerate(FORMS):
            column = "mutineers" if form == "mutiny" else form
            row[f"{name}.{column}"] = float(played.cross[mine, :, :, k + 1].sum()) / max(served, 1.0)
        row[f"{name}.halted_share"] = _most_halted(days, played.days)
        row[f"{name}.killed"] = float(played.tally[mine, T["killed"]].sum())
        row[f"{name}.wounded"] = float(played.tally[mine, T["wounded"]].sum())
        civilians = float(rows["civilians_killed"][0])
        harm += civilians
        row[f"{name}.civilians_killed"] = civilians
        row[f"{name}.peak_protest"] = float(days["protest"].max())
        row[f"{name}.max_level"] = int(days["escalation"].max())
        men = np.maximum(rows["strength"], 1e-9)
        compelled = rows["share_conscript"] + rows["share_mobilised"] + rows["share_prisoner"]
        row[f"{name}.compelled_share"] = float((compelled * men).sum() / men.sum())
        row[f"{name}.grievance"] = float(np.average(days["grievance"], weights=np.maximum(days["strength"], 1e-9)))
    row["civilians_killed"] = harm
    return row


def _most_halted(own: Any, days: int) -> float:
    """Most brigades halted on one day, as a share of those with orders."""
    ordered, halted = (own[name].reshape(days, -1).sum(axis=1) for name in ("ordered", "halted"))
    return float((halted / np.maximum(ordered, 1.0)).max())


def _side_of(names: Names) -> Any:
    return np.array([names.sides.index(f.split(".", 1)[0]) for f in names.forces])
