"""Who the soldiers are: the first day of a member, and replacements later."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.compiler import kernel, scalar
from allegiance.base.random import normal, philox
from allegiance.engine import decisions
from allegiance.engine.state import (
    BYTES_PER_SOLDIER,
    CATEGORIES,
    EMPTY,
    EVENT,
    FORCE_INPUTS,
    FORMS,
    OBEYING,
    SIDE,
    SIDE_INPUTS,
    TALLY,
    Array,
    Soldiers,
    T,
    World,
    new_soldiers,
)
from allegiance.theory.choice import loyalty_pressure
from allegiance.theory.conscription import compulsion_pressure
from allegiance.theory.inclusion import exclusion_pressure
from allegiance.theory.learning import win_probability
from allegiance.world.blueprint import GOLDEN, Blueprint, Epoch

T_JOINED = T["joined"]
_UNIT = 1.0 / 4294967296.0
# The R4 sequence (Roberts 2018, after Kronecker): evenly spread shares in four dimensions, so that the composition
# of an army is exact while each soldier's draw depends on his own number alone.
_PLASTIC = 1.1673039782614187
A1, A2, A3, A4 = 1 / _PLASTIC, 1 / _PLASTIC**2, 1 / _PLASTIC**3, 1 / _PLASTIC**4
PERMUTE = {"": 0, "category": 1, "tie": 2}


@scalar
def _pick(cumulated: Array, row: int, u: float) -> int:
    for k in range(cumulated.shape[1]):
        if u < cumulated[row, k]:
            return k
    return int(cumulated.shape[1] - 1)


@scalar
def tie_bin(tie: float) -> int:
    """Tie as reported: 0 none, 1 weak (below .3), 2 middle (below .6), 3 close."""
    if tie < 0.05:
        return 0
    if tie < 0.3:
        return 1
    return 2 if tie < 0.6 else 3


@scalar
def enlist(
    soldiers: Soldiers, i: int, uid: int, force: int, zone: int, category: int, day: int, seed: int, member: int,
    forces: Array, theta: Array, home: Array, groups: Array, shares: Array, tie_mean: Array, reference: Any,
    tally: Array, counts: Array, cross: Array, permute: int,
) -> None:  # fmt: skip
    """Fill slot `i` with a soldier; `category` -1 draws it from the force's composition."""
    p = theta[0]
    key, s = forces[force].key, np.uint64(seed)
    low, high = s & np.uint64(0xFFFFFFFF), s >> np.uint64(32)
    what = np.uint64(decisions.MUSTER << 16)
    shift, _, _, _ = philox(np.uint64(0xFFFFFFFF), what, np.uint64(key), np.uint64(member), low, high)
    w0, w1, w2, w3 = philox(np.uint64(uid), what, np.uint64(key), np.uint64(member), low, high)
    r = shift * _UNIT
    drawn = _pick(reference[1], force, (uid * A1 + r) % 1.0) if category < 0 else category
    group = _pick(groups, force, (uid * A2 + r) % 1.0)
    compelled, horizon = reference[0][force, drawn, 0], reference[0][force, drawn, 1]
    served = (uid * A4 + r) % 1.0
    if category < 0:
        horizon *= 1.0 - served if drawn == 1 else 1.0 - 0.5 * served
    u, v = (w0 + 0.5) * _UNIT, (w1 + 0.5) * _UNIT
    daring = math.sqrt(-2.0 * math.log((w2 + 0.5) * _UNIT)) * math.cos(2.0 * math.pi * (w3 + 0.5) * _UNIT)
    loyalty = min(1.0, max(0.0, forces[force].loyalty + 0.2 * (2.0 * u - 1.0)))
    tie = min(1.0, tie_mean[group, zone] * (0.4 + 1.2 * v))
    recorded, seen_tie = drawn, tie
    if permute == 1 and category < 0:
        recorded = _pick(reference[1], force, (uid * A3 + 0.5 * r + 0.31) % 1.0)
    if permute == 2:
        other = _pick(groups, force, (uid * A3 + 0.5 * r + 0.31) % 1.0)
        seen_tie = min(1.0, tie_mean[other, zone] * (0.4 + 1.2 * ((uid * GOLDEN + r) % 1.0)))
    soldiers.uid[i] = uid
    soldiers.grievance[i] = 0.0
    soldiers.disposition[i] = (
        p.conscription_on * compulsion_pressure(compelled, p.conscription_compulsion)
        + loyalty_pressure(loyalty, p.choice_loyalty)
        + p.choice_risk * daring
    )
    soldiers.home_day[i] = min(32000, int(day + horizon))
    soldiers.tie[i] = int(255.0 * tie + 0.5)
    soldiers.group[i] = group
    soldiers.region[i] = _pick(home, force, (uid * A3 + r) % 1.0)
    soldiers.category[i] = recorded | (tie_bin(seen_tie) << 3)
    soldiers.status[i] = OBEYING
    soldiers.ever[i] = 0
    weight = forces[force].weight
    tally[force, T_JOINED] += weight
    counts[force, recorded] += weight
    cross[force, recorded, tie_bin(seen_tie), 0] += weight


