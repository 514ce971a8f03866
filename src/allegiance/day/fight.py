"""Combat: power on each side, losses killed and wounded, ground gained or lost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.day import turn
from allegiance.day.luck import ROOM, WORD, company_words, what
from allegiance.world.chance import BATTLE, COMBAT
from allegiance.world.columns import Array
from allegiance.world.soldiers import KILLED, MUTINY, WOUNDED, Soldiers
from allegiance.world.world import World

PARITY = math.log(1.25)
"""Bound of the parity band on the absolute log ratio of effective capability."""
LINE = 0.05
"""Movement of the front that leaves all works behind, as a share of all that is contested (judgement)."""
MOST_KIT = 1.5
"""Most that equipment and aid together add to power (judgement)."""


def step(world: World) -> None:
    """Fight a day: powers, ground, casualties; without anybody to fight there is nothing to do but count power."""
    company = world.company
    company.killed_today[:], company.wounded_today[:] = 0.0, 0.0
    _powers(world)
    if world.contest.has_enemy.any():
        turn.reinforce(world)
        _ground(world)
    elif not (world.theory.turncoats.on and world.side.turned_power.any()):
        return
    _casualties(world)


def _powers(world: World) -> None:
    company, force, side = world.company, world.force, world.side
    capability = world.theory.capability
    p, c, f = capability.p, company.contest, company.force
    equipment = np.minimum(MOST_KIT, force.equipment * side.materiel[force.side]) * force.upkeep
    soldiers = capability.effort(company.obeying, company.shirking, p.shirker[c])
    material = capability.kit(company.supply, equipment[f], p.supply[c])
    morale = capability.morale_step(company.grievance)
    there = company.contact * (company.present > 0)
    power = there * capability.company_power(
        soldiers, force.quality[f], material, world.brigade.skill[company.brigade], morale, p.morale[c]
    )
    overtures = world.theory.overtures
    left = overtures.left_to_fight(side.answered, overtures.p.pickets[side.contest])
    side.power[:] = world.per_side(world.per_force(power)) * left
    side.present_in_contact[:] = world.per_side(world.per_force(there * company.present))


def _ground(world: World) -> None:
    """Move each front by the balance of power, terrain, works, overreach and fortune."""
    contest, side, combat = world.contest, world.side, world.theory.combat
    p = combat.p
    attacker = np.flatnonzero((side.sign > 0) & (side.other >= 0))
    k, defender = side.contest[attacker], side.other[attacker]
    a, d = side.power[attacker], side.power[defender]
    both = (side.present_in_contact[attacker] > 0) & (side.present_in_contact[defender] > 0)
    ratio = np.clip(world.theory.capability.log_ratio(a, d), -4.0, 4.0)
    contest.log_ratio[k] = ratio
    start, area = contest.area_start[k], contest.area[k]
    contested = np.maximum(contest.area_target[k] - start, 1.0)
    luck = world.chance.normal(BATTLE, contest, rows=k, number=3)
    contest.fortune[k] = combat.fortune(contest.fortune[k], luck, p.fortune[k], p.tempo[k])
    there = a * combat.reach((area - start) / contested, p.overreach[k]) * np.exp(contest.fortune[k])
    works = combat.entrenchment(contest.digging_days[k], p.dug_in[k], p.digging[k])
    mobility, decisive, terrain = contest.mobility[k], p.decisiveness[k], contest.terrain[k]
    gain = combat.ground_gain(there, d * (1.0 + terrain + works), mobility, decisive)
    # the line from which the war began was manned and prepared before it
    prepared = 1.0 + terrain + np.where(area <= start, p.dug_in[k], works)
    back = np.maximum(0.0, combat.ground_gain(d, there * prepared, mobility, decisive))
    gain = np.where((a > 0) | (d > 0), np.where(gain > 0.0, gain, -back), 0.0)
    contest.area[k] = np.maximum(0.0, area + gain)
    memory = world.theory.contagion.p.memory[k]
    contest.recent_gain[k] = contest.recent_gain[k] * (1.0 - 1.0 / memory) + gain / contested
    contest.digging_days[k] = combat.works_left(contest.digging_days[k], np.abs(gain) / contested, LINE)
    contest.close_fighting[k] = 2.0 * np.minimum(a, d) / np.maximum(a + d, 1.0e-9)
    both &= contest.live[k] > 0
    contest.contested_days[k] += both
    contest.parity_days[k] += both & world.theory.capability.in_parity(ratio, PARITY)


def _casualties(world: World) -> None:
    company, force, side, combat = world.company, world.force, world.side, world.theory.combat
    enemy, k = side.other, side.contest
    facing = (enemy >= 0) & (side.present_in_contact[enemy] > 0)
    rate = facing * combat.loss_rate(
        world.contest.intensity[k] * combat.p.intensity[k], side.power[enemy], side.power, combat.p.exchange[k]
    )
    turn.bury(world, rate * (world.contest.live[k] > 0))
    rate = rate + turn.clash(world)
    live = world.contest.live[company.contest]
    killed = rate[company.side] * company.contact * live
    wounded = world.theory.wounded.wounded(killed, force.wounded_to_killed[company.force])
    dead = np.zeros(len(world.region))
    home = company.contest * len(world.plan.region)
    _strike(
        world.soldiers, company.start, company.stop, company.places, company.ordinal, company.roll,
        world.chance.members[company.contest],
        killed * WORD, np.minimum(killed + wounded, 1.0) * WORD, home, force.weight[company.force],
        company.killed_today, company.wounded_today, dead, what(world.day, COMBAT), np.uint64(world.chance.seed),
    )  # fmt: skip
    world.region.deaths += dead
    force.killed += world.per_force(company.killed_today)
    force.wounded += world.per_force(company.wounded_today)


@kernel
def _strike(
    soldiers: Soldiers, start: Array, stop: Array, places: Array, ordinal: Array, roll: Array, member: Array,
    killed: Array, limit: Array, home: Array, weight: Array, dead: Array, hurt: Array, deaths: Array, when: int,
    seed: Any,
) -> None:  # fmt: skip
    """Kill and wound the soldiers in contact, each by its own chance; `killed`, `limit`: chances in 32-bit words."""
    luck = np.empty(ROOM, np.uint32)
    for c in range(start.shape[0]):
        if limit[c] <= 0.0:
            continue
        first, men = start[c], stop[c] - start[c]
        company_words(luck, places[c], ordinal[c], roll[c], when, member[c], seed)
        bound = np.uint32(min(limit[c], WORD - 1.0))
        for j in range(men):
            if luck[j] > bound:
                continue
            i = first + j
            if soldiers.status[i] > MUTINY or luck[j] >= limit[c]:
                continue
            if luck[j] < killed[c]:
                soldiers.status[i] = KILLED
                dead[c] += 1.0
                deaths[home[c] + soldiers.region[i]] += weight[c]
            else:
                soldiers.status[i] = WOUNDED
                hurt[c] += 1.0
