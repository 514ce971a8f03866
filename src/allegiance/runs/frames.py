"""Tables of a run, as a user reads them."""

from __future__ import annotations

import numpy as np
import polars as pl

from allegiance.runs.member import Played
from allegiance.theory.forms import NAMES as FORMS
from allegiance.world.blueprint import Blueprint
from allegiance.world.events import EVENT_CODE, EVENT_TYPES
from allegiance.world.quantities import QUANTITIES
from allegiance.world.soldiers import CATEGORIES, TIE_BINS


def _labels(names: tuple[str, ...], index: np.ndarray) -> pl.Series:
    """Names by number, empty where the number is -1, stored once each."""
    known = np.array([*names, ""], dtype=object)
    return pl.Series(known[index].tolist(), dtype=pl.Enum(list(dict.fromkeys(known.tolist()))))


def daily_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """One row per member, day and force; counts in soldiers, shares 0-1, area in km2."""
    rows = played.daily
    forces = tuple(f.split(".", 1)[1] for f in plan.names.forces)
    columns: dict[str, pl.Series | np.ndarray] = {
        "member": np.full(len(rows["day"]), played.member, "i4"),
        "day": rows["day"].astype("i4"),
        "side": _labels(plan.names.sides, rows["side"]),
        "force": _labels(forces, rows["force"]),
    }
    for quantity in QUANTITIES:
        values = np.round(rows[quantity.name], 1) if quantity.is_count else rows[quantity.name]
        columns[quantity.name] = values.astype("i4" if quantity.whole else "f4")
    return pl.DataFrame(columns)


def event_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """One row per event (of individuals: per brigade and day), `weight` events of `size` soldiers each.

    An event of units that are not played, but stood for, names their force alone. `level` is the level an escalation
    reached; `rank` is officers where a commander acted.
    """
    rows = played.events
    forces = tuple(f.split(".", 1)[1] for f in plan.names.forces)
    pools = (*plan.names.pools, "")
    brigade = _unit_names("brigade", plan.brigade.number, plan.brigade.pool, pools)
    for row, kind in enumerate(plan.brigade.kind):
        if plan.names.kinds[kind] and plan.brigade.pool[row] < 0:
            brigade[row] += f" ({plan.names.kinds[kind]})"
    company = _unit_names("company", plan.company.number, plan.company.pool, pools)
    return pl.DataFrame(
        {
            "member": np.full(len(rows), played.member, "i4"),
            "day": rows["day"],
            "type": _labels(EVENT_TYPES, rows["type"]),
            "side": _labels(plan.names.sides, rows["side"]),
            "force": _labels(forces, rows["force"]),
            "formation": pl.Series(brigade[rows["brigade"]].tolist(), dtype=pl.String),
            "company": pl.Series(company[rows["company"]].tolist(), dtype=pl.String),
            "episode": rows["episode"].astype("i4"),
            "size": rows["size"].astype("f4"),
            "weight": rows["weight"].astype("f4"),
            "level": rows["level"].astype("i4"),
            "violent": rows["violent"] == 1,
            "led": rows["led"] == 1,
            "rank": _labels(("troops", "officers"), rows["officers"]),
            "grievance": rows["grievance"].astype("f4"),
            "outcome": pl.Series(
                [played.end if t == EVENT_CODE["end"] else "" for t in rows["type"]], dtype=pl.String
            ),
        }
    )


def _unit_names(kind: str, numbers: np.ndarray, pools: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Names of units by row, empty for row -1: "company 12", or "company 3 of mobilised" for one a pool raises."""
    of = [f" of {names[p].split('.', 1)[1]}" if p >= 0 else "" for p in pools.tolist()]
    return np.array([f"{kind} {n}{pool}" for n, pool in zip(numbers.tolist(), of, strict=True)] + [""], dtype=object)


def individual_frame(played: Played, plan: Blueprint) -> pl.DataFrame:
    """Soldiers who ever took a form, by side, recorded category and tie: the individual-level cross-table."""
    sides = [f.split(".", 1)[0] for f in plan.names.forces]
    rows = []
    for s in plan.names.sides:
        mine = [k for k, name in enumerate(sides) if name == s]
        table = played.cross[mine].sum(axis=0)
        for c, category in enumerate(CATEGORIES):
            for t in range(TIE_BINS):
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
