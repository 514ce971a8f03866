"""Tables of a run, as a user reads them."""

from __future__ import annotations

import numpy as np
import polars as pl

from allegiance.engine.phases.record import DAILY
from allegiance.engine.state import CATEGORIES, EVENT_TYPES, FORMS
from allegiance.run.member import Played
from allegiance.world.blueprint import Blueprint

_WHOLE = ("escalation",)
_COUNTS = (
    "strength", "effective", "contact", "shirking", "refusing", "in_mutiny", "ordered", "halted", "deserted",
    "defected", "imprisoned", "killed", "wounded", "new_desertion", "new_defection", "new_refusal",
    "new_shirking", "protest", "civilians_killed", "area",
)  # fmt: skip


def _labels(names: tuple[str, ...], index: np.ndarray) -> pl.Series:
    """Names by number, empty where the number is -1, stored once each."""
    known = np.array([*names, ""], dtype=object)
    return pl.Series(known[index].tolist(), dtype=pl.Enum(list(dict.fromkeys(known.tolist()))))


def daily_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """One row per member, day and force; counts in soldiers, shares 0-1, area in km2."""
    rows = played.daily
    forces = tuple(f.split(".", 1)[1] for f in plan.names.forces)
    columns: dict[str, pl.Series | np.ndarray] = {
        "member": np.full(len(rows), played.member, "i4"),
        "day": rows["day"],
        "side": _labels(plan.names.sides, rows["side"]),
        "force": _labels(forces, rows["force"]),
    }
    for name in DAILY.names or ():
        if name not in ("day", "side", "force"):
            kind = "i4" if name in _WHOLE else "f4"
            columns[name] = (np.round(rows[name], 1) if name in _COUNTS else rows[name]).astype(kind)
    return pl.DataFrame(columns)


def event_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """One row per event (of individuals: per brigade and day), `weight` events of `size` soldiers each.

    For an escalation, `size` is the rung reached. `rank` is officers where a commander acted.
    """
    rows = played.events
    forces = tuple(f.split(".", 1)[1] for f in plan.names.forces)
    brigade = np.array([f"brigade {b['key'] + 1}" for b in plan.brigade] + [""], dtype=object)
    company = np.array([f"company {c['key'] + 1}" for c in plan.company] + [""], dtype=object)
    return pl.DataFrame(
        {
            "member": np.full(len(rows), played.member, "i4"),
            "day": rows["day"],
            "type": _labels(EVENT_TYPES, rows["type"]),
            "side": _labels(plan.names.sides, rows["side"]),
            "force": _labels(forces, rows["force"]),
            "formation": pl.Series(brigade[rows["brigade"]].tolist(), dtype=pl.String),
            "company": pl.Series(company[rows["company"]].tolist(), dtype=pl.String),
            "size": rows["size"].astype("f4"),
            "weight": rows["weight"].astype("f4"),
            "violent": rows["violent"] == 1,
            "rank": _labels(("troops", "officers"), rows["officers"]),
            "grievance": rows["grievance"].astype("f4"),
            "outcome": pl.Series(
                [played.end if t == len(EVENT_TYPES) - 1 else "" for t in rows["type"]], dtype=pl.String
            ),
        }
    )


def individual_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """Soldiers who ever took a form, by side, recorded category and tie: the individual-level cross-table."""
    sides = [f.split(".", 1)[0] for f in plan.names.forces]
    rows = []
    for s in plan.names.sides:
        mine = [k for k, name in enumerate(sides) if name == s]
        table = played.cross[mine].sum(axis=0)
        for c, category in enumerate(CATEGORIES):
            for t in range(4):
                served = float(table[c, t, 0])
                if served <= 0:
                    continue
                for k, form in enumerate(FORMS):
                    rows.append(
                        (played.member, s, category, t, form, round(float(table[c, t, k + 1]), 3), round(served, 3))
                    )
    schema = {
        "member": pl.Int32, "side": pl.String, "category": pl.String, "tie_bin": pl.Int8, "form": pl.String,
        "count": pl.Float64, "of": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
