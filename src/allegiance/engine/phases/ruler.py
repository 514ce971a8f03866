"""The ruler: replaces losses from the pool that costs him least, and raises new formations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.base.random import uniform
from allegiance.engine import decisions
from allegiance.engine.muster import enlist
from allegiance.engine.state import AWOL, EMPTY, Array, Soldiers, T, World
from allegiance.theory.recruitment import daily_intake, pool_cost, tolerated_cost

_GONE = [T[name] for name in ("killed", "invalid", "deserted", "defected", "imprisoned")]
_LOST = [T[name] for name in ("killed", "wounded", "deserted", "defected", "imprisoned")]
_REPLACED, _RAISED = T["replaced"], T["raised"]


@kernel
def _fill_slots(
    soldiers: Soldiers, company: Array, number: int, pool: int, men: int, category: int, day: int, seed: int,
    member: int, force: Array, theta: Array, home: Array, groups: Array, shares: Array, tie_mean: Array,
    reference: Any, tally: Array, counts: Array, cross: Array,
) -> int:  # fmt: skip
    """Put `men` recruits into vacant slots (pool -1) or into the empty companies of a pool; returns how many fitted."""
    filled = 0
    f = force[number]
    first = int(f.cursor) % company.shape[0] if pool < 0 else 0
    for step_number in range(company.shape[0]):
        c = (first + step_number) % company.shape[0]
        row = company[c]
        if row.force != number or (pool >= 0 and row.pool != pool):
            continue
        # vacancies were counted this morning; new companies fill from the first slot to the last
        if (pool < 0 and row.vacant <= 0.0) or (pool >= 0 and soldiers.status[row.stop - 1] != EMPTY):
            continue
        for i in range(row.start, row.stop):
            status = soldiers.status[i]
            if status <= AWOL or (status == EMPTY) != (pool >= 0):
                continue
            if filled >= men:
                f.cursor = c
                return filled
            uid = soldiers.uid[i]
            if pool < 0:
                uid = f.next_uid
                f.next_uid += 1
            enlist(
                soldiers, i, uid, number, row.zone, category, day, seed, member, force, theta, home, groups, shares,
                tie_mean, reference, tally, counts, cross, 0,
            )  # fmt: skip
            filled += 1
            row.vacant -= 1.0 if pool < 0 else 0.0
    return filled


def _recruit(world: World, side: int, pool: int, men: float, into_new: bool) -> float:
    """Bring in `men` real soldiers of a pool; returns how many came, in real soldiers."""
    row = world.pools[pool]
    number = int(row["force"])
    weight = float(world.force["weight"][number])
    u = uniform(world.seed, world.member, 31 * pool + side + (7 if into_new else 0), world.day, decisions.REPLACE, 0)
    simulated = math.floor(men / weight + u)
    if simulated < 1:
        return 0.0
    filled = _fill_slots(
        world.soldiers, world.company, number, pool if into_new else -1, simulated, int(row["category"]), world.day,
        world.seed, world.member, world.force, world.theta, world.home, world.groups, world.mix, world.tie_mean,
        (world.reference, world.mix), world.tally, world.category, world.cross,
    )  # fmt: skip
    if into_new and filled < simulated:
        world.raising.discard(pool)
    came = weight * filled
    world.tally[number, _RAISED if into_new else _REPLACED] += came
    row["used"] += came
    row["taken_today"] += came
    return float(came)


def _open_pools(world: World, side: int) -> list[int]:
    pool = world.pools
    usable = (
        (pool["side"] == side) & (pool["opens"] <= world.day) & (pool["used"] < pool["size"]) & (pool["daily_max"] > 0)
    )
    if not usable.any():
        return []
    weight = world.p["recruitment_money"]
    used = pool["used"] / np.maximum(pool["size"], 1.0)

    def cost(k: int) -> tuple[float, int]:
        return float(pool_cost(float(pool["political"][k]), float(pool["money"][k]), float(used[k]), weight)), k

    return sorted((int(k) for k in np.flatnonzero(usable)), key=cost)


def _room(world: World, pool: int) -> float:
    size, used, most, taken = (float(world.pools[pool][n]) for n in ("size", "used", "daily_max", "taken_today"))
    return float(daily_intake(size, size - used, most - taken))


def step(world: World) -> None:
    """Recruit: new formations as decided, then replacements from the cheapest pool the shortfall makes tolerable."""
    if world.p["recruitment_on"] == 0.0 or len(world.pool) == 0:
        return
    world.pool["taken_today"] = 0.0
    for s in range(len(world.side)):
        side = world.sides[s]
        mine = world.force["side"] == s
        lost = float(world.tally[mine][:, _LOST].sum())
        vacant = float(world.tally[mine][:, _GONE].sum() - world.tally[mine, _REPLACED].sum())
        shortfall = lost / max(float(side["entry"]), 1.0)
        want = max(0.0, vacant * float(side["replaces"]))
        limit = tolerated_cost(shortfall, world.p["recruitment_shortfall"], world.p["recruitment_urgency"])
        for k in _open_pools(world, s):
            if k in world.raising:
                _recruit(world, s, k, _room(world, k), True)
            if want >= 1.0 and float(world.pools[k]["political"]) <= limit:
                want -= _recruit(world, s, k, min(want, _room(world, k)), False)
        side["vacancies"] = want