@kernel
def _fill(
    soldiers: Soldiers, company: Array, first_uid: Array, seed: int, member: int, forces: Array, theta: Array,
    home: Array, groups: Array, shares: Array, tie_mean: Array, reference: Any, tally: Array, counts: Array,
    cross: Array, permute: int,
) -> None:  # fmt: skip
    for c in range(company.shape[0]):
        row = company[c]
        for i in range(row.start, row.stop):
            uid = first_uid[c] + (i - row.start)
            if row.pool >= 0:
                soldiers.uid[i] = uid
                continue
            enlist(
                soldiers, i, uid, row.force, row.zone, -1, 0, seed, member, forces, theta, home, groups, shares,
                tie_mean, reference, tally, counts, cross, permute,
            )  # fmt: skip


@kernel
def _retie(soldiers: Soldiers, company: Array, force: Array, tie_mean: Array, seed: int, member: int) -> None:
    """Ties of soldiers to the civilians of the zone their company is in now; each keeps his own closeness."""
    low, high = np.uint64(seed) & np.uint64(0xFFFFFFFF), np.uint64(seed) >> np.uint64(32)
    what = np.uint64(decisions.MUSTER << 16)
    for c in range(company.shape[0]):
        row = company[c]
        for i in range(row.start, row.stop):
            key = np.uint64(force[row.force].key)
            _, w1, _, _ = philox(np.uint64(soldiers.uid[i]), what, key, np.uint64(member), low, high)
            tie = tie_mean[soldiers.group[i], row.zone] * (0.4 + 1.2 * (w1 + 0.5) * _UNIT)
            soldiers.tie[i] = int(255.0 * min(1.0, tie) + 0.5)


def _move(world: World) -> None:
    """Put brigades into zones by today's weights, in the order in which they were put there at the start."""
    weight = np.cumsum(world.zone["weight"])
    order = ((world.brigade["key"] % 1000 + 0.5) * GOLDEN) % 1.0
    world.brigade["zone"] = np.minimum(np.searchsorted(weight / weight[-1], order), len(weight) - 1)
    world.company["zone"] = world.brigade["zone"][world.company["brigade"]]
    _retie(world.soldiers, world.company, world.force, world.tie_mean, world.seed, world.member)


def set_inputs(world: World, epoch: Epoch, group_share: Array) -> None:
    """Make the inputs of `epoch` today's; commanders, beliefs and zones move by what has changed."""
    began = world.day > 0
    if began:
        number = world.brigade["force"]
        for name, own in (("cmd_loyalty", "loyalty"), ("competence", "competence")):
            change = (epoch.force[name] - world.force[name])[number]
            world.brigade[own] = np.clip(world.brigade[own] + change, 0.0, 1.0)
        world.side["mean"] += epoch.side["exp_adv"] - world.side["exp_adv"]
    moved = began and not np.array_equal(world.zone["weight"], epoch.zone["weight"])
    for name in SIDE_INPUTS.split():
        world.side[name] = epoch.side[name]
    for name in FORCE_INPUTS.split():
        world.force[name] = epoch.force[name]
    for name in ("population", "weight", "against", "urban"):
        world.zone[name] = epoch.zone[name]
    for name in ("size", "daily_max", "political", "money", "opens"):
        world.pool[name] = epoch.pool[name]
    if began:
        given = max(0.0, float(epoch.war[7] - world.war[7]))
        world.front[1] = max(min(float(world.front[1]), float(world.war[1])), float(world.front[1]) - given)
    world.war = epoch.war
    if moved:
        _move(world)
    theta = world.theta
    on, weight = float(theta["inclusion_on"][0]), float(theta["inclusion_weight"][0])
    for f in range(len(world.force)):
        s = int(world.force["side"][f])
        for g in range(group_share.shape[1]):
            world.exclusion[f, g] = on * exclusion_pressure(
                float(world.side["inclusion"][s]), group_share[s, g], weight
            )


