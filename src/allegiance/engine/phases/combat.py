"""Combat: power on each side, losses killed and wounded, ground gained or lost."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.base.random import normal, philox
from allegiance.engine import decisions
from allegiance.engine.state import EMPTY, KILLED, MUTINY, WOUNDED, Array, Soldiers, T, World
from allegiance.theory.capability import company_power, log_ratio, morale_step
from allegiance.theory.combat import entrenchment, fortune, ground_gain, loss_rate, reach, works_left
from allegiance.theory.coup_proofing import competence as led

PARITY = math.log(1.25)
"""Bound of the parity band on the absolute log ratio of effective capability."""
LINE = 0.05
"""Movement of the front that leaves all works behind, as a share of all that is contested (judgement)."""
_KILLED, _WOUNDED = T["killed"], T["wounded"]
_KILLED_TODAY, _WOUNDED_TODAY = T["killed_today"], T["wounded_today"]
_BITS = 1.0 / 4294967296.0


@kernel
def _powers(company: Array, brigade: Array, force: Array, side: Array, theta: Array) -> None:
    p = theta[0]
    for s in range(side.shape[0]):
        side[s].power, side[s].contact = 0.0, 0.0
    for c in range(company.shape[0]):
        row = company[c]
        row.power = 0.0
        if row.contact <= 0.0 or row.present <= 0.0:
            continue
        f = force[row.force]
        s = side[f.side]
        skill = led(
            brigade[row.brigade].competence, s.stacking, s.purges, p.coup_proofing_competence * p.coup_proofing_on
        )
        kit = min(1.5, f.equipment * s.materiel)
        row.power = f.weight * company_power(
            row.obeying, row.shirking, f.quality, row.supply, kit, skill, morale_step(row.grievance),
            p.capability_shirker, p.capability_supply, p.capability_morale,
        )  # fmt: skip
        s.power += row.power
        s.contact += f.weight * row.present


@kernel
def _ground(side: Array, front: Array, war: Array, theta: Array, luck: float) -> None:
    p = theta[0]
    attacker = 0 if side[0].sign > 0 else 1
    a, d = side[attacker].power, side[1 - attacker].power
    ratio = log_ratio(a, d)
    front[0] = min(4.0, max(-4.0, ratio))
    contested = max(war[2] - war[1], 1.0)
    front[8] = fortune(front[8], luck, p.combat_fortune, p.combat_tempo)
    there = a * reach((front[1] - war[1]) / contested, p.combat_overreach) * math.exp(front[8])
    holds = 1.0 + war[4] + entrenchment(front[7], p.combat_dug_in, p.combat_digging)
    gain = ground_gain(there, d * holds, war[3], p.combat_decisiveness)
    if gain <= 0.0:
        # the line from which the war began was manned and prepared before it
        if front[1] <= war[1]:
            holds = 1.0 + war[4] + p.combat_dug_in
        back = ground_gain(d, there * holds, war[3], p.combat_decisiveness)
        gain = -max(0.0, back)
    front[1] = max(0.0, front[1] + gain)
    front[6] = front[6] * (1.0 - 1.0 / p.contagion_memory) + gain / contested
    front[7] = works_left(front[7], abs(gain) / contested, LINE)
    front[3] = 2.0 * min(a, d) / max(a + d, 1.0e-9)


@kernel
def _casualties(
    soldiers: Soldiers, company: Array, force: Array, side: Array, region: Array, theta: Array, war: Array,
    tally: Array, counts: Array, seed: int, member: int, day: int,
) -> None:  # fmt: skip
    p = theta[0]
    low, high = np.uint64(seed) & np.uint64(0xFFFFFFFF), np.uint64(seed) >> np.uint64(32)
    what = np.uint64(day) | np.uint64(decisions.COMBAT << 16)
    for c in range(company.shape[0]):
        row = company[c]
        row.killed_today, row.hurt = 0.0, 0.0
        f = force[row.force]
        s = side[f.side]
        if row.contact <= 0.0 or s.other < 0 or (row.pool >= 0 and soldiers.status[row.start] == EMPTY):
            continue
        killed = loss_rate(war[0] * p.combat_intensity, side[s.other].power, s.power, p.combat_exchange)
        limit = killed * (1.0 + f.ratio)
        quad = np.int64(-1)
        w = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
        for i in range(row.start, row.stop):
            if soldiers.status[i] > MUTINY:
                continue
            uid = np.int64(soldiers.uid[i])
            if uid >> 2 != quad:
                quad = uid >> 2
                w = philox(np.uint64(quad), what, np.uint64(f.key), np.uint64(member), low, high)
            lane = uid & 3
            u = (w[0] if lane == 0 else w[1] if lane == 1 else w[2] if lane == 2 else w[3]) * _BITS
            if u >= limit:
                continue
            if u < killed:
                soldiers.status[i] = KILLED
                row.killed_today += 1.0
                tally[row.force, _KILLED] += f.weight
                tally[row.force, _KILLED_TODAY] += f.weight
                counts[row.force, soldiers.category[i] & 7] -= f.weight
                region[soldiers.region[i]].deaths += f.weight
            else:
                soldiers.status[i] = WOUNDED
                row.hurt += 1.0
                tally[row.force, _WOUNDED] += f.weight
                tally[row.force, _WOUNDED_TODAY] += f.weight


def step(world: World) -> None:
    """Fight a day: powers, ground, casualties; without an enemy army there is nothing to do but count power."""
    _powers(world.company, world.brigade, world.force, world.side, world.theta)
    if len(world.side) < 2:
        return
    war = world.war
    luck = normal(world.seed, world.member, 3, world.day, decisions.BATTLE, 0)
    _ground(world.side, world.front, war, world.theta, luck)
    _casualties(
        world.soldiers, world.company, world.force, world.side, world.region, world.theta, war, world.tally,
        world.category, world.seed, world.member, world.day,
    )  # fmt: skip
    world.front[2] += abs(world.front[0]) < PARITY
    world.front[5] += 1.0
