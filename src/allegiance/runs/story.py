"""The story of one typical member, day by day, in sentences made from its events and its daily rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from allegiance.cases.schema import Case
from allegiance.runs.outcomes import INDIVIDUAL
from allegiance.world.events import ENDS

_TOLD = 400
"""Most sentences told."""
_UNAUTHORISED = {
    "march": "{size} mutineers of {where} leave their place and march",
    "seizure": "{size} mutineers of {where} seize a place",
    "mutineers_kill": "mutineers of {where} kill civilians: {size}",
}


def typical_member(members: pl.DataFrame, case: Case) -> int:
    """The member whose outcomes lie nearest the medians, each outcome measured in its own spread."""
    names = [f"{s}.{f}" for s in case.sides for f in (*INDIVIDUAL, "mutiny", "killed")]
    names += ["war.duration_days", "civilians_killed", "escalation.max_level"]
    table = members.select(names).to_numpy().astype(float)
    middle = np.median(table, axis=0)
    width = np.quantile(table, 0.9, axis=0) - np.quantile(table, 0.1, axis=0)
    distance = np.abs(table - middle) / np.where(width > 0, width, 1.0)
    return int(members["member"][int(distance.sum(axis=1).argmin())])


def story_frame(case: Case, members: pl.DataFrame, daily: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Columns member, day, date, side, text: what a chronicler of the typical member would note."""
    member = typical_member(members, case)
    told = [
        (d.date, "", f"{d.label} (a decision that happened, given by the case)")
        for d in case.decisions.values()
        if d.enabled
    ]
    last = int(daily.filter(pl.col("member") == member)["day"].max())  # type: ignore[arg-type]
    end = case.start + timedelta(days=last)
    told = [t for t in told if case.start <= t[0] <= end]
    told += _happenings(case, events.filter(pl.col("member") == member))
    told += _milestones(case, daily.filter(pl.col("member") == member))
    told.sort(key=lambda t: t[0])
    rows = [(member, (d - case.start).days, d, side, text) for d, side, text in told[:_TOLD]]
    schema = {"member": pl.Int32, "day": pl.Int32, "date": pl.Date, "side": pl.String, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _happenings(case: Case, events: pl.DataFrame) -> list[tuple[date, str, str]]:
    told = []
    for row in events.iter_rows(named=True):
        when = case.start + timedelta(days=row["day"])
        unit = row["company"] or row["formation"]
        where = f"{row['force']}, {unit}" if unit else f"another formation of {row['force']}"
        size = f"{row['size']:,.0f}"
        if row["type"] == "mutiny":
            manner = "a violent mutiny" if row["violent"] else "a mutiny"
            led = ", led by its sergeants or lieutenants" if row.get("led") else ""
            often = f" (and {row['weight'] - 1:.0f} like it)" if row["weight"] > 1 else ""
            told.append((when, row["side"], f"{manner} of {size} soldiers in {where}{led}{often}"))
        elif row["type"] in _UNAUTHORISED:
            often = f" (and {row['weight'] - 1:.0f} times elsewhere)" if row["weight"] > 1 else ""
            told.append((when, row["side"], _UNAUTHORISED[row["type"]].format(size=size, where=where) + often))
        elif row["type"] == "halt":
            told.append((when, row["side"], f"the commander of {where} halts {size} soldiers"))
        elif row["type"] == "dismissal":
            told.append((when, row["side"], f"the commander of {where}, who had halted, is replaced"))
        elif row["type"] == "unit_defection":
            told.append((when, row["side"], f"{where} goes over under its commander, {size} soldiers"))
        elif row["type"] == "civil_war":
            told.append((when, row["side"], f"a civil war: {size} who went over fight against the army they left"))
        elif row["type"] == "flight":
            told.append((when, row["side"], f"the commander of {where} leaves the soldiers"))
        elif row["type"] == "call_out":
            told.append((when, row["side"], "the ruler calls out the forces kept beside the army"))
        elif row["type"] == "concession":
            told.append((when, row["side"], "the ruler concedes something to the crowd"))
        elif row["type"] == "fragging":
            told.append((when, row["side"], f"officers of {row['force']} attacked by their own: {row['weight']:.0f}"))
        elif row["type"] == "coup_attempt":
            told.append((when, row["side"], "commanders move against the ruler"))
        elif row["type"] == "coup_success":
            told.append((when, row["side"], "the ruler falls"))
        elif row["type"] == "escalation":
            told.append((when, row["side"], f"the means of destruction change to level {row['level']} of 5"))
        elif row["type"] == "settlement":
            told.append((when, "", "the sides settle"))
        elif row["type"] == "end":
            told.append((when, "", f"the contest ends: {ENDS[row['outcome']]}"))
    return told


def _milestones(case: Case, daily: pl.DataFrame) -> list[tuple[date, str, str]]:
    told = []
    by_side = daily.group_by("side", "day", maintain_order=True).agg(
        pl.col("strength", "deserted", "defected", "killed").sum(), pl.col("civilians_killed").first()
    )
    for side in case.sides:
        rows = by_side.filter(pl.col("side") == side).sort("day")
        for k in range(29, len(rows), 30):
            row = rows.row(k, named=True)
            told.append(
                (
                    case.start + timedelta(days=row["day"]),
                    side,
                    f"after {row['day'] + 1} days: {row['strength']:,.0f} present, {row['killed']:,.0f} killed, "
                    f"{row['deserted'] + row['defected']:,.0f} left or gone over",
                )
            )
    return told