def _units(world: World) -> None:
    """Draw what commanders and companies are like, from normals keyed by their own numbers."""
    for b in world.brigade:
        force = world.force[int(b["force"])]
        key = (int(force["key"]) + int(b["key"]) * 7919) & 0xFFFFFFFF
        b["phase"] = (int(b["key"]) * GOLDEN + 0.5) % 1.0
        b["doubt_phase"] = (int(b["key"]) * A2 + 0.5) % 1.0
        one = normal(world.seed, world.member, key, 0, decisions.UNIT, 1)
        two = normal(world.seed, world.member, key, 0, decisions.UNIT, 2)
        b["loyalty"] = min(1.0, max(0.0, float(force["cmd_loyalty"]) + 0.15 * one))
        b["competence"] = min(1.0, max(0.0, float(force["competence"]) + 0.12 * two))
    for c in world.company:
        force = world.force[int(c["force"])]
        key = (int(force["key"]) + int(c["key"]) * 104729 + 13) & 0xFFFFFFFF
        c["quality_supply"] = 1.0 + 0.15 * normal(world.seed, world.member, key, 0, decisions.UNIT, 3)


def _count(world: World) -> None:
    """First counts of companies, so that the first day can be tasked and fought before anyone chooses."""
    company = world.company
    there = np.where(company["pool"] < 0, company["stop"] - company["start"], 0)
    for name in ("present", "able", "obeying"):
        company[name] = there
    for c in company[company["pool"] < 0]:
        world.brigade["tie"][int(c["brigade"])] = world.soldiers.tie[int(c["start"]) : int(c["stop"])].mean() / 255.0
        world.brigade["companies"][int(c["brigade"])] += 1.0


def muster(plan: Blueprint, theta: Array, seed: int, member: int, permute: str = "") -> World:
    """The world of one member on its first morning."""
    epoch = plan.epochs[0]
    counts = (len(plan.names.forces), len(CATEGORIES))
    side = np.zeros(len(plan.names.sides), SIDE)
    for name in ("sign", "other"):
        side[name] = epoch.side[name]
    world = World(
        seed=seed, member=member, day=0, theta=theta, soldiers=new_soldiers(plan.slots), company=plan.company.copy(),
        brigade=plan.brigade.copy(), force=epoch.force.copy(), side=side, zone=epoch.zone.copy(),
        region=plan.region.copy(), pool=epoch.pool.copy(), home=plan.home,
        exclusion=np.zeros((counts[0], len(plan.names.groups))), groups=plan.groups, tie_mean=plan.tie_mean,
        reference=plan.reference, war=epoch.war, tally=np.zeros((counts[0], len(TALLY))), category=np.zeros(counts),
        cross=np.zeros((*counts, 4, len(FORMS) + 1)), events=np.zeros(4096, EVENT), event_count=np.zeros(1, "i8"),
        front=np.zeros(9), waves=plan.waves, mix=plan.category, permute=PERMUTE[permute],
    )  # fmt: skip
    set_inputs(world, epoch, plan.group_share)
    world.raising = set(world.company["pool"][world.company["pool"] >= 0].tolist())
    world.force["next_uid"] = 1 << 31
    _fill(
        world.soldiers, world.company, plan.first_uid, seed, member, world.force, theta, world.home, world.groups,
        plan.group_share, world.tie_mean, (world.reference, world.mix), world.tally, world.category, world.cross,
        world.permute,
    )  # fmt: skip
    _units(world)
    _count(world)
    for s in world.side:
        s["mean"], s["var"] = s["exp_adv"], max(float(s["uncert"]), 0.01) ** 2
        s["p_win"] = win_probability(float(s["mean"]), float(s["var"]), float(theta["learning_spread"][0]))
    for f in range(counts[0]):
        world.side["entry"][int(world.force["side"][f])] += world.tally[f, T_JOINED]
    world.front[1] = world.war[1]
    return world


__all__ = ["BYTES_PER_SOLDIER", "EMPTY", "enlist", "muster", "set_inputs", "tie_bin"]
