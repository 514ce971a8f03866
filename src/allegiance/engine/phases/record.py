"""Record: one row per force and day; hidden and individual forms as events per brigade and day."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.engine.events import emit
from allegiance.engine.state import CATEGORIES, Array, E, Soldiers, T, World

DAILY: np.dtype[Any] = np.dtype(
    [("day", "i4"), ("side", "i4"), ("force", "i4")]
    + [(name, "f8") for name in ("strength", "effective", "contact", "shirking", "refusing", "in_mutiny", "grievance")]
    + [(f"share_{c}", "f8") for c in CATEGORIES]
    + [("ordered", "f8"), ("halted", "f8")]
    + [
        (name, "f8")
        for name in (
            "deserted", "defected", "imprisoned", "killed", "wounded", "new_desertion", "new_defection",
            "new_refusal", "new_shirking", "capability_log_ratio", "area", "protest", "repression", "escalation",
            "civilians_killed", "win_belief",
        )
    ]
)  # fmt: skip
_KINDS = (E["desertion"], E["defection"], E["refusal"], E["shirking"])
_TODAY = [
    T[n]
    for n in ("killed_today", "wounded_today", "deserted_today", "defected_today", "refused_today", "shirked_today")
]


@kernel
def _individual_events(brigade: Array, force: Array, events: Array, count: Array, day: int, kinds: Array) -> None:
    for b in range(brigade.shape[0]):
        unit = brigade[b]
        f = force[unit.force]
        taken = (unit.deserted, unit.defected, unit.refused, unit.shirked)
        for k in range(4):
            if taken[k] > 0.0:
                emit(
                    events,
                    count,
                    day,
                    kinds[k],
                    f.side,
                    unit.force,
                    b,
                    -1,
                    taken[k] * f.weight,
                    1.0,
                    0,
                    0,
                    unit.grievance,
                )


def step(world: World) -> None:
    """Write the day's events of individuals."""
    _individual_events(world.brigade, world.force, world.events, world.event_count, world.day, np.array(_KINDS))


def daily_rows(world: World) -> Array:
    """The day's rows, one per force (dtype DAILY), and a clean slate for tomorrow's counts."""
    rows = np.zeros(len(world.force), DAILY)
    force, side, tally = world.force, world.side, world.tally
    company = world.company
    own = force["side"]
    rows["day"], rows["side"], rows["force"] = world.day, own, np.arange(len(force))
    rows["strength"], rows["contact"], rows["grievance"] = force["present"], force["contact"], force["grievance"]
    rows["effective"] = force["obeying"]
    for name in ("shirking", "refusing"):
        rows[name] = np.bincount(company["force"], company[name], len(force)) * force["weight"]
    rows["in_mutiny"] = force["mutineers"]
    rows["ordered"], rows["halted"] = _orders(world)
    total = np.maximum(world.category.sum(axis=1), 1e-9)
    for k, name in enumerate(CATEGORIES):
        rows[f"share_{name}"] = world.category[:, k] / total
    rows["deserted"] = tally[:, T["deserted"]] + tally[:, T["absent"]]
    for name in ("defected", "imprisoned", "killed", "wounded"):
        rows[name] = tally[:, T[name]]
    for name, column in (
        ("new_desertion", "deserted_today"), ("new_defection", "defected_today"),
        ("new_refusal", "refused_today"), ("new_shirking", "shirked_today"),
    ):  # fmt: skip
        rows[name] = tally[:, T[column]]
    rows["capability_log_ratio"], rows["area"] = world.front[0], world.front[1]
    for name, column in (
        ("protest", "protest"), ("repression", "broken"), ("escalation", "rung"), ("civilians_killed", "civ_killed"),
        ("win_belief", "p_win"),
    ):  # fmt: skip
        rows[name] = side[column][own]
    tally[:, _TODAY] = 0.0
    return rows


def _orders(world: World) -> tuple[Array, Array]:
    """Brigades with orders to act today, and those of them whose commanders have halted, per force at full scale."""
    unit, n = world.brigade, len(world.force)
    halted = (unit["companies"] > 0) & (unit["halted"] > 0)
    ordered = halted | ((unit["companies"] > 0) & (unit["on"] > 0))
    weight = world.force["brigade_weight"]
    return weight * np.bincount(unit["force"], ordered, n), weight * np.bincount(unit["force"], halted, n)


def counts_by_status(soldiers: Soldiers) -> Array:
    """How many slots are in each status (shape (12,))."""
    return np.bincount(soldiers.status, minlength=12)
